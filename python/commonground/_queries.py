"""Questions to a street network: GeoDataFrames in, tables with the same ids out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import geopandas
import numpy
import pandas
import pyarrow
import shapely

from commonground import _commonground
from commonground._arrow import to_batch
from commonground._progress import listener


class Queries:
    """What can be asked of a street network. All methods are methods of :class:`StreetNetwork`.

    Places are the points of a GeoDataFrame or GeoSeries in any coordinate reference system. Each is attached to the nearest
    position on a street within ``max_snap_metres``; the way there counts. Fragments of network with fewer than
    ``smallest_component`` nodes are passed over for a larger piece nearby. ``direction`` is ``"from"`` for journeys from
    the origins to the places, ``"to"`` for journeys from the places to the origins. What is not reached is absent or
    NaN, never a big number.
    """

    _inner: Any

    def receipts(
        self,
        places: geopandas.GeoDataFrame | geopandas.GeoSeries,
        *,
        max_snap_metres: float = 500.0,
        smallest_component: int = 40,
        progress: bool | None = None,
    ) -> pandas.DataFrame:
        """What became of every place on its way to the network.

        Returns
        -------
        DataFrame
            Indexed like the places: ``outcome``, ``distance_m`` to its street, ``nearest_street_m`` to the nearest of any
            piece, ``street`` (id in the data) and ``component_nodes``; missing where the place is on no street.
        """
        asked = _asked("from", max_snap_metres, smallest_component)
        with listener(progress) as tell:
            batch = _commonground.attach(self._inner, self._points(places), asked, tell)
        frame = pyarrow.record_batch(batch).to_pandas()
        for column in ["street", "component_nodes"]:
            frame[column] = frame[column].astype("Int64")
        return frame.set_index(places.index)

    def closest(
        self,
        origins: geopandas.GeoDataFrame | geopandas.GeoSeries,
        places: geopandas.GeoDataFrame | geopandas.GeoSeries,
        *,
        count: int = 1,
        limit_minutes: float = 60.0,
        direction: str = "from",
        max_snap_metres: float = 500.0,
        smallest_component: int = 40,
        progress: bool | None = None,
    ) -> pandas.DataFrame:
        """The places closest to each origin by travel time.

        Parameters
        ----------
        count : int
            So many places an origin, fewer where fewer are within the limit.
        limit_minutes : float
            Places farther than this (inclusive) are absent.

        Returns
        -------
        DataFrame
            Columns ``origin`` and ``place`` (ids of the input), ``rank`` from 1, ``minutes``; origin by origin in the order
            of the input, the nearest place first.
        """
        asked = _asked(direction, max_snap_metres, smallest_component)
        tables = (self._points(origins), self._points(places))
        with listener(progress) as tell:
            batch = _commonground.network_closest(self._inner, tables, count, float(limit_minutes), asked, tell)
        frame = _named(batch, origins, places)
        frame.insert(2, "rank", frame.groupby("origin", sort=False).cumcount() + 1)
        return frame

    def travel_times(
        self,
        origins: geopandas.GeoDataFrame | geopandas.GeoSeries,
        places: geopandas.GeoDataFrame | geopandas.GeoSeries,
        *,
        limit_minutes: float = 60.0,
        direction: str = "from",
        max_snap_metres: float = 500.0,
        smallest_component: int = 40,
        progress: bool | None = None,
    ) -> pandas.DataFrame:
        """Travel time of every pair within a limit (inclusive).

        Returns
        -------
        DataFrame
            Columns ``origin`` and ``place`` (ids of the input) and ``minutes``, origin by origin. A pair that is not there
            was not reached.
        """
        asked = _asked(direction, max_snap_metres, smallest_component)
        return _named(self._travel_times(origins, places, limit_minutes, asked, progress).pairs(), origins, places)

    def _travel_times(
        self, origins: Any, places: Any, limit_minutes: float, asked: tuple[bool, float, int], progress: bool | None
    ) -> _commonground.access.TravelTimes:
        tables = (self._points(origins), self._points(places))
        with listener(progress) as tell:
            return _commonground.travel_times(self._inner, tables, float(limit_minutes), asked, tell)

    def reach(
        self,
        origins: geopandas.GeoDataFrame | geopandas.GeoSeries,
        places: geopandas.GeoDataFrame | geopandas.GeoSeries,
        *,
        cutoffs_minutes: Sequence[float],
        weight: str | None = None,
        direction: str = "from",
        max_snap_metres: float = 500.0,
        smallest_component: int = 40,
        progress: bool | None = None,
    ) -> pandas.DataFrame:
        """What each origin reaches within several cutoffs (inclusive), from one search.

        Parameters
        ----------
        weight : str, optional
            Column of ``places`` to add up; by default every place counts 1.

        Returns
        -------
        DataFrame
            Indexed like the origins: a column a cutoff, and ``minutes_to_data_edge``, the time to the nearest street that
            was cut: it ends, though its class goes on, and nothing lies beyond. Where that is not NaN but within a cutoff,
            the sum may be too low, because the data end there. NaN where the origin is on no street.
        """
        asked = _asked(direction, max_snap_metres, smallest_component)
        cutoffs = [float(cutoff) for cutoff in cutoffs_minutes]
        weights = numpy.ones(len(places)) if weight is None else places[weight]
        tables = (self._points(origins), self._points(places, numbers={"weight": weights}))
        with listener(progress) as tell:
            batch = _commonground.reach(self._inner, tables, cutoffs, asked, tell)
        frame = pyarrow.record_batch(batch).to_pandas().set_index(origins.index)
        return frame.rename(columns={str(number): cutoff for number, cutoff in enumerate(cutoffs)})

    def isochrones(
        self,
        origins: geopandas.GeoDataFrame | geopandas.GeoSeries,
        *,
        cutoffs_minutes: Sequence[float],
        direction: str = "from",
        width_metres: float = 50.0,
        largest_gap_m2: float = 40_000.0,
        max_snap_metres: float = 500.0,
        smallest_component: int = 40,
        progress: bool | None = None,
    ) -> geopandas.GeoDataFrame:
        """The areas around the streets that are reached within several cutoffs.

        Streets are cut where the time ends. An area with a longer cutoff holds those with shorter ones.

        Parameters
        ----------
        width_metres : float
            What lies this close to a reached street counts as reached.
        largest_gap_m2 : float
            Gaps between reached streets up to this area count as reached: the inside of blocks.

        Returns
        -------
        GeoDataFrame
            Columns ``origin`` (id of the input), ``minutes`` and ``geometry``, in the system of the origins; no geometry
            where the origin is on no street.
        """
        asked = _asked(direction, max_snap_metres, smallest_component)
        cutoffs = [float(cutoff) for cutoff in cutoffs_minutes]
        shape = (float(width_metres), float(largest_gap_m2))
        with listener(progress) as tell:
            batch = _commonground.isochrones(self._inner, self._points(origins), cutoffs, asked, shape, tell)
        frame = pyarrow.record_batch(batch).to_pandas()
        frame["origin"] = origins.index.take(frame["origin"])
        return self._geometries(frame, origins.crs)

    def route(
        self,
        ends: geopandas.GeoDataFrame | geopandas.GeoSeries,
        *,
        max_snap_metres: float = 500.0,
        smallest_component: int = 40,
    ) -> tuple[geopandas.GeoDataFrame, pandas.DataFrame] | None:
        """The fastest way from the first point to the second.

        Returns
        -------
        tuple of GeoDataFrame and DataFrame, or None
            One row with ``minutes``, ``metres`` along the streets and the line, in the system of the points; and the steps,
            street by street: ``street`` (id in the data), ``metres``, ``minutes``. None if there is no way.
        """
        if len(ends) != 2:
            raise ValueError(f"a route has two ends, not {len(ends)}")
        asked = _asked("from", max_snap_metres, smallest_component)
        found = _commonground.route(self._inner, self._points(ends), asked)
        if found is None:
            return None
        steps, whole = (pyarrow.record_batch(batch).to_pandas() for batch in found)
        return self._geometries(whole, ends.crs), steps

    def _points(self, places: geopandas.GeoDataFrame | geopandas.GeoSeries, **columns: Any) -> pyarrow.RecordBatch:
        geometry = places.geometry
        crs = _commonground.network_crs(self._inner)
        if crs is not None:
            if geometry.crs is None:
                raise ValueError("the places have no coordinate reference system; set it with `.set_crs(...)`")
            geometry = geometry.to_crs(crs)
        return to_batch(geometry=geometry, **columns)

    def _geometries(self, frame: pandas.DataFrame, crs: Any) -> geopandas.GeoDataFrame:
        own = _commonground.network_crs(self._inner)
        geometry = shapely.from_wkb(frame.pop("geometry").to_numpy())
        located = geopandas.GeoDataFrame(frame, geometry=geometry, crs=own)
        return located if own is None else located.to_crs(crs)


def _asked(direction: str, max_snap_metres: float, smallest_component: int) -> tuple[bool, float, int]:
    if direction not in ("from", "to"):
        raise ValueError(f"direction must be 'from' or 'to', not {direction!r}")
    return direction == "to", float(max_snap_metres), smallest_component


def _named(batch: Any, origins: Any, places: Any) -> pandas.DataFrame:
    frame = pyarrow.record_batch(batch).to_pandas().rename(columns={"destination": "place"})
    frame["origin"] = origins.index.take(frame["origin"])
    frame["place"] = places.index.take(frame["place"])
    return frame
