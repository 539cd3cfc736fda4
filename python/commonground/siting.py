"""Where to put it: sites chosen on real ways, with a bound that is always stated and never one answer alone.

Every function takes travel times of any router (:class:`commonground.access.TravelTimes`, or
:class:`~commonground.access.Searches` straight on a network) from homes to places, and people by home. It returns
:class:`Found`: the best set known, what no set can beat, the sets that are nearly as good, and how often each site is in them.
"""

from __future__ import annotations

import json
import os
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import geopandas
import numpy
import pandas
import pyarrow

from commonground._answer import Answer
from commonground._arrow import frame_of, to_batch, to_frame
from commonground._commonground import decide as _decide
from commonground._errors import refused
from commonground._progress import Progress, listener
from commonground.access import Searches, TravelTimes
from commonground.access._tables import amounts_of, refused_at

__all__ = [
    "Found",
    "MeetingPlaces",
    "Rule",
    "dispersion",
    "kappa",
    "kolm_pollak",
    "max_cover",
    "meeting_places",
    "minimum_standard",
    "p_center",
    "p_median",
    "set_cover",
    "worst_group",
    "worst_share",
]

_ROLES = {"candidate": 0, "existing": 1, "excluded": 2}


@dataclass(frozen=True)
class Rule:
    """A rule on a set of sites, with its name as people said it.

    Attributes
    ----------
    name : str
        Such as "one per district before any has two".
    sites : sequence of ids
        The sites that it is about.
    at_least, at_most : int
        How many of them are chosen; without a limit by default.

    Examples
    --------
    >>> one_of_two = Rule("one of the old sites", sites=["east", "west"], at_least=1)
    >>> one_of_two.at_least
    1
    """

    name: str
    sites: Sequence[Hashable]
    at_least: int = 0
    at_most: int | None = None


@dataclass(frozen=True)
class Found:
    """Sites that were found. Made by the functions of this module.

    Attributes
    ----------
    chosen : list of ids
        The best set known, in the order of the places; existing places are not in it.
    objective : float
        Its value, recomputed from the ways themselves.
    bound : float
        No set can be better than this value.
    gap : float
        ``abs(objective - bound) / abs(objective)``; 0 where the best is proven.
    alternatives : DataFrame
        Sets within the given share of the best, the best first: ``sites`` (list of ids) and ``value``.
    all_listed : bool
        Whether all such sets are in it; else those that an exchange of one site leads to, or the first thousand.
    frequency : Series
        In which share of the listed sets each site is, the most frequent first.
    unserved : float
        People who reach a candidate, but neither a chosen site nor an existing place.
    unreachable : float
        People whom no place reaches: in no value.
    """

    chosen: list[Hashable]
    objective: float
    bound: float
    gap: float
    alternatives: pandas.DataFrame
    all_listed: bool
    frequency: pandas.Series
    unserved: float
    unreachable: float
    _demand: _decide.Demand = field(repr=False)
    _times: Any = field(repr=False)

    @property
    def proven(self) -> bool:
        """Whether no set is better."""
        return self.gap == 0

    def minutes(self, sites: Iterable[Hashable] | None = None) -> pandas.Series:
        """Minutes of each home to the nearest of ``sites`` (by default the chosen ones) or an existing place; NaN where
        there is none, or nobody lives."""
        batch = self._demand.minutes(self._numbers(self.chosen if sites is None else sites))
        values = frame_of(batch).iloc[:, 0].to_numpy()
        return pandas.Series(values, index=self._times.origins, name="minutes", dtype="float64")

    def value(self, objective: str, number: float = 0.0, *, sites: Iterable[Hashable] | None = None) -> float:
        """The value of a set for another objective: ``median``, ``center``, ``cover``, ``standard``, ``kolm_pollak``,
        ``worst_share``; ``number`` is its minutes, share or kappa."""
        return self._demand.value(objective, number, [], self._numbers(self.chosen if sites is None else sites))

    def differs(self, other: Iterable[Hashable], people: pandas.Series) -> pandas.Series:
        """Who is nearer and who is farther with ``other`` sites than with the chosen ones, of any count by home.

        Returns ``nearer`` and ``farther`` (people), ``won`` and ``lost`` (person-minutes).
        """
        batch = amounts_of("people", people, self._times.origins)
        counts = self._demand.difference(self._numbers(self.chosen), self._numbers(other), batch)
        return pandas.Series(counts, index=["nearer", "farther", "won", "lost"])

    def regret(self, best: Mapping[tuple[str, float], float]) -> pandas.DataFrame:
        """How much worse each listed set is than the best of each objective, as a share of it.

        Parameters
        ----------
        best : mapping
            Objective and its number, as for :meth:`value`, to the best value known.

        Returns
        -------
        DataFrame
            One row per alternative, one column per objective, and ``largest``: the least of these is the safest choice.
        """
        rows = {}
        for (name, number), value in best.items():
            found = pandas.Series([self.value(name, number, sites=sites) for sites in self.alternatives["sites"]])
            rows[name] = (value - found if name == "cover" else found - value) / abs(value)
        table = pandas.DataFrame(rows, index=self.alternatives.index)
        return table.assign(largest=table.max(axis=1))

    def _numbers(self, sites: Iterable[Hashable]) -> list[int]:
        return _numbers(self._times.destinations, sites, "`sites`")


