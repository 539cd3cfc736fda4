"""Questions to a street network: GeoDataFrames in, tables with the same ids out."""

from __future__ import annotations

import itertools
import warnings
from collections.abc import Hashable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal

import geopandas
import numpy
import pandas
import pyarrow
import shapely

from commonground import _commonground
from commonground._arrow import frame_of, table_of, to_batch
from commonground._attached import ArrowTable, AttachedPlaces, Places, points_of
from commonground._errors import CommongroundWarning, column_of, count_of, minutes_of, refused
from commonground._progress import Progress, listener

if TYPE_CHECKING:
    from commonground.access import Decay


class Queries:
    """What can be asked of a street network. All methods are methods of :class:`StreetNetwork`.

    Places are the points of a GeoDataFrame or GeoSeries in any coordinate reference system. Each is attached to the nearest
    position on a street within ``max_snap_metres``; the way there counts. Tables of polars, DuckDB and Arrow do as well: a
    column ``id`` becomes the index, points are GeoArrow, or ``lon`` and ``lat``; GeoArrow says its system. Fragments of network with fewer than
    ``smallest_component`` nodes are passed over for a larger piece nearby. Places that are asked about more than once are
    better attached once, with :meth:`attach`: what comes back is accepted wherever places are, and keeps the options that
    it was attached with. ``direction`` is ``"from"`` for journeys from the origins to the places, ``"to"`` for journeys from
    the places to the origins. What is not reached is absent or NaN, never a big number.
    """

    _inner: _commonground.StreetNetwork

    def attach(
        self,
        places: geopandas.GeoDataFrame | geopandas.GeoSeries | ArrowTable,
        *,
        max_snap_metres: float = 500.0,
        smallest_component: int = 40,
        progress: Progress = None,
    ) -> AttachedPlaces:
        """Put places on the streets once, to ask about them as often as one likes.

        Parameters
        ----------
        max_snap_metres : float
            A place farther from every street is not attached.
        smallest_component : int
            Fragments of network with fewer nodes are passed over for a larger piece nearby.

        Returns
        -------
        AttachedPlaces
            With a receipt for each place.

        Warns
        -----
        CommongroundWarning
            With the ids of places that are on no street.
        """
        table: geopandas.GeoDataFrame | geopandas.GeoSeries = table_of(places)
        points = to_batch(geometry=self._in_own_crs(points_of(table, "places")))
        with listener(progress) as tell:
            inner = _commonground.AttachedPlaces(
                self._inner, points, float(max_snap_metres), smallest_component, tell
            )
        attached = AttachedPlaces(self._inner, inner, table)
        attached._warn(stacklevel=2)
        return attached

    def attach_nodes(self, nodes: Sequence[int] | None = None) -> AttachedPlaces:
        """Ask about junctions themselves: those named, or all, in the order of :attr:`StreetNetwork.nodes`.

        Parameters
        ----------
        nodes : sequence of int, optional
            Numbers in the index of :attr:`StreetNetwork.nodes`.

        Returns
        -------
        AttachedPlaces
            Its table has the points of the junctions, indexed by their numbers.
        """
        numbers = pandas.Index(range(self._inner.node_count()) if nodes is None else nodes, name="id")
        inner = _commonground.AttachedPlaces.at_nodes(self._inner, [int(number) for number in numbers])
        points = frame_of(inner.positions())
        places = geopandas.points_from_xy(points["x"], points["y"])
        table = geopandas.GeoDataFrame(index=numbers, geometry=places, crs=_commonground.network_crs(self._inner))
        return AttachedPlaces(self._inner, inner, table)

    def receipts(
        self,
        places: Places,
        *,
        max_snap_metres: float = 500.0,
        smallest_component: int = 40,
        progress: Progress = None,
    ) -> pandas.DataFrame:
        """What happened to every place on its way to the network: :attr:`AttachedPlaces.receipts`."""
        if isinstance(places, AttachedPlaces):
            return self._attached((places,), max_snap_metres, smallest_component, progress, some=False)[0].receipts
        with warnings.catch_warnings():
            # The receipts themselves say which places are on no street.
            warnings.simplefilter("ignore", CommongroundWarning)
            attached = self.attach(
                places, max_snap_metres=max_snap_metres, smallest_component=smallest_component, progress=progress
            )
            return attached.receipts

    def closest(
        self,
        origins: Places,
        places: Places | Mapping[Hashable, Places],
        *,
        count: int = 1,
        limit_minutes: float = 60.0,
        direction: Literal["from", "to"] = "from",
        max_snap_metres: float = 500.0,
        smallest_component: int = 40,
        progress: Progress = None,
    ) -> pandas.DataFrame:
        """The places closest to each origin by travel time; of each category, where there are several.

        Parameters
        ----------
        places : GeoDataFrame, GeoSeries, AttachedPlaces, or a mapping of categories to those
            ``dict(list(services.groupby("category")))`` makes a mapping of a table with a column of categories.
        count : int
            So many places an origin (and category), fewer where fewer are within the limit.
        limit_minutes : float
            Places farther than this (inclusive) are absent.

        Returns
        -------
        DataFrame
            Columns ``origin`` and ``place`` (ids of the input), ``rank`` from 1, ``minutes``; origin by origin in the order
            of the input, the nearest place first. Of a mapping, category by category, with a first column ``category``.
        """
        to_origins = _to_origins(direction)
        several = {name: table_of(each) for name, each in (places if isinstance(places, Mapping) else {None: places}).items()}
        origins = table_of(origins)
        for each in [origins, *several.values()]:
            _unique(each.index if isinstance(each, AttachedPlaces) else points_of(each, "places").index)
        options = (max_snap_metres, smallest_component, progress)
        start, *ends = self._attached((origins, *several.values()), *options)
        asked = (count_of("count", count), float(limit_minutes), to_origins)
        with listener(progress) as tell:
            inner = [each._inner for each in ends]
            batch = _commonground.network_closest(self._inner, start._inner, inner, asked, tell)
        columns = frame_of(batch)
        bounds = numpy.searchsorted(columns["category"], range(len(ends) + 1))
        parts = [columns["place"].iloc[first:end] for first, end in itertools.pairwise(bounds)]
        taken = [each.index.take(part.to_numpy()) for each, part in zip(ends, parts, strict=True)]
        found = {
            "origin": start.index.take(columns["origin"].to_numpy()),
            "place": taken[0].append(taken[1:]) if taken else start.index[:0],
            "rank": columns["rank"],
            "minutes": columns["minutes"],
        }
        if isinstance(places, Mapping):
            found = {"category": pandas.Index(list(several)).take(columns["category"].to_numpy()), **found}
        return pandas.DataFrame(found)

    def travel_times(
        self,
        origins: Places,
        places: Places,
        *,
        limit_minutes: float = 60.0,
        direction: Literal["from", "to"] = "from",
        max_snap_metres: float = 500.0,
        smallest_component: int = 40,
        progress: Progress = None,
    ) -> pandas.DataFrame:
        """Travel time of every pair within a limit (inclusive).

        Returns
        -------
        DataFrame
            Columns ``origin`` and ``place`` (ids of the input) and ``minutes``, origin by origin. A pair that is not there
            was not reached.
        """
        options = (max_snap_metres, smallest_component, progress)
        start, end = self._attached((origins, places), *options)
        pairs = pyarrow.record_batch(self._travel_times(start, end, limit_minutes, direction, progress).pairs())
        return pandas.DataFrame(
            {
                "origin": start.index.take(pairs["origin"].to_numpy()),
                "place": end.index.take(pairs["destination"].to_numpy()),
                "minutes": pairs["minutes"].to_numpy(),
            }
        )

    def _travel_times(
        self,
        origins: AttachedPlaces,
        places: AttachedPlaces,
        limit_minutes: float,
        direction: Literal["from", "to"],
        progress: Progress,
    ) -> _commonground.access.TravelTimes:
        asked = (float(limit_minutes), _to_origins(direction))
        with listener(progress) as tell:
            return _commonground.travel_times(self._inner, origins._inner, places._inner, asked, tell)

    def reach(
        self,
        origins: Places,
        places: Places,
        *,
        cutoffs_minutes: float | Sequence[float] = (),
        decays: Mapping[Hashable, Decay] | None = None,
        limit_minutes: float = 60.0,
        weight: str | None = None,
        direction: Literal["from", "to"] = "from",
        max_snap_metres: float = 500.0,
        smallest_component: int = 40,
        progress: Progress = None,
    ) -> pandas.DataFrame:
        """What each origin reaches within several cutoffs (inclusive) and under several decays, from one search.

        Parameters
        ----------
        cutoffs_minutes : float or sequence of float
        decays : mapping of names to commonground.access.Decay, optional
            Places count less the farther they are: one column per decay, by its name.
        limit_minutes : float
            Places farther than this (inclusive) add nothing under any decay. Cutoffs do not heed it.
        weight : str, optional
            Column of ``places`` to add up, finite numbers >= 0; by default every place counts 1.

        Returns
        -------
        DataFrame
            Indexed like the origins: a column a cutoff, a column a decay, and ``minutes_to_data_edge``, the time to the nearest
            street that was cut: it ends, though its class goes on, and nothing lies beyond. Where that is not NaN but within a cutoff,
            the sum may be too low, because the data end there. NaN where the origin is on no street.
        """
        to_origins = _to_origins(direction)
        cutoffs = minutes_of("cutoffs_minutes", cutoffs_minutes)
        decays = _decays(decays)
        limit = max([*cutoffs, float(limit_minutes)] if decays else cutoffs, default=0.0)
        start, end = self._attached((origins, places), max_snap_metres, smallest_component, progress)
        weights = to_batch(numbers={"weight": numpy.ones(len(end)) if weight is None else _weights(end.table, weight)})
        curves = (cutoffs, [decay._inner for decay in decays.values()])
        asked = (limit, to_origins)
        with listener(progress) as tell:
            sides = (start._inner, end._inner)
            batch = _commonground.reach(self._inner, sides, weights, curves, asked, tell)
        frame = frame_of(batch).set_index(start.index)
        return frame.rename(columns={str(number): name for number, name in enumerate([*cutoffs, *decays])})

    def isochrones(
        self,
        origins: Places,
        *,
        cutoffs_minutes: float | Sequence[float],
        direction: Literal["from", "to"] = "from",
        width_metres: float = 50.0,
        largest_gap_m2: float = 40_000.0,
        max_snap_metres: float = 500.0,
        smallest_component: int = 40,
        progress: Progress = None,
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
        asked = (float(width_metres), float(largest_gap_m2), _to_origins(direction))
        cutoffs = minutes_of("cutoffs_minutes", cutoffs_minutes)
        (start,) = self._attached((origins,), max_snap_metres, smallest_component, progress)
        with listener(progress) as tell:
            batch = _commonground.isochrones(self._inner, start._inner, cutoffs, asked, tell)
        frame = frame_of(batch)
        frame["origin"] = start.index.take(frame["origin"].to_numpy())
        return self._geometries(frame, start.crs)

    def route(
        self,
        ends: Places,
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
        (attached,) = self._attached((ends,), max_snap_metres, smallest_component, progress=False)
        if len(attached) != 2:
            raise refused(f"a route has two ends, not {len(attached)}")
        found = _commonground.route(self._inner, attached._inner)
        if found is None:
            return None
        steps, whole = (frame_of(batch) for batch in found)
        return self._geometries(whole, attached.crs), steps

    def _attached(
        self,
        sides: Sequence[Places],
        max_snap_metres: float,
        smallest_component: int,
        progress: Progress,
        *,
        some: bool = True,
    ) -> list[AttachedPlaces]:
        """Places as they are once on the network; what is there already stays as it was attached.

        Each side has at least one place on a street, if ``some``: else the coordinates are most likely wrong.
        """
        options: dict[str, Any] = {
            "max_snap_metres": max_snap_metres,
            "smallest_component": smallest_component,
            "progress": progress,
        }
        tables: list[geopandas.GeoDataFrame | geopandas.GeoSeries | AttachedPlaces] = [table_of(each) for each in sides]
        for each in tables:
            if isinstance(each, AttachedPlaces) and each._network is not self._inner:
                raise refused("the places are attached to another network", hint="attach them to this one")
        attached = []
        for each in tables:
            if isinstance(each, AttachedPlaces):
                attached.append(each)
                continue
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", CommongroundWarning)
                attached.append(self.attach(each, **options))
        for each, given in zip(attached, tables, strict=True):
            if some:
                each._require_some()
            if each is not given:
                each._warn(stacklevel=3)
        return attached

    def _in_own_crs(self, geometry: geopandas.GeoSeries) -> geopandas.GeoSeries:
        crs = _commonground.network_crs(self._inner)
        if crs is None:
            return geometry
        if geometry.crs is None:
            raise refused("the places have no coordinate reference system", hint="set it with `.set_crs(...)`")
        return geometry.to_crs(crs)

    def _geometries(self, frame: pandas.DataFrame, crs: Any) -> geopandas.GeoDataFrame:
        own = _commonground.network_crs(self._inner)
        geometry = shapely.from_wkb(frame.pop("geometry").to_numpy())
        located = geopandas.GeoDataFrame(frame, geometry=geometry, crs=own)
        return located if own is None else located.to_crs(crs)


def _to_origins(direction: Literal["from", "to"]) -> bool:
    if direction not in ("from", "to"):
        raise refused(f"direction must be 'from' or 'to', not {direction!r}")
    return direction == "to"


def _unique(ids: pandas.Index) -> None:
    """Refuses ids that are there twice: an answer by id would be that of either."""
    if not ids.is_unique:
        twice = ids[ids.duplicated()][0]
        hint = "give every place an id of its own, for instance with `.reset_index(drop=True)`"
        raise refused("an id is listed twice", hint=hint, id=str(twice))


def _weights(table: Any, weight: str) -> numpy.ndarray:
    """The numbers of a column; text is refused even where it could be read as numbers."""
    column = column_of(table, weight, "weight")
    if not (pandas.api.types.is_numeric_dtype(column) or pandas.api.types.is_bool_dtype(column)):
        hint = "convert it with `pandas.to_numeric(...)`, which also says what is no number"
        raise refused(f"the weights in `{weight}` are not numbers", hint=hint, column=weight)
    return numpy.asarray(column.to_numpy(dtype="float64", na_value=numpy.nan))


def _decays(decays: Any) -> dict[Hashable, Decay]:
    from commonground.access._decay import checked_decay

    if decays is None:
        return {}
    if not isinstance(decays, Mapping):
        hint = 'give each a name: decays={"half an hour": Decay.linear(cutoff_minutes=30)}'
        raise refused(f"`decays` must be a mapping of names to decays, not {type(decays).__name__}", hint=hint)
    return {name: checked_decay(decay) for name, decay in decays.items()}
