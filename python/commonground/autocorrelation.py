"""Whether like lies beside like, in the city as a whole and where.

Every function takes one value per place (a Series; missing values are left out) and the :class:`Weights` that say which
places are neighbours. Values and weights are matched by label, so their order may differ. Results carry the index of
the values.
"""

from __future__ import annotations

import dataclasses
from typing import Any, Literal

import geopandas
import pandas
import pyarrow

from commonground import _commonground
from commonground._arrow import frame_of, to_batch
from commonground._errors import refused
from commonground._progress import Progress, listener

__all__ = [
    "GlobalStatistic",
    "JoinCounts",
    "Weights",
    "clusters",
    "false_discovery",
    "geary",
    "general_g",
    "join_counts",
    "local_getis_ord",
    "local_moran",
    "moran",
    "rates",
]

Kernel = Literal["uniform", "triangular", "epanechnikov", "quartic", "gaussian", "exponential"]


class Weights:
    """Which places are neighbours, and how much each counts.

    Made by :meth:`queen`, :meth:`rook`, :meth:`k_nearest`, :meth:`distance_band`, :meth:`kernel`, :meth:`network` or
    :meth:`from_adjacency`. A place is never its own neighbour.

    Examples
    --------
    >>> along = pandas.Series(1.0, pandas.MultiIndex.from_tuples([("a", "b"), ("b", "a")]))
    >>> Weights.from_adjacency(along, index=pandas.Index(["a", "b", "alone"]))
    Weights(3 places, 2 links, 1 islands)
    """

    def __init__(self, inner: Any, index: pandas.Index) -> None:
        self._inner = inner
        self.index = index

    @classmethod
    def queen(cls, places: geopandas.GeoDataFrame | geopandas.GeoSeries, *, snap_metres: float | None = None) -> Weights:
        """Neighbours share a corner or an edge.

        Parameters
        ----------
        places : GeoDataFrame or GeoSeries
            Polygons; the index must be unique.
        snap_metres : float, optional
            Borders this close count as common, which bridges slivers. Without it coordinates must be the same.
        """
        batch, index = _geometry(places)
        return cls(_commonground.Weights.contiguity(batch, False, snap_metres), index)

    @classmethod
    def rook(cls, places: geopandas.GeoDataFrame | geopandas.GeoSeries, *, snap_metres: float | None = None) -> Weights:
        """Neighbours share an edge; see :meth:`queen`."""
        batch, index = _geometry(places)
        return cls(_commonground.Weights.contiguity(batch, True, snap_metres), index)

    @classmethod
    def k_nearest(cls, places: geopandas.GeoDataFrame | geopandas.GeoSeries, *, k: int) -> Weights:
        """The `k` nearest places, of points; polygons stand at their centroids."""
        batch, index = _geometry(places, as_points=True)
        return cls(_commonground.Weights.k_nearest(batch, k), index)

    @classmethod
    def distance_band(
        cls, places: geopandas.GeoDataFrame | geopandas.GeoSeries, *, bandwidth_metres: float
    ) -> Weights:
        """Every place within a distance (inclusive), with weight 1; polygons stand at their centroids."""
        return cls.kernel(places, bandwidth_metres=bandwidth_metres, kernel="uniform")

    @classmethod
    def kernel(
        cls,
        places: geopandas.GeoDataFrame | geopandas.GeoSeries,
        *,
        bandwidth_metres: float,
        kernel: Kernel = "triangular",
    ) -> Weights:
        """Every place within a distance, weighted by a kernel; polygons stand at their centroids."""
        batch, index = _geometry(places, as_points=True)
        return cls(_commonground.Weights.kernel(batch, bandwidth_metres, kernel), index)

    @classmethod
    def network(
        cls,
        minutes: pandas.Series | pandas.DataFrame,
        *,
        index: pandas.Index,
        bandwidth_minutes: float,
        kernel: Kernel = "uniform",
    ) -> Weights:
        """Places within a travel time of each other.

        Parameters
        ----------
        minutes : Series or DataFrame
            Travel times, indexed by origin and destination; pairs that were not reached are left out. Or the table of
            :meth:`StreetNetwork.travel_times`, with columns ``origin``, ``place`` and ``minutes``.
        index : Index
            All places, in the order that results shall have.
        """
        if isinstance(minutes, pandas.DataFrame):
            minutes = minutes.set_index(["origin", "place"])["minutes"]
        batch, index = _links(minutes, index)
        return cls(_commonground.Weights.network(len(index), batch, bandwidth_minutes, kernel), index)

    @classmethod
    def from_adjacency(cls, adjacency: pandas.Series, *, index: pandas.Index) -> Weights:
        """Weights that other software found.

        Parameters
        ----------
        adjacency : Series
            Weights, indexed by place and neighbour, as in ``libpysal.graph.Graph.adjacency``. Links of a place with
            itself are passed over.
        index : Index
            All places; those without a link are islands.
        """
        own = adjacency.index.get_level_values(0) == adjacency.index.get_level_values(1)
        batch, index = _links(adjacency[~own], index)
        return cls(_commonground.Weights.from_links(len(index), batch), index)

    @property
    def islands(self) -> list[Any]:
        """Labels of the places without a neighbour."""
        return list(self.index[self._inner.islands()])

    @property
    def adjacency(self) -> pandas.Series:
        """The weight of every link, indexed by ``focal`` and ``neighbour``."""
        links = frame_of(self._inner.links())
        labels = [self.index.take(links[name].to_numpy()) for name in ("focal", "neighbour")]
        index = pandas.MultiIndex.from_arrays(labels, names=["focal", "neighbour"])
        return pandas.Series(links["weight"].to_numpy(), index=index, name="weight")

    def row_standardised(self) -> Weights:
        """Make the weights of each place sum to 1."""
        return Weights(self._inner.row_standardised(), self.index)

    def binary(self) -> Weights:
        """Make every weight 1."""
        return Weights(self._inner.binary(), self.index)

    def with_islands(self, policy: Literal["keep", "leave out", "refuse"]) -> Weights:
        """Say what statistics do with islands: keep them in mean and variance, leave them out, or raise."""
        return Weights(self._inner.with_islands(policy), self.index)

    def with_islands_joined(self, places: geopandas.GeoDataFrame | geopandas.GeoSeries) -> Weights:
        """Link every island with the place nearest to it."""
        batch, index = _geometry(places, as_points=True)
        if not index.equals(self.index):
            raise refused("the places are not those of the weights, in their order")
        return Weights(self._inner.with_islands_joined(batch), self.index)

    def __len__(self) -> int:
        return len(self.index)

    def __repr__(self) -> str:
        return f"Weights({len(self)} places, {len(self.adjacency)} links, {len(self.islands)} islands)"


