"""What a user gets wrong is refused in one way, with a hint; what is off the streets is said, and is never 0."""

from __future__ import annotations

import multiprocessing
import subprocess
import sys
import warnings
from pathlib import Path

import geopandas
import numpy
import pandas
import pytest

import commonground
from commonground import CommongroundError, CommongroundWarning, access

MONACO = Path(__file__).parents[2] / "data/monaco/monaco.osm.pbf"


@pytest.fixture(scope="module")
def network() -> commonground.StreetNetwork:
    return commonground.StreetNetwork.from_osm(MONACO, progress=False)


@pytest.fixture(scope="module")
def homes(network) -> geopandas.GeoDataFrame:
    nodes = network.nodes
    nodes = nodes[nodes["component"] == 0].iloc[::29].to_crs(4326)
    nodes["jobs"] = numpy.arange(len(nodes)) % 4
    nodes["text"] = nodes["jobs"].astype(str)
    return nodes


def moved(homes: geopandas.GeoDataFrame, how: str) -> geopandas.GeoDataFrame:
    x, y = homes.geometry.x, homes.geometry.y
    if how == "swapped":
        x, y = y, x
    elif how == "far":
        x = x + 10.0
    elif how == "epsg":
        return homes.set_crs(2056, allow_override=True)
    return homes.set_geometry(geopandas.points_from_xy(x, y, crs=homes.crs))


@pytest.mark.parametrize("how", ["swapped", "far", "epsg"])
def test_wrong_coordinates_are_an_error_and_never_zeros(network, homes, how):
    wrong = moved(homes, how)
    for question in [
        lambda: network.reach(homes, wrong, cutoffs_minutes=15, progress=False),
        lambda: network.reach(wrong, homes, cutoffs_minutes=15, progress=False),
        lambda: network.closest(wrong, homes, progress=False),
        lambda: network.travel_times(homes, wrong, progress=False),
        lambda: network.isochrones(wrong, cutoffs_minutes=[5], progress=False),
    ]:
        with pytest.raises(CommongroundError, match=f"none of {len(homes)} places lies within 500 m") as raised:
            question()
        assert "coordinate reference system" in raised.value.hint
    with pytest.warns(CommongroundWarning, match="none of"):
        attached = network.attach(wrong, progress=False)
    assert list(attached.unattached) == list(wrong.index)
    assert (network.receipts(wrong, progress=False)["outcome"] == "too far from any street").all()


def test_some_places_off_the_streets_are_named_and_have_nan(network, homes):
    mixed = pandas.concat([homes, moved(homes.iloc[:7], "far").set_index("lost " + homes.index[:7].astype(str))])
    with pytest.warns(CommongroundWarning, match=f"7 of {len(mixed)} places .* `lost .* and 2 more"):
        found = network.reach(mixed, homes, cutoffs_minutes=15, progress=False)
    assert found[15.0].iloc[-7:].isna().all() and found[15.0].iloc[:-7].notna().all()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        network.reach(homes, homes, cutoffs_minutes=15, progress=False)


