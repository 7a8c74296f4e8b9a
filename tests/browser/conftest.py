"""Fixtures of the browser tests: a test asks for `lab`, or for `exported`."""

import contextlib
import math
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from tests.browser.exported import ExportedPage, StaticServer, copy_scripts
from tests.browser.lab import DESKTOP, Lab, LabServer
from tests.lacking import lacks

HERE = Path(__file__).parent
NOTEBOOKS = HERE.parent.parent / "notebooks"

FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    # Without these the browser tries to reach its maker's hosts.
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

NO_BROWSER = (
    "no Chromium for the browser tests: install one"
    " (`apt-get install chromium`, or `python -m playwright install chromium`),"
    " or name one in CONVVIZ_CHROMIUM"
)


def pytest_collection_modifyitems(items):
    """Run the browser tests last: the quick ones should fail first, and from the first browser
    test on Playwright's event loop runs in this thread, where nbval could not start its own."""
    items.sort(key=lambda item: HERE in item.path.parents)


# Where Chrome is on macOS and on Windows, which have it on no path.
CHROME = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    r"C:\Program Files\Google\Chrome\Application\chrome.exe",
)


def find_chromium(playwright) -> str | None:
    """The path of a Chromium, or None."""
    if named := os.environ.get("CONVVIZ_CHROMIUM"):
        return named
    names = ("chromium", "chromium-browser", "google-chrome", *CHROME)
    if found := next(filter(None, map(shutil.which, names)), None):
        return found
    own = Path(playwright.chromium.executable_path)
    if not own.exists() and not os.environ.get("CI"):
        install = [sys.executable, "-m", "playwright", "install", "chromium"]
        with contextlib.suppress(subprocess.TimeoutExpired):
            subprocess.run(install, capture_output=True, timeout=180, check=False)
    return str(own) if own.exists() else None


@pytest.fixture(scope="session")
def browser():
    """Chromium, headless, for the whole session."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = find_chromium(playwright)
        if chromium is None:
            lacks(NO_BROWSER)
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def lab_server(tmp_path_factory):
    """A JupyterLab server for the whole session, over a copy of notebooks/."""
    server = LabServer(tmp_path_factory.mktemp("lab"), NOTEBOOKS)
    try:
        server.start()
        yield server
    finally:
        server.stop()


@pytest.fixture(scope="session")
def static_server(tmp_path_factory, node_modules):
    """A server of exported pages for the whole session."""
    folder = tmp_path_factory.mktemp("exported")
    copy_scripts(node_modules, folder)
    with StaticServer(folder) as server:
        yield server


@contextlib.contextmanager
def open_lab(browser, server):
    """A JupyterLab page without a notebook, with its kernel ended afterwards."""
    with open_context(browser, locale="en-US") as context:
        lab = Lab(context, server)
        yield lab
        lab.close()


@contextlib.contextmanager
def open_exported(browser, server):
    """A page that shows widgets without a kernel."""
    with open_context(browser) as context:
        yield ExportedPage(context, server)


@contextlib.contextmanager
def open_context(browser, **options):
    viewport = {"width": DESKTOP[0], "height": DESKTOP[1]}
    context = browser.new_context(viewport=viewport, reduced_motion="reduce", **options)
    context.set_default_timeout(15_000)
    yield context
    context.close()


class Kept:
    """A page that one test hands on to the next, cleared: most of the time goes into loading it.

    After a test that failed the next one gets a new page, and so it does after other work that took
    long: as long as nobody listens to Playwright, a page is held up, and misses what it loads.
    """

    LONG = 20  # seconds

    def __init__(self, stack: contextlib.ExitStack, open_page: Callable):
        self._stack, self._open_page = stack, open_page
        self._page = None
        self._left_at = -math.inf

    @contextlib.contextmanager
    def page(self, session):
        if self._page and time.monotonic() - self._left_at > self.LONG:
            self._close()
        self._page = self._page or self._stack.enter_context(self._open_page())
        failures = session.testsfailed
        yield self._page
        if session.testsfailed > failures or not self._page.clear():
            self._close()
        self._left_at = time.monotonic()

    def _close(self):
        self._stack.close()
        self._page = None


@pytest.fixture(scope="session")
def kept_lab(browser, lab_server):
    with contextlib.ExitStack() as stack:
        yield Kept(stack, partial(open_lab, browser, lab_server))


@pytest.fixture
def lab(kept_lab, request):
    """A JupyterLab page without a notebook, and in its kernel nothing of the test before."""
    with kept_lab.page(request.session) as lab:
        yield lab


@pytest.fixture
def own_lab(browser, lab_server):
    """A JupyterLab page of the test's own, in which no other has left anything."""
    with open_lab(browser, lab_server) as lab:
        yield lab


@pytest.fixture(scope="session")
def kept_exported(browser, static_server):
    with contextlib.ExitStack() as stack:
        yield Kept(stack, partial(open_exported, browser, static_server))


@pytest.fixture
def exported(kept_exported, request):
    """A browser page that shows widgets without a kernel."""
    with kept_exported.page(request.session) as exported:
        yield exported