def p_median(times: TravelTimes | Searches, people: pandas.Series, **options: Any) -> Found:
    """Sites for which people walk the fewest minutes in all.

    Parameters
    ----------
    times : TravelTimes or Searches
        From homes (origins) to all places (destinations), existing ones too.
    people : Series
        Residents of each home, or the members of a group.
    choose : int
        Number of sites; with a ``budget`` at most so many (by default as many as it pays for).
    existing : sequence of ids, optional
        Places that stand already and stay.
    candidates : sequence of ids, optional
        Places that may be chosen; by default all that are not existing.
    excluded : mapping or sequence of ids, optional
        Candidates that are ruled out.
    unserved_minutes : float, optional
        As how far a home counts that none of the chosen sites reaches, such as the limit of the search. By default every
        home that a place reaches must be served.
    costs, budget : Series and float, optional
        Cost of each place, and what all may cost.
    rules : sequence of Rule, optional
        Rules on the set.
    within : float
        Share of the best value within which other sets are listed.
    steps, parts : int
        Effort: steps that raise the bound, and parts of the search that proves. The answer depends on nothing else.

    Returns
    -------
    Found
        ``objective`` in person-minutes.

    Raises
    ------
    CommongroundError
        If more sites are chosen than there are candidates, all are excluded, rules or budget cannot be met, a count or
        cost is negative, or no set was found that serves everybody.

    Examples
    --------
    >>> times = TravelTimes.from_matrix(pandas.DataFrame({"east": [5, 20], "west": [25, 10]}, index=["a", "b"]))
    >>> people = pandas.Series({"a": 100, "b": 300})
    >>> found = p_median(times, people, choose=1)
    >>> found.chosen, found.objective, found.proven
    (['west'], 5500.0, True)
    """
    return _solve(times, people, "median", 0.0, [], **options)


def p_center(times: TravelTimes | Searches, people: pandas.Series, **options: Any) -> Found:
    """Sites for which the farthest home is as near as can be: ``objective`` in minutes. Options as for :func:`p_median`.

    Examples
    --------
    >>> times = TravelTimes.from_matrix(pandas.DataFrame({"east": [5, 20], "west": [25, 10]}, index=["a", "b"]))
    >>> people = pandas.Series({"a": 100, "b": 300})
    >>> p_center(times, people, choose=1).objective
    20.0
    """
    return _solve(times, people, "center", 0.0, [], **options)


def max_cover(times: TravelTimes | Searches, people: pandas.Series, *, minutes: float, **options: Any) -> Found:
    """Sites that have the most people within ``minutes`` (inclusive): ``objective`` in people. Options as for
    :func:`p_median`; whoever is not served is not covered.

    Examples
    --------
    >>> times = TravelTimes.from_matrix(pandas.DataFrame({"east": [5, 20], "west": [25, 10]}, index=["a", "b"]))
    >>> people = pandas.Series({"a": 100, "b": 300})
    >>> max_cover(times, people, minutes=10, choose=1).objective
    300.0
    """
    options.setdefault("unserved_minutes", None)
    return _solve(times, people, "cover", float(minutes), [], **options)


