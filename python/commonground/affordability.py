"""Housing and transport together: what living somewhere costs a household, and what it leaves."""

from __future__ import annotations

import pandas

from commonground._arrow import frame_of, to_batch
from commonground._commonground import decide as _decide

__all__ = ["location"]


def location(
    rent: pandas.Series,
    income: pandas.Series,
    cars: pandas.Series,
    km: pandas.Series,
    *,
    per_car: float,
    per_km: float,
    fares: pandas.Series | None = None,
) -> pandas.DataFrame:
    """Cost of housing and transport of a household at each place.

    Parameters
    ----------
    rent : Series
        Per month; the index names the places.
    income : Series
        Per year. A share falls when those who pay most of their income leave: use the income of those who stay.
    cars, km : Series
        Cars, and kilometres by car per year.
    per_car, per_km : float
        Prices per year and per kilometre.
    fares : Series, optional
        Public transport per year.

    Returns
    -------
    DataFrame
        ``housing`` and ``travel`` per year, ``share`` of both in the income, ``housing_share``, ``travel_share``, and
        ``residual``: what is left per year. Up to 0.30, 0.15 and 0.45 count as affordable (Center for Neighborhood
        Technology).

    Examples
    --------
    >>> at = ["north"]
    >>> location(
    ...     pandas.Series(900.0, at),
    ...     pandas.Series(40_000.0, at),
    ...     pandas.Series(1.0, at),
    ...     pandas.Series(9_000.0, at),
    ...     per_car=4_000,
    ...     per_km=0.1,
    ... ).iloc[0].round(3).to_dict()
    {'housing': 10800.0, 'travel': 4900.0, 'share': 0.392, 'housing_share': 0.27, 'travel_share': 0.122, 'residual': 24300.0}
    """
    none = pandas.Series(0.0, index=rent.index)
    columns = {"rent": rent, "income": income, "cars": cars, "km": km, "fares": none if fares is None else fares}
    batch = to_batch(numbers={name: column.reindex(rent.index).to_numpy() for name, column in columns.items()})
    return frame_of(_decide.location(batch, (per_car, per_km))).set_index(rent.index)
