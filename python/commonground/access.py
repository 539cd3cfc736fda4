"""Access measures over a table of travel times or straight on a network, and who gets the access.

A table of any router will do: R5, OpenTripPlanner, a map service; :class:`Searches` needs none. Series go in with the ids of homes or places as their
index and come out with the same index. NaN stands only for a home that is not on the network, and infinity for minutes
to what is not reached.
"""

from __future__ import annotations

import warnings
from collections.abc import Hashable, Iterable, Mapping
from typing import TYPE_CHECKING, Literal

import numpy
import pandas
import pyarrow

from commonground._arrow import to_batch
from commonground._commonground import access as _access
from commonground._errors import nearest, refused
from commonground._progress import Progress, listener

if TYPE_CHECKING:
    import geopandas

    from commonground import StreetNetwork
    from commonground._attached import Places

__all__ = [
    "Decay",
    "Searches",
    "TravelTimes",
    "balanced_fca",
    "balancing_cost",
    "by_neighbourhood",
    "closest_places",
    "completeness",
    "concentration_curve",
    "concentration_index",
    "cost_to_closest",
    "cost_to_closest_place",
    "cumulative_cutoff",
    "cumulative_interval",
    "enhanced_two_step_fca",
    "explain_two_step_fca",
    "fgt_poverty",
    "floating_catchment_area",
    "gini",
    "gravity",
    "green_space",
    "group_access",
    "huff_three_step_fca",
    "lorenz_curve",
    "modified_two_step_fca",
    "palma_ratio",
    "places_fca",
    "raam",
    "same_places",
    "spatial_availability",
    "theil_t",
    "theil_t_by_group",
    "three_step_fca",
    "two_step_fca",
    "why",
]

Method = Literal["2sfca", "m2sfca", "3sfca", "3sfca_all_in_table", "mh3sfca", "bfca"]


class TravelTimes:
    """A table of travel times between origins and destinations.

    Parameters
    ----------
    table : DataFrame
        One row per pair; a pair that is not in it was not reached.
    origin, destination, minutes : str
        Names of its columns; by default those that r5r and R ``accessibility`` use, or those that
        :meth:`StreetNetwork.travel_times` gives.
    origins, destinations : Index or sequence of ids, optional
        All origins and destinations, so that those in no pair get their result too, in this order. By default the ids of
        the table, sorted.

    Raises
    ------
    CommongroundError
        If an id is listed twice or is not listed, a pair stands twice in the table, or a time is negative or not finite.
    """

    def __init__(
        self,
        table: pandas.DataFrame,
        *,
        origin: str = "from_id",
        destination: str = "to_id",
        minutes: str = "travel_time",
        origins: Iterable[Hashable] | None = None,
        destinations: Iterable[Hashable] | None = None,
    ) -> None:
        if not {origin, destination, minutes} <= set(table.columns):
            # The columns of our own tables.
            own = {"from_id": "origin", "to_id": "destination", "travel_time": "minutes"}
            origin, destination, minutes = (own.get(column, column) for column in (origin, destination, minutes))
            if "destination" not in table.columns and "place" in table.columns:
                destination = "place" if destination == "destination" else destination
        for column in (origin, destination, minutes):
            if column not in table.columns:
                hint = nearest(column, [str(one) for one in table.columns])
                raise refused("the table of travel times lacks a column", hint=hint, column=column)
        self.origins = _ids(table[origin], origins, "origins")
        self.destinations = _ids(table[destination], destinations, "destinations")
        numbers = {
            "origin": _numbers(table[origin], self.origins, "an origin"),
            "destination": _numbers(table[destination], self.destinations, "a destination"),
        }
        batch = to_batch(integers=numbers, numbers={"minutes": table[minutes].to_numpy()})
        self._inner = _access.TravelTimes(len(self.origins), len(self.destinations), batch)

    @classmethod
    def from_matrix(cls, matrix: pandas.DataFrame) -> TravelTimes:
        """Make a table from minutes with origins as the index and destinations as columns; NaN means not reached."""
        long = matrix.rename_axis(index="from_id", columns="to_id").stack().dropna().rename("travel_time")
        return cls(long.reset_index(), origins=matrix.index, destinations=matrix.columns)

    @classmethod
    def from_network(
        cls,
        network: StreetNetwork,
        origins: Places,
        places: Places,
        *,
        limit_minutes: float = 60.0,
        direction: str = "from",
        max_snap_metres: float = 500.0,
        smallest_component: int = 40,
        progress: Progress = None,
    ) -> TravelTimes:
        """Walk (or ride) every pair within a limit on a street network.

        Parameters
        ----------
        origins, places
            Points with a coordinate reference system, or attached before with :meth:`StreetNetwork.attach`; their indexes
            name the origins and the destinations.
        limit_minutes, direction, max_snap_metres, smallest_component, progress
            As for :meth:`StreetNetwork.travel_times`.

        Returns
        -------
        TravelTimes
            An origin that is on no street has NaN in every measure; :meth:`StreetNetwork.receipts` says why.
        """
        table = cls.__new__(cls)
        table.origins = _unique(origins.index, "origins")
        table.destinations = _unique(places.index, "destinations")
        options = (max_snap_metres, smallest_component, progress)
        start, end = network._attached((origins, places), *options)
        table._inner = network._travel_times(start, end, limit_minutes, direction, progress)
        return table

    @classmethod
    def _of(cls, inner: _access.TravelTimes, origins: pandas.Index, destinations: pandas.Index) -> TravelTimes:
        """A table that the library has made."""
        table = cls.__new__(cls)
        table.origins, table.destinations = _unique(origins, "origins"), _unique(destinations, "destinations")
        table._inner = inner
        return table

    def to_frame(self) -> pandas.DataFrame:
        """One row per pair: ``from_id``, ``to_id``, ``travel_time`` in minutes."""
        pairs = pyarrow.record_batch(self._inner.pairs()).to_pandas()
        return pandas.DataFrame(
            {
                "from_id": self.origins.take(pairs["origin"]),
                "to_id": self.destinations.take(pairs["destination"]),
                "travel_time": pairs["minutes"],
            }
        )

    def __len__(self) -> int:
        return self._inner.pair_count()

    def __repr__(self) -> str:
        return f"TravelTimes({len(self.origins)} origins, {len(self.destinations)} destinations, {len(self)} pairs)"


