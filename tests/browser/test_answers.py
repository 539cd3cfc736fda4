"""The report answers first: findings in people, one sentence to ask by, a card for a neighbourhood, sources in sight."""

import re

import pytest


@pytest.fixture
def millbrook(open_report, browser_without_webgl):
    return open_report("millbrook", browser=browser_without_webgl)


def number(text):
    return float(re.search(r"[\d,]+", text).group().replace(",", ""))


def test_findings_stand_first_in_people_and_each_sets_the_map(millbrook):
    page = millbrook.page
    findings = page.locator(".finding")
    assert findings.count() == 3
    people = [int(one.get_attribute("data-people")) for one in findings.all()]
    assert people == sorted(people, reverse=True)
    for finding in findings.all():
        finding.click()
        millbrook.settle()
        assert finding.get_attribute("aria-pressed") == "true"
    titles = [one.inner_text() for one in page.locator(".finding strong").all()]
    assert len(set(titles)) == 3 and not any("score" in title.lower() for title in titles)


def test_the_index_never_opens_the_page_and_is_called_what_it_is(millbrook):
    page = millbrook.page
    assert "index" not in page.locator("[aria-pressed=true].finding").get_attribute("data-finding")
    page.click("#tab-priorities")
    assert page.inner_text("#pane-priorities h2 >> nth=0") == "Daily needs within a 15-minute walk"
    millbrook.settle()
    assert page.inner_text("#legend h2") == "Daily needs within a 15-minute walk"


def test_five_questions_stand_for_all_themes(millbrook):
    asked = millbrook.page.locator(".chip").all_inner_texts()
    assert asked == ["What can people reach?", "Who is left out?", "Is it changing?", "Where do people meet?", "What divides us?"]


def test_what_a_question_opens_with_varies_and_no_label_stands_twice(millbrook):
    page = millbrook.page
    page.evaluate("document.getElementById('all-measures').open = true")
    for chip in page.locator(".chip").all():
        chip.click()
        millbrook.settle()
        assert page.locator("#legend li").count() > 1, chip.inner_text()
        for subject in page.locator("#subject option").all():
            page.select_option("#subject", subject.get_attribute("value"))
            labels = page.locator(".layer").all_inner_texts()
            assert len(labels) == len(set(labels)), subject.inner_text()
        # What is chosen as "of one alone" stands below it, never above.
        assert page.locator("#layers-whole + #subject-row + #layers-of").count() == 1


def test_a_sentence_asks_for_shares_and_numbers(millbrook, assessed):
    page = millbrook.page
    page.click(".chip:has-text('Who is left out?')")
    page.select_option("#say-place", "clinic")
    page.select_option("#say-group", "")
    page.select_option("#say-walk", "15")
    page.select_option("#say-amount", "share")
    places = assessed["millbrook"].neighbourhoods
    shown = dict(zip(page.locator("#list .row-name").all_inner_texts(), page.locator("#list .row-value").all_inner_texts()))
    for _, place in places.iterrows():
        value = place["share_lacking_clinic"]
        if value == value:
            assert abs(float(shown[place["name"]].rstrip("%")) - 100 * value) <= 0.51, place["name"]
    page.select_option("#say-amount", "people")
    people = [number(text) for text in page.locator("#list .row-value").all_inner_texts() if text != "–"]
    assert people == sorted(people, reverse=True)
    total = (places["share_lacking_clinic"] * places["residents_on_streets"]).sum()
    assert abs(sum(people) - total) <= 0.5 * len(people)
    before = page.inner_text("#legend h2")
    page.select_option("#say-walk", "30")
    assert page.inner_text("#legend h2") != before
    assert sum(number(text) for text in page.locator("#list .row-value").all_inner_texts() if text != "–") < sum(people)


def test_people_stand_beside_shares_and_sort_the_list(millbrook):
    page = millbrook.page
    page.evaluate("location.hash = '#layer=share_lacking_clinic&as=share'")
    page.wait_for_function("document.querySelector('#legend h2').textContent.startsWith('Without a clinic')")
    beside = page.locator("#list .row-beside").all_inner_texts()
    assert len(beside) > 30
    page.click("#list-amount")
    values = [number(text) for text in page.locator("#list .row-value").all_inner_texts() if text != "–"]
    assert values == sorted(values, reverse=True) and values[0] > 100
    assert page.locator("#list .row-beside").first.inner_text().endswith("%")


