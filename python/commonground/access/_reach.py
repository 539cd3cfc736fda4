"""What is within reach, and how far the closest of it is."""

from __future__ import annotations

from typing import Literal

import pandas

from commonground._arrow import frame_of
from commonground._commonground import access as _access
from commonground.access._decay import Decay, checked_decay
from commonground.access._tables import amounts_of, opportunities_of, series_of
from commonground.access._travel_times import Searches, TravelTimes


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

    Examples
    --------
    >>> times = TravelTimes.from_matrix(pandas.DataFrame({"east": [5, 20], "west": [25, 10]}, index=["a", "b"]))
    >>> doctors = pandas.Series({"east": 2, "west": 3})
    >>> cumulative_cutoff(times, doctors, cutoff_minutes=20).to_dict()
    {'a': 2.0, 'b': 5.0}
    """
    table, ids = opportunities_of(times, opportunities, active)
    return series_of(_access.cumulative_cutoff(times._inner, table, cutoff_minutes, active), ids, opportunities.name)


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

    Examples
    --------
    >>> times = TravelTimes.from_matrix(pandas.DataFrame({"east": [5, 20], "west": [25, 10]}, index=["a", "b"]))
    >>> doctors = pandas.Series({"east": 2, "west": 3})
    >>> cumulative_interval(times, doctors, interval_minutes=(10, 30), step_minutes=10).to_dict()
    {'a': 2.0, 'b': 5.0}
    """
    table, ids = opportunities_of(times, opportunities, active)
    minutes = (*interval_minutes, step_minutes)
    found = _access.cumulative_interval(times._inner, table, minutes, summary, active)
    return series_of(found, ids, opportunities.name)


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

    Examples
    --------
    >>> times = TravelTimes.from_matrix(pandas.DataFrame({"east": [5, 20], "west": [25, 10]}, index=["a", "b"]))
    >>> doctors = pandas.Series({"east": 2, "west": 3})
    >>> gravity(times, doctors, decay=Decay.linear(cutoff_minutes=25)).round(3).to_dict()
    {'a': 1.6, 'b': 2.2}
    """
    table, ids = opportunities_of(times, opportunities, active)
    return series_of(_access.gravity(times._inner, table, checked_decay(decay)._inner, active), ids, opportunities.name)


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

    Examples
    --------
    >>> times = TravelTimes.from_matrix(pandas.DataFrame({"east": [5, 20], "west": [25, 10]}, index=["a", "b"]))
    >>> doctors = pandas.Series({"east": 2, "west": 3})
    >>> cost_to_closest(times, doctors, n=3).to_dict()
    {'a': 25.0, 'b': 10.0}
    """
    table, ids = opportunities_of(times, opportunities, active)
    return series_of(_access.cost_to_closest(times._inner, table, n, False, active), ids, "minutes")


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

    Examples
    --------
    >>> times = TravelTimes.from_matrix(pandas.DataFrame({"east": [5, 20], "west": [25, 10]}, index=["a", "b"]))
    >>> doctors = pandas.Series({"east": 2, "west": 3})
    >>> cost_to_closest_place(times, doctors, k=2).to_dict()
    {'a': 25.0, 'b': 20.0}
    """
    table, ids = opportunities_of(times, opportunities, active)
    return series_of(_access.cost_to_closest(times._inner, table, k, True, active), ids, "minutes")


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

    Examples
    --------
    >>> times = TravelTimes.from_matrix(pandas.DataFrame({"east": [5, 20], "west": [25, 10]}, index=["a", "b"]))
    >>> doctors = pandas.Series({"east": 2, "west": 3})
    >>> closest_places(times, doctors)
      origin place  rank  minutes
    0      a  east     1      5.0
    1      b  west     1     10.0
    """
    table, ids = opportunities_of(times, opportunities, active)
    others = times.destinations if active else times.origins
    frame = frame_of(_access.closest_places(times._inner, table, k, active))
    return frame.assign(origin=ids.take(frame["origin"].to_numpy()), place=others.take(frame["place"].to_numpy()))


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

    Examples
    --------
    >>> times = TravelTimes.from_matrix(pandas.DataFrame({"east": [5, 20], "west": [25, 10]}, index=["a", "b"]))
    >>> balancing_cost(times, pandas.Series({"east": 2, "west": 3}), pandas.Series({"a": 1, "b": 4})).to_dict()
    {'a': 5.0, 'b': 20.0}
    """
    counts = amounts_of("opportunities", opportunities, times.destinations)
    people = amounts_of("demand", demand, times.origins)
    found = _access.balancing_cost(times._inner, counts, people, step_minutes)
    return series_of(found, times.origins, "minutes")
