"""The report with a keyboard alone, for screen readers, and in colours that can be told apart."""

import pytest

PANES = ("layers", "priorities", "profile")

CONTRAST = """() => {
  // "rgb(1, 2, 3)", or where colours are mixed "color(srgb 0.1 0.2 0.3 / 0.9)".
  const numbers = (text) => (text.match(/[\\d.]+/g) || []).map((number, at) => Number(number) * (at < 3 && text.startsWith('color(') ? 255 : 1));
  const channel = (value) => { const part = value / 255; return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4; };
  const light = ([red, green, blue]) => 0.2126 * channel(red) + 0.7152 * channel(green) + 0.0722 * channel(blue);
  const over = ([red, green, blue, alpha = 1], below) => [red, green, blue].map((value, at) => value * alpha + below[at] * (1 - alpha));
  const behind = (element) => {
    if (!element) return [255, 255, 255];
    const colour = numbers(getComputedStyle(element).backgroundColor);
    if (colour.length === 3 || colour[3] === 1) return colour.slice(0, 3);
    const below = behind(element.parentElement);
    return colour.length === 4 && colour[3] > 0 ? over(colour, below) : below;
  };
  const weak = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    if (!walker.currentNode.textContent.trim() || !element.checkVisibility({ opacityProperty: true, visibilityProperty: true })) continue;
    // Names on the map lie on its colours, with a halo of their own; what is disabled is meant to be faint.
    if (element.closest('#labels, script, style, noscript, option, .visually-hidden, .skip, [disabled], .maplibregl-control-container, title')) continue;
    const style = getComputedStyle(element);
    const ink = numbers(element instanceof SVGElement ? style.fill : style.color);
    const ground = behind(element);
    const [high, low] = [light(over(ink, ground)), light(ground)].sort((a, b) => b - a);
    const ratio = (high + 0.05) / (low + 0.05);
    const size = parseFloat(style.fontSize);
    const needed = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700) ? 3 : 4.5;
    if (ratio < needed) weak.push(`${ratio.toFixed(2)} ${element.tagName}.${element.getAttribute('class') || ''} "${walker.currentNode.textContent.trim().slice(0, 30)}"`);
  }
  return [...new Set(weak)];
}"""

NAMELESS = """() => {
  const named = (one) => one.textContent.trim() || one.getAttribute('aria-label') || one.title || (one.labels && [...one.labels].some((label) => label.textContent.trim()))
    || (one.getAttribute('aria-labelledby') || '').split(' ').some((id) => id && document.getElementById(id).textContent.trim());
  const asked = 'button, input, select, a, summary, [role=img], [role=radiogroup], [role=tabpanel], [role=region], [role=group], [role=listbox]';
  return [...document.querySelectorAll(asked)].filter((one) => !named(one)).map((one) => one.outerHTML.slice(0, 120));
}"""


@pytest.fixture(params=["light", "dark"])
def in_every_pane(request, open_report, browser_without_webgl):
    """The page with each pane open in turn, a neighbourhood chosen and another beside it."""
    report = open_report(
        "millbrook", browser=browser_without_webgl, color_scheme=request.param, fragment="#place=n12&with=n03"
    )

    def panes():
        report.page.evaluate("document.getElementById('dictionary').open = true")
        for theme in report.page.locator(".chip").all():
            report.page.click("#tab-layers")
            theme.click()
            yield report.page
        for pane in PANES:
            report.page.click(f"#tab-{pane}")
            report.settle()
            yield report.page

    return panes


def test_every_text_stands_out_from_its_ground(in_every_pane):
    for page in in_every_pane():
        weak = page.evaluate(CONTRAST)
        assert not weak, "\n".join(weak)


def test_every_control_and_picture_has_a_name(in_every_pane):
    for page in in_every_pane():
        assert page.evaluate(NAMELESS) == []


def test_ids_are_unique_and_headings_step_down_one_by_one(in_every_pane):
    for page in in_every_pane():
        ids = page.eval_on_selector_all("[id]", "(all) => all.map((one) => one.id)")
        assert len(ids) == len(set(ids))
        levels = page.eval_on_selector_all("h1, h2, h3, h4", "(all) => all.filter((one) => one.checkVisibility()).map((one) => Number(one.tagName[1]))")
        assert levels[0] == 1 and all(after - before <= 1 for before, after in zip(levels, levels[1:]))


def test_priorities_are_set_with_the_keyboard_alone(open_report, browser_without_webgl):
    page = open_report("millbrook", browser=browser_without_webgl).page
    page.focus("#tab-layers")
    page.keyboard.press("ArrowRight")
    assert page.locator("#tab-priorities").get_attribute("aria-selected") == "true"
    before = page.locator("#index-list").inner_text()
    seen = []
    for _ in range(30):
        page.keyboard.press("Tab")
        seen.append(page.evaluate("document.activeElement.id"))
        outline = page.evaluate("(({outlineStyle, boxShadow}) => outlineStyle !== 'none' || boxShadow !== 'none')(getComputedStyle(document.activeElement))")
        assert outline, f"focus on {seen[-1]} is not seen"
        if seen[-1].startswith("weight-"):
            for _ in range(3):
                page.keyboard.press("PageDown")
            page.keyboard.press("Home")
            break
    assert seen[-1].startswith("weight-"), seen
    page.wait_for_function("(before) => document.getElementById('index-list').innerText !== before", arg=before)
    for control in ("weights-reset", "weights-save"):
        while page.evaluate("document.activeElement.id") != control:
            page.keyboard.press("Tab")
    with page.expect_download():
        page.keyboard.press("Enter")


def test_the_table_is_sorted_with_the_keyboard_and_says_so(open_report, browser_without_webgl):
    page = open_report("millbrook", browser=browser_without_webgl).page
    page.locator("#rows thead button").nth(1).focus()
    page.keyboard.press("Enter")
    heading = page.locator("#rows thead th").nth(1)
    assert heading.get_attribute("aria-sort") == "descending"
    assert page.evaluate("document.activeElement.closest('th')?.getAttribute('aria-sort')") == "descending", "focus stays on the heading"


def test_a_choice_is_said_aloud(open_report, browser_without_webgl):
    page = open_report("millbrook", browser=browser_without_webgl).page
    page.fill("#search", "Mill")
    page.keyboard.press("Enter")
    chosen = page.locator("#profile-name").inner_text()
    assert chosen in page.locator("#announce").inner_text()