class Searches:
    """Pairs of origins and places on a street network, searched anew by each measure: no table is ever built.

    Accepted wherever a :class:`TravelTimes` is, with the same numbers. Memory grows with the places, not with their pairs
    (but for :func:`raam`, whose agents keep the places that they may choose).

    Parameters
    ----------
    network : StreetNetwork
    origins, places
        As for :meth:`TravelTimes.from_network`.
    limit_minutes : float
        What is farther is not reached, whatever the decay of a measure.
    direction, max_snap_metres, smallest_component, progress
        As for :meth:`StreetNetwork.travel_times`.
    """

    def __init__(
        self,
        network: StreetNetwork,
        origins: Places,
        places: Places,
        *,
        limit_minutes: float = 60.0,
        direction: str = "from",
        max_snap_metres: float = 500.0,
        smallest_component: int = 40,
        progress: Progress = None,
    ) -> None:
        self.origins = _unique(origins.index, "origins")
        self.destinations = _unique(places.index, "destinations")
        if direction not in ("from", "to"):
            raise refused(f"direction must be 'from' or 'to', not {direction!r}")
        start, end = network._attached((origins, places), max_snap_metres, smallest_component, progress)
        self._network, self._crs = network, start.crs
        inner = (start._inner, end._inner, float(limit_minutes), direction == "to")
        self._inner = _access.Searches(network._inner, *inner)

    def __repr__(self) -> str:
        return f"Searches({len(self.origins)} origins, {len(self.destinations)} destinations)"


class Decay:
    """How much a place counts when it is farther away. Make one with the methods below; all times are minutes.

    Examples
    --------
    >>> Decay.linear(cutoff_minutes=20).weight(5.0)
    0.75
    """

    def __init__(self, inner: _access.Decay) -> None:
        self._inner = inner

    @classmethod
    def binary(cls, *, cutoff_minutes: float) -> Decay:
        """1 up to the cutoff (inclusive), 0 beyond."""
        return cls._made("binary", cutoff_minutes)

    @classmethod
    def linear(cls, *, cutoff_minutes: float) -> Decay:
        """max(0, 1 - c / cutoff)."""
        return cls._made("linear", cutoff_minutes)

    @classmethod
    def exponential(cls, *, rate: float) -> Decay:
        """exp(-rate c), rate by minute: ``decay_exponential`` of R ``accessibility``."""
        return cls._made("exponential", rate)

    @classmethod
    def power(cls, *, exponent: float) -> Decay:
        """c to the power of -exponent, 1 below one minute: ``decay_power`` of R ``accessibility``."""
        return cls._made("power", exponent)

    @classmethod
    def logistic(cls, *, inflection_minutes: float, deviation_minutes: float) -> Decay:
        """Cumulative logistic, 1 at 0 minutes: ``decay_logistic`` of R ``accessibility`` and R5."""
        return cls._made("logistic", inflection_minutes, deviation_minutes)

    @classmethod
    def gaussian(cls, *, deviation_minutes: float) -> Decay:
        """exp(-c² / (2 deviation²)): ``weights.gaussian`` of PySAL ``access``."""
        return cls._made("gaussian", deviation_minutes)

    @classmethod
    def dai_gaussian(cls, *, cutoff_minutes: float) -> Decay:
        """The Gaussian of Dai (2010), which ends at 0 at the cutoff."""
        return cls._made("dai_gaussian", cutoff_minutes)

    @classmethod
    def bands(cls, weights: Mapping[float, float]) -> Decay:
        """Weight up to and including each time, 0 beyond the last: ``weights.step_fn`` of PySAL ``access``."""
        return cls._made("bands", points=weights)

    @classmethod
    def stepped(cls, weights: Mapping[float, float]) -> Decay:
        """1, then each weight from its time on: ``decay_stepped`` of R ``accessibility``."""
        return cls._made("stepped", points=weights)

    @classmethod
    def table(cls, weights: Mapping[float, float]) -> Decay:
        """Straight lines between the points, the first weight before the first, 0 beyond the last."""
        return cls._made("table", points=weights)

    def within(self, *, cutoff_minutes: float) -> Decay:
        """The same curve, 0 beyond the cutoff."""
        return Decay(self._inner.within(cutoff_minutes))

    def weight(self, minutes: float) -> float:
        """The weight of a travel time."""
        return self._inner.weight(minutes)

    @classmethod
    def _made(cls, shape: str, *parameters: float, points: Mapping[float, float] | None = None) -> Decay:
        rising = sorted((points or {}).items())
        return cls(_access.Decay(shape, list(parameters), rising))


