"""What every answer to a question in a file is: a summary, tables and a folder of files."""

from __future__ import annotations

import os
from typing import Generic, Protocol, TypeVar

import pandas

from commonground._arrow import ArrowBatch, frame_of


class _Held(Protocol):
    def summary(self) -> str: ...
    def table(self, name: str) -> ArrowBatch: ...
    def save(self, folder: str | os.PathLike[str], overwrite: bool) -> None: ...


_Inner = TypeVar("_Inner", bound=_Held)


class Answer(Generic[_Inner]):
    """An answer that is held in Rust until a part of it is asked for."""

    def __init__(self, inner: _Inner) -> None:
        self._inner = inner

    @property
    def summary(self) -> str:
        """The answer in Markdown."""
        return self._inner.summary()

    def save(self, folder: str | os.PathLike[str], *, overwrite: bool = False) -> None:
        """Write the files of the command of the same name into a folder."""
        self._inner.save(os.fspath(folder), overwrite)

    def __repr__(self) -> str:
        return f"<{type(self).__name__}: {first_line(self.summary)}>"

    def _repr_markdown_(self) -> str:
        return self.summary

    def _table(self, name: str) -> pandas.DataFrame:
        return frame_of(self._inner.table(name))


def first_line(summary: str) -> str:
    """The title of a summary in Markdown."""
    return summary.lstrip("# ").partition("\n")[0]
