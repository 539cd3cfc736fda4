"""A study from the files that lie in a folder."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import pandas

from commonground import _commonground
from commonground._progress import Progress, listener


@dataclass(frozen=True)
class NewStudy:
    """What :func:`new` wrote, and why."""

    #: The ``study.toml``.
    path: Path
    #: One row per table: ``layer``, ``file`` and ``why`` it is taken for that.
    guesses: pandas.DataFrame
    #: One row per file that no table names: ``file`` and ``why``.
    left_out: pandas.DataFrame
    #: What the study lacks before it can be assessed, as sentences; empty if :func:`check` finds no error.
    missing: list[str]


def new(
    folder: str | os.PathLike[str], *, name: str | None = None, overwrite: bool = False, progress: Progress = None
) -> NewStudy:
    """Write a ``study.toml`` for the files that lie in a folder.

    Layers and columns are guessed from names, columns and shapes, and the study is read once as :func:`check` reads it: a
    table with an error is left out, with the reason. What no file says is read in the safest way, and a comment says so;
    ``commonground new`` in a shell asks instead.

    Parameters
    ----------
    folder : path
        Holds the files of one city. ``study.toml`` is written there, and ``made/`` where hexagons stand in for neighbourhoods.
    name : str, optional
        What the place is called; by default as the folder is.
    overwrite : bool
        Whether to write over a ``study.toml`` that is there.
    progress : bool or callable, optional
        As for :func:`assess`.

    Raises
    ------
    CommongroundError
        If the folder holds nothing that a study is made of, or a ``study.toml`` already.

    Examples
    --------
    >>> import shutil
    >>> import tempfile
    >>> folder = tempfile.mkdtemp()
    >>> _ = shutil.copy("data/monaco/monaco.osm.pbf", folder)
    >>> found = new(folder)
    >>> found.missing
    []
    """
    with listener(progress) as watch:
        path, guesses, left_out, missing = _commonground.new(os.fspath(folder), name, overwrite, watch)
    return NewStudy(
        Path(path),
        pandas.DataFrame(guesses, columns=["layer", "file", "why"]),
        pandas.DataFrame(left_out, columns=["file", "why"]),
        missing,
    )
