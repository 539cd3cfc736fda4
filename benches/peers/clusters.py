"""Ask commonground and PySAL the same about neighbours, clusters and segregation: agreement first, then time and memory.

``python benches/peers/clusters.py`` with an interpreter that has commonground, libpysal, esda and segregation. Needs no
data: boards of equal cells, values drawn with a fixed seed. Every answer is found in a process of its own, on one thread,
that may use ``MOST_MEMORY`` and ``MOST_SECONDS``.
"""

from __future__ import annotations

import os

THREADS = ("RAYON_NUM_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS")
os.environ.update({name: "1" for name in THREADS})  # before any library counts the cores

import resource
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

import geopandas
import numpy
import shapely

LARGE, SMALL = 265, 55  # 70,225 and 3,025 cells
CELL_METRES = 100.0
ENVIRONMENT_METRES = 500.0
GROUPS = ["a", "b", "c", "d"]
MOST_MEMORY = 12 * 2**30
MOST_SECONDS = 420
MEBIBYTE = 2**20


def board(side: int) -> geopandas.GeoDataFrame:
    """Cells with a value and four groups of thousands, so that PySAL's rounding to whole people does not show."""
    random = numpy.random.default_rng(1)
    rows, columns = numpy.divmod(numpy.arange(side * side), side)
    cells = shapely.box(*(CELL_METRES * edge for edge in (columns, rows, columns + 1, rows + 1)))
    people = {group: random.integers(1_000, 90_000, side * side) for group in GROUPS}
    frame = geopandas.GeoDataFrame({"value": random.normal(size=side * side), **people}, geometry=cells, crs=26985)
    return frame.assign(everybody=frame[GROUPS].sum(axis=1))


def ours(question: str) -> Callable[[], dict[str, numpy.ndarray]]:
    """What to run, prepared: the tables are there, and the weights where they are not what is asked."""
    from commonground import autocorrelation, segregation
    frame = board(SMALL if "3,025" in question else LARGE)
    queen = autocorrelation.Weights.queen
    if question.startswith("queen"):
        return lambda: {"kept": queen(frame)}
    if question.startswith("local Moran"):
        weights, draws = queen(frame).row_standardised(), 9_999 if "9,999" in question else 999

        def local_moran() -> dict[str, numpy.ndarray]:
            found = autocorrelation.local_moran(frame["value"], weights, permutations=draws)
            return {"index": found["local_moran"].to_numpy(), "p": found["p_directed"].to_numpy()}

        return local_moran
    if question.startswith("spatial H"):

        def entropy() -> dict[str, numpy.ndarray]:
            around = segregation.environments(frame, bandwidth_metres=ENVIRONMENT_METRES, kernel="triangular")
            people = segregation.people_around(frame, groups=GROUPS, environments=around)
            return {"index": segregation.indices(people, groups=GROUPS)["entropy"]}

        return entropy
    if question.startswith("spatial D"):

        def dissimilarity() -> dict[str, numpy.ndarray]:
            around = segregation.environments(frame, bandwidth_metres=ENVIRONMENT_METRES, kernel="triangular")
            people = segregation.people_around(frame, groups="a", total="everybody", environments=around)
            return {"index": segregation.indices(people, groups=["a", "others"])["dissimilarity"]}

        return dissimilarity
    return lambda: {
        "index": segregation.adjusted_dissimilarity(frame, groups="a", total="everybody")["wong_boundary"]
    }


def theirs(question: str) -> Callable[[], dict[str, numpy.ndarray]]:
    """The same of PySAL."""
    import esda
    import libpysal
    from segregation.multigroup import MultiInfoTheory
    from segregation.singlegroup import BoundarySpatialDissim, Dissim
    frame = board(SMALL if "3,025" in question else LARGE)
    queen = lambda: libpysal.weights.Queen.from_dataframe(frame, use_index=True)  # noqa: E731
    if question.startswith("queen"):
        return lambda: {"kept": queen()}
    if question.startswith("local Moran"):
        weights, draws = queen(), 9_999 if "9,999" in question else 999
        weights.transform = "r"

        def local_moran() -> dict[str, numpy.ndarray]:
            found = esda.Moran_Local(frame["value"], weights, permutations=draws, seed=1)
            return {"index": found.Is, "p": found.p_sim}

        return local_moran
    around = {"distance": ENVIRONMENT_METRES, "function": "triangular"}
    if question.startswith("spatial H"):
        return lambda: {"index": MultiInfoTheory(frame, GROUPS, **around).statistic}
    if question.startswith("spatial D"):
        return lambda: {"index": Dissim(frame, "a", "everybody", **around).statistic}
    return lambda: {"index": BoundarySpatialDissim(frame, "a", "everybody", standardize=False).statistic}


