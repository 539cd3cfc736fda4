"""Severance, encounter, social infrastructure and perception against numpy, scipy and esda."""

import commonground
import esda
import geopandas
import numpy
import pandas
import pytest
import scipy.sparse
import scipy.stats
import shapely
from commonground import StreetNetwork, access, encounter, perception, severance, social_infrastructure

WALKING_M_PER_MINUTE = 4800 / 60


@pytest.fixture(scope="module")
def network(shipped):
    return StreetNetwork.from_osm(shipped / "monaco" / "monaco.osm.pbf", progress=False)


@pytest.fixture(scope="module")
def homes(network):
    """Homes at junctions of the largest piece, so that scipy walks from node to node."""
    nodes, edges = network.nodes, network.edges
    # Where a bridge passes over a junction, a home could be attached to either.
    at, edge = edges.sindex.query(nodes.geometry, predicate="dwithin", distance=0.01)
    meets = edges.iloc[edge].reset_index(drop=True)
    own = (meets["from"].to_numpy() == nodes.index[at]) | (meets["to"].to_numpy() == nodes.index[at])
    alone = pandas.Series(own).groupby(nodes.index[at]).all()
    chosen = nodes[(nodes["component"] == 0) & alone].sample(250, random_state=3)
    random = numpy.random.default_rng(3)
    return chosen[["geometry"]].assign(residents=random.integers(0, 50, len(chosen)))


def test_severance_is_that_of_scipy_and_shapely(network, homes):
    nodes, edges = network.nodes, network.edges
    arcs = pandas.concat(
        [
            edges[["from", "to"]].assign(minutes=edges["minutes_forward"]),
            edges[["to", "from"]].set_axis(["from", "to"], axis=1).assign(minutes=edges["minutes_backward"]),
        ]
    ).dropna()
    # Of parallel streets the fastest; a matrix would add them up.
    arcs = arcs.groupby(["from", "to"], as_index=False)["minutes"].min()
    graph = scipy.sparse.csr_matrix((arcs["minutes"], (arcs["from"], arcs["to"])), shape=(len(nodes),) * 2)
    at = nodes.index.get_indexer(homes.index)
    reached = scipy.sparse.csgraph.dijkstra(graph, indices=at) * WALKING_M_PER_MINUTE
    reached[reached > 3 * 800] = numpy.inf
    walked = reached[:, at]
    x, y = homes.geometry.x.to_numpy(), homes.geometry.y.to_numpy()
    straight = numpy.hypot(x[:, None] - x, y[:, None] - y)
    near = (straight >= 100) & (straight <= 800)
    numpy.fill_diagonal(straight, numpy.nan)
    # The last millisecond must decide nothing.
    assert not (near & (abs(walked / straight - 2) < 1e-6)).any()
    # Nobody knows of a shorter way that may lead over the end of the data and back.
    to_cut = reached[:, nodes["is_cut"].to_numpy()].min(axis=1)
    outside = to_cut[:, None] + to_cut
    assert not (near & (abs(outside / straight - 2) < 1e-6)).any()
    near &= (walked <= 2 * straight) | (outside > 2 * straight)
    cut_off = near & (walked > 2 * straight)
    people = homes["residents"].to_numpy()

    coast = geopandas.GeoSeries(
        [shapely.LineString([(x.min(), y.mean()), (x.max(), y.mean())]), shapely.LineString([(0, 0), (1, 1)])],
        index=["across", "elsewhere"],
        crs=homes.crs,
    )
    found = severance.severance(network, homes, barriers=coast, progress=False)
    assert found.homes.index.equals(homes.index)
    numpy.testing.assert_allclose(found.homes["people_near"], near @ people)
    share = (cut_off @ people) / (near @ people)
    numpy.testing.assert_allclose(found.homes["share_cut_off"], share, atol=1e-12)
    for home in (0, 100, 249):
        ratio = (walked / straight)[home][near[home]]
        order = numpy.argsort(ratio)
        weight = people[near[home]][order].cumsum()
        expected = ratio[order][numpy.searchsorted(weight, weight[-1] / 2)]
        assert found.homes["median_ratio"].iloc[home] == pytest.approx(expected, rel=1e-4)

    line = coast["across"]
    crosses = numpy.array([[line.intersects(shapely.LineString([(x[i], y[i]), (x[j], y[j])])) if cut_off[i, j] else False
                            for j in range(len(homes))] for i in range(len(homes))])
    behind = (crosses @ people) / (near @ people)
    assert list(found.barriers.index) == ["across"]
    assert found.barriers["residents_affected"].item() == people[behind >= 0.1].sum()
    assert found.barriers["pairs_cut_off"].item() == pytest.approx(people @ crosses @ people)
    assert found.pairs_without_barrier == pytest.approx(people @ (cut_off & ~crosses) @ people)
    assert set(found.homes["barrier"].dropna()) == {"across"}


