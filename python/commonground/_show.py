"""An assessment in one line, and as a notebook shows it: five facts and a map."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING

from commonground._commonground import CommongroundError

if TYPE_CHECKING:
    from commonground._assess import Assessment


def in_one_line(assessment: Assessment) -> str:
    """What was assessed, and how much of it."""
    name, *facts = _facts(assessment)
    return f"<Assessment of {name}: {', '.join(facts)}>"


def in_a_notebook(assessment: Assessment) -> str:
    """The same with the map of a measure, as HTML that needs nothing from the network."""
    name, *facts = _facts(assessment)
    listed = "".join(f"<li>{html.escape(fact)}</li>" for fact in facts)
    more = "<code>.summary</code> has it in words, <code>.explore(column)</code> a map to move, <code>.to_html(path)</code> the report."
    return f"<h3>{html.escape(name)}</h3><ul>{listed}</ul>{_map(assessment)}<p>{more}</p>"


def _facts(assessment: Assessment) -> list[str]:
    places = assessment.neighbourhoods
    noun, counted = assessment._inner.weight()
    name = assessment.summary.splitlines()[0].removeprefix("# ")
    warnings = int((assessment.findings["severity"] == "warning").sum())
    return [
        name,
        f"{len(places):,} neighbourhoods",
        f"{len(assessment.homes):,} homes",
        f"{places[counted].sum():,.0f} {noun}",
        f"{len(assessment.not_assessed):,} scores not assessed",
        f"{warnings:,} warnings",
    ]


def _map(assessment: Assessment) -> str:
    columns = assessment.columns.loc["neighbourhoods"]
    of_access = columns[(columns["theme"] == "access") & (columns["unit"] != "words")]
    for column, label in of_access["label"].items():
        try:
            return f"<figure>{assessment.map_svg(str(column))}<figcaption>{html.escape(label)}</figcaption></figure>"
        except CommongroundError:  # A column without a single value has no map.
            continue
    return ""
