"""The router from the shell gives the answers of the library, to the last bit."""

import json
import os
import shutil
import sqlite3
import subprocess
from pathlib import Path

import geopandas
import numpy
import pandas
import pyarrow.parquet
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


def test_isochrones_are_those_of_the_library(network, folder, tables):
    _, shops = tables
    run("isochrones", folder / "streets.network", "--origins", folder / "shops.geojson", "--cutoff-minutes", 5, "--cutoff-minutes", 10, "--out", folder / "areas.parquet")
    found = geopandas.read_parquet(folder / "areas.parquet")
    known = network.isochrones(shops.to_crs(network.nodes.crs), cutoffs_minutes=[5, 10])
    assert list(found["origin"]) == list(known["origin"]) and len(found) == 30
    assert list(found.geometry.to_wkb()) == list(known.geometry.to_wkb())
    run("isochrones", folder / "streets.network", "--origins", folder / "shops.geojson", "--cutoff-minutes", 5, "--out", folder / "areas.gpkg")
    assert not geopandas.read_file(folder / "areas.gpkg").geometry.is_empty.all()


def test_ways_are_those_of_the_library(network, folder, tables):
    _, shops = tables
    said = run("route", folder / "streets.network", "--points", folder / "shops.geojson", "--out", folder / "ways.parquet", "--json")
    assert said == ""
    ways = geopandas.read_parquet(folder / "ways.parquet")
    assert list(ways["from"][:2]) == ["s0", "s1"] and len(ways) == 14
    shops = shops.to_crs(network.nodes.crs)
    for at in range(14):
        whole, _ = network.route(shops.iloc[at : at + 2])
        assert ways["minutes"][at] == whole["minutes"][0] and ways["metres"][at] == whole["metres"][0]
        assert ways.geometry[at].wkb == whole.geometry[0].wkb


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


def test_files_say_where_they_come_from_and_what_their_columns_mean(tmp_path):
    run("assess", MONACO.parent, "--out", tmp_path)
    provenance = (tmp_path / "provenance.json").read_text()
    assert json.loads(provenance)["study"] == "Monaco"
    known = pandas.read_csv(tmp_path / "columns.csv").set_index(["table", "name"])
    for table in ("neighbourhoods", "homes"):
        footer = pyarrow.parquet.read_metadata(tmp_path / f"{table}.parquet").metadata
        assert footer[b"commonground:provenance"].decode() == provenance
        columns = json.loads(footer[b"commonground:columns"])
        assert {name: one["label"] for name, one in columns.items()} == dict(known.loc[table, "label"])
    connection = sqlite3.connect(tmp_path / "neighbourhoods.gpkg")
    ((found, kind),) = connection.execute("SELECT metadata, mime_type FROM gpkg_metadata").fetchall()
    assert found == provenance and kind == "application/json"
    titles = dict(connection.execute("SELECT column_name, title FROM gpkg_data_columns"))
    assert titles == dict(known.loc["neighbourhoods", "label"])
    assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    # Others read the file as before, and the same run makes the same bytes.
    places = geopandas.read_file(tmp_path / "neighbourhoods.gpkg")
    table = pandas.read_csv(tmp_path / "neighbourhoods.csv")
    assert list(places["name"]) == list(table["name"])
    run("assess", MONACO.parent, "--verify", tmp_path)


@pytest.mark.skipif(shutil.which("ogrinfo") is None, reason="ogrinfo is not installed: NOT TESTED")
def test_gdal_shows_where_a_geopackage_comes_from(tmp_path):
    run("assess", MONACO.parent, "--out", tmp_path)
    said = subprocess.run(["ogrinfo", "-so", tmp_path / "neighbourhoods.gpkg", "neighbourhoods"], capture_output=True, text=True, check=True)
    assert "Warning" not in said.stdout + said.stderr, said.stderr
    assert "sha256" in said.stdout
