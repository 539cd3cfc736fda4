"""What a notebook wants: graphs of OSMnx, pickles, tables of polars, maps, progress of one's own."""

import copy
import pickle

import geopandas
import networkx
import numpy
import pandas
import pytest
import shapely

from commonground import CommongroundError, StreetNetwork, access

METRIC = "EPSG:32631"


def hand_made():
    """Four junctions: a bent two-way street 1-2, a one-way 2->3, two parallel two-way streets 3-4, a loop at 4."""
    graph = networkx.MultiDiGraph(crs=METRIC)
    for node, (x, y) in {1: (0, 0), 2: (100, 0), 3: (100, 100), 4: (0, 100)}.items():
        graph.add_node(node, x=500_000.0 + x, y=4_800_000.0 + y)

    def street(source, target, length, *bends, both=True):
        at = lambda node: (graph.nodes[node]["x"], graph.nodes[node]["y"])
        line = shapely.LineString([at(source), *[(500_000.0 + x, 4_800_000.0 + y) for x, y in bends], at(target)])
        graph.add_edge(source, target, length=length, geometry=line, oneway=not both)
        if both:
            graph.add_edge(target, source, length=length, geometry=line.reverse(), oneway=False)

    street(1, 2, 200.0, (50, -86.6025403784))
    street(2, 3, 100.0, both=False)
    street(3, 4, 100.0)
    street(3, 4, 120.0, (50, 133))
    street(4, 4, 90.0, (-30, 100), (-30, 130))
    return graph


def minutes_between(network, nodes):
    attached = network.attach_nodes(network.nodes.reset_index().set_index("vertex").loc[list(nodes), "id"])
    found = network.travel_times(attached, attached, limit_minutes=600)
    vertices = network.nodes["vertex"]
    found["origin"], found["place"] = found["origin"].map(vertices), found["place"].map(vertices)
    return found.set_index(["origin", "place"])["minutes"]


def test_a_graph_keeps_its_nodes_streets_and_directions():
    graph = hand_made()
    network = StreetNetwork.from_osmnx(graph)
    assert set(network.nodes["vertex"]) == {1, 2, 3, 4}
    assert len(network.edges) == 5, "the two directions of a street are one edge"
    assert network.edges["minutes_backward"].isna().sum() == 1
    lengths = dict(networkx.all_pairs_dijkstra_path_length(graph, weight="length"))
    found = minutes_between(network, graph.nodes)
    for source, ends in lengths.items():
        for target, metres in ends.items():
            assert found.loc[source, target] == pytest.approx(metres / 80.0, abs=1e-5), (source, target)
    assert (2, 1) in found.index and (3, 1) not in found.index


def test_places_lie_on_the_lines_and_leave_at_either_end():
    network = StreetNetwork.from_osmnx(hand_made())
    # The bend of 1-2 is 100 m along the street from either end, and 86.6 m from the straight line.
    home = geopandas.GeoSeries([shapely.Point(500_050, 4_799_913.3974596216)], index=["home"], crs=METRIC)
    ends = geopandas.GeoSeries(shapely.points([[500_000, 4_800_000], [500_100, 4_800_000]]), index=["one", "two"], crs=METRIC)
    receipts = network.receipts(home, smallest_component=1)
    assert receipts.loc["home", "distance_m"] == pytest.approx(0, abs=1e-6)
    found = network.travel_times(home, ends, smallest_component=1).set_index("place")["minutes"]
    assert found["one"] == pytest.approx(1.25, abs=1e-4) and found["two"] == pytest.approx(1.25, abs=1e-4)


def test_tables_and_degrees_give_the_same_as_the_graph():
    graph = hand_made()
    nodes = pandas.DataFrame.from_dict(dict(graph.nodes(data=True)), orient="index")
    nodes = geopandas.GeoDataFrame(nodes, geometry=geopandas.points_from_xy(nodes["x"], nodes["y"]), crs=METRIC)
    rows = [{"u": u, "v": v, "key": key, **data} for u, v, key, data in graph.edges(keys=True, data=True)]
    edges = geopandas.GeoDataFrame(rows, crs=METRIC).set_index(["u", "v", "key"])
    known = minutes_between(StreetNetwork.from_osmnx(graph), graph.nodes)
    for tables in [(nodes, edges), (nodes, edges.reset_index())]:
        assert minutes_between(StreetNetwork.from_osmnx(tables), graph.nodes).equals(known)
    in_degrees = StreetNetwork.from_osmnx((nodes.to_crs("EPSG:4326"), edges.to_crs("EPSG:4326")), crs=METRIC)
    assert minutes_between(in_degrees, graph.nodes).equals(known)


