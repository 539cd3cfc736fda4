"""Try a change: what the page's engine computes is what the library computes, walk for walk and person for person."""

import json
import os
import random
import re
from pathlib import Path

import commonground
import numpy as np
import pytest

PAGE = Path(__file__).parents[2] / "src/report/html/page"
ENGINE = ["block", "search", "closing", "access", "balance", "scenario"]
SHIPPED = Path(__file__).parents[2] / "data"
STUDIES = Path(__file__).parents[2] / "examples/studies"

START = """async (block) => {
  globalThis.block = await readBlock(block);
  globalThis.ids = idsOf(globalThis.block);
  globalThis.engine = engineOf(globalThis.block);
  const { head, places, stations, streets } = globalThis.block;
  const { categories, shared_homes } = head;
  const isLive = categories.map((_, number) => places.some(({ category }) => category === number));
  return { categories, isLive, services: [...globalThis.ids.placeOf.keys()], shared_homes,
    streets: head.streets.map(([id]) => id), stations: stations.flat().filter(({ position }) => position).map(({ at }) => at.map((value) => value / head.per_degree)) };
}"""
BASE = "() => engine.base.map((times) => [...times])"
EVALUATE = """(changes) => {
  const live = changes.map((change) => liveChange(block, ids, change));
  const wrong = live.find((one) => !one.live || one.moved);
  if (wrong) throw new Error(JSON.stringify(wrong));
  const { times, settled } = engine.evaluate(planOf(live));
  const balance = block.head.categories.map((_, category) => balanceOf(block.homes, engine.base[category], times[category], 15, 1000).city);
  return { times: times.map((of) => [...of]), settled, balance };
}"""
CLOSED = 0xFFFFFFFF


class Engine:
    """The engine in a browser, with the streets of a report."""

    def __init__(self, page, report):
        self.page = page
        text = Path(report).read_text()
        mark = '<script type="application/json" id="data">'
        start = text.index(mark) + len(mark)
        network = json.loads(text[start : text.index("</script>", start)])["network"]
        assert network["reason"] is None
        page.goto("about:blank")
        page.add_script_tag(content="\n".join((PAGE / f"engine/{name}.js").read_text() for name in ENGINE))
        self.known = page.evaluate(START, network["block"])

    def base(self):
        return self.page.evaluate(BASE)

    def evaluate(self, changes):
        return self.page.evaluate(EVALUATE, changes)


def minutes(milliseconds):
    """As the library writes them: missing beyond the search."""
    times = np.array(milliseconds, dtype=float)
    return np.where(times == CLOSED, np.nan, times / 60000)


@pytest.fixture
def real_cities():
    """The folder of real cities; skips aloud where it is not set."""
    folder = os.environ.get("COMMONGROUND_DATA")
    if not folder:
        pytest.skip("COMMONGROUND_DATA is not set, so no real city was read")
    return Path(folder)


@pytest.fixture
def engine(browser_without_webgl, written):
    contexts = []

    def opened(report):
        contexts.append(browser_without_webgl.new_context())
        return Engine(contexts[-1].new_page(), written.get(report, report))

    yield opened
    for context in contexts:
        context.close()


def live(known):
    """Kinds of places that are services: parks are not computed in the page."""
    return [category for category, is_live in zip(known["categories"], known["isLive"], strict=True) if is_live]


def random_plans(known, seed, count):
    """Clinics that open, places that close, both together."""
    draw = random.Random(seed)
    plans = []
    for number in range(count):
        changes = []
        if number % 3 != 1:
            changes += [
                {"action": "add_service", "category": draw.choice(live(known)), "at": draw.choice(known["stations"]), "name": f"Try {at}"}
                for at in range(1 + number % 2)
            ]
        if number % 3 != 0:
            changes += [{"action": "close_service", "service": service} for service in draw.sample(known["services"], 1 + number % 2)]
        plans.append(changes)
    return plans


def compared(study, plans, **options):
    """Homes and people of each plan, by `commonground compare`."""
    scenarios = [commonground.scenario.Scenario(f"plan {at}", changes) for at, changes in enumerate(plans)]
    found = commonground.scenario.compare(study, scenarios, scores=False, **options)
    people = found.people.reset_index()
    return [(found.homes.loc[one.name], people[people["scenario"] == one.name]) for one in scenarios]