def cumulative_cutoff(
    times: TravelTimes | Searches, opportunities: pandas.Series, *, cutoff_minutes: float, active: bool = True
) -> pandas.Series:
    """Number of opportunities reachable from each origin within a travel time.

    Parameters
    ----------
    times : TravelTimes or Searches
    opportunities : Series
        One count per destination, indexed like the destinations. Finite, >= 0.
    cutoff_minutes : float
        Inclusive.
    active : bool
        If False, the passive side: ``opportunities`` are people at the origins, and the result says for each
        destination how many of them reach it.

    Returns
    -------
    Series
        Indexed like the origins (passive: the destinations). NaN where one is not on the network.
    """
    table, ids = _opportunities(times, opportunities, active)
    return _series(_access.cumulative_cutoff(times._inner, table, cutoff_minutes, active), ids, opportunities.name)


def cumulative_interval(
    times: TravelTimes | Searches,
    opportunities: pandas.Series,
    *,
    interval_minutes: tuple[float, float],
    step_minutes: float = 1.0,
    summary: Literal["median", "mean"] = "median",
    active: bool = True,
) -> pandas.Series:
    """Mean or median number of opportunities within reach over a range of cutoffs.

    Parameters
    ----------
    times, opportunities, active
        As for :func:`cumulative_cutoff`.
    interval_minutes : (float, float)
        First and last cutoff.
    step_minutes : float
        Between cutoffs.
    summary : {"median", "mean"}
        R ``accessibility`` rounds the result down to a whole number; this does not.

    Returns
    -------
    Series
        As of :func:`cumulative_cutoff`.
    """
    table, ids = _opportunities(times, opportunities, active)
    minutes = (*interval_minutes, step_minutes)
    found = _access.cumulative_interval(times._inner, table, minutes, summary, active)
    return _series(found, ids, opportunities.name)


def gravity(
    times: TravelTimes | Searches, opportunities: pandas.Series, *, decay: Decay, active: bool = True
) -> pandas.Series:
    """Sum of opportunities, each weighted by the decay of its travel time.

    Parameters
    ----------
    times, opportunities, active
        As for :func:`cumulative_cutoff`.
    decay : Decay

    Returns
    -------
    Series
        As of :func:`cumulative_cutoff`.
    """
    table, ids = _opportunities(times, opportunities, active)
    return _series(_access.gravity(times._inner, table, checked_decay(decay)._inner, active), ids, opportunities.name)


def cost_to_closest(
    times: TravelTimes | Searches, opportunities: pandas.Series, *, n: float = 1, active: bool = True
) -> pandas.Series:
    """Minutes to the n-th closest opportunity, opportunities of one place counted together.

    Parameters
    ----------
    times, opportunities, active
        As for :func:`cumulative_cutoff`.
    n : float
        At least so many opportunities; 1 is the closest place that has any.

    Returns
    -------
    Series
        Infinity where fewer than ``n`` are reached, NaN where the origin is not on the network.
    """
    table, ids = _opportunities(times, opportunities, active)
    return _series(_access.cost_to_closest(times._inner, table, n, False, active), ids, "minutes")


def cost_to_closest_place(
    times: TravelTimes | Searches, opportunities: pandas.Series, *, k: int = 1, active: bool = True
) -> pandas.Series:
    """Minutes to the k-th closest place that has any opportunity.

    Parameters
    ----------
    times, opportunities, active
        As for :func:`cumulative_cutoff`.
    k : int
        Places, however much they offer.

    Returns
    -------
    Series
        As of :func:`cost_to_closest`.
    """
    table, ids = _opportunities(times, opportunities, active)
    return _series(_access.cost_to_closest(times._inner, table, k, True, active), ids, "minutes")


def balancing_cost(
    times: TravelTimes | Searches, opportunities: pandas.Series, demand: pandas.Series, *, step_minutes: float = 1.0
) -> pandas.Series:
    """Minutes within which each origin reaches more opportunities than it has people (Barboza et al. 2021).

    Parameters
    ----------
    times, opportunities
        As for :func:`cumulative_cutoff`.
    demand : Series
        People of each origin.
    step_minutes : float
        Times are tried in multiples of it: ``cost_increment`` of R ``accessibility``.

    Returns
    -------
    Series
        0 where nobody lives, infinity where the opportunities never suffice, NaN off the network.
    """
    counts = _amounts("opportunities", opportunities, times.destinations)
    people = _amounts("demand", demand, times.origins)
    found = _access.balancing_cost(times._inner, counts, people, step_minutes)
    return _series(found, times.origins, "minutes")


def floating_catchment_area(
    times: TravelTimes | Searches, demand: pandas.Series, supply: pandas.Series, *, decay: Decay, method: Method
) -> pandas.Series:
    """Supply per person by a method of the floating catchment area family.

    Parameters
    ----------
    times : TravelTimes or Searches
    demand : Series
        People of each origin, indexed like the origins. Finite, >= 0.
    supply : Series
        Doctors, seats, hectares of each destination, indexed like the destinations. Finite, >= 0.
    decay : Decay
        Weight in both steps.
    method : {"2sfca", "m2sfca", "3sfca", "3sfca_all_in_table", "mh3sfca", "bfca"}
        See the functions of the methods.

    Returns
    -------
    Series
        Supply per person within reach, indexed like the origins: 0 where no supply is reached, NaN off the network. Its
        ``attrs`` hold ``unreached_supply`` and ``unserved_demand``; supply that nobody reaches also warns.
    """
    homes, _, unreached, unserved = _fca(times, demand, supply, decay, method)
    access = _series(homes, times.origins, supply.name)
    access.attrs.update(unreached_supply=unreached, unserved_demand=unserved)
    _warn_unreached(unreached)
    return access


