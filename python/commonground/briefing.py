"""A briefing of two pages for a council, as PDF, Word or PowerPoint: what stands out, where, how it was measured, from what.

Needs ``pip install 'commonground[briefing]'``. From the shell: ``commonground briefing STUDY --to brief.pdf``.
"""

from __future__ import annotations

import argparse
import datetime
import importlib
import io
import json
import os
import pathlib
import sys
import tempfile
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from commonground._commonground import CommongroundError
from commonground._errors import refused

if TYPE_CHECKING:
    from commonground._assess import Assessment

__all__ = ["write_briefing"]

#: What a council asks, where nobody says it better.
QUESTION = "Who cannot reach what they need on foot, and where do they live?"
MADE_DATA = "Made data: this is not a real place."
#: Neighbourhoods in the table, and kinds of places beside each.
ROWS, PLACES = 10, 4
#: Dots per inch of a map where a format takes no drawing.
MAP_PPI = 220
#: How office documents number an alignment to the right: in Word, and on slides.
RIGHT, RIGHT_ON_SLIDES = 2, 3


def write_briefing(
    result: Assessment,
    path: str | os.PathLike[str],
    *,
    district: str | None = None,
    question: str | None = None,
    template: str | os.PathLike[str] | None = None,
) -> None:
    """Write a briefing: findings in people, one map, one table, method, what it does not mean, sources.

    Parameters
    ----------
    result : Assessment
        Made by :func:`commonground.assess`; with ``ranges=True`` findings say how far they can move.
    path : path
        Ends in ``.pdf`` (tagged, PDF/UA-1), ``.docx`` or ``.pptx``. The file appears whole or not at all.
    district : str, optional
        Id or name of a district of the study, of which alone the briefing speaks.
    question : str, optional
        What the council asks.
    template : path, optional
        A city's own: for PDF a Typst file, which gets the inputs ``brief`` (JSON) and ``map`` (SVG); for Word and PowerPoint
        a document with the city's styles and layouts, behind whose pages the briefing is put.

    Raises
    ------
    CommongroundError
        If the ending is another one, a package is missing, the district is unknown, or the file cannot be written.

    Examples
    --------
    >>> import commonground, tempfile
    >>> result = commonground.assess("data/millbrook")
    >>> write_briefing(result, tempfile.mkdtemp() + "/brief.docx")
    """
    path = pathlib.Path(path)
    writer = _WRITERS.get(path.suffix.lower())
    if writer is None:
        raise refused(f"a briefing cannot be written as `{path.name}`", hint=f"end its name in {', '.join(_WRITERS)}")
    if template is not None and not pathlib.Path(template).is_file():
        raise refused(f"there is no template `{os.fspath(template)}`")
    brief, drawing = _said(result, district, question)
    _replace(path, writer(brief, drawing, None if template is None else pathlib.Path(template)))


def _said(result: Assessment, district: str | None, question: str | None) -> tuple[dict[str, Any], str | None]:
    """All texts of a briefing in the order of its pages, and its map."""
    brief: dict[str, Any] = json.loads(result._inner.brief(district))
    findings, units = brief["findings"], brief["units"]
    brief["title"] = brief["name"] if brief["district"] is None else f"{brief['district']}, {brief['name']}"
    brief["question"] = question or QUESTION
    brief["date"] = datetime.date.today().isoformat()
    column = findings[0]["column"] if findings else ""
    drawing = result.map_svg(column) if column else None
    if drawing is not None:
        label = result.columns.loc[("neighbourhoods", column), "label"]
        brief["map_caption"] = f"{label}, by neighbourhood."
        brief["map_alt"] = f"Map of {brief['name']} by neighbourhood: {label}. {findings[0]['title']}. {findings[0]['text']}"
    shown = _places_shown(brief)
    # "Residents", but "Floor area, m²".
    counted = "Floor area, m²" if units.startswith("m²") else units.capitalize()
    brief["columns"] = ["Neighbourhood", counted, *(f"without {brief['places'][place]}" for place in shown)]
    rows = brief.pop("neighbourhoods")
    brief["rows"] = [
        [row["name"], _whole(row["counted"]), *(_whole(row["without"][place]) for place in shown)] for row in rows[:ROWS]
    ]
    brief["more_rows"] = max(len(rows) - ROWS, 0)
    brief["table_title"] = f"{counted} without each within 15 minutes' walk, by neighbourhood"
    return brief, drawing


def _places_shown(brief: dict[str, Any]) -> list[int]:
    """Kinds of places in the table: those of the findings, then those that the most are without."""
    first = [finding["place"] for finding in brief["findings"]]
    totals = [sum(row["without"][place] or 0.0 for row in brief["neighbourhoods"]) for place in range(len(brief["places"]))]
    others = sorted(set(range(len(totals))) - set(first), key=lambda place: -totals[place])
    return [*first, *others][:PLACES]


