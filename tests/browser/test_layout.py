"""The report on every width, on paper, in forced colours, and where something fails: what a reader must never see."""

import re

import pytest

WIDTHS = [320, 390, 768, 1024, 1440]
PANES = ["layers", "priorities", "profile", "try"]

SIDEWAYS = """() => {
  const wide = [];
  const page = document.scrollingElement;
  if (page.scrollWidth > page.clientWidth) wide.push(`page ${page.scrollWidth} in ${page.clientWidth}`);
  for (const pane of document.querySelectorAll("#panel")) {
    if (pane.scrollWidth > pane.clientWidth + 1) wide.push(`${pane.id} ${pane.scrollWidth} in ${pane.clientWidth}`);
  }
  return wide;
}"""


def a_long_name(data):
    data["name"] = "The United Metropolitan Boroughs of Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch"


@pytest.mark.parametrize("width", WIDTHS)
def test_no_pane_is_wider_than_the_window(open_report, browser_without_webgl, changed, width):
    path = changed("millbrook", a_long_name)
    report = open_report(path, browser=browser_without_webgl, viewport={"width": width, "height": 844})
    page = report.page
    page.locator("#list .row").first.click()
    for pane in PANES:
        page.click(f"#tab-{pane}")
        report.settle()
        assert page.evaluate(SIDEWAYS) == [], pane


def test_dark_screens_print_in_the_colours_of_paper(open_report, browser_without_webgl):
    report = open_report("millbrook", browser=browser_without_webgl, color_scheme="dark")
    page = report.page
    swatches = "() => [...document.querySelectorAll('#legend .swatch:not(.hatched)')].map((one) => one.style.background)"
    fills = "() => [...new Set([...document.querySelectorAll('#print-map [data-place]')].map((one) => getComputedStyle(one).fill))]"
    dark = page.evaluate(swatches)
    page.evaluate("() => window.dispatchEvent(new Event('beforeprint'))")
    paper = page.evaluate(swatches)
    printed = [fill for fill in page.evaluate(fills) if fill.startswith("rgb")]
    assert paper != dark and sorted(printed) == sorted(paper)
    page.evaluate("() => window.dispatchEvent(new Event('afterprint'))")
    assert page.evaluate(swatches) == dark
    assert page.locator("#print-map").count() == 0


def test_nothing_is_printed_over_something_else(open_report, browser_without_webgl):
    report = open_report("millbrook", browser=browser_without_webgl)
    page = report.page
    page.emulate_media(media="print")
    page.evaluate("() => window.dispatchEvent(new Event('beforeprint'))")
    overlaps = page.evaluate("""() => {
      const sections = [...document.querySelectorAll("main > section")].filter((one) => one.offsetHeight > 0);
      const found = [];
      for (let at = 1; at < sections.length; at++) {
        const inside = [...sections[at - 1].querySelectorAll("*")].map((one) => one.getBoundingClientRect().bottom);
        const ends = Math.max(...inside.filter(Number.isFinite));
        if (ends > sections[at].getBoundingClientRect().top + 1) found.push(`${sections[at - 1].id} over ${sections[at].id}`);
      }
      return found;
    }""")
    assert overlaps == []


def test_what_a_score_does_not_show_is_not_turned_round(open_report, browser_without_webgl):
    report = open_report("millbrook", browser=browser_without_webgl)
    page = report.page
    notes = set()
    for theme in page.locator(".chip").all():
        theme.click()
        for note in page.locator("#layer-note .not").all():
            notes.add(note.inner_text())
    assert notes
    for note in notes:
        assert note.startswith("What it does not show: "), note


def test_a_choice_of_the_list_is_read_from_its_name_on(open_report, browser_without_webgl):
    report = open_report("millbrook", browser=browser_without_webgl)
    page = report.page
    row = page.locator("#list .row").nth(25)
    row.focus()
    page.keyboard.press("Enter")
    report.settle()
    assert page.evaluate("document.activeElement.id") == "profile-name"
    inside = page.evaluate("""() => {
      const [name, panel] = ["profile-name", "panel"].map((id) => document.getElementById(id).getBoundingClientRect());
      return name.top >= panel.top && name.bottom <= panel.bottom;
    }""")
    assert inside


def test_the_order_button_turns_every_list_round(open_report, browser_without_webgl):
    report = open_report("millbrook", browser=browser_without_webgl)
    names = lambda: report.page.locator("#list .row-name").all_inner_texts()
    before = names()
    report.page.click("#list-order")
    assert names()[0] != before[0]


def test_a_link_restores_all_that_was_chosen(open_report, browser_without_webgl):
    report = open_report("millbrook", browser=browser_without_webgl)
    page = report.page
    page.get_by_label("Barriers", exact=True).check()
    category = page.locator("[aria-label='Places on the map'] option").nth(1).get_attribute("value")
    page.select_option("[aria-label='Places on the map']", category)
    page.fill("#table-filter", "mill")
    page.click("#list-order")
    page.click("#tab-priorities")
    page.wait_for_function("() => location.hash.includes('tab=priorities') && location.hash.includes('places=')")
    fragment = page.evaluate("location.hash")
    other = open_report("millbrook", browser=browser_without_webgl, fragment=fragment)
    page = other.page
    assert page.get_by_label("Barriers", exact=True).is_checked()
    assert page.input_value("[aria-label='Places on the map']") == category
    assert page.input_value("#table-filter") == "mill"
    assert page.locator("#tab-priorities").get_attribute("aria-selected") == "true"
    page.click("#tab-layers")
    assert "worst" in page.inner_text("#list-title") or "least" in page.inner_text("#list-title")