def places_fca(
    times: TravelTimes | Searches,
    demand: pandas.Series,
    supply: pandas.Series,
    *,
    decay: Decay,
    method: Method = "2sfca",
) -> pandas.DataFrame:
    """The places behind :func:`floating_catchment_area`: whom one competes with there.

    Returns
    -------
    DataFrame
        Indexed like the destinations: ``competing_demand``, the people who arrive (weighted as the method says), and
        ``supply_per_demand``, NaN where nobody arrives.
    """
    _, places, _, _ = _fca(times, demand, supply, decay, method)
    frame = pyarrow.record_batch(places).to_pandas()
    return frame.set_axis(times.destinations, axis="index")


def explain_two_step_fca(
    times: TravelTimes, demand: pandas.Series, supply: pandas.Series, home: Hashable, *, decay: Decay
) -> pandas.DataFrame:
    """The places behind the access of one home by :func:`two_step_fca`, the one that adds most first.

    Parameters
    ----------
    times, demand, supply, decay
        As for :func:`floating_catchment_area`.
    home
        Its id.

    Returns
    -------
    DataFrame
        Indexed by the ids of the places: ``minutes``, ``supply``, ``competing_demand`` (people who arrive there) and
        ``access``, which adds up to that of the home.
    """
    people = _amounts("demand", demand, times.origins)
    offers = _amounts("supply", supply, times.destinations)
    number = times.origins.get_loc(home)
    found = _access.explain_two_step_fca(times._inner, people, offers, checked_decay(decay)._inner, number)
    frame = pyarrow.record_batch(found).to_pandas()
    return frame.set_axis(times.destinations.take(frame.pop("place")), axis="index")


def why(
    searches: Searches,
    home: Hashable,
    *,
    demand: pandas.Series,
    supply: pandas.Series,
    decay: Decay,
    ways: int = 3,
) -> geopandas.GeoDataFrame:
    """Why a home has the access that it has by :func:`two_step_fca`, with the way to the places behind the number.

    Parameters
    ----------
    searches : Searches
        Homes and places on a network.
    home
        Its id.
    demand, supply, decay
        As for :func:`floating_catchment_area`. For a count within a cutoff give a binary decay.
    ways : int
        Number of destinations for which to return the route.

    Returns
    -------
    GeoDataFrame
        Indexed by the ids of the places, the one that adds most (the binding one) first: ``minutes``, ``metres`` along the
        streets, ``supply``, ``competing_demand`` (people who arrive there), ``access``, which adds up to that of the home, and
        the way as a line in the system of the homes. Empty if the home is on no street or reaches no supply.
    """
    people = _amounts("demand", demand, searches.origins)
    offers = _amounts("supply", supply, searches.destinations)
    number = searches.origins.get_loc(home)
    found = _access.why(searches._inner, people, offers, checked_decay(decay)._inner, number, ways)
    frame = pyarrow.record_batch(found).to_pandas()
    located = searches._network._geometries(frame, searches._crs)
    return located.set_axis(searches.destinations.take(located.pop("place")), axis="index")


def closest_places(
    times: TravelTimes | Searches, opportunities: pandas.Series, *, k: int = 1, active: bool = True
) -> pandas.DataFrame:
    """The closest places that have any opportunity: the places behind :func:`cost_to_closest_place`.

    Parameters
    ----------
    times, opportunities, active
        As for :func:`cumulative_cutoff`.
    k : int
        So many places an origin, fewer where fewer are reached.

    Returns
    -------
    DataFrame
        Columns ``origin`` and ``place`` (ids), ``rank`` from 1 and ``minutes``, origin by origin.
    """
    table, ids = _opportunities(times, opportunities, active)
    others = times.destinations if active else times.origins
    frame = pyarrow.record_batch(_access.closest_places(times._inner, table, k, active)).to_pandas()
    return frame.assign(origin=ids.take(frame["origin"]), place=others.take(frame["place"]))


def green_space(
    network: StreetNetwork,
    homes: Places,
    spaces: geopandas.GeoDataFrame,
    *,
    residents: pandas.Series,
    entrances: geopandas.GeoDataFrame | None = None,
    space_column: str = "space",
    minimum_hectares: float = 0.5,
    within_metres: float | None = None,
    within_minutes: float | None = None,
    max_snap_metres: float = 500.0,
    smallest_component: int = 40,
    progress: Progress = None,
) -> pandas.DataFrame:
    """Green space by its edge: how far, how much, and how much per resident.

    Parameters
    ----------
    network : StreetNetwork
    homes
        Points, or places attached before.
    spaces : GeoDataFrame
        Areas; a space counts once, however many entrances it has.
    residents : Series
        People of each home.
    entrances : GeoDataFrame, optional
        Points with the id of their space in ``space_column``. A space without one is entered where streets meet or pass
        its edge.
    minimum_hectares : float
        Smaller spaces do not count. The default, with 300 m, is the reading of WHO Europe (2016).
    within_metres, within_minutes : float
        Walk to the entrance, inclusive; at most one of them, by default 300 m at the speed of the network's profile.

    Returns
    -------
    DataFrame
        Indexed like the homes: ``minutes`` to the closest space that counts (infinity where none is within the walk),
        ``hectares`` within the walk, and ``hectares_per_resident``, each space shared with all who reach it (2SFCA). NaN where
        the home is on no street.
    """
    if within_metres is not None and within_minutes is not None:
        raise TypeError("give the walk as one of within_metres and within_minutes")
    if within_minutes is None and within_metres is None:
        within_metres = 300.0
    (start,) = network._attached((homes,), max_snap_metres, smallest_component, progress)
    ids = _unique(spaces.index, "spaces")
    people = _amounts("residents", residents, _unique(start.index, "homes"))
    doors = spaces.geometry.iloc[:0] if entrances is None else entrances.geometry
    numbers = [] if entrances is None else _numbers(entrances[space_column], ids, "a green space")
    tables = (
        to_batch(geometry=network._in_own_crs(spaces.geometry)),
        to_batch(geometry=network._in_own_crs(doors), integers={"space": numbers}),
    )
    asked = (float(minimum_hectares), within_minutes, within_metres, float(max_snap_metres))
    with listener(progress) as tell:
        found = _access.green_space(network._inner, start._inner, people, tables, asked, tell)
    frame = pyarrow.record_batch(found).to_pandas().set_axis(start.index, axis="index")
    is_reached = frame["minutes"].notna() | frame["hectares"].isna()
    return frame.assign(minutes=frame["minutes"].where(is_reached, numpy.inf))