def minimum_standard(times: TravelTimes | Searches, people: pandas.Series, *, minutes: float, **options: Any) -> Found:
    """Sites for which people walk the fewest minutes beyond a standard: ``objective`` in person-minutes beyond it.

    Examples
    --------
    >>> times = TravelTimes.from_matrix(pandas.DataFrame({"east": [5, 20], "west": [25, 10]}, index=["a", "b"]))
    >>> people = pandas.Series({"a": 100, "b": 300})
    >>> minimum_standard(times, people, minutes=15, choose=1).objective
    1000.0
    """
    return _solve(times, people, "standard", float(minutes), [], **options)


def kolm_pollak(times: TravelTimes | Searches, people: pandas.Series, *, kappa: float, **options: Any) -> Found:
    """Sites with the best equally-distributed equivalent: ``objective`` in minutes, between mean and maximum.

    ``kappa`` is below 0, because walks are a burden; :func:`kappa` finds it from today's walks and an aversion.

    Examples
    --------
    >>> times = TravelTimes.from_matrix(pandas.DataFrame({"east": [5, 20], "west": [25, 10]}, index=["a", "b"]))
    >>> people = pandas.Series({"a": 100, "b": 300})
    >>> round(kolm_pollak(times, people, kappa=-0.1, choose=1).objective, 2)
    16.26
    """
    return _solve(times, people, "kolm_pollak", float(kappa), [], **options)


def worst_group(
    times: TravelTimes | Searches,
    people: pandas.Series,
    *,
    groups: Mapping[str, pandas.Series] | pandas.DataFrame,
    **options: Any,
) -> Found:
    """Sites for which the group that walks farthest walks least: ``objective`` is its mean in minutes.

    Examples
    --------
    >>> times = TravelTimes.from_matrix(pandas.DataFrame({"east": [5, 20], "west": [25, 10]}, index=["a", "b"]))
    >>> people = pandas.Series({"a": 100, "b": 300})
    >>> groups = {"old": pandas.Series({"a": 50, "b": 10}), "young": pandas.Series({"a": 50, "b": 290})}
    >>> worst_group(times, people, groups=groups, choose=1).chosen
    ['east']
    """
    members = [_column(amounts_of("members", counts, times.origins)) for _, counts in groups.items()]
    return _solve(times, people, "worst_group", 0.0, members, **options)


def worst_share(times: TravelTimes | Searches, people: pandas.Series, *, share: float = 0.1, **options: Any) -> Found:
    """Sites for which the worst-off share of people (by default a tenth) walks least: ``objective`` is their mean in
    minutes (conditional value at risk).

    Examples
    --------
    >>> times = TravelTimes.from_matrix(pandas.DataFrame({"east": [5, 20], "west": [25, 10]}, index=["a", "b"]))
    >>> people = pandas.Series({"a": 100, "b": 300})
    >>> worst_share(times, people, share=0.25, choose=1).objective
    20.0
    """
    return _solve(times, people, "worst_share", float(share), [], **options)


def set_cover(
    times: TravelTimes | Searches,
    people: pandas.Series,
    *,
    minutes: float,
    existing: Iterable[Hashable] = (),
    candidates: Iterable[Hashable] | None = None,
    excluded: Iterable[Hashable] = (),
    costs: pandas.Series | None = None,
) -> pandas.Series:
    """The fewest, or cheapest, sites that have everybody within ``minutes`` who can be covered at all.

    Returns
    -------
    Series
        ``sites`` (list of ids), ``cost`` (their number without costs), ``bound`` (no cover costs less) and
        ``uncoverable``: people whom no place has within the minutes.

    Examples
    --------
    >>> times = TravelTimes.from_matrix(pandas.DataFrame({"east": [5, 20], "west": [25, 10]}, index=["a", "b"]))
    >>> people = pandas.Series({"a": 100, "b": 300})
    >>> set_cover(times, people, minutes=10).to_dict()
    {'sites': ['east', 'west'], 'cost': 2.0, 'bound': 2.0, 'uncoverable': 0.0}
    """
    demand = _demand(times, people, existing, candidates, excluded, None)
    of_places = None if costs is None else _column(amounts_of("costs", costs, times.destinations))
    sites, cost, bound, uncoverable = demand.set_cover(float(minutes), of_places)
    row = [[times.destinations[site] for site in sites], cost, bound, uncoverable]
    return pandas.Series(row, index=["sites", "cost", "bound", "uncoverable"])


