"""The router from the shell gives the answers of the library, to the last bit."""

import json
import os
import subprocess
from pathlib import Path

import geopandas
import numpy
import pandas
import pytest

from commonground import StreetNetwork

MONACO = Path(__file__).parents[2] / "data/monaco/monaco.osm.pbf"
PROGRAM = os.environ.get("COMMONGROUND_PROGRAM")

pytestmark = pytest.mark.skipif(PROGRAM is None, reason="COMMONGROUND_PROGRAM names no program: NOT TESTED")


def run(*arguments, succeeds=True):
    done = subprocess.run([PROGRAM, *map(str, arguments)], capture_output=True, text=True)
    assert (done.returncode == 0) == succeeds, done.stderr
    return done.stderr


@pytest.fixture(scope="module")
def network():
    return StreetNetwork.from_osm(MONACO)


@pytest.fixture(scope="module")
def folder(network, tmp_path_factory):
    """A saved network and two tables of points: junctions of Monaco, and one place far away."""
    folder = tmp_path_factory.mktemp("program")
    places = network.nodes.to_crs("EPSG:4326").geometry
    origins = geopandas.GeoDataFrame({"id": [f"o{at}" for at in range(40)]}, geometry=list(places[::17][:40]), crs="EPSG:4326")
    shops = geopandas.GeoDataFrame({"id": [f"s{at}" for at in range(15)], "jobs": range(15)}, geometry=list(places[5::53][:15]), crs="EPSG:4326")
    origins.to_file(folder / "origins.geojson")
    shops.to_file(folder / "shops.geojson")
    run("network", MONACO, "--out", folder / "streets.network")
    return folder


@pytest.fixture(scope="module")
def tables(folder):
    read = lambda name: geopandas.read_file(folder / name).set_index("id")
    return read("origins.geojson"), read("shops.geojson")


def sides(folder, streets="streets.network"):
    streets = MONACO if streets is None else folder / streets
    return streets, "--origins", folder / "origins.geojson", "--places", folder / "shops.geojson"


def test_closest_is_that_of_the_library(network, folder, tables):
    origins, shops = tables
    run("closest", *sides(folder), "--count", 3, "--out", folder / "closest.parquet")
    found = pandas.read_parquet(folder / "closest.parquet")
    known = network.closest(origins, {"shop": shops}, count=3).reset_index()
    assert list(found["origin"]) == list(known["origin"]) and list(found["place"]) == list(known["place"])
    assert numpy.array_equal(found["minutes"], known["minutes"])


def test_matrix_is_that_of_the_library_from_an_extract_too(network, folder, tables):
    origins, shops = tables
    known = network.travel_times(origins, shops, limit_minutes=20)
    for streets in ("streets.network", None):
        run("matrix", *sides(folder, streets), "--limit-minutes", 20, "--out", folder / "matrix.parquet")
        found = pandas.read_parquet(folder / "matrix.parquet")
        assert len(found) == len(known) > 0
        assert numpy.array_equal(found["minutes"], known["minutes"])


def test_reach_is_that_of_the_library(network, folder, tables):
    origins, shops = tables
    run("reach", *sides(folder), "--cutoff-minutes", 5, "--cutoff-minutes", 15, "--weight", "jobs", "--out", folder / "reach.csv")
    found = pandas.read_csv(folder / "reach.csv", index_col="origin")
    known = network.reach(origins, shops, cutoffs_minutes=[5, 15], weight="jobs")
    assert list(found.columns) == ["within_5_min", "within_15_min"]
    assert numpy.array_equal(found.to_numpy(), known.iloc[:, :2].to_numpy())


def test_isochrones_and_ways_are_drawn(network, folder):
    run("isochrones", folder / "streets.network", "--origins", folder / "shops.geojson", "--cutoff-minutes", 5, "--cutoff-minutes", 10, "--out", folder / "areas.gpkg")
    areas = geopandas.read_file(folder / "areas.gpkg")
    assert len(areas) == 30 and (areas.geometry.area > 0).any()
    run("route", folder / "streets.network", "--points", folder / "shops.geojson", "--out", folder / "ways.geojson")
    ways = geopandas.read_file(folder / "ways.geojson")
    assert list(ways["from"][:2]) == ["s0", "s1"] and len(ways) == 14
    assert ways["minutes"].notna().all()


def test_points_of_another_city_are_an_error_and_one_stray_point_a_warning(folder):
    far = geopandas.read_file(folder / "origins.geojson")
    far.geometry = far.geometry.translate(10, 0)
    far.to_file(folder / "far.geojson")
    talk = run("closest", folder / "streets.network", "--origins", folder / "far.geojson", "--places", folder / "shops.geojson", "--out", folder / "far.csv", succeeds=False)
    assert "none of 40 points lies within 500 m of a street" in talk and "hint" in talk
    assert not (folder / "far.csv").exists()
    stray = geopandas.read_file(folder / "origins.geojson")
    stray.loc[3, "geometry"] = far.geometry[3]
    stray.to_file(folder / "stray.geojson")
    talk = run("reach", folder / "streets.network", "--origins", folder / "stray.geojson", "--places", folder / "shops.geojson", "--cutoff-minutes", 5, "--out", folder / "stray.csv")
    assert "1 of 40 points" in talk and "o3" in talk
    found = pandas.read_csv(folder / "stray.csv", index_col="origin")
    assert numpy.isnan(found.loc["o3", "within_5_min"]) and found["within_5_min"].notna().sum() == 39


def test_ids_and_weights_are_checked(folder):
    twice = geopandas.read_file(folder / "origins.geojson")
    twice.loc[4, "id"] = "o3"
    twice.to_file(folder / "twice.geojson")
    talk = run("matrix", folder / "streets.network", "--origins", folder / "twice.geojson", "--places", folder / "shops.geojson", "--out", folder / "x.csv", succeeds=False)
    assert "`o3` is there twice" in talk and "row 5" in talk
    talk = run("reach", *sides(folder), "--cutoff-minutes", 5, "--weight", "job", "--out", folder / "x.csv", succeeds=False)
    assert "no column `job`" in talk and "jobs" in talk


def test_other_programs_read_progress_and_results_as_json(tmp_path):
    done = subprocess.run([PROGRAM, "assess", MONACO.parent, "--out", tmp_path / "out", "--json", "--progress", "json", "--threads", "1"], capture_output=True, text=True, check=True)
    found = json.loads(done.stdout)
    assert found["name"] == "Monaco" and found["threads"] == 1 and set(found["seconds"]) == {"read", "assess", "write"}
    assert {"severity", "message", "hint", "layer", "row", "id", "column"} == set(found["findings"][0])
    steps = [json.loads(line) for line in done.stderr.splitlines()]
    assert any("step" in step for step in steps) and any("done" in step for step in steps)
    quiet = subprocess.run([PROGRAM, "check", MONACO.parent, "--quiet"], capture_output=True, text=True, check=True)
    assert quiet.stdout == quiet.stderr == ""
    checked = subprocess.run([PROGRAM, "check", MONACO.parent, "--json"], capture_output=True, text=True, check=True)
    assert json.loads(checked.stdout)["errors"] == 0
