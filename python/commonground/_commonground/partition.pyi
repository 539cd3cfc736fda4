"""Plans and their partitions: bound in `partition.rs`."""

import os
from collections.abc import Sequence

from commonground._commonground import _Layer
from commonground._progress import Listener

__all__ = ["collect", "partitions", "plan_access", "plan_studies", "run", "status"]

_Path = str | os.PathLike[str]

def plan_access(
    paths: tuple[_Path, _Path | None, _Path],
    question: tuple[str | None, bool, float],
    cutting: tuple[int | None, int, Sequence[int] | None],
    progress: Listener | None,
) -> list[str]: ...
def plan_studies(studies: Sequence[_Path], data: _Path | None, out: _Path) -> None: ...
def partitions(plan: _Path) -> tuple[str, float | None, list[tuple[int, str, int, int, int, str | None]]]: ...
def run(plan: _Path, number: int, out: _Path, progress: Listener | None) -> str: ...
def status(plan: _Path, out: _Path) -> str: ...
def collect(plan: _Path, out: _Path) -> _Layer: ...