def dispersion(between: TravelTimes | Searches, *, choose: int, fixed: Iterable[Hashable] = ()) -> pandas.Series:
    """Sites as far from one another as can be.

    Parameters
    ----------
    between : TravelTimes or Searches
        Between the places, with the same ids as origins and destinations. A pair without a way is farther than any.
    choose : int
        Number of sites, with those of ``fixed``.

    Returns
    -------
    Series
        ``sites``, ``minutes`` between the nearest two, and ``bound``; NaN where that is beyond the search.

    Examples
    --------
    >>> apart = pandas.DataFrame([[0, 4, 9], [4, 0, 5], [9, 5, 0]], ["x", "y", "z"], ["x", "y", "z"])
    >>> dispersion(TravelTimes.from_matrix(apart), choose=2).to_dict()
    {'sites': ['x', 'z'], 'minutes': 9.0, 'bound': 9.0}
    """
    if not between.origins.equals(between.destinations):
        raise refused("dispersion needs the same places as origins and destinations, in the same order")
    numbers = _numbers(between.destinations, fixed, "`fixed`")
    sites, minutes, bound = _decide.disperse(between._inner, choose, numbers)
    row = [[between.destinations[site] for site in sites], _number(minutes), _number(bound)]
    return pandas.Series(row, index=["sites", "minutes", "bound"])


def kappa(minutes: pandas.Series, people: pandas.Series, *, aversion: float = -1.0) -> float:
    """Aversion per minute for :func:`kolm_pollak`, from today's walks: ``aversion * sum(w d) / sum(w d**2)``.

    Parameters
    ----------
    minutes : Series
        Today's walk of each home; NaN is left out.
    people : Series
        Residents, with the same index.
    aversion : float
        Below 0; -0.5 to -1.5 are usual.

    Examples
    --------
    >>> round(kappa(pandas.Series({"a": 5.0, "b": 10.0}), pandas.Series({"a": 100, "b": 300})), 4)
    -0.1077
    """
    aligned = people.reindex(minutes.index)
    batch = to_batch(numbers={"minutes": minutes.to_numpy(), "people": aligned.to_numpy()})
    return _number(_decide.kappa(batch, float(aversion)))


class MeetingPlaces(Answer[_decide.MeetingPlaces]):
    """Where a place would bring people together. Made by :func:`meeting_places`.

    Opportunity, not contact: who could walk to the same place within 15 minutes, not who goes there or speaks.
    """

    def __init__(self, inner: _decide.MeetingPlaces) -> None:
        super().__init__(inner)
        (self._chosen, self._value, self._bound, self._gap, self._all_listed) = inner.found()

    @property
    def chosen(self) -> list[str]:
        """Names of the best set known."""
        return list(self._chosen)

    @property
    def value(self) -> float:
        """Its value: a gain in the share of others among the people whom residents could meet (0 to 1), or a number of pairs."""
        return self._value

    @property
    def bound(self) -> float:
        """No set can be better than this value."""
        return self._bound

    @property
    def gap(self) -> float:
        """``(bound - value) / abs(value)``; 0 where the best is proven."""
        return self._gap

    @property
    def proven(self) -> bool:
        """Whether no set is better."""
        return self._gap == 0

    @property
    def all_listed(self) -> bool:
        """Whether :attr:`plans` holds every set within the stated share; else those that an exchange of one site leads to."""
        return self._all_listed

    @property
    def sites(self) -> geopandas.GeoDataFrame:
        """Every candidate, in the order in which they were given, with what it would change by itself: ``encounter_gain`` of all
        residents and of each group, ``residents_in_reach`` and what they could meet before and after, who would have such a
        place (``newly_within_15_minutes``) or any place (``newly_with_any_place``) for the first time, ``neighbours_joined``,
        ``rank`` and ``ruled_out_by``. What is said by group is NaN where a count in reach is small."""
        return to_frame(self._inner.layer("sites"), index="name")

    @property
    def pairs(self) -> geopandas.GeoDataFrame:
        """Pairs of neighbours that share no place today, with the candidates by which each would share one."""
        return to_frame(self._inner.layer("pairs"), index=None).set_index(["one", "other"])

    @property
    def groups(self) -> pandas.DataFrame:
        """Of the people whom each group could meet, the share of others: before and after, with the chosen sites."""
        return self._table("groups").set_index("group")

    @property
    def plans(self) -> pandas.DataFrame:
        """The best set and those near it: ``value`` and ``sites``, by rank."""
        return self._table("plans").set_index("rank")

    @property
    def reach(self) -> pandas.DataFrame:
        """Residents of each neighbourhood who could walk to each candidate, and their share of the neighbourhood."""
        return self._table("reach").set_index(["candidate", "neighbourhood"])


