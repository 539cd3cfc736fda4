"""Cohesion conditions: one index of many indicators, never without what it is made of and how robust it is.

Census and street data show the conditions under which people live side by side, not their attitudes. Scores describe
places. Ranks come with their ranges; indicators about race count only if asked for; where few people live there is no
score.
"""

from __future__ import annotations

import functools
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas
import pyarrow

from commonground import _commonground
from commonground._arrow import frame_of, to_batch
from commonground._progress import Progress, listener

__all__ = [
    "Audit",
    "CohesionIndex",
    "Uncertainty",
    "budget_owed",
    "concentration_index",
    "index",
    "preset",
    "presets",
]

_ID = "__index__"
_RANKS = ["rank_low", "rank_high", "rank_median", "probability_bottom_fifth", "rank"]


@dataclass(frozen=True)
class Uncertainty:
    """How robust ranks are. Made by :meth:`CohesionIndex.uncertainty`.

    Attributes
    ----------
    ranks : DataFrame
        ``rank_low``, ``rank_high`` (5 and 95 % of the draws), ``rank_median``, ``probability_bottom_fifth`` and the
        ``rank`` as defined; 1 is best. NaN where a place has no score.
    pairs_ordered : float
        Share of the pairs of places whose rank intervals do not overlap.
    factors : list of str
        What was varied.
    draws : int
        How often.
    """

    ranks: pandas.DataFrame
    pairs_ordered: float
    factors: list[str]
    draws: int


@dataclass(frozen=True)
class Audit:
    """Whether an index measures what it says. Made by :meth:`CohesionIndex.audit`.

    Attributes
    ----------
    correlations : DataFrame
        Spearman's rank correlation of each pair of indicators on the common scale.
    double_counted : DataFrame
        Pairs beyond 0.9 in either direction: ``first``, ``second``, ``correlation``.
    importance : DataFrame
        By indicator: its ``weight`` in the index, its ``correlation_ratio`` (the share of the variance of the index
        that goes with it) and the ``effective_weight`` that follows.
    first_component : float
        Share of variance that the first principal component explains: near 1, all indicators say one thing.
    """

    correlations: pandas.DataFrame
    double_counted: pandas.DataFrame
    importance: pandas.DataFrame
    first_component: float | None


