"""Siting, budgets, zoning and what living costs: bound in `decide.rs`, `meeting.rs` and `budget.rs`."""

import os
from collections.abc import Sequence
from typing import final

from typing_extensions import Self

from commonground._arrow import ArrowBatch
from commonground._commonground import _Layer
from commonground._commonground.access import Searches, TravelTimes
from commonground._progress import Listener

__all__ = [
    "Demand",
    "MeetingPlaces",
    "Spending",
    "affordable_price",
    "affordable_rent",
    "award",
    "by_name",
    "decompose_change",
    "disperse",
    "kappa",
    "location",
    "meeting_places",
    "owed_by_rules",
    "programme",
    "published_rules",
    "pupils",
    "spend",
    "zoning_capacity",
    "zoning_realistic",
]

@final
class Demand:
    def __new__(
        cls,
        times: TravelTimes | Searches,
        people: ArrowBatch,
        roles: bytes | Sequence[int],
        unserved_minutes: float | None,
    ) -> Self: ...
    def unreachable(self) -> float: ...
    def solve(
        self,
        name: str,
        number: float,
        groups: Sequence[Sequence[float]],
        count: int,
        budget: tuple[Sequence[float], float] | None,
        rules: Sequence[tuple[str, Sequence[int], int, int]],
        effort: tuple[float, int, int],
    ) -> tuple[list[tuple[list[int], float]], float, float, bool, list[tuple[int, float]], float, float]: ...
    def set_cover(self, minutes: float, costs: Sequence[float] | None) -> tuple[list[int], float, float, float]: ...
    def value(self, name: str, number: float, groups: Sequence[Sequence[float]], sites: Sequence[int]) -> float: ...
    def minutes(self, sites: Sequence[int]) -> ArrowBatch: ...
    def difference(
        self, first: Sequence[int], second: Sequence[int], people: ArrowBatch
    ) -> tuple[float, float, float, float]: ...

@final
class MeetingPlaces:
    def found(self) -> tuple[list[str], float, float, float, bool]: ...
    def summary(self) -> str: ...
    def layer(self, name: str) -> _Layer: ...
    def table(self, name: str) -> ArrowBatch: ...
    def save(self, folder: str | os.PathLike[str], overwrite: bool) -> None: ...

@final
class Spending:
    def agreement(self) -> float | None: ...
    def summary(self) -> str: ...
    def owed(self) -> _Layer: ...
    def districts(self) -> _Layer: ...
    def table(self, name: str) -> ArrowBatch: ...
    def save(self, folder: str | os.PathLike[str], overwrite: bool) -> None: ...

def kappa(table: ArrowBatch, aversion: float) -> float | None: ...
def disperse(
    between: TravelTimes | Searches, choose: int, fixed: Sequence[int]
) -> tuple[list[int], float | None, float | None]: ...
def programme(
    projects: Sequence[tuple[float, float, int]], budget: float, floors: Sequence[float]
) -> tuple[list[int], float, float, float]: ...
def owed_by_rules(
    rules: Sequence[str],
    written: Sequence[tuple[str, str | None]],
    table: ArrowBatch,
    columns: ArrowBatch,
    budget: float,
) -> tuple[
    list[tuple[str, list[float], list[float | None]]], list[tuple[int, int] | None], float | None, list[tuple[str, str]]
]: ...
def published_rules() -> list[tuple[str, str, str, int, str | None, list[str]]]: ...
def award(rule: str, of: Sequence[float], estate: float) -> list[float]: ...
def by_name(places: Sequence[str], given: Sequence[tuple[str, float]]) -> list[float]: ...
def zoning_capacity(
    table: ArrowBatch,
    book: str,
    is_json: bool,
    columns: tuple[Sequence[str], Sequence[str], Sequence[tuple[str, str]]],
    are_districts: bool,
    assumptions: tuple[float, float, float, float, bool, float],
) -> ArrowBatch: ...
def zoning_realistic(table: ArrowBatch, shares: tuple[float, float, float]) -> ArrowBatch: ...
def affordable_rent(median_income: float, level: float, household: int, utilities: float) -> float: ...
def affordable_price(median_income: float) -> tuple[float, float, float]: ...
def pupils(dwellings: Sequence[tuple[float, float]], public_share: float) -> float: ...
def location(table: ArrowBatch, prices: tuple[float, float]) -> ArrowBatch: ...
def decompose_change(table: ArrowBatch, less_is_better: bool, tolerance: float) -> list[tuple[str, float | None]]: ...
def meeting_places(
    study: str | os.PathLike[str],
    data: str | os.PathLike[str] | None,
    question: str,
    candidates: ArrowBatch | None,
    progress: Listener | None,
) -> MeetingPlaces: ...
def spend(
    study: str | os.PathLike[str],
    data: str | os.PathLike[str] | None,
    question: str | os.PathLike[str],
    progress: Listener | None,
) -> Spending: ...