def same_places(services: geopandas.GeoDataFrame, *, name: str, category: str, within_metres: float = 100.0) -> pandas.DataFrame:
    """Pairs of services that look like the same place, to be looked at before anything is counted.

    Parameters
    ----------
    services : GeoDataFrame
        Points, from one source or several.
    name, category : str
        Columns. Two of one category are taken for one where the words of one name all stand in the other.
    within_metres : float
        They may lie so far apart.

    Returns
    -------
    DataFrame
        Columns ``first``, ``second`` (ids) and ``metres``.
    """
    points = services.geometry
    metric = points if points.crs is None or points.crs.is_projected else points.to_crs(points.estimate_utm_crs())
    table = to_batch(geometry=metric, texts={"name": services[name], "category": services[category]})
    frame = pyarrow.record_batch(_access.same_service(table, float(within_metres))).to_pandas()
    ids = services.index
    return frame.assign(first=ids.take(frame["first"]), second=ids.take(frame["second"]))


def by_neighbourhood(
    access: pandas.Series,
    population: pandas.Series,
    neighbourhoods: pandas.Series,
    *,
    at_least: float | None = None,
    at_most: float | None = None,
) -> pandas.DataFrame:
    """From homes to neighbourhoods, weighted by residents.

    Parameters
    ----------
    access : Series
        One value per home. Homes with NaN (not on the network) are left out and counted; infinity is not reached.
    population : Series
        Residents of each home.
    neighbourhoods : Series
        Of each home; missing outside all of them.
    at_least, at_most : float
        The standard: an amount that is enough, or minutes that are not too far. One of the two.

    Returns
    -------
    DataFrame
        One row per neighbourhood: ``people``, ``mean``, ``median``, ``p10``, ``p90`` and ``share_enough``. A quantile that falls on
        what is not reached is NaN. ``attrs`` hold ``outside`` and ``unattached``, people in no neighbourhood and on no street.
    """
    standard, is_most = _standard(at_least, at_most)
    unattached = float(population.reindex(access.index[access.isna()]).sum())
    access = access.dropna()
    places = neighbourhoods.reindex(access.index)
    ids = pandas.Index(places.dropna().unique()).sort_values()
    numbers = pandas.Series(ids.get_indexer(places), index=access.index)
    reached = access.where(numpy.isfinite(access))
    table = _distribution(reached, population, integers={"neighbourhood": numbers.where(numbers >= 0).astype("Int64")})
    found = _access.by_neighbourhood(table, len(ids), standard, is_most)
    frame = pyarrow.record_batch(found).to_pandas().set_axis(ids.rename(neighbourhoods.name), axis="index")
    frame.attrs.update(outside=float(population.reindex(access.index)[numbers < 0].sum()), unattached=unattached)
    return frame


def lorenz_curve(access: pandas.Series, population: pandas.Series, *, steps: int = 100) -> pandas.Series:
    """Lorenz curve of access over people, those with the least access first.

    Parameters
    ----------
    access, population
        As for :func:`gini`.
    steps : int
        Number of equal steps at which to evaluate the curve.

    Returns
    -------
    Series
        Share of all access, indexed by the share of people, from 0 to 1. Equality is the diagonal, and :func:`gini` twice the
        area between. All NaN if nobody has any access.
    """
    return _curve(_distribution(access, population), False, steps)


def concentration_curve(
    access: pandas.Series, population: pandas.Series, position: pandas.Series, *, steps: int = 100
) -> pandas.Series:
    """Concentration curve of access: as :func:`lorenz_curve`, with the worst off by ``position`` first.

    Parameters are those of :func:`concentration_index`, which is twice the area between curve and diagonal.
    """
    table = _distribution(access, population, numbers={"position": position.reindex(access.index)})
    return _curve(table, True, steps)


def completeness(
    minutes: pandas.DataFrame, population: pandas.Series, *, within_minutes: float = 15.0
) -> pandas.Series:
    """Share of residents who reach every category, and the category that is missing most.

    Parameters
    ----------
    minutes : DataFrame
        Minutes to the closest place, one row per home and one column per category, as :func:`cost_to_closest` gives them:
        infinity where none is reached. Homes with NaN (not on the network) are left out.
    population : Series
        Residents of each home, or members of a group.
    within_minutes : float
        Inclusive.

    Returns
    -------
    Series
        ``share``; ``missing``, the category whose addition would lift it most (None if no single one would); and
        ``share_with_missing``, to which it would lift it. ``attrs["by_category"]`` has the share of each category.
    """
    minutes = minutes.dropna()
    columns = {f"category_{number}": minutes.iloc[:, number] for number in range(minutes.shape[1])}
    columns = {name: times.where(numpy.isfinite(times)) for name, times in columns.items()}
    anything = pandas.Series(0.0, index=minutes.index)
    table = _distribution(anything, population, numbers=columns)
    share, by_category, missing = _access.completeness(table, minutes.shape[1], within_minutes)
    category, lifted = (None, share) if missing is None else (minutes.columns[missing[0]], missing[1])
    found = pandas.Series({"share": share, "missing": category, "share_with_missing": lifted}, dtype="object")
    found.attrs["by_category"] = dict(zip(minutes.columns, by_category, strict=True))
    return found


