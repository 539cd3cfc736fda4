"""What every peer is asked, and how its CPU time is taken. Needs numpy only, so that it runs beside any peer."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any, Protocol

import numpy

LIMITS_METRES = (1_250, 2_500, 5_000)
MILLISECONDS_A_METRE = 750  # 4.8 km/h
ENOUGH_CPU_SECONDS = 5.0


@dataclass
class Questions:
    """A graph of directed edges that cost whole milliseconds, and places on its nodes.

    No edge is a loop, none has another between the same nodes in the same direction. All places are numbers of nodes.
    """

    x: numpy.ndarray
    y: numpy.ndarray
    start: numpy.ndarray
    end: numpy.ndarray
    milliseconds: numpy.ndarray
    services: numpy.ndarray  # categories x places
    supply: numpy.ndarray
    weights: numpy.ndarray  # of the supply
    origins: numpy.ndarray  # rows of the matrix
    targets: numpy.ndarray  # columns of the matrix

    @property
    def count(self) -> int:
        """Number of nodes."""
        return len(self.x)


class Peer(Protocol):
    """Answers in milliseconds, from every node to the places; NaN where there is no way."""

    def closest(self) -> numpy.ndarray:
        """Cost to the closest place of each category: categories x nodes."""

    def sums(self, limit_milliseconds: int) -> numpy.ndarray:
        """Weights of the supply within the limit (inclusive), for every node."""

    def matrix(self) -> numpy.ndarray:
        """Cost from each origin to each target."""


def ask(prepare: Callable[[], Peer]) -> dict[str, numpy.ndarray]:
    """Answers by question, and under ``cpu <question>`` the CPU seconds of the quickest run.

    A question is asked three times, or until 5 s have gone.
    """
    results: dict[str, numpy.ndarray] = {}

    def timed(name: str, work: Callable[[], Any]) -> Any:
        runs: list[float] = []
        while len(runs) < 3 and sum(runs) < ENOUGH_CPU_SECONDS:
            before = time.process_time()
            answer = work()
            runs.append(time.process_time() - before)
        results[f"cpu {name}"] = numpy.array(min(runs))
        return answer

    peer = timed("set-up", prepare)
    results["closest"] = timed("closest", peer.closest)
    for metres in LIMITS_METRES:
        name = f"sums {metres}"
        results[name] = timed(name, lambda: peer.sums(metres * MILLISECONDS_A_METRE))
    results["matrix"] = timed("matrix", peer.matrix)
    return results


def answer(package: str, prepare: Callable[[Questions], Peer]) -> None:
    """Read the questions from the file named first, write what the peer answers to the file named second."""
    questions_file, answers_file = sys.argv[1:]
    with numpy.load(questions_file) as arrays:
        questions = Questions(**arrays)
    results = ask(lambda: prepare(questions))
    numpy.savez(answers_file, version=version(package), **results)
