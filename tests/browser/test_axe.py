"""axe-core finds nothing against WCAG 2.1 AA: in every pane and question, on a phone and a desk, by light and by dark.

`COMMONGROUND_AXE` names an `axe.min.js`; otherwise npm fetches the package, and without either the tests are skipped.
"""

import os
import subprocess
import tarfile
from pathlib import Path

import pytest

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]
STATEMENT = Path(__file__).parents[2] / "docs" / "explanation" / "accessibility.md"
RUN = """async (tags) => {
  const { violations } = await axe.run(document, { runOnly: { type: "tag", values: tags } });
  return violations.map(({ id, nodes }) => `${id}: ${nodes.slice(0, 4).map(({ html }) => html.slice(0, 140)).join(" | ")}`);
}"""


@pytest.fixture(scope="session")
def axe(tmp_path_factory):
    given = os.environ.get("COMMONGROUND_AXE")
    if given:
        return Path(given).read_text()
    folder = tmp_path_factory.mktemp("axe")
    try:
        subprocess.run(["npm", "pack", "--silent", "axe-core@4"], cwd=folder, check=True, capture_output=True, timeout=120)
    except (OSError, subprocess.SubprocessError) as error:
        pytest.skip(f"axe-core cannot be fetched ({error}): set COMMONGROUND_AXE to an axe.min.js")
    with tarfile.open(next(folder.glob("*.tgz"))) as package:
        return package.extractfile("package/axe.min.js").read().decode()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1440])
@pytest.mark.parametrize("study", ["monaco", "millbrook"])
def test_no_violation_in_any_pane(open_report, browser_without_webgl, axe, study, width, scheme):
    report = open_report(study, browser=browser_without_webgl, viewport={"width": width, "height": 900}, color_scheme=scheme)
    page = report.page
    page.evaluate(axe)
    found, states = {}, []

    def look(state):
        report.settle()
        states.append(state)
        wrong = page.evaluate(RUN, TAGS)
        if wrong:
            found[state] = wrong

    page.evaluate("document.getElementById('all-measures').open = true")
    for chip in page.locator(".chip").all():
        chip.click()
        look(chip.inner_text())
    page.click("#tab-priorities")
    look("priorities")
    page.click("#tab-try")
    page.wait_for_selector("#try-changes", state="attached")
    page.evaluate("document.querySelector('.try-by-name').open = true")
    page.click("#try-street-use")
    page.click("#try-pin")
    look("try a change")
    page.click("[data-tool=close]")
    page.click("#try-close")
    page.click("#try-copy")
    page.click("[data-tool=path]")
    page.click("#try-street-use")
    page.click("#try-pin")
    look("a path that begins")
    page.click("[data-tool=homes]")
    page.click("#try-street-use")
    page.click("#try-pin")
    look("homes, and two plans")
    page.click("[data-tool=add]")
    page.click("#try-spots-find")
    page.wait_for_selector("#try-spots li, #try-spots > p")
    look("where one more would help most")
    page.click("#tab-layers")
    page.locator("#list .row").first.click()
    page.evaluate("for (const fold of document.querySelectorAll('.fold')) fold.open = true")
    look("profile")
    assert found == {}
    if study == "millbrook":
        statement(states)


def statement(states):
    """The accessibility statement names what was looked at; `UPDATE=1` writes it anew."""
    text = STATEMENT.read_text()
    before, rest = text.split("<!-- states -->\n")
    after = rest.split("<!-- /states -->")[1]
    listed = "".join(f"- {state[0].lower()}{state[1:]}\n" for state in states)
    wanted = f"{before}<!-- states -->\n{listed}<!-- /states -->{after}"
    if os.environ.get("UPDATE"):
        STATEMENT.write_text(wanted)
    assert wanted == text or os.environ.get("UPDATE"), "the statement names other states: run with UPDATE=1"
