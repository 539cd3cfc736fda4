"""Progress bars on a terminal and in a notebook, silence elsewhere; or whatever a caller shows it with."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Iterator
from typing import TypeAlias

from tqdm.auto import tqdm

Listener: TypeAlias = Callable[[str, int, int], object]
Progress: TypeAlias = bool | Listener | None


def _is_watched() -> bool:
    in_notebook = "ipykernel" in sys.modules
    return in_notebook or sys.stderr.isatty()


@contextlib.contextmanager
def listener(shown: Progress) -> Iterator[Listener | None]:
    """Yield a callable that shows step, total and done, or None where nobody watches."""
    if callable(shown):
        yield shown
        return
    if not (_is_watched() if shown is None else shown):
        yield None
        return
    bar = None

    def tell(step: str, total: int, done: int) -> None:
        nonlocal bar
        if bar is None or bar.desc != f"{step}: ":
            if bar is not None:
                bar.close()
            bar = tqdm(total=total, desc=step, leave=False)
        bar.n = done
        bar.refresh()

    try:
        yield tell
    finally:
        if bar is not None:
            bar.close()
