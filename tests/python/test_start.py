"""`commonground start` against a mirror of made files, and a server that misbehaves."""

import csv
import hashlib
import json
import os
import random
import shutil
import signal
import subprocess
import time
import tomllib
import zipfile
from pathlib import Path

import made_mirror
import pytest
from rude_server import RudeServer

PROGRAM = os.environ.get("COMMONGROUND_PROGRAM")

pytestmark = pytest.mark.skipif(PROGRAM is None, reason="COMMONGROUND_PROGRAM names no program: NOT TESTED")

ROADS = "tl_2024_01001_roads.zip"
HRSA = "Health_Center_Service_Delivery"


@pytest.fixture(scope="module")
def mirror(shipped, tmp_path_factory):
    return made_mirror.make(tmp_path_factory.mktemp("made"), shipped)


@pytest.fixture
def copied(mirror, tmp_path):
    """A mirror that a test may spoil."""
    return Path(shutil.copytree(mirror, tmp_path / "mirror"))


def command(out, *more, source, cache, place="Portville, AL"):
    named = [] if place is None else [place]
    arguments = [PROGRAM, "start", *named, "--out", str(out), "--cache", str(cache), "--mirror", str(source), "--wait", "10"]
    return [*arguments, *map(str, more)]


def start(out, *more, **where):
    return subprocess.run(command(out, *more, **where), capture_output=True, text=True, timeout=120)


def lock_of(folder):
    return tomllib.loads((folder / "sources.lock").read_text())


def hashes(folder):
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def cache_is_whole(cache):
    for path in (cache / "sha256").iterdir():
        assert hashlib.sha256(path.read_bytes()).hexdigest() == path.name


@pytest.fixture(scope="module")
def portville(mirror, tmp_path_factory):
    """A study from the mirror as an address, so that pages of a layer come too."""
    folder = tmp_path_factory.mktemp("portville")
    server = RudeServer(mirror)
    with server.running() as address:
        done = start(folder / "out", source=address, cache=folder / "cache")
    assert done.returncode == 0, done.stdout + done.stderr
    return folder, server, done


def rows(path):
    with open(path, newline="") as file:
        return list(csv.DictReader(file))


