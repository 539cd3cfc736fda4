"""Briefings as PDF, Word and PowerPoint: opened again by other programs, and read."""

import io
import json
import os
import pathlib
import re
import subprocess
import sys

import commonground
import pytest

pytest.importorskip("typst")
docx = pytest.importorskip("docx")
pptx = pytest.importorskip("pptx")
pikepdf = pytest.importorskip("pikepdf")


@pytest.fixture(scope="module")
def written(millbrook, tmp_path_factory):
    folder = tmp_path_factory.mktemp("briefings")
    for ending in ("pdf", "docx", "pptx"):
        millbrook.to_briefing(folder / f"brief.{ending}", question="Where do people walk too far?")
    return folder


@pytest.fixture(scope="module")
def brief(millbrook):
    return json.loads(millbrook._inner.brief(None))


def test_findings_are_what_the_homes_say(millbrook, brief):
    homes = millbrook.homes
    counted = homes[homes["street_distance_m"].notna() & homes["neighbourhood"].notna()]
    assert brief["counted"] == pytest.approx(counted["residents"].sum())
    assert 1 <= len(brief["findings"]) <= 3
    for finding in brief["findings"]:
        category = re.match("share_lacking_(.*)", finding["column"])[1]
        if category == "work":
            lacks = ~(counted["jobs_within_15_min"] >= 200)
        else:
            lacks = ~(counted[f"{category}_minutes"] <= 15)
        people = counted.loc[lacks, "residents"].sum()
        assert finding["people"] == pytest.approx(people, abs=0.5)
        assert f"{people:,.0f} residents" in finding["title"]
        assert finding["share"] == pytest.approx(people / counted["residents"].sum(), abs=1e-4)
    by_place = sum(row["counted"] for row in brief["neighbourhoods"])
    assert by_place == pytest.approx(brief["counted"])


def test_the_pdf_is_tagged_has_two_pages_and_a_text_in_place_of_the_map(written, brief):
    pdf = pikepdf.open(written / "brief.pdf")
    assert len(pdf.pages) == 2
    root = pdf.Root
    assert bool(root.MarkInfo.Marked) and str(root.Lang).startswith("en")
    assert "/StructTreeRoot" in root
    with pdf.open_metadata() as metadata:
        assert metadata.get("pdfuaid:part") == "1"
    texts = []
    seen = set()

    def walk(element):
        if isinstance(element, pikepdf.Array):
            for child in element:
                walk(child)
            return
        if not isinstance(element, pikepdf.Dictionary) or element.objgen in seen and element.objgen != (0, 0):
            return
        seen.add(element.objgen)
        if "/Alt" in element:
            texts.append(str(element.Alt))
        if "/K" in element:
            walk(element.K)

    walk(root.StructTreeRoot)
    assert any("Map of Millbrook" in text for text in texts)


def test_the_word_document_says_what_was_found(written, brief):
    document = docx.Document(written / "brief.docx")
    text = "\n".join(paragraph.text for paragraph in document.paragraphs)
    assert "Where do people walk too far?" in text and "Made data" in text
    assert all(finding["title"] in text for finding in brief["findings"])
    assert "Made data" in document.sections[0].footer.paragraphs[0].text
    table = document.tables[0]
    assert len(table.rows) == 11 and table.cell(0, 0).text == "Neighbourhood"
    first = brief["neighbourhoods"][0]
    assert [cell.text for cell in table.rows[1].cells][:2] == [first["name"], f"{first['counted']:,.0f}"]
    assert [shape._inline.docPr.get("descr") for shape in document.inline_shapes][0].startswith("Map of Millbrook")


def test_every_slide_says_that_the_town_is_made(written, brief):
    deck = pptx.Presentation(written / "brief.pptx")
    slides = ["\n".join(shape.text_frame.text for shape in slide.shapes if shape.has_text_frame) for slide in deck.slides]
    assert len(slides) == 4 and all("Made data" in text for text in slides)
    assert brief["findings"][0]["title"] in slides[0]
    pictures = [shape for slide in deck.slides for shape in slide.shapes if shape.shape_type == 13]
    assert pictures[0]._element.nvPicPr.cNvPr.get("descr").startswith("Map of Millbrook")


def test_a_city_s_own_templates(millbrook, tmp_path):
    own = tmp_path / "own.typ"
    own.write_text('#let brief = json(bytes(sys.inputs.brief))\n#set document(title: "own")\n= City of #brief.name\n')
    millbrook.to_briefing(tmp_path / "own.pdf", template=own)
    assert len(pikepdf.open(tmp_path / "own.pdf").pages) == 1
    letter = docx.Document()
    letter.add_paragraph("City letterhead")
    letter.save(tmp_path / "own.docx")
    millbrook.to_briefing(tmp_path / "brief.docx", template=tmp_path / "own.docx")
    paragraphs = [paragraph.text for paragraph in docx.Document(tmp_path / "brief.docx").paragraphs]
    assert paragraphs[0] == "City letterhead" and "What stands out" in paragraphs
    own.write_text("#let x = ")
    with pytest.raises(commonground.CommongroundError, match="own.typ"):
        millbrook.to_briefing(tmp_path / "not.pdf", template=own)
    assert not (tmp_path / "not.pdf").exists()


def test_bad_wishes_are_refused_and_nothing_is_written(millbrook, tmp_path):
    for wish, words in [
        ({"path": tmp_path / "brief.odt"}, "brief.odt"),
        ({"path": tmp_path / "brief.pdf", "district": "Nowhere"}, "no district `Nowhere`"),
        ({"path": tmp_path / "brief.pdf", "template": tmp_path / "none.typ"}, "no template"),
        ({"path": tmp_path / "no folder" / "brief.pdf"}, "cannot write"),
    ]:
        with pytest.raises(commonground.CommongroundError, match=words) as caught:
            millbrook.to_briefing(**wish)
        assert caught.value.hint or words in ("no template", "cannot write")
    assert list(tmp_path.iterdir()) == []


def test_the_program_of_the_wheel(tmp_path):
    study = pathlib.Path(__file__).parents[2] / "data" / "millbrook"

    def run(*arguments):
        command = [sys.executable, "-m", "commonground", *arguments]
        return subprocess.run(command, capture_output=True, text=True, cwd=tmp_path)

    done = run("briefing", os.fspath(study), "--to", "brief.pdf", "--ranges")
    assert (done.returncode, done.stdout) == (0, "brief.pdf\n"), done.stderr
    assert pikepdf.open(io.BytesIO((tmp_path / "brief.pdf").read_bytes())).pages
    assert commonground.__version__ in run("--version").stdout
    failed = run("check", "no such study")
    assert failed.returncode == 1 and "no such study" in failed.stderr
    assert run("chekc").returncode == 2
    report = run("assess", os.fspath(study), "--out", "results")
    assert report.returncode == 0 and (tmp_path / "results" / "report.html").stat().st_size > 100_000
