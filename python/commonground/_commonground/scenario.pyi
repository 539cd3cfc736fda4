"""Scenarios and checks of sites: bound in `scenario.rs`."""

import os
from collections.abc import Sequence
from typing import final

from commonground._arrow import ArrowBatch
from commonground._commonground import _Layer
from commonground._progress import Listener

__all__ = [
    "Comparison",
    "SiteCheck",
    "check_sites",
    "compare",
    "shipped_standards",
]

@final
class Comparison:
    def name(self) -> tuple[str, str]: ...
    def summary(self) -> str: ...
    def assumptions(self) -> list[str]: ...
    def table(self, name: str) -> ArrowBatch | None: ...
    def layer(self, name: str) -> _Layer: ...
    def html(self) -> str: ...
    def to_html(self, path: str | os.PathLike[str]) -> None: ...
    def save(self, folder: str | os.PathLike[str], overwrite: bool) -> None: ...

@final
class SiteCheck:
    def summary(self) -> str: ...
    def sites(self) -> _Layer: ...
    def table(self, name: str) -> ArrowBatch: ...

def compare(
    study: str | os.PathLike[str],
    data: str | os.PathLike[str] | None,
    scenarios: Sequence[tuple[bool, str]],
    with_scores: bool,
    households: str | None,
    progress: Listener | None,
) -> list[Comparison]: ...
def shipped_standards() -> list[str]: ...
def check_sites(
    study: str | os.PathLike[str],
    data: str | os.PathLike[str] | None,
    table: ArrowBatch,
    standards: Sequence[str],
    progress: Listener | None,
) -> SiteCheck: ...