def test_a_study_is_made_from_a_name_and_can_be_checked(portville):
    folder, _, _ = portville
    out = folder / "out"
    checked = subprocess.run([PROGRAM, "check", out, "--json"], capture_output=True, text=True)
    assert checked.returncode == 0 and json.loads(checked.stdout)["errors"] == 0, checked.stdout
    # Every block with residents inside the town, worked out from the made file; the one far away is not there.
    homes = rows(out / "made/homes.csv")
    expected = [10 * (n % 4) * (m % 3) for n in range(1, 15) for m in range(1, 12)]
    assert sum(int(home["residents"]) for home in homes) == sum(expected)
    assert all(home["id"].startswith("01001") and len(home["id"]) >= 15 for home in homes)
    assert sum(int(home["hispanic"]) for home in homes) == sum(n // 10 for n in expected)
    jobs = rows(out / "made/jobs.csv")
    assert [(job["id"], job["jobs"], job["low_pay"]) for job in jobs] == [
        ("010010201011000", "120", "40"),
        ("010010204011000", "80", "10"),
    ]
    study = tomllib.loads((out / "study.toml").read_text())
    assert study["name"] == "Portville, AL" and study["indicators"][0]["year"] == 2024
    clinics = rows(out / "made/hrsa_health_centres.csv")
    assert [clinic["name"] for clinic in clinics] == ["Harbour Clinic, East"]
    groceries = rows(out / "made/snap_groceries.csv")
    assert [one["name"] for one in groceries] == ["Market Hall", "Super"]
    assert {one["category"] for one in rows(out / "made/osm_extract_al_services.csv")} >= {"place_of_worship", "library"}
    assert "OpenStreetMap" in json.dumps(study["sources"])


@pytest.mark.parametrize(
    ("state", "words"),
    [
        # At the edge of its state; a number that begins with a zero, and tracts of another county part than the blocks.
        (made_mirror.State("NJ", "34", "New Jersey", neighbour="36"), "workplaces of New York"),
        (made_mirror.State("CT", "09", "Connecticut", tract_county="110", neighbour="36"), "4 of 4 tracts"),
        (made_mirror.State("AK", "02", "Alaska", jobs_year=2016, neighbour="53"), "2023 is not there, so it is of 2016"),
        (made_mirror.State("MI", "26", "Michigan", jobs_year=None, neighbour="39"), "workplaces of Michigan"),
        (made_mirror.State("DC", "11", "District of Columbia", neighbour="24"), "workplaces of Maryland"),
        (made_mirror.State("PR", "72", "Puerto Rico", neighbour="13"), "workplaces of Georgia"),
    ],
    ids=lambda value: getattr(value, "letters", ""),
)
def test_a_study_is_made_in_every_state_with_a_trap(shipped, tmp_path, state, words):
    source = made_mirror.make(tmp_path / "made", shipped, state)
    done = start(tmp_path / "out", source=source, cache=tmp_path / "cache", place=f"Portville, {state.letters}")
    assert done.returncode == 0, done.stdout + done.stderr
    homes = rows(tmp_path / "out/made/homes.csv")
    assert sum(int(home["residents"]) for home in homes) == 2520
    assert {home["id"][:5] for home in homes} == {f"{state.fips}001"}
    survey = {row["id"]: row["median_income"] for row in rows(tmp_path / "out/made/survey_2024.csv")}
    assert survey == dict(zip(state.tracts, ["60563", "", "250001", "48000"], strict=True))
    assert (tmp_path / "out/made/jobs.csv").exists() == (state.jobs_year is not None)
    assert words in (tmp_path / "out/NOT_FOUND.md").read_text()


def test_no_code_of_the_survey_becomes_a_number(portville):
    folder, _, _ = portville
    survey = {row["id"]: row for row in rows(folder / "out/made/survey_2024.csv")}
    one, two, three, four = (survey[tract] for tract in made_mirror.TRACTS)
    assert (one["median_income"], one["median_income_moe"]) == ("60563", "12")
    assert (two["median_income"], two["median_income_moe"]) == ("", "")
    assert (three["median_income"], three["median_income_moe"]) == ("250001", "")
    assert (four["median_income"], four["median_income_moe"]) == ("48000", "0")
    assert float(one["renter_share"]) == 0.4 and three["renter_share"] == ""
    assert float(one["college_share"]) == 0.2
    for path in (folder / "out/made").glob("*.csv"):
        for row in rows(path):
            numbers = [float(cell) for cell in row.values() if cell.lstrip("-").replace(".", "", 1).isdigit()]
            assert all(number > -1e6 for number in numbers), (path, row)
    assert "3 medians mean" in (folder / "out/NOT_FOUND.md").read_text()


def test_what_is_missing_is_said_with_what_falls_away(portville):
    folder, _, done = portville
    found = (folder / "out/NOT_FOUND.md").read_text()
    assert "workplaces of Georgia (`lodes_wac`): the publisher has no such file\n  - So: there, jobs in reach are not known" in found
    assert "extract by Geofabrik of Georgia" in found
    assert "workplaces: 2023 is not there, so it is of 2021" in found
    assert "missing: " in done.stdout
    lock = lock_of(folder / "out")
    asked = {absent["url"] for absent in lock["absent"]}
    assert "https://lehd.ces.census.gov/data/lodes/LODES8/ga/wac/ga_wac_S000_JT00_2023.csv.gz" in asked
    assert "public domain" in (folder / "out/ATTRIBUTION.md").read_text()


def test_the_lock_says_which_bytes_and_requests_are_polite(portville, mirror):
    folder, server, _ = portville
    lock = lock_of(folder / "out")
    for entry in lock["file"]:
        path = mirror / entry["url"].removeprefix("https://").split("?")[0]
        if path.is_file():
            assert hashlib.sha256(path.read_bytes()).hexdigest() == entry["sha256"] and path.stat().st_size == entry["bytes"]
        assert entry["url"].startswith("https://") and "key=" not in entry["url"].lower()
    paths = [path for path, _ in server.log]
    assert len(paths) == len(set(paths)) < 60
    assert all(headers["user-agent"].startswith("commonground/") for _, headers in server.log)


def test_a_second_study_asks_nobody(portville, mirror):
    folder, _, _ = portville
    server = RudeServer(mirror)
    with server.running() as address:
        done = start(folder / "second", source=address, cache=folder / "cache")
    assert done.returncode == 0, done.stderr
    # What was not there is asked for again; what was there is not.
    assert all("wac" in path or "georgia" in path or "2024_01_place" in path or "xwalk" in path for path, _ in server.log)
    assert hashes(folder / "second")["made/homes.csv"] == hashes(folder / "out")["made/homes.csv"]


def test_a_lock_gives_the_same_bytes_or_an_error(portville, copied, tmp_path):
    folder, _, _ = portville
    lock = folder / "out/sources.lock"
    again = subprocess.run(
        [PROGRAM, "start", "--locked", lock, "--out", tmp_path / "again", "--cache", folder / "cache", "--offline"],
        capture_output=True,
        text=True,
    )
    assert again.returncode == 0, again.stderr
    assert hashes(tmp_path / "again") == hashes(folder / "out")
    roads = next(copied.rglob(ROADS))
    with zipfile.ZipFile(roads, "a") as archive:
        archive.writestr("note.txt", "another version")
    server = RudeServer(copied)
    with server.running() as address:
        drifted = start(tmp_path / "drifted", "--locked", lock, source=address, cache=tmp_path / "cache", place=None)
    entry = next(entry for entry in lock_of(folder / "out")["file"] if entry["url"].endswith(ROADS))
    assert drifted.returncode == 1 and "has changed" in drifted.stderr, drifted.stderr
    assert entry["sha256"] in drifted.stderr and hashlib.sha256(roads.read_bytes()).hexdigest() in drifted.stderr
    assert not (tmp_path / "drifted/study.toml").exists()


@pytest.mark.parametrize(
    "todo",
    [
        ["cut:2000"],
        ["cut:2000", "cut:1000", "reset:500"],
        ["reset:0"],
        ["cut:2000", "ignore-range"],
        ["cut:2000", "wrong-range"],
        ["long"],
        ["status:503", "status:503", "status:503"],
        ["status:429:0"],
        ["cut:100", "status:500", "cut:100"],
    ],
)
def test_a_server_that_misbehaves_is_asked_again(mirror, tmp_path, todo):
    server = RudeServer(mirror)
    server.misbehave[ROADS] = list(todo)
    with server.running() as address:
        done = start(tmp_path / "out", source=address, cache=tmp_path / "cache")
    assert done.returncode == 0, done.stderr
    assert not server.misbehave[ROADS]
    entry = next(entry for entry in lock_of(tmp_path / "out")["file"] if entry["url"].endswith(ROADS))
    assert entry["sha256"] == hashlib.sha256(next(mirror.rglob(ROADS)).read_bytes()).hexdigest()
    if todo == ["cut:2000"]:
        asked = [headers.get("range") for path, headers in server.log if path.endswith(ROADS)]
        assert asked == [None, "bytes=2000-"]
    cache_is_whole(tmp_path / "cache")


@pytest.mark.parametrize(
    ("todo", "words"),
    [
        (["html"], "a page about a missing key came instead of the file"),
        (["status:403"], "is refused (403)"),
        (["status:404"], "the publisher has no such file"),
        (["status:503"] * 9, "the server answered 503"),
        (["status:429:9999"], "asks to wait for 9999 seconds"),
        (["redirect:http://example.com/x.csv"], "was answered with 302"),
    ],
)
def test_what_does_not_come_is_left_out_and_said(mirror, tmp_path, todo, words):
    server = RudeServer(mirror)
    server.misbehave[HRSA] = list(todo)
    with server.running() as address:
        done = start(tmp_path / "out", source=address, cache=tmp_path / "cache", place="portville, Alabama")
    found = (tmp_path / "out/NOT_FOUND.md").read_text()
    assert done.returncode == 0 and "access to clinics rests on OpenStreetMap alone" in found
    assert words in found, found
    assert not (tmp_path / "out/made/hrsa_health_centres.csv").exists()
    assert any(one["category"] == "clinic" for one in rows(tmp_path / "out/made/osm_extract_al_services.csv"))
    cache_is_whole(tmp_path / "cache")


def spoil(path, how):
    if how == "slip":
        with zipfile.ZipFile(path, "a") as archive:
            archive.writestr("../../evil.txt", "out of the folder")
    elif how == "bomb":
        with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("zeros.bin", bytes(80 << 20))
    elif how == "cut":
        path.write_bytes(path.read_bytes()[:-40])
    else:
        path.write_bytes(b"a,b\n1,2\n")


@pytest.mark.parametrize(
    ("file", "how", "words"),
    [
        ("tl_2024_01_tract.zip", "slip", "outside of its folder"),
        ("tl_2024_01_tract.zip", "bomb", "which no data does"),
        ("tl_2024_01_tract.zip", "cut", "is not what it should be"),
        ("tl_2024_01_tract.zip", "other", "is not what it should be"),
        ("cb_2024_us_county_500k.zip", "other", "is not what it should be"),
    ],
)
def test_a_file_that_is_not_what_it_should_be_gets_no_name(copied, tmp_path, file, how, words):
    spoil(next(copied.rglob(file)), how)
    done = start(tmp_path / "out", source=copied, cache=tmp_path / "cache")
    assert done.returncode == 1 and words in done.stderr, done.stderr
    assert not (tmp_path / "out/study.toml").exists()
    assert not list(tmp_path.rglob("evil.txt"))
    cache_is_whole(tmp_path / "cache")


def test_a_table_with_other_columns_is_refused(copied, tmp_path):
    path = next(copied.rglob("acsdt5y2024-b19013.dat"))
    path.write_text(path.read_text().replace("B19013_E001", "B19013_001E"))
    next(copied.rglob("al_wac*")).write_bytes(b"\x1f\x8bnot packed")
    assert start(tmp_path / "out", source=copied, cache=tmp_path / "cache").returncode == 0
    found = (tmp_path / "out/NOT_FOUND.md").read_text()
    assert "its first line has no column `B19013_E001`" in found and "median income is missing" in found
    assert "(`lodes_wac`)" in found


def test_killed_anywhere_the_next_run_finishes(mirror, tmp_path):
    server = RudeServer(mirror)
    server.slow = 0.001
    draw = random.Random(19)
    with server.running() as address:
        for _ in range(30):
            child = subprocess.Popen(
                command(tmp_path / "out", "--force", source=address, cache=tmp_path / "cache"),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            time.sleep(draw.uniform(0.02, 0.5))
            child.send_signal(signal.SIGKILL)
            child.wait()
            cache_is_whole(tmp_path / "cache")
        server.slow = 0.0
        done = start(tmp_path / "out", "--force", source=address, cache=tmp_path / "cache")
    assert done.returncode == 0, done.stderr
    cache_is_whole(tmp_path / "cache")


def test_two_at_once_share_what_comes(mirror, tmp_path):
    server = RudeServer(mirror)
    with server.running() as address:
        runs = [
            subprocess.Popen(command(tmp_path / f"out{n}", source=address, cache=tmp_path / "cache"), stderr=subprocess.PIPE)
            for n in range(2)
        ]
        for run in runs:
            assert run.wait(timeout=120) == 0, run.stderr.read()
    assert hashes(tmp_path / "out0/made") == hashes(tmp_path / "out1/made")


@pytest.mark.parametrize(
    ("place", "words"),
    [
        ("Portvile, AL", "did you mean `Portville, AL`"),
        ("Chester, AL", "`0114000, AL` (Chester city), `0114001, AL` (Chester CDP)"),
        ("Portville", "names no state"),
        ("Göteborg, Sweden", "have no recipes yet"),
        ("Anchorage, AK", "tl_2024_02_place.zip"),
    ],
)
def test_an_unknown_place_is_never_guessed(mirror, tmp_path, place, words):
    done = start(tmp_path / "out", source=mirror, cache=tmp_path / "cache", place=place)
    said = done.stderr
    assert done.returncode == 1
    assert words in said or (place.startswith("Anchorage") and "_02_place.zip" in said), said
    assert not (tmp_path / "out/study.toml").exists()


def test_offline_without_a_cache_is_one_sentence(tmp_path):
    done = subprocess.run(
        [PROGRAM, "start", "Portville, AL", "--out", tmp_path / "out", "--cache", tmp_path / "cache", "--offline"],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1 and "`--offline` fetches nothing" in done.stderr, done.stderr
    assert not (tmp_path / "out").exists()


def test_a_dry_run_asks_nobody_and_names_every_source(tmp_path):
    done = subprocess.run([PROGRAM, "start", "Newark, NJ", "--dry-run"], capture_output=True, text=True)
    assert done.returncode == 0
    for words in ["TIGER2024/PLACE/tl_2024_34_place.zip", "New_Jersey/nj2020.pl.zip", "new-jersey-latest.osm.pbf", "ODbL"]:
        assert words in done.stdout
    assert "{" not in done.stdout.replace("{county}", "")


def test_a_planner_adds_a_source(mirror, tmp_path):
    recipe = tmp_path / "clinics.toml"
    recipe.write_text(
        """name = "county_libraries"
title = "Port County, libraries"
becomes = "services"
category = "library"
url = "https://gis.port.example/arcgis/rest/services/libraries/FeatureServer/0"
kind = "arcgis"
about_mb = 0.1
max_mb = 5
id = "Record_ID"
names = "Store_Name"
licence = "CC BY 4.0"
without = "access to libraries rests on OpenStreetMap alone"
"""
    )
    shutil.copytree(mirror, tmp_path / "mirror")
    layer = next((tmp_path / "mirror").rglob("snap_retailer_location_data"))
    shutil.copytree(layer, tmp_path / "mirror/gis.port.example/arcgis/rest/services/libraries")
    server = RudeServer(tmp_path / "mirror")
    with server.running() as address:
        done = start(tmp_path / "out", "--recipe", recipe, source=address, cache=tmp_path / "cache")
    assert done.returncode == 0, done.stderr
    found = rows(tmp_path / "out/made/county_libraries.csv")
    assert [one["name"] for one in found] == ["Market Hall", "Corner", "Super"]
    assert "Port County, libraries" in (tmp_path / "out/ATTRIBUTION.md").read_text()
    # What the county gives is not taken from the extract a second time.
    assert not any(one["category"] == "library" for one in rows(tmp_path / "out/made/osm_extract_al_services.csv"))


def test_each_source_that_is_taken_away_says_what_falls_away(mirror, tmp_path):
    listed = subprocess.run([PROGRAM, "start", "Portville, AL", "--dry-run", "--json"], capture_output=True, text=True)
    needed = {"tiger_place", "tiger_county", "tiger_tract"}
    for name in [source["name"] for source in json.loads(listed.stdout) if source["name"] not in needed | {"tiger_roads"}]:
        out = tmp_path / name
        done = start(out, "--without", name, source=mirror, cache=tmp_path / "cache")
        assert done.returncode == 0, (name, done.stdout, done.stderr)
        assert f"(`{name}`): it was not wanted" in (out / "NOT_FOUND.md").read_text(), name
