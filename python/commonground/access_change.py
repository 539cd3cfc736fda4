"""Who gained access and who lost it, between two dates or two scenarios."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import pandas

from commonground import _commonground
from commonground._arrow import frame_of, to_batch
from commonground._errors import refused

__all__ = ["AccessChange", "access_change"]

_SUMMARY = ["people", "gained", "lost", "unknown", "mean_before", "mean_after", "mean_change", "balance"]


@dataclass(frozen=True)
class AccessChange:
    """Change of access. Made by :func:`access_change`.

    Attributes
    ----------
    places : DataFrame
        ``change`` (after less before) and ``outcome``: gained, lost, same, or missing where it is not known.
    summary : DataFrame
        A row for everybody, each group and each class: ``people`` whose change is known, those who ``gained`` and
        ``lost``, those for whom it is ``unknown``; ``mean_before``, ``mean_after`` and ``mean_change`` over people with
        both values; ``balance``, the share that gained less the share that lost.
    """

    places: pandas.DataFrame
    summary: pandas.DataFrame


def access_change(
    before: pandas.Series,
    after: pandas.Series,
    *,
    people: pandas.Series,
    better: Literal["more", "less"],
    groups: Mapping[str, pandas.Series] | pandas.DataFrame | None = None,
    classes: pandas.Series | None = None,
    tolerance: float = 0.0,
) -> AccessChange:
    """Compare access before and after: who gained, who lost, by group and by class of place.

    Parameters
    ----------
    before, after : Series
        One value per place, of any measure of access. Both dates must have the same places; their order does not matter.
    people : Series
        Residents of each place.
    better : {"more", "less"}
        Whether more is better, as of jobs within reach, or less, as of minutes to the closest. Of minutes, a missing
        value is out of reach: farther than any other. Of amounts, it is not known.
    groups : mapping or DataFrame, optional
        Members of each group at each place, by name.
    classes : Series, optional
        The class of each place, such as ``Classification.classes["ding"]``; a row for the people of each.
    tolerance : float
        Differences up to it are none, in the unit of the measure.

    Returns
    -------
    AccessChange
        Indexed like ``before``.

    Raises
    ------
    ValueError
        If a place is on one side only, or ``better`` is neither word.
    CommongroundError
        If people or a value is no finite number, people are negative or missing, or the tolerance is negative.

    Examples
    --------
    >>> before, after = pandas.Series({"a": 20.0, "b": 10.0}), pandas.Series({"a": 12.0, "b": 11.0})
    >>> found = access_change(before, after, people=pandas.Series({"a": 100, "b": 50}), better="less")
    >>> found.places
       change outcome
    a    -8.0  gained
    b     1.0    lost
    >>> found.summary[["people", "gained", "lost"]]
               people  gained  lost
    who
    everybody   150.0   100.0  50.0
    """
    if better not in ("more", "less"):
        raise refused(f"better must be 'more' or 'less', not {better!r}")
    index = before.index
    if not index.is_unique or set(index) != set(after.index) or len(after) != len(index):
        raise refused("before and after must have the same places, each once")
    named = {str(name): members for name, members in (groups.items() if groups is not None else ())}
    columns = {"before": before, "after": after.reindex(index), "people": people.reindex(index)}
    columns |= {f"group {at}": members.reindex(index) for at, members in enumerate(named.values())}
    texts = {} if classes is None else {"class": classes.reindex(index)}
    numbers = {name: column.reset_index(drop=True) for name, column in columns.items()}
    batch = to_batch(numbers=numbers, texts={name: text.reset_index(drop=True) for name, text in texts.items()})
    places, rows = _commonground.change_of_access(batch, list(named), bool(texts), better == "less", tolerance)
    summary = pandas.DataFrame(rows, columns=["who", *_SUMMARY]).set_index("who")
    return AccessChange(frame_of(places).set_index(index), summary)
