"""Where to put it: sites chosen on real ways, with a bound that is always stated and never one answer alone.

Every function takes travel times of any router (:class:`commonground.access.TravelTimes`, or
:class:`~commonground.access.Searches` straight on a network) from homes to places, and people by home. It returns
:class:`Found`: the best set known, what no set can beat, the sets that are nearly as good, and how often each site is in them.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy
import pandas
import pyarrow

from commonground._arrow import to_batch
from commonground._commonground import decide as _decide
from commonground.access import Searches, TravelTimes, _amounts, _refused

__all__ = [
    "Found",
    "Rule",
    "dispersion",
    "kappa",
    "kolm_pollak",
    "max_cover",
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
    _demand: Any = field(repr=False)
    _times: Any = field(repr=False)

    @property
    def proven(self) -> bool:
        """Whether no set is better."""
        return self.gap == 0

    def minutes(self, sites: Iterable[Hashable] | None = None) -> pandas.Series:
        """Minutes of each home to the nearest of ``sites`` (by default the chosen ones) or an existing place; NaN where
        there is none, or nobody lives."""
        batch = self._demand.minutes(self._numbers(self.chosen if sites is None else sites))
        values = pyarrow.record_batch(batch).column(0).to_numpy(zero_copy_only=False)
        return pandas.Series(values, index=self._times.origins, name="minutes", dtype="float64")

    def value(self, objective: str, number: float = 0.0, *, sites: Iterable[Hashable] | None = None) -> float:
        """The value of a set for another objective: ``median``, ``center``, ``cover``, ``standard``, ``kolm_pollak``,
        ``worst_share``; ``number`` is its minutes, share or kappa."""
        return self._demand.value(objective, number, [], self._numbers(self.chosen if sites is None else sites))

    def differs(self, other: Iterable[Hashable], people: pandas.Series) -> pandas.Series:
        """Who is nearer and who is farther with ``other`` sites than with the chosen ones, of any count by home.

        Returns ``nearer`` and ``farther`` (people), ``won`` and ``lost`` (person-minutes).
        """
        batch = _amounts("people", people, self._times.origins)
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
    """
    return _solve(times, people, "median", 0.0, [], **options)


def p_center(times: TravelTimes | Searches, people: pandas.Series, **options: Any) -> Found:
    """Sites for which the farthest home is as near as can be: ``objective`` in minutes. Options as for :func:`p_median`."""
    return _solve(times, people, "center", 0.0, [], **options)


def max_cover(times: TravelTimes | Searches, people: pandas.Series, *, minutes: float, **options: Any) -> Found:
    """Sites that have the most people within ``minutes`` (inclusive): ``objective`` in people. Options as for
    :func:`p_median`; whoever is not served is not covered."""
    options.setdefault("unserved_minutes", None)
    return _solve(times, people, "cover", float(minutes), [], **options)


def minimum_standard(times: TravelTimes | Searches, people: pandas.Series, *, minutes: float, **options: Any) -> Found:
    """Sites for which people walk the fewest minutes beyond a standard: ``objective`` in person-minutes beyond it."""
    return _solve(times, people, "standard", float(minutes), [], **options)


def kolm_pollak(times: TravelTimes | Searches, people: pandas.Series, *, kappa: float, **options: Any) -> Found:
    """Sites with the best equally-distributed equivalent: ``objective`` in minutes, between mean and maximum.

    ``kappa`` is below 0, because walks are a burden; :func:`kappa` finds it from today's walks and an aversion.
    """
    return _solve(times, people, "kolm_pollak", float(kappa), [], **options)


def worst_group(
    times: TravelTimes | Searches,
    people: pandas.Series,
    *,
    groups: Mapping[str, pandas.Series] | pandas.DataFrame,
    **options: Any,
) -> Found:
    """Sites for which the group that walks farthest walks least: ``objective`` is its mean in minutes."""
    members = [_column(_amounts("members", groups[name], times.origins)) for name in groups]
    return _solve(times, people, "worst_group", 0.0, members, **options)


def worst_share(times: TravelTimes | Searches, people: pandas.Series, *, share: float = 0.1, **options: Any) -> Found:
    """Sites for which the worst-off share of people (by default a tenth) walks least: ``objective`` is their mean in
    minutes (conditional value at risk)."""
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
    """
    demand = _demand(times, people, existing, candidates, excluded, None)
    of_places = None if costs is None else _column(_amounts("costs", costs, times.destinations))
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
    """
    if not between.origins.equals(between.destinations):
        raise ValueError("dispersion needs the same places as origins and destinations, in the same order")
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
    """
    aligned = people.reindex(minutes.index)
    batch = to_batch(numbers={"minutes": minutes.to_numpy(), "people": aligned.to_numpy()})
    return _number(_decide.kappa(batch, float(aversion)))


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
        raise TypeError("costs and budget go together")
    if choose is None and budget is None:
        raise TypeError("say how many sites to choose, or give costs and a budget")
    demand = _demand(times, people, existing, candidates, excluded, unserved_minutes)
    money = None if costs is None else (_column(_amounts("costs", costs, times.destinations)), float(budget))
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
            raise _refused("a candidate is listed twice", twice, "list each candidate once")
        roles[_numbers(places, listed, "`candidates`")] = _ROLES["candidate"]
    roles[_numbers(places, excluded, "`excluded`")] = _ROLES["excluded"]
    roles[_numbers(places, existing, "`existing`")] = _ROLES["existing"]
    batch = _amounts("people", people, times.origins)
    return _decide.Demand(times._inner, batch, bytes(roles), unserved_minutes)


def _numbers(places: pandas.Index, sites: Iterable[Hashable], where: str) -> list[int]:
    listed = list(sites)
    numbers = places.get_indexer(pandas.Index(listed)) if listed else numpy.array([], dtype="int64")
    if (numbers < 0).any():
        raise _refused(f"{where} names a place that is not there", listed[int((numbers < 0).argmax())], "use ids of `times`")
    return [int(number) for number in numbers]


def _column(batch: pyarrow.RecordBatch) -> list[float]:
    return batch.column(0).to_pylist()


def _number(value: float | None) -> float:
    return numpy.nan if value is None else value
