"""From zoning rules to homes: what may be built, which rule binds and which would bind next, and how much is realistic."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import geopandas
import pandas
from pandas.api.types import is_bool_dtype, is_numeric_dtype

from commonground._arrow import frame_of, to_batch
from commonground._commonground import decide as _decide
from commonground._errors import refused

__all__ = ["affordable_price", "affordable_rent", "capacity", "pupils", "realistic"]

#: Square metres in a square foot.
SQUARE_FOOT = 0.3048**2


def capacity(
    parcels: pandas.DataFrame,
    rules: Mapping[str, Any] | str | Path,
    *,
    code: str = "code",
    area: str | None = None,
    inside_setbacks: str | None = None,
    districts: bool = False,
    facts: Sequence[str] = (),
    columns: Mapping[str, str | tuple[str, str]] | None = None,
    dwelling_size: float = 800 * SQUARE_FOOT,
    efficiency: float = 0.8,
    storey_height: float = 10 * 0.3048,
    stall_area: float = 325 * SQUARE_FOOT,
    whole_lots: bool = True,
    net_share: float = 1.0,
) -> pandas.DataFrame:
    """Dwellings that zoning allows on each parcel or district, with the rule that binds and the next one.

    Parameters
    ----------
    parcels : DataFrame or GeoDataFrame
        One row per parcel.
    rules : mapping, path, or TOML
        Rules by code, with units: ``{"R1": {"max_density": {"per_acre": 8}}}``, or ``[rules.R1]`` in TOML.
    code : str
        Column of the code. A code without rules is not assessed.
    area : str, optional
        Column of the net area in square metres; by default the area of the geometry.
    inside_setbacks : str, optional
        Column of the area inside the setbacks, in square metres.
    districts : bool
        Whether rows are districts of many lots, of which ``net_share`` is left for lots.
    facts : sequence of str
        Columns that conditions of rules ask for; lengths in metres, areas in square metres.
    columns : mapping, optional
        Rules of a parcel's own, which replace those of its code where above 0: ``{"max_density": ("PD_DENSITY",
        "per_acre")}``, or the column alone for shares and numbers.
    dwelling_size, efficiency, storey_height, stall_area : float
        Assumptions: net floor area per dwelling (m²), net over gross, metres per storey, m² per stall with its aisle.
    whole_lots : bool
        Whether half a lot is no lot.

    Returns
    -------
    DataFrame
        With the index of ``parcels``: ``dwellings`` (missing: not assessed), ``binding``, ``next_binding``,
        ``next_dwellings``, ``at_most`` (if conditions on unknown facts turn out well), ``unrounded``, ``reason``.

    Raises
    ------
    CommongroundError
        For a rule without unit or out of range, naming code and key; for an area that is not positive.

    Examples
    --------
    >>> parcels = pandas.DataFrame({"code": ["R-1"], "area": [1_000.0]}, index=["a"])
    >>> rules = {"R-1": {"first_dwelling": {"square_feet": 5000}, "further_dwelling": {"square_feet": 2500}}}
    >>> capacity(parcels, rules, area="area")["dwellings"].to_list()
    [3]
    """
    own, units = {}, []
    for key, column in (columns or {}).items():
        name, unit = (column, "") if isinstance(column, str) else column
        own[f"rule:{key}:{unit}"] = parcels[name].to_numpy()
        units.append((key, unit))
    is_number = {name: is_numeric_dtype(parcels[name]) and not is_bool_dtype(parcels[name]) for name in facts}
    numbers = [name for name in facts if is_number[name]]
    words = [name for name in facts if not is_number[name]]
    none = pandas.Series(float("nan"), index=parcels.index)
    batch = to_batch(
        texts={"code": parcels[code].to_numpy(), **{f"fact:{name}": parcels[name].to_numpy() for name in words}},
        numbers={
            "area": _area(parcels) if area is None else parcels[area].to_numpy(),
            "inside_setbacks": (none if inside_setbacks is None else parcels[inside_setbacks]).to_numpy(),
            **{f"fact:{name}": parcels[name].to_numpy() for name in numbers},
            **own,
        },
    )
    assumptions = (dwelling_size, efficiency, storey_height, stall_area, whole_lots, net_share)
    book, is_json = _book(rules)
    table = _decide.zoning_capacity(batch, book, is_json, (numbers, words, units), districts, assumptions)
    frame = frame_of(table).set_index(parcels.index)
    return frame.astype({"dwellings": "Int64", "next_dwellings": "Int64", "at_most": "Int64"})


def realistic(
    allowed: pandas.Series,
    *,
    area: pandas.Series,
    low: float,
    expected: float,
    high: float,
    existing: pandas.Series | None = None,
    other_floor_area: pandas.Series | None = None,
    year_built: pandas.Series | None = None,
    one_family: pandas.Series | None = None,
) -> pandas.DataFrame:
    """New dwellings that can be expected: net of what stands, without parcels that are unlikely to be built on.

    Parameters
    ----------
    allowed : Series
        Dwellings that zoning allows.
    area, other_floor_area : Series
        Square metres.
    low, expected, high : float
        Shares of the net capacity that are built within the horizon, 0 to 1. They are yours to state.
    existing, year_built, one_family : Series, optional
        What stands there; what is not known excludes nothing.

    Returns
    -------
    DataFrame
        ``net``, ``low``, ``expected``, ``high`` and ``not_counted``, the reason why nothing is.

    Examples
    --------
    >>> realistic(pandas.Series({"a": 12.0}), area=pandas.Series({"a": 900.0}), low=0.2, expected=0.4, high=0.6)[
    ...     ["low", "expected", "high"]
    ... ].round(1)
       low  expected  high
    a  2.4       4.8   7.2
    """
    none = pandas.Series(float("nan"), index=allowed.index)
    given = {
        "existing": existing,
        "other_floor_area": other_floor_area,
        "year_built": year_built,
        "one_family": one_family,
    }
    numbers = {name: (none if column is None else column.reindex(allowed.index)).to_numpy() for name, column in given.items()}
    batch = to_batch(numbers={"allowed": allowed.to_numpy(), "area": area.reindex(allowed.index).to_numpy(), **numbers})
    table = _decide.zoning_realistic(batch, (low, expected, high))
    return frame_of(table).set_index(allowed.index)


def affordable_rent(median_income: float, *, level: float, household: int, utilities: float = 0.0) -> float:
    """Highest affordable rent per month: 30 % of ``level`` of the area median income for a household of 1 to 8 people,
    less utilities.

    Examples
    --------
    >>> affordable_rent(100_000, level=0.6, household=4)
    1500.0
    """
    return _decide.affordable_rent(median_income, level, household, utilities)


def affordable_price(median_income: float) -> pandas.Series:
    """Price that a buyer of 90 % of the median income can pay, by the terms of the Bay Area's regional model: ``pay`` per
    month, its ``value``, and the ``price``.

    Examples
    --------
    >>> affordable_price(100_000).round(0).to_dict()
    {'pay': 2225.0, 'value': 393667.0, 'price': 388615.0}
    """
    return pandas.Series(_decide.affordable_price(median_income), index=["pay", "value", "price"])


def pupils(dwellings: pandas.Series, *, per_dwelling: pandas.Series, public_share: float = 1.0) -> float:
    """Pupils of public schools in new dwellings: by type, dwellings times pupils per dwelling, times the public share.

    Examples
    --------
    >>> pupils(
    ...     pandas.Series({"flat": 100, "house": 10}),
    ...     per_dwelling=pandas.Series({"flat": 0.1, "house": 0.5}),
    ...     public_share=0.9,
    ... )
    13.5
    """
    pairs = zip(dwellings, per_dwelling.reindex(dwellings.index), strict=True)
    return _decide.pupils([(float(count), float(rate)) for count, rate in pairs], public_share)


def _area(parcels: pandas.DataFrame) -> Any:
    if not isinstance(parcels, geopandas.GeoDataFrame):
        raise refused("the area of the parcels is not known", hint="give parcels with geometry, or name the column of the area in square metres")
    if parcels.crs is None:
        raise refused("the parcels have no coordinate reference system, so that their area is not known", hint="set it with `.set_crs(...)`")
    # An equal-area projection around the parcels: others stretch land by up to a few per mille.
    west, south, east, north = parcels.geometry.to_crs(4326).total_bounds
    equal_area = f"+proj=laea +lat_0={(south + north) / 2} +lon_0={(west + east) / 2} +ellps=WGS84 +units=m"
    return parcels.geometry.to_crs(equal_area).area.to_numpy()


def _book(rules: Mapping[str, Any] | str | Path) -> tuple[str, bool]:
    if isinstance(rules, Mapping):
        return json.dumps(rules), True
    if isinstance(rules, str) and "\n" in rules:
        return rules, False
    return Path(rules).read_text(encoding="utf-8"), False