def test_seconds_of_the_edges_are_taken_as_they_are():
    graph = hand_made()
    for number, (*_, data) in enumerate(graph.edges(data=True)):
        data["travel_time"] = 10.0 + data["length"] / 7.0
    network = StreetNetwork.from_osmnx(graph, profile="car", seconds="travel_time")
    seconds = dict(networkx.all_pairs_dijkstra_path_length(graph, weight="travel_time"))
    found = minutes_between(network, graph.nodes)
    for (source, target), minutes in found.items():
        assert 60 * minutes == pytest.approx(seconds[source][target], abs=0.01)
    with pytest.raises(CommongroundError, match="travel_tim"):
        StreetNetwork.from_osmnx(graph, seconds="travel_tim")


def test_wrong_graphs_say_what_is_wrong():
    graph = hand_made()
    del graph.nodes[3]["x"]
    with pytest.raises(CommongroundError, match="`x` and `y`"):
        StreetNetwork.from_osmnx(graph)
    with pytest.raises(CommongroundError, match="graph_to_gdfs"):
        StreetNetwork.from_osmnx([1, 2])
    graph = hand_made()
    graph.edges[2, 3, 0]["geometry"] = shapely.LineString([(500_100, 4_800_000), (500_500, 4_800_000)])
    with pytest.raises(CommongroundError, match="ends 400 m from its node"):
        StreetNetwork.from_osmnx(graph)
    with pytest.raises(CommongroundError, match="not numbered"):
        StreetNetwork.from_osmnx(networkx.relabel_nodes(hand_made(), str))


def test_the_graph_comes_back(shipped):
    network = StreetNetwork.from_osm(shipped / "monaco/monaco.osm.pbf")
    graph = network.to_networkx()
    assert graph.number_of_nodes() == len(network.nodes) and graph.graph["crs"] == network.nodes.crs
    start = int(network.nodes.index[network.nodes["component"] == 0][0])
    known = networkx.single_source_dijkstra_path_length(graph, start, weight="travel_time")
    origin, ends = network.attach_nodes([start]), network.attach_nodes()
    found = network.travel_times(origin, ends, limit_minutes=600).set_index("place")["minutes"]
    assert set(found.index) == set(known)
    assert numpy.abs(found - pandas.Series(known) / 60.0).max() < 1e-3
    again = StreetNetwork.from_osmnx(graph, seconds="travel_time")
    assert len(again.nodes) == len(network.nodes)


def test_osmnx_itself_makes_and_takes_the_graph(shipped):
    osmnx = pytest.importorskip("osmnx", reason="osmnx is not installed: NOT TESTED")
    network = StreetNetwork.from_osm(shipped / "monaco/monaco.osm.pbf")
    graph = osmnx.project_graph(network.to_networkx(), to_crs="EPSG:4326")
    tables = osmnx.graph_to_gdfs(graph)
    by_graph, by_tables = StreetNetwork.from_osmnx(graph), StreetNetwork.from_osmnx(tables)
    assert by_graph.edges.equals(by_tables.edges)
    origins = by_graph.attach_nodes(by_graph.nodes.index[::97])
    ends = by_graph.attach_nodes()
    found = by_graph.travel_times(origins, ends, limit_minutes=30)
    vertices = by_graph.nodes["vertex"]
    for origin, rows in list(found.groupby("origin"))[:5]:
        known = networkx.single_source_dijkstra_path_length(graph, vertices[origin], weight="length")
        metres = rows["place"].map(vertices).map(known)
        assert numpy.abs(rows["minutes"] * 80.0 - metres).max() < 0.1


def test_networks_are_pickled_and_copied(shipped):
    network = StreetNetwork.from_osm(shipped / "monaco/monaco.osm.pbf")
    for again in (pickle.loads(pickle.dumps(network)), copy.deepcopy(network)):
        assert repr(again) == repr(network) and again.findings == network.findings
        assert again.edges.equals(network.edges)


