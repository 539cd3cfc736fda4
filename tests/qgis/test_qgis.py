"""The Processing plugin in a real QGIS without a window: the same numbers as the program's, and its errors in words.

`COMMONGROUND_PROGRAM` names the program; `qgis_process` comes with QGIS.
"""

import json
import os
import shutil
import subprocess
from pathlib import Path

import geopandas
import pandas
import pytest

ROOT = Path(__file__).parents[2]
MONACO = ROOT / "data/monaco/monaco.osm.pbf"
PROGRAM = os.environ.get("COMMONGROUND_PROGRAM")
# Debian's wrapper passes an option that `qgis_process` does not know.
QGIS = shutil.which("qgis_process.bin") or shutil.which("qgis_process")

pytestmark = pytest.mark.skipif(not (PROGRAM and QGIS), reason="QGIS or the program is not there: THE PLUGIN IS NOT TESTED")


@pytest.fixture(scope="session")
def qgis(tmp_path_factory):
    """Runs an algorithm in a profile that holds the plugin alone; returns its results, or what it said when it failed."""
    home = tmp_path_factory.mktemp("qgis")
    plugins = home / "QGIS/QGIS3/profiles/default/python/plugins"
    plugins.mkdir(parents=True)
    shutil.copytree(ROOT / "qgis/commonground_qgis", plugins / "commonground_qgis")
    runtime = home / "runtime"
    runtime.mkdir(mode=0o700)
    environment = {**os.environ, "XDG_DATA_HOME": str(home), "XDG_RUNTIME_DIR": str(runtime), "QT_QPA_PLATFORM": "offscreen"}
    # Python packages of the tests are not those of QGIS.
    environment.pop("PYTHONPATH", None)
    environment["PATH"] = "/usr/bin:/bin:/usr/local/bin"

    def call(*arguments, succeeds=True):
        done = subprocess.run([QGIS, *map(str, arguments)], capture_output=True, text=True, env=environment, timeout=300)
        assert (done.returncode == 0) == succeeds, done.stdout + done.stderr
        return done

    call("plugins", "enable", "commonground_qgis")

    def algorithm(name, *, succeeds=True, **parameters):
        given = [f"{key}={value}" for key, value in parameters.items()]
        if not succeeds:
            done = call("run", f"commonground:{name}", "--", *given, succeeds=False)
            return done.stdout + done.stderr
        done = call("--json", "run", f"commonground:{name}", "--", *given)
        return json.loads(done.stdout[done.stdout.index("{"):])["results"]

    return algorithm


@pytest.fixture(scope="session")
def points(tmp_path_factory):
    """Two layers of points in Monaco, in a system of metres and with ids of their own."""
    folder = tmp_path_factory.mktemp("points")
    subprocess.run([PROGRAM, "assess", ROOT / "data/monaco", "--out", folder / "monaco", "--quiet"], check=True)
    homes = geopandas.read_parquet(folder / "monaco/homes.parquet").iloc[::20][["id", "geometry"]]
    homes = homes.set_geometry(homes.representative_point()).rename(columns={"id": "home"})
    homes.to_file(folder / "homes.gpkg")
    homes.iloc[::9].rename(columns={"home": "shop"}).assign(jobs=3).to_file(folder / "shops.gpkg")
    for name, column in (("homes", "home"), ("shops", "shop")):
        table = geopandas.read_file(folder / f"{name}.gpkg").rename(columns={column: "id"})
        table.to_file(folder / f"{name}_by_id.gpkg")
    return folder


def test_closest_places_are_those_of_the_program(qgis, points, tmp_path):
    qgis("closest", STREETS=MONACO, PROFILE=0, ORIGINS=points / "homes.gpkg", ORIGINS_ID="home", PLACES=points / "shops.gpkg", PLACES_ID="shop", COUNT=2, LIMIT=30, OUTPUT=tmp_path / "closest.csv")
    subprocess.run([PROGRAM, "closest", MONACO, "--origins", points / "homes_by_id.gpkg", "--places", points / "shops_by_id.gpkg", "--count", "2", "--limit-minutes", "30", "--out", tmp_path / "own.csv"], check=True)
    found, own = (pandas.read_csv(tmp_path / name) for name in ("closest.csv", "own.csv"))
    assert len(found) > 50
    pandas.testing.assert_frame_equal(found, own)