class CohesionIndex:
    """An index over places. Made by :func:`index`; every table keeps the index of the frame that came in."""

    def __init__(self, inner: _commonground.CohesionIndex, labels: pandas.Index) -> None:
        self._inner = inner
        self._labels = labels

    @property
    def name(self) -> str:
        """What the index is called."""
        return self._inner.name()

    @property
    def definition(self) -> str:
        """The definition as TOML, which :func:`index` and the command line read."""
        return self._inner.definition()

    @property
    def indicators(self) -> list[str]:
        """Names of the indicators that count."""
        return self._inner.indicators()

    @property
    def scores(self) -> pandas.DataFrame:
        """``score``, ``percentile`` ((rank - 1)/(n - 1)), ``coverage`` (share of weight known), ``status``, then each
        pillar by its name. NaN where a place has no score; ``status`` says why."""
        scores = self._table[["score", "percentile", "coverage", "status"]]
        pillars = self._frame(self._inner.part_scores()).iloc[:, :-1]
        return pandas.concat([scores, pillars], axis=1)

    @property
    def percentiles(self) -> pandas.DataFrame:
        """(rank - 1)/(n - 1) of each pillar and, last, of the ``index``, from the lowest score; ties get the lowest of
        their ranks."""
        return self._frame(self._inner.percentiles())

    @property
    def ranks(self) -> pandas.DataFrame:
        """Ranges before ranks: see :attr:`Uncertainty.ranks`."""
        return self.uncertainty().ranks

    @property
    def normalised(self) -> pandas.DataFrame:
        """Each indicator on the common scale."""
        return self._frame(self._inner.normalised())

    @property
    def contributions(self) -> pandas.DataFrame:
        """What each indicator adds to the distance from the place of reference; the sum over a row is
        ``score - reference_score``. The reference has the mean of all places in every indicator."""
        return self._frame(self._inner.contributions())

    @property
    def slopes(self) -> pandas.DataFrame:
        """By how much the index rises for one point of an indicator on the common scale."""
        return self._frame(self._inner.slopes())

    @property
    def reference_score(self) -> float:
        """The index of the place of reference."""
        return self._inner.reference_score()

    @property
    def profile(self) -> pandas.DataFrame:
        """``strongest`` and ``weakest`` indicator, the one that ``would_lift_most`` if it came to the level of the
        best place and the ``lift`` of the index that follows, and ``objections`` if there are any."""
        wanted = ["strongest", "weakest", "would_lift_most", "lift", "objections"]
        return self._table[[column for column in wanted if column in self._table]]

    @property
    def weights(self) -> pandas.Series:
        """Each indicator's share of the weight of the index."""
        return pandas.Series(self._inner.weights(), index=self.indicators, dtype="float64")

    @property
    def treatments(self) -> pandas.DataFrame:
        """What was done to outliers, by indicator: ``method``, values changed at the low and at the high end, bounds."""
        columns = ["method", "low_points", "high_points", "low", "high"]
        return pandas.DataFrame(self._inner.treatments(), index=self.indicators, columns=columns)

    def uncertainty(self, *, progress: Progress = None) -> Uncertainty:
        """Rank intervals from random draws over everything under ``[uncertainty]`` in the definition.

        Parameters
        ----------
        progress : bool or callable, optional
            Whether to show a bar; by default on a terminal and in a notebook only. A callable gets the step, its total
            and how much of it is done, about twenty times a second; an error that it raises stops the work.

        Returns
        -------
        Uncertainty
            The same for the same seed, on any number of threads.
        """
        found = self._drawn if progress is None else self._draw(progress)
        table = self._frame(self._inner.table(found))
        return Uncertainty(table[_RANKS], found.pairs_ordered(), found.factors(), found.draws())

    def sensitivity(self, *, progress: Progress = None) -> pandas.DataFrame:
        """Which choice the ranks depend on.

        Returns
        -------
        DataFrame
            By factor: ``first`` and ``total`` share of the variance of the mean absolute rank shift (Sobol' indices,
            estimated after Saltelli and Jansen), each with its standard error.
        """
        with listener(progress) as tell:
            rows = self._inner.sensitivity(tell)
        columns = ["factor", "first", "first_error", "total", "total_error"]
        return pandas.DataFrame(rows, columns=columns).set_index("factor")

    def audit(self) -> Audit:
        """Correlations, double counting, and what the weights really do."""
        correlations, double_counted, importance, first_component = self._inner.audit()
        names = self.indicators
        columns = ["indicator", "weight", "correlation_ratio", "effective_weight"]
        return Audit(
            pandas.DataFrame(correlations, index=names, columns=names, dtype="float64"),
            pandas.DataFrame(double_counted, columns=["first", "second", "correlation"]),
            pandas.DataFrame(importance, columns=columns).set_index("indicator"),
            first_component,
        )

    def choices(self) -> pandas.DataFrame:
        """What each other choice, taken alone, does to the ranks.

        Returns
        -------
        DataFrame
            ``choice``, ``alternative``, ``mean_shift`` and ``largest_shift`` of ranks, the ``place`` that shifts most
            with its rank ``before`` and ``after``, Spearman's ``correlation`` of both indices, and ``not_possible``
            with the reason where the data does not allow a choice.
        """
        columns = ["choice", "alternative", "mean_shift", "largest_shift", "place", "before", "after", "correlation"]
        return pandas.DataFrame(self._inner.choices(), columns=[*columns, "not_possible"])

    def race(self) -> pandas.DataFrame | None:
        """Scores ``with`` and ``without`` the indicators about race and the ``difference``; None if there are none."""
        both = self._inner.race()
        if both is None:
            return None
        frame = self._frame(both)
        return frame.assign(difference=frame["with"] - frame["without"])

    def to_frame(self) -> pandas.DataFrame:
        """Everything by place in one table, ranges before ranks, as the command line writes it."""
        return self._frame(self._inner.table(self._drawn))

    def to_json(self) -> str:
        """Everything that a page needs to compute the index again under other weights."""
        return self._inner.json(self._drawn)

    @functools.cached_property
    def _drawn(self) -> _commonground.CohesionUncertainty:
        return self._draw(None)

    def _draw(self, progress: Progress) -> _commonground.CohesionUncertainty:
        with listener(progress) as tell:
            return self._inner.uncertainty(tell)

    @functools.cached_property
    def _table(self) -> pandas.DataFrame:
        return self._frame(self._inner.table(None))

    def _frame(self, batch: Any) -> pandas.DataFrame:
        return frame_of(batch).set_index(self._labels)

    def __repr__(self) -> str:
        return f"<CohesionIndex {self.name!r}: {len(self.indicators)} indicators, {len(self._labels)} places>"


