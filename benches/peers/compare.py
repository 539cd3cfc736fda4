"""Ask commonground and its peers the same questions on the same graph: agreement first, then CPU time.

``compare.py FOLDER PEER=PYTHON ...``: a folder to work in, and for every peer the interpreter that has it. Needs
``COMMONGROUND_DATA``. One thread each.
"""

from __future__ import annotations

import os

THREADS = {name: "1" for name in ("RAYON_NUM_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")}
os.environ.update(THREADS)  # before any library counts the cores

import subprocess
import sys
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path

import asking
import numpy
import pandas
from asking import LIMITS_METRES, Questions
from commonground import StreetNetwork

SEED = 20
MILLISECONDS_A_MINUTE = 60_000
NO_LIMIT_MINUTES = 600.0
ON_THE_NODE = {"max_snap_metres": 1.0, "smallest_component": 0, "progress": False}
ASKED = ["closest", *(f"sums {metres}" for metres in LIMITS_METRES), "matrix"]
SMALLEST_DIFFERENCE_MILLISECONDS = 1e-3  # what floating point may leave between equal whole milliseconds


class Commonground:
    """Our own side, through the Python package: attaching the places is part of every answer."""

    def __init__(self, network: StreetNetwork, nodes, questions: Questions) -> None:
        self.network, self.nodes, self.questions = network, nodes, questions

    def closest(self) -> numpy.ndarray:
        costs = numpy.full((len(self.questions.services), self.questions.count), numpy.nan)
        for row, places in zip(costs, self.questions.services, strict=True):
            found = self.network.closest(
                self.nodes, self.nodes.iloc[places], limit_minutes=NO_LIMIT_MINUTES, **ON_THE_NODE
            )
            row[found["origin"]] = found["minutes"] * MILLISECONDS_A_MINUTE
        return costs

    def sums(self, limit_milliseconds: int) -> numpy.ndarray:
        places = self.nodes.iloc[self.questions.supply].assign(weight=self.questions.weights)
        cutoff = limit_milliseconds / MILLISECONDS_A_MINUTE
        found = self.network.reach(self.nodes, places, cutoffs_minutes=[cutoff], weight="weight", **ON_THE_NODE)
        return found[cutoff].to_numpy()

    def matrix(self) -> numpy.ndarray:
        origins, targets = (self.nodes.iloc[each] for each in (self.questions.origins, self.questions.targets))
        found = self.network.travel_times(origins, targets, limit_minutes=NO_LIMIT_MINUTES, **ON_THE_NODE)
        table = found.pivot(index="origin", columns="place", values="minutes")
        return table.reindex(index=origins.index, columns=targets.index).to_numpy() * MILLISECONDS_A_MINUTE


def questions_about(nodes, edges) -> Questions:
    """The network as a graph, and places drawn from the nodes of its largest piece that no other node lies upon."""
    directions = [("from", "to", "minutes_forward"), ("to", "from", "minutes_backward")]
    ways = [edges[list(columns)].set_axis(["start", "end", "minutes"], axis="columns") for columns in directions]
    open_ways = pandas.concat(ways).dropna().query("start != end")
    quickest = open_ways.groupby(["start", "end"], as_index=False)["minutes"].min()
    milliseconds = (quickest["minutes"] * MILLISECONDS_A_MINUTE).round().astype("int64")
    if (milliseconds <= 0).any():
        raise SystemExit("an edge costs nothing, which sparse matrices cannot hold")

    random = numpy.random.default_rng(SEED)
    largest = numpy.flatnonzero((nodes["component"] == 0) & ~lie_upon_another(nodes))

    def draw(count: int) -> numpy.ndarray:
        return random.choice(largest, count, replace=False)

    return Questions(
        x=nodes.geometry.x.to_numpy(),
        y=nodes.geometry.y.to_numpy(),
        start=quickest["start"].to_numpy("int64"),
        end=quickest["end"].to_numpy("int64"),
        milliseconds=milliseconds.to_numpy(),
        services=numpy.array([draw(100) for _ in range(5)]),
        supply=draw(999),
        weights=random.integers(1, 97, 999).astype(float),
        origins=draw(300),
        targets=draw(100),
    )


def lie_upon_another(nodes) -> numpy.ndarray:
    """Which nodes have the coordinates of another: a point there does not say which of the two is meant."""
    places = pandas.DataFrame({"x": nodes.geometry.x, "y": nodes.geometry.y})
    return places.duplicated(keep=False).to_numpy()


def differences(name: str, ours: numpy.ndarray, theirs: numpy.ndarray) -> str | None:
    """How two answers differ, or None if they are the same."""
    one_sided = int((numpy.isnan(ours) != numpy.isnan(theirs)).sum())
    apart = numpy.nan_to_num(numpy.abs(ours - theirs))
    different = int((apart > SMALLEST_DIFFERENCE_MILLISECONDS).sum())
    if not one_sided and not different:
        return None
    unit = "" if name.startswith("sums") else " ms"
    reached = f", {one_sided} answered by one only" if one_sided else ""
    return f"{name}: {different} of {apart.size} differ, at most by {apart.max():.6g}{unit}{reached}"


def main() -> None:
    """Write the questions, ask everyone, say where answers differ, then print the table."""
    folder = Path(sys.argv[1])
    interpreters = dict(argument.split("=", 1) for argument in sys.argv[2:])
    extract = Path(os.environ["COMMONGROUND_DATA"]) / "porto-alegre" / "poa_osm.pbf"

    network = StreetNetwork.from_osm(extract, progress=False)
    nodes = network.nodes
    questions = questions_about(nodes, network.edges)
    numpy.savez(folder / "questions.npz", **asdict(questions))
    print(f"{questions.count} nodes, {len(questions.start)} directed edges, {network.profile}; seed {SEED}")
    clear = ~lie_upon_another(nodes)
    print(f"{(~clear).sum()} nodes lie upon another one: a point cannot name them, so their answers are not compared\n")

    ours = asking.ask(lambda: Commonground(StreetNetwork.from_osm(extract, progress=False), nodes, questions))
    rows = {f"commonground {version('commonground')}": (ours, "-")}
    for peer, python in interpreters.items():
        answers_file = folder / f"answers-{peer}.npz"
        script = Path(__file__).parent / f"peer_{peer}.py"
        ran = subprocess.run([python, script, folder / "questions.npz", answers_file], capture_output=True, text=True)
        if ran.returncode != 0:
            print(f"{peer} FAILED and is left out:\n{ran.stderr}")
            continue
        with numpy.load(answers_file) as arrays:
            theirs = dict(arrays)
        compared = {name: slice(None) if name == "matrix" else (..., clear) for name in ASKED}
        pairs = {name: (ours[name][part], theirs[name][part]) for name, part in compared.items()}
        found = [line for name, (own, other) in pairs.items() if (line := differences(name, own, other))]
        print(f"{peer}: " + ("; ".join(found) if found else "every answer is the same"))
        rows[f"{peer} {theirs['version']}"] = (theirs, f"differs: {len(found)} of {len(ASKED)}" if found else "same")

    columns = ["set-up", *ASKED]
    print("\nCPU seconds, one thread\n\n| peer | " + " | ".join(columns) + " | agreement |")
    print("|---|" + "---:|" * len(columns) + "---|")
    for name, (results, agreement) in rows.items():
        seconds = " | ".join(f"{float(results[f'cpu {column}']):.2g}" for column in columns)
        print(f"| {name} | {seconds} | {agreement} |")


if __name__ == "__main__":
    main()
