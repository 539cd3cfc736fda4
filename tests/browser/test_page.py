"""The report in a real browser, opened from disk."""

import csv
import io
import json
import math
import re

import pytest


def layer_names(report):
    """The name of every layer that can be reached through themes and subjects."""
    page = report.page
    names = []
    for theme in page.locator(".chip").all():
        theme.click()
        page.evaluate("document.getElementById('all-measures').open = true")
        subjects = [option.get_attribute("value") for option in page.locator("#subject option").all()] or [None]
        for subject in subjects:
            if subject is not None and page.locator("#subject").is_visible():
                page.select_option("#subject", subject)
            names += page.eval_on_selector_all(".layer", "(all) => all.map((one) => one.dataset.layer)")
    return list(dict.fromkeys(names))


@pytest.mark.parametrize("study", ["monaco", "millbrook"])
def test_the_page_opens_from_disk_and_the_map_draws(open_report, assessed, study):
    report = open_report(study).wait_for_map()
    assert report.page.locator("html").get_attribute("data-map") == "webgl"
    assert report.page.locator("#title").inner_text() == report.page.title().split(":")[0]
    assert report.page.locator("#list .row").count() == len(assessed[study].neighbourhoods)


def test_every_layer_switches_and_shows_the_values_of_the_library(open_report, browser_without_webgl, assessed):
    # Without WebGL only to save time: the layers are the same.
    report = open_report("millbrook", browser=browser_without_webgl)
    places = assessed["millbrook"].neighbourhoods
    page = report.page
    names = layer_names(report)
    # The index under the weights of the page stands for the study's own; sentences stand in profiles.
    columns = page.evaluate("JSON.parse(document.getElementById('data').textContent).columns")
    prose = {column["name"] for column in columns if column["unit"] == "prose"}
    assert set(names) == set(places.columns) - {"name", "geometry", "cohesion_conditions", "cohesion_rank", *prose} | {"index"}
    titles = set()
    for name in names:
        page.evaluate(f"location.hash = '#layer={name}'")
        page.wait_for_function("(name) => document.querySelector('.layer[aria-checked=true]').dataset.layer === name", arg=name)
        titles.add(page.locator("#legend h2").inner_text())
        counted = sum(int(text) for text in page.locator(".legend-number").all_inner_texts())
        drawn = page.locator("#map .drawn path[data-place]:not([fill^='url'])").count()
        assert counted == len(places), name
        if name in places:
            assert drawn == places[name].notna().sum(), name
    assert len(titles) == len(names), "every layer has a name of its own"


def link_of(report):
    report.page.wait_for_function("() => location.hash.includes('view=')")
    return report.page.evaluate("location.hash")


def pixel_of(report, point):
    """Where on the screen a place in degrees is drawn, by Web Mercator from the view in the link."""
    view = re.search(r"view=([^&]+)", link_of(report)).group(1).replace("%2C", ",").split(",")
    lng, lat, zoom = map(float, view)
    size = 512 * 2**zoom

    def world(lng, lat):
        y = 0.5 - math.log(math.tan(math.pi / 4 + math.radians(lat) / 2)) / (2 * math.pi)
        return (lng + 180) / 360 * size, y * size

    box = report.page.locator("#map").bounding_box()
    (x, y), (middle_x, middle_y) = world(point.x, point.y), world(lng, lat)
    return box["x"] + box["width"] / 2 + x - middle_x, box["y"] + box["height"] / 2 + y - middle_y


def test_hover_and_click_show_the_right_neighbourhood(open_report, assessed):
    report = open_report("monaco").wait_for_map()
    page = report.page
    page.evaluate("() => { document.documentElement.style.scrollBehavior = 'auto'; document.getElementById('map-frame').scrollIntoView({ block: 'end' }); }")
    clear = 0
    for _, place in assessed["monaco"].neighbourhoods.to_crs(4326).iterrows():
        x, y = pixel_of(report, place.geometry.representative_point())
        if not page.evaluate("([x, y]) => document.elementFromPoint(x, y)?.matches('.maplibregl-canvas')", [x, y]):
            continue  # Under the legend.
        clear += 1
        page.mouse.move(x, y)
        for shown in ("#tooltip strong", "#profile-name"):
            page.wait_for_function(
                "([shown, name]) => document.querySelector(shown)?.textContent === name", arg=[shown, place["name"]], timeout=3000
            )
            page.mouse.click(x, y)
    assert clear >= 4