def test_severance_refuses_what_is_no_count(network, homes):
    wrong = homes.assign(residents=homes["residents"].astype(float))
    wrong.iloc[7, wrong.columns.get_loc("residents")] = numpy.nan
    with pytest.raises(commonground.CommongroundError):
        severance.severance(network, wrong, progress=False)
    with pytest.raises(commonground.CommongroundError):
        severance.severance(network, homes, cut_off_ratio=0.5, progress=False)


def test_the_coast_of_monaco_is_read_as_one_barrier(shipped):
    found = severance.read_barriers(shipped / "monaco" / "monaco.osm.pbf", progress=False)
    assert set(found["kind"]) == {"water"} and (found["name"] == "the sea").sum() == 1


@pytest.fixture
def town():
    random = numpy.random.default_rng(1)
    ids = [f"h{number}" for number in range(40)]
    residents = pandas.DataFrame(random.integers(0, 30, (40, 3)), index=ids, columns=["a", "b", "c"])
    quarters = pandas.Series(random.choice(["n", "e", "s"], 40), index=ids, name="quarter")
    minutes = pandas.DataFrame(random.uniform(0, 30, (40, 5)), index=ids, columns=list("vwxyz"))
    minutes["z"] = 40.0
    return access.TravelTimes.from_matrix(minutes), residents, quarters, minutes


def entropy(counts):
    shares = counts / counts.sum()
    return -(shares * numpy.log(shares.where(shares > 0, 1))).sum() / numpy.log(len(counts))


def test_encounter_is_what_its_definition_says(town):
    times, residents, quarters, minutes = town
    found = encounter.encounter(times, residents.sample(frac=1, random_state=1), quarters, cutoff_minutes=15)
    near = minutes <= 15
    for place in "vwxy":
        here = residents[near[place]]
        assert found.places.loc[place, "residents"] == here.to_numpy().sum()
        assert found.places.loc[place, "diversity"] == pytest.approx(entropy(here.sum()))
        by_quarter = here.groupby(quarters).sum()
        weights = by_quarter.sum(axis=1) / here.to_numpy().sum()
        within = (by_quarter.apply(entropy, axis=1) * weights).sum()
        assert found.places.loc[place, "bridging"] == pytest.approx(entropy(here.sum()) - within)
    assert found.places.loc["z"].isna().all()
    shares = found.places.filter(like="share_").fillna(0).set_axis(residents.columns, axis=1)
    met = (near.astype(float) @ shares).div(near.sum(axis=1), axis=0)
    pandas.testing.assert_frame_equal(found.homes, met, check_names=False, check_exact=False)
    for group in residents:
        members = residents[group].where(met[group].notna())
        mean = ((1 - met[group]) * members).groupby(quarters).sum() / members.groupby(quarters).sum()
        numpy.testing.assert_allclose(found.neighbourhoods[group], mean.loc[found.neighbourhoods.index])


def test_pairs_share_what_a_tenth_of_both_reaches(town):
    times, residents, quarters, minutes = town
    pairs = [("n", "e"), ("s", "n")]
    found = encounter.shared_places(times, residents, quarters, pairs, cutoff_minutes=3, share=0.1)
    people = residents.sum(axis=1)
    reach = (minutes <= 3).mul(people, axis=0).groupby(quarters).sum().div(people.groupby(quarters).sum(), axis=0)
    assert found.to_list() == [((reach.loc[one] >= 0.1) & (reach.loc[other] >= 0.1)).sum() for one, other in pairs]
    with pytest.raises(commonground.CommongroundError, match="without homes"):
        encounter.shared_places(times, residents, quarters, [("n", "w")])
    with pytest.raises(commonground.CommongroundError, match="one group only"):
        encounter.encounter(times, residents[["a"]], quarters)