@dataclasses.dataclass(frozen=True)
class GlobalStatistic:
    """A global statistic with its tests, made by :func:`moran`, :func:`geary` and :func:`general_g`.

    P-values are two-sided unless their name says otherwise.

    Fields of a test that was not made are NaN.
    """

    value: float
    places: float
    expected: float
    variance_normality: float
    z_normality: float
    p_normality: float
    variance_randomisation: float
    z_randomisation: float
    p_randomisation: float
    draws: float
    mean_of_draws: float
    standard_deviation_of_draws: float
    p_permutation_two_sided: float
    p_permutation_greater: float
    p_permutation_less: float


@dataclasses.dataclass(frozen=True)
class JoinCounts:
    """Joins between neighbours: both yes, one of each, both no. Made by :func:`join_counts`."""

    yes_yes: float
    yes_no: float
    no_no: float
    joins: float
    expected_yes_yes: float
    expected_yes_no: float
    expected_no_no: float
    chi_squared: float
    p_chi_squared: float
    test_yes_yes: dict[str, float]
    test_yes_no: dict[str, float]


def moran(
    values: pandas.Series,
    weights: Weights,
    *,
    permutations: int | None = None,
    seed: int = 0,
    stop_after: int | None = None,
    progress: Progress = None,
) -> GlobalStatistic | None:
    """Moran's I: 1 where like lies beside like, about 0 in a random order.

    Parameters
    ----------
    values : Series
        One number per place, labelled like the weights; missing values are left out.
    permutations : int, optional
        Random orders to compare with.
    seed : int
        The same seed gives the same result.
    stop_after : int, optional
        Stop when so many draws have reached the statistic from either side.
    progress : bool or callable, optional
        Show a progress bar; by default where somebody watches. Ctrl-C stops.

    Returns
    -------
    GlobalStatistic or None
        None if fewer than four places have a value, all have the same, or nobody has a neighbour.

    Examples
    --------
    >>> values = pandas.Series({"a": 1.0, "b": 1.0, "c": 5.0, "d": 5.0})
    >>> along = pandas.Series(
    ...     1.0, pandas.MultiIndex.from_tuples([("a", "b"), ("b", "a"), ("b", "c"), ("c", "b"), ("c", "d"), ("d", "c")])
    ... )
    >>> weights = Weights.from_adjacency(along, index=values.index)
    >>> round(moran(values, weights).value, 3)
    0.333
    """
    return _global("moran", values, weights, permutations, seed, stop_after, progress)