def _whole(number: float | None) -> str:
    return "–" if number is None else f"{number:,.0f}"


def _pdf(brief: dict[str, Any], drawing: str | None, template: pathlib.Path | None) -> bytes:
    typst = _package("typst")
    template = template or pathlib.Path(__file__).with_name("briefing.typ")
    inputs = {"brief": json.dumps(brief)} | ({} if drawing is None else {"map": drawing})
    try:
        return bytes(typst.compile(str(template), root=str(template.parent), sys_inputs=inputs, pdf_standards=["ua-1"]))
    except RuntimeError as error:
        raise refused(f"the template `{template.name}` does not compile: {error}", kind="value") from None


def _png(drawing: str) -> io.BytesIO:
    """The map as a picture, for formats that take no drawing."""
    page = "#set page(width: auto, height: auto, margin: 0pt)\n#image(bytes(sys.inputs.map), format: \"svg\")"
    typst = _package("typst")
    return io.BytesIO(typst.compile(page.encode(), format="png", ppi=MAP_PPI, sys_inputs={"map": drawing}))


def _docx(brief: dict[str, Any], drawing: str | None, template: pathlib.Path | None) -> bytes:
    docx, shared = _package("docx"), _package("docx.shared")
    qualified, element = _package("docx.oxml.ns").qn, _package("docx.oxml").OxmlElement
    document = docx.Document(None if template is None else str(template))
    document.core_properties.title, document.core_properties.language = brief["title"], "en"
    document.core_properties.author = "commonground"
    styles = {style.name for style in document.styles}

    def line(text: str, style: str, bold: str = "") -> None:
        paragraph = document.add_paragraph(style=style if style in styles else None)
        if bold:
            paragraph.add_run(bold).bold = True
        paragraph.add_run(text)

    for section in document.sections:
        paragraph = section.footer.paragraphs[0] if section.footer.paragraphs else section.footer.add_paragraph()
        paragraph.text = MADE_DATA if brief["made_data"] else brief["title"]
    document.add_heading(brief["title"], 1)
    if brief["made_data"]:
        line("", "Normal", MADE_DATA)
    line(brief["question"], "Subtitle")
    for caution in brief["cautions"]:
        line(caution, "Normal", "Caution: ")
    document.add_heading("What stands out", 2)
    for finding in brief["findings"]:
        line(finding["text"], "List Number", f"{finding['title']}. ")
    if drawing is not None:
        width = document.sections[-1].page_width - document.sections[-1].left_margin - document.sections[-1].right_margin
        picture = document.add_picture(_png(drawing), width=min(width, shared.Cm(15)))
        picture._inline.docPr.set("descr", brief["map_alt"])
        line(brief["map_caption"], "Caption")
    document.add_page_break()
    document.add_heading(brief["table_title"], 2)
    table = document.add_table(rows=1, cols=len(brief["columns"]))
    table.style = next((name for name in ("Light Shading", "Table Grid") if name in styles), None)
    for cells, texts in [(table.rows[0].cells, brief["columns"]), *((table.add_row().cells, row) for row in brief["rows"])]:
        for at, (cell, text) in enumerate(zip(cells, texts)):
            cell.text = text
            cell.width = shared.Cm(2.8 if at else 4.8)
            if at:
                cell.paragraphs[0].alignment = RIGHT
    # A reader's program says the header again on each page, and reads it with each cell.
    table.rows[0]._tr.get_or_add_trPr().append(element("w:tblHeader"))
    for language in document.styles.element.iter(qualified("w:lang")):
        language.set(qualified("w:val"), "en-GB")
    for title, text in _end(brief):
        document.add_heading(title, 2)
        for part in text:
            line(part, "List Bullet" if title == "Sources" else "Normal")
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def _pptx(brief: dict[str, Any], drawing: str | None, template: pathlib.Path | None) -> bytes:
    pptx, util = _package("pptx"), _package("pptx.util")
    deck = pptx.Presentation(None if template is None else str(template))
    if template is None:
        deck.slide_width, deck.slide_height = util.Cm(33.867), util.Cm(19.05)
    deck.core_properties.title, deck.core_properties.author = brief["title"], "commonground"
    deck.core_properties.language = "en"
    layouts = {layout.name: layout for layout in deck.slide_layouts}
    layout = layouts.get("Title Only", deck.slide_layouts[0])
    width, height = deck.slide_width, deck.slide_height
    margin = width // 20

    def slide(title: str) -> Any:
        page = deck.slides.add_slide(layout)
        heading = page.shapes.title
        if heading is None:
            heading = page.shapes.add_textbox(margin, margin // 2, width - 2 * margin, height // 8)
        heading.left, heading.top, heading.width, heading.height = margin, margin // 2, width - 2 * margin, height // 7
        _fill(heading.text_frame, [title], 28, util)
        note = [MADE_DATA] if brief["made_data"] else []
        foot = page.shapes.add_textbox(margin, height - margin, width - 2 * margin, margin // 2)
        _fill(foot.text_frame, ["; ".join([*note, *brief["sources"]]) or brief["title"]], 10, util)
        return page

    def texts(page: Any, lines: list[str], size: int) -> None:
        box = page.shapes.add_textbox(margin, height // 5, width - 2 * margin, height * 13 // 20)
        _fill(box.text_frame, lines, size, util)

    findings = [f"{number}. {finding['title']}. {finding['text']}" for number, finding in enumerate(brief["findings"], 1)]
    cautions = [f"Caution: {caution}" for caution in brief["cautions"]]
    texts(slide(brief["title"]), [brief["question"], *findings, *cautions], 20)
    if drawing is not None:
        page = slide(brief["map_caption"])
        picture = page.shapes.add_picture(_png(drawing), margin, height // 6, height=height * 15 // 20)
        picture.left = (width - picture.width) // 2
        picture._element.nvPicPr.cNvPr.set("descr", brief["map_alt"])
    page = slide(brief["table_title"])
    size = (len(brief["rows"]) + 1, len(brief["columns"]))
    table = page.shapes.add_table(*size, margin, height // 5, width - 2 * margin, height * 13 // 20).table
    for row, cells in enumerate([brief["columns"], *brief["rows"]]):
        for column, text in enumerate(cells):
            _fill(table.cell(row, column).text_frame, [text], 12, util)
            if column:
                table.cell(row, column).text_frame.paragraphs[0].alignment = RIGHT_ON_SLIDES
    page = slide("How it was measured, and from what")
    texts(page, [f"{title}: {' '.join(text)}" for title, text in _end(brief)], 14)
    file = io.BytesIO()
    deck.save(file)
    return file.getvalue()


def _fill(frame: Any, lines: list[str], size: int, util: Any) -> None:
    """Paragraphs of one size in a box of a slide."""
    frame.word_wrap = True
    for at, text in enumerate(lines):
        paragraph = frame.paragraphs[0] if at == 0 else frame.add_paragraph()
        run = paragraph.add_run()
        run.text, run.font.size, paragraph.space_after = text, util.Pt(size), util.Pt(size // 2)


def _end(brief: dict[str, Any]) -> list[tuple[str, list[str]]]:
    """What stands at the end: titles and their paragraphs."""
    return [
        ("How it was measured", [" ".join(brief["method"])]),
        ("What it does not mean", [brief["does_not_mean"]]),
        ("Sources", brief["sources"] or ["The study names no sources."]),
        ("Made with", [f"commonground {brief['version']}, {brief['date']}."]),
    ]


_WRITERS: dict[str, Callable[[dict[str, Any], str | None, pathlib.Path | None], bytes]] = {
    ".pdf": _pdf,
    ".docx": _docx,
    ".pptx": _pptx,
}


def _package(name: str) -> Any:
    """A module of a package that only briefings need."""
    try:
        return importlib.import_module(name)
    except ImportError:
        message = f"a briefing needs the package that holds `{name.partition('.')[0]}`"
        raise refused(message, hint="pip install 'commonground[briefing]'") from None


def _replace(path: pathlib.Path, content: bytes) -> None:
    """Write a file whole or not at all."""
    try:
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}", delete=False) as file:
            file.write(content)
        os.chmod(file.name, 0o644)
        os.replace(file.name, path)
    except OSError as error:
        raise refused(f"cannot write `{path}`: {error.strerror}", kind="io") from None


def main(arguments: Sequence[str]) -> int:
    """``commonground briefing``: returns the exit code."""
    parser = argparse.ArgumentParser(prog="commonground briefing", description="Write a briefing of two pages for a council.")
    parser.add_argument("study", help="folder with a study.toml, or the file itself")
    parser.add_argument("--to", required=True, metavar="FILE", help="a name that ends in .pdf, .docx or .pptx")
    parser.add_argument("--data", metavar="FOLDER", help="folder that the study's paths start from")
    parser.add_argument("--district", help="id or name of the district that it speaks of alone")
    parser.add_argument("--question", help="what the council asks")
    parser.add_argument("--template", metavar="FILE", help="a city's own template: .typ, .docx or .pptx")
    parser.add_argument("--ranges", action="store_true", help="say how far findings can move with speed and threshold")
    asked = parser.parse_args(arguments)
    from commonground._assess import assess

    try:
        result = assess(asked.study, data=asked.data, ranges=asked.ranges)
        write_briefing(result, asked.to, district=asked.district, question=asked.question, template=asked.template)
    except CommongroundError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("stopped; nothing was written", file=sys.stderr)
        return 130
    print(asked.to)
    return 0