def test_search_finds_by_name_with_the_keyboard_alone(open_report):
    report = open_report("monaco").wait_for_map()
    report.page.focus("#search")
    report.page.keyboard.type("larv")
    assert report.page.locator("#search-results [role=option]").count() == 1
    report.page.keyboard.press("Enter")
    assert "Larvotto" in report.page.locator("#profile-name").inner_text()


def test_a_link_restores_what_was_seen(open_report):
    report = open_report("millbrook").wait_for_map()
    report.page.evaluate("location.hash = '#layer=share_lacking_clinic&place=n12&with=n03'")
    report.settle()
    link = link_of(report)
    other = open_report("millbrook", fragment=link).wait_for_map()
    for selector in ("#legend h2", "#profile-name"):
        assert other.page.locator(selector).inner_text() == report.page.locator(selector).inner_text()
    assert other.page.locator("#compare").input_value() == report.page.locator("#compare").input_value() != ""


def test_all_can_be_reached_without_a_mouse(open_report):
    report = open_report("millbrook").wait_for_map()
    page = report.page
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.className").startswith("row")
    page.keyboard.press("ArrowDown")
    chosen = page.evaluate("document.activeElement.querySelector('.row-name').textContent")
    page.keyboard.press("Enter")
    assert page.locator("#profile-name").inner_text() == chosen
    page.focus("#tab-profile")
    while page.locator("#tab-layers").get_attribute("aria-selected") != "true":
        page.keyboard.press("ArrowLeft")
    page.focus("#all-measures > summary")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('role')") == "radio"
    before = page.locator("#legend h2").inner_text()
    page.keyboard.press("ArrowDown")
    assert page.locator("#legend h2").inner_text() != before
    assert page.evaluate("document.activeElement.getAttribute('aria-checked')") == "true"


def test_every_control_has_a_name(open_report):
    report = open_report("millbrook").wait_for_map()
    nameless = report.page.evaluate(
        """() => [...document.querySelectorAll('button, input, select, a')].filter((one) =>
          !(one.textContent.trim() || one.getAttribute('aria-label') || one.title || (one.labels && one.labels.length)))
          .map((one) => one.outerHTML)"""
    )
    assert nameless == []


def test_downloads_hold_what_the_table_shows(open_report, assessed):
    report = open_report("millbrook").wait_for_map()
    places = assessed["millbrook"].neighbourhoods
    page = report.page
    page.fill("#table-filter", "mill")
    wanted = sorted(name for name in places["name"] if "mill" in name.lower())
    assert sorted(page.locator("#rows tbody th").all_inner_texts()) == wanted
    with page.expect_download() as caught:
        page.click("#download-csv")
    rows = list(csv.DictReader(io.StringIO(caught.value.path().read_text())))
    assert sorted(row["name"] for row in rows) == wanted
    for row in rows:
        assert float(row["service_isolation"]) == places.loc[row["id"], "service_isolation"]
    with page.expect_download() as caught:
        page.click("#download-geojson")
    features = json.loads(caught.value.path().read_text())["features"]
    assert sorted(feature["properties"]["name"] for feature in features) == wanted


def test_the_table_sorts_both_ways_with_the_missing_last(open_report, assessed):
    report = open_report("millbrook").wait_for_map()
    report.page.select_option("#table-theme", "isolation")
    values = assessed["millbrook"].neighbourhoods["service_isolation"]
    for ascending in (False, True):
        report.page.click("#rows thead button:has-text('Service isolation')")
        report.settle()
        names = report.page.locator("#rows tbody th").all_inner_texts()
        found = [values[assessed["millbrook"].neighbourhoods["name"] == name].iloc[0] for name in names]
        known = [value for value in found if value == value]
        assert known == sorted(known, reverse=not ascending) and found[: len(known)] == known


