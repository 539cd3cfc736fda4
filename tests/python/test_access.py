"""Access measures and equity from Python, side by side with PySAL on Porto Alegre."""

import warnings

import commonground
import geopandas
import numpy
import pandas
import pytest
from commonground import access
from commonground.access import Decay, TravelTimes
from scipy import spatial

CUTOFF = 30


@pytest.fixture(scope="module")
def cells(real_cities):
    """Cells of Porto Alegre with residents, clinics and jobs."""
    frame = pandas.read_csv(real_cities / "porto-alegre" / "poa_hexgrid.csv").set_index("id")
    return frame[frame["population"] + frame["jobs"] + frame["healthcare"] > 0]


@pytest.fixture(scope="module")
def table(cells):
    """Minutes along a straight line at 3 km/h, up to an hour: times are data here, whoever found them."""
    metres = numpy.column_stack([cells["lon"] * 111_320 * numpy.cos(numpy.radians(30)), cells["lat"] * 110_900])
    pairs = spatial.cKDTree(metres).sparse_distance_matrix(spatial.cKDTree(metres), 3_000).tocoo()
    minutes = numpy.round(pairs.data / 50, 3)
    table = pandas.DataFrame(
        {"from_id": cells.index[pairs.row], "to_id": cells.index[pairs.col], "travel_time": minutes}
    )
    clinics = cells.index[cells["healthcare"] > 0]
    table = table[table["to_id"].isin(clinics)]
    # Cells are their own neighbours, which a sparse matrix does not keep.
    own = pandas.DataFrame({"from_id": clinics, "to_id": clinics, "travel_time": 2.5})
    table = pandas.concat([table[table["from_id"] != table["to_id"]], own], ignore_index=True)
    # Cells of a grid are often equally near, and PySAL's agents take equals in the order of a Python set, which differs
    # from run to run: times a few seconds apart, in whole milliseconds as the table keeps them.
    apart = numpy.random.default_rng(1).uniform(0, 0.2, len(table))
    return table.assign(travel_time=numpy.round((table["travel_time"] + apart) * 60_000) / 60_000)


@pytest.fixture(scope="module")
def times(cells, table):
    return TravelTimes(table, origins=cells.index, destinations=clinics_of(cells).index)


def clinics_of(cells):
    return cells.loc[cells["healthcare"] > 0, "healthcare"]


@pytest.fixture(scope="module")
def pysal(cells, table):
    from access import Access

    demand = cells[["population"]].rename_axis("id").reset_index()
    supply = clinics_of(cells).rename_axis("id").reset_index()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return Access(
            demand_df=demand,
            demand_index="id",
            demand_value="population",
            supply_df=supply,
            supply_index="id",
            supply_value=["healthcare"],
            cost_df=table.rename(columns={"from_id": "origin", "to_id": "dest", "travel_time": "cost"}),
            cost_origin="origin",
            cost_dest="dest",
            cost_name="cost",
        )


def assert_same(ours, theirs):
    """Equal to 1e-9 where PySAL has a value; where it has none, we reach nothing."""
    theirs = theirs.reindex(ours.index)
    known = theirs.notna()
    assert known.sum() > 500
    numpy.testing.assert_allclose(ours[known], theirs[known], rtol=1e-9, atol=1e-15)
    assert (ours[~known] == 0).all()


def quiet(call, *args, **kwargs):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return call(*args, **kwargs)


def test_two_step_and_enhanced_catchments_are_those_of_pysal(cells, times, pysal):
    from access import weights
    clinics, people = clinics_of(cells), cells["population"]
    theirs = quiet(pysal.two_stage_fca, max_cost=CUTOFF)["2sfca_healthcare"]
    assert_same(access.two_step_fca(times, people, clinics, decay=Decay.binary(cutoff_minutes=CUTOFF)), theirs)
    bands = {10: 1, 20: 0.68, 30: 0.22}
    theirs = quiet(pysal.enhanced_two_stage_fca, weight_fn=weights.step_fn(bands), max_cost=CUTOFF)["e2sfca_healthcare"]
    assert_same(access.enhanced_two_step_fca(times, people, clinics), theirs)
    theirs = quiet(pysal.two_stage_fca, weight_fn=weights.gaussian(12), max_cost=CUTOFF, name="g")["g_healthcare"]
    bell = Decay.gaussian(deviation_minutes=12).within(cutoff_minutes=CUTOFF)
    assert_same(access.two_step_fca(times, people, clinics, decay=bell), theirs)