def check_plans(engine, placed, plans, found, slack_ms=0):
    """Walks of every home and people who gain and lose, against `commonground compare`; returns how many walks have changed."""
    changed = 0
    for changes, (homes, people) in zip(plans, found, strict=True):
        ours = engine.evaluate(changes)
        assert ours["settled"], changes
        own_traveller = people["traveller"].iloc[0]
        everybody = people[(people["group"] == "everybody") & (people["traveller"] == own_traveller)].set_index("measure")
        for category, times, balance in zip(engine.known["categories"], ours["times"], ours["balance"], strict=True):
            if category not in live(engine.known):
                continue
            before, after = (homes[f"{category}_minutes_{own_traveller}_{when}"].to_numpy(dtype=float)[placed] for when in ("before", "after"))
            own = minutes(times)
            assert (np.isnan(own) == np.isnan(after)).all(), (changes, category)
            assert np.nanmax(np.abs(own - after), initial=0) <= slack_ms / 60000, (changes, category)
            changed += int((np.nan_to_num(before) != np.nan_to_num(after)).sum())
            row = everybody.loc[f"{category}_minutes"]
            # People are told to a hundredth; small homes share theirs with others nearby.
            slack = 0.005 * len(times) + (0.02 * row["stayers"] if engine.known["shared_homes"] else 0)
            assert (balance["gained"], balance["lost"]) == pytest.approx((row["gained"], row["lost"]), abs=slack), (changes, category)
    return changed


@pytest.mark.parametrize("study", ["monaco", "millbrook"])
def test_walks_are_those_of_the_library_to_the_last_bit(engine, assessed, study):
    found = engine(study)
    homes = assessed[study].homes
    placed = homes["street_distance_m"].notna()
    for category, times in zip(found.known["categories"], found.base(), strict=True):
        if category in live(found.known):
            np.testing.assert_array_equal(minutes(times), homes.loc[placed, f"{category}_minutes"].to_numpy(dtype=float), err_msg=category)


@pytest.mark.parametrize("study", ["monaco", "millbrook"])
def test_random_plans_are_those_of_compare_to_the_last_bit(engine, assessed, study):
    found = engine(study)
    placed = assessed[study].homes["street_distance_m"].notna().to_numpy()
    plans = random_plans(found.known, study, 12)
    assert check_plans(found, placed, plans, compared(SHIPPED / study, plans)) > 0


def street_plans(known, seed, count):
    """One street each that closes."""
    draw = random.Random(seed)
    return [[{"action": "remove_street", "street": street}] for street in draw.sample(sorted(set(known["streets"])), count)]


# The library joins the pieces of what is left of the streets anew, and rounds each join to a millisecond: a walk over dozens of
# them differs by a few. People who gain and lose are the same ones.
JOINS_MS = 40


@pytest.mark.parametrize("study", ["monaco", "millbrook"])
def test_closed_streets_are_those_of_compare(engine, assessed, study):
    found = engine(study)
    placed = assessed[study].homes["street_distance_m"].notna().to_numpy()
    checked = 0
    for plan in street_plans(found.known, study, 20):
        theirs = compared(SHIPPED / study, [plan])
        if found.evaluate(plan)["settled"]:
            check_plans(found, placed, [plan], theirs, JOINS_MS)
            checked += 1
    assert checked >= 4


def test_nothing_added_lengthens_a_walk_and_what_is_taken_back_leaves_nothing(engine):
    found = engine("millbrook")
    base = found.base()
    draw = random.Random(5)
    for _ in range(40):
        add = {"action": "add_service", "category": draw.choice(live(found.known)), "at": draw.choice(found.known["stations"])}
        close = {"action": "close_service", "service": draw.choice(found.known["services"])}
        added, closed, both = (found.evaluate(plan)["times"] for plan in ([add], [close], [add, close]))
        for before, with_it, without, with_both in zip(base, added, closed, both, strict=True):
            assert all(after <= walk for walk, after in zip(before, with_it, strict=True))
            assert all(after >= walk for walk, after in zip(before, without, strict=True))
            # What opens and what closes meet in the middle, whichever comes first.
            assert all(least <= walk <= most for least, walk, most in zip(with_it, with_both, without, strict=True))
    assert found.evaluate([])["times"] == base


def test_washington_is_that_of_the_library(engine, real_cities, tmp_path):
    """2,000 places and 18,492 street pieces of a real city."""
    study = STUDIES / "washington-dc.toml"
    assessment = commonground.assess(study, data=real_cities)
    assessment.to_html(tmp_path / "report.html")
    found = engine(tmp_path / "report.html")
    homes = assessment.homes
    placed = homes["street_distance_m"].notna().to_numpy()
    for category, times in zip(found.known["categories"], found.base(), strict=True):
        if category in live(found.known):
            np.testing.assert_array_equal(minutes(times), homes[f"{category}_minutes"].to_numpy(dtype=float)[placed], err_msg=category)
    plans = random_plans(found.known, "washington", 6)
    assert check_plans(found, placed, plans, compared(study, plans, data=real_cities)) > 0


# The tab.

def open_tab(report):
    page = report.page
    page.click("#tab-try")
    page.wait_for_selector("#try-changes", state="attached")
    return page