def meeting_places(
    study: str | os.PathLike[str],
    candidates: geopandas.GeoDataFrame | Sequence[str],
    *,
    category: str,
    choose: int = 1,
    objective: Literal["encounter", "neighbours"] = "encounter",
    group: str | None = None,
    profile: str | None = None,
    within: float = 0.05,
    budget: float | None = None,
    constraints: Sequence[Mapping[str, Any]] = (),
    name: str | None = None,
    data: str | os.PathLike[str] | None = None,
    progress: Progress = None,
) -> MeetingPlaces:
    """Where would one more market, park, library or hall bring together groups, and neighbours who share no place today?

    What a candidate changes is what a whole assessment with the place in the study finds, but for the order of a sum (1e-12).

    Parameters
    ----------
    study : path
        Folder with a ``study.toml``, or the file itself.
    candidates : GeoDataFrame, or sequence of str
        Where it could stand: points or areas with their index as names (and a column ``cost`` if there is a ``budget``), or
        categories of services of the study. A park with an area is entered along its edge; any other area counts at its middle.
    category : str
        What is placed: one of the categories where people meet, such as ``market``, ``library``, ``community_centre``,
        ``green_space``.
    choose : int
        How many; with a ``budget`` at most so many.
    objective : str
        ``encounter``: the gain of the share of others among the people whom residents could meet. ``neighbours``: the number
        of pairs of neighbouring neighbourhoods that share no place today and would share one.
    group, profile : str, optional
        Encounter of the members of a group alone; who walks, such as ``wheelchair``.
    within : float
        Share of the best value within which other sets are listed.
    budget : float, optional
        What the chosen sites may cost together.
    constraints : sequence of mappings
        What people asked for, as ``[[constraints]]`` of a question in TOML: ``{"name": "not beside a school", "apart_from":
        {"category": "school", "metres": 150}}``.
    name : str, optional
        What the question is called.

    Raises
    ------
    CommongroundError
        If the study has no groups or no places to meet, a category, group or profile is unknown, or nothing can be chosen.

    Examples
    --------
    >>> found = meeting_places("data/millbrook", ["school"], category="library", choose=1)
    >>> found.proven
    True
    """
    options: dict[str, Any] = {
        "name": name,
        "category": category,
        "choose": choose,
        "objective": objective,
        "within": 100 * within,
        "budget": budget,
        "demand": {key: value for key, value in (("group", group), ("profile", profile)) if value is not None},
        "constraints": [dict(one) for one in constraints],
    }
    batch = None
    if isinstance(candidates, geopandas.GeoDataFrame):
        if candidates.crs is None:
            raise refused("the candidates have no coordinate reference system", hint="set it with `.set_crs(...)`")
        places = candidates.to_crs(4326)
        costs = pandas.Series(numpy.nan, index=places.index) if budget is None else places["cost"]
        batch = to_batch(
            texts={"name": places.index.astype(str).to_numpy()}, numbers={"cost": costs.to_numpy()}, geometry=places.geometry
        )
        options["candidates"] = {"files": ["candidates"], "cost": None if budget is None else "cost"}
    else:
        options["candidates"] = {"categories": [candidates] if isinstance(candidates, str) else list(candidates)}
    question = json.dumps({key: value for key, value in options.items() if value is not None})
    root = None if data is None else os.fspath(data)
    with listener(progress) as tell:
        return MeetingPlaces(_decide.meeting_places(os.fspath(study), root, question, batch, tell))