def index(
    table: pandas.DataFrame,
    definition: str | os.PathLike[str] | Mapping[str, Any],
    *,
    reference: pandas.DataFrame | None = None,
    objections: pandas.DataFrame | None = None,
) -> CohesionIndex:
    """Compute an index over the places of a table.

    Parameters
    ----------
    table : DataFrame or GeoDataFrame
        One row per place. Missing values are NaN or None. Places are named by the column that the definition calls
        ``id`` if the table has it, by the frame's own index otherwise.
    definition : str, path or mapping
        TOML text, the path of a ``.toml`` file, or a mapping of the same shape. :func:`preset` gives three to start
        from.
    reference : DataFrame, optional
        Another table, such as a base year, that treatment and scales are found on: scores of both are then comparable.
    objections : DataFrame, optional
        What residents say against scores: ``place`` and ``statement``, perhaps ``decided_by``, ``status`` (``open``,
        ``upheld``, ``not_upheld``) and ``date``. It is carried into every output.

    Returns
    -------
    CohesionIndex

    Raises
    ------
    CommongroundError
        If the definition does not hold together or the table does not fit it; it names the indicator, column and row.

    Examples
    --------
    >>> import pandas, commonground
    >>> places = pandas.DataFrame({"minutes": [5.0, 25.0], "shops": [4, 1]}, index=["north", "south"])
    >>> found = commonground.cohesion.index(places, {
    ...     "name": "Everyday life",
    ...     "indicators": [
    ...         {"column": "minutes", "direction": "down"},
    ...         {"column": "shops", "direction": "up"},
    ...     ],
    ... })
    >>> found.scores["score"].tolist()
    [100.0, 0.0]
    """
    crossed = _to_batch(table)
    inner = _commonground.cohesion_index(
        crossed,
        _definition(definition),
        _ID,
        None if reference is None else _to_batch(reference),
        None if objections is None else to_batch(texts={str(name): texts for name, texts in objections.items()}),
    )
    return CohesionIndex(inner, table.index)


def preset(name: str) -> str:
    """The TOML of a ready index: ``five_essentials``, ``displacement_watch`` or ``bridging``.

    Examples
    --------
    >>> preset("five_essentials").splitlines()[0]
    "# Daily needs: which share of residents lacks each of five essentials within 15 minutes' walk."
    """
    return _commonground.cohesion_preset(name)


def presets() -> list[str]:
    """Names of the presets.

    Examples
    --------
    >>> presets()
    ['five_essentials', 'displacement_watch', 'bridging']
    """
    return _commonground.cohesion_presets()


def concentration_index(spending: pandas.Series, *, need: pandas.Series, people: pandas.Series) -> float | None:
    """Concentration index of spending per head, with places in order of need.

    Parameters
    ----------
    spending : Series
        Money per head, >= 0.
    need : Series
        Any number that is higher where more is needed; aligned by index.
    people : Series
        Residents, who each count as one; aligned by index.

    Returns
    -------
    float or None
        From -1 to 1: above 0 the neediest get more per head than others. None if nobody lives anywhere.

    Examples
    --------
    >>> spending, need, people = pandas.Series([10.0, 30.0]), pandas.Series([1.0, 2.0]), pandas.Series([10.0, 10.0])
    >>> concentration_index(spending, need=need, people=people)
    0.25
    """
    return _commonground.budget_concentration(_budget(spending, need, people))


def budget_owed(spending: pandas.Series, *, need: pandas.Series, people: pandas.Series) -> pandas.Series:
    """What each place would have got more than it did, had the same money followed need.

    Parameters
    ----------
    spending, need, people
        As for :func:`concentration_index`; need is >= 0, and twice the need earns twice the money per head.

    Returns
    -------
    Series
        Money, negative where a place got more than its share; sums to 0. Indexed like ``spending``.

    Examples
    --------
    >>> spending, need, people = pandas.Series([10.0, 30.0]), pandas.Series([1.0, 1.0]), pandas.Series([10.0, 10.0])
    >>> budget_owed(spending, need=need, people=people).to_list()
    [100.0, -100.0]
    """
    owed = _commonground.budget_owed(_budget(spending, need, people))
    return pandas.Series(owed, index=spending.index, dtype="float64", name="owed")


def _budget(spending: pandas.Series, need: pandas.Series, people: pandas.Series) -> pyarrow.RecordBatch:
    aligned = {"need": need.reindex(spending.index), "people": people.reindex(spending.index)}
    return to_batch(numbers={"spending": spending, **aligned})


def _definition(definition: str | os.PathLike[str] | Mapping[str, Any]) -> str:
    if isinstance(definition, Mapping):
        return json.dumps(definition)
    if isinstance(definition, str) and not (definition.endswith(".toml") and "\n" not in definition):
        return definition
    return Path(definition).read_text(encoding="utf-8")


def _to_batch(table: pandas.DataFrame) -> pyarrow.RecordBatch:
    numbers: dict[str, pandas.Series] = {}
    integers: dict[str, pandas.Series] = {}
    texts: dict[str, pandas.Series | pandas.Index] = {}
    for name in table.columns:
        column = table[name]
        if str(column.dtype) == "geometry":
            continue
        if pandas.api.types.is_bool_dtype(column) or pandas.api.types.is_integer_dtype(column):
            integers[str(name)] = column.astype("Int64")
        elif pandas.api.types.is_numeric_dtype(column):
            numbers[str(name)] = column
        else:
            texts[str(name)] = column.map(str, na_action="ignore")
    texts[_ID] = table.index.map(str)
    return to_batch(numbers=numbers, integers=integers, texts=texts)