def geary(
    values: pandas.Series,
    weights: Weights,
    *,
    permutations: int | None = None,
    seed: int = 0,
    stop_after: int | None = None,
    progress: Progress = None,
) -> GlobalStatistic | None:
    """Geary's C: below 1 where neighbours differ less than in a random order; see :func:`moran`.

    Examples
    --------
    >>> values = pandas.Series({"a": 1.0, "b": 1.0, "c": 5.0, "d": 5.0})
    >>> along = pandas.Series(
    ...     1.0, pandas.MultiIndex.from_tuples([("a", "b"), ("b", "a"), ("b", "c"), ("c", "b"), ("c", "d"), ("d", "c")])
    ... )
    >>> weights = Weights.from_adjacency(along, index=values.index)
    >>> round(geary(values, weights).value, 3)
    0.5
    """
    return _global("geary", values, weights, permutations, seed, stop_after, progress)


def general_g(
    values: pandas.Series,
    weights: Weights,
    *,
    permutations: int | None = None,
    seed: int = 0,
    stop_after: int | None = None,
    progress: Progress = None,
) -> GlobalStatistic | None:
    """Getis and Ord's general G: whether high values gather, or low ones; see :func:`moran`.

    Examples
    --------
    >>> values = pandas.Series({"a": 1.0, "b": 1.0, "c": 5.0, "d": 5.0})
    >>> along = pandas.Series(
    ...     1.0, pandas.MultiIndex.from_tuples([("a", "b"), ("b", "a"), ("b", "c"), ("c", "b"), ("c", "d"), ("d", "c")])
    ... )
    >>> weights = Weights.from_adjacency(along, index=values.index)
    >>> round(general_g(values, weights).value, 3)
    0.674
    """
    return _global("general_g", values, weights, permutations, seed, stop_after, progress)


def join_counts(
    answers: pandas.Series,
    weights: Weights,
    *,
    permutations: int | None = None,
    seed: int = 0,
    stop_after: int | None = None,
    progress: Progress = None,
) -> JoinCounts | None:
    """Count neighbours alike in a yes-or-no (Series of bool); see :func:`moran`.

    Examples
    --------
    >>> values = pandas.Series({"a": 1.0, "b": 1.0, "c": 5.0, "d": 5.0})
    >>> along = pandas.Series(
    ...     1.0, pandas.MultiIndex.from_tuples([("a", "b"), ("b", "a"), ("b", "c"), ("c", "b"), ("c", "d"), ("d", "c")])
    ... )
    >>> weights = Weights.from_adjacency(along, index=values.index)
    >>> found = join_counts(values > 2, weights)
    >>> found.yes_yes, found.yes_no, found.no_no
    (1.0, 1.0, 1.0)
    """
    batch = _values(answers.astype("object").map({True: 1.0, False: 0.0}), weights)
    with listener(progress) as tell:
        found = _commonground.join_counts(batch, weights._inner, _draws(permutations, seed, stop_after), tell)
    if found is None:
        return None
    counts, yes_yes, yes_no = (_numbers(named) for named in found)
    return JoinCounts(**counts, test_yes_yes=yes_yes, test_yes_no=yes_no)


