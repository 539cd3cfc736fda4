"""Social infrastructure: the places where people get to know each other, other than home and work; and service isolation.

A score says that there is somewhere to meet, not that anybody does.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas

from commonground import _commonground
from commonground._arrow import frame_of, to_batch
from commonground.segregation import _located

__all__ = ["shortfall", "social_infrastructure"]


def social_infrastructure(
    places: pandas.DataFrame, residents: pandas.Series, *, needed_per_thousand: Mapping[str, float] | None = None
) -> pandas.DataFrame:
    """How well homes are provided with places to meet, for the people who share them.

    Parameters
    ----------
    places : DataFrame
        One row per home and one column per kind of place (libraries and halls, places of worship, green space, cafés and
        markets, sport): how many are within a walk. Finite, >= 0.
    residents : Series
        Residents within the same walk, the home's own included.
    needed_per_thousand : mapping, optional
        Places of each kind that a thousand residents need, above 0. By default the mean of the homes, weighted by the
        residents within their walk, so that the city is its own standard.

    Returns
    -------
    DataFrame
        Indexed like ``places``: ``available_`` and each kind (places over those needed, at most 1), ``variety`` (how many
        kinds the mix amounts to, over all kinds) and ``isolation``, 0 where nothing lacks, 1 where there is nothing.

    Raises
    ------
    CommongroundError
        If a number is negative or missing, a need is not above 0, or there are no kinds.

    Notes
    -----
    1 - sqrt(mean availability * variety): pillar S of isolation, this project. Kinds counted per resident as in Fraser et
    al. (2022), variety as the exponential of entropy (Hill 1973).

    Examples
    --------
    >>> places = pandas.DataFrame({"library": [1.0, 0.0], "park": [2.0, 1.0]}, index=["a", "b"])
    >>> social_infrastructure(places, pandas.Series({"a": 1000, "b": 1000})).round(3)
       available_library  available_park  variety  isolation
    a                1.0           1.000    0.945      0.028
    b                0.0           0.667    0.500      0.592
    """
    residents = residents.reindex(places.index)
    needs = (1000 * places.sum() / residents.sum()) if needed_per_thousand is None else needed_per_thousand
    needed = [float(needs[kind]) for kind in places.columns]
    numbers = {str(number): places.iloc[:, number].to_numpy() for number in range(places.shape[1])}
    with _located(places):
        batch = to_batch(numbers={**numbers, "residents": residents.to_numpy()})
        found = _commonground.isolation.social_infrastructure(batch, needed)
    frame = frame_of(found).set_index(places.index)
    return frame.rename(columns={str(number): f"available_{kind}" for number, kind in enumerate(places.columns)})


def shortfall(minutes: pandas.Series, residents: pandas.Series, *, standard_minutes: float) -> pandas.Series:
    """How far residents, of everybody or of a group, are beyond an access standard.

    Parameters
    ----------
    minutes : Series
        To the closest service from each home; NaN where none was reached, which counts as a shortfall of 1.
    residents : Series
        One count per home; finite, >= 0.
    standard_minutes : float
        A home within it (inclusive) falls short by 0, one at twice the standard or beyond by 1.

    Returns
    -------
    Series
        ``share`` of residents beyond the standard, ``residents`` beyond it, ``depth`` (mean shortfall over all residents)
        and ``severity`` (mean of its square). NaN without residents.

    Raises
    ------
    CommongroundError
        If a number is negative or a count is missing.

    Notes
    -----
    Foster, Greer & Thorbecke (1984), "A class of decomposable poverty measures", of order 0, 1 and 2.

    Examples
    --------
    >>> shortfall(
    ...     pandas.Series({"a": 10.0, "b": 20.0}), pandas.Series({"a": 100, "b": 300}), standard_minutes=15
    ... ).round(3).to_dict()
    {'share': 0.75, 'residents': 300.0, 'depth': 0.25, 'severity': 0.083}
    """
    names = ["share", "residents", "depth", "severity"]
    with _located(minutes):
        table = {"minutes": minutes.to_numpy(), "residents": residents.reindex(minutes.index).to_numpy()}
        found = _commonground.isolation.shortfall(to_batch(numbers=table), float(standard_minutes))
    return pandas.Series(found if found is not None else [float("nan")] * 4, index=names, dtype="float64")