def test_what_divides_and_connects_is_pointed_out_on_the_map(open_report, browser_without_webgl, changed):
    def change(data):
        data["between"] = {
            "barriers": [
                {"name": "East Motorway", "kind": "motorway", "affected": 5150.4, "lines": [[10, 10, 50, 60], [5, 5, 9, 9]]},
                {"name": None, "kind": "railway", "affected": None, "lines": [[0, 0, 30, 0]]},
            ],
            "places": [{"name": "North Library", "category": "library", "in_reach": 812, "bridging": 0.31, "at": [40, 40]}],
        }

    page = open_report(changed("millbrook", change), browser=browser_without_webgl).page
    cells = page.locator("#between-barriers tbody tr").all_inner_texts()
    assert [re.sub(r"\s+", " ", cell) for cell in cells] == ["East Motorway motorway 5,150", "unnamed railway railway few"]
    line = page.locator("#map .barriers")
    assert not line.get_attribute("d")
    page.click("#between-barriers tbody tr:first-child button")
    assert line.get_attribute("d").count("M") == 2
    page.click("#between-places tbody button")
    assert not line.get_attribute("d") and page.locator("#map circle[data-name='North Library']").count() == 1
    page.get_by_role("checkbox", name="Barriers").check()
    assert line.get_attribute("d").count("M") == 3 and page.locator("#map circle").count() == 0


def test_a_phone_has_no_sideways_scroll(open_report):
    report = open_report("monaco", viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True).wait_for_map()
    assert report.page.evaluate("document.documentElement.scrollWidth") <= 390
    assert report.page.locator("#map").bounding_box()["height"] > 300
    report.page.locator("#list .row").first.tap()
    assert report.page.locator("#profile-name").is_visible()


def test_dark_is_dark_by_wish_of_the_system_and_of_the_reader(open_report):
    background = "getComputedStyle(document.body).backgroundColor"
    report = open_report("monaco", color_scheme="dark").wait_for_map()
    dark = report.page.evaluate(background)
    report.page.click("#theme")
    report.settle()
    light = report.page.evaluate(background)
    brightness = lambda colour: sum(int(part) for part in re.findall(r"\d+", colour)[:3])
    assert brightness(dark) < 150 < 600 < brightness(light)


def test_without_webgl_the_map_is_drawn_as_svg(open_report, browser_without_webgl, assessed):
    report = open_report("monaco", browser=browser_without_webgl)
    page = report.page
    assert page.locator("html").get_attribute("data-map") == "svg"
    places = assessed["monaco"].neighbourhoods
    shapes = page.locator("#map .drawn path[data-place]")
    assert shapes.count() == len(places)
    fills = set(page.eval_on_selector_all("#map .drawn path[data-place]", "(all) => all.map((one) => one.getAttribute('fill'))"))
    assert len(fills) > 1
    box = page.locator("#map .drawn path[data-place='0']").bounding_box()
    page.locator("#map .drawn path[data-place='0']").dispatch_event("click")
    assert page.locator("#profile-name").inner_text() == places["name"].iloc[0] and box["width"] > 20


def test_a_script_in_a_name_stays_text(open_report, changed):
    attack = "</script><script>window.attacked = 1</script><img src=x onerror='window.attacked = 1'>"

    def change(data):
        data["names"][0] = data["name"] = attack
        data["summary"] += f"\n## {attack}\n\n- {attack}\n| {attack} |\n|---|\n| {attack} |\n"
        for column in data["columns"]:
            column["label"] += attack
        data["between"] = {
            "barriers": [{"name": attack, "kind": attack, "affected": 5, "lines": [[0, 0, 9, 9]]}],
            "places": [{"name": attack, "category": attack, "in_reach": 5, "bridging": 0.5, "at": [3, 3]}],
        }

    path = changed("monaco", change)
    report = open_report(path)
    report.page.locator("#list .row").first.click()
    report.settle()
    assert report.page.evaluate("window.attacked") is None
    assert report.page.locator("#title").inner_text() == attack
    assert report.page.locator("main img, main script").count() == 0


def test_print_shows_map_list_and_methods_on_paper(open_report):
    report = open_report("monaco").wait_for_map()
    pdf = report.page.pdf(format="A4", print_background=True)
    assert pdf.startswith(b"%PDF") and len(pdf) > 50_000


def test_a_summary_is_in_the_page_as_the_library_writes_it(open_report, assessed):
    report = open_report("millbrook")
    shown = re.sub(r"\s+", " ", report.page.locator("#summary").inner_text())
    for line in assessed["millbrook"].summary.splitlines():
        words = re.sub(r"\s+", " ", re.sub(r"[*`]|\\", "", line.lstrip("#- "))).strip()
        if words and not re.fullmatch(r"[\s:-]*", words) and "|" not in line and not line.startswith(("# ", "**Made")):
            assert words in shown, words
