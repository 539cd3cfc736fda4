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
    """
    return _number(_access.gini(distribution(access, population)))


def theil_t(access: pandas.Series, population: pandas.Series) -> float:
    """Theil T index of access over people: 0 where all have the same.

    Parameters and result are those of :func:`gini`.
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
    """
    return _curve(distribution(access, population), False, steps)


def concentration_curve(
    access: pandas.Series, population: pandas.Series, position: pandas.Series, *, steps: int = 100
) -> pandas.Series:
    """Concentration curve of access: as :func:`lorenz_curve`, with the worst off by ``position`` first.

    Parameters are those of :func:`concentration_index`, which is twice the area between curve and diagonal.
    """
    table = distribution(access, population, numbers={"position": position.reindex(access.index)})
    return _curve(table, True, steps)


def _curve(table: pyarrow.RecordBatch, by_position: bool, steps: int) -> pandas.Series:
    values = _access.access_curve(table, by_position, steps)
    shares = pandas.Index(numpy.arange(steps + 1) / max(steps, 1), name="share_of_people")
    return pandas.Series(numpy.nan if values is None else values, index=shares, name="share_of_access", dtype="float64")


def _number(value: float | None) -> float:
    return numpy.nan if value is None else value
