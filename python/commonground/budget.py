"""What each place is owed of a budget, by several rules side by side, and which projects a budget buys."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path

import geopandas
import numpy
import pandas

from commonground._answer import Answer
from commonground._arrow import to_batch, to_frame
from commonground._commonground import decide as _decide
from commonground._errors import refused
from commonground._progress import Progress, listener

__all__ = ["PUBLISHED", "RULES", "Spending", "award", "by_name", "owed_by_rules", "programme", "published_rules", "spend"]

#: Rules: per head, by need, and the four classical rules of claims.
RULES = ("equal_per_head", "by_need", "proportional", "cea", "cel", "talmud")

#: Published rules that come with the library; :func:`published_rules` says what each needs, and where it comes from.
PUBLISHED = tuple(rule[0] for rule in _decide.published_rules())


def award(claims: pandas.Series, *, estate: float, rule: str) -> pandas.Series:
    """Each claim divided by a rule: ``proportional``, ``cea`` (equal awards), ``cel`` (equal losses) or ``talmud``.

    The sum is the estate; nobody gets less than 0 or more than claimed.

    Examples
    --------
    >>> award(pandas.Series({"a": 100.0, "b": 200.0, "c": 300.0}), estate=200, rule="talmud").to_dict()
    {'a': 50.0, 'b': 75.0, 'c': 75.0}
    """
    values = _decide.award(rule, [float(claim) for claim in claims], float(estate))
    return pandas.Series(values, index=claims.index, name=rule)


def owed_by_rules(
    need: pandas.Series,
    people: pandas.Series,
    *,
    claims: pandas.Series | None = None,
    budget: float,
    rules: Sequence[str | os.PathLike[str]] | None = None,
    columns: pandas.DataFrame | None = None,
) -> pandas.DataFrame:
    """What each place is owed by each rule. Where nobody lives, nothing is owed.

    Parameters
    ----------
    need : Series
        Higher where more is needed, 0 or more.
    people : Series
        Residents of each place; the index names the places.
    claims : Series, optional
        What meeting a standard would cost there.
    budget : float
        What there is to divide; with rules of claims at most all claims of places where people live.
    rules : sequence, optional
        Of :data:`RULES` and :data:`PUBLISHED`, or paths of rules in TOML. By default all of :data:`RULES` (the first two without
        claims), and with ``columns`` all published rules.
    columns : DataFrame, optional
        What published rules need, by the names in :func:`published_rules`, with one row per place. A place where nobody lives
        may be without. Counts and money as they are, shares from 0 to 1.

    Returns
    -------
    DataFrame
        Indexed like ``need``: for each rule its money and ``RULE_per_head``; then ``rank_best`` and ``rank_worst`` by money
        per head over the rules (1 gets most). ``attrs["agreement"]`` is Kendall's W, 1 where all rules agree on the order;
        ``attrs["not_assessed"]`` says of each rule that is not there what it would need.

    Raises
    ------
    CommongroundError
        If a name is in one column only (with the amount that would be lost), a number is negative, or the budget exceeds
        all claims.

    Examples
    --------
    >>> need, people = pandas.Series({"a": 10.0, "b": 0.0}), pandas.Series({"a": 100.0, "b": 100.0})
    >>> owed_by_rules(
    ...     need, people, claims=pandas.Series({"a": 60.0, "b": 80.0}), budget=100, rules=["equal_per_head", "proportional"]
    ... )[["equal_per_head", "proportional"]]
       equal_per_head  proportional
    a            50.0     42.857143
    b            50.0     57.142857
    """
    places = [str(place) for place in need.index]
    if rules is None:
        rules = [*(RULES[:2] if claims is None else RULES), *([] if columns is None else PUBLISHED)]

    def column(values: pandas.Series) -> numpy.ndarray:
        given = [(str(name), float(value)) for name, value in values.items()]
        found = numpy.array(_decide.by_name(places, given))
        missing = ~need.index.isin(values.index)
        found[missing] = numpy.nan
        return found

    of_claims = numpy.zeros(len(need)) if claims is None else column(claims)
    batch = to_batch(numbers={"need": need.to_numpy(), "people": column(people), "claims": of_claims})
    columns = pandas.DataFrame(index=need.index) if columns is None else columns
    unknown = columns.index.difference(need.index)
    if len(unknown):
        raise refused(f"{len(unknown)} rows of the columns match no place, such as {unknown[0]!r}")
    facts = to_batch(numbers={str(name): values.reindex(need.index).to_numpy() for name, values in columns.items()})
    named: list[str] = []
    written: list[tuple[str, str | None]] = []
    for rule in rules:
        path = Path(rule)
        if path.suffix == ".toml":
            written.append((path.stem, path.read_text("utf-8")))
        elif rule in PUBLISHED:
            written.append((str(rule), None))
        else:
            named.append(str(rule))
    if claims is None and any(rule in RULES[2:] for rule in named):
        raise refused("rules of claims need `claims`")
    rows, ranges, agreement, not_assessed = _decide.owed_by_rules(named, written, batch, facts, float(budget))
    table = pandas.DataFrame(index=need.index)
    for name, money, per_head in rows:
        table[name] = money
        table[f"{name}_per_head"] = pandas.array(per_head, dtype="Float64").to_numpy("float64", na_value=numpy.nan)
    table["rank_best"] = pandas.array([None if one is None else one[0] for one in ranges], dtype="Int64")
    table["rank_worst"] = pandas.array([None if one is None else one[1] for one in ranges], dtype="Int64")
    table.attrs["agreement"] = numpy.nan if agreement is None else agreement
    table.attrs["not_assessed"] = dict(not_assessed)
    return table


def published_rules() -> pandas.DataFrame:
    """The published rules that come with the library, each with its source.

    Returns
    -------
    DataFrame
        By name of the rule: ``title``, ``source``, ``year``, ``reading`` (what is read into it, and what of it is left out) and
        ``columns``, the numbers that it needs of every place.

    Examples
    --------
    >>> published_rules().loc["cdbg_a", "columns"]
    ['people', 'poor', 'overcrowded_homes']
    """
    names = ["rule", "title", "source", "year", "reading", "columns"]
    return pandas.DataFrame(_decide.published_rules(), columns=names).set_index("rule")


def by_name(places: pandas.Index, amounts: Mapping[str, float] | pandas.Series) -> pandas.Series:
    """Amounts in the order of the places; 0 where none is given. A name that no place has is an error that says how much
    would be lost.

    Examples
    --------
    >>> by_name(pandas.Index(["north", "south"]), {"south": 5.0}).to_dict()
    {'north': 0.0, 'south': 5.0}
    """
    given = [(str(name), float(value)) for name, value in amounts.items()]
    return pandas.Series(_decide.by_name([str(place) for place in places], given), index=places)


def programme(
    projects: pandas.DataFrame,
    *,
    budget: float,
    floors: Mapping[str, float] | None = None,
) -> pandas.Series:
    """The projects of greatest benefit within a budget, each done as a whole or not at all.

    Parameters
    ----------
    projects : DataFrame
        ``cost``, ``benefit``, and with floors ``district`` (missing: the whole city).
    floors : mapping, optional
        What must at least be spent on projects of a district.

    Returns
    -------
    Series
        ``projects`` (list of index labels), ``cost``, ``benefit`` and ``bound``: no choice is worth more.

    Examples
    --------
    >>> projects = pandas.DataFrame(
    ...     {"cost": [60.0, 50.0, 50.0], "benefit": [70.0, 45.0, 40.0]}, index=["bridge", "clinic", "park"]
    ... )
    >>> programme(projects, budget=100)
    projects    [clinic, park]
    cost                 100.0
    benefit               85.0
    bound                 85.0
    dtype: object
    """
    floors = dict(floors or {})
    numbers = {name: number for number, name in enumerate(floors)}
    districts = projects["district"] if "district" in projects else pandas.Series(None, index=projects.index, dtype=object)
    unknown = [name for name in floors if name not in set(districts)]
    if unknown:
        raise refused(f"no project is in the district {unknown[0]!r}, which has a floor")
    rows = [
        (float(cost), float(benefit), numbers.get(district, -1))
        for cost, benefit, district in zip(projects["cost"], projects["benefit"], districts, strict=True)
    ]
    chosen, cost, benefit, bound = _decide.programme(rows, float(budget), [float(floor) for floor in floors.values()])
    row = [[projects.index[number] for number in chosen], cost, benefit, bound]
    return pandas.Series(row, index=["projects", "cost", "benefit", "bound"])


class Spending(Answer[_decide.Spending]):
    """What a budget owes and buys. Made by :func:`spend`."""

    @property
    def owed(self) -> geopandas.GeoDataFrame:
        """One row per neighbourhood, by its id: ``residents``, ``need``, ``claim``, what it is owed by each rule
        (``owed_RULE``, ``owed_RULE_per_person``), best and worst rank over the rules, and with projects what it ``gets`` and
        ``gains`` by the efficient and the fair choice. Where nobody lives nothing is owed."""
        return to_frame(self._inner.owed())

    @property
    def districts(self) -> geopandas.GeoDataFrame:
        """A plan of action for each district, by its id, where the study has districts: ``residents``, who is worst off, what it is
        owed by each rule (``owed_RULE``, ``owed_RULE_per_person``) and its best and worst rank, the two projects that lift it most with
        their gain, and what it ``gets`` by the efficient and the fair choice."""
        return to_frame(self._inner.districts())

    @property
    def rules(self) -> pandas.DataFrame:
        """One row per rule: ``title``, ``source``, ``year`` and ``reading`` of a published one, and ``not_assessed``: what a rule that
        is not in ``owed`` would need."""
        return self._table("rules").set_index("rule")

    @property
    def projects(self) -> pandas.DataFrame:
        """One row per project: ``cost``, ``benefit`` (person-minutes or people gained, as the question says), ``benefit_by_need``,
        ``cost_per_benefit``, and whether it is in the ``efficient`` and in the ``fair`` choice, and in the plan of projects made
        ``together`` where the question asks for it."""
        return self._table("projects").set_index("name")

    @property
    def choices(self) -> pandas.DataFrame:
        """Today, the efficient and the fair choice, and the plan of projects made ``together``, of which whole sets are assessed:
        cost, benefit one by one and together, the bound that no choice can pass by its aim (NaN where there is none), and how spending is spread: ``concentration_by_need``, ``gini``, ``herfindahl``."""
        return self._table("choices").set_index("choice")

    @property
    def agreement(self) -> float:
        """Kendall's W of the rules on the order of neighbourhoods, 1 for the same order; NaN with a single rule."""
        agreement = self._inner.agreement()
        return numpy.nan if agreement is None else agreement


def spend(
    study: str | os.PathLike[str],
    question: str | os.PathLike[str],
    *,
    data: str | os.PathLike[str] | None = None,
    progress: Progress = None,
) -> Spending:
    """What each neighbourhood is owed of a budget, and which projects it buys: the fair and the efficient choice side by side.

    Parameters
    ----------
    study : path
        Folder with a ``study.toml``, or the file itself.
    question : path
        The question in TOML, as for ``commonground budget``: ``commonground schema budget`` lists its keys. Its tables and
        scenarios stand beside it, or in ``data``.

    Raises
    ------
    CommongroundError
        If a name matches no neighbourhood or district (with the amount that would be lost), a neighbourhood with residents has
        no need, floors cannot be met, or a scenario cannot be applied.

    Examples
    --------
    >>> found = spend("data/millbrook", "examples/budget/budget.toml")
    >>> found.choices.index.to_list()
    ['today', 'efficient', 'fair', 'together']
    """
    root = None if data is None else os.fspath(data)
    with listener(progress) as tell:
        return Spending(_decide.spend(os.fspath(study), root, os.fspath(question), tell))