def test_tables_of_polars_give_the_same_bits(shipped):
    polars = pytest.importorskip("polars")
    network = StreetNetwork.from_osm(shipped / "monaco/monaco.osm.pbf")
    points = network.nodes.to_crs("EPSG:4326").geometry[::61]
    table = pandas.DataFrame({"id": [f"p{at}" for at in range(len(points))], "lon": points.x.to_numpy(), "lat": points.y.to_numpy(), "jobs": range(len(points))})
    known = geopandas.GeoDataFrame(table.set_index("id"), geometry=geopandas.points_from_xy(table["lon"], table["lat"]), crs="EPSG:4326")
    ours = polars.from_pandas(table)
    pandas.testing.assert_frame_equal(network.closest(ours, ours, count=3), network.closest(known, known, count=3), check_exact=True)
    pandas.testing.assert_frame_equal(network.closest(ours, {"a": ours}), network.closest(known, {"a": known}), check_exact=True)
    pandas.testing.assert_frame_equal(network.reach(ours, ours, cutoffs_minutes=[5, 15], weight="jobs"), network.reach(known, known, cutoffs_minutes=[5, 15], weight="jobs"), check_exact=True)
    arrow = known.reset_index().to_arrow()
    pandas.testing.assert_frame_equal(network.travel_times(arrow, ours), network.travel_times(known, known), check_exact=True)
    pairs = [access.TravelTimes.from_network(network, each, each).to_frame() for each in (ours, known)]
    pandas.testing.assert_frame_equal(*pairs, check_exact=True)
    counts = pandas.Series(1, known.index)
    found = [access.cumulative_cutoff(access.Searches(network, each, each), counts, cutoff_minutes=9) for each in (ours, known)]
    pandas.testing.assert_series_equal(*found, check_exact=True)
    edges = pandas.DataFrame({"from": [1, 2], "to": [2, 3], "minutes": [4.0, 1.5]})
    made = [StreetNetwork.from_edges(each, minutes="minutes").edges for each in (edges, polars.from_pandas(edges))]
    assert made[0].equals(made[1])


def test_tables_of_duckdb_give_the_same_bits(shipped):
    duckdb = pytest.importorskip("duckdb", reason="duckdb is not installed: NOT TESTED")
    network = StreetNetwork.from_osm(shipped / "monaco/monaco.osm.pbf")
    points = network.nodes.to_crs("EPSG:4326").geometry[::61]
    rows = pandas.DataFrame({"id": range(len(points)), "lon": points.x.to_numpy(), "lat": points.y.to_numpy()})
    known = geopandas.GeoDataFrame(rows.set_index("id"), geometry=geopandas.points_from_xy(rows["lon"], rows["lat"]), crs="EPSG:4326")
    ours = duckdb.sql("SELECT * FROM rows")
    pandas.testing.assert_frame_equal(network.closest(ours, ours, count=3), network.closest(known, known, count=3), check_exact=True)
    edges = pandas.DataFrame({"from": [1, 2], "to": [2, 3], "minutes": [4.0, 1.5]})
    made = [StreetNetwork.from_edges(each, minutes="minutes").edges for each in (edges, duckdb.sql("SELECT * FROM edges"))]
    assert made[0].equals(made[1])


def test_progress_is_told_to_whoever_asks(shipped):
    told = []
    StreetNetwork.from_osm(shipped / "monaco/monaco.osm.pbf", progress=lambda *step: told.append(step))
    assert told and all(isinstance(step, str) and 0 <= done for step, total, done in told)
    edges = pandas.DataFrame({"from": [1], "to": [2], "minutes": [4.0]})
    told.clear()
    StreetNetwork.from_edges(edges, minutes="minutes", progress=lambda *step: told.append(step))
    assert told[-1][0] == "building the network", "work that is over at once is told of, too"

    def tired(*_):
        raise RuntimeError("enough")

    with pytest.raises(RuntimeError, match="enough"):
        StreetNetwork.from_osm(shipped / "monaco/monaco.osm.pbf", progress=tired)


def test_a_column_is_explored_with_its_classes(millbrook, monkeypatch):
    pytest.importorskip("folium", reason="folium is not installed: NOT TESTED")
    label, _, classes, _ = millbrook._inner.colouring("grocery_minutes_median")
    page = millbrook.explore("grocery_minutes_median", tiles=None).get_root().render()
    assert label in page and all(colour in page for _, colour in classes)
    monkeypatch.setitem(__import__("sys").modules, "folium", None)
    still = millbrook.explore("grocery_minutes_median")
    assert "pip install folium" in repr(still)
    assert still._repr_html_().startswith("<figure><svg") and label in still._repr_html_()
    with pytest.raises(CommongroundError, match="grocery_minute"):
        millbrook.explore("grocery_minute")


def test_an_assessment_is_shown_with_five_facts_and_a_map(millbrook):
    homes, residents = len(millbrook.homes), millbrook.neighbourhoods["residents"].sum()
    line = repr(millbrook)
    assert line.startswith(f"<Assessment of Millbrook: 41 neighbourhoods, {homes:,} homes, {residents:,.0f} residents, ")
    page = millbrook._repr_html_()
    assert page.count("<li>") == 5 and page.count("<svg") == 1 and "Every kind of place near" in page
    assert "http" not in page.replace("http://www.w3.org/", ""), "nothing is fetched"
