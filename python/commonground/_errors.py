"""Errors and warnings that Python's side raises, with the parts that those of the library have."""

from __future__ import annotations

import difflib
from collections.abc import Hashable, Iterable
from typing import Any

from commonground._commonground import CommongroundError


class CommongroundWarning(UserWarning):
    """What a result leaves out, for instance places on no street."""


def refused(message: str, *, hint: str | None = None, kind: str = "parameter", **position: Any) -> CommongroundError:
    """An error with its parts: ``kind``, ``message``, ``hint``, and of the position ``layer``, ``row``, ``id``, ``column``."""
    where = ", ".join(f"{part} `{value}`" for part, value in position.items() if value is not None)
    text = message + (f"\n  in {where}" if where else "") + (f"\nhint: {hint}" if hint else "")
    error = CommongroundError(text)
    error.kind, error.message, error.hint = kind, message, hint
    for part in ("layer", "row", "id", "column"):
        setattr(error, part, position.get(part))
    return error


def column_of(table: Any, name: Hashable, argument: str) -> Any:
    """A column of a table; an error names the nearest one where there is none."""
    if name in getattr(table, "columns", ()):
        return table[name]
    hint = nearest(str(name), [str(column) for column in getattr(table, "columns", ())])
    raise refused(f"`{argument}`: the table has no column `{name}`", hint=hint, column=str(name))


def nearest(word: str, known: Iterable[str]) -> str:
    """A hint: the most alike of the known words, else all of them."""
    known = list(known)
    alike = difflib.get_close_matches(word, known, n=1)
    if alike:
        return f"did you mean `{alike[0]}`?"
    return f"there are {', '.join(f'`{one}`' for one in known)}" if known else "the table has no columns"


def minutes_of(argument: str, minutes: Any) -> list[float]:
    """One or several numbers of minutes."""
    several = [minutes] if _is_number(minutes) else minutes
    try:
        if isinstance(several, (str, bytes)):
            raise TypeError
        return [float(one) for one in several]
    except (TypeError, ValueError):
        message = f"`{argument}` must be minutes, one number or several, not {minutes!r}"
        raise refused(message, hint=f"for example `{argument}=[15, 30]`") from None


def count_of(argument: str, count: Any) -> int:
    """A whole number of 1 or more."""
    try:
        is_whole = not isinstance(count, (str, bytes)) and int(count) == count and 1 <= count < 2**63
    except (TypeError, ValueError, OverflowError):
        is_whole = False
    if not is_whole:
        raise refused(f"`{argument}` must be a whole number of 1 or more, not {count!r}")
    return int(count)


def _is_number(value: Any) -> bool:
    try:
        return not isinstance(value, (str, bytes)) and float(value) is not None and not hasattr(value, "__len__")
    except (TypeError, ValueError):
        return False