def local_moran(
    values: pandas.Series,
    weights: Weights,
    *,
    permutations: int | None = 999,
    seed: int = 0,
    stop_after: int | None = None,
    progress: Progress = None,
) -> pandas.DataFrame:
    """Local Moran: where like lies beside like, and where a place stands out among its neighbours.

    Parameters
    ----------
    values, permutations, seed, stop_after, progress
        As for :func:`moran`; draws are conditional on the value of the place itself.

    Returns
    -------
    DataFrame
        Indexed like the values: ``local_moran``, ``quadrant`` (``high among high``, ...), ``p`` (two-sided),
        ``p_adjusted`` (for false discoveries), ``p_directed`` (one side, as PySAL's default), ``draws``. NaN for places
        without value or neighbours.

    Examples
    --------
    >>> values = pandas.Series({"a": 1.0, "b": 1.0, "c": 5.0, "d": 5.0})
    >>> along = pandas.Series(
    ...     1.0, pandas.MultiIndex.from_tuples([("a", "b"), ("b", "a"), ("b", "c"), ("c", "b"), ("c", "d"), ("d", "c")])
    ... )
    >>> weights = Weights.from_adjacency(along, index=values.index)
    >>> local_moran(values, weights, permutations=None)["local_moran"].abs().to_list()
    [0.75, 0.0, 0.0, 0.75]
    """
    batch = _values(values, weights)
    with listener(progress) as tell:
        table = _commonground.local_moran(batch, weights._inner, _draws(permutations, seed, stop_after), tell)
    return _local(table, weights, values.index)


def local_getis_ord(
    values: pandas.Series,
    weights: Weights,
    *,
    star: bool = True,
    permutations: int | None = None,
    seed: int = 0,
    stop_after: int | None = None,
    progress: Progress = None,
) -> pandas.DataFrame:
    """Local G* (or G without the place itself): hot spots and cold spots.

    Returns
    -------
    DataFrame
        Indexed like the values: ``share``, ``z``, ``z_of_equal_draws`` (PySAL's ``Zs``, which differs for weights that
        are not binary), and the columns about draws of :func:`local_moran`.

    Examples
    --------
    >>> values = pandas.Series({"a": 1.0, "b": 1.0, "c": 5.0, "d": 5.0})
    >>> along = pandas.Series(
    ...     1.0, pandas.MultiIndex.from_tuples([("a", "b"), ("b", "a"), ("b", "c"), ("c", "b"), ("c", "d"), ("d", "c")])
    ... )
    >>> weights = Weights.from_adjacency(along, index=values.index)
    >>> local_getis_ord(values, weights)["z"].round(3).to_list()
    [-1.732, -1.0, 1.0, 1.732]
    """
    batch = _values(values, weights)
    with listener(progress) as tell:
        table = _commonground.local_getis_ord(batch, weights._inner, star, _draws(permutations, seed, stop_after), tell)
    return _local(table, weights, values.index)


def clusters(
    frame: geopandas.GeoDataFrame,
    column: str,
    weights: Weights | None = None,
    *,
    permutations: int = 9999,
    seed: int = 0,
    false_discovery_rate: float = 0.05,
    progress: Progress = None,
) -> geopandas.GeoDataFrame:
    """Map the clusters of a column: significant places by local Moran with false discoveries controlled.

    Parameters
    ----------
    weights : Weights, optional
        Row-standardised queen neighbours of the frame if left out.

    Returns
    -------
    GeoDataFrame
        The frame with the columns of :func:`local_moran` and ``cluster``: the quadrant where it is significant, ``not
        significant`` elsewhere, missing where there is no result.

    Examples
    --------
    >>> squares = geopandas.GeoDataFrame(
    ...     {"rent": [1.0, 1.0, 5.0, 5.0]}, geometry=[shapely.box(x, 0, x + 1, 1) for x in range(4)]
    ... )
    >>> clusters(squares, "rent", permutations=99)["cluster"].to_list()
    ['not significant', 'not significant', 'not significant', 'not significant']
    """
    if weights is None:
        weights = Weights.queen(frame).row_standardised()
    found = local_moran(frame[column], weights, permutations=permutations, seed=seed, progress=progress)
    found["cluster"] = found["quadrant"].where(found["p_adjusted"] <= false_discovery_rate, "not significant")
    found["cluster"] = found["cluster"].where(found["quadrant"].notna(), None)
    return frame.join(found)


