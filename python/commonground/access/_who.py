"""Who has enough: by group of residents, by neighbourhood, and of everything at once."""

from __future__ import annotations

import numpy
import pandas

from commonground._arrow import frame_of
from commonground._commonground import access as _access
from commonground._errors import refused
from commonground.access._tables import distribution


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

    Examples
    --------
    >>> minutes = pandas.Series({"a": 5.0, "b": 10.0, "c": 40.0})
    >>> residents = pandas.Series({"a": 100, "b": 300, "c": 100})
    >>> children = pandas.DataFrame({"children": [10, 10, 60]}, index=residents.index)
    >>> group_access(minutes, residents, children, at_most=15)[["people", "share_below", "gap"]].round(2)
               people  share_below   gap
    group
    everybody   500.0         0.20   NaN
    children     80.0         0.75  0.55
    """
    standard, is_most = _standard(at_least, at_most)
    access = access.dropna()
    groups = pandas.DataFrame(index=access.index) if groups is None else groups
    columns = {f"group_{number}": groups[name].reindex(access.index) for number, name in enumerate(groups)}
    reached = access.where(numpy.isfinite(access))
    table = distribution(reached, population, numbers=columns)
    found = _access.group_access(table, [str(name) for name in groups], standard, is_most)
    return frame_of(found).set_index("group")


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

    Examples
    --------
    >>> minutes = pandas.Series({"a": 5.0, "b": 10.0, "c": 40.0})
    >>> residents = pandas.Series({"a": 100, "b": 300, "c": 100})
    >>> by_neighbourhood(minutes, residents, pandas.Series({"a": "north", "b": "north", "c": "south"}), at_most=15)[
    ...     ["people", "mean", "share_enough"]
    ... ]
           people   mean  share_enough
    north   400.0   8.75           1.0
    south   100.0  40.00           0.0
    """
    standard, is_most = _standard(at_least, at_most)
    unattached = float(population.reindex(access.index[access.isna()]).sum())
    access = access.dropna()
    places = neighbourhoods.reindex(access.index)
    ids = pandas.Index(places.dropna().unique()).sort_values()
    numbers = pandas.Series(ids.get_indexer(places), index=access.index)
    reached = access.where(numpy.isfinite(access))
    table = distribution(reached, population, integers={"neighbourhood": numbers.where(numbers >= 0).astype("Int64")})
    found = _access.by_neighbourhood(table, len(ids), standard, is_most)
    frame = frame_of(found).set_axis(ids.rename(neighbourhoods.name), axis="index")
    frame.attrs.update(outside=float(population.reindex(access.index)[numbers < 0].sum()), unattached=unattached)
    return frame


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

    Examples
    --------
    >>> minutes = pandas.DataFrame({"school": [5.0, 30.0], "park": [12.0, 8.0]}, index=["a", "b"])
    >>> completeness(minutes, pandas.Series({"a": 100, "b": 300})).to_dict()
    {'share': 0.25, 'missing': 'school', 'share_with_missing': 1.0}
    """
    minutes = minutes.dropna()
    columns = {f"category_{number}": minutes.iloc[:, number] for number in range(minutes.shape[1])}
    columns = {name: times.where(numpy.isfinite(times)) for name, times in columns.items()}
    anything = pandas.Series(0.0, index=minutes.index)
    table = distribution(anything, population, numbers=columns)
    share, by_category, missing = _access.completeness(table, minutes.shape[1], within_minutes)
    category, lifted = (None, share) if missing is None else (minutes.columns[missing[0]], missing[1])
    found = pandas.Series({"share": share, "missing": category, "share_with_missing": lifted}, dtype="object")
    found.attrs["by_category"] = dict(zip(minutes.columns, by_category, strict=True))
    return found


def _standard(at_least: float | None, at_most: float | None) -> tuple[float, bool]:
    if at_most is None and at_least is not None:
        return float(at_least), False
    if at_least is None and at_most is not None:
        return float(at_most), True
    raise refused("the standard must be one number", hint="give it as one of `at_least` and `at_most`")
