"""Encounter: who could meet whom at schools, parks, libraries and other places that people share.

Without records of visits, who can walk to a place stands for who could meet there: opportunity, not contact.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas
import pyarrow

from commonground import _commonground
from commonground._arrow import frame_of, to_batch
from commonground._errors import refused
from commonground.access._tables import unique

if TYPE_CHECKING:
    from commonground.access import TravelTimes

__all__ = ["Encounter", "encounter", "shared_places"]


@dataclass(frozen=True)
class Encounter:
    """Who could meet where. Made by :func:`encounter`.

    Attributes
    ----------
    places : DataFrame
        Indexed like the destinations of the travel times. ``residents`` who reach the place; ``diversity``, the entropy of
        the groups among them over that of an even mix, 0 to 1; ``bridging``, how much more mixed the place is than the
        neighbourhoods that its people come from, on the same scale; ``share_`` and each group. NaN where nobody reaches it.
    homes : DataFrame
        Indexed like the origins: of the people whom residents could meet, the share of each group. NaN where no place is
        reached.
    neighbourhoods : DataFrame
        For members of each group, the share of others among the people whom they could meet. NaN where none lives.
    """

    places: pandas.DataFrame
    homes: pandas.DataFrame
    neighbourhoods: pandas.DataFrame


def encounter(
    times: TravelTimes, residents: pandas.DataFrame, neighbourhoods: pandas.Series, *, cutoff_minutes: float = 15.0
) -> Encounter:
    """Who could meet whom at the places that they can reach.

    Parameters
    ----------
    times : TravelTimes
        From homes to places.
    residents : DataFrame
        One row per home, in any order, and one column of counts per group. The groups leave nobody out and count nobody
        twice. Finite, >= 0.
    neighbourhoods : Series
        The neighbourhood of every home; missing outside all of them.
    cutoff_minutes : float
        Who reaches a place within this time (inclusive) could be there.

    Returns
    -------
    Encounter

    Raises
    ------
    CommongroundError
        If there are fewer than two groups, a home is missing, or a count is negative or missing.

    Notes
    -----
    Diversity: Theil & Finizza (1971). Bridging: the information theory index between the neighbourhoods of a catchment,
    not divided by its entropy (Reardon & Firebaugh 2002). Who is met: Athey, Ferguson, Gentzkow & Schmidt (2021),
    "Estimating experienced racial segregation", with reach in the place of recorded visits.

    Examples
    --------
    >>> from commonground.access import TravelTimes
    >>> times = TravelTimes.from_matrix(pandas.DataFrame({"library": [5, 10]}, index=["a", "b"]))
    >>> residents = pandas.DataFrame({"old": [10, 0], "young": [0, 10]}, index=["a", "b"])
    >>> quarters = pandas.Series({"a": "north", "b": "south"})
    >>> encounter(times, residents, quarters).places.iloc[0].to_dict()
    {'residents': 20.0, 'diversity': 1.0, 'bridging': 1.0, 'share_old': 0.5, 'share_young': 0.5}
    """
    homes, known = _homes(times, residents, neighbourhoods)
    sizes = (residents.shape[1], len(known))
    found = _commonground.isolation.encounter(times._inner, homes, sizes, float(cutoff_minutes))
    places, met, others = (frame_of(batch) for batch in found)
    groups = dict(zip(map(str, range(sizes[0])), residents.columns, strict=True))
    return Encounter(
        places.rename(columns={number: f"share_{name}" for number, name in groups.items()}).set_index(
            times.destinations
        ),
        met.rename(columns=groups).set_index(times.origins),
        others.rename(columns=groups).set_index(known),
    )


def shared_places(
    times: TravelTimes,
    residents: pandas.DataFrame,
    neighbourhoods: pandas.Series,
    pairs: Iterable[Sequence[Hashable]],
    *,
    cutoff_minutes: float = 15.0,
    share: float = 0.1,
) -> pandas.Series:
    """How many places each pair of neighbourhoods shares.

    Parameters
    ----------
    times, residents, neighbourhoods, cutoff_minutes
        As for :func:`encounter`.
    pairs : iterable of two ids
        Neighbourhoods by their ids, for example the links of contiguity weights.
    share : float
        A place is shared that at least this share of the residents of both reach; above 0, at most 1.

    Returns
    -------
    Series
        Indexed by the pairs. 0: they have nowhere to meet.

    Raises
    ------
    CommongroundError
        As for :func:`encounter`; if ``share`` is out of range, or a pair names a neighbourhood without homes.

    Examples
    --------
    >>> from commonground.access import TravelTimes
    >>> times = TravelTimes.from_matrix(pandas.DataFrame({"library": [5, 10]}, index=["a", "b"]))
    >>> residents = pandas.DataFrame({"old": [10, 0], "young": [0, 10]}, index=["a", "b"])
    >>> quarters = pandas.Series({"a": "north", "b": "south"})
    >>> shared_places(times, residents, quarters, [("north", "south")]).to_list()
    [1]
    """
    homes, known = _homes(times, residents, neighbourhoods)
    index = pandas.MultiIndex.from_tuples([tuple(pair) for pair in pairs], names=["one", "other"])
    numbers = [known.get_indexer(index.get_level_values(side)) for side in (0, 1)]
    for side, codes in enumerate(numbers):
        if (codes < 0).any():
            raise refused("a pair names a neighbourhood without homes", id=str(index.get_level_values(side)[codes < 0][0]))
    batch = to_batch(integers={"one": numbers[0], "other": numbers[1]})
    options = (float(cutoff_minutes), float(share))
    found = _commonground.isolation.shared_places(times._inner, homes, batch, residents.shape[1], options)
    return pandas.Series(pyarrow.record_batch(found).column("shared").to_numpy(), index=index, name="shared_places")


def _homes(
    times: TravelTimes, residents: pandas.DataFrame, neighbourhoods: pandas.Series
) -> tuple[pyarrow.RecordBatch, pandas.Index]:
    unique(residents.index, "homes")
    counts = residents.reindex(times.origins)
    codes, known = pandas.factorize(neighbourhoods.reindex(times.origins))
    numbers = {str(number): counts.iloc[:, number].to_numpy() for number in range(counts.shape[1])}
    code = pandas.array([None if one < 0 else int(one) for one in codes], dtype="Int64")
    name = neighbourhoods.name if neighbourhoods.name is not None else "neighbourhood"
    return to_batch(numbers=numbers, integers={"neighbourhood": code}), pandas.Index(known, name=name)
