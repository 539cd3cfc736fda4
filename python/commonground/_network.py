"""The street network: streets of OpenStreetMap, of lines or of tables, for one way of travelling."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from typing import Any

import geopandas
import pandas

from commonground import _commonground
from commonground._arrow import to_frame
from commonground._progress import listener
from commonground._queries import Queries


class StreetNetwork(Queries):
    """Streets as a network for one way of travelling: built once, then only read.

    Made by :meth:`from_osm` and :meth:`load`.
    """

    def __init__(self, inner: _commonground.StreetNetwork) -> None:
        self._inner = inner

    @classmethod
    def from_osm(
        cls,
        path: str | os.PathLike[str],
        profile: str | Mapping[str, Any] = "adult",
        *,
        crs: Any = None,
        elevation: str | os.PathLike[str] | None = None,
        simplify: bool = True,
        smallest_component: int = 0,
        progress: bool | None = None,
    ) -> StreetNetwork:
        """Build the network of an OpenStreetMap extract.

        Parameters
        ----------
        path : path
            An extract, ``.osm.pbf``.
        profile : str or mapping
            Who travels: ``adult``, ``older_adult``, ``pram``, ``wheelchair``, ``bicycle`` or ``car``. A mapping may
            change that profile's tables, with the keys of ``[travel]`` in ``study.toml``:
            ``{"profile": "car", "speeds": {"residential": 30}}``.
        crs : any that geopandas knows, optional
            A metric coordinate reference system; by default the local UTM zone.
        elevation : path, optional
            Heights of the ground in metres, a GeoTIFF. People on foot are then slower uphill and a little faster
            downhill (Tobler), and wheelchairs stop where it is steeper than a ramp; ``report`` counts what is taken
            as flat because its height is not known.
        simplify : bool
            Whether to join edges where nothing branches off. Changes no answer; makes searches faster.
        smallest_component : int
            Separate pieces with fewer nodes are left out.
        progress : bool, optional
            Whether to show a bar; by default on a terminal and in a notebook only.

        Returns
        -------
        StreetNetwork

        Raises
        ------
        CommongroundError
            If the file cannot be read, or no street is open to the profile.
        """
        building = (_travel(profile), simplify, smallest_component)
        heights = None if elevation is None else os.fspath(elevation)
        with listener(progress) as tell:
            return cls(_commonground.StreetNetwork.from_osm(os.fspath(path), building, _crs(crs), heights, tell))

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> StreetNetwork:
        """Open a network that :meth:`save` wrote.

        Raises
        ------
        CommongroundError
            If the file cannot be read, was written by another version, or is cut off or damaged.
        """
        return cls(_commonground.StreetNetwork.load(os.fspath(path)))

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the network to a file, whole or not at all, to open it at once with :meth:`load`."""
        self._inner.save(os.fspath(path))

    @property
    def nodes(self) -> geopandas.GeoDataFrame:
        """Junctions, indexed by their number.

        ``vertex`` is their id in the data (the OpenStreetMap node), ``component`` the piece of network that they belong
        to, 0 being the largest, ``component_nodes`` its size. ``is_cut`` is true where a street ends, or leaves
        the others, because the data does.
        """
        return to_frame(self._inner.nodes())

    @property
    def edges(self) -> geopandas.GeoDataFrame:
        """Street edges between junctions, indexed by their number.

        ``from`` and ``to`` are nodes, ``street`` is the id in the data, ``minutes_forward`` and ``minutes_backward`` are
        NaN where that direction is closed, ``off_ground`` is true on bridges and in tunnels.
        """
        return to_frame(self._inner.edges())

    @property
    def profile(self) -> str:
        """Who travels, and how fast."""
        return self._inner.profile()

    @property
    def report(self) -> pandas.Series:
        """What became of the streets on the way into the network, by name."""
        return pandas.Series(dict(self._inner.report()), dtype="float64")

    @property
    def findings(self) -> list[str]:
        """What was cut, assumed and left out while the streets were read."""
        return self._inner.findings()

    def __repr__(self) -> str:
        nodes, edges = self._inner.node_count(), self._inner.edge_count()
        return f"<StreetNetwork for {self.profile}: {nodes} nodes, {edges} edges>"


def _travel(profile: str | Mapping[str, Any]) -> str:
    return json.dumps({"profile": profile} if isinstance(profile, str) else dict(profile))


def _crs(crs: Any) -> str | None:
    if crs is None:
        return None
    known = geopandas.GeoSeries([], crs=crs).crs
    authority = known.to_authority()
    return ":".join(authority) if authority else known.to_wkt()