def two_step_fca(
    times: TravelTimes | Searches, demand: pandas.Series, supply: pandas.Series, *, decay: Decay
) -> pandas.Series:
    """Two-step floating catchment area: binary decay is Luo & Wang (2003), a smooth one the kernel form.

    Parameters and result are those of :func:`floating_catchment_area`.
    """
    return floating_catchment_area(times, demand, supply, decay=decay, method="2sfca")


def enhanced_two_step_fca(
    times: TravelTimes | Searches, demand: pandas.Series, supply: pandas.Series, *, decay: Decay | None = None
) -> pandas.Series:
    """Enhanced 2SFCA: by default the bands of Luo & Qi (2009), 1, 0.68 and 0.22 within 10, 20 and 30 minutes.

    Parameters and result are those of :func:`floating_catchment_area`.
    """
    bands = decay if decay is not None else Decay.bands({10: 1.0, 20: 0.68, 30: 0.22})
    return floating_catchment_area(times, demand, supply, decay=bands, method="2sfca")


def modified_two_step_fca(
    times: TravelTimes | Searches, demand: pandas.Series, supply: pandas.Series, *, decay: Decay
) -> pandas.Series:
    """Modified 2SFCA (Delamater 2013): the decay counts twice for the home.

    Parameters and result are those of :func:`floating_catchment_area`.
    """
    return floating_catchment_area(times, demand, supply, decay=decay, method="m2sfca")


def three_step_fca(
    times: TravelTimes | Searches,
    demand: pandas.Series,
    supply: pandas.Series,
    *,
    decay: Decay,
    choice: Literal["catchment", "all_in_table"] = "catchment",
) -> pandas.Series:
    """Three-step floating catchment area (Wan, Zou & Sternberg 2012): people divide themselves among places.

    Parameters and result are those of :func:`floating_catchment_area`, and

    choice : {"catchment", "all_in_table"}
        Among which places people choose; PySAL ``access`` counts those beyond its ``max_cost`` too (all in table).
    """
    method = "3sfca" if choice == "catchment" else "3sfca_all_in_table"
    return floating_catchment_area(times, demand, supply, decay=decay, method=method)


def huff_three_step_fca(
    times: TravelTimes | Searches, demand: pandas.Series, supply: pandas.Series, *, decay: Decay
) -> pandas.Series:
    """Modified Huff 3SFCA (Jörg et al. 2019): people choose by distance and by what a place offers.

    Parameters and result are those of :func:`floating_catchment_area`.
    """
    return floating_catchment_area(times, demand, supply, decay=decay, method="mh3sfca")


def balanced_fca(
    times: TravelTimes | Searches, demand: pandas.Series, supply: pandas.Series, *, decay: Decay
) -> pandas.Series:
    """Balanced floating catchment area (Páez, Higgins & Vivona 2019): nobody and nothing is counted twice.

    Parameters and result are those of :func:`floating_catchment_area`.
    """
    return floating_catchment_area(times, demand, supply, decay=decay, method="bfca")


def spatial_availability(
    times: TravelTimes | Searches, demand: pandas.Series, supply: pandas.Series, *, decay: Decay, alpha: float = 1.0
) -> pandas.DataFrame:
    """Spatial availability (Soukhov et al. 2023): every opportunity handed out exactly once.

    Parameters
    ----------
    times, demand, supply, decay
        As for :func:`floating_catchment_area`.
    alpha : float
        Power of the people; 1 counts heads.

    Returns
    -------
    DataFrame
        Indexed like the origins: ``total`` opportunities of each origin, and ``per_person`` (NaN where nobody lives).
        ``attrs["unreached_supply"]`` is what nobody reaches.
    """
    people = _amounts("demand", demand, times.origins)
    offers = _amounts("supply", supply, times.destinations)
    found, unreached = _access.spatial_availability(times._inner, people, offers, checked_decay(decay)._inner, alpha)
    frame = pyarrow.record_batch(found).to_pandas().set_axis(times.origins, axis="index")
    frame.attrs["unreached_supply"] = unreached
    _warn_unreached(unreached)
    return frame


def raam(
    times: TravelTimes | Searches,
    demand: pandas.Series,
    supply: pandas.Series,
    *,
    tau_minutes: float = 60.0,
    rho: float | None = None,
    rounds: int = 10_000,
    tolerance: float = 1e-9,
) -> pandas.Series:
    """Rational agent access model (Saxon & Snow 2020): cost of travel and crowding together. Lower is better.

    Parameters
    ----------
    times, demand, supply
        As for :func:`floating_catchment_area`.
    tau_minutes : float
        Travel that people accept to avoid an average crowding.
    rho : float, optional
        Demand per supply that counts as a crowding of 1; by default all demand over all supply.
    rounds : int
        Most rounds of moving; the equilibrium of a city takes about 20.
    tolerance : float
        The rounds end once nobody could save more than this by going elsewhere: in units of the cost, or as a share of the
        highest cost where that is above 1.

    Returns
    -------
    Series
        Indexed like the origins. NaN where nobody lives, no supply is reached, or off the network. Its ``attrs`` hold
        ``residual``, the most that anybody could still save by going elsewhere, and ``rounds``.

    Warns
    -----
    UserWarning
        If the rounds end far (1e-6) from the equilibrium.
    """
    people = _amounts("demand", demand, times.origins)
    offers = _amounts("supply", supply, times.destinations)
    costs, residual, rounds = _access.raam(times._inner, people, offers, tau_minutes, rho, (rounds, tolerance))
    result = _series(costs, times.origins, "raam")
    result.attrs.update(residual=residual, rounds=rounds)
    if residual > 1e-6 * max(1.0, result.max()):
        message = f"no equilibrium after {rounds} rounds: somebody could still save {residual:.3g}; allow more rounds"
        warnings.warn(message, stacklevel=2)
    return result