def test_three_steps_are_those_of_pysal_whose_choice_goes_beyond_the_catchment(cells, times, pysal):
    from access import weights
    bands = {10: 0.962, 20: 0.704, 30: 0.377, 60: 0.042}
    theirs = quiet(pysal.three_stage_fca, weight_fn=weights.step_fn(bands), max_cost=CUTOFF)["3sfca_healthcare"]
    decay = Decay.bands(bands).within(cutoff_minutes=CUTOFF)
    people, clinics = cells["population"], clinics_of(cells)
    assert_same(access.three_step_fca(times, people, clinics, decay=decay, choice="all_in_table"), theirs)
    inside = access.three_step_fca(times, people, clinics, decay=decay)
    assert not numpy.allclose(inside, theirs.reindex(inside.index).fillna(0))


def test_rational_agents_settle_in_the_equilibrium(cells, times, pysal):
    ours = access.raam(times, cells["population"], clinics_of(cells))
    assert ours.notna().sum() > 500 and ours.attrs["residual"] <= 1e-7
    # Those of PySAL move as whole persons and stop on the way: the same homes, and costs near to ours.
    theirs = quiet(pysal.raam, tau=60)["raam_healthcare"].reindex(ours.index)
    pandas.testing.assert_index_equal(ours.dropna().index, theirs.dropna().index)
    assert ours.corr(theirs) > 0.99


def test_rational_agents_are_those_of_a_convex_program():
    from scipy.optimize import minimize
    random = numpy.random.default_rng(7)
    for _ in range(10):
        origins, places = 6, 4
        minutes = random.uniform(1, 60, (origins, places))
        demand, supply = random.integers(1, 200, origins).astype(float), random.integers(1, 9, places).astype(float)
        usable = supply * demand.sum() / supply.sum()
        scale = demand.mean()

        def beckmann(flows):
            flows = flows.reshape(origins, places)
            at = flows.sum(axis=0)
            value = (at**2 / (2 * usable)).sum() + (flows * minutes / 60).sum()
            return value / scale, ((at / usable)[None, :] + minutes / 60).ravel() / scale

        start = (demand[:, None] * numpy.full((1, places), 1 / places)).ravel()
        each = [{"type": "eq", "fun": lambda flows, i=i: flows.reshape(origins, places)[i].sum() - demand[i]} for i in range(origins)]
        found = minimize(beckmann, start, jac=True, bounds=[(0, None)] * start.size, constraints=each, method="SLSQP", options={"ftol": 1e-15, "maxiter": 2000})
        crowding = found.x.reshape(origins, places).sum(axis=0) / usable
        expected = (crowding[None, :] + minutes / 60).min(axis=1)
        pairs = [(i, j, minutes[i, j]) for i in range(origins) for j in range(places)]
        table = TravelTimes(pandas.DataFrame(pairs, columns=["from_id", "to_id", "travel_time"]))
        ours = access.raam(table, pandas.Series(demand), pandas.Series(supply))
        numpy.testing.assert_allclose(ours, expected, atol=1e-5)


def test_rational_agents_of_towns_and_of_their_homes_have_the_same_costs():
    # The costs of the towns are those that scipy's SLSQP finds, to all digits that it has.
    minutes = pandas.DataFrame([[2, 240, 300], [240, 2, 90], [300, 90, 2]], index=list("abc"), columns=list("xyz"))
    people, doctors = pandas.Series([100, 50, 10], index=list("abc")), pandas.Series([1.0, 1.5, 9.0], index=list("xyz"))
    towns = access.raam(TravelTimes.from_matrix(minutes), people, doctors)
    numpy.testing.assert_allclose(towns, [5.376811594, 1.876811594, 0.410144928], atol=1e-8)
    each = minutes.loc[minutes.index.repeat(people)].set_axis(range(160))
    homes = access.raam(TravelTimes.from_matrix(each), pandas.Series(1.0, index=each.index), doctors)
    numpy.testing.assert_allclose(homes, towns.repeat(people), atol=1e-9)
    assert towns.attrs["residual"] <= 1e-8 and homes.attrs["residual"] <= 1e-8
    with pytest.warns(UserWarning, match="no equilibrium after 0 rounds"):
        access.raam(TravelTimes.from_matrix(minutes), people, doctors, rounds=0)


