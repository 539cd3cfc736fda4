"""Ask commonground and its peers the same questions on the same graph: agreement first, then CPU time.

``compare.py FOLDER GRAPH PEER=PYTHON ...``: a folder to work in, one of the graphs below, and for every peer the
interpreter that has it. Needs ``COMMONGROUND_DATA``. One thread each; a peer that has not answered after ten minutes is
left out, and that is said.
"""

from __future__ import annotations

import lzma
import os

THREADS = {name: "1" for name in ("RAYON_NUM_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")}
os.environ.update(THREADS)  # before any library counts the cores

import subprocess
import sys
from dataclasses import asdict
from pathlib import Path

import asking
import numpy
import pandas
from asking import LIMITS_METRES, Questions
from commonground import StreetNetwork, __version__

SEED = 20
MILLISECONDS_A_MINUTE = 60_000
NO_LIMIT_MINUTES = 30_000.0
ENOUGH_SECONDS = 600
ASKED = ["closest", *(f"sums {metres}" for metres in LIMITS_METRES), "matrix"]
SMALLEST_DIFFERENCE_MILLISECONDS = 1e-3  # what floating point may leave between equal whole milliseconds


def porto_alegre(data: Path) -> StreetNetwork:
    """On foot in Porto Alegre."""
    return StreetNetwork.from_osm(data / "porto-alegre" / "poa_osm.pbf", progress=False)


def porto(data: Path) -> StreetNetwork:
    """On foot in Porto."""
    return StreetNetwork.from_osm(data / "porto-portugal-bench" / "porto_portugal.osm.pbf", progress=False)


def florida(data: Path) -> StreetNetwork:
    """The roads of Florida, of which only the topology is known: each costs 5 to 60 s, drawn with a fixed seed."""
    rows = lzma.open(data / "us-road-topology-bench" / "FLA.gr.xz", "rt").read().split("\n", 1)[1]
    ends = numpy.fromstring(rows, dtype="int64", sep=" ").reshape(-1, 2)
    seconds = numpy.random.default_rng(SEED).integers(5, 60, len(ends), endpoint=True)
    edges = pandas.DataFrame({"from": ends[:, 0], "to": ends[:, 1], "minutes": seconds / 60})
    return StreetNetwork.from_edges(edges, minutes="minutes", simplify=False, progress=False)


GRAPHS = {"porto-alegre": porto_alegre, "porto": porto, "florida": florida}


class Commonground:
    """Our own side, through the Python package; all nodes are attached once, as part of the set-up."""

    def __init__(self, network: StreetNetwork, questions: Questions) -> None:
        self.network, self.questions = network, questions
        self.nodes = network.attach_nodes()

    def closest(self) -> numpy.ndarray:
        places = {row: self.network.attach_nodes(nodes) for row, nodes in enumerate(self.questions.services)}
        found = self.network.closest(self.nodes, places, limit_minutes=NO_LIMIT_MINUTES, progress=False)
        costs = numpy.full((len(places), self.questions.count), numpy.nan)
        costs[found["category"], found["origin"]] = found["minutes"] * MILLISECONDS_A_MINUTE
        return costs

    def sums(self, limit_milliseconds: int) -> numpy.ndarray:
        places = self.network.attach_nodes(self.questions.supply)
        places.table["weight"] = self.questions.weights
        cutoff = limit_milliseconds / MILLISECONDS_A_MINUTE
        found = self.network.reach(self.nodes, places, cutoffs_minutes=[cutoff], weight="weight", progress=False)
        return found[cutoff].to_numpy()

    def matrix(self) -> numpy.ndarray:
        origins, targets = (self.network.attach_nodes(each) for each in (self.questions.origins, self.questions.targets))
        found = self.network.travel_times(origins, targets, limit_minutes=NO_LIMIT_MINUTES, progress=False)
        table = found.pivot(index="origin", columns="place", values="minutes")
        return table.reindex(index=origins.index, columns=targets.index).to_numpy() * MILLISECONDS_A_MINUTE


def questions_about(nodes, edges) -> Questions:
    """The network as a graph, and places drawn from the nodes of its largest piece."""
    directions = [("from", "to", "minutes_forward"), ("to", "from", "minutes_backward")]
    ways = [edges[list(columns)].set_axis(["start", "end", "minutes"], axis="columns") for columns in directions]
    open_ways = pandas.concat(ways).dropna().query("start != end")
    quickest = open_ways.groupby(["start", "end"], as_index=False)["minutes"].min()
    milliseconds = (quickest["minutes"] * MILLISECONDS_A_MINUTE).round().astype("int64")
    if (milliseconds <= 0).any():
        raise SystemExit("an edge costs nothing, which sparse matrices cannot hold")

    random = numpy.random.default_rng(SEED)
    largest = numpy.flatnonzero(nodes["component"] == 0)

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
    folder, graph = Path(sys.argv[1]), sys.argv[2]
    interpreters = dict(argument.split("=", 1) for argument in sys.argv[3:])
    build, data = GRAPHS[graph], Path(os.environ["COMMONGROUND_DATA"])

    network = build(data)
    questions = questions_about(network.nodes, network.edges)
    numpy.savez(folder / "questions.npz", **asdict(questions))
    print(f"{graph}: {build.__doc__}")
    print(f"{questions.count} nodes, {len(questions.start)} directed edges, {network.profile}; seed {SEED}\n")

    ours = asking.ask(lambda: Commonground(build(data), questions))
    rows = {f"commonground {__version__}": (ours, "-")}
    for peer, python in interpreters.items():
        answers_file = folder / f"answers-{peer}.npz"
        command = [python, Path(__file__).parent / f"peer_{peer}.py", folder / "questions.npz", answers_file]
        try:
            ran = subprocess.run(command, capture_output=True, text=True, timeout=ENOUGH_SECONDS)
        except subprocess.TimeoutExpired:
            print(f"{peer} DID NOT FINISH in {ENOUGH_SECONDS} s and is left out")
            continue
        if ran.returncode != 0:
            print(f"{peer} FAILED and is left out:\n{ran.stderr}")
            continue
        with numpy.load(answers_file) as arrays:
            theirs = dict(arrays)
        found = [line for name in ASKED if (line := differences(name, ours[name], theirs[name]))]
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
