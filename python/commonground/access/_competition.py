"""Supply handed out until it is used up, or until nobody would rather go elsewhere."""

from __future__ import annotations

import warnings

import pandas

from commonground._arrow import frame_of
from commonground._commonground import access as _access
from commonground.access._decay import Decay, checked_decay
from commonground.access._tables import amounts_of, series_of, warn_unreached
from commonground.access._travel_times import Searches, TravelTimes


def spatial_availability(
    times: TravelTimes | Searches, demand: pandas.Series, supply: pandas.Series, *, decay: Decay, alpha: float = 1.0
) -> pandas.DataFrame:
    """Spatial availability (Soukhov et al. 2023): every opportunity handed out exactly once.

    Parameters
    ----------
    times, demand, supply, decay
        As for :func:`floating_catchment_area`.
    alpha : float
        Power of the people; 1 counts heads.

    Returns
    -------
    DataFrame
        Indexed like the origins: ``total`` opportunities of each origin, and ``per_person`` (NaN where nobody lives).
        ``attrs["unreached_supply"]`` is what nobody reaches.

    Examples
    --------
    >>> times = TravelTimes.from_matrix(pandas.DataFrame({"east": [5, 20], "west": [25, 10]}, index=["a", "b"]))
    >>> people = pandas.Series({"a": 100, "b": 300})
    >>> doctors = pandas.Series({"east": 2, "west": 3})
    >>> spatial_availability(times, people, doctors, decay=Decay.linear(cutoff_minutes=40)).round(4)
        total  per_person
    a  1.1654      0.0117
    b  3.8346      0.0128
    """
    people = amounts_of("demand", demand, times.origins)
    offers = amounts_of("supply", supply, times.destinations)
    found, unreached = _access.spatial_availability(times._inner, people, offers, checked_decay(decay)._inner, alpha)
    frame = frame_of(found).set_axis(times.origins, axis="index")
    frame.attrs["unreached_supply"] = unreached
    warn_unreached(unreached)
    return frame


def raam(
    times: TravelTimes | Searches,
    demand: pandas.Series,
    supply: pandas.Series,
    *,
    tau_minutes: float = 60.0,
    rho: float | None = None,
    rounds: int = 10_000,
    tolerance: float = 1e-9,
) -> pandas.Series:
    """Rational agent access model (Saxon & Snow 2020): cost of travel and crowding together. Lower is better.

    Parameters
    ----------
    times, demand, supply
        As for :func:`floating_catchment_area`.
    tau_minutes : float
        Travel that people accept to avoid an average crowding.
    rho : float, optional
        Demand per supply that counts as a crowding of 1; by default all demand over all supply.
    rounds : int
        Most rounds of moving; the equilibrium of a city takes about 20.
    tolerance : float
        The rounds end once nobody could save more than this by going elsewhere: in units of the cost, or as a share of the
        highest cost where that is above 1.

    Returns
    -------
    Series
        Indexed like the origins. NaN where nobody lives, no supply is reached, or off the network. Its ``attrs`` hold
        ``residual``, the most that anybody could still save by going elsewhere, and ``rounds``.

    Warns
    -----
    UserWarning
        If the rounds end far (1e-6) from the equilibrium.

    Examples
    --------
    >>> times = TravelTimes.from_matrix(pandas.DataFrame({"east": [5, 20], "west": [25, 10]}, index=["a", "b"]))
    >>> people = pandas.Series({"a": 100, "b": 300})
    >>> doctors = pandas.Series({"east": 2, "west": 3})
    >>> raam(times, people, doctors).round(3).to_dict()
    {'a': 0.983, 'b': 1.233}
    """
    people = amounts_of("demand", demand, times.origins)
    offers = amounts_of("supply", supply, times.destinations)
    costs, residual, rounds = _access.raam(times._inner, people, offers, tau_minutes, rho, (rounds, tolerance))
    result = series_of(costs, times.origins, "raam")
    result.attrs.update(residual=residual, rounds=rounds)
    if residual > 1e-6 * max(1.0, result.max()):
        message = f"no equilibrium after {rounds} rounds: somebody could still save {residual:.3g}; allow more rounds"
        warnings.warn(message, stacklevel=2)
    return result
