"""Places on a street network: attached once, asked about as often as one likes."""

from __future__ import annotations

import warnings
from typing import Any, Protocol, TypeAlias

import geopandas
import pandas

from commonground import _commonground
from commonground._arrow import frame_of, table_of
from commonground._errors import CommongroundWarning, refused


class ArrowTable(Protocol):
    """A table that Arrow reads: of polars, DuckDB, pyarrow."""

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object: ...


class AttachedPlaces:
    """Places on the streets of one network, made by :meth:`StreetNetwork.attach`; accepted wherever places are.

    Attributes
    ----------
    table : GeoDataFrame or GeoSeries
        The places as they were given; its columns may serve as weights.
    """

    def __init__(
        self,
        network: _commonground.StreetNetwork,
        inner: _commonground.AttachedPlaces,
        table: geopandas.GeoDataFrame | geopandas.GeoSeries,
    ) -> None:
        self._network, self._inner, self.table = network, inner, table

    @property
    def index(self) -> pandas.Index:
        """The ids of the places."""
        return self.table.index

    @property
    def crs(self) -> Any:
        """The coordinate reference system in which the places were given."""
        return self.table.crs

    @property
    def receipts(self) -> pandas.DataFrame:
        """What happened to every place on its way to the network.

        Indexed like the places: ``outcome``, ``distance_m`` to its street, ``nearest_street_m`` to the nearest of any
        piece, ``street`` (id in the data) and ``component_nodes``; missing where the place is on no street.
        """
        frame = frame_of(self._inner.receipts())
        for column in ["street", "component_nodes"]:
            frame[column] = frame[column].astype("Int64")
        return frame.set_index(self.index)

    @property
    def unattached(self) -> pandas.Index:
        """The ids of the places on no street: they have NaN in every answer, and nobody reaches them."""
        return self.index.take(self._inner.unattached())

    def _warn(self, stacklevel: int) -> None:
        """Says which places are on no street."""
        complaint = self._inner.complaint([str(one) for one in self.unattached])
        if complaint is not None:
            warnings.warn(complaint, CommongroundWarning, stacklevel=stacklevel + 1)

    def _require_some(self) -> None:
        """Refuses places of which not one is on a street: most likely the wrong coordinates."""
        self._inner.require_some([str(one) for one in self.index[:1]], "places")

    def __len__(self) -> int:
        return len(self.table)

    def __repr__(self) -> str:
        return f"<AttachedPlaces: {self._inner.attached_count()} of {len(self)} on the network>"


def places_of(places: Places) -> geopandas.GeoDataFrame | geopandas.GeoSeries | AttachedPlaces:
    """Places with an index of their own: those of a table of Arrow as a GeoDataFrame, others as they are."""
    located = table_of(places)
    return located if isinstance(located, AttachedPlaces) else _located(located, "places")


def points_of(places: object, argument: str) -> geopandas.GeoSeries:
    """The geometry of places, or an error that says what places are."""
    try:
        return _located(places, argument).geometry
    except AttributeError:
        raise refused(f"`{argument}` has no geometry", hint="name its column with `.set_geometry(...)`") from None


def _located(places: object, argument: str) -> geopandas.GeoDataFrame | geopandas.GeoSeries:
    if isinstance(places, (geopandas.GeoDataFrame, geopandas.GeoSeries)):
        return places
    message = f"`{argument}` must be a GeoDataFrame, a GeoSeries, a table of Arrow or AttachedPlaces, not {type(places).__name__}"
    hint = "make points of columns: geopandas.GeoDataFrame(table, geometry=geopandas.points_from_xy(x, y), crs=...)"
    raise refused(message, hint=hint)


Places: TypeAlias = geopandas.GeoDataFrame | geopandas.GeoSeries | AttachedPlaces | ArrowTable