def test_a_map_library_that_fails_leaves_the_map_as_lines(open_report, browser, written, tmp_path):
    text = written["millbrook"].read_text()
    broken = tmp_path / "broken.html"
    mark = '<script type="application/json" id="data">'
    stub = "<script>Object.defineProperty(window, 'maplibregl', { value: { Map: class { constructor() { throw new Error('no map'); } } }, writable: false });</script>"
    broken.write_text(text.replace(mark, stub + mark))
    page = browser.new_page()
    page.goto(f"file://{broken}")
    page.wait_for_selector("html[data-ready=true]")
    assert page.locator("html").get_attribute("data-map") == "svg"
    assert page.locator("#map .drawn [data-place]").count() > 0
    page.close()


def test_a_file_that_is_cut_off_says_so(browser_without_webgl, written, tmp_path):
    text = written["millbrook"].read_text()
    start = text.index('id="data">') + 10
    end = text.index("</script>", start)
    cut = tmp_path / "cut.html"
    cut.write_text(text[: start + 2000] + text[end:])
    page = browser_without_webgl.new_page()
    page.goto(f"file://{cut}")
    page.wait_for_selector("html[data-ready=failed]")
    assert "could not be drawn" in page.inner_text("#failure")
    page.close()


def test_forced_colours_keep_the_legend_and_mark_what_is_chosen(open_report, browser_without_webgl):
    report = open_report("millbrook", browser=browser_without_webgl, forced_colors="active")
    page = report.page
    colours = page.evaluate("() => [...document.querySelectorAll('#legend .swatch:not(.hatched)')].map((one) => getComputedStyle(one).backgroundColor)")
    assert len(set(colours)) == len(colours) > 1
    assert page.evaluate("getComputedStyle(document.querySelector('[role=tab][aria-selected=true]')).outlineStyle") == "solid"


def test_sliders_leave_the_colour_of_a_place_whose_score_stays(open_report, browser_without_webgl):
    report = open_report("millbrook", browser=browser_without_webgl)
    page = report.page
    state = """() => [...document.querySelectorAll("#index-list .row")].map((row) => [row.dataset.place, row.querySelector(".row-value").textContent,
      document.querySelector(`#map .drawn [data-place="${row.dataset.place}"]`).getAttribute("fill")]).sort()"""
    page.click("#tab-priorities")
    before = page.evaluate(state)
    slider = page.locator("#sliders input[type=range]").first
    slider.evaluate("(one) => { one.value = 20; one.dispatchEvent(new Event('input')); }")
    report.settle()
    after = page.evaluate(state)
    assert any(old[1] != new[1] for old, new in zip(before, after))
    assert all(old[2] == new[2] for old, new in zip(before, after) if old[1] == new[1])


def test_sliders_at_nothing_are_said_to_score_nothing(open_report, browser_without_webgl):
    report = open_report("millbrook", browser=browser_without_webgl)
    page = report.page
    page.click("#tab-priorities")
    page.evaluate("() => { for (const one of document.querySelectorAll('#sliders input[type=range]')) { one.value = 0; one.dispatchEvent(new Event('input')); } }")
    report.settle()
    assert "nothing to score by" in page.inner_text("#weights-note")
    assert page.locator("#sliders input[type=range]").first.get_attribute("aria-valuetext") == "no weight"


def test_places_of_one_score_share_their_rank(open_report, browser_without_webgl):
    report = open_report("millbrook", browser=browser_without_webgl, fragment="#layer=index")
    page = report.page
    assert re.search(r"\d+ of \d+ neighbourhoods share the highest score", page.inner_text("#layer-note"))
    values = page.locator("#list .row-value").all_inner_texts()
    assert values[0] == values[1], "Millbrook has places at the ceiling"
    page.locator("#list .row").first.click()
    report.settle()
    page.click("summary:has-text('What can people reach?')")
    text = page.inner_text("#pane-profile .score")
    assert re.search(r"joint \d+(st|nd|rd|th) of \d+, with \d+ others?: the score cannot tell them apart", text), text


def test_the_table_opens_from_a_to_z(open_report, browser_without_webgl):
    page = open_report("millbrook", browser=browser_without_webgl).page
    names = page.locator("#rows tbody th").all_inner_texts()
    assert names == sorted(names, key=str.casefold)


def test_without_scripts_there_are_a_title_what_stands_out_and_a_table(browser_without_webgl, written, assessed):
    page = browser_without_webgl.new_page(java_script_enabled=False, viewport={"width": 320, "height": 700})
    page.goto(f"file://{written['millbrook']}")
    assert page.inner_text("h1") == "Millbrook"
    assert page.locator("noscript ul li").count() == 3
    assert page.locator("noscript tbody tr").count() == len(assessed["millbrook"].neighbourhoods)
    homes = assessed["millbrook"].homes
    without = homes.loc[homes["street_distance_m"].notna() & ~(homes["clinic_minutes"] <= 15), "residents"].sum()
    assert f"{without:,.0f} residents" in page.inner_text("noscript ul")
    assert not page.locator("main").is_visible()
    page.close()


def test_a_part_that_fails_says_so_and_the_others_are_drawn(open_report, browser_without_webgl, changed):
    page = open_report(changed("millbrook", lambda data: data["reach"].update(groups=5)), browser=browser_without_webgl).page
    assert "This part could not be drawn" in page.inner_text("#reach .part-failed")
    assert page.locator(".part-failed").count() == 1
    assert page.locator("#rows tbody tr").count() > 0 and page.locator("#list .row").count() > 0
