"""Questions to a street network, against networkx on the same whole milliseconds."""

from __future__ import annotations

from pathlib import Path

import geopandas
import networkx
import numpy
import pytest

import commonground

MONACO = Path(__file__).parents[2] / "data/monaco/monaco.osm.pbf"
MILLISECONDS = 60_000


@pytest.fixture(scope="module")
def network() -> commonground.StreetNetwork:
    return commonground.StreetNetwork.from_osm(MONACO, profile="car", progress=False)


@pytest.fixture(scope="module")
def graph(network: commonground.StreetNetwork) -> networkx.MultiDiGraph:
    """One-way streets included; costs are the network's own whole milliseconds."""
    graph = networkx.MultiDiGraph()
    graph.add_nodes_from(network.nodes.index)
    for edge in network.edges.itertuples():
        tail, head = edge[network.edges.columns.get_loc("from") + 1], edge.to
        for source, target, minutes in [(tail, head, edge.minutes_forward), (head, tail, edge.minutes_backward)]:
            if not numpy.isnan(minutes):
                graph.add_edge(source, target, cost=round(minutes * MILLISECONDS))
    return graph


@pytest.fixture(scope="module")
def junctions(network: commonground.StreetNetwork) -> geopandas.GeoDataFrame:
    """Junctions at places of their own, with a name for an index."""
    nodes = network.nodes
    nodes = nodes[~nodes.geometry.duplicated(keep=False)]
    nodes = nodes[nodes["component"] == 0].iloc[::9]
    nodes["node"] = nodes.index
    return nodes.set_index("junction " + nodes.index.astype(str))


@pytest.mark.parametrize("direction", ["from", "to"])
def test_travel_times_are_those_of_networkx_to_the_millisecond(network, graph, junctions, direction):
    limit = 4.0
    found = network.travel_times(junctions, junctions, limit_minutes=limit, direction=direction, progress=False)
    times = {(row.origin, row.place): round(row.minutes * MILLISECONDS) for row in found.itertuples()}
    searched = graph if direction == "from" else graph.reverse()
    expected = {}
    for name, node in junctions["node"].items():
        reached = networkx.single_source_dijkstra_path_length(
            searched, node, cutoff=limit * MILLISECONDS, weight="cost"
        )
        expected |= {
            (name, other): reached[target] for other, target in junctions["node"].items() if target in reached
        }
    assert len(expected) > 1_000
    assert times == expected

    closest = network.closest(junctions, junctions, count=2, limit_minutes=limit, direction=direction, progress=False)
    for origin, rows in closest.groupby("origin"):
        mine = sorted(cost for (start, _), cost in expected.items() if start == origin)
        assert [round(minutes * MILLISECONDS) for minutes in rows["minutes"]] == mine[:2]
        assert list(rows["rank"]) == list(range(1, len(rows) + 1))

    weighted = junctions.assign(weight=numpy.arange(len(junctions)) % 7)
    reach = network.reach(
        junctions, weighted, weight="weight", cutoffs_minutes=[2, limit], direction=direction, progress=False
    )
    assert list(reach.index) == list(junctions.index)
    for cutoff in [2.0, limit]:
        sums = {name: 0.0 for name in junctions.index}
        for (origin, place), cost in expected.items():
            if cost <= cutoff * MILLISECONDS:
                sums[origin] += float(weighted.loc[place, "weight"])
        assert reach[cutoff].to_dict() == sums


def test_places_are_attached_once_and_accepted_wherever_places_are(network, junctions):
    places = junctions.to_crs(4326).assign(jobs=numpy.arange(len(junctions)) % 5)
    attached = network.attach(places, progress=False)
    assert (len(attached), list(attached.index), attached.crs) == (len(places), list(places.index), places.crs)
    assert repr(attached) == f"<AttachedPlaces: {len(places)} of {len(places)} on the network>"
    asked = {"limit_minutes": 3, "progress": False}
    for question in [
        lambda some, all: network.closest(some, all, count=3, **asked),
        lambda some, all: network.travel_times(some, all, **asked),
        lambda some, all: network.reach(some, all, cutoffs_minutes=[2, 3], weight="jobs", progress=False),
        lambda some, all: network.receipts(all, progress=False),
        lambda some, all: commonground.access.TravelTimes.from_network(network, some, all, **asked).to_frame(),
    ]:
        some = places.iloc[:20]
        at_once, before = question(some, places), question(network.attach(some, progress=False), attached)
        assert len(at_once) and at_once.equals(before)
    other = commonground.StreetNetwork.from_osm(MONACO, progress=False)
    with pytest.raises(ValueError, match="another network"):
        other.receipts(attached)