def test_gini_and_theil_are_those_of_pysal_inequality():
    import libpysal
    import inequality
    states = pandas.read_csv(libpysal.examples.get_path("mexico.csv"))
    once = pandas.Series(1.0, index=states.index)
    assert access.gini(states["pcgdp1940"], once) == pytest.approx(0.35372371173452849, rel=1e-12)
    assert access.gini(states["pcgdp2000"], once) == pytest.approx(0.25811308, abs=5e-9)
    published = [0.20894344, 0.15222451, 0.10472941, 0.10194725, 0.09560113, 0.10511256, 0.10660832]
    between = [0.0345889, 0.02816853, 0.05260921, 0.05931219, 0.03205257, 0.02963731, 0.03635872]
    for year, whole, part in zip(range(1940, 2001, 10), published, between, strict=True):
        income = states[f"pcgdp{year}"]
        assert access.theil_t(income, once) == pytest.approx(whole, abs=5e-9)
        assert access.theil_t(income, once) == pytest.approx(inequality.theil.Theil(income.to_numpy()).T, rel=1e-9)
        parts, regions = access.theil_t_by_group(income, once, states["hanson98"])
        assert parts["between"] == pytest.approx(part, abs=5e-9)
        assert parts["total"] == pytest.approx(whole, abs=5e-9)
        assert len(regions) == states["hanson98"].nunique()


@pytest.fixture
def village():
    """Two homes, three clinics; the second home reaches one of them."""
    table = pandas.DataFrame(
        {"from_id": ["a", "a", "b"], "to_id": ["x", "y", "y"], "travel_time": [5.0, 20.0, 12.0]}
    )
    return TravelTimes(table, origins=["b", "a"], destinations=["x", "y", "z"])


def test_results_have_the_index_of_the_homes(village):
    doctors = pandas.Series({"z": 9.0, "x": 1.0, "y": 2.0}, name="doctors")
    within = access.cumulative_cutoff(village, doctors, cutoff_minutes=15)
    pandas.testing.assert_series_equal(within, pandas.Series({"b": 2.0, "a": 1.0}, name="doctors"))
    people = pandas.Series({"a": 10.0, "b": 30.0})
    reached_by = access.cumulative_cutoff(village, people, cutoff_minutes=15, active=False)
    assert reached_by.to_dict() == {"x": 10.0, "y": 30.0, "z": 0.0}
    interval = access.cumulative_interval(village, doctors, interval_minutes=(5, 20), step_minutes=5, summary="mean")
    assert interval.to_dict() == {"b": 1.0, "a": 1.5}
    assert access.cost_to_closest(village, doctors, n=3).to_dict() == {"b": numpy.inf, "a": 20.0}
    assert access.cost_to_closest_place(village, doctors, k=2).to_dict() == {"b": numpy.inf, "a": 20.0}
    assert access.gravity(village, doctors, decay=Decay.linear(cutoff_minutes=20)).to_dict() == {"b": 0.8, "a": 0.75}
    assert access.balancing_cost(village, doctors, people / 20).to_dict() == {"b": 12.0, "a": 5.0}


def test_supply_that_nobody_reaches_warns_and_is_told(village):
    doctors, people = pandas.Series({"x": 1.0, "y": 2.0, "z": 9.0}), pandas.Series({"a": 10.0, "b": 30.0})
    decay = Decay.binary(cutoff_minutes=30)
    with pytest.warns(UserWarning, match="supply of 9"):
        found = access.two_step_fca(village, people, doctors, decay=decay)
    assert found.attrs == {"unreached_supply": 9.0, "unserved_demand": 0.0}
    assert found.to_dict() == {"b": 0.05, "a": pytest.approx(0.15)}
    places = access.places_fca(village, people, doctors, decay=decay)
    assert places["competing_demand"].to_list() == [10.0, 40.0, 0.0]
    with pytest.warns(UserWarning, match="supply of 9"):
        available = access.spatial_availability(village, people, doctors, decay=decay)
    assert available["total"].sum() == pytest.approx(3.0)


