"""Perceived safety against the record: where fear exceeds what is recorded, and where it falls short.

A record is what was reported, not what happened: trust in the police, insurance and attention move it. A gap between
feeling and record is a question to ask in the place, not an error of those who live there.
"""

from __future__ import annotations

import pandas

from commonground import _commonground
from commonground._arrow import frame_of, to_batch
from commonground.segregation import _located

__all__ = ["perception", "rank_correlation"]


def perception(
    places: pandas.DataFrame,
    *,
    answers: str = "survey_answers",
    feel_unsafe: str = "feel_unsafe_share",
    incidents: str = "recorded_incidents",
    people: str = "population",
    repetitions: int = 999,
    seed: int = 1,
) -> pandas.DataFrame:
    """Compare perceived safety with the record, place by place.

    Parameters
    ----------
    places : DataFrame
        One row per place; a missing value leaves the place out.
    answers, feel_unsafe : str
        Columns of a survey: how many answered, and which share of them (0 to 1) feels unsafe.
    incidents, people : str
        Columns of recorded incidents, and of the people whom they could happen to.
    repetitions, seed : int
        How often survey and record are drawn again for the intervals, and from which seed.

    Returns
    -------
    DataFrame
        Indexed like ``places``. ``recorded_rate`` per 1,000 people; ``smoothed_rate``, drawn towards the rate of all places
        where few people live; ``gap``, rank of the feeling less rank of the smoothed rate, each 0 to 1 (above 0, fear
        exceeds the record), with ``gap_low`` and ``gap_high``, between which nine of ten repetitions fall; ``rank`` of the
        feeling, 1 the most unsafe, with ``rank_low`` and ``rank_high``. NaN where something is unknown.

    Raises
    ------
    CommongroundError
        If a share lies outside 0 to 1, a count is negative, or ``repetitions`` is 0.

    Notes
    -----
    Rates: Marshall (1991), "Mapping disease and mortality rates using empirical Bayes estimators". Intervals of ranks:
    Goldstein & Spiegelhalter (1996), "League tables and their limitations".

    Examples
    --------
    >>> survey = pandas.read_csv("data/millbrook/safety_2020.csv", index_col="id")
    >>> census = pandas.read_csv("data/millbrook/census_2020.csv", index_col="id")
    >>> list(perception(survey.join(census["population"])).columns)
    ['recorded_rate', 'smoothed_rate', 'gap', 'gap_low', 'gap_high', 'rank', 'rank_low', 'rank_high']
    """
    columns = {"answers": answers, "feel_unsafe": feel_unsafe, "incidents": incidents, "people": people}
    with _located(places):
        batch = to_batch(numbers={ours: places[theirs].to_numpy() for ours, theirs in columns.items()})
        found = _commonground.isolation.perception_gap(batch, repetitions, seed)
    return frame_of(found).set_index(places.index)


def rank_correlation(a: pandas.Series, b: pandas.Series) -> float:
    """Spearman's rank correlation over the places that have both values; ties at their mean rank.

    Returns
    -------
    float
        NaN if fewer than three places have both, or one column is all the same.

    Examples
    --------
    >>> rank_correlation(pandas.Series([1.0, 2.0, 3.0]), pandas.Series([10.0, 30.0, 20.0]))
    0.5
    """
    found = _commonground.isolation.rank_correlation(
        to_batch(numbers={"a": a.to_numpy(), "b": b.reindex(a.index).to_numpy()})
    )
    return float("nan") if found is None else found
