"""A plan on Apache Spark with two executor processes: the files of one process, also where one of the two is killed.

Part of the full run of the tests alone (`tests/run.sh everything`): it needs Java 17 and pyspark.
"""

import hashlib
import json
import os
import shutil
import signal
import sys
import threading
import time
from pathlib import Path

import pytest
from commonground import distributed

MILLBROOK = Path(__file__).parents[2] / "data" / "millbrook"
PARTITIONS = 40


@pytest.fixture(scope="module")
def spark():
    if shutil.which("java") is None:
        pytest.skip("Java is not installed, so nothing was run on Spark")
    pyspark = pytest.importorskip("pyspark.sql", reason="pyspark is not installed, so nothing was run on Spark")
    os.environ["PYSPARK_PYTHON"] = os.environ["PYSPARK_DRIVER_PYTHON"] = sys.executable
    builder = pyspark.SparkSession.builder.master("local-cluster[2,1,512]").appName("commonground")
    for key, value in {
        "spark.executor.memory": "512m",
        "spark.ui.enabled": "false",
        "spark.executorEnv.RAYON_NUM_THREADS": "1",
        "spark.executorEnv.PYTHONPATH": os.environ.get("PYTHONPATH", ""),
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.host": "127.0.0.1",
    }.items():
        builder = builder.config(key, value)
    session = builder.getOrCreate()
    yield session
    session.stop()


@pytest.fixture(scope="module")
def plan(tmp_path_factory):
    return distributed.plan(MILLBROOK, out=tmp_path_factory.mktemp("plan") / "plan", partitions=PARTITIONS)


@pytest.fixture(scope="module")
def alone(plan, tmp_path_factory):
    """The answers of this process."""
    out = tmp_path_factory.mktemp("alone") / "out"
    distributed.access(plan, out=out).table()
    return sums(out)


def sums(out):
    """Every file but the receipts, which say who answered and how long it took."""
    files = [path for path in Path(out).iterdir() if not (path.name.startswith("part-") and path.suffix == ".json")]
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def executors(spark):
    """Processes of this session's executors."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                line = (entry / "cmdline").read_bytes().split(b"\0")
            except OSError:
                continue
            if b"org.apache.spark.executor.CoarseGrainedExecutorBackend" in line and spark.sparkContext.applicationId.encode() in line:
                found.append(int(entry.name))
    return found


def test_two_executors_write_the_files_of_one_process(spark, plan, alone, tmp_path):
    run = distributed.access(plan, out=tmp_path / "out", spark=spark)
    assert list(run.receipts.index) == list(range(PARTITIONS)) and run.receipts["error"].isna().all()
    assert run.receipts["process"].nunique() >= 2 and os.getpid() not in set(run.receipts["process"])
    assert len(run.table()) == plan.partitions["homes"].sum()
    assert sums(tmp_path / "out") == alone
    assert distributed.access(plan, out=tmp_path / "out", spark=spark).receipts["was_there"].all()


def test_an_executor_that_is_killed_changes_nothing(spark, plan, alone, tmp_path):
    out = tmp_path / "out"
    victims = []

    def kill():
        until = time.monotonic() + 60
        while time.monotonic() < until:
            if len(list(out.glob("part-*.json"))) >= 3:
                victims.extend(executors(spark)[:1])
                os.kill(victims[0], signal.SIGKILL)
                return
            time.sleep(0.005)

    killer = threading.Thread(target=kill)
    killer.start()
    run = distributed.access(plan, out=out, spark=spark)
    killer.join()
    assert victims and victims[0] not in executors(spark), "an executor was killed"
    assert run.receipts["error"].isna().all()
    run.table()
    assert sums(out) == alone
    assert not list(out.glob(".*")), "nothing half written is left"
    written = {path: json.loads(path.read_text()) for path in out.glob("part-*.json")}
    assert len(written) == PARTITIONS


def test_an_error_of_the_data_is_a_result_and_another_version_refuses(spark, plan, tmp_path):
    bad = tmp_path / "bad"
    shutil.copytree(plan.folder, bad)
    order = bad / "orders" / "00003.json"
    changed = json.loads(order.read_text())
    changed["cells"] = changed["cells"][1:]
    order.write_text(json.dumps(changed))
    listed = json.loads((bad / "plan.json").read_text())
    listed["partitions"][3]["key"] = hashlib.sha256(order.read_bytes()).hexdigest()
    (bad / "plan.json").write_text(json.dumps(listed))
    run = distributed.access(distributed.Plan(bad), out=tmp_path / "out", spark=spark)
    errors = run.receipts["error"].dropna()
    assert list(errors.index) == [3] and "partition 3 lacks streets" in errors[3]

    opened = distributed.Plan(bad)
    listed["made_by"]["commonground"] = "0.0.1"
    (bad / "plan.json").write_text(json.dumps(listed))
    with pytest.raises(Exception, match="the plan was made by commonground 0.0.1"):
        distributed.access(opened, out=tmp_path / "other", spark=spark)
    assert not list((tmp_path / "other").glob("part-*"))