def test_the_places_behind_a_number_add_up_to_it(village):
    doctors, people = pandas.Series({"x": 1.0, "y": 2.0, "z": 0.0}), pandas.Series({"a": 10.0, "b": 30.0})
    decay = Decay.binary(cutoff_minutes=30)
    why = access.explain_two_step_fca(village, people, doctors, "a", decay=decay)
    assert why.index.to_list() == ["x", "y"]
    assert why["competing_demand"].to_list() == [10.0, 40.0]
    assert why["access"].sum() == pytest.approx(access.two_step_fca(village, people, doctors, decay=decay)["a"])


def test_the_missing_category_is_the_one_that_would_lift_most():
    far = numpy.inf
    minutes = pandas.DataFrame(
        {"school": [5, 5, 5, numpy.nan], "clinic": [5, 20, far, 1], "park": [5, 5, 90, 1]}, index=list("abcd")
    )
    people = pandas.Series({"a": 1.0, "b": 6.0, "c": 3.0, "d": 99.0})
    found = access.completeness(minutes, people, within_minutes=15)
    assert (found["share"], found["missing"], found["share_with_missing"]) == (0.1, "clinic", 0.7)
    assert found.attrs["by_category"] == {"school": 1.0, "clinic": 0.1, "park": 0.7}


@pytest.mark.parametrize("values", [{"x": 1.0}, {"x": 1.0, "y": 1.0, "z": 1.0, "w": 1.0}])
def test_ids_that_do_not_match_are_named(village, values):
    with pytest.raises(commonground.CommongroundError, match="missing") as caught:
        access.cumulative_cutoff(village, pandas.Series(values), cutoff_minutes=15)
    assert caught.value.id in {"y", "w"}


def test_what_is_no_table_or_no_amount_is_refused(village):
    table = pandas.DataFrame({"from_id": ["a", "a"], "to_id": ["x", "x"], "travel_time": [1.0, 2.0]})
    with pytest.raises(commonground.CommongroundError, match="twice") as caught:
        TravelTimes(table)
    assert caught.value.row == 2
    with pytest.raises(commonground.CommongroundError, match="not listed"):
        TravelTimes(table, origins=["b"])
    with pytest.raises(commonground.CommongroundError, match="negative"):
        TravelTimes(table.assign(travel_time=-1.0).head(1))
    missing = pandas.Series({"x": 1.0, "y": numpy.nan, "z": -1.0})
    with pytest.raises(commonground.CommongroundError, match="opportunities"):
        access.cumulative_cutoff(village, missing, cutoff_minutes=5)
    for wrong in [lambda: Decay.exponential(rate=-1), lambda: Decay.linear(cutoff_minutes=0)]:
        with pytest.raises(commonground.CommongroundError, match="decay"):
            wrong()


def test_a_matrix_is_a_table():
    matrix = pandas.DataFrame([[5.0, numpy.nan], [7.0, 9.0]], index=[1, 2], columns=["x", "y"])
    times = TravelTimes.from_matrix(matrix)
    assert (len(times), list(times.origins), list(times.destinations)) == (3, [1, 2], ["x", "y"])
    back = times.to_frame().pivot(index="from_id", columns="to_id", values="travel_time")
    numpy.testing.assert_array_equal(back, matrix)


def test_equity_of_a_distribution_that_a_pencil_can_check():
    reached = pandas.Series({"a": 0.0, "b": 8.0, "c": numpy.nan})
    people = pandas.Series({"a": 3.0, "b": 1.0, "c": 5.0})
    income = pandas.Series({"a": 1.0, "b": 2.0, "c": 9.0})
    assert access.gini(reached, people) == 0.75
    assert access.theil_t(reached, people) == pytest.approx(numpy.log(4))
    assert access.fgt_poverty(reached, people, line=4).to_list() == [0.75, 0.75, 0.75]
    assert access.concentration_index(reached, people, income) == 0.75
    assert numpy.isnan(access.palma_ratio(reached, people, income))
    groups = pandas.DataFrame({"renters": {"a": 3.0, "b": 0.0, "c": 1.0}})
    table = access.group_access(reached, people, groups, at_least=4)
    assert table.loc["everybody", "share_below"] == 0.75
    assert table.loc["renters", "gap"] == 0.25
    with pytest.raises(commonground.CommongroundError, match="residents in all"):
        access.group_access(reached, people, groups * 2, at_least=4)


