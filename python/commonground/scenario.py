"""A changed city beside the one that it came from: who stays, who comes, who leaves, who wins and who loses."""

from __future__ import annotations

import pandas

from commonground._arrow import to_batch
from commonground._commonground import decide as _decide

__all__ = ["decompose"]


def decompose(
    before: pandas.Series,
    after: pandas.Series,
    *,
    people_before: pandas.Series,
    people_after: pandas.Series,
    better: str = "less",
    tolerance: float = 0.0,
) -> pandas.Series:
    """The change of a mean taken apart, exactly: change for those who stay, what newcomers find, what leavers lose.

    Parameters
    ----------
    before, after : Series
        A measure by home; NaN where it is not known.
    people_before, people_after : Series
        Members of a group, or everybody, by home. Of a demolished home there are none after, of a new one none before.
    better : {"less", "more"}
        Whether less is better, as of minutes.
    tolerance : float
        Differences up to it are none.

    Returns
    -------
    Series
        ``stayers``, ``newcomers``, ``leavers``; ``mean_before``, ``mean_after``; the means of each; the parts
        ``change_for_stayers``, ``change_by_newcomers``, ``change_by_leavers``, of which the sum is the change of the mean;
        ``unknown``; and of those who stay ``gained``, ``lost``, ``same``, ``won`` and ``forgone`` (person-minutes, of minutes).
    """
    if better not in ("less", "more"):
        raise ValueError(f"better must be 'less' or 'more', not {better!r}")
    index = before.index.union(after.index, sort=False)
    columns = {
        "before": before.reindex(index),
        "after": after.reindex(index),
        "people_before": people_before.reindex(index, fill_value=0),
        "people_after": people_after.reindex(index, fill_value=0),
    }
    batch = to_batch(numbers={name: column.to_numpy() for name, column in columns.items()})
    rows = _decide.decompose_change(batch, better == "less", float(tolerance))
    return pandas.Series(dict(rows), dtype="float64")