def test_arguments_work_or_are_refused_with_a_hint(network, homes):
    scalar = network.reach(homes, homes, cutoffs_minutes=15, progress=False)
    assert scalar.equals(network.reach(homes, homes, cutoffs_minutes=[15.0], progress=False))
    assert len(network.isochrones(homes.iloc[:1], cutoffs_minutes=5, progress=False)) == 1
    times = access.TravelTimes.from_network(network, homes, homes, limit_minutes=5, progress=False)
    jobs = homes["jobs"]
    for question, words in [
        (lambda: network.reach(homes, homes, cutoffs_minutes="15", progress=False), "must be minutes"),
        (lambda: network.reach(homes, homes, cutoffs_minutes=15, weight="job", progress=False), "did you mean `jobs`"),
        (lambda: network.reach(homes, homes, cutoffs_minutes=15, weight="text", progress=False), "not numbers"),
        (lambda: network.reach(homes, homes.assign(jobs=-1), cutoffs_minutes=15, weight="jobs"), "negative"),
        (lambda: network.reach(homes, homes, decays="binary", progress=False), "mapping of names"),
        (lambda: network.reach(homes, homes, decays={"a": "binary"}, progress=False), "must be a Decay"),
        (lambda: network.reach(pandas.DataFrame(homes.drop(columns="geometry")), homes), "GeoDataFrame"),
        (lambda: network.closest(homes.geometry.to_numpy(), homes), "GeoDataFrame"),
        (lambda: network.closest(homes, homes, count=-1), "1 or more"),
        (lambda: network.closest(homes, homes, count=2**70), "1 or more"),
        (lambda: network.closest(homes.iloc[[0, 0]], homes), "listed twice"),
        (lambda: network.closest(homes, homes, limit_minutes=1e6, progress=False), "24 days"),
        (lambda: network.closest(homes, homes, direction="back"), "direction"),
        (lambda: network.closest(homes.set_crs(None, allow_override=True), homes), "no coordinate reference system"),
        (lambda: access.gravity(times, jobs, decay="binary"), "Decay.binary"),
        (lambda: access.gravity(times, jobs.to_numpy(), decay=access.Decay.linear(cutoff_minutes=4)), "Series"),
        (lambda: access.TravelTimes(pandas.DataFrame({"from_id": [], "to_id": [], "time": []})), "lacks a column"),
    ]:
        with pytest.raises(CommongroundError, match=words) as raised:
            question()
        assert hasattr(raised.value, "hint") and raised.value.kind


def test_a_million_closest_places_are_all_there_are(network, homes):
    found = network.closest(homes.iloc[:5], homes, count=1_000_000, limit_minutes=600, progress=False)
    assert (found.groupby("origin").size() == len(homes)).all()


def test_our_own_pairs_are_taken_as_a_table(network, homes):
    pairs = network.travel_times(homes, homes, limit_minutes=8, progress=False)
    table = access.TravelTimes(pairs, origins=homes.index, destinations=homes.index)
    assert len(table) == len(pairs)
    again = access.TravelTimes.from_network(network, homes, homes, limit_minutes=8, progress=False)
    decay = access.Decay.linear(cutoff_minutes=7)
    assert access.gravity(table, homes["jobs"], decay=decay).equals(access.gravity(again, homes["jobs"], decay=decay))


def test_every_node_of_a_table_has_a_name_however_it_is_built():
    edges = pandas.DataFrame({"from": [1, 2, 3], "to": [2, 3, 4], "minutes": [1.0, 1.0, 1.0]})
    found = []
    for simplify in (True, False):
        network = commonground.StreetNetwork.from_edges(edges, minutes="minutes", simplify=simplify, progress=False)
        number = pandas.Series(network.nodes.index, index=network.nodes["vertex"])
        nodes = network.attach_nodes(number[[1, 2, 3, 4]].to_numpy())
        found.append(network.travel_times(nodes, nodes, progress=False)["minutes"].to_list())
    assert found[0] == found[1] and len(found[0]) == 16
    with pytest.raises(CommongroundError, match="takes 40000 minutes") as raised:
        commonground.StreetNetwork.from_edges(edges.assign(minutes=[1.0, 4e4, 1.0]), minutes="minutes", progress=False)
    assert (raised.value.row, raised.value.column) == (2, "minutes")


@pytest.mark.skipif("fork" not in multiprocessing.get_all_start_methods(), reason="there is no fork here")
def test_a_forked_child_gets_its_answer():
    program = f"""
import os, warnings
import commonground
warnings.simplefilter("ignore")
network = commonground.StreetNetwork.from_osm({str(MONACO)!r}, progress=False)
nodes = network.attach_nodes()
here = network.closest(nodes, nodes, count=2, progress=False)
child = os.fork()
if child == 0:
    there = network.closest(nodes, nodes, count=2, progress=False)
    os._exit(0 if there.equals(here) else 3)
assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
"""
    subprocess.run([sys.executable, "-c", program], check=True, timeout=60)