def test_a_home_on_no_street_has_no_access_and_one_that_reaches_nothing_has_none(shipped):
    network = commonground.StreetNetwork.from_osm(shipped / "monaco" / "monaco.osm.pbf")
    at = geopandas.points_from_xy([7.42, 7.43, 7.45], [43.73, 43.74, 43.70], crs=4326)
    homes = geopandas.GeoSeries(at, index=["harbour", "casino", "out at sea"])
    clinics = homes.iloc[[1]].set_axis(["clinic"])
    times = TravelTimes.from_network(network, homes, clinics, limit_minutes=10)
    reached = access.cumulative_cutoff(times, pandas.Series({"clinic": 1}), cutoff_minutes=10)
    assert reached["casino"] == 1 and reached["harbour"] == 0 and numpy.isnan(reached["out at sea"])


@pytest.fixture(scope="module")
def monaco_streets(shipped):
    return commonground.StreetNetwork.from_osm(shipped / "monaco" / "monaco.osm.pbf")


@pytest.fixture(scope="module")
def monaco_pairs(monaco_streets, monaco):
    """Some homes and clinics of Monaco: the table of all pairs, and searches without one."""
    homes = monaco.homes.iloc[::20]
    clinics = geopandas.GeoSeries(
        geopandas.points_from_xy([7.4135, 7.4213, 7.4268, 7.4325], [43.7268, 43.7335, 43.7415, 43.7452], crs=4326),
        index=["Fontvieille", "Condamine", "Monte-Carlo", "Larvotto"],
    )
    asked = {"limit_minutes": 30}
    table = TravelTimes.from_network(monaco_streets, homes, clinics, **asked)
    return homes, table, access.Searches(monaco_streets, homes, clinics, **asked)


def test_every_measure_straight_on_the_network_is_that_of_the_table(monaco_pairs):
    homes, table, searches = monaco_pairs
    people = pandas.Series(numpy.arange(len(homes)) % 7 + 1.0, index=homes.index)
    doctors = pandas.Series([2.0, 9.0, 5.0, 1.0], index=table.destinations)
    decay = Decay.dai_gaussian(cutoff_minutes=25)
    measures = [
        lambda pairs: access.cumulative_cutoff(pairs, doctors, cutoff_minutes=12),
        lambda pairs: access.cumulative_cutoff(pairs, people, cutoff_minutes=12, active=False),
        lambda pairs: access.cumulative_interval(pairs, doctors, interval_minutes=(5, 20)),
        lambda pairs: access.gravity(pairs, doctors, decay=decay),
        lambda pairs: access.cost_to_closest(pairs, doctors, n=3),
        lambda pairs: access.balancing_cost(pairs, doctors, people),
        lambda pairs: access.closest_places(pairs, doctors, k=2),
        lambda pairs: access.two_step_fca(pairs, people, doctors, decay=decay),
        lambda pairs: access.three_step_fca(pairs, people, doctors, decay=decay),
        lambda pairs: access.places_fca(pairs, people, doctors, decay=decay),
        lambda pairs: access.spatial_availability(pairs, people, doctors, decay=decay),
        lambda pairs: access.raam(pairs, people, doctors),
    ]
    for measure in measures:
        kept = measure(table)
        assert kept.notna().to_numpy().any()
        assert kept.equals(measure(searches))
    nearest = access.closest_places(table, doctors, k=2)
    assert nearest.groupby("origin")["minutes"].is_monotonic_increasing.all() and set(nearest["rank"]) == {1, 2}


def test_why_draws_the_way_to_the_binding_place_and_counts_who_competes(monaco_streets, monaco_pairs):
    homes, table, searches = monaco_pairs
    people = pandas.Series(3.0, index=homes.index)
    doctors = pandas.Series([2.0, 9.0, 5.0, 0.0], index=table.destinations)
    decay = Decay.binary(cutoff_minutes=30)
    found = access.two_step_fca(table, people, doctors, decay=decay)
    home = found[found > 0].index[5]
    why = access.why(searches, home, demand=people, supply=doctors, decay=decay, ways=1)
    assert why.crs == homes.crs and "Larvotto" not in why.index
    assert why["access"].sum() == pytest.approx(found[home], rel=1e-12)
    places = access.places_fca(table, people, doctors, decay=decay)
    assert (why["competing_demand"] == places.loc[why.index, "competing_demand"]).all()
    way = why.geometry.iloc[0]
    assert way.length == pytest.approx(why["metres"].iloc[0], rel=0.02) and way.distance(homes.geometry[home]) < 100
    assert why.geometry.iloc[1:].isna().all()
    with pytest.raises(commonground.CommongroundError, match="no such home"):
        access.why(searches, "nobody", demand=people, supply=doctors, decay=decay)