def test_social_infrastructure_and_shortfall_by_hand():
    places = pandas.DataFrame({"library": [1, 0, 4], "chapel": [1, 0, 0]}, index=["x", "y", "z"])
    residents = pandas.Series([1000, 500, 1000], index=["x", "y", "z"])
    needed = {"library": 2, "chapel": 2}
    found = social_infrastructure.social_infrastructure(places, residents, needed_per_thousand=needed)
    assert found.loc["x", "isolation"] == pytest.approx(1 - numpy.sqrt(0.5 * 1))
    assert found.loc["y", "isolation"] == 1
    assert found.loc["z", "isolation"] == pytest.approx(1 - numpy.sqrt(0.5 * 0.5))
    own = social_infrastructure.social_infrastructure(places, residents)
    assert own.loc["z", "available_library"] == 1
    with pytest.raises(commonground.CommongroundError) as refused:
        social_infrastructure.social_infrastructure(places.replace(4, -1), residents, needed_per_thousand=needed)
    assert refused.value.id == "z"
    minutes = pandas.Series([10, numpy.nan, 22.5], index=residents.index)
    beyond = social_infrastructure.shortfall(minutes, residents, standard_minutes=15)
    assert beyond.to_dict() == {"share": 0.6, "residents": 1500, "depth": 0.4, "severity": pytest.approx(0.3)}


def test_perception_ranks_as_scipy_and_smooths_as_esda(shipped):
    survey = pandas.read_csv(shipped / "millbrook" / "safety_2020.csv", index_col="id")
    census = pandas.read_csv(shipped / "millbrook" / "census_2020.csv", index_col="id")
    places = survey.join(census["population"])
    found = perception.perception(places)
    smoothed = esda.smoothing.Empirical_Bayes(places["recorded_incidents"], places["population"]).r.ravel()
    numpy.testing.assert_allclose(found["smoothed_rate"], 1000 * smoothed, rtol=1e-9)

    def share(values):
        return (scipy.stats.rankdata(values) - 1) / (len(values) - 1)

    numpy.testing.assert_allclose(found["gap"], share(places["feel_unsafe_share"]) - share(smoothed), atol=1e-12)
    assert (found["gap_low"] <= found["gap"]).mean() > 0.9
    expected = scipy.stats.spearmanr(places["feel_unsafe_share"], found["smoothed_rate"]).statistic
    assert perception.rank_correlation(places["feel_unsafe_share"], found["smoothed_rate"]) == pytest.approx(expected)
    with pytest.raises(commonground.CommongroundError) as refused:
        perception.perception(places.assign(feel_unsafe_share=30.0))
    assert refused.value.id == "n01"


def test_an_assessment_knows_barriers_places_to_meet_and_who_lacks_what(millbrook):
    assert list(millbrook.barriers["name"]) == ["Mill Brook", "East Motorway", "The Sound"]
    places = millbrook.neighbourhoods
    # The gap stands out where it is planted.
    gap = places.set_index("name")["safety_gap"]
    assert (gap.idxmax(), gap.idxmin()) == ("Underpass", "Market")
    # The segregated quarter meets the fewest others, and the island nobody else.
    least = places.set_index("name")["encounter_established"].nsmallest(30)
    assert not {"Ropewalk", "Tannery", "Weir", "Riverside"} & set(least.index)
    table = millbrook.service_isolation
    everybody = table.loc["everybody"]
    homes = millbrook.homes[millbrook.homes["street_distance_m"].notna()]
    minutes, residents = homes["clinic_minutes"], homes["residents"]
    expected = social_infrastructure.shortfall(minutes, residents, standard_minutes=15)
    found = everybody.loc["clinic", ["share_lacking", "residents_lacking", "depth", "severity"]]
    numpy.testing.assert_allclose(found.to_numpy(dtype=float), expected.to_numpy())
    assert everybody.loc["two or more", "share_lacking"] == pytest.approx(
        (homes["essentials_lacking"] >= 2).mul(residents).sum() / residents.sum()
    )
    pillars = places[["residential_isolation", "access_isolation", "social_isolation"]].clip(lower=0)
    combined = numpy.sqrt((pillars**2).mean(axis=1, skipna=False))
    numpy.testing.assert_allclose(places["combined_isolation"], combined)