def gini(access: pandas.Series, population: pandas.Series) -> float:
    """Gini index of access over people: 0 where all have the same.

    Parameters
    ----------
    access : Series
        One value per home; homes with NaN are left out.
    population : Series
        Who lives there, for every home of ``access``.

    Returns
    -------
    float
        NaN if nobody has any access.
    """
    return _number(_access.gini(_distribution(access, population)))


def theil_t(access: pandas.Series, population: pandas.Series) -> float:
    """Theil T index of access over people: 0 where all have the same.

    Parameters and result are those of :func:`gini`.
    """
    return _number(_access.theil_t(_distribution(access, population)))


def theil_t_by_group(
    access: pandas.Series, population: pandas.Series, groups: pandas.Series
) -> tuple[pandas.Series, pandas.DataFrame]:
    """Theil T index between and within groups of homes.

    Parameters
    ----------
    access, population
        As for :func:`gini`.
    groups : Series
        The group of each home.

    Returns
    -------
    (Series, DataFrame)
        ``total``, ``between`` and ``within``; and the parts of each group, ``between`` and ``within``, by name.
    """
    labels = groups.reindex(access.index).astype("string")
    found = _access.theil_t_by_group(_distribution(access, population, texts={"group": labels}))
    if found is None:
        nothing = pandas.Series(numpy.nan, index=["total", "between", "within"])
        return nothing, pandas.DataFrame(columns=["between", "within"])
    total, columns = found
    parts = pyarrow.record_batch(columns).to_pandas().set_index("group")
    return pandas.Series(total, index=["total", "between", "within"]), parts


def palma_ratio(
    access: pandas.Series,
    population: pandas.Series,
    income: pandas.Series,
    *,
    variant: Literal["split", "quantiles"] = "split",
) -> float:
    """Mean access of the richest 10 % over that of the poorest 40 %.

    Parameters
    ----------
    access, population
        As for :func:`gini`.
    income : Series
        By which people are ranked; homes with NaN are left out.
    variant : {"split", "quantiles"}
        Whether the home on the border is divided, or, as in R ``accessibility``, quantiles of all homes decide. Give
        ``access`` with NaN for homes of the socio-economic table that have none, so that they count for the quantiles.

    Returns
    -------
    float
        NaN if either group is empty or the poorest have no access.
    """
    table = _distribution(access, population, numbers={"position": income.reindex(access.index)})
    return _number(_access.palma_ratio(table, variant))


def concentration_index(
    access: pandas.Series,
    population: pandas.Series,
    position: pandas.Series,
    *,
    variant: Literal["standard", "wagstaff", "erreygers", "corrected"] = "standard",
    bounds: tuple[float, float] | None = None,
    ties: Literal["middle_rank", "as_listed"] = "middle_rank",
) -> float:
    """Concentration index of access by socio-economic position: above 0 the better-off reach more.

    Parameters
    ----------
    access, population
        As for :func:`gini`.
    position : Series
        Income, or whatever ranks people from worse to better off; homes with NaN are left out.
    variant : {"standard", "wagstaff", "erreygers", "corrected"}
        ``corrected`` is Erreygers with the least and greatest value of the data, as in R ``accessibility``.
    bounds : (float, float), optional
        For ``erreygers``: the least and greatest value that could be.
    ties : {"middle_rank", "as_listed"}
        R ``accessibility`` ranks people of one income in the order of the table (as listed).

    Returns
    -------
    float
        NaN if nobody has any access.
    """
    table = _distribution(access, population, numbers={"position": position.reindex(access.index)})
    limits = bounds if bounds is not None else (numpy.nan, numpy.nan)
    return _number(_access.concentration_index(table, variant, limits, ties))


def fgt_poverty(access: pandas.Series, population: pandas.Series, *, line: float) -> pandas.Series:
    """Foster-Greer-Thorbecke measures of access below a sufficiency line.

    Parameters
    ----------
    access, population
        As for :func:`gini`.
    line : float
        Access that is enough, in the unit of ``access``.

    Returns
    -------
    Series
        ``FGT0`` the share of people below the line, ``FGT1`` its depth, ``FGT2`` its severity, each 0 to 1.
    """
    found = _access.fgt_poverty(_distribution(access, population), line)
    values = found if found is not None else [numpy.nan] * 3
    return pandas.Series(values, index=["FGT0", "FGT1", "FGT2"], dtype="float64")


