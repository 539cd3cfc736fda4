"""What each place is owed of a budget, by several rules side by side, and which projects a budget buys."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy
import pandas

from commonground._arrow import to_batch
from commonground._commonground import decide as _decide

__all__ = ["RULES", "award", "by_name", "owed_by_rules", "programme"]

#: Rules: per head, by need, and the four classical rules of claims.
RULES = ("equal_per_head", "by_need", "proportional", "cea", "cel", "talmud")


def award(claims: pandas.Series, *, estate: float, rule: str) -> pandas.Series:
    """Each claim divided by a rule: ``proportional``, ``cea`` (equal awards), ``cel`` (equal losses) or ``talmud``.

    The sum is the estate; nobody gets less than 0 or more than claimed.
    """
    values = _decide.award(rule, [float(claim) for claim in claims], float(estate))
    return pandas.Series(values, index=claims.index, name=rule)


def owed_by_rules(
    need: pandas.Series,
    people: pandas.Series,
    claims: pandas.Series,
    *,
    budget: float,
    rules: Sequence[str] = RULES,
) -> pandas.DataFrame:
    """What each place is owed by each rule. Where nobody lives, nothing is owed.

    Parameters
    ----------
    need : Series
        Higher where more is needed, 0 or more.
    people : Series
        Residents of each place; the index names the places.
    claims : Series
        What meeting a standard would cost there.
    budget : float
        What there is to divide; at most all claims of places where people live.
    rules : sequence of str
        Of :data:`RULES`.

    Returns
    -------
    DataFrame
        Indexed like ``need``: for each rule its money and ``RULE_per_head``; then ``rank_best`` and ``rank_worst`` by money
        per head over the rules (1 gets most). ``attrs["agreement"]`` is Kendall's W, 1 where all rules agree on the order.

    Raises
    ------
    CommongroundError
        If a name is in one column only (with the amount that would be lost), a number is negative, or the budget exceeds
        all claims.
    """
    places = [str(place) for place in need.index]

    def column(values: pandas.Series) -> numpy.ndarray:
        given = [(str(name), float(value)) for name, value in values.items()]
        found = numpy.array(_decide.by_name(places, given))
        missing = ~need.index.isin(values.index)
        found[missing] = numpy.nan
        return found

    batch = to_batch(numbers={"need": need.to_numpy(), "people": column(people), "claims": column(claims)})
    rows, ranges, agreement = _decide.owed_by_rules(list(rules), batch, float(budget))
    table = pandas.DataFrame(index=need.index)
    for name, money, per_head in rows:
        table[name] = money
        table[f"{name}_per_head"] = pandas.array(per_head, dtype="Float64").to_numpy("float64", na_value=numpy.nan)
    table["rank_best"] = pandas.array([None if one is None else one[0] for one in ranges], dtype="Int64")
    table["rank_worst"] = pandas.array([None if one is None else one[1] for one in ranges], dtype="Int64")
    table.attrs["agreement"] = numpy.nan if agreement is None else agreement
    return table


def by_name(places: pandas.Index, amounts: Mapping[str, float] | pandas.Series) -> pandas.Series:
    """Amounts in the order of the places; 0 where none is given. A name that no place has is an error that says how much
    would be lost."""
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
    """
    floors = dict(floors or {})
    numbers = {name: number for number, name in enumerate(floors)}
    districts = projects["district"] if "district" in projects else pandas.Series(None, index=projects.index, dtype=object)
    unknown = [name for name in floors if name not in set(districts)]
    if unknown:
        raise ValueError(f"no project is in the district {unknown[0]!r}, which has a floor")
    rows = [
        (float(cost), float(benefit), numbers.get(district, -1))
        for cost, benefit, district in zip(projects["cost"], projects["benefit"], districts, strict=True)
    ]
    chosen, cost, benefit, bound = _decide.programme(rows, float(budget), [float(floor) for floor in floors.values()])
    row = [[projects.index[number] for number in chosen], cost, benefit, bound]
    return pandas.Series(row, index=["projects", "cost", "benefit", "bound"])