def test_a_clinic_that_opens_with_a_click_is_saved_and_compared(open_report, browser_without_webgl, tmp_path):
    report = open_report("millbrook", browser=browser_without_webgl)
    page = open_tab(report)
    page.select_option("#try-category", "clinic")
    map_box = page.locator("#map .drawn").bounding_box()
    page.mouse.click(map_box["x"] + 0.62 * map_box["width"], map_box["y"] + 0.45 * map_box["height"])
    report.settle()
    sentence = page.inner_text("#try-changes label").strip()
    assert sentence.startswith("A clinic opens on ")
    told = page.inner_text("#try-result")
    gained = int(re.search(r"Clinic: ([\d,]+) residents get a shorter walk", told.replace("\n", " ").replace(" :", ":"))[1].replace(",", ""))
    assert page.inner_text("#legend h2") == "Walk to a clinic: who gains and who loses by the plan"
    with page.expect_download() as caught:
        page.click("#try-save")
    plan = tmp_path / "plan.toml"
    plan.write_text(caught.value.path().read_text())
    found = commonground.scenario.compare(SHIPPED / "millbrook", plan, scores=False).people.reset_index()
    row = found[(found["measure"] == "clinic_minutes") & (found["group"] == "everybody") & (found["traveller"] == "adult")].iloc[0]
    assert row["gained"] > 0 and gained == pytest.approx(row["gained"], rel=0.02)

    # The address holds the plan, and the file gives it back.
    page.wait_for_function("() => location.hash.includes('plan=')")
    again = open_report("millbrook", browser=browser_without_webgl, fragment=page.evaluate("location.hash"))
    again.page.wait_for_selector("#try-result .answers")
    assert again.page.inner_text("#try-result") == told
    other = open_report("millbrook", browser=browser_without_webgl)
    open_tab(other).set_input_files("#try-load", plan)
    other.page.wait_for_selector("#try-result .answers")
    assert other.page.inner_text("#try-result") == told

    # Off is as it was; Undo takes it away, with its layer.
    page.locator("#try-changes input").uncheck()
    assert page.inner_text("#try-result") == "Nothing is changed yet."
    page.locator("#try-changes input").check()
    assert page.inner_text("#try-result") == told
    page.click("#try-undo")
    assert page.locator("#try-changes li").count() == 0
    assert "plan" not in page.inner_text("#legend h2")


def test_every_tool_works_without_a_mouse(open_report, browser_without_webgl):
    page = open_tab(open_report("millbrook", browser=browser_without_webgl))
    page.locator(".try-by-name summary").press("Enter")
    page.fill("#try-street", "mason")
    page.locator("#try-streets").press("Enter")
    where = page.inner_text("#try-pin-where")
    assert where.startswith("The pin is on Mason Street")
    for key in ("ArrowRight", "ArrowRight", "ArrowUp"):
        page.keyboard.press(key)
    page.keyboard.press("Enter")
    assert page.locator("#try-changes li").count() == 1
    page.locator("[data-tool=close]").press("Enter")
    page.locator("#try-close").press("Enter")
    page.locator("[data-tool=street]").press("Enter")
    page.fill("#try-street", "mason")
    page.locator("#try-street-use").press("Enter")
    assert page.locator("#try-changes li").count() == 3
    assert "closes to people on foot" in page.inner_text("#try-changes")


def test_what_cannot_be_tried_is_named_and_stays_text(open_report, browser_without_webgl, changed, tmp_path):
    report = open_report("millbrook", browser=browser_without_webgl)
    page = open_tab(report)
    plan = tmp_path / "plan.toml"
    plan.write_text("name = '<img src=x onerror=boom()>'\n\n[[changes]]\naction = 'add_jobs'\nid = '<b>j</b>'\nat = [3.0, 55.0]\njobs = 5\n\n[[changes]]\naction = 'close_service'\nservice = '<i>none</i>'\n")
    page.set_input_files("#try-load", plan)
    page.wait_for_selector("#try-changes li")
    told = page.inner_text("#try-changes")
    assert "Add jobs: not tried here" in told and "no single place on the streets has the id <i>none</i>" in told
    with page.expect_download() as caught:
        page.click("#try-save")
    assert "action = \"add_jobs\"" in caught.value.path().read_text()
    plan.write_text("name = [")
    page.set_input_files("#try-load", plan)
    page.wait_for_function("() => document.querySelector('#try-note').textContent.includes('line 1')")

    without = open_report(changed("millbrook", lambda data: data.update(network={"reason": "The study has no streets.", "block": None})), browser=browser_without_webgl)
    without.page.click("#tab-try")
    assert "The study has no streets." in without.page.inner_text("#pane-try")