def test_small_counts_of_a_group_are_left_out(millbrook):
    data = millbrook.page.evaluate("JSON.parse(document.getElementById('data').textContent).without")
    groups = [people for people in data["by_group"] if people["group"]]
    assert groups
    for people in groups:
        for walks in people["lacking"]:
            for counts in walks:
                for members, lacking in zip(people["members"], counts):
                    if lacking is not None:
                        assert lacking == 0 or lacking >= 10
                        assert members - lacking <= 1e-6 or members - lacking >= 10
    known = [count for people in groups for walks in people["lacking"] for count in walks[0]]
    assert sum(count is not None for count in known) > len(known) / 2, "most stays in sight"


def test_a_profile_answers_before_it_counts(millbrook):
    page = millbrook.page
    page.locator("#list .row").first.click()
    millbrook.settle()
    labels = page.locator(".answers strong").all_inner_texts()
    assert labels[0] == "Worst: " and "Is it changing? " in labels
    assert page.locator(".tiles tbody tr").count() == 5
    assert set(page.locator(".verdict").all_inner_texts()) <= {"better", "worse", "about the same"}
    assert page.locator(".by-group tbody tr").count() == 5
    assert page.locator(".fold[open]").count() == 0


@pytest.mark.parametrize("study", ["monaco", "millbrook"])
def test_sources_are_on_the_first_screen_and_on_paper(open_report, browser_without_webgl, study):
    page = open_report(study, browser=browser_without_webgl, viewport={"width": 1440, "height": 900}).page
    wanted = {"monaco": "© OpenStreetMap contributors, ODbL 1.0", "millbrook": "not stated in the study"}[study]
    credit = page.locator("#attribution")
    assert wanted in credit.inner_text()
    box = credit.bounding_box()
    assert box["y"] + box["height"] <= 900
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    assert wanted in page.inner_text("#brief")


def test_a_finding_of_floor_area_speaks_of_no_people(open_report, browser_without_webgl):
    page = open_report("monaco", browser=browser_without_webgl).page
    for text in page.locator(".finding").all_inner_texts():
        assert text[0] == text[0].upper() and "their neighbours" not in text and "who live" not in text, text


def test_figures_credit_openstreetmap(assessed):
    svg = assessed["monaco"].map_svg("service_isolation")
    assert "© OpenStreetMap contributors, ODbL 1.0" in svg
    assert "OpenStreetMap" not in assessed["millbrook"].map_svg("service_isolation")


def test_back_undoes_a_choice_and_a_copied_address_holds_it(millbrook):
    page = millbrook.page
    settled = "(words) => location.hash.includes(words)"
    page.wait_for_function(settled, arg="view=")
    first = page.inner_text("#legend h2")
    page.click(".chip:has-text('Is it changing?')")
    page.wait_for_function("() => location.hash.includes('layer=gentrification')")
    second = page.inner_text("#legend h2")
    page.locator("#list .row").first.click()
    page.wait_for_function(settled, arg="place=")
    page.go_back()
    millbrook.settle()
    assert page.inner_text("#legend h2") == second
    assert page.locator("#tab-layers").get_attribute("aria-selected") == "true"
    page.go_back()
    millbrook.settle()
    assert page.inner_text("#legend h2") == first
    page.go_forward()
    millbrook.settle()
    assert page.inner_text("#legend h2") == second


def test_a_tap_on_a_phone_is_answered_in_sight(open_report, browser_without_webgl):
    report = open_report("millbrook", browser=browser_without_webgl, viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    page = report.page
    page.locator("#map .drawn path[data-place='5']").dispatch_event("click")
    report.settle()
    box = page.locator("#phone-card").bounding_box()
    assert box["y"] >= 0 and box["y"] + box["height"] <= 844
    assert page.inner_text("#phone-card strong") == page.evaluate("JSON.parse(document.getElementById('data').textContent).names[5]")
    page.click("#phone-card button:has-text('More')")
    assert not page.locator("#phone-card").is_visible()


@pytest.mark.parametrize("fragment, pages", [("", 2), ("#place=n12", 1)])
def test_paper_is_a_brief_of_two_pages_or_one_sheet(open_report, browser_without_webgl, fragment, pages):
    page = open_report("millbrook", browser=browser_without_webgl, fragment=fragment).page
    pdf = page.pdf(format="A4", print_background=True)
    assert len(re.findall(rb"/Type\s*/Page[^s]", pdf)) == pages