def false_discovery(p_values: pandas.Series, *, rate: float = 0.05) -> tuple[pandas.Series, float]:
    """Adjust p-values for false discoveries (Benjamini & Hochberg 1995).

    Returns
    -------
    Series, float
        Adjusted p-values, and the cut-off for the given ones at `rate`, as ``esda.fdr``.

    Examples
    --------
    >>> adjusted, limit = false_discovery(pandas.Series([0.001, 0.02, 0.6]))
    >>> adjusted.round(3).to_list(), round(limit, 4)
    ([0.003, 0.03, 0.6], 0.0333)
    """
    batch, threshold = _commonground.false_discovery(to_batch(numbers={"value": p_values}), rate)
    adjusted = frame_of(batch)["p_adjusted"]
    return pandas.Series(adjusted.to_numpy(), index=p_values.index, name="p_adjusted"), threshold


def rates(events: pandas.Series, people: pandas.Series) -> pandas.DataFrame:
    """Rates of events among people: raw, smoothed (Marshall 1991), standardised (Assunção & Reis 1999).

    Moran's I of ``standardised_rate`` is not misled by places with few people.

    Examples
    --------
    >>> rates(pandas.Series({"a": 1, "b": 9}), pandas.Series({"a": 100, "b": 300})).round(4)
       rate  smoothed_rate  standardised_rate
    a  0.01          0.025            -1.0607
    b  0.03          0.025             0.8660
    """
    people = people.reindex(events.index) if not people.index.equals(events.index) else people
    table = _commonground.rates(to_batch(numbers={"events": events, "people": people}))
    return frame_of(table).set_axis(events.index, axis=0)


def _geometry(places: Any, as_points: bool = False) -> tuple[pyarrow.RecordBatch, pandas.Index]:
    geometry = places.geometry
    if as_points and not (geometry.geom_type == "Point").all():
        geometry = geopandas.GeoSeries(geometry.to_numpy(), index=geometry.index).centroid
    return to_batch(geometry=geometry), _unique(geometry.index)


def _unique(index: pandas.Index) -> pandas.Index:
    if not index.is_unique:
        twice = index[index.duplicated()][0]
        raise refused(f"the label {twice!r} stands twice in the index; every place needs one of its own")
    return index


def _links(values: pandas.Series, index: pandas.Index) -> tuple[pyarrow.RecordBatch, pandas.Index]:
    index = _unique(pandas.Index(index))
    ends = {}
    for level, name in enumerate(("focal", "neighbour")):
        labels = values.index.get_level_values(level)
        ends[name] = index.get_indexer(labels)
        if (ends[name] < 0).any():
            raise refused(f"the links name {labels[ends[name] < 0][0]!r}, which is not in the index")
    return to_batch(numbers={"weight": values.to_numpy()}, integers=ends), index


def _values(values: pandas.Series, weights: Weights) -> pyarrow.RecordBatch:
    _unique(values.index)
    if len(values) != len(weights) or not values.index.isin(weights.index).all():
        raise refused("values and weights must have the same labels")
    return to_batch(numbers={"value": values.reindex(weights.index)})


def _draws(permutations: int | None, seed: int, stop_after: int | None) -> tuple[int, int, int | None] | None:
    return None if permutations is None else (permutations, seed, stop_after)


def _numbers(named: list[tuple[str, float | None]]) -> dict[str, float]:
    return {name: float("nan") if number is None else number for name, number in named}


def _global(
    name: str,
    values: pandas.Series,
    weights: Weights,
    permutations: int | None,
    seed: int,
    stop_after: int | None,
    progress: Progress,
) -> GlobalStatistic | None:
    draws = _draws(permutations, seed, stop_after)
    with listener(progress) as tell:
        found = _commonground.global_statistic(name, _values(values, weights), weights._inner, draws, tell)
    return None if found is None else GlobalStatistic(**_numbers(found))


def _local(table: Any, weights: Weights, index: pandas.Index) -> pandas.DataFrame:
    frame = frame_of(table).set_axis(weights.index, axis=0)
    return frame.reindex(index)
