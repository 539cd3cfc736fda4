"""A headless Chromium with the written reports: `COMMONGROUND_BROWSER` names it, `/usr/bin/chromium` otherwise."""

import json
import os
import re
from pathlib import Path

import commonground
import pytest
from playwright.sync_api import sync_playwright

SHIPPED = Path(__file__).parents[2] / "data"
CHROMIUM = os.environ.get("COMMONGROUND_BROWSER", "/usr/bin/chromium")
QUIET = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]
SOFTWARE_WEBGL = ["--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"]
NO_WEBGL = ["--disable-3d-apis"]


class Report:
    """A page with the report open: what went wrong is kept, what the network was asked for too."""

    def __init__(self, page, path):
        self.page, self.path = page, path
        self.errors, self.requests = [], []
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("request", lambda request: self.requests.append(request.url))

    def _hear(self, message):
        # The software renderer of the tests complains that the map's pixels are read.
        if message.type in ("error", "warning") and "GPU stall due to ReadPixels" not in message.text:
            self.errors.append(message.text)

    def open(self, fragment=""):
        self.page.goto("about:blank")
        self.page.goto(f"file://{self.path}{fragment}")
        self.page.wait_for_selector("html[data-ready=true]")
        self.settle()
        return self

    def settle(self):
        """Until the frames that are asked for are drawn."""
        self.page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 60))))")

    def wait_for_map(self):
        """Until the map has drawn more than its background."""
        self.page.wait_for_function(
            """() => {
              const canvas = document.querySelector(".maplibregl-canvas");
              if (!canvas || !canvas.width) return false;
              const small = document.createElement("canvas");
              small.width = small.height = 64;
              const pen = small.getContext("2d");
              pen.drawImage(canvas, 0, 0, 64, 64);
              const seen = new Set(new Uint32Array(pen.getImageData(0, 0, 64, 64).data.buffer));
              return seen.size > 40;
            }""",
            timeout=15000,
        )
        return self


@pytest.fixture(scope="session")
def playwright():
    with sync_playwright() as playwright:
        yield playwright


def launched(playwright, extra):
    return playwright.chromium.launch(executable_path=CHROMIUM, args=[*QUIET, *extra])


@pytest.fixture(scope="session")
def browser(playwright):
    browser = launched(playwright, SOFTWARE_WEBGL)
    yield browser
    browser.close()


@pytest.fixture(scope="session")
def browser_without_webgl(playwright):
    browser = launched(playwright, NO_WEBGL)
    yield browser
    browser.close()


@pytest.fixture(scope="session")
def assessed():
    return {name: commonground.assess(SHIPPED / name) for name in ("monaco", "millbrook")}


@pytest.fixture(scope="session")
def written(assessed, tmp_path_factory):
    """The path of the report of each shipped study."""
    folder = tmp_path_factory.mktemp("reports")
    paths = {}
    for name, assessment in assessed.items():
        paths[name] = folder / f"{name}.html"
        assessment.to_html(paths[name])
    return paths


@pytest.fixture
def changed(written, tmp_path):
    """The path of the report of a study in which `change` has changed the data."""

    def changed(study, change):
        text = written[study].read_text()
        mark = '<script type="application/json" id="data">'
        start = text.index(mark) + len(mark)
        end = text.index("</script>", start)
        data = json.loads(text[start:end])
        change(data)
        path = tmp_path / "changed.html"
        path.write_text(text[:start] + json.dumps(data).replace("<", "\\u003c") + text[end:])
        return path

    return changed


@pytest.fixture
def open_report(browser, written):
    """Opens the report of a study in a window of its own; every error on the way fails the test."""
    contexts, reports = [], []

    def opened(study, *, fragment="", browser=browser, **options):
        context = browser.new_context(**{"viewport": {"width": 1280, "height": 800}, "accept_downloads": True, **options})
        contexts.append(context)
        path = written[study] if study in written else study
        reports.append(Report(context.new_page(), path))
        return reports[-1].open(fragment)

    yield opened
    for context in contexts:
        context.close()
    for report in reports:
        assert report.errors == []
        outside = [address for address in report.requests if not re.match(r"(file|blob|data|about):", address)]
        assert outside == []
