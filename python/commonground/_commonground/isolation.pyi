"""Severance, encounter and isolation: bound in `isolation.rs`."""

import os
from collections.abc import Sequence

from commonground._arrow import ArrowBatch
from commonground._commonground import AttachedPlaces, StreetNetwork, _Layer
from commonground._commonground.access import TravelTimes
from commonground._progress import Listener

__all__ = [
    "encounter",
    "perception_gap",
    "rank_correlation",
    "read_barriers",
    "severance",
    "shared_places",
    "shortfall",
    "social_infrastructure",
]

def read_barriers(path: str | os.PathLike[str], progress: Listener | None) -> _Layer: ...
def severance(
    network: StreetNetwork,
    attached: AttachedPlaces,
    tables: tuple[ArrowBatch, ArrowBatch],
    distances: tuple[float, float, float, float],
    progress: Listener | None,
) -> tuple[ArrowBatch, ArrowBatch, float]: ...
def encounter(
    times: TravelTimes, homes: ArrowBatch, counts: tuple[int, int], cutoff_minutes: float
) -> tuple[ArrowBatch, ArrowBatch, ArrowBatch]: ...
def shared_places(
    times: TravelTimes, homes: ArrowBatch, pairs: ArrowBatch, groups: int, limits: tuple[float, float]
) -> ArrowBatch: ...
def social_infrastructure(homes: ArrowBatch, needed_per_thousand: Sequence[float]) -> ArrowBatch: ...
def perception_gap(places: ArrowBatch, repetitions: int, seed: int) -> ArrowBatch: ...
def rank_correlation(table: ArrowBatch) -> float | None: ...
def shortfall(homes: ArrowBatch, standard_minutes: float) -> tuple[float, float, float, float] | None: ...
