"""Access: bound in `access.rs`."""

from collections.abc import Sequence
from typing import final

from typing_extensions import Self

from commonground._arrow import ArrowBatch
from commonground._commonground import AttachedPlaces, StreetNetwork
from commonground._progress import Listener

__all__ = [
    "Decay",
    "Searches",
    "TravelTimes",
    "access_curve",
    "balancing_cost",
    "by_neighbourhood",
    "closest_places",
    "completeness",
    "concentration_index",
    "cost_to_closest",
    "cumulative_cutoff",
    "cumulative_interval",
    "explain_two_step_fca",
    "fgt_poverty",
    "floating_catchment",
    "gini",
    "gravity",
    "green_space",
    "group_access",
    "palma_ratio",
    "raam",
    "same_service",
    "spatial_availability",
    "theil_t",
    "theil_t_by_group",
    "why",
]

@final
class TravelTimes:
    def __new__(cls, origins: int, destinations: int, table: ArrowBatch) -> Self: ...
    def pair_count(self) -> int: ...
    def pairs(self) -> ArrowBatch: ...

@final
class Searches:
    def __new__(
        cls,
        network: StreetNetwork,
        origins: AttachedPlaces,
        places: AttachedPlaces,
        limit_minutes: float,
        to_origins: bool,
    ) -> Self: ...

@final
class Decay:
    def __new__(cls, shape: str, parameters: Sequence[float], points: Sequence[tuple[float, float]]) -> Self: ...
    def within(self, cutoff_minutes: float) -> Decay: ...
    def weight(self, minutes: float) -> float: ...

def cumulative_cutoff(
    times: TravelTimes | Searches, table: ArrowBatch, cutoff_minutes: float, active: bool
) -> ArrowBatch: ...
def cumulative_interval(
    times: TravelTimes | Searches, table: ArrowBatch, minutes: tuple[float, float, float], summary: str, active: bool
) -> ArrowBatch: ...
def gravity(times: TravelTimes | Searches, table: ArrowBatch, decay: Decay, active: bool) -> ArrowBatch: ...
def cost_to_closest(
    times: TravelTimes | Searches, table: ArrowBatch, n: float, count_places: bool, active: bool
) -> ArrowBatch: ...
def balancing_cost(
    times: TravelTimes | Searches, opportunities: ArrowBatch, demand: ArrowBatch, step_minutes: float
) -> ArrowBatch: ...
def floating_catchment(
    times: TravelTimes | Searches, demand: ArrowBatch, supply: ArrowBatch, decay: Decay, method: str
) -> tuple[ArrowBatch, ArrowBatch, float, float]: ...
def explain_two_step_fca(
    times: TravelTimes, demand: ArrowBatch, supply: ArrowBatch, decay: Decay, home: int
) -> ArrowBatch: ...
def why(
    searches: Searches, demand: ArrowBatch, supply: ArrowBatch, decay: Decay, home: int, ways: int
) -> ArrowBatch: ...
def closest_places(times: TravelTimes | Searches, table: ArrowBatch, k: int, active: bool) -> ArrowBatch: ...
def green_space(
    network: StreetNetwork,
    homes: AttachedPlaces,
    residents: ArrowBatch,
    ground: tuple[ArrowBatch, ArrowBatch],
    asked: tuple[float, float | None, float | None, float],
    progress: Listener | None,
) -> ArrowBatch: ...
def same_service(services: ArrowBatch, within_metres: float) -> ArrowBatch: ...
def by_neighbourhood(table: ArrowBatch, count: int, standard: float, at_most: bool) -> ArrowBatch: ...
def access_curve(table: ArrowBatch, by_position: bool, steps: int) -> list[float] | None: ...
def completeness(
    table: ArrowBatch, categories: int, within_minutes: float
) -> tuple[float | None, list[float | None], tuple[int, float] | None]: ...
def spatial_availability(
    times: TravelTimes | Searches, demand: ArrowBatch, supply: ArrowBatch, decay: Decay, alpha: float
) -> tuple[ArrowBatch, float]: ...
def raam(
    times: TravelTimes | Searches,
    demand: ArrowBatch,
    supply: ArrowBatch,
    tau_minutes: float,
    rho: float | None,
    ends: tuple[int, float],
) -> tuple[ArrowBatch, float, int]: ...
def gini(table: ArrowBatch) -> float | None: ...
def theil_t(table: ArrowBatch) -> float | None: ...
def theil_t_by_group(table: ArrowBatch) -> tuple[tuple[float, float, float], ArrowBatch] | None: ...
def palma_ratio(table: ArrowBatch, variant: str) -> float | None: ...
def concentration_index(table: ArrowBatch, variant: str, bounds: tuple[float, float], ties: str) -> float | None: ...
def fgt_poverty(table: ArrowBatch, line: float) -> list[float] | None: ...
def group_access(table: ArrowBatch, groups: Sequence[str], standard: float, at_most: bool) -> ArrowBatch: ...
