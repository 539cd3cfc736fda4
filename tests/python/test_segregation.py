"""Segregation: the published values, the same numbers as PySAL where both measure the same, and what PySAL does not do."""

import importlib
import signal
import threading
import time
import warnings

import geopandas
import numpy
import pandas
import pytest
import scipy.stats
from commonground import CommongroundError, segregation

FOUR = ["whites", "blacks", "asians", "hispanics"]


@pytest.fixture(scope="module")
def kentucky(real_cities):
    blocks = geopandas.read_file(real_cities / "northern-kentucky" / "block-groups" / "block-groups.shp")
    return blocks.to_crs(26916)


@pytest.fixture(scope="module")
def washington(real_cities):
    zones = real_cities / "washington-dc" / "zones" / "census-block-groups-2010.geojson"
    groups = {"P0020005": "white", "P0020006": "black", "P0020008": "asian", "P0020002": "hispanic"}
    blocks = geopandas.read_file(zones).to_crs(26985).set_index("GEOID").rename(columns=groups)
    return blocks.rename(columns={"P0010001": "people"})


@pytest.fixture(scope="module")
def sacramento():
    """Tracts that come with libpysal."""
    import libpysal
    path = libpysal.examples.get_path("sacramentot2.shp")
    tracts = geopandas.read_file(path)
    return tracts.set_crs(26910, allow_override=True)


@pytest.fixture()
def pencil():
    # Half of the group lives alone, the rest in an even mix; nobody lives in the third place.
    return pandas.DataFrame({"x": [10, 5, 0], "y": [0, 5, 0], "t": [10, 10, 0]}, index=["a", "b", "c"])


