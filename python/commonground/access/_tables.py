"""Ids, amounts and results on their way into the library and back."""

from __future__ import annotations

import warnings
from collections.abc import Hashable, Mapping
from typing import TYPE_CHECKING

import numpy
import pandas
import pyarrow

from commonground._arrow import ArrowBatch, frame_of, to_batch
from commonground._errors import refused

if TYPE_CHECKING:
    from commonground.access._travel_times import Searches, TravelTimes


def unique(ids: pandas.Index, side: str) -> pandas.Index:
    """The ids, or an error where one is there twice."""
    if not ids.is_unique:
        raise refused_at(f"{side} are listed twice", ids[ids.duplicated()][0], "every place needs an id of its own")
    return ids


def numbers_of(column: pandas.Series, ids: pandas.Index, side: str) -> numpy.ndarray:
    """The number of each row's id among the ids; one that is not there is refused."""
    numbers = ids.get_indexer(pandas.Index(column))
    if (numbers < 0).any():
        first = column.to_numpy()[numbers < 0][0]
        raise refused_at(f"the table names {side} that is not listed", first, "do table and layer use the same ids?")
    return numbers


def row_of(home: Hashable, ids: pandas.Index) -> int:
    """The number of a home by its id."""
    if home not in ids:
        raise refused_at("there is no such home", home, "homes are named by the index of the origins")
    return int(ids.get_indexer(pandas.Index([home]))[0])


def amounts_of(name: str, amounts: pandas.Series, ids: pandas.Index) -> pyarrow.RecordBatch:
    """Amounts in the order of the ids; what is missing, or named twice, is refused."""
    if not isinstance(amounts, pandas.Series):
        what = type(amounts).__name__
        hint = f"pandas.Series({name}, index=...) with the ids of the places, so that no amount lands on another place"
        raise refused(f"`{name}` must be a Series, not {what}", hint=hint)
    for these, those, where in [(ids, amounts.index, f"`{name}`"), (amounts.index, ids, "the travel times")]:
        missing = these.difference(those, sort=False)
        if len(missing) > 0:
            hint = "give all places to TravelTimes as origins and destinations, those that reach nothing too"
            raise refused_at(f"{len(missing)} places are missing in {where}", missing[0], hint)
    if not amounts.index.is_unique:
        raise refused_at(f"`{name}` lists a place twice", amounts.index[amounts.index.duplicated()][0], "sum it up")
    return to_batch(numbers={name: amounts.reindex(ids).to_numpy()})


def opportunities_of(times: TravelTimes | Searches, counts: pandas.Series, active: bool) -> tuple[pyarrow.RecordBatch, pandas.Index]:
    """Amounts of the side that is reached, and the ids of the other."""
    here, there = (times.origins, times.destinations) if active else (times.destinations, times.origins)
    return amounts_of("opportunities", counts, there), here


def series_of(batch: ArrowBatch, ids: pandas.Index, name: Hashable) -> pandas.Series:
    """A column of results with its ids."""
    return pandas.Series(frame_of(batch).iloc[:, 0].to_numpy(), index=ids, name=name, dtype="float64")


def distribution(
    access: pandas.Series,
    population: pandas.Series,
    numbers: Mapping[str, pandas.Series] | None = None,
    texts: Mapping[str, pandas.Series] | None = None,
    integers: Mapping[str, pandas.Series] | None = None,
) -> pyarrow.RecordBatch:
    """One row per home: access, people and further columns."""
    missing = access.index.difference(population.index)
    if len(missing) > 0:
        raise refused_at(f"{len(missing)} homes have no population", missing[0], "population must list every home")
    people = population.reindex(access.index)
    columns = {"access": access, "people": people, **(numbers or {})}
    return to_batch(
        numbers={name: values.to_numpy() for name, values in columns.items()},
        texts={name: values.to_numpy() for name, values in (texts or {}).items()},
        integers=integers,
    )


def refused_at(message: str, row: Hashable, hint: str) -> Exception:
    """An error about the place with an id."""
    return refused(message, hint=hint, id=str(row))


def warn_unreached(unreached: float) -> None:
    """Says how much is left out because nobody reaches it."""
    if unreached > 0:
        warnings.warn(f"a supply of {unreached:g} is reached by nobody and is left out", stacklevel=3)
