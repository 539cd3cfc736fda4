"""Networks of lines and of tables, against networkx on graphs that the test builds itself."""

from __future__ import annotations

import itertools
import math
from pathlib import Path

import geopandas
import networkx
import numpy
import pandas
import pytest
import shapely

from commonground import CommongroundError, StreetNetwork

MONACO = Path(__file__).parents[2] / "data/monaco/monaco.osm.pbf"
METRIC = "EPSG:32632"


def lines(**columns: list) -> geopandas.GeoDataFrame:
    """1 --- 2 --- 3 along a street of two lines of 600 m, and 2 --- 4 beside it."""
    ends = [[(0, 0), (600, 0)], [(600, 0), (1_200, 0)], [(600, 0), (600, 600)]]
    return geopandas.GeoDataFrame(columns, geometry=[shapely.LineString(pair) for pair in ends], crs=METRIC)


def car(lines: geopandas.GeoDataFrame, **columns: str) -> pandas.DataFrame:
    """Minutes forward and backward of each line."""
    edges = StreetNetwork.from_lines(lines, profile="car", simplify=False, progress=False, **columns).edges
    return edges.sort_values("street")[["minutes_forward", "minutes_backward"]].round(6)


def test_a_limit_in_either_unit_and_a_direction_of_either_spelling_are_understood():
    # 600 m at 0.8 x 45 km/h take a minute.
    limits = {"limit": [45.0, 90.0, numpy.nan], "mph": [45 / 1.609344, 90 / 1.609344, 0]}
    for directions in [["F", "T", "B"], ["yes", "-1", "no"], ["ft", "TF", None], [True, "reverse", False]]:
        table = lines(way=directions, **limits)
        for limit in [{"speed_limit_kmh": "limit"}, {"speed_limit_mph": "mph"}]:
            found = car(table, oneway="way", **limit)
            assert found.iloc[0].isna().tolist() == [False, True] and found.iloc[0, 0] == 1.0
            assert found.iloc[1].isna().tolist() == [True, False] and found.iloc[1, 1] == 0.5
            assert found.iloc[2].nunique() == 1


def test_a_class_of_the_data_is_what_the_mapping_says():
    table = lines(kind=["S1100", "path", "dirt"])
    network = StreetNetwork.from_lines(
        table, profile="car", street_class="kind", classes={"S1100": "motorway"}, simplify=False, progress=False
    )
    # A motorway is one-way, cars do not drive on a path, and what is not known is an unclassified road.
    assert list(network.edges["street"]) == [1, 3]
    assert network.edges["minutes_backward"].isna().tolist() == [True, False]
    assert len(network.findings) == 1 and "dirt (1)" in network.findings[0]
    unmapped = StreetNetwork.from_lines(table, profile="car", progress=False)
    assert "no `class`" in unmapped.findings[0] and unmapped.report["closed_streets"] == 0


def test_lines_that_cannot_be_streets_are_refused():
    good = lines(limit=[30, 30, 30])
    for wrong, columns, message in [
        (good.set_crs(None, allow_override=True), {}, "no coordinate system"),
        (good.set_geometry(good.buffer(1)), {}, "no lines"),
        (lines(limit=[30, -1, 30]), {"speed_limit_kmh": "limit"}, "negative"),
        (good, {"speed_limit_kmh": "limit", "speed_limit_mph": "limit"}, "both in km/h"),
        (good.iloc[:0], {}, "no streets"),
    ]:
        with pytest.raises(CommongroundError, match=message):
            StreetNetwork.from_lines(wrong, **columns, progress=False)
    with pytest.raises(CommongroundError, match="no such column"):
        StreetNetwork.from_lines(good, oneway="no such column")


def test_one_way_streets_of_a_real_line_file_are_driven_as_networkx_drives_them(real_cities):
    table = geopandas.read_file(f"/vsigzip/{real_cities}/gothenburg/large-network.geojson.gz")
    table = table[(table.geometry.type == "LineString") & table["highway"].isin(["primary", "residential", "tertiary"])]
    table = table[table["oneway"].isin(["yes", "no", None]) | table["oneway"].isna()]
    profile = {"profile": "car", "speeds": dict.fromkeys(["primary", "residential", "tertiary"], 36.0)}
    network = StreetNetwork.from_lines(
        table, profile=profile, street_class="highway", oneway="oneway", simplify=False, crs="EPSG:3006", progress=False
    )
    assert network.findings == []

    graph = networkx.DiGraph()
    metric = table.to_crs(3006).geometry
    for degrees, line, oneway in zip(table.geometry, metric, table["oneway"], strict=True):
        seconds = [math.dist(a, b) / 10 for a, b in itertools.pairwise(line.coords)]
        for (a, b), cost in zip(itertools.pairwise(degrees.coords), seconds, strict=True):
            for source, target in [(a, b)] if oneway == "yes" else [(a, b), (b, a)]:
                graph.add_edge(source, target, cost=min(cost, graph.get_edge_data(source, target, {"cost": cost})["cost"]))

    nodes = network.nodes[network.nodes["component"] == 0].iloc[::10].to_crs(4326)
    places = nodes.assign(vertex=[(point.x, point.y) for point in nodes.geometry])
    known = {(round(x, 9), round(y, 9)): (x, y) for x, y in graph}
    found = network.travel_times(places, places, limit_minutes=4, max_snap_metres=1, smallest_component=0, progress=False)
    minutes = found.set_index(["origin", "place"])["minutes"]
    compared = 0
    for origin in places.index[:25]:
        start = known[tuple(numpy.round(places.loc[origin, "vertex"], 9))]
        reached = networkx.single_source_dijkstra_path_length(graph, start, cutoff=239, weight="cost")
        for place in places.index:
            seconds = reached.get(known[tuple(numpy.round(places.loc[place, "vertex"], 9))])
            if seconds is not None:
                # Half a millisecond an edge, and a place that was carried to degrees and back.
                assert minutes[origin, place] * 60 == pytest.approx(seconds, abs=0.1)
                compared += 1
    assert compared > 500


