"""Weights as sliders: what the page computes is what the library computes."""

import csv
import io
import math

import pandas
import pytest
from commonground import cohesion


def ranks_in(report):
    """Neighbourhood to rank, as the list under the sliders shows it."""
    rows = report.page.locator("#index-list .row")
    names = rows.locator(".row-name").all_inner_texts()
    return dict(zip(names, rows.locator(".row-rank").all_inner_texts()))


def library_ranks(places, definition):
    """The same from the library."""
    found = cohesion.index(pandas.DataFrame(places.drop(columns="geometry")), definition)
    scores = found.scores["score"].to_numpy()
    expected = {}
    for name, score in zip(places["name"], scores):
        expected[name] = "–" if math.isnan(score) else str(1 + int((scores > score).sum()))
    return expected


def test_a_slider_changes_ranks_to_what_the_library_computes(open_report, assessed, tmp_path):
    report = open_report("millbrook").wait_for_map()
    places = assessed["millbrook"].neighbourhoods
    page = report.page
    page.click("#tab-priorities")
    before = ranks_in(report)
    for slider, value in ((0, 10), (2, 90), (4, 0)):
        page.locator("#sliders input[type=range]").nth(slider).fill(str(value))
    page.select_option("#sliders select", "arithmetic")
    report.settle()
    after = ranks_in(report)
    assert after != before
    with page.expect_download() as caught:
        page.click("#weights-save")
    definition = caught.value.path().read_text()
    assert after == library_ranks(places, definition)

    with page.expect_download() as caught:
        page.click("#download-csv")
    rows = {row["id"]: row for row in csv.DictReader(io.StringIO(caught.value.path().read_text()))}
    scores = cohesion.index(pandas.DataFrame(places.drop(columns="geometry")), definition).scores["score"]
    for place_id, score in zip(places.index, scores):
        shown = rows[place_id]["index_score"]
        assert (shown == "") if math.isnan(score) else math.isclose(float(shown), score, rel_tol=1e-12)

    # The study's own weights give the study's own ranks again, and the saved file gives the reader's.
    page.click("#weights-reset")
    report.settle()
    assert ranks_in(report) == before
    saved = tmp_path / "priorities.toml"
    saved.write_text(definition)
    page.set_input_files("#weights-load", saved)
    page.wait_for_function("() => document.querySelector('#weights-note').textContent.includes('in use')")
    report.settle()
    assert ranks_in(report) == after


@pytest.mark.parametrize("gaps", [False, True])
@pytest.mark.parametrize("method", ["copeland", "copeland_majority", "harmonic", "generalised", "sum"])
def test_every_way_to_put_together_is_that_of_the_library(open_report, browser_without_webgl, changed, method, gaps):
    scaled = {}

    def change(data):
        index = data["indices"][0]
        index["parts"][-1] |= {"aggregate": method, "power": 0.5, "scores": [None] * len(index["places"])}
        for at, indicator in enumerate(index["indicators"]):
            if gaps:
                indicator["normalised"][at] = indicator["normalised"][at + 9] = None
            scaled[indicator["name"]] = indicator["normalised"]
        scaled["floor"] = index["floor"]

    report = open_report(changed("millbrook", change), browser=browser_without_webgl)
    page = report.page
    page.click("#tab-priorities")
    for slider, value in ((0, 35), (3, 60)):
        page.locator("#sliders input[type=range]").nth(slider).fill(str(value))
    report.settle()
    floor = scaled.pop("floor")
    definition = {
        "name": "x",
        "normalise": {"method": "raw"},
        "aggregate": {"indicators": method, "power": 0.5, "floor": floor},
        "indicators": [
            {"column": name, "direction": "up", "weight": {0: 35, 3: 60}.get(at, 100)} for at, name in enumerate(scaled)
        ],
    }
    names = page.locator("#index-list .row-name").all_inner_texts()
    frame = pandas.DataFrame(scaled, dtype=float)
    found = cohesion.index(frame, definition)
    expected = found.scores["score"].tolist()
    with page.expect_download() as caught:
        page.click("#download-csv")
    rows = list(csv.DictReader(io.StringIO(caught.value.path().read_text())))
    order = {row["name"]: row for row in rows}
    assert len(order) == len(names) == len(expected)
    shown = [order[name]["index_score"] for name in report.page.evaluate("JSON.parse(document.getElementById('data').textContent).names")]
    for ours, theirs in zip(shown, expected):
        assert (ours == "") if math.isnan(theirs) else math.isclose(float(ours), theirs, rel_tol=1e-12), (ours, theirs)


def test_a_definition_of_something_else_is_refused_in_words(open_report, tmp_path):
    report = open_report("millbrook").wait_for_map()
    report.page.click("#tab-priorities")
    before = ranks_in(report)
    for text, words in (("[[indicators]]\ncolumn = \"moon\"\n", "other indicators"), ("name = [1, 2\n", "line 1")):
        path = tmp_path / "other.toml"
        path.write_text(text)
        report.page.set_input_files("#weights-load", path)
        report.page.wait_for_function("(words) => document.querySelector('#weights-note').textContent.includes(words)", arg=words)
    assert ranks_in(report) == before


def test_contributions_in_a_profile_are_those_of_the_library(open_report, assessed):
    places = assessed["millbrook"].neighbourhoods
    with_cohesion = cohesion.index(pandas.DataFrame(places.drop(columns="geometry")), cohesion.preset("five_essentials"))
    report = open_report("millbrook", fragment="#place=n07").wait_for_map()
    report.page.click("summary:has-text('What can people reach?')")
    row = list(places.index).index("n07")
    adds = with_cohesion.contributions.iloc[row]
    texts = report.page.locator(".profile-section").first.locator("tbody tr").all()
    shown = {row.locator("th").inner_text().lower(): row.locator("td").nth(1).inner_text() for row in texts}
    lever, lift = with_cohesion.profile.iloc[row][["would_lift_most", "lift"]]
    assert f"What would lift it most: {lever}, if it came to the level of the best neighbourhood (+{f'{lift:.1f}'.removesuffix('.0')})" in report.page.locator(".profile-section").first.inner_text()
    assert shown == {name: f"{'+' if value >= 0 else '−'}{abs(value):,.1f}".replace(".0", "") for name, value in adds.items()}
