"""Past one machine: a study's homes, or many studies, answered part by part with the same bits, here or on a cluster.

A plan is made once and is a folder. Its partitions are run in this process, by Apache Spark, or by any other means that can call
``commonground partition run PLAN --number N``; whoever runs them and however homes are cut, the table is the same to the last bit.
"""

from __future__ import annotations

import json
import os
import socket
import warnings
from collections.abc import Iterator, Sequence
from typing import Any

import geopandas
import pandas
import pyarrow

from commonground._arrow import to_frame
from commonground._commonground import partition as _partition
from commonground._errors import CommongroundWarning, refused
from commonground._progress import Progress, listener

__all__ = ["Plan", "Run", "access", "assess", "plan"]

_PARTITION_COLUMNS = ["partition", "key", "homes", "junctions", "cells", "study"]


class Plan:
    """A plan in its folder. Made by :func:`plan`; ``Plan(folder)`` opens one that was made before."""

    def __init__(self, folder: str | os.PathLike[str]) -> None:
        self.folder = os.path.abspath(os.fspath(folder))
        self.kind, self.street_share, rows = _partition.partitions(self.folder)
        self._rows = rows

    @property
    def partitions(self) -> pandas.DataFrame:
        """One row per partition, indexed by its number.

        ``key`` (SHA-256 of all that its answer depends on), ``homes``, ``junctions`` within the limit of its homes, ``cells`` of
        streets that it reads; ``study``, where each partition is one.
        """
        frame = pandas.DataFrame(self._rows, columns=_PARTITION_COLUMNS).set_index("partition")
        return frame.drop(columns="study") if self.kind == "homes" else frame[["key", "study"]]

    def __len__(self) -> int:
        return len(self._rows)

    def __repr__(self) -> str:
        return f"<Plan of {len(self)} partitions ({self.kind}) in {self.folder}>"


class Run:
    """The answers to a plan, in their folder. Made by :func:`access` and :func:`assess`."""

    def __init__(self, plan: Plan, out: str, receipts: list[dict[str, Any]]) -> None:
        self.plan, self.folder = plan, out
        self._receipts = receipts

    @property
    def receipts(self) -> pandas.DataFrame:
        """One row per partition, indexed by its number.

        ``key``, ``rows``, ``sha256`` of its file, ``error`` (NaN where there is none), ``was_there`` (it had been answered
        before), ``host``, ``process``, and ``seconds_`` and each step.
        """
        rows = [_row(receipt) for receipt in self._receipts]
        return pandas.DataFrame(rows).set_index("partition").sort_index()

    def table(self) -> geopandas.GeoDataFrame | pandas.DataFrame:
        """All answers as one table, which is also written to the folder, with ``manifest.json`` last.

        Of homes: indexed by ``id``, in the order of the study, in its coordinate reference system; for each category
        ``_minutes`` (NaN beyond the limit), ``_closest`` (the id of that place) and ``_within_N_min``, and
        ``jobs_within_N_min``. Of studies: indexed by ``study``, with ``error`` and the numbers of the city.

        Raises
        ------
        CommongroundError
            If a partition has no answer yet, or one of homes cannot be answered, with the reason.
        """
        found = _partition.collect(self.plan.folder, self.folder)
        if self.plan.kind == "homes":
            return to_frame(found)
        return pandas.DataFrame(to_frame(found, index="study").drop(columns="geometry"))


def plan(
    study: str | os.PathLike[str] | None = None,
    *,
    out: str | os.PathLike[str],
    studies: Sequence[str | os.PathLike[str]] | None = None,
    data: str | os.PathLike[str] | None = None,
    traveller: str | None = None,
    to_homes: bool = False,
    limit_minutes: float = 60,
    homes_per_partition: int = 20_000,
    partitions: int | None = None,
    partition_of: pandas.Series | Sequence[int] | None = None,
    progress: Progress = None,
) -> Plan:
    """Prepare a study once and cut its homes into partitions; or make each of many studies a partition.

    Parameters
    ----------
    study : path, optional
        Folder with a ``study.toml``, or the file itself: what its homes reach is asked.
    out : path
        Folder for the plan, which whoever runs partitions must be able to read; made if it is not there.
    studies : sequence of paths, optional
        Instead of ``study``: each is assessed by itself. None is read before its partition is run.
    data : path, optional
        Folder that the paths of studies start from; by default the folder of each ``study.toml``.
    traveller : str, optional
        ``adult``, ``older_adult``, ``pram``, ``wheelchair``, ``bicycle`` or ``car``; by default the study's own.
    to_homes : bool
        Whether journeys lead to the homes, as of an ambulance, and not from them.
    limit_minutes : float
        Beyond this nothing is searched.
    homes_per_partition : int
        About so many homes, side by side, in each partition.
    partitions : int, optional
        How many partitions, instead.
    partition_of : Series or sequence of int, optional
        The partition of each home, in the order of the study, instead: by county, say.
    progress : bool or callable, optional
        As for :func:`commonground.assess`.

    Returns
    -------
    Plan

    Raises
    ------
    CommongroundError
        If the study cannot be used, an option is out of range, the folder holds something else, or not exactly one of
        ``study`` and ``studies`` is given.

    Examples
    --------
    >>> import tempfile
    >>> made = plan("data/millbrook", out=f"{tempfile.mkdtemp()}/plan", partitions=4)
    >>> len(made), int(made.partitions["homes"].sum())
    (4, 2934)
    """
    folder, below = os.fspath(out), None if data is None else os.fspath(data)
    if studies is not None and study is None:
        _partition.plan_studies([os.fspath(one) for one in studies], below, folder)
        return Plan(folder)
    if study is None or studies is not None:
        raise refused("give either `study` or `studies`")
    given = None if partition_of is None else [int(number) for number in pandas.factorize(pandas.Series(partition_of))[0]]
    question, cutting = (traveller, bool(to_homes), float(limit_minutes)), (partitions, int(homes_per_partition), given)
    with listener(progress) as tell:
        said = _partition.plan_access((os.fspath(study), below, folder), question, cutting, tell)
    for text in said:
        warnings.warn(text, CommongroundWarning, stacklevel=2)
    return Plan(folder)


