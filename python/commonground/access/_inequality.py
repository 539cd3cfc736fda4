"""How unequal access is among people, in one number or one curve."""

from __future__ import annotations

from typing import Literal

import numpy
import pandas
import pyarrow

from commonground._arrow import frame_of
from commonground._commonground import access as _access
from commonground.access._tables import distribution


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

    Examples
    --------
    >>> gini(pandas.Series({"a": 1.0, "b": 3.0}), pandas.Series({"a": 10, "b": 10}))
    0.25
    """
    return _number(_access.gini(distribution(access, population)))


def theil_t(access: pandas.Series, population: pandas.Series) -> float:
    """Theil T index of access over people: 0 where all have the same.

    Parameters and result are those of :func:`gini`.

    Examples
    --------
    >>> round(theil_t(pandas.Series({"a": 1.0, "b": 3.0}), pandas.Series({"a": 10, "b": 10})), 4)
    0.1308
    """
    return _number(_access.theil_t(distribution(access, population)))


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

    Examples
    --------
    >>> reached = pandas.Series({"a": 1.0, "b": 3.0, "c": 3.0})
    >>> total, parts = theil_t_by_group(
    ...     reached, reached * 0 + 10, pandas.Series({"a": "north", "b": "south", "c": "south"})
    ... )
    >>> total.round(4).to_dict()
    {'total': 0.0944, 'between': 0.0944, 'within': 0.0}
    """
    labels = groups.reindex(access.index).astype("string")
    found = _access.theil_t_by_group(distribution(access, population, texts={"group": labels}))
    if found is None:
        nothing = pandas.Series(numpy.nan, index=["total", "between", "within"])
        return nothing, pandas.DataFrame(columns=["between", "within"])
    total, columns = found
    parts = frame_of(columns).set_index("group")
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

    Examples
    --------
    >>> reached = pandas.Series({"poor": 2.0, "middle": 4.0, "rich": 6.0})
    >>> people = pandas.Series({"poor": 40, "middle": 50, "rich": 10})
    >>> income = pandas.Series({"poor": 20_000, "middle": 50_000, "rich": 90_000})
    >>> palma_ratio(reached, people, income)
    3.0
    """
    table = distribution(access, population, numbers={"position": income.reindex(access.index)})
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

    Examples
    --------
    >>> reached = pandas.Series({"poor": 1.0, "rich": 3.0})
    >>> concentration_index(
    ...     reached, pandas.Series({"poor": 10, "rich": 10}), pandas.Series({"poor": 20_000, "rich": 90_000})
    ... )
    0.25
    """
    table = distribution(access, population, numbers={"position": position.reindex(access.index)})
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

    Examples
    --------
    >>> reached = pandas.Series({"a": 1.0, "b": 3.0, "c": 5.0, "d": 0.0})
    >>> fgt_poverty(reached, reached * 0 + 10, line=2).to_dict()
    {'FGT0': 0.5, 'FGT1': 0.375, 'FGT2': 0.3125}
    """
    found = _access.fgt_poverty(distribution(access, population), line)
    values = found if found is not None else [numpy.nan] * 3
    return pandas.Series(values, index=["FGT0", "FGT1", "FGT2"], dtype="float64")


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

    Examples
    --------
    >>> lorenz_curve(pandas.Series({"a": 1.0, "b": 3.0}), pandas.Series({"a": 10, "b": 10}), steps=4).to_dict()
    {0.0: 0.0, 0.25: 0.125, 0.5: 0.25, 0.75: 0.625, 1.0: 1.0}
    """
    return _curve(distribution(access, population), False, steps)


def concentration_curve(
    access: pandas.Series, population: pandas.Series, position: pandas.Series, *, steps: int = 100
) -> pandas.Series:
    """Concentration curve of access: as :func:`lorenz_curve`, with the worst off by ``position`` first.

    Parameters are those of :func:`concentration_index`, which is twice the area between curve and diagonal.

    Examples
    --------
    >>> reached = pandas.Series({"poor": 3.0, "rich": 1.0})
    >>> people, income = pandas.Series({"poor": 10, "rich": 10}), pandas.Series({"poor": 20_000, "rich": 90_000})
    >>> concentration_curve(reached, people, income, steps=2).to_dict()
    {0.0: 0.0, 0.5: 0.75, 1.0: 1.0}
    """
    table = distribution(access, population, numbers={"position": position.reindex(access.index)})
    return _curve(table, True, steps)


def _curve(table: pyarrow.RecordBatch, by_position: bool, steps: int) -> pandas.Series:
    values = _access.access_curve(table, by_position, steps)
    shares = pandas.Index(numpy.arange(steps + 1) / max(steps, 1), name="share_of_people")
    return pandas.Series(numpy.nan if values is None else values, index=shares, name="share_of_access", dtype="float64")


def _number(value: float | None) -> float:
    return numpy.nan if value is None else value
