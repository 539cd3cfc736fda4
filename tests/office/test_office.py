"""Briefings opened in an office program: what a clerk sees is what was written."""

import re
import shutil
import subprocess
from pathlib import Path

import commonground
import pytest

MILLBROOK = Path(__file__).parents[2] / "data" / "millbrook"

pytestmark = pytest.mark.skipif(
    not (shutil.which("soffice") and shutil.which("pdftotext")), reason="LibreOffice or pdftotext is missing: NOT TESTED"
)


@pytest.fixture(scope="module")
def shown(tmp_path_factory):
    """The text of each page as LibreOffice lays it out, and that of the PDF."""
    folder = tmp_path_factory.mktemp("office")
    result = commonground.assess(MILLBROOK)
    pages = {}
    for ending in ("pdf", "docx", "pptx"):
        result.to_briefing(folder / f"brief.{ending}")
        paper = folder / "brief.pdf"
        if ending != "pdf":
            profile = f"-env:UserInstallation=file://{folder}/profile"
            command = ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", folder / ending, f"brief.{ending}"]
            subprocess.run(command, check=True, cwd=folder, capture_output=True, timeout=180)
            paper = folder / ending / "brief.pdf"
        text = subprocess.run(["pdftotext", "-layout", paper, "-"], check=True, capture_output=True, text=True).stdout
        pages[ending] = [" ".join(page.split()) for page in text.split("\f") if page.strip()]
    return pages


def findings(pages):
    return re.findall(r"[\d,]+ residents \(\d+%\) are without [a-z ]+ within 15 minutes' walk", " ".join(pages).replace("’", "'"))


def test_word_and_slides_say_what_the_pdf_says(shown):
    wanted = findings(shown["pdf"])
    assert len(wanted) == 3
    assert findings(shown["docx"]) == wanted and findings(shown["pptx"]) == wanted


def test_two_pages_and_four_slides_each_of_which_says_that_the_town_is_made(shown):
    assert {ending: len(pages) for ending, pages in shown.items()} == {"pdf": 2, "docx": 2, "pptx": 4}
    for pages in shown.values():
        assert all("Made data: this is not a real place." in page for page in pages)


def test_the_table_is_whole(shown):
    row = re.search(r"Millrace(?: [\d,]+){5}", " ".join(shown["pdf"]))[0]
    assert row in " ".join(shown["docx"]) and row in " ".join(shown["pptx"])
