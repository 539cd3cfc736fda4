"""Plans through Python and the program: the table of `assess`, whoever runs the partitions and whenever they are killed."""

import hashlib
import json
import os
import signal
import subprocess
import time
from pathlib import Path

import commonground
import numpy
import pandas
import pytest
from commonground import distributed

PROGRAM = os.environ.get("COMMONGROUND_PROGRAM")


def parts(folder):
    """The answers in a folder with their sums."""
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in Path(folder).glob("*.parquet")}


def test_the_table_is_that_of_assess_however_homes_are_cut(shipped, millbrook, tmp_path):
    homes = millbrook.homes
    tables = []
    draws = numpy.random.default_rng(1).integers(0, 5, len(homes))
    cuts = [{"partitions": 7}, {"homes_per_partition": 300}, {"partition_of": pandas.Series(draws).map("county {}".format)}]
    for number, cut in enumerate(cuts):
        plan = distributed.plan(shipped / "millbrook", out=tmp_path / f"plan-{number}", **cut)
        assert plan.partitions["homes"].sum() == len(homes) and plan.street_share > 0
        run = distributed.access(plan, out=tmp_path / f"out-{number}")
        assert len(run.receipts) == len(plan) and run.receipts["error"].isna().all()
        tables.append(run.table())
    assert [len(distributed.Plan(tmp_path / f"plan-{number}")) for number in range(3)] == [7, -(-len(homes) // 300), 5]
    for table in tables[1:]:
        pandas.testing.assert_frame_equal(table, tables[0], check_exact=True)
    table = tables[0]
    assert (table.index == homes.index).all() and table.crs == homes.crs
    shared = [column for column in table.columns if column in homes and column != "geometry"]
    assert len(shared) > 20 and {"school_minutes", "clinic_within_15_min", "jobs_within_30_min"} <= set(shared)
    pandas.testing.assert_frame_equal(pandas.DataFrame(table[shared]), pandas.DataFrame(homes[shared]), check_exact=True)
    again = distributed.access(plan, out=tmp_path / "out-2")
    assert again.receipts["was_there"].all()


def test_what_does_not_fit_is_refused(shipped, tmp_path):
    with pytest.raises(commonground.CommongroundError, match="either `study` or `studies`"):
        distributed.plan(out=tmp_path / "a")
    with pytest.raises(commonground.CommongroundError, match="cannot be cut into 0 partitions"):
        distributed.plan(shipped / "millbrook", out=tmp_path / "b", partitions=0)
    with pytest.raises(commonground.CommongroundError, match="2 partitions are given for"):
        distributed.plan(shipped / "millbrook", out=tmp_path / "c", partition_of=[1, 2])
    with pytest.raises(commonground.CommongroundError, match="holds no plan"):
        distributed.Plan(tmp_path)
    plan = distributed.plan(shipped / "millbrook", out=tmp_path / "d", partitions=2)
    with pytest.raises(commonground.CommongroundError, match="this is a plan of homes"):
        distributed.assess(plan, out=tmp_path / "out")
    with pytest.raises(commonground.CommongroundError, match="have no answer yet"):
        distributed.Run(plan, str(tmp_path / "nothing"), []).table()


def test_one_bad_study_stops_no_other(shipped, tmp_path):
    bad = tmp_path / "bad"
    bad.mkdir()
    (bad / "study.toml").write_text('name = "Bad"\n[osm]\nfile = "not_there.osm.pbf"\n')
    plan = distributed.plan(studies=[shipped / "monaco", bad], out=tmp_path / "plan")
    assert list(plan.partitions["study"]) == ["monaco", "bad"]
    run = distributed.assess(plan, out=tmp_path / "out")
    table = run.table()
    assert table["error"].isna().tolist() == [True, False] and "not_there.osm.pbf" in table.loc["bad", "error"]
    assert run.receipts["error"].notna().tolist() == [False, True]
    assert (tmp_path / "out" / "monaco" / "report.html").exists() and not (tmp_path / "out" / "bad").exists()


@pytest.mark.skipif(PROGRAM is None, reason="COMMONGROUND_PROGRAM is not set")
def test_the_program_goes_on_where_it_was_killed(shipped, tmp_path):
    plan, out, other = tmp_path / "plan", tmp_path / "out", tmp_path / "other"
    planned = [PROGRAM, "partition", "plan", shipped / "millbrook", "--out", plan, "--partitions", "24", "--traveller", "bicycle"]
    assert "24 partitions" in subprocess.run(planned, capture_output=True, text=True, check=True).stdout
    run = [PROGRAM, "partition", "run", plan, "--out", out]
    kills = 0
    for _ in range(3):
        before = len(list(out.glob("part-*.json")))
        with subprocess.Popen(run, stdout=subprocess.DEVNULL) as process:
            while len(list(out.glob("part-*.json"))) == before and process.poll() is None:
                time.sleep(0.002)
            kills += process.poll() is None
            process.send_signal(signal.SIGKILL)
    assert kills > 0
    answered = {path: path.stat().st_mtime_ns for path in out.glob("part-*.json")}
    status = json.loads(subprocess.run([PROGRAM, "partition", "status", plan, "--out", out, "--json"], capture_output=True, check=True).stdout)
    assert len(status["done"]) == len(answered) and len(status["missing"]) == 24 - len(answered)
    said = subprocess.run(run, capture_output=True, text=True, check=True).stdout
    assert f"{24 - len(answered)} partitions answered, {len(answered)} were there already" in said
    assert all(path.stat().st_mtime_ns == then for path, then in answered.items()), "answered twice"
    # As an array job runs them: by number, in another process each.
    for number in range(24):
        subprocess.run([PROGRAM, "partition", "run", plan, "--number", str(number), "--out", other, "--quiet"], check=True)
    for folder in (out, other):
        subprocess.run([PROGRAM, "partition", "collect", plan, "--out", folder, "--quiet"], check=True)
    assert parts(out) == parts(other) and len(parts(out)) == 25
    assert (out / "manifest.json").read_bytes() == (other / "manifest.json").read_bytes()
    assert not list(out.glob(".*")), "nothing half written is left"


@pytest.mark.skipif(PROGRAM is None, reason="COMMONGROUND_PROGRAM is not set")
def test_two_at_once_write_one_answer(shipped, tmp_path):
    plan = distributed.plan(shipped / "millbrook", out=tmp_path / "plan", partitions=12)
    run = [PROGRAM, "partition", "run", plan.folder, "--out", tmp_path / "out", "--quiet"]
    both = [subprocess.Popen(run), subprocess.Popen(run)]
    assert [one.wait() for one in both] == [0, 0]
    distributed.access(plan, out=tmp_path / "alone")
    assert parts(tmp_path / "out") == parts(tmp_path / "alone")