def group_access(
    access: pandas.Series,
    population: pandas.Series,
    groups: pandas.DataFrame | None = None,
    *,
    at_least: float | None = None,
    at_most: float | None = None,
) -> pandas.DataFrame:
    """Mean, median and share below a standard of every group of residents, everybody first.

    Parameters
    ----------
    access : Series
        One value per home. Homes with NaN (not on the network) are left out; infinity is too far.
    population : Series
        All residents of each home.
    groups : DataFrame, optional
        Residents by group, one column each; groups may overlap.
    at_least, at_most : float
        The standard: an amount that is enough, or minutes that are not too far. One of the two.

    Returns
    -------
    DataFrame
        One row per group: ``people``, ``mean``, ``median``, ``share_below``, ``people_below`` and ``gap`` (share below minus
        that of everybody).

    Raises
    ------
    CommongroundError
        If a group exceeds the residents of its home.
    """
    standard, is_most = _standard(at_least, at_most)
    access = access.dropna()
    groups = pandas.DataFrame(index=access.index) if groups is None else groups
    columns = {f"group_{number}": groups[name].reindex(access.index) for number, name in enumerate(groups)}
    reached = access.where(numpy.isfinite(access))
    table = _distribution(reached, population, numbers=columns)
    found = _access.group_access(table, [str(name) for name in groups], standard, is_most)
    return pyarrow.record_batch(found).to_pandas().set_index("group")


def _standard(at_least: float | None, at_most: float | None) -> tuple[float, bool]:
    if at_most is None and at_least is not None:
        return float(at_least), False
    if at_least is None and at_most is not None:
        return float(at_most), True
    raise TypeError("give the standard as one of at_least and at_most")


def _curve(table: pyarrow.RecordBatch, by_position: bool, steps: int) -> pandas.Series:
    values = _access.access_curve(table, by_position, steps)
    shares = pandas.Index(numpy.arange(steps + 1) / max(steps, 1), name="share_of_people")
    return pandas.Series(numpy.nan if values is None else values, index=shares, name="share_of_access", dtype="float64")


def _ids(column: pandas.Series, given: Iterable[Hashable] | None, side: str) -> pandas.Index:
    return _unique(pandas.Index(given) if given is not None else pandas.Index(column.unique()).sort_values(), side)


def _unique(ids: pandas.Index, side: str) -> pandas.Index:
    if not ids.is_unique:
        raise _refused(f"{side} are listed twice", ids[ids.duplicated()][0], "every place needs an id of its own")
    return ids


def _numbers(column: pandas.Series, ids: pandas.Index, side: str) -> numpy.ndarray:
    numbers = ids.get_indexer(column)
    if (numbers < 0).any():
        first = column.to_numpy()[numbers < 0][0]
        raise _refused(f"the table names {side} that is not listed", first, "do table and layer use the same ids?")
    return numbers


def checked_decay(decay: object) -> Decay:
    """A decay, or an error that says how to make one."""
    if isinstance(decay, Decay):
        return decay
    made = ", ".join(name for name, one in vars(Decay).items() if isinstance(one, classmethod) and name[0] != "_")
    hint = f"make one, for example Decay.binary(cutoff_minutes=15); there are {made}"
    raise refused(f"`decay` must be a Decay, not {decay!r}", hint=hint)


def _refused(message: str, row: Hashable, hint: str) -> Exception:
    return refused(message, hint=hint, id=str(row))


def _amounts(name: str, amounts: pandas.Series, ids: pandas.Index) -> pyarrow.RecordBatch:
    if not isinstance(amounts, pandas.Series):
        what = type(amounts).__name__
        hint = f"pandas.Series({name}, index=...) with the ids of the places, so that no amount lands on another place"
        raise refused(f"`{name}` must be a Series, not {what}", hint=hint)
    for these, those, where in [(ids, amounts.index, f"`{name}`"), (amounts.index, ids, "the travel times")]:
        missing = these.difference(those, sort=False)
        if len(missing) > 0:
            hint = "give all places to TravelTimes as origins and destinations, those that reach nothing too"
            raise _refused(f"{len(missing)} places are missing in {where}", missing[0], hint)
    if not amounts.index.is_unique:
        raise _refused(f"`{name}` lists a place twice", amounts.index[amounts.index.duplicated()][0], "sum it up")
    return to_batch(numbers={name: amounts.reindex(ids).to_numpy()})


def _opportunities(times: TravelTimes | Searches, counts: pandas.Series, active: bool) -> tuple[pyarrow.RecordBatch, pandas.Index]:
    here, there = (times.origins, times.destinations) if active else (times.destinations, times.origins)
    return _amounts("opportunities", counts, there), here


def _fca(times: TravelTimes | Searches, demand: pandas.Series, supply: pandas.Series, decay: Decay, method: str) -> tuple:
    people = _amounts("demand", demand, times.origins)
    offers = _amounts("supply", supply, times.destinations)
    return _access.floating_catchment(times._inner, people, offers, checked_decay(decay)._inner, method)


def _warn_unreached(unreached: float) -> None:
    if unreached > 0:
        warnings.warn(f"a supply of {unreached:g} is reached by nobody and is left out", stacklevel=3)


def _series(batch: object, ids: pandas.Index, name: Hashable) -> pandas.Series:
    values = pyarrow.record_batch(batch).column(0).to_numpy(zero_copy_only=False)
    return pandas.Series(values, index=ids, name=name, dtype="float64")


def _distribution(
    access: pandas.Series,
    population: pandas.Series,
    numbers: Mapping[str, pandas.Series] | None = None,
    texts: Mapping[str, pandas.Series] | None = None,
    integers: Mapping[str, pandas.Series] | None = None,
) -> pyarrow.RecordBatch:
    missing = access.index.difference(population.index)
    if len(missing) > 0:
        raise _refused(f"{len(missing)} homes have no population", missing[0], "population must list every home")
    people = population.reindex(access.index)
    columns = {"access": access, "people": people, **(numbers or {})}
    return to_batch(
        numbers={name: values.to_numpy() for name, values in columns.items()},
        texts={name: values.to_numpy() for name, values in (texts or {}).items()},
        integers=integers,
    )


def _number(value: float | None) -> float:
    return numpy.nan if value is None else value