def test_the_closest_of_several_categories_are_those_of_each(network, junctions):
    services = junctions.assign(category=numpy.where(numpy.arange(len(junctions)) % 3, "school", "clinic"))
    by_category = dict(list(services.groupby("category")))
    together = network.closest(junctions, by_category, count=2, progress=False)
    assert list(together["category"].unique()) == ["clinic", "school"]
    for category, places in by_category.items():
        alone = network.closest(junctions, places, count=2, progress=False)
        assert together[together["category"] == category].drop(columns="category").reset_index(drop=True).equals(alone)
    nothing = network.closest(junctions, {}, progress=False)
    assert list(nothing.columns) == ["category", "origin", "place", "rank", "minutes"] and nothing.empty


def test_decays_and_cutoffs_come_from_one_search(network, junctions):
    from commonground.access import Decay, TravelTimes, gravity

    jobs = junctions.assign(jobs=numpy.arange(len(junctions)) % 7)
    decays = {"linear": Decay.linear(cutoff_minutes=5), "endless": Decay.exponential(rate=0.3)}
    found = network.reach(
        junctions, jobs, weight="jobs", cutoffs_minutes=[2], decays=decays, limit_minutes=4, progress=False
    )
    assert list(found.columns) == [2.0, "linear", "endless", "minutes_to_data_edge"]
    times = TravelTimes.from_network(network, junctions, jobs, limit_minutes=4, progress=False)
    for name, decay in {**decays, 2.0: Decay.binary(cutoff_minutes=2)}.items():
        numpy.testing.assert_allclose(found[name], gravity(times, jobs["jobs"], decay=decay), rtol=1e-12)


def test_areas_and_ways_come_back_in_the_system_of_the_places(network, junctions):
    places = junctions.to_crs(4326).iloc[[4, 40]]
    areas = network.isochrones(places, cutoffs_minutes=[1, 3], progress=False)
    assert areas.crs == places.crs
    assert list(areas["origin"]) == [places.index[0]] * 2 + [places.index[1]] * 2
    metric = areas.to_crs(network.nodes.crs).geometry
    for small, large in [(0, 1), (2, 3)]:
        assert metric[small].difference(metric[large]).area < 1.0
        assert 0 < metric[small].area < metric[large].area
    line, steps = network.route(places)
    assert steps["metres"].sum() == pytest.approx(line["metres"][0])
    assert steps["minutes"].sum() == pytest.approx(line["minutes"][0])
    assert line.to_crs(network.nodes.crs).length[0] == pytest.approx(line["metres"][0], rel=1e-6)


def test_every_place_has_a_receipt(network, junctions):
    near, far = junctions.geometry.iloc[0], junctions.geometry.iloc[0]
    places = geopandas.GeoSeries(
        [near, geopandas.points_from_xy([far.x + 90_000], [far.y])[0], None], index=["a", "b", "c"], crs=junctions.crs
    )
    receipts = network.receipts(places, progress=False)
    assert list(receipts["outcome"]) == ["attached", "too far from any street", "no place"]
    assert receipts.loc["a", "distance_m"] == 0
    assert receipts["street"].isna().tolist() == [False, True, True]


def test_wrong_questions_are_refused(network, junctions):
    with pytest.raises(ValueError, match="direction"):
        network.closest(junctions, junctions, direction="sideways")
    with pytest.raises(ValueError, match="set_crs"):
        network.receipts(geopandas.GeoSeries(junctions.geometry.to_numpy(), crs=None))
    with pytest.raises(commonground.CommongroundError, match="no cutoff"):
        network.isochrones(junctions.iloc[:1], cutoffs_minutes=[], progress=False)
    with pytest.raises(commonground.CommongroundError, match="point"):
        network.receipts(junctions.buffer(10), progress=False)
    with pytest.raises(ValueError, match="two ends"):
        network.route(junctions.iloc[:3])
