"""Who is being priced out: published definitions over a panel of neighbourhoods, with their reasons and their doubts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas

from commonground import _commonground
from commonground._arrow import ArrowBatch, frame_of, to_batch
from commonground._assess import _FINDING_COLUMNS
from commonground._errors import refused
from commonground._progress import Progress, listener

__all__ = ["Classification", "METHODS", "classify", "share_below", "us_consumer_prices"]

METHODS: tuple[str, ...] = tuple(_commonground.gentrification_methods())
"""Names of the published definitions."""


class Classification:
    """Classes of every neighbourhood by one or more definitions. Made by :func:`classify`.

    Where a method is asked for, it is the name of one of the definitions; the first by default.
    """

    def __init__(self, inner: _commonground.Classified, index: pandas.Index) -> None:
        self._inner = inner
        self._index = index
        self._names = [name for name, *_ in inner.definitions()]

    @property
    def definitions(self) -> pandas.DataFrame:
        """Title, source and years of each definition, indexed by its name."""
        rows = self._inner.definitions()
        return pandas.DataFrame(rows, columns=["name", "title", "source", "years"]).set_index("name")

    @property
    def classes(self) -> pandas.DataFrame:
        """One column per definition with the class of every neighbourhood; missing where an unknown value decides."""
        columns = {name: self._inner.codes(number) for number, name in enumerate(self._names)}
        return pandas.DataFrame(columns, index=self._index, dtype="object")

    @property
    def agreement(self) -> pandas.DataFrame:
        """``share`` of the applicable definitions that say the neighbourhood gentrifies; ``flagged_by``; ``applicable``.

        A definition applies where it could say so: not where a neighbourhood is not eligible by it, has too few residents,
        or a missing value decides. Where none applies, ``share`` is missing.
        """
        columns = ["share", "flagged_by", "applicable"]
        frame = pandas.DataFrame(self._inner.agreement(), columns=columns, index=self._index)
        return frame.astype({"share": "float64"})

    @property
    def applies(self) -> pandas.DataFrame:
        """One column per definition: whether it judges the neighbourhood; missing where a missing value decides."""
        columns = {name: self._inner.applies(number) for number, name in enumerate(self._names)}
        return pandas.DataFrame(columns, index=self._index, dtype="boolean")

    @property
    def findings(self) -> pandas.DataFrame:
        """What was read as missing, assumed, or computed from too little."""
        return pandas.DataFrame(self._inner.findings(), columns=_FINDING_COLUMNS)

    def labels(self, method: str | None = None) -> pandas.DataFrame:
        """Meaning of each class, and whether it says that the neighbourhood gentrifies, indexed by its code."""
        rows = self._inner.labels(self._number(method))
        return pandas.DataFrame(rows, columns=["code", "label", "flags"]).set_index("code")

    def conditions(self, method: str | None = None) -> pandas.DataFrame:
        """Each condition of a definition: true, false or missing."""
        return self._frame(self._inner.conditions(self._number(method)))

    def scores(self, method: str | None = None) -> pandas.DataFrame:
        """Each score of a definition; ``risk`` has several."""
        return self._frame(self._inner.scores(self._number(method)))

    def thresholds(self, method: str | None = None) -> pandas.Series:
        """The medians, quantiles and sums of the reference set that a definition compares with."""
        return pandas.Series(dict(self._inner.thresholds(self._number(method))), dtype="float64")

    def explain(self, id: object, *, method: str | None = None) -> pandas.DataFrame:
        """Why a neighbourhood has its class.

        Parameters
        ----------
        id : object
            Its label in the index.
        method : str, optional
            Name of a definition.

        Returns
        -------
        DataFrame
            One row per comparison: ``in_words``, ``value``, ``threshold``, ``margin``, ``holds`` and ``would_become``, the
            class if only this comparison came out the other way; nearest first. The class stands in ``attrs["class"]``, the
            conditions in ``attrs["conditions"]``.

        Raises
        ------
        CommongroundError
            If no neighbourhood has the id.
        """
        code, conditions, rows = self._inner.explain(self._number(method), str(id))
        columns = ["comparison", "in_words", "value", "threshold", "margin", "holds", "would_become"]
        frame = pandas.DataFrame(rows, columns=columns).set_index("comparison")
        frame.attrs["class"] = code
        frame.attrs["conditions"] = dict(conditions)
        return frame

    def probabilities(
        self,
        method: str | None = None,
        *,
        draws: int = 1000,
        seed: int = 0,
        redraw_thresholds: bool = False,
        progress: Progress = None,
    ) -> pandas.DataFrame:
        """How often each class comes out when every number is drawn within its margin of error.

        Parameters
        ----------
        method : str, optional
            Name of a definition.
        draws : int
            1 to 65,535.
        seed : int
            Same seed, same draws, on any number of threads.
        redraw_thresholds : bool
            Whether the medians of the reference set are drawn too.
        progress : bool or callable, optional
            Whether to show a bar; by default on a terminal and in a notebook only. A callable gets the step, its total
            and how much of it is done, about twenty times a second; an error that it raises stops the work.

        Returns
        -------
        DataFrame
            One column per class and one for ``unknown``; ``flip_share``, the share of draws in another class than the
            estimates; ``robust``, whether that is at most one in five.

        Raises
        ------
        CommongroundError
            If no column has a margin of error.
        """
        with listener(progress) as tell:
            batch = self._inner.probabilities(self._number(method), draws, seed, redraw_thresholds, tell)
        return self._frame(batch)

    def _number(self, method: str | None) -> int:
        if method is None:
            return 0
        if method not in self._names:
            raise refused(f"{method!r} was not computed; there are {', '.join(self._names)}")
        return self._names.index(method)

    def _frame(self, batch: ArrowBatch) -> pandas.DataFrame:
        frame = frame_of(batch)
        return frame.set_index(self._index) if len(frame.columns) else pandas.DataFrame(index=self._index)


def classify(
    panel: pandas.DataFrame,
    *,
    method: str | Sequence[str] = "udp",
    years: Sequence[int] | None = None,
    reference: pandas.Series | Sequence[bool] | Mapping[str, float] | None = None,
    prices: Mapping[int, float] | pandas.Series | None = None,
    money_years: Mapping[int, int] | None = None,
    neighbours: Mapping[object, Sequence[object]] | None = None,
) -> Classification:
    """Classify every neighbourhood of a panel by one or more definitions.

    Parameters
    ----------
    panel : DataFrame
        One row per neighbourhood, indexed by its id; columns named by quantity and year, ``median_rent_2018``, and their
        90 % margins of error, ``median_rent_2018_moe``. Or one row per neighbourhood and year, with a column ``year``.
        Columns without a year are left out. Shares lie between 0 and 1; missing values are empty, and codes such as
        -666666666 are read as missing (``udp_2018_compat`` reads them as numbers, as they were published).
    method : str or sequence of str
        One or more of :data:`METHODS`, or the TOML of a definition of your own.
    years : sequence of int, optional
        The years that the definition compares; by default those of the panel, for two dates the first and the last.
    reference : Series of bool or mapping, optional
        The neighbourhoods whose medians are the thresholds, all by default; or thresholds that are fixed, by the text
        that names them in :meth:`Classification.thresholds`.
    prices : mapping or Series, optional
        Price level by year, to compare money of different years; see :func:`us_consumer_prices`.
    money_years : mapping, optional
        The year of the money of a date, where it is another: ``{1990: 1989}`` for a census that asks for last year's.
    neighbours : mapping, optional
        Ids that touch each id, as in ``libpysal.weights.W.neighbors``.

    Returns
    -------
    Classification
        Indexed like the panel.

    Raises
    ------
    CommongroundError
        If a column is absent, a value out of its range, the years do not fit, or money of two years is compared without
        prices.

    Examples
    --------
    >>> years = {year: pandas.read_csv(f"data/millbrook/census_{year}.csv", index_col="id") for year in (2010, 2020)}
    >>> panel = pandas.concat([table.assign(year=year) for year, table in years.items()])
    >>> found = classify(panel, method="freeman", prices={2010: 1.0, 2020: 1.2})
    >>> found.classes["freeman"].value_counts().to_dict()
    {'not gentrifiable': 31, 'not gentrifying': 4, 'gentrifying': 4}
    """
    if "year" in panel.columns:
        panel = _wide(panel)
    numeric = panel.select_dtypes(include=["number", "bool"])
    numeric = numeric.rename(columns=str)
    rows: list[bool] | None = None
    fixed: dict[str, float] = {}
    if isinstance(reference, Mapping):
        fixed = dict(reference)
    elif isinstance(reference, pandas.Series):
        rows = [bool(value) for value in reference.reindex(panel.index, fill_value=False)]
    elif reference is not None:
        rows = [bool(value) for value in reference]
    inner = _commonground.gentrification_classify(
        to_batch(numbers={str(name): column for name, column in numeric.items()}, texts={"id": [str(label) for label in panel.index]}),
        [str(name) for name in numeric.columns],
        [method] if isinstance(method, str) else list(method),
        years=None if years is None else list(years),
        reference=rows,
        fixed=fixed,
        prices={} if prices is None else {int(str(year)): float(level) for year, level in prices.items()},
        money_years=dict(money_years or {}),
        neighbours=None if neighbours is None else _rows_of(neighbours, panel.index),
    )
    return Classification(inner, panel.index)


def share_below(bins: pandas.DataFrame, *, upper_bounds: Sequence[float], cutoff: float) -> pandas.Series:
    """Share of households below an income, from the bins of a census; the bin of the cutoff is split evenly.

    Parameters
    ----------
    bins : DataFrame
        One row per neighbourhood, one column per bin with its households, lowest first.
    upper_bounds : sequence of float
        Of the bins but the last, rising.
    cutoff : float
        Most often 80 % or 120 % of the regional median income.

    Returns
    -------
    Series
        Indexed like ``bins``; NaN where a count is missing or there are no households.

    Raises
    ------
    CommongroundError
        If bounds and bins do not fit, a count is negative, or the cutoff lies in the last bin, where nothing is known.

    Examples
    --------
    >>> share_below(
    ...     pandas.DataFrame({"to 20,000": [10], "to 40,000": [20], "more": [10]}),
    ...     upper_bounds=[20_000, 40_000],
    ...     cutoff=30_000,
    ... ).round(3).to_list()
    [0.5]
    """
    bins = bins.rename(columns=str)
    batch = to_batch(numbers={str(name): column.reset_index(drop=True) for name, column in bins.items()})
    shares = _commonground.share_below_income(batch, list(bins.columns), list(map(float, upper_bounds)), cutoff)
    return pandas.Series(shares, index=bins.index, dtype="float64")


def us_consumer_prices() -> pandas.Series:
    """Consumer prices in the United States by year: CPI-U, all items, annual average (Bureau of Labor Statistics).

    Examples
    --------
    >>> float(us_consumer_prices()[2018])
    251.107
    """
    return pandas.Series(_commonground.us_consumer_prices(), dtype="float64").rename_axis("year")


def _wide(panel: pandas.DataFrame) -> pandas.DataFrame:
    ids = panel.index
    order = pandas.Index(ids.unique(), name=ids.name)
    numbers = panel.select_dtypes("number").set_index("year", append=True)
    wide = {}
    for name, column in numbers.items():
        quantity, moe = (str(name)[:-4], "_moe") if str(name).endswith("_moe") else (str(name), "")
        by_year = column.unstack("year")
        wide.update({f"{quantity}_{year}{moe}": by_year[year] for year in by_year.columns})
    return pandas.DataFrame(wide).reindex(order)


def _rows_of(neighbours: Mapping[object, Sequence[object]], index: pandas.Index) -> list[list[int]]:
    row_of = {label: row for row, label in enumerate(index)}
    return [[row_of[other] for other in neighbours.get(label, ()) if other in row_of] for label in index]
