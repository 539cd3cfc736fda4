"""Residential segregation: who lives among whom, in the places of a city and around them.

Every function takes a table with one row per place and one column of counts per group. ``groups`` names the columns; with
``total`` those who are in no group are the others, without it the groups are everybody. Two-group indices read the first
group against everybody else. Results keep the table's index; a place where nobody lives has NaN.

No index should be read without :func:`randomise`: all of them grow as places get smaller, even if nobody is separated
(50 people a place: dissimilarity 0.26). :func:`scale_profile` and :func:`grid_profile` tell how much of one is the size of
the units. They describe places, never the people who live there, and tell no choice from constraint.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import geopandas
import numpy
import pandas
import pyarrow

from commonground import _commonground
from commonground._arrow import ArrowBatch, frame_of, to_batch
from commonground._commonground import CommongroundError
from commonground._errors import refused
from commonground._progress import Progress, listener
from commonground.autocorrelation import Kernel

__all__ = [
    "Bootstrapped",
    "Environments",
    "Randomised",
    "access_shortfall",
    "adjusted_dissimilarity",
    "bootstrap",
    "borders",
    "by_place",
    "centralisation",
    "change",
    "clustering",
    "combined_isolation",
    "compare",
    "concentration",
    "concentration_at_extremes",
    "concentration_profile",
    "difference",
    "environments",
    "environments_from_pairs",
    "exposure",
    "grid_profile",
    "indices",
    "local",
    "people_around",
    "randomise",
    "scale_profile",
    "social_isolation",
    "spatial_indices",
    "suppress_small_counts",
    "wilson_interval",
]

Environments = _commonground.Environments

Null = Literal["random_labelling", "evenness", "systematic", "places_shuffled"]

# From none to all.
_TENTHS = (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0)


@dataclass(frozen=True)
class Randomised:
    """An index beside what it is by chance. Made by :func:`randomise` and :func:`difference`.

    Attributes
    ----------
    observed : float
        The index of the city as it is.
    baseline : float
        Mean of the draws: what the index is without any separation.
    standard_deviation : float
        Of the draws.
    z : float
        (observed - baseline) / standard deviation; NaN if the draws do not differ.
    p_value : float
        Two-sided, at least 2 / (draws + 1).
    above_chance : float
        (I - B) / (1 - B), or (I - B) / B below the baseline: 0 is chance, 1 full separation. Of dissimilarity under
        ``null="evenness"`` the modified dissimilarity of Carrington & Troske (1997).
    draws : numpy.ndarray
        One value per draw.
    """

    observed: float
    baseline: float
    standard_deviation: float
    z: float
    p_value: float
    above_chance: float
    draws: numpy.ndarray = field(repr=False)


@dataclass(frozen=True)
class Bootstrapped:
    """An index with its bootstrap interval. Made by :func:`bootstrap`.

    Attributes
    ----------
    observed : float
        The index of the data.
    bias_corrected : float
        2 * observed - mean of the draws (Allen et al. 2015).
    standard_error : float
        Standard deviation of the draws.
    interval : tuple of float
        Around the bias-corrected index.
    draws : numpy.ndarray
        One value per draw.
    """

    observed: float
    bias_corrected: float
    standard_error: float
    interval: tuple[float, float]
    draws: numpy.ndarray = field(repr=False)


def indices(people: pandas.DataFrame, *, groups: str | Sequence[str], total: str | None = None) -> pandas.Series:
    """All indices of a city, two groups and many.

    Parameters
    ----------
    people : DataFrame
        One row per place.
    groups : str or list of str
        Columns of counts, >= 0.
    total : str, optional
        Column of everybody; without it the groups are everybody.

    Returns
    -------
    Series
        By name: dissimilarity, gini, entropy, mutual_information, relative_diversity, normalised_exposure,
        squared_coefficient_of_variation over all groups; isolation, interaction, correlation_ratio, atkinson, min_max
        of the first group against everybody else. NaN where there is nothing to compare.

    Raises
    ------
    CommongroundError
        If a column is missing, a count is negative, missing or not finite, groups exceed their total, or an id of the
        index is there twice; it names row, id and column.

    Notes
    -----
    What they say, and what they do not:

    - ``dissimilarity``, ``gini``, ``entropy``, ``relative_diversity``, ``atkinson``, ``min_max``: how unevenly groups live
      over these places. Not how many meet others: a group of 2 % may be even and still meet hardly any of its own, and not
      where the places lie: a chessboard and two halves are the same to them.
    - ``isolation``, ``interaction``: whom members live among. They move with the size of the group alone;
      ``correlation_ratio`` and ``normalised_exposure`` take that out.
    - ``mutual_information`` is not bounded by 1, and larger where more groups are distinguished.
    - ``squared_coefficient_of_variation`` weighs rare groups most, and with them their chance.
    - None compares across cities whose places differ in size: the same people in Northern Kentucky give a dissimilarity of
      0.72 by block and 0.56 by cells of 4 km. :func:`grid_profile` and :func:`scale_profile` tell how much.
    - None distinguishes a small count from separation: :func:`randomise` does.

    Examples
    --------
    >>> people = pandas.DataFrame({"a": [90, 10], "b": [10, 90]}, index=["north", "south"])
    >>> indices(people, groups=["a", "b"]).round(3)[["dissimilarity", "isolation"]].to_dict()
    {'dissimilarity': 0.8, 'isolation': 0.82}
    """
    with _located(people):
        return _series(_counts(people, groups, total).indices())


def by_place(
    people: pandas.DataFrame,
    *,
    groups: str | Sequence[str],
    index: str,
    total: str | None = None,
    environments: Environments | None = None,
) -> pandas.Series:
    """What each place contributes to an index, which is their sum: the map behind the number.

    Parameters
    ----------
    people, groups, total
        As for :func:`indices`.
    index : str
        A name of :func:`indices`, but ``atkinson``, which is not a sum; with `environments` one of :func:`spatial_indices`.
    environments : Environments, optional
        Surroundings of the places.

    Returns
    -------
    Series
        Indexed like `people`.

    Examples
    --------
    >>> people = pandas.DataFrame({"a": [90, 10], "b": [10, 90]}, index=["north", "south"])
    >>> by_place(people, groups=["a", "b"], index="dissimilarity").to_dict()
    {'north': 0.4, 'south': 0.4}
    """
    with _located(people):
        counts = _counts(people, groups, total)
        if environments is None:
            parts = counts.by_place(index)
        else:
            parts = counts.spatial_by_place(index, environments)
        if parts is None:
            return pandas.Series(numpy.nan, index=people.index, name=index)
        return _frame(parts, people)[index]


def local(
    people: pandas.DataFrame,
    *,
    groups: str | Sequence[str],
    total: str | None = None,
    environments: Environments | None = None,
) -> pandas.DataFrame:
    """What each place is like: the measures that a map shows.

    Parameters
    ----------
    people, groups, total
        As for :func:`indices`.
    environments : Environments, optional
        Whom residents live among; by default the residents of their own place alone.

    Returns
    -------
    DataFrame
        Indexed like `people`: diversity (nats), entropy (0 to 1), simpson_interaction, exposure_to_others, divergence
        (nats), information (adds up to mutual information), residential_isolation (its mean by residents is the
        city's normalised exposure), and location_quotient of each group.

    Examples
    --------
    >>> people = pandas.DataFrame({"a": [90, 10], "b": [10, 90]}, index=["north", "south"])
    >>> local(people, groups=["a", "b"]).columns.to_list()
    ['diversity', 'entropy', 'simpson_interaction', 'exposure_to_others', 'divergence', 'information', 'residential_isolation', 'location_quotient_a', 'location_quotient_b']
    """
    with _located(people):
        return _frame(_counts(people, groups, total).local(environments), people)


def environments(places: geopandas.GeoDataFrame, *, bandwidth_metres: float, kernel: Kernel = "quartic") -> Environments:
    """What lies around each place in a straight line.

    Parameters
    ----------
    places : GeoDataFrame
        In a projected system in metres. Polygons count at their centroid.
    bandwidth_metres : float
        Distance in metres at which somebody counts for nothing; of gaussian and exponential kernels the scale.
    kernel : {"quartic", "triangular", "epanechnikov", "uniform", "gaussian", "exponential"}
        Quartic is the one of Reardon & O'Sullivan (2004).

    Examples
    --------
    >>> people = geopandas.GeoDataFrame(
    ...     {"a": [90, 10], "b": [10, 90]},
    ...     geometry=[shapely.box(0, 0, 1000, 1000), shapely.box(1000, 0, 2000, 1000)],
    ...     crs="EPSG:32631",
    ... )
    >>> len(environments(people, bandwidth_metres=1500))
    2
    """
    with _located(places):
        return Environments.around(_points(places), kernel, bandwidth_metres)


def environments_from_pairs(
    pairs: pandas.DataFrame,
    *,
    index: pandas.Index,
    bandwidth: float,
    origin: str = "from",
    destination: str = "to",
    distance: str = "minutes",
    kernel: Kernel = "uniform",
) -> Environments:
    """Surroundings from pairs of places and the distance between them, such as walking times on the street network.

    Parameters
    ----------
    pairs : DataFrame
        One row per pair, each once; a pair that is not there is out of reach. A place is in its own surroundings anyway.
    index : Index
        The index of the people whose surroundings these are, in its order: ids are matched, never row numbers.
    bandwidth : float
        In the unit of `distance`: 15 minutes, say.
    origin, destination, distance : str
        Columns of `pairs`.
    kernel : str
        As for :func:`environments`.

    Examples
    --------
    >>> pairs = pandas.DataFrame({"from": ["north", "south"], "to": ["south", "north"], "minutes": [10.0, 10.0]})
    >>> len(environments_from_pairs(pairs, index=pandas.Index(["north", "south"]), bandwidth=15))
    2
    """
    _unique(index)
    missing = [column for column in (origin, destination, distance) if column not in pairs]
    if missing:
        raise _error("column", f"there is no column `{missing[0]}`", column=missing[0])
    integers = {}
    for name, column in (("from", origin), ("to", destination)):
        numbers = index.get_indexer(pandas.Index(pairs[column]))
        if (numbers < 0).any():
            row = int((numbers < 0).argmax())
            stranger = pairs[column].iloc[row]
            raise _error("parameter", f"`{stranger}` is not in the index", row=row + 1, column=column)
        integers[name] = numbers
    batch = to_batch(numbers={"distance": pairs[distance].to_numpy()}, integers=integers)
    return Environments.of_pairs(batch, len(index), kernel, bandwidth)


def people_around(
    people: pandas.DataFrame, *, groups: str | Sequence[str], environments: Environments, total: str | None = None
) -> pandas.DataFrame:
    """Weighted counts of each group around each place.

    An index of what this returns weighs each place by the people around it, which is PySAL's spatial variant;
    :func:`spatial_indices` weighs it by its own residents, as Reardon & O'Sullivan (2004) do.

    Examples
    --------
    >>> people = geopandas.GeoDataFrame(
    ...     {"a": [90, 10], "b": [10, 90]},
    ...     geometry=[shapely.box(0, 0, 1000, 1000), shapely.box(1000, 0, 2000, 1000)],
    ...     crs="EPSG:32631",
    ... )
    >>> people_around(
    ...     people, groups=["a", "b"], environments=environments(people, bandwidth_metres=1500, kernel="uniform")
    ... )
           a      b
    0  100.0  100.0
    1  100.0  100.0
    """
    with _located(people):
        return _frame(_counts(people, groups, total).people_around(environments), people)


def spatial_indices(
    people: pandas.DataFrame, *, groups: str | Sequence[str], environments: Environments, total: str | None = None
) -> pandas.Series:
    """Spatial segregation: the mix of surroundings, each place weighted by its own residents.

    Returns
    -------
    Series
        By name: dissimilarity, entropy, relative_diversity, normalised_exposure, and isolation of the first group.
        Entropy and relative diversity are below 0 where surroundings are more mixed than the city.

    References
    ----------
    Reardon & O'Sullivan (2004), "Measures of spatial segregation".

    Examples
    --------
    >>> people = geopandas.GeoDataFrame(
    ...     {"a": [90, 10], "b": [10, 90]},
    ...     geometry=[shapely.box(0, 0, 1000, 1000), shapely.box(1000, 0, 2000, 1000)],
    ...     crs="EPSG:32631",
    ... )
    >>> spatial_indices(
    ...     people, groups=["a", "b"], environments=environments(people, bandwidth_metres=1500, kernel="uniform")
    ... ).round(3).to_dict()
    {'dissimilarity': 0.0, 'entropy': 0.0, 'relative_diversity': 0.0, 'normalised_exposure': 0.0, 'isolation': 0.5}
    """
    with _located(people):
        return _series(_counts(people, groups, total).spatial_indices(environments))


def exposure(
    people: pandas.DataFrame,
    *,
    groups: str | Sequence[str],
    total: str | None = None,
    environments: Environments | None = None,
) -> pandas.DataFrame:
    """Share of each group (column) among whom members of each group (row) live; rows add up to 1.

    Examples
    --------
    >>> people = pandas.DataFrame({"a": [90, 10], "b": [10, 90]}, index=["north", "south"])
    >>> exposure(people, groups=["a", "b"])
          a     b
    a  0.82  0.18
    b  0.18  0.82
    """
    with _located(people):
        counts = _counts(people, groups, total)
        names = counts.names()
        return pandas.DataFrame(counts.exposure(environments), index=names, columns=names, dtype="float64")


def scale_profile(
    people: geopandas.GeoDataFrame,
    *,
    groups: str | Sequence[str],
    bandwidths_metres: Sequence[float],
    index: str = "entropy",
    kernel: Kernel = "quartic",
    total: str | None = None,
) -> pandas.Series:
    """A spatial index over growing surroundings.

    Returns
    -------
    Series
        By bandwidth in metres. Its ``attrs["macro_micro_ratio"]`` is the value at the largest bandwidth over that at the
        smallest: near 1 if segregation is between large areas, near 0 if between neighbouring streets.

    References
    ----------
    Reardon et al. (2008), "The geographic scale of metropolitan racial segregation".

    Examples
    --------
    >>> people = geopandas.GeoDataFrame(
    ...     {"a": [90, 10], "b": [10, 90]},
    ...     geometry=[shapely.box(0, 0, 1000, 1000), shapely.box(1000, 0, 2000, 1000)],
    ...     crs="EPSG:32631",
    ... )
    >>> scale_profile(people, groups=["a", "b"], bandwidths_metres=[500, 3000]).round(3).to_dict()
    {500.0: 0.531, 3000.0: 0.006}
    """
    with _located(people):
        bandwidths = [float(bandwidth) for bandwidth in bandwidths_metres]
        values, ratio = _counts(people, groups, total).scale_profile(_points(people), index, kernel, bandwidths)
        profile = pandas.Series(values, index=pandas.Index(bandwidths, name="bandwidth_metres"), name=index, dtype="float64")
        profile.attrs["macro_micro_ratio"] = numpy.nan if ratio is None else ratio
        return profile


def grid_profile(
    people: geopandas.GeoDataFrame,
    *,
    groups: str | Sequence[str],
    cells_metres: Sequence[float],
    total: str | None = None,
    index: str = "dissimilarity",
    draws: int = 99,
    seed: int = 0,
) -> pandas.DataFrame:
    """The same people in larger and larger units, each with its baseline.

    Returns
    -------
    DataFrame
        One row for the places as they are (0) and each width of square cells in metres: places, observed, baseline
        (random labelling), above_chance.

    Examples
    --------
    >>> people = geopandas.GeoDataFrame(
    ...     {"a": [90, 10], "b": [10, 90]},
    ...     geometry=[shapely.box(0, 0, 1000, 1000), shapely.box(1000, 0, 2000, 1000)],
    ...     crs="EPSG:32631",
    ... )
    >>> grid_profile(people, groups=["a", "b"], cells_metres=[1000, 4000], draws=9).iloc[:, 0].round(3).to_dict()
    {0.0: 2, 1000.0: 2, 4000.0: 1}
    """
    with _located(people):
        counts = _counts(people, groups, total)
        points = _points(people)
        rows = {}
        for size in [0.0, *map(float, cells_metres)]:
            units = counts if size == 0.0 else counts.in_grid_cells(points, size)
            found = _randomised(units.randomise(index, "random_labelling", draws, seed, None, None))
            rows[size] = (units.places(), found.observed, found.baseline, found.above_chance)
        columns = ["places", "observed", "baseline", "above_chance"]
        return pandas.DataFrame.from_dict(rows, orient="index", columns=columns).rename_axis("cell_m")


def randomise(
    people: pandas.DataFrame,
    *,
    groups: str | Sequence[str],
    index: str | Callable[[pandas.DataFrame], float],
    total: str | None = None,
    null: Null = "random_labelling",
    draws: int = 999,
    seed: int = 0,
    environments: Environments | None = None,
    progress: Progress = None,
) -> Randomised:
    """Compare an index with what it is by chance.

    Parameters
    ----------
    people, groups, total
        As for :func:`indices`. Fractions of people are rounded together, so that sums stay.
    index : str or callable
        A name of :func:`indices`; with `environments` one of :func:`spatial_indices`. Any other index as a function of
        a table like `people`, whose columns of groups (and `total`) are those of a draw:
        ``lambda drawn: clustering(drawn, groups="a", total="t", bandwidth_metres=1000)["spatial_proximity"]``.
    null : {"random_labelling", "evenness", "systematic", "places_shuffled"}
        People change homes (places keep their residents, groups their members); each resident is of a group by its share
        in the city; each member chooses a place by its share of everybody; whole places change their location, which
        only spatial indices see.
    draws, seed : int
        The same seed gives the same draws on any machine and any number of threads.
    progress : bool or callable, optional
        Show a progress bar; by default where somebody watches. Ctrl-C stops.

    Returns
    -------
    Randomised
        All NaN where the index has no value.

    Examples
    --------
    >>> people = pandas.DataFrame({"a": [90, 10], "b": [10, 90]}, index=["north", "south"])
    >>> found = randomise(people, groups=["a", "b"], index="dissimilarity", draws=99)
    >>> round(found.observed, 3), found.p_value
    (0.8, 0.02)
    """
    with _located(people), listener(progress) as tell:
        counts = _counts(people, groups, total)
        if not callable(index):
            return _randomised(counts.randomise(index, null, draws, seed, environments, tell))
        if environments is not None:
            raise _error("parameter", "a function knows its surroundings itself: leave out `environments`")
        observed, drawn = float(index(people)), []
        for number in range(draws):
            drawn.append(float(index(_drawn(people, counts, total, null, seed, number))))
            if tell is not None:
                tell("drawing by chance", draws, number + 1)
        if numpy.isnan([observed, *drawn]).any():
            return _randomised(None)
        return _randomised(_commonground.randomised(observed, drawn))


def bootstrap(
    people: pandas.DataFrame,
    *,
    groups: str | Sequence[str],
    index: str,
    total: str | None = None,
    resample: Literal["people", "places"] = "people",
    draws: int = 999,
    seed: int = 0,
    confidence: float = 0.95,
    progress: Progress = None,
) -> Bootstrapped:
    """Tell how certain an index is, and correct the bias of small counts.

    Parameters
    ----------
    resample : {"people", "places"}
        Draw members of each group over their places again (Allen et al. 2015), or places with replacement.
    progress : bool or callable, optional
        As for :func:`randomise`.

    Returns
    -------
    Bootstrapped
        All NaN where the index has no value.

    Examples
    --------
    >>> people = pandas.DataFrame({"a": [90, 10], "b": [10, 90]}, index=["north", "south"])
    >>> found = bootstrap(people, groups=["a", "b"], index="dissimilarity", draws=99)
    >>> round(found.observed, 3)
    0.8
    """
    with _located(people), listener(progress) as tell:
        found = _counts(people, groups, total).bootstrap(index, resample, draws, seed, confidence, tell)
        if found is None:
            nan = numpy.nan
            return Bootstrapped(nan, nan, nan, (nan, nan), numpy.array([]))
        observed, corrected, deviation, interval, drawn = found
        return Bootstrapped(observed, corrected, deviation, interval, numpy.array(drawn))


def clustering(
    people: geopandas.GeoDataFrame, *, groups: str | Sequence[str], bandwidth_metres: float, total: str | None = None
) -> pandas.Series:
    """The distance-decay family of Massey & Denton for the first group: c = exp(-d / bandwidth).

    An enclave is rated above several clusters, and those above scattered places. PySAL (segregation 2.5) weighs by the
    inverse of this decay, so its values are not comparable; and it leaves the bandwidth to the unit of the coordinates.

    Returns
    -------
    Series
        absolute_clustering, relative_clustering, spatial_proximity (1: no clustering), distance_decay_isolation,
        distance_decay_interaction.

    Examples
    --------
    >>> people = geopandas.GeoDataFrame(
    ...     {"a": [90, 10], "b": [10, 90]},
    ...     geometry=[shapely.box(0, 0, 1000, 1000), shapely.box(1000, 0, 2000, 1000)],
    ...     crs="EPSG:32631",
    ... )
    >>> clustering(people, groups=["a", "b"], bandwidth_metres=1000).round(3).to_dict()
    {'absolute_clustering': 0.072, 'relative_clustering': 0.0, 'spatial_proximity': 1.072, 'distance_decay_isolation': 0.536, 'distance_decay_interaction': 0.464}
    """
    with _located(people):
        return _series(_counts(people, groups, total).clustering(_places(people), bandwidth_metres))


def concentration(
    people: geopandas.GeoDataFrame, *, groups: str | Sequence[str], total: str | None = None
) -> pandas.Series:
    """Delta, absolute and relative concentration of the first group in little land (Massey & Denton 1988).

    Examples
    --------
    >>> people = geopandas.GeoDataFrame(
    ...     {"a": [90, 10], "b": [10, 90]},
    ...     geometry=[shapely.box(0, 0, 1000, 1000), shapely.box(1000, 0, 2000, 1000)],
    ...     crs="EPSG:32631",
    ... )
    >>> concentration(people, groups=["a", "b"]).round(3).to_dict()
    {'delta': 0.4, 'absolute_concentration': nan, 'relative_concentration': nan}
    """
    with _located(people):
        return _series(_counts(people, groups, total).concentration(_places(people)))


def centralisation(
    people: geopandas.GeoDataFrame,
    *,
    groups: str | Sequence[str],
    centre: tuple[float, float],
    total: str | None = None,
) -> pandas.Series:
    """Absolute and relative centralisation of the first group around a point in the system of `people`.

    Examples
    --------
    >>> people = geopandas.GeoDataFrame(
    ...     {"a": [90, 10], "b": [10, 90]},
    ...     geometry=[shapely.box(0, 0, 1000, 1000), shapely.box(1000, 0, 2000, 1000)],
    ...     crs="EPSG:32631",
    ... )
    >>> centralisation(people, groups=["a", "b"], centre=(500, 500)).round(3).to_dict()
    {'absolute_centralisation': 0.4, 'relative_centralisation': 0.8}
    """
    with _located(people):
        return _series(_counts(people, groups, total).centralisation(_places(people), (float(centre[0]), float(centre[1]))))


def concentration_profile(
    people: pandas.DataFrame,
    *,
    groups: str | Sequence[str],
    total: str | None = None,
    thresholds: Sequence[float] = _TENTHS,
) -> pandas.Series:
    """Share of the first group that lives where it makes up at least each threshold.

    Returns
    -------
    Series
        By threshold. ``attrs["ratio"]`` is Hong & Sadahiro's R, integrated exactly: 0 even, 1 fully separated.

    Examples
    --------
    >>> people = pandas.DataFrame({"a": [90, 10], "b": [10, 90]}, index=["north", "south"])
    >>> concentration_profile(people, groups=["a", "b"], thresholds=[0, 0.5, 1]).to_dict()
    {0.0: 1.0, 0.5: 0.9, 1.0: 0.0}
    """
    with _located(people):
        found = _counts(people, groups, total).concentration_profile([float(step) for step in thresholds])
        shares, ratio = found if found is not None else ([numpy.nan] * len(thresholds), numpy.nan)
        profile = pandas.Series(shares, index=pandas.Index(thresholds, name="threshold"), name="share_of_group")
        profile.attrs["ratio"] = ratio
        return profile


def borders(places: geopandas.GeoDataFrame, *, snap_metres: float | None = None) -> pandas.DataFrame:
    """Find the common borders of polygons and their lengths.

    Parameters
    ----------
    places : GeoDataFrame
        Polygons in a projected system in metres.
    snap_metres : float, optional
        Borders this close count as common, which bridges slivers and meets edges that have more corners on one side.
        Without it edges must have the same corners on both sides, as in data that was drawn as one coverage.

    Returns
    -------
    DataFrame
        One row per border: ``a`` and ``b`` (ids of the index of `places`) and ``length_m``.

    Examples
    --------
    >>> people = geopandas.GeoDataFrame(
    ...     {"a": [90, 10], "b": [10, 90]},
    ...     geometry=[shapely.box(0, 0, 1000, 1000), shapely.box(1000, 0, 2000, 1000)],
    ...     crs="EPSG:32631",
    ... )
    >>> borders(people)
       a  b  length_m
    0  0  1    1000.0
    """
    with _located(places):
        found = _commonground.common_borders(to_batch(geometry=_projected(places).geometry), snap_metres)
        table = frame_of(found).rename(columns={"length": "length_m"})
        return table.assign(**{end: places.index.take(table[end].to_numpy()) for end in ("a", "b")})


def adjusted_dissimilarity(
    people: geopandas.GeoDataFrame,
    borders: pandas.DataFrame | None = None,
    *,
    groups: str | Sequence[str],
    total: str | None = None,
) -> pandas.Series:
    """Dissimilarity of the first group less what borders between unlike neighbours let through.

    Parameters
    ----------
    borders : DataFrame, optional
        One row per border: columns ``a``, ``b`` (ids of the index of `people`) and ``length_m``; each border once. By
        default those of :func:`borders`.

    Returns
    -------
    Series
        morrill (1991), wong_boundary and wong_perimeter (1993, as corrected by Tivadar 2019).

    Notes
    -----
    ``wong_boundary`` weighs each border by its length, so that it is Morrill's where all are equally long. PySAL's
    ``BoundarySpatialDissim`` does so with ``standardize=False`` only; by default it makes the lengths of each place sum
    to 1 first, and a place with one short border weighs as much as one with ten long ones.

    Examples
    --------
    >>> people = geopandas.GeoDataFrame(
    ...     {"a": [90, 10], "b": [10, 90]},
    ...     geometry=[shapely.box(0, 0, 1000, 1000), shapely.box(1000, 0, 2000, 1000)],
    ...     crs="EPSG:32631",
    ... )
    >>> adjusted_dissimilarity(people, groups=["a", "b"]).round(3).to_dict()
    {'morrill': 0.0, 'wong_boundary': 0.0, 'wong_perimeter': 0.0}
    """
    borders = _borders(people) if borders is None else borders
    with _located(people):
        counts = _counts(people, groups, total)
        ends = {end: people.index.get_indexer(pandas.Index(borders[end])) for end in ("a", "b")}
        batch = to_batch(numbers={"length": borders["length_m"].to_numpy()}, integers=ends)
        return _series(counts.adjusted_dissimilarity(_places(people), batch))


_borders = borders


def compare(
    first: pandas.DataFrame,
    second: pandas.DataFrame,
    *,
    groups: str | Sequence[str],
    index: str,
    total: str | None = None,
    environments: tuple[Environments, Environments] | None = None,
) -> pandas.Series:
    """Split the difference of two cities into where people live and the shares of the group.

    Parameters
    ----------
    index : str
        A name of :func:`indices`; with `environments` one of :func:`spatial_indices`.
    environments : pair of Environments, optional
        Surroundings of the places of the first and of the second city.

    Returns
    -------
    Series
        first, second, the two counterfactuals, and ``structure`` and ``composition``, which add up to first - second.

    References
    ----------
    Rey, Cortes & Knaap (2021), "Comparative spatial segregation analytics".

    Examples
    --------
    >>> people = pandas.DataFrame({"a": [90, 10], "b": [10, 90]}, index=["north", "south"])
    >>> compare(people, people + 20, groups=["a", "b"], index="dissimilarity").round(3).to_dict()
    {'first': 0.8, 'second': 0.571, 'first_with_shares_of_second': 0.571, 'second_with_shares_of_first': 0.8, 'structure': 0.0, 'composition': 0.229}
    """
    return _series(_both(first, second, groups, total, lambda one, other: one.compare(other, index, environments)))


def change(
    before: pandas.DataFrame,
    after: pandas.DataFrame,
    *,
    groups: str | Sequence[str],
    index: str = "mutual_information",
    total: str | None = None,
) -> pandas.Series:
    """Split the change between two dates in the same places into margins and structure, for any number of groups.

    Rows are matched by id: both tables need the same ids. NaN if a place or a group is empty at one date only.

    Returns
    -------
    Series
        before, after, and ``margins`` (how many people each place and group has) and ``structure`` (who lives where,
        given those numbers), which add up to after - before.

    References
    ----------
    Karmel & Maclachlan (1988); Elbers (2023), "A method for studying differences in segregation across time and space".

    Examples
    --------
    >>> people = pandas.DataFrame({"a": [90, 10], "b": [10, 90]}, index=["north", "south"])
    >>> change(people, people + 10, groups=["a", "b"]).round(3).to_dict()
    {'before': 0.368, 'after': 0.243, 'margins': 0.0, 'structure': -0.125}
    """
    _unique(before.index)
    _unique(after.index)
    if len(before) != len(after) or not before.index.isin(after.index).all():
        raise _error("parameter", "the two dates have other places: both tables need the same ids")
    after = after.reindex(before.index)
    return _series(_both(before, after, groups, total, lambda one, other: one.change(other, index)))


def difference(
    first: pandas.DataFrame,
    second: pandas.DataFrame,
    *,
    groups: str | Sequence[str],
    index: str,
    total: str | None = None,
    draws: int = 999,
    seed: int = 0,
    progress: Progress = None,
) -> Randomised:
    """Test whether two cities differ more than places shuffled between them; `observed` is first - second.

    Examples
    --------
    >>> people = pandas.DataFrame({"a": [90, 10], "b": [10, 90]}, index=["north", "south"])
    >>> difference(people, people, groups=["a", "b"], index="dissimilarity", draws=9).observed
    0.0
    """
    with listener(progress) as tell:
        test = lambda one, other: one.difference(other, index, draws, seed, tell)  # noqa: E731
        return _randomised(_both(first, second, groups, total, test))


def concentration_at_extremes(people: pandas.DataFrame, *, privileged: str, deprived: str, total: str) -> pandas.Series:
    """Index of concentration at the extremes, (privileged - deprived) / everybody, -1 to 1 (Massey 2001).

    Examples
    --------
    >>> people = pandas.DataFrame({"rich": [60, 10], "poor": [20, 70], "all": [100, 100]})
    >>> concentration_at_extremes(people, privileged="rich", deprived="poor", total="all").to_list()
    [0.4, -0.6]
    """
    with _located(people):
        columns = {"privileged": privileged, "deprived": deprived, "total": total}
        batch = to_batch(numbers={name: _column(people, column) for name, column in columns.items()})
        return _frame(_commonground.concentration_at_extremes(batch), people)["concentration_at_extremes"]


def access_shortfall(minutes: pandas.Series, *, standard_minutes: float) -> pandas.Series:
    """How far walks miss a standard: (t - T) / T between 0 and 1; NaN minutes (nothing reached) are 1.

    Examples
    --------
    >>> access_shortfall(pandas.Series([10.0, 20.0, None]), standard_minutes=15).round(3).to_list()
    [0.0, 0.333, 1.0]
    """
    with _located(minutes):
        batch = to_batch(numbers={"minutes": minutes.to_numpy()})
        return _frame(_commonground.access_shortfall(batch, standard_minutes), minutes)["access_shortfall"]


def social_isolation(
    in_reach: pandas.DataFrame, *, wanted_per_1000: Mapping[str, float], people: str = "people"
) -> pandas.Series:
    """Isolation from social infrastructure: 1 - (mean availability * variety) ** 0.5.

    Parameters
    ----------
    in_reach : DataFrame
        One column per kind of place with how many are in reach, and one of the people within the same reach.
    wanted_per_1000 : dict
        Places of each kind wanted for 1000 people.

    Examples
    --------
    >>> social_isolation(
    ...     pandas.DataFrame({"people": [1000], "library": [1], "cafe": [0]}), wanted_per_1000={"library": 1, "cafe": 1}
    ... ).round(3).to_list()
    [0.5]
    """
    with _located(in_reach):
        kinds = list(wanted_per_1000)
        columns = {kind: _column(in_reach, kind) for kind in kinds} | {"people": _column(in_reach, people)}
        found = _commonground.social_isolation(to_batch(numbers=columns), kinds, [*wanted_per_1000.values()])
        return _frame(found, in_reach)["social_isolation"]


def combined_isolation(
    pillars: pandas.DataFrame, *, weights: tuple[float, float, float] = (1 / 3, 1 / 3, 1 / 3)
) -> pandas.Series:
    """Combine ``residential``, ``access`` and ``social`` by the root of their mean square; NaN if one is missing.

    Show the three pillars beside it: equal weights are a choice of this project, not a finding.

    Examples
    --------
    >>> combined_isolation(pandas.DataFrame({"residential": [0.0], "access": [0.3], "social": [0.6]})).round(
    ...     3
    ... ).to_list()
    [0.387]
    """
    with _located(pillars):
        batch = to_batch(numbers={name: _column(pillars, name) for name in ("residential", "access", "social")})
        return _frame(_commonground.combined_isolation(batch, list(weights)), pillars)["combined_isolation"]


def suppress_small_counts(
    people: pandas.DataFrame, *, groups: str | Sequence[str], total: str | None = None, threshold: float = 10.0
) -> pandas.DataFrame:
    """Hide small counts, and as many others as would tell them by subtraction.

    Parameters
    ----------
    threshold : float
        Counts above 0 and below it are hidden.

    Returns
    -------
    DataFrame
        The columns of `groups` (and ``others``, if `total` leaves any), NaN where a count must not be shown. Hide rates and
        indices of a hidden count with it.

    Examples
    --------
    >>> suppress_small_counts(pandas.DataFrame({"a": [4, 90], "b": [40, 60]}), groups=["a", "b"])
        a   b
    0 NaN NaN
    1 NaN NaN
    """
    with _located(people):
        counts = _counts(people, groups, total)
        shown = _frame(counts.table(), people)
        for name, hidden in counts.hidden(threshold):
            shown[name] = shown[name].mask(numpy.asarray(hidden))
        return shown


def wilson_interval(
    people: pandas.DataFrame, *, count: str, total: str, confidence: float = 0.95
) -> pandas.DataFrame:
    """Wilson's interval of a rate, ``low`` and ``high`` between 0 and 1; NaN where nobody lives.

    Examples
    --------
    >>> wilson_interval(pandas.DataFrame({"sick": [5], "all": [50]}), count="sick", total="all").round(3)
         low   high
    0  0.043  0.214
    """
    with _located(people):
        batch = to_batch(numbers={"count": _column(people, count), "of": _column(people, total)})
        return _frame(_commonground.wilson_interval(batch, confidence), people)


def _counts(people: pandas.DataFrame, groups: str | Sequence[str], total: str | None) -> _commonground.GroupCounts:
    names = [groups] if isinstance(groups, str) else list(groups)
    if len(names) == 1 and total is None:
        raise _error("parameter", f"`{names[0]}` alone has nobody to be compared with: name the column of `total`")
    columns = {name: _column(people, name) for name in ([*names] if total is None else [*names, total])}
    return _commonground.GroupCounts(to_batch(numbers=columns), names, total)


def _both(first: pandas.DataFrame, second: pandas.DataFrame, groups: Any, total: str | None, work: Any) -> Any:
    with _located(first):
        one = _counts(first, groups, total)
    with _located(second):
        other = _counts(second, groups, total)
    return work(one, other)


def _drawn(
    people: pandas.DataFrame,
    counts: _commonground.GroupCounts,
    total: str | None,
    null: Null,
    seed: int,
    number: int,
) -> pandas.DataFrame:
    """The table with the counts of one draw."""
    table = _frame(counts.null_draw(null, seed, number), people)
    columns = {str(name): column for name, column in table.items() if name in people}
    return people.assign(**columns, **({} if total is None else {total: table.sum(axis=1)}))


def _column(table: pandas.DataFrame, name: str) -> numpy.ndarray:
    if name not in table:
        raise _error("column", f"there is no column `{name}`", column=name)
    return table[name].to_numpy()


def _points(places: geopandas.GeoDataFrame) -> pyarrow.RecordBatch:
    return to_batch(geometry=_projected(places).geometry.centroid)


def _places(places: geopandas.GeoDataFrame) -> pyarrow.RecordBatch:
    shapes = _projected(places).geometry
    return to_batch(
        numbers={"area": shapes.area.to_numpy(), "perimeter": shapes.length.to_numpy()}, geometry=shapes.centroid
    )


def _projected(places: geopandas.GeoDataFrame) -> geopandas.GeoDataFrame:
    if places.crs is not None and not places.crs.is_projected:
        raise _error("crs", "distances need metres, and these places are in degrees: see GeoDataFrame.to_crs")
    return places


def _frame(batch: ArrowBatch, like: pandas.DataFrame | pandas.Series) -> pandas.DataFrame:
    return frame_of(batch).set_index(like.index)


def _series(named: list[tuple[str, float | None]]) -> pandas.Series:
    return pandas.Series(dict(named), dtype="float64")


def _randomised(found: tuple[float, float, float, float | None, float, float | None, list[float]] | None) -> Randomised:
    nan = numpy.nan
    observed, baseline, deviation, z, p_value, above, draws = (nan, nan, nan, nan, nan, nan, []) if found is None else found
    above_chance = nan if above is None else above
    return Randomised(observed, baseline, deviation, nan if z is None else z, p_value, above_chance, numpy.array(draws))


def _unique(index: pandas.Index) -> None:
    if not index.is_unique:
        row = int(index.duplicated().argmax())
        raise _error("value", f"the id `{index[row]}` is there twice", row=row + 1, id=str(index[row]))


@contextlib.contextmanager
def _located(table: pandas.DataFrame | pandas.Series) -> Iterator[None]:
    """Refuse a table with an id twice, and name the id of the row in whatever error comes up."""
    _unique(table.index)
    try:
        yield
    except CommongroundError as error:
        if error.row is not None and error.id is None and error.row <= len(table):
            error.id = str(table.index[error.row - 1])
        raise


def _error(kind: str, message: str, **position: Any) -> CommongroundError:
    return refused(message, kind=kind, **position)