def pysal(name, frame, *names, multigroup=False, **options):
    """The statistic of a class of PySAL's segregation."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        module = importlib.import_module("segregation.multigroup" if multigroup else "segregation.singlegroup")
        arguments = (list(names),) if multigroup else names
        return getattr(module, name)(frame, *arguments, **options).statistic


def test_northern_kentucky_has_its_published_values(kentucky):
    two = segregation.indices(kentucky, groups="blacks", total="people")
    published = {
        "dissimilarity": 0.7221427485547101,
        "gini": 0.8876374239319255,
        "entropy": 0.5336580560313049,
        "isolation": 0.5832615105124963,
        "correlation_ratio": 0.5280554324026754,
        "atkinson": 0.748804547909024,
        "min_max": 0.8386560860425312,
    }
    assert len(kentucky) == 3114
    assert two[list(published)].to_numpy() == pytest.approx(list(published.values()), abs=1e-9)
    four = segregation.indices(kentucky, groups=FOUR)
    published = {
        "dissimilarity": 0.6536427210465146,
        "entropy": 0.44278202445592163,
        "relative_diversity": 0.4266309306649829,
        "normalised_exposure": 0.4353792527704134,
        "gini": 0.8250338322338246,
        "squared_coefficient_of_variation": 0.23726167552411848,
    }
    assert four[list(published)].to_numpy() == pytest.approx(list(published.values()), abs=1e-9)


@pytest.mark.parametrize("place", ["washington", "kentucky"])
def test_indices_are_those_of_pysal(place, request):
    blocks = request.getfixturevalue(place)
    groups, group = (FOUR, "blacks") if place == "kentucky" else (["white", "black", "asian", "hispanic"], "black")
    blocks = blocks[(blocks[groups].sum(axis=1) > 0) & (blocks["people"] > 0)]
    two = segregation.indices(blocks, groups=group, total="people")
    peers = {
        "dissimilarity": "Dissim",
        "entropy": "Entropy",
        "isolation": "Isolation",
        "interaction": "Interaction",
        "correlation_ratio": "CorrelationR",
        "atkinson": "Atkinson",
        "min_max": "MinMax",
    }
    for name, peer in peers.items():
        assert two[name] == pytest.approx(pysal(peer, blocks, group, "people"), abs=1e-9), name
    # Its Gini of two groups compiles for 10 s at the first call; that of many does not, and both are one formula.
    both = blocks.assign(rest=blocks["people"] - blocks[group])
    assert two["gini"] == pytest.approx(pysal("MultiGini", both, group, "rest", multigroup=True), abs=1e-9)
    many = segregation.indices(blocks, groups=groups)
    peers = {
        "dissimilarity": "MultiDissim",
        "gini": "MultiGini",
        "entropy": "MultiInfoTheory",
        "mutual_information": "MultiDivergence",
        "relative_diversity": "MultiRelativeDiversity",
        "normalised_exposure": "MultiNormExposure",
        "squared_coefficient_of_variation": "MultiSquaredCoefVar",
    }
    for name, peer in peers.items():
        assert many[name] == pytest.approx(pysal(peer, blocks, *groups, multigroup=True), abs=1e-9), name


def test_land_and_centre_are_those_of_pysal(washington):
    blocks = washington[washington["people"] > 0]
    found = segregation.concentration(blocks, groups="black", total="people")
    centre = blocks.centroid.x.mean(), blocks.centroid.y.mean()
    found = pandas.concat([found, segregation.centralisation(blocks, groups="black", total="people", centre=centre)])
    peers = {
        "delta": "Delta",
        "absolute_concentration": "AbsoluteConcentration",
        "relative_concentration": "RelativeConcentration",
        "absolute_centralisation": "AbsoluteCentralization",
        "relative_centralisation": "RelativeCentralization",
    }
    for name, peer in peers.items():
        assert found[name] == pytest.approx(pysal(peer, blocks, "black", "people"), abs=1e-9), name


def test_local_measures_are_those_of_pysal(washington):
    from segregation import local
    groups = ["white", "black", "asian", "hispanic"]
    blocks = washington[washington[groups].sum(axis=1) > 0]
    found = segregation.local(blocks, groups=groups)
    peers = {
        "diversity": "MultiLocalDiversity",
        "entropy": "MultiLocalEntropy",
        "simpson_interaction": "MultiLocalSimpsonInteraction",
    }
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for name, peer in peers.items():
            assert numpy.allclose(found[name], getattr(local, peer)(blocks, groups).statistics, atol=1e-9), name
        quotients = local.MultiLocationQuotient(blocks, groups).statistics
    assert numpy.allclose(found[[f"location_quotient_{group}" for group in groups]], quotients, atol=1e-9)


def test_borders_lower_dissimilarity_as_in_pysal_by_their_length(washington):
    import libpysal
    blocks = washington[washington["people"] > 0]
    rook = libpysal.weights.Rook.from_dataframe(blocks, use_index=True)
    pairs = {tuple(sorted(pair)) for pair in rook.to_adjlist(drop_islands=True)[["focal", "neighbor"]].itertuples(index=False)}
    borders = segregation.borders(blocks)
    assert {tuple(sorted(pair)) for pair in zip(borders["a"], borders["b"], strict=True)} == pairs and len(borders) == len(pairs)
    shapes = blocks.geometry
    shared = [shapes[a].intersection(shapes[b]).length for a, b in zip(borders["a"], borders["b"], strict=True)]
    assert borders["length_m"].to_numpy() == pytest.approx(shared, abs=1e-6)
    found = segregation.adjusted_dissimilarity(blocks, groups="black", total="people")
    assert found.equals(segregation.adjusted_dissimilarity(blocks, borders, groups="black", total="people"))
    assert found["morrill"] == pytest.approx(pysal("SpatialDissim", blocks, "black", "people", w=rook), abs=1e-9)
    # PySAL orders the borders by the labels of the index but not the people, so the labels must rise.
    rising = blocks.reset_index(drop=True)
    theirs = pysal("BoundarySpatialDissim", rising, "black", "people", standardize=False)
    assert found["wong_boundary"] == pytest.approx(theirs, abs=1e-9)
    assert found["wong_perimeter"] == pytest.approx(pysal("PARDissim", rising, "black", "people"), abs=1e-9)
    # PySAL's default makes every place count alike, however long its borders are.
    by_place = pysal("BoundarySpatialDissim", rising, "black", "people")
    assert by_place == pytest.approx(0.5740, abs=5e-5) and found["wong_boundary"] == pytest.approx(0.5551, abs=5e-5)


def test_equal_borders_make_wong_the_same_as_morrill_and_pysal_by_default_not():
    import shapely
    # All of the group in the first of four squares in a row: D = 1, and one of three borders divides it from the others.
    row = [shapely.box(x, 0, x + 100, 100) for x in (0, 100, 200, 300)]
    people = geopandas.GeoDataFrame({"x": [10, 0, 0, 0], "t": [10, 10, 10, 10]}, geometry=row, crs=26985)
    found = segregation.adjusted_dissimilarity(people, groups="x", total="t")
    assert found["morrill"] == pytest.approx(2 / 3) and found["wong_boundary"] == pytest.approx(2 / 3)
    # Rows of 1; 1/2, 1/2; 1/2, 1/2; 1: the first square counts 1, the second 1/2, of 4.
    assert pysal("BoundarySpatialDissim", people, "x", "t") == pytest.approx(1 - 1.5 / 4)
    assert pysal("BoundarySpatialDissim", people, "x", "t", standardize=False) == pytest.approx(2 / 3)


def test_borders_with_a_gap_need_a_snap_distance():
    import shapely
    places = geopandas.GeoDataFrame(geometry=[shapely.box(0, 0, 10, 10), shapely.box(10.2, 0, 20, 4)], index=["a", "b"], crs=26985)
    assert segregation.borders(places).empty
    bridged = segregation.borders(places, snap_metres=0.5)
    assert bridged[["a", "b"]].to_numpy().tolist() == [["a", "b"]] and bridged["length_m"][0] == pytest.approx(4, abs=1)


def test_the_concentration_profile_is_integrated_exactly(kentucky):
    blocks = kentucky[kentucky["people"] > 0]
    profile = segregation.concentration_profile(blocks, groups="blacks", total="people")
    x, t = blocks["blacks"].to_numpy(float), blocks["people"].to_numpy(float)
    shares, order = x / t, numpy.argsort(x / t)
    below = numpy.concatenate([[0], numpy.cumsum(x[order])]) / x.sum()
    value = lambda steps: 1 - below[numpy.searchsorted(shares[order], steps)]  # noqa: E731
    assert numpy.allclose(profile, value(profile.index), atol=1e-12)
    grid, city = (numpy.arange(1_000_000) + 0.5) / 1_000_000, x.sum() / t.sum()
    ratio = (city - value(grid[grid < city]).sum() / 1e6 + value(grid[grid >= city]).sum() / 1e6) / (1 - city)
    assert profile.attrs["ratio"] == pytest.approx(ratio, abs=2e-6)
    # PySAL adds up a thousand steps.
    assert profile.attrs["ratio"] == pytest.approx(pysal("ConProf", blocks, "blacks", "people"), abs=1e-3)


def test_spatial_indices_are_their_definitions(washington):
    groups = ["white", "black", "asian", "hispanic"]
    blocks = washington[washington[groups].sum(axis=1) > 0]
    around = segregation.environments(blocks, bandwidth_metres=1500, kernel="quartic")
    found = segregation.spatial_indices(blocks, groups=groups, environments=around)
    x = blocks[groups].to_numpy(float)
    at = numpy.column_stack([blocks.centroid.x, blocks.centroid.y])
    distance = numpy.hypot(*(at[:, None] - at[None]).transpose(2, 0, 1))
    phi = numpy.where(distance <= 1500, (1 - (distance / 1500) ** 2) ** 2, 0)
    t, total, city = x.sum(1), x.sum(), x.sum(0) / x.sum()
    mix = phi @ x
    mix /= mix.sum(1, keepdims=True)
    plogp = lambda p: -(p * numpy.log(numpy.where(p > 0, p, 1))).sum(-1)  # noqa: E731
    interaction = (city * (1 - city)).sum()
    exposed = (x / x.sum(0)).T @ mix
    expected = {
        "dissimilarity": (t[:, None] * abs(mix - city)).sum() / (2 * total * interaction),
        "entropy": 1 - (t * plogp(mix)).sum() / (total * plogp(city)),
        "relative_diversity": 1 - (t * (mix * (1 - mix)).sum(1)).sum() / (total * interaction),
        "normalised_exposure": (city * (exposed.diagonal() - city) / (1 - city)).sum(),
        "isolation": exposed[0, 0],
    }
    assert found[list(expected)].to_numpy() == pytest.approx(list(expected.values()), abs=1e-12)
    matrix = segregation.exposure(blocks, groups=groups, environments=around)
    assert numpy.allclose(matrix, exposed, atol=1e-12) and numpy.allclose(matrix.sum(axis=1), 1)
    # PySAL's variant: an index of the people around each place.
    smoothed = segregation.people_around(blocks, groups=groups, environments=around)
    assert numpy.allclose(smoothed, phi @ x)
    # The map of R averages exactly to the city.
    r = segregation.local(blocks, groups=groups, environments=around)["residential_isolation"]
    assert (r * t).sum() / total == pytest.approx(found["normalised_exposure"], abs=1e-14)
    parts = segregation.by_place(blocks, groups=groups, index="entropy", environments=around)
    assert parts.sum() == pytest.approx(found["entropy"], abs=1e-14) and parts.index.equals(blocks.index)


def test_walking_pairs_are_matched_by_id(pencil):
    pairs = pandas.DataFrame({"from": ["b", "a", "b"], "to": ["a", "b", "b"], "minutes": [5.0, 5.0, 0.0]})
    walked = segregation.environments_from_pairs(pairs, index=pencil.index, bandwidth=10, kernel="triangular")
    around = segregation.people_around(pencil, groups=["x", "y"], environments=walked)
    assert around.loc["a"].to_list() == [12.5, 2.5] and around.loc["b"].to_list() == [10.0, 5.0]
    with pytest.raises(CommongroundError, match="not in the index"):
        segregation.environments_from_pairs(pairs.replace("b", "z"), index=pencil.index, bandwidth=10)


def test_distance_decay_is_that_of_massey_and_denton(washington):
    blocks = washington[washington["people"] > 0]
    found = segregation.clustering(blocks, groups="black", total="people", bandwidth_metres=1000)
    x, t = blocks["black"].to_numpy(float), blocks["people"].to_numpy(float)
    y, n = t - x, len(t)
    at = numpy.column_stack([blocks.centroid.x, blocks.centroid.y])
    distance = numpy.hypot(*(at[:, None] - at[None]).transpose(2, 0, 1))
    numpy.fill_diagonal(distance, numpy.sqrt(0.6 * blocks.area))
    c = numpy.exp(-distance / 1000)
    mean = lambda a, b: a @ c @ b / (a.sum() * b.sum())  # noqa: E731
    even = x.sum() / n**2 * c.sum()
    expected = {
        "absolute_clustering": (x / x.sum() @ c @ x - even) / (x / x.sum() @ c @ t - even),
        "relative_clustering": mean(x, x) / mean(y, y) - 1,
        "spatial_proximity": (x.sum() * mean(x, x) + y.sum() * mean(y, y)) / (t.sum() * mean(t, t)),
        "distance_decay_isolation": (x / x.sum()) @ ((c @ x) / (c @ t)),
    }
    assert found[list(expected)].to_numpy() == pytest.approx(list(expected.values()), abs=1e-10)
    assert found["spatial_proximity"] > 1


def test_the_same_people_are_less_segregated_in_larger_units(kentucky):
    profile = segregation.grid_profile(kentucky, groups="blacks", total="people", cells_metres=[1000, 4000])
    assert profile["observed"].round(2).to_list()[0] == 0.72 and 0.5 < profile["observed"].iloc[2] < 0.62
    # Small units look separated by chance alone, and large ones do not.
    assert (profile["baseline"].diff().dropna() < 0).all() and profile["baseline"].iloc[0] > 0.1
    spatial = segregation.scale_profile(
        kentucky, groups=FOUR, bandwidths_metres=[500, 4000], index="entropy", kernel="quartic"
    )
    assert 0 < spatial.loc[4000] < spatial.loc[500] < 1
    assert spatial.attrs["macro_micro_ratio"] == pytest.approx(spatial.loc[4000] / spatial.loc[500])


def test_draws_have_their_known_mean_and_the_same_seed_gives_the_same(kentucky):
    blocks = kentucky[kentucky["people"] > 0]
    options = {"groups": "blacks", "total": "people", "index": "correlation_ratio", "draws": 199}
    found = segregation.randomise(blocks, **options, seed=4)
    # Under random labelling the correlation ratio is (n - 1) / (T - 1) on average.
    expected = (len(blocks) - 1) / (blocks["people"].sum() - 1)
    assert found.baseline == pytest.approx(expected, abs=4 * found.standard_deviation / 199**0.5)
    assert found.p_value == pytest.approx(2 / 200) and found.z > 10 and len(found.draws) == 199
    again = segregation.randomise(blocks, **options, seed=4)
    assert (again.draws == found.draws).all()
    other = segregation.randomise(blocks, **options, seed=5)
    assert (other.draws != found.draws).any()


def test_any_index_can_be_compared_with_chance(washington):
    blocks = washington[washington["people"] > 0].head(80)
    options = {"groups": "black", "total": "people", "draws": 19, "seed": 3}
    named = segregation.randomise(blocks, index="gini", **options)
    of = lambda drawn: segregation.indices(drawn, groups="black", total="people")["gini"]  # noqa: E731
    function = segregation.randomise(blocks, index=of, **options)
    assert function.draws == pytest.approx(named.draws, abs=1e-14) and function.z == pytest.approx(named.z)
    # One that knows where places lie, against whole places that change their location.
    proximity = lambda drawn: segregation.clustering(  # noqa: E731
        drawn, groups="black", total="people", bandwidth_metres=1000
    )["spatial_proximity"]
    shuffled = segregation.randomise(blocks, index=proximity, null="places_shuffled", **options)
    assert shuffled.observed == proximity(blocks) and shuffled.z > 2
    nothing = segregation.randomise(blocks, index=lambda drawn: float("nan"), **options)
    assert numpy.isnan(nothing.observed) and len(nothing.draws) == 0
    around = segregation.environments(blocks, bandwidth_metres=1000)
    with pytest.raises(CommongroundError, match="leave out"):
        segregation.randomise(blocks, index=of, environments=around, **options)


def test_control_c_stops_the_draws(kentucky):
    stop = threading.Timer(0.3, signal.raise_signal, [signal.SIGINT])
    stop.start()
    began = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        segregation.randomise(kentucky, groups=FOUR, index="entropy", draws=10_000_000)
    assert time.monotonic() - began < 5


def test_the_modified_dissimilarity_is_a_mean_over_draws(kentucky):
    blocks = kentucky[kentucky["people"] > 0]
    found = segregation.randomise(
        blocks, groups="blacks", total="people", index="dissimilarity", null="evenness", draws=199
    )
    one_draw_of_pysal = pysal("ModifiedDissim", blocks, "blacks", "people", iterations=2)
    error = found.standard_deviation / (1 - found.baseline)
    assert found.above_chance == pytest.approx(one_draw_of_pysal, abs=5 * error)
    numpy.random.seed(1)
    biased = pysal("BiasCorrectedDissim", blocks, "blacks", "people", B=60)
    corrected = segregation.bootstrap(blocks, groups="blacks", total="people", index="dissimilarity", draws=199)
    assert corrected.bias_corrected == pytest.approx(biased, abs=corrected.standard_error)
    assert corrected.bias_corrected < corrected.observed


def test_shuffled_places_are_seen_by_spatial_indices_alone(washington):
    blocks = washington[washington["people"] > 0]
    around = segregation.environments(blocks, bandwidth_metres=1000)
    options = {"groups": "black", "total": "people", "null": "places_shuffled", "draws": 49}
    spatial = segregation.randomise(blocks, index="entropy", environments=around, **options)
    assert spatial.z > 10 and spatial.p_value == pytest.approx(0.04)
    plain = segregation.randomise(blocks, index="entropy", **options)
    assert plain.standard_deviation == pytest.approx(0, abs=1e-12)


def test_parts_add_up_between_cities_and_dates(kentucky, washington):
    tables = [
        kentucky[["blacks", "people"]].rename(columns={"blacks": "black"}),
        washington[["black", "people"]],
    ]
    found = segregation.compare(*tables, groups="black", total="people", index="gini")
    assert found["structure"] + found["composition"] == pytest.approx(found["first"] - found["second"], abs=1e-12)
    around = tuple(segregation.environments(table, bandwidth_metres=1000) for table in (kentucky, washington))
    spatial = segregation.compare(*tables, groups="black", total="people", index="dissimilarity", environments=around)
    whole = segregation.spatial_indices(tables[0], groups="black", total="people", environments=around[0])
    assert spatial["first"] == pytest.approx(whole["dissimilarity"], abs=1e-12)
    assert spatial["structure"] + spatial["composition"] == pytest.approx(spatial["first"] - spatial["second"], abs=1e-12)
    tested = segregation.difference(*tables, groups="black", total="people", index="gini", draws=99)
    assert tested.observed == pytest.approx(found["first"] - found["second"])
    before = pandas.DataFrame({"x": [10, 5, 2], "y": [5, 5, 8]}, index=["a", "b", "c"])
    moved = pandas.DataFrame({"x": [0, 5, 12], "y": [10, 5, 3]}, index=["c", "b", "a"])
    change = segregation.change(before, moved, groups=["x", "y"])
    assert change["margins"] == pytest.approx(0, abs=1e-12) and change["structure"] > 0


def test_a_place_where_nobody_lives_has_no_value(pencil):
    found = segregation.local(pencil, groups="x", total="t")
    assert found.index.equals(pencil.index) and found.loc["c"].isna().all()
    assert found["location_quotient_others"].to_list()[:2] == [0.0, 2.0]
    parts = segregation.by_place(pencil, groups="x", total="t", index="dissimilarity")
    assert numpy.isnan(parts["c"]) and parts.sum() == pytest.approx(2 / 3)
    assert segregation.by_place(pencil, groups="x", total="t", index="atkinson").isna().all()
    extremes = segregation.concentration_at_extremes(pencil, privileged="x", deprived="y", total="t")
    assert extremes.to_list()[:2] == [1.0, 0.0] and numpy.isnan(extremes["c"])


def test_one_place_or_one_group_is_nothing_to_compare(pencil):
    one_place = segregation.indices(pencil.loc[["b"]], groups="x", total="t")
    assert numpy.isnan(one_place["dissimilarity"]) and one_place["isolation"] == 0.5
    one_group = segregation.indices(pencil.assign(y=0), groups=["x", "y"])
    assert numpy.isnan(one_group["entropy"]) and one_group["isolation"] == 1
    assert numpy.isnan(segregation.randomise(pencil.assign(y=0), groups=["x", "y"], index="gini", draws=9).z)
    with pytest.raises(CommongroundError, match="nobody to be compared with"):
        segregation.indices(pencil, groups="x")


@pytest.mark.parametrize(
    ("spoil", "where"),
    [
        (lambda t: t.assign(x=[10, 12, 0]), {"row": 2, "id": "b"}),
        (lambda t: t.assign(x=[10, -1, 0]), {"row": 2, "id": "b", "column": "x"}),
        (lambda t: t.assign(t=[10, 10, None]), {"row": 3, "id": "c", "column": "total"}),
        (lambda t: t.assign(x=[float("inf"), 1, 0]), {"row": 1, "id": "a", "column": "x"}),
        (lambda t: t.drop(columns="x"), {"column": "x"}),
        (lambda t: t.set_axis(["a", "b", "a"]), {"row": 3, "id": "a"}),
    ],
)
def test_bad_input_is_refused_by_row_id_and_column(pencil, spoil, where):
    with pytest.raises(CommongroundError) as caught:
        segregation.indices(spoil(pencil), groups="x", total="t")
    assert {part: getattr(caught.value, part) for part in where} == where


def test_wrong_names_list_the_choices(pencil):
    for wrong in ({"index": "theil"}, {"index": "gini", "null": "coin"}):
        with pytest.raises(CommongroundError, match="choose one of"):
            segregation.randomise(pencil, groups="x", total="t", **wrong)
    degrees = geopandas.GeoDataFrame(pencil, geometry=geopandas.points_from_xy([0, 1, 2], [0, 0, 0]), crs=4326)
    with pytest.raises(CommongroundError, match="degrees"):
        segregation.environments(degrees, bandwidth_metres=1)


def test_small_counts_are_hidden_with_what_would_tell_them():
    people = pandas.DataFrame({"a": [4, 50, 90], "t": [34, 130, 160]}, index=[7, 8, 9])
    shown = segregation.suppress_small_counts(people, groups="a", total="t")
    assert shown.isna().to_numpy().tolist() == [[True, True], [True, True], [False, False]]
    assert segregation.suppress_small_counts(people, groups="a", total="t", threshold=0).notna().all(axis=None)
    rates = segregation.wilson_interval(people, count="a", total="t")
    proportion = scipy.stats.binomtest(4, 34).proportion_ci(method="wilson")
    assert rates.loc[7].to_list() == pytest.approx([proportion.low, proportion.high], abs=1e-12)


def test_three_pillars_stay_apart_and_combine():
    walks = pandas.Series([10.0, 22.5, None], index=["a", "b", "c"])
    access = segregation.access_shortfall(walks, standard_minutes=15)
    assert access.to_list() == [0.0, 0.5, 1.0]
    near = pandas.DataFrame({"library": [2, 0, 0], "park": [2, 0, 9], "people": [2000, 2000, 0]}, index=walks.index)
    social = segregation.social_isolation(near, wanted_per_1000={"library": 1.0, "park": 1.0})
    assert social["a"] == pytest.approx(0, abs=1e-7) and social["b"] == 1 and numpy.isnan(social["c"])
    pillars = pandas.DataFrame({"residential": [-0.2, 0.5, 0.5], "access": access, "social": social})
    combined = segregation.combined_isolation(pillars)
    assert combined["b"] == pytest.approx(((0.25 + 0.25 + 1) / 3) ** 0.5) and numpy.isnan(combined["c"])