def test_the_tables_of_a_network_make_the_same_network():
    network = StreetNetwork.from_osm(MONACO, profile="car", progress=False)
    ways = [("from", "to", "minutes_forward"), ("to", "from", "minutes_backward")]
    directed = [network.edges[list(names)].set_axis(["from", "to", "minutes"], axis=1) for names in ways]
    edges = pandas.concat(directed).dropna().assign(oneway=True)
    again = StreetNetwork.from_edges(
        edges, network.nodes, profile="car", minutes="minutes", oneway="oneway", simplify=False, progress=False
    )
    assert again.nodes.crs == network.nodes.crs and len(again.nodes) == len(network.nodes)
    assert len(again.edges) == len(edges) and again.report["components"] == network.report["components"]
    # At junctions of the largest piece; elsewhere two may lie upon each other.
    places = network.nodes[~network.nodes.geometry.duplicated(keep=False) & (network.nodes["component"] == 0)].iloc[::7]
    asked = {"limit_minutes": 5, "max_snap_metres": 1, "progress": False}
    first, second = (each.travel_times(places, places, **asked) for each in (network, again))
    assert len(first) > 1_000
    pandas.testing.assert_frame_equal(first, second)


def test_edges_without_places_are_asked_about_by_their_nodes():
    edges = pandas.DataFrame({"from": [7, 5, 3], "to": [5, 3, 7], "cost": [1.0, 1.0, 5.0], "once": [True, False, None]})
    network = StreetNetwork.from_edges(edges, minutes="cost", oneway="once", simplify=False, progress=False)
    number = {vertex: node for node, vertex in network.nodes["vertex"].items()}
    nodes = network.attach_nodes([number[vertex] for vertex in (7, 5, 3)])
    times = network.travel_times(nodes, nodes).pivot(index="origin", columns="place", values="minutes")
    assert network.nodes.crs is None and list(nodes.index) == [number[vertex] for vertex in (7, 5, 3)]
    assert times.loc[nodes.index, nodes.index].to_numpy().tolist() == [[0, 1, 2], [6, 0, 1], [5, 1, 0]]
    with pytest.raises(CommongroundError, match="no node `99`"):
        network.attach_nodes([0, 99])


def test_tables_that_do_not_fit_are_refused_with_their_row():
    nodes = geopandas.GeoSeries.from_xy([0, 100], [0, 0], index=[1, 2], crs=METRIC)
    good = pandas.DataFrame({"from": [1, 2], "to": [2, 1], "length": [100.0, 120.0]})
    for edges, message in [
        (good.assign(to=[2, 3]), "no node `3`"),
        (good.assign(length=[100.0, numpy.nan]), "`length_m` is negative or not finite"),
        (good.assign(length=[100.0, -1.0]), "`length_m` is negative or not finite"),
        (good.astype({"to": "Int64"}).assign(to=[2, pandas.NA]), "id of a node is missing"),
    ]:
        with pytest.raises(CommongroundError, match=message) as error:
            StreetNetwork.from_edges(edges, nodes, length_metres="length", progress=False)
        assert error.value.row == 2
    with pytest.raises(CommongroundError, match="neither a length nor a time"):
        StreetNetwork.from_edges(good, progress=False)
    with pytest.raises(CommongroundError, match="not unique"):
        StreetNetwork.from_edges(good, nodes.iloc[[0, 1, 1]], progress=False)
    with pytest.raises(CommongroundError, match="no edges"):
        StreetNetwork.from_edges(good.iloc[:0], nodes, progress=False)
    straight = StreetNetwork.from_edges(good, nodes, simplify=False, progress=False)
    assert straight.edges["length_m"].tolist() == [100.0, 100.0]
