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
ENGINE = ["block", "search", "closing", "paths", "access", "balance", "routes", "spots", "scenario"]
SHIPPED = Path(__file__).parents[2] / "data"
STUDIES = Path(__file__).parents[2] / "examples/studies"

START = """async (block) => {
  globalThis.block = await readBlock(block);
  globalThis.ids = idsOf(globalThis.block);
  globalThis.engine = engineOf(globalThis.block);
  const { head, places, stations, streets } = globalThis.block;
  const { categories, shared_homes } = head;
  const isLive = categories.map((_, number) => places.some(({ category }) => category === number));
  const { corners } = globalThis.block;
  const ofKind = (wanted) => [...corners.kind.keys()].filter((node) => corners.kind[node] === wanted);
  return { categories, isLive, corners: ofKind(1), deadEnds: ofKind(2), groups: globalThis.block.groups.map(({ name }) => name), closings: [...globalThis.ids.placeOf.keys()].map((one) => closingOf(globalThis.block, globalThis.ids, one)).filter((one) => liveChange(globalThis.block, globalThis.ids, one).live), shared_homes,
    streets: head.streets.map(([id]) => id), stations: stations.flat().filter(({ position }) => position).map(({ at }) => at.map((value) => value / head.per_degree)) };
}"""
BASE = "() => engine.base.map((times) => [...times])"
EVALUATE = """(changes) => {
  const live = changes.map((change) => liveChange(block, ids, change));
  const wrong = live.find((one) => !one.live || one.moved);
  if (wrong) throw new Error(JSON.stringify(wrong));
  const { times, settled, newcomers } = engine.evaluate(planOf(live));
  const byGroup = block.head.categories.map((_, category) => balanceByGroup(block, engine.base[category], times[category]));
  const balance = block.head.categories.map((_, category) => balanceOf(block.homes, engine.base[category], times[category], 15, 1000).city);
  return { times: times.map((of) => [...of]), settled, balance, byGroup, newcomers: newcomers.map(({ times }) => times) };
}"""
PATH = """([node, [east, north], isWanted]) => {
  const from = cornerAt(block, node);
  const to = nearestCorner(block, [from[0] + east, from[1] + north], (other) => other !== node && block.corners.kind[other] === isWanted);
  const kind = block.head.paths.kinds[0];
  return surePath(block, [from, cornerAt(block, to.node)], kind);
}"""
ROUTE = """([changes, category]) => {
  const live = changes.map((change) => liveChange(block, ids, change));
  const plan = planOf(live);
  const state = engine.evaluate(plan);
  const worst = worstLoser(block.homes, engine.base[category], state.times[category], block.head.limit);
  return worst && { ...worst, before: worst.before, route: routeOf(block, engine, state, category, worst.home, plan.paths) };
}"""
SPOTS = """([category, minutes]) => {
  const state = engine.evaluate(noPlan());
  const search = spotSearch(block, engine, state, category, minutes);
  while (search.next());
  return search.best(3, 300).map(({ station, people }) => ({ at: degreesOf(block, station), people }));
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
            changes += draw.sample(known["closings"], 1 + number % 2)
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
            # Who joins another street than the one that closes and walks less from there: no gain, and not known.
            unknown = np.isnan(after) & (np.nan_to_num(own, nan=np.inf) < np.nan_to_num(before, nan=np.inf))
            if unknown.any():
                assert all(change["action"] == "remove_street" for change in changes)
                own, after = own[~unknown], after[~unknown]
                before = before[~unknown]
            assert (np.isnan(own) == np.isnan(after)).all(), (changes, category)
            assert np.nanmax(np.abs(own - after), initial=0) <= slack_ms / 60000, (changes, category)
            changed += int((np.nan_to_num(before) != np.nan_to_num(after)).sum())
            if unknown.any():
                continue
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


def path_plans(engine, seed, count, wanted="corners"):
    """A path or a bridge each, between two corners a few hundred metres apart; every third with a place that opens, too."""
    draw = random.Random(seed)
    plans = []
    kind = {"corners": 1, "deadEnds": 2}[wanted]
    for number in range(count):
        line = engine.page.evaluate(PATH, [draw.choice(engine.known["corners"]), [draw.uniform(-0.004, 0.004), draw.uniform(-0.003, 0.003)], kind])
        changes = [{"action": "add_street", "line": line, "bridge": number % 2 == 1}]
        if number % 3 == 2:
            changes.append({"action": "add_service", "category": draw.choice(live(engine.known)), "at": draw.choice(engine.known["stations"]), "name": "Try"})
        plans.append(changes)
    return plans


# A path along a street: the page takes the length that is written, the library may take the street's own, a centimetre apart.
ALONG_MS = 10


def check_paths(found, study, placed, wanted, slack_ms=0):
    """Paths against `compare`, one by one, to a centimetre of walking; returns how many agree within the slack."""
    checked = 0
    for plan in path_plans(found, f"{study} {wanted}", 8, wanted):
        if not found.page.evaluate("(changes) => changes.every((one) => liveChange(block, ids, one).live)", plan):
            continue
        theirs = compared(SHIPPED / study, [plan])
        check_plans(found, placed, [plan], theirs, max(slack_ms, ALONG_MS))
        try:
            check_plans(found, placed, [plan], theirs, slack_ms)
            checked += 1
        except AssertionError:
            pass
    return checked


@pytest.mark.parametrize("study", ["monaco", "millbrook"])
def test_paths_between_corners_are_those_of_compare_to_the_last_bit(engine, assessed, study):
    placed = assessed[study].homes["street_distance_m"].notna().to_numpy()
    assert check_paths(engine(study), study, placed, "corners") >= 4


# A street that ends where the path begins becomes one piece with it: its length is rounded once, not twice, and a home within a
# decimetre of a joint may stand on its other side.
ENDS_MS = 100


def test_paths_from_the_ends_of_streets_differ_by_a_decimetre_of_walking(engine, assessed):
    placed = assessed["monaco"].homes["street_distance_m"].notna().to_numpy()
    assert check_paths(engine("monaco"), "monaco", placed, "deadEnds", ENDS_MS) >= 3


@pytest.mark.parametrize("study", ["monaco", "millbrook"])
def test_newcomers_walk_as_far_as_compare_says(engine, assessed, study):
    found = engine(study)
    draw = random.Random(study)
    plans = []
    for number in range(6):
        changes = [{"action": "add_homes", "id": "try 1", "at": draw.choice(found.known["stations"]), "residents": 120}]
        if number % 2:
            changes.append({"action": "add_service", "category": draw.choice(live(found.known)), "at": draw.choice(found.known["stations"]), "name": "Try"})
        plans.append(changes)
    for changes, (homes, people) in zip(plans, compared(SHIPPED / study, plans), strict=True):
        ours = found.evaluate(changes)
        traveller = people["traveller"].iloc[0]
        rows = people[(people["group"] == "everybody") & (people["traveller"] == traveller)].set_index("measure")
        for number, category in enumerate(found.known["categories"]):
            if category not in live(found.known):
                continue
            theirs = float(homes.loc["try 1", f"{category}_minutes_{traveller}_after"])
            np.testing.assert_array_equal(minutes([ours["newcomers"][0][number]]), [theirs])
            # They are apart from those who stay: nobody gains or loses by their coming.
            if len(changes) == 1:
                assert (ours["balance"][number]["gained"], ours["balance"][number]["lost"]) == (0, 0)
            assert rows.loc[f"{category}_minutes"]["newcomers"] in (0, 120)


def test_groups_gain_and_lose_about_as_compare_counts_and_few_are_hidden(engine):
    found = engine("millbrook")
    plans = random_plans(found.known, "groups", 9)
    shown = 0
    for changes, (_, people) in zip(plans, compared(SHIPPED / "millbrook", plans), strict=True):
        ours = found.evaluate(changes)
        traveller = people["traveller"].iloc[0]
        rows = people[people["traveller"] == traveller].set_index(["measure", "group"])
        for number, category in enumerate(found.known["categories"]):
            if category not in live(found.known):
                continue
            for group in ours["byGroup"][number]:
                row = rows.loc[(f"{category}_minutes", group["name"])]
                counts = [group[kind] for kind in ("gained", "lost", "same")]
                if group["hidden"]:
                    continue
                shown += 1
                assert not any(1e-6 < count < 10 for count in counts)
                # Members are counted over a run of homes, so that none is told by itself.
                slack = 12 + 0.1 * row["stayers"]
                assert counts[:2] == pytest.approx([row["gained"], row["lost"]], abs=slack), (changes, category, group)
    assert shown > 20


def test_small_counts_of_groups_are_hidden_as_the_library_hides_them(engine):
    found = engine("millbrook")
    hide = lambda *of: found.page.evaluate("([everybody, groups, apart]) => hiddenGroups(everybody, groups, apart)", list(of))
    # 4 are few, and the 8 that the others leave of everybody would tell it: the smaller of those goes, too.
    assert hide([100, 50], [[40, 4], [30, 20], [25, 22]], [True, True, True]) == [True, False, True]
    assert hide([100, 50], [[40, 20], [60, 30]], [True, True]) == [False, False]
    assert hide([100, 50], [[95, 30]], [False]) == [True]


def test_the_worst_loser_walks_there_by_a_route_as_long_as_the_walk(engine):
    found = engine("millbrook")
    draw = random.Random(11)
    told = 0
    for close in draw.sample(found.known["closings"], 8):
        for category in range(len(found.known["categories"])):
            worst = found.page.evaluate(ROUTE, [[close], category])
            if not worst or worst["after"] == CLOSED:
                continue
            told += 1
            line = np.radians(np.array(worst["route"]))
            steps = np.diff(line, axis=0)
            metres = 6371000 * np.hypot(steps[:, 0] * np.cos(line[:-1, 1]), steps[:, 1]).sum()
            # 4.8 km/h on the street, and a little across to the doors.
            assert metres / 80 == pytest.approx(worst["after"] / 60000, rel=0.06, abs=1.0), (service, category)
    assert told >= 4


@pytest.mark.parametrize("study", ["monaco", "millbrook"])
def test_one_more_place_reaches_whom_the_list_says(engine, study):
    found = engine(study)
    for category in live(found.known)[:3]:
        number = found.known["categories"].index(category)
        for spot in found.page.evaluate(SPOTS, [number, 15]):
            balance = found.evaluate([{"action": "add_service", "category": category, "at": spot["at"]}])["balance"][number]
            assert balance["after"] - balance["before"] == pytest.approx(spot["people"])


def test_nothing_added_lengthens_a_walk_and_what_is_taken_back_leaves_nothing(engine):
    found = engine("millbrook")
    base = found.base()
    draw = random.Random(5)
    for _ in range(40):
        add = {"action": "add_service", "category": draw.choice(live(found.known)), "at": draw.choice(found.known["stations"])}
        close = draw.choice(found.known["closings"])
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


# Where a longitude and latitude are on the screen, on the map as SVG.
SCREEN = """([longitude, latitude]) => {
  const [west, , east, north] = JSON.parse(document.getElementById("data").textContent).ground.bounds;
  const mercator = (degrees) => (Math.log(Math.tan(Math.PI / 4 + (degrees * Math.PI) / 360)) * 180) / Math.PI;
  const scale = 1000 / (east - west);
  const at = new DOMPoint((longitude - west) * scale, (mercator(north) - mercator(latitude)) * scale).matrixTransform(document.querySelector("#map .drawn").getScreenCTM());
  return [at.x, at.y];
}"""


def saved_plan(page, path):
    with page.expect_download() as caught:
        page.click("#try-save")
    path.write_text(caught.value.path().read_text())
    return path


def click_map(report, east, north):
    box = report.page.locator("#map .drawn").bounding_box()
    report.page.mouse.click(box["x"] + east * box["width"], box["y"] + north * box["height"])
    report.settle()


def test_a_bridge_of_two_clicks_is_saved_and_compared(open_report, browser_without_webgl, tmp_path):
    report = open_report("millbrook", browser=browser_without_webgl)
    page = open_tab(report)
    page.click("[data-tool=path]")
    page.check("#try-bridge")
    # Over the brook, as the footbridge of the shipped scenario.
    line = json.loads((SHIPPED / "millbrook/scenarios/footbridge.geojson").read_text())
    ends = next(feature["geometry"]["coordinates"] for feature in line["features"])
    page.mouse.click(*page.evaluate(SCREEN, ends[0]))
    report.settle()
    assert page.inner_text("#try-note").startswith("It begins at ")
    page.mouse.click(*page.evaluate(SCREEN, ends[-1]))
    report.settle()
    assert page.inner_text("#try-changes label").strip().startswith("A bridge of ")
    told = page.inner_text("#try-result")
    found = commonground.scenario.compare(SHIPPED / "millbrook", saved_plan(page, tmp_path / "plan.toml"), scores=False).people.reset_index()
    row = found[(found["group"] == "everybody") & (found["traveller"] == "adult")].set_index("measure")
    gains = re.findall(r"([A-Z][a-z ]+): ([\d,]+) residents get a shorter walk", told.replace("\n", " ").replace(" :", ":"))
    assert gains
    for name, gained in gains:
        measure = f"{name.strip().split('. ')[-1].lower().replace(' ', '_')}_minutes"
        assert float(gained.replace(",", "")) == pytest.approx(row.loc[measure, "gained"], rel=0.02, abs=12), measure
    # The address gives it back.
    page.wait_for_function("() => location.hash.includes('plan=p')")
    again = open_report("millbrook", browser=browser_without_webgl, fragment=page.evaluate("location.hash"))
    again.page.wait_for_selector("#try-result .answers")
    assert again.page.inner_text("#try-result") == told


def test_people_who_move_in_are_apart_from_those_who_stay(open_report, browser_without_webgl, tmp_path):
    report = open_report("millbrook", browser=browser_without_webgl)
    page = open_tab(report)
    page.click("[data-tool=homes]")
    page.fill("#try-people", "0")
    click_map(report, 0.55, 0.45)
    assert "Write a number above 0" in page.inner_text("#try-note")
    page.fill("#try-people", "350")
    click_map(report, 0.55, 0.45)
    assert page.inner_text("#try-changes label").strip().startswith("350 people move in on ")
    told = page.inner_text("#try-result")
    assert "Nobody's walk changes by more than a minute." in told and "is not computed anew" in told
    found = commonground.scenario.compare(SHIPPED / "millbrook", saved_plan(page, tmp_path / "plan.toml"), scores=False)
    clinic = float(found.homes.reset_index().set_index("id").loc["new homes 1", "clinic_minutes_adult_after"])
    said = re.search(r"Clinic ([\d.]+) min", page.inner_text("#try-newcomers"))
    assert float(said[1]) == pytest.approx(clinic, abs=0.51)


def test_spots_groups_the_worst_loser_and_two_plans(open_report, browser_without_webgl):
    report = open_report("millbrook", browser=browser_without_webgl)
    page = open_tab(report)
    page.select_option("#try-category", "clinic")
    page.click("#try-spots-find")
    page.wait_for_selector("#try-spots li")
    promised = int(re.match(r"([\d,]+)", page.locator("#try-spots li strong").first.inner_text())[1].replace(",", ""))
    people = [int(text.split()[0].replace(",", "")) for text in page.locator("#try-spots li strong").all_inner_texts()]
    assert people == sorted(people, reverse=True) and len(people) > 3
    page.locator("#try-spots button").first.click()
    after = int(re.search(r"after \(\+([\d,]+) residents\)", page.inner_text("#try-result"))[1].replace(",", ""))
    assert after == promised

    # Plan B closes what is there; the table has both.
    page.click("#try-copy")
    assert page.get_attribute("[data-plan=B]", "aria-pressed") == "true"
    page.click("[data-tool=close]")
    page.click("#try-close")
    table = page.inner_text("#try-table")
    assert "Plan A" in table and "Clinic: lose" in table
    cells = [row.locator("td").all_inner_texts() for row in page.locator("#try-table tbody tr").all()]
    assert all(len(row) == 2 for row in cells) and cells[1][0] == "0"
    groups = page.inner_text("#try-result .try-groups")
    assert "Over 65" in groups
    assert not any(0 < int(cell.replace(",", "")) < 10 for cell in page.locator("#try-result .try-groups td").all_inner_texts())
    if page.locator("#try-loser").count():
        assert page.locator("#map .plan-lines .before").get_attribute("d")
    page.wait_for_function("() => decodeURIComponent(location.hash).includes('|B')")
    again = open_report("millbrook", browser=browser_without_webgl, fragment=page.evaluate("location.hash"))
    again.page.wait_for_selector("#try-table")
    assert again.page.inner_text("#try-table") == table
    page.click("[data-plan=A]")
    assert page.locator("#try-changes li").count() == 1


@pytest.mark.parametrize("tool", ["path", "homes"])
def test_further_tools_work_without_a_mouse_at_320_pixels(open_report, browser_without_webgl, tool):
    page = open_tab(open_report("millbrook", browser=browser_without_webgl, viewport={"width": 320, "height": 640}))
    page.locator(f"[data-tool={tool}]").press("Enter")
    page.locator(".try-by-name summary").press("Enter")
    page.fill("#try-street", "mason")
    page.locator("#try-streets").press("Enter")
    assert "Mason Street" in page.inner_text("#try-pin-where")
    page.keyboard.press("Enter")
    if tool == "path":
        page.fill("#try-street", "bell lane")
        page.locator("#try-streets").press("Enter")
        for key in ("ArrowRight", "ArrowUp"):
            page.keyboard.press(key)
        assert "ends the path there" in page.inner_text("#try-pin-where")
        page.keyboard.press("Enter")
    assert page.locator("#try-changes li").count() == 1
    page.locator("#try-copy").press("Enter")
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


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
