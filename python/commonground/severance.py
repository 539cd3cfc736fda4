"""Severance: neighbours who live near in a straight line and far along the streets, and what lies between them.

It says how far a crossing is, not how pleasant or safe; a street full of cars can divide without any detour.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

import geopandas
import pandas

from commonground import _commonground
from commonground._arrow import frame_of, to_batch, to_frame
from commonground._progress import Progress, listener
from commonground.segregation import _located

if TYPE_CHECKING:
    from commonground import StreetNetwork

__all__ = ["Severance", "read_barriers", "severance"]


@dataclass(frozen=True)
class Severance:
    """What streets make of neighbours. Made by :func:`severance`.

    Attributes
    ----------
    homes : GeoDataFrame
        Indexed like the homes. ``people_near``: residents who are near in a straight line; ``share_cut_off``: share of
        them behind a detour; ``median_ratio``: half of them are no farther on foot than so many times the straight line,
        NaN beyond the search; ``barrier``: id of the barrier that puts most of them behind a detour, and ``barrier_share``
        how many. NaN where nobody lives near, or the home is on no street.
    barriers : GeoDataFrame
        The barriers that cut somebody off, those with most residents affected first. ``residents_affected``: residents
        of whom it cuts off at least a tenth of the neighbours; ``pairs_cut_off``: neighbours whom it cuts off from each
        other, each pair from both sides.
    pairs_without_barrier : float
        Pairs that are cut off without a known barrier between them: dead ends, walls, large plots.
    """

    homes: geopandas.GeoDataFrame
    barriers: geopandas.GeoDataFrame
    pairs_without_barrier: float


def severance(
    network: StreetNetwork,
    homes: geopandas.GeoDataFrame,
    *,
    residents: str = "residents",
    barriers: geopandas.GeoDataFrame | geopandas.GeoSeries | None = None,
    beyond_metres: float = 100.0,
    within_metres: float = 800.0,
    cut_off_ratio: float = 2.0,
    searched_ratio: float = 3.0,
    max_snap_metres: float = 500.0,
    smallest_component: int = 40,
    progress: Progress = None,
) -> Severance:
    """Whose neighbours are cut off by a detour, and which barrier lies between.

    Parameters
    ----------
    network : StreetNetwork
        For people on foot: walks are travel times at the walking speed.
    homes : GeoDataFrame
        One point per home with its residents. Homes side by side may be one row, of which there are fewer pairs.
    residents : str
        Column of counts; finite, >= 0.
    barriers : GeoDataFrame or GeoSeries, optional
        Lines or areas that people cross only at bridges; see :func:`read_barriers`.
    beyond_metres, within_metres : float
        Neighbours live this far in a straight line, in metres (within is inclusive). Closer ones are left out, since
        the way from the door to the street is most of the walk.
    cut_off_ratio : float
        A walk longer than this many times the straight line cuts off.
    searched_ratio : float
        Walks longer than this many times ``within_metres`` are not measured, only known to be longer.
    max_snap_metres, smallest_component, progress
        As for :meth:`StreetNetwork.travel_times`.

    Returns
    -------
    Severance

    Raises
    ------
    CommongroundError
        If a count is negative or missing, a geometry is not a point, or a ratio is below 1.

    Notes
    -----
    Anciaes, Jones & Mindell (2016), "Community severance: where is it found and at what cost?"; the ratio is the
    pedestrian route directness of Hess (1997). A pair that several barriers separate counts for each of them.

    Examples
    --------
    >>> network = commonground.StreetNetwork.from_osm("data/monaco/monaco.osm.pbf")
    >>> homes = network.nodes.iloc[::40].assign(residents=10)
    >>> found = severance(network, homes, smallest_component=1)
    >>> list(found.homes.columns)
    ['people_near', 'share_cut_off', 'median_ratio', 'barrier', 'barrier_share', 'geometry']
    """
    if barriers is None:
        barriers = geopandas.GeoSeries([], crs=homes.crs)
    barriers = geopandas.GeoDataFrame(geometry=barriers) if isinstance(barriers, geopandas.GeoSeries) else barriers
    (attached,) = network._attached([homes], max_snap_metres, smallest_component, progress)
    tables = (
        to_batch(numbers={"residents": homes[residents].to_numpy()}, geometry=network._in_own_crs(homes.geometry)),
        to_batch(geometry=network._in_own_crs(barriers.geometry)),
    )
    distances = (float(beyond_metres), float(within_metres), float(cut_off_ratio), float(searched_ratio))
    with _located(homes), listener(progress) as tell:
        of_homes, of_barriers, without = _commonground.isolation.severance(
            network._inner, attached._inner, tables, distances, tell
        )
    found = frame_of(of_homes).set_index(homes.index)
    found["barrier"] = [None if pandas.isna(row) else barriers.index[int(row)] for row in found["barrier"]]
    ranked = frame_of(of_barriers)
    effects = barriers.iloc[ranked.pop("barrier").to_numpy(dtype=int)]
    effects = effects.assign(**{str(name): column.to_numpy() for name, column in ranked.items()})
    return Severance(geopandas.GeoDataFrame(found, geometry=homes.geometry, crs=homes.crs), effects, without)


def read_barriers(path: str | os.PathLike[str], *, progress: Progress = None) -> geopandas.GeoDataFrame:
    """Motorways and trunk roads, railways above the ground, rivers, canals, lakes and coasts of an OpenStreetMap extract.

    Parameters
    ----------
    path : path
        An extract, ``.osm.pbf``.
    progress : bool or callable, optional
        Whether to show a bar; by default on a terminal and in a notebook only. A callable gets the step, its total
        and how much of it is done, about twenty times a second; an error that it raises stops the work.

    Returns
    -------
    GeoDataFrame
        ``name`` (None where there is none) and ``kind`` (``motorway``, ``railway``, ``water``), one row for all pieces of
        one kind and name; unnamed ones where they touch. In longitude and latitude.

    Raises
    ------
    CommongroundError
        If the file cannot be read.

    Examples
    --------
    >>> sorted(read_barriers("data/monaco/monaco.osm.pbf")["kind"].unique())
    ['water']
    """
    with listener(progress) as tell:
        return to_frame(_commonground.isolation.read_barriers(os.fspath(path), tell))