def test_reach_matrix_isochrones_and_routes_run(qgis, points, tmp_path):
    sides = {"STREETS": MONACO, "ORIGINS": points / "homes.gpkg", "ORIGINS_ID": "home", "PLACES": points / "shops.gpkg", "PLACES_ID": "shop"}
    qgis("reach", **sides, CUTOFFS="5, 15", WEIGHT="jobs", OUTPUT=tmp_path / "reach.csv")
    reach = pandas.read_csv(tmp_path / "reach.csv")
    assert list(reach.columns) == ["origin", "within_5_min", "within_15_min"] and (reach["within_15_min"] >= reach["within_5_min"]).all()
    qgis("matrix", **sides, LIMIT=15, OUTPUT=tmp_path / "matrix.csv")
    within = pandas.read_csv(tmp_path / "matrix.csv").groupby("origin").size() * 3
    assert (within == reach.set_index("origin")["within_15_min"][within.index]).all()
    qgis("isochrones", STREETS=MONACO, ORIGINS=points / "shops.gpkg", ORIGINS_ID="shop", CUTOFFS="5,10", OUTPUT=tmp_path / "areas.gpkg")
    assert set(geopandas.read_file(tmp_path / "areas.gpkg")["minutes"]) == {5, 10}
    qgis("route", STREETS=MONACO, ORIGINS=points / "shops.gpkg", ORIGINS_ID="shop", OUTPUT=tmp_path / "ways.gpkg")
    assert geopandas.read_file(tmp_path / "ways.gpkg").geometry.length.gt(0).all()


def test_a_study_is_checked_and_assessed_with_the_program_s_numbers(qgis, tmp_path):
    study = ROOT / "data/millbrook/study.toml"
    checked = qgis("check", STUDY=study, OUTPUT=tmp_path / "problems.csv")
    assert checked["ERRORS"] == 0
    results = qgis("assess", STUDY=study, OUTPUT=tmp_path / "millbrook")
    assert Path(results["REPORT"]).is_file() and Path(results["NEIGHBOURHOODS"]).is_file()
    subprocess.run([PROGRAM, "assess", study, "--out", tmp_path / "own", "--quiet"], check=True)
    found, own = (tmp_path / name / "neighbourhoods.csv" for name in ("millbrook", "own"))
    assert found.read_bytes() == own.read_bytes()


def test_a_study_is_prepared_from_layers_and_passes_its_check(qgis, points, tmp_path):
    wards = geopandas.read_file(points / "monaco/neighbourhoods.geojson")[["id", "name", "geometry"]]
    wards.to_file(tmp_path / "wards.gpkg")
    homes = geopandas.read_file(points / "homes.gpkg").assign(people=12)
    homes.to_file(tmp_path / "homes.gpkg")
    results = qgis("prepare", NAME="Monaco from layers", NEIGHBOURHOODS=tmp_path / "wards.gpkg", NEIGHBOURHOOD_ID="id", NEIGHBOURHOOD_NAME="name", HOMES=tmp_path / "homes.gpkg", HOME_ID="home", RESIDENTS="people", OSM=MONACO, OUTPUT=tmp_path / "study")
    checked = qgis("check", STUDY=results["STUDY"], OUTPUT=tmp_path / "problems.csv")
    assert checked["ERRORS"] == 0, (tmp_path / "problems.csv").read_text()


def test_a_wrong_layer_is_refused_in_the_program_s_words(qgis, points, tmp_path):
    far = geopandas.read_file(points / "homes.gpkg").translate(1_000_000)
    geopandas.GeoDataFrame(geometry=far).to_file(tmp_path / "far.gpkg")
    said = qgis("isochrones", STREETS=MONACO, ORIGINS=tmp_path / "far.gpkg", CUTOFFS="5", OUTPUT=tmp_path / "areas.gpkg", succeeds=False)
    assert "within 500 m of a street" in said and "hint" in said
    assert not (tmp_path / "areas.gpkg").exists()