def test_green_space_is_entered_where_it_says_else_at_its_edge(monaco_streets, monaco):
    homes = monaco.homes.iloc[::20]
    centre = homes.geometry[homes["street_distance_m"].notna()].iloc[30]
    spaces = geopandas.GeoDataFrame(
        geometry=[centre.buffer(60), centre.buffer(15)], index=["park", "pocket"], crs=homes.crs
    )
    people = pandas.Series(2.0, index=homes.index)
    along = access.green_space(monaco_streets, homes, spaces, residents=people)
    inside = along["hectares"] > 0
    assert inside.sum() > 3 and along.loc[inside, "minutes"].max() <= 300 / 80
    numpy.testing.assert_allclose(along.loc[inside, "hectares"], spaces.area.max() / 10_000)
    assert numpy.isinf(along.loc[~inside & along["hectares"].notna(), "minutes"]).all()
    # All who reach the park share it: together they have it once.
    assert (along["hectares_per_resident"] * people).sum() == pytest.approx(spaces.area.max() / 10_000)
    gate = geopandas.GeoDataFrame({"space": ["park"]}, geometry=[homes.geometry.iloc[0]], crs=homes.crs)
    gated = access.green_space(monaco_streets, homes, spaces, residents=people, entrances=gate)
    assert gated["minutes"].iloc[0] < 2 and not gated["hectares"].equals(along["hectares"])
    all_sizes = access.green_space(
        monaco_streets, homes, spaces, residents=people, minimum_hectares=0, within_minutes=3.75
    )
    assert all_sizes["hectares"].max() > along["hectares"].max()
    with pytest.raises(commonground.CommongroundError, match="one of"):
        access.green_space(monaco_streets, homes, spaces, residents=people, within_metres=1, within_minutes=1)
    with pytest.raises(commonground.CommongroundError, match="not listed"):
        access.green_space(
            monaco_streets, homes, spaces, residents=people, entrances=gate.assign(space="lake")
        )


def test_homes_become_neighbourhoods_and_curves():
    minutes = pandas.Series({"a": 5.0, "b": numpy.inf, "c": 9.0, "d": numpy.nan})
    people = pandas.Series({"a": 3.0, "b": 1.0, "c": 2.0, "d": 7.0})
    places = pandas.Series({"a": "north", "b": "north", "c": None, "d": "south"}, name="ward")
    found = access.by_neighbourhood(minutes, people, places, at_most=15)
    assert found.index.to_list() == ["north"] and found.index.name == "ward"
    assert found.loc["north"].to_dict() == {
        "people": 4.0, "mean": 5.0, "median": 5.0, "p10": 5.0, "p90": pytest.approx(numpy.nan, nan_ok=True), "share_enough": 0.75,
    }
    assert found.attrs == {"outside": 2.0, "unattached": 7.0}
    jobs = pandas.Series({"a": 1.0, "b": 3.0})
    four = pandas.Series({"a": 3.0, "b": 1.0})
    lorenz = access.lorenz_curve(jobs, four, steps=4)
    assert lorenz.to_list() == pytest.approx([0, 1 / 6, 2 / 6, 0.5, 1])
    ranked = access.concentration_curve(jobs, four, pandas.Series({"a": 2.0, "b": 1.0}), steps=4)
    assert ranked.to_list() == pytest.approx([0, 0.5, 4 / 6, 5 / 6, 1])
    assert access.lorenz_curve(jobs * 0, four, steps=4).isna().all()


def test_one_school_in_two_sources_is_found():
    schools = geopandas.GeoDataFrame(
        {"name": ["ELM SCHOOL", "Elm Elementary School", "Oak School"], "kind": "school"},
        geometry=geopandas.points_from_xy([-77.0, -77.0003, -77.0], [38.9, 38.9, 38.9], crs=4326),
        index=["city/7", "osm/9", "city/8"],
    )
    same = access.same_places(schools, name="name", category="kind")
    assert same[["first", "second"]].to_numpy().tolist() == [["city/7", "osm/9"]]
    assert same["metres"].iloc[0] == pytest.approx(26, abs=1)