def _solve(
    times: TravelTimes | Searches,
    people: pandas.Series,
    objective: str,
    number: float,
    groups: list[list[float]],
    *,
    choose: int | None = None,
    existing: Iterable[Hashable] = (),
    candidates: Iterable[Hashable] | None = None,
    excluded: Iterable[Hashable] = (),
    unserved_minutes: float | None = None,
    costs: pandas.Series | None = None,
    budget: float | None = None,
    rules: Iterable[Rule] = (),
    within: float = 0.05,
    steps: int = 300,
    parts: int = 1000,
) -> Found:
    if (costs is None) != (budget is None):
        raise refused("costs and budget go together", hint="give both, or neither and `choose=`")
    if choose is None and budget is None:
        raise refused("nothing says how many sites", hint="say how many with `choose=`, or give `costs=` and `budget=`")
    demand = _demand(times, people, existing, candidates, excluded, unserved_minutes)
    money = None if costs is None or budget is None else (_column(amounts_of("costs", costs, times.destinations)), float(budget))
    count = len(times.destinations) if choose is None else choose
    python_rules = [
        (rule.name, _numbers(times.destinations, rule.sites, f"the rule `{rule.name}`"), rule.at_least, _most(rule, count))
        for rule in rules
    ]
    effort = (within, steps, parts)
    plans, bound, gap, all_listed, frequency, unserved, unreachable = demand.solve(
        objective, number, groups, count, money, python_rules, effort
    )
    ids = times.destinations
    table = pandas.DataFrame(
        {"sites": [[ids[site] for site in sites] for sites, _ in plans], "value": [value for _, value in plans]}
    )
    shares = pandas.Series(
        [share for _, share in frequency], index=ids.take([site for site, _ in frequency]), name="frequency", dtype="float64"
    )
    return Found(
        chosen=table["sites"].iloc[0],
        objective=plans[0][1],
        bound=bound,
        gap=gap,
        alternatives=table,
        all_listed=all_listed,
        frequency=shares,
        unserved=unserved,
        unreachable=unreachable,
        _demand=demand,
        _times=times,
    )


def _most(rule: Rule, count: int) -> int:
    return count if rule.at_most is None else rule.at_most


def _demand(
    times: TravelTimes | Searches,
    people: pandas.Series,
    existing: Iterable[Hashable],
    candidates: Iterable[Hashable] | None,
    excluded: Iterable[Hashable],
    unserved_minutes: float | None,
) -> Any:
    places = times.destinations
    roles = numpy.full(len(places), _ROLES["candidate" if candidates is None else "excluded"], dtype="uint8")
    if candidates is not None:
        listed = list(candidates)
        if len(set(listed)) < len(listed):
            twice = next(site for at, site in enumerate(listed) if site in listed[:at])
            raise refused_at("a candidate is listed twice", twice, "list each candidate once")
        roles[_numbers(places, listed, "`candidates`")] = _ROLES["candidate"]
    roles[_numbers(places, excluded, "`excluded`")] = _ROLES["excluded"]
    roles[_numbers(places, existing, "`existing`")] = _ROLES["existing"]
    batch = amounts_of("people", people, times.origins)
    return _decide.Demand(times._inner, batch, bytes(roles), unserved_minutes)


def _numbers(places: pandas.Index, sites: Iterable[Hashable], where: str) -> list[int]:
    listed = list(sites)
    numbers = places.get_indexer(pandas.Index(listed)) if listed else numpy.array([], dtype="int64")
    if (numbers < 0).any():
        raise refused_at(f"{where} names a place that is not there", listed[int((numbers < 0).argmax())], "use ids of `times`")
    return [int(number) for number in numbers]


def _column(batch: pyarrow.RecordBatch) -> list[float]:
    """The numbers of the only column; a missing one is NaN, which the library refuses with its row."""
    return [numpy.nan if amount is None else amount for amount in batch.column(0).to_pylist()]


def _number(value: float | None) -> float:
    return numpy.nan if value is None else value