def access(plan: Plan, *, out: str | os.PathLike[str], spark: Any = None, progress: Progress = None) -> Run:
    """Answer every partition of a plan of homes that has no answer yet.

    Parameters
    ----------
    plan : Plan
        Of a ``study``.
    out : path
        Folder for the answers, which whoever runs partitions must be able to write to. Each partition is a GeoParquet file
        named by its key, with a receipt beside it.
    spark : SparkSession, optional
        Runs partitions as tasks of Spark, one each; a session of Spark Connect will do. Workers need this version of
        commonground, and the folders under the same paths. Without it this process runs them one after the other, each on
        all cores.
    progress : bool or callable, optional
        As for :func:`commonground.assess`.

    Returns
    -------
    Run

    Raises
    ------
    CommongroundError
        If a folder cannot be read or written, or a file of the plan is not what was planned. (Spark tries again elsewhere,
        and raises an exception of its own in the end.) Also if the plan is one of studies. An error of the data is no
        exception but stands in the receipts.

    Examples
    --------
    >>> import tempfile
    >>> folder = tempfile.mkdtemp()
    >>> run = access(plan("data/monaco", out=f"{folder}/plan", homes_per_partition=200), out=f"{folder}/out")
    >>> len(run.receipts), len(run.table())
    (4, 640)
    """
    return _run(plan, "homes", out, spark, progress)


def assess(plan: Plan, *, out: str | os.PathLike[str], spark: Any = None, progress: Progress = None) -> Run:
    """Assess every study of a plan that has no results yet, or whose data has changed.

    Each writes what ``commonground assess`` does into a folder of its name. A study that cannot be read stops no other.
    Parameters and results are those of :func:`access`.

    Examples
    --------
    >>> import tempfile
    >>> folder = tempfile.mkdtemp()
    >>> run = assess(plan(studies=["data/monaco", "data/nowhere"], out=f"{folder}/plan"), out=f"{folder}/out")
    >>> run.table()["error"].isna().tolist()
    [True, False]
    """
    return _run(plan, "studies", out, spark, progress)


def _run(plan: Plan, kind: str, out: str | os.PathLike[str], spark: Any, progress: Progress) -> Run:
    if plan.kind != kind:
        raise refused(f"this is a plan of {plan.kind}", hint=f"run it with `{'access' if plan.kind == 'homes' else 'assess'}`")
    folder = os.path.abspath(os.fspath(out))
    if spark is not None:
        return Run(plan, folder, _in_spark(plan, folder, spark))
    receipts = []
    with listener(progress) as tell:
        for number in range(len(plan)):
            receipts.append(json.loads(_partition.run(plan.folder, number, folder, None)))
            if tell is not None:
                tell("answering partitions", len(plan), number + 1)
    return Run(plan, folder, [{**receipt, "host": socket.gethostname()} for receipt in receipts])


def _in_spark(plan: Plan, out: str, spark: Any) -> list[dict[str, Any]]:
    """One task per partition: its number goes out, its receipt comes back, and all else goes through the folders."""
    at = plan.folder

    def answer(batches: Iterator[pyarrow.RecordBatch]) -> Iterator[pyarrow.RecordBatch]:
        for batch in batches:
            yield pyarrow.record_batch({"receipt": [_receipt(at, row["id"], out) for row in batch.to_pylist()]})

    orders = spark.range(0, len(plan), 1, len(plan))
    rows = orders.mapInArrow(answer, "receipt string").collect()
    return sorted((json.loads(row.receipt) for row in rows), key=lambda receipt: receipt["partition"])


def _receipt(plan: str, number: int, out: str) -> str:
    receipt = json.loads(_partition.run(plan, number, out, None))
    return json.dumps({**receipt, "host": socket.gethostname()})


def _row(receipt: dict[str, Any]) -> dict[str, Any]:
    outcome = receipt["outcome"]
    return {
        "partition": receipt["partition"],
        "key": receipt["key"],
        "rows": outcome.get("rows"),
        "sha256": outcome.get("sha256"),
        "error": outcome.get("text"),
        "was_there": receipt["was_there"],
        "host": receipt["host"],
        "process": receipt["process"],
        **{f"seconds_{step}": seconds for step, seconds in receipt["seconds"].items()},
    }
