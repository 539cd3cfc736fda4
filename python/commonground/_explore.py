"""A column of an assessment as a map in a notebook."""

from __future__ import annotations

import html
import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from commonground._assess import Assessment

_NO_VALUE = "#f1f0ec"


class StillMap:
    """A map for a notebook that needs no other library: :attr:`svg`, and below it what would make it move."""

    def __init__(self, svg: str, message: str) -> None:
        self.svg, self.message = svg, message

    def _repr_html_(self) -> str:
        return f"<figure>{self.svg}<figcaption>{html.escape(self.message)}</figcaption></figure>"

    def __repr__(self) -> str:
        return f"<StillMap: {self.message}>"


def explore(assessment: Assessment, column: str, tiles: str | None, names: bool) -> Any:
    """A map of folium, or a still one."""
    label, _, classes, of = assessment._inner.colouring(column)
    try:
        for needed in ("mapclassify", "matplotlib"):  # of `GeoDataFrame.explore`
            importlib.import_module(needed)
        import folium
        from branca.element import Figure
    except ImportError as error:
        missing = f"to move and zoom this map: pip install folium mapclassify matplotlib ({error.name} is not there)"
        return StillMap(assessment.map_svg(column), missing)
    places = assessment.neighbourhoods
    colours = [_NO_VALUE if number is None else classes[number][1] for number in of]
    shown = places[["name", column, "geometry"] if names and column != "name" else [column, "geometry"]]
    found = shown.rename(columns={column: label, "name": "Neighbourhood"}).explore(
        color=colours,
        tiles=tiles,
        style_kwds={"fillOpacity": 0.8, "weight": 1, "color": "white"},
        highlight_kwds={"weight": 3},
    )
    legend = folium.Element(_legend(label, classes, any(number is None for number in of)))
    page = found.get_root()
    if isinstance(page, Figure):
        page.html.add_child(legend)
    return found


def _legend(label: str, classes: list[tuple[str, str]], has_gaps: bool) -> str:
    rows = [*classes, *([("no value", _NO_VALUE)] if has_gaps else [])]
    swatch = "display:inline-block;width:1em;height:1em;margin-right:.5em;border:1px solid #0003;vertical-align:middle;background:"
    listed = "".join(f'<div><span style="{swatch}{colour}"></span>{html.escape(text)}</div>' for text, colour in rows)
    box = "position:fixed;bottom:2em;left:1em;z-index:999;background:white;padding:.6em .8em;font:13px sans-serif;border-radius:4px"
    return f'<div style="{box}"><b>{html.escape(label)}</b>{listed}</div>'