QUESTIONS = [
    "queen neighbours, 70,225",
    "local Moran, 999 permutations, 70,225",
    "local Moran, 9,999 permutations, 3,025",
    "spatial H within 500 m, 3,025",
    "spatial H within 500 m, 70,225",
    "spatial D within 500 m, 70,225",
    "D by border lengths, 3,025",
    "D by border lengths, 70,225",
]


def answer(side: str, question: str, file: str) -> None:
    """Answer twice: the first time with whatever a library does at its first call. Peak memory above the tables."""
    warnings.simplefilter("ignore")
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    work = {"ours": ours, "theirs": theirs}[side](question)
    memory = lambda: 1024 * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss  # noqa: E731
    before, seconds = memory(), []
    while len(seconds) < 2 and sum(seconds) < MOST_SECONDS / 4:
        began = time.process_time()
        found = work()
        seconds.append(time.process_time() - began)
    peak = memory() - before
    if "kept" in found:
        kept = found.pop("kept")
        table = kept.adjacency.index.to_frame() if side == "ours" else kept.to_adjlist()[["focal", "neighbor"]]
        links = table.to_numpy()
        found["links"] = links[numpy.lexsort(links.T[::-1])]
    numpy.savez(file, first=seconds[0], again=seconds[-1], peak=peak, **found)


def differences(own: dict[str, numpy.ndarray], other: dict[str, numpy.ndarray], draws: int) -> str:
    """In words, how far two answers lie apart."""
    if "links" in own:
        return "the same links" if numpy.array_equal(own["links"], other["links"]) else "OTHER LINKS"
    apart = numpy.abs(own["index"] - other["index"]).max()
    words = f"index apart by {apart:.1g}"
    if "p" in own:
        p = other["p"]
        # Two shares of as many draws; PySAL's p is never below 1/(draws + 1).
        errors = numpy.abs(own["p"] - p) / numpy.sqrt(2 * p * (1 - p) / draws)
        words += f", p by {numpy.sqrt((errors**2).mean()):.2f} standard errors, at most {errors.max():.1f}"
    return words


def main() -> None:
    """Ask both, print the table."""
    peers = ", ".join(f"{package} {version(package)}" for package in ("libpysal", "esda", "segregation"))
    print(f"commonground beside {peers}; one thread, CPU seconds of the first and the second call, MiB above the tables\n")
    print("| question | ours | MiB | PySAL | MiB | agreement |\n|---|---:|---:|---:|---:|---|")
    with tempfile.TemporaryDirectory() as folder:
        for question in QUESTIONS:
            found, cells = {}, []
            for side in ("ours", "theirs"):
                file = Path(folder) / f"{side}.npz"
                file.unlink(missing_ok=True)
                command = [sys.executable, __file__, side, question, str(file)]
                try:
                    ran = subprocess.run(command, capture_output=True, text=True, timeout=MOST_SECONDS)
                    failed = ran.stderr.strip().splitlines()[-1][:60] if ran.returncode else None
                except subprocess.TimeoutExpired:
                    failed = f"over {MOST_SECONDS} s"
                if failed:
                    cells += [failed, "-"]
                    continue
                with numpy.load(file) as arrays:
                    found[side] = dict(arrays)
                of = found[side]
                cells += [f"{of['first']:.2g} / {of['again']:.2g}", f"{of['peak'] / MEBIBYTE:.0f}"]
            draws = 9_999 if "9,999" in question else 999
            agreed = differences(found["ours"], found["theirs"], draws) if len(found) == 2 else "-"
            print(f"| {question} | " + " | ".join(cells) + f" | {agreed} |", flush=True)


if __name__ == "__main__":
    answer(*sys.argv[1:]) if len(sys.argv) > 1 else main()
