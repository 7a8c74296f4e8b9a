"""Fixtures of the browser tests: a test asks for `lab`, or for `exported`."""

import contextlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.browser.exported import ExportedPage, StaticServer, copy_scripts
from tests.browser.lab import DESKTOP, Lab, LabServer

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


def find_chromium(playwright) -> str | None:
    """The path of a Chromium, or None."""
    if named := os.environ.get("CONVVIZ_CHROMIUM"):
        return named
    for name in ("chromium", "chromium-browser", "google-chrome"):
        if found := shutil.which(name):
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
            if os.environ.get("CI"):
                pytest.fail(NO_BROWSER, pytrace=False)
            pytest.skip(NO_BROWSER)
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


@pytest.fixture
def lab(browser, lab_server):
    """A JupyterLab page of the test's own, with its kernel ended afterwards."""
    context = browser.new_context(
        viewport={"width": DESKTOP[0], "height": DESKTOP[1]},
        locale="en-US",
        reduced_motion="reduce",
    )
    context.set_default_timeout(15_000)
    lab = Lab(context, lab_server)
    yield lab
    lab.close()
    context.close()


@pytest.fixture(scope="session")
def static_server(tmp_path_factory, node_modules):
    """A server of exported pages for the whole session."""
    folder = tmp_path_factory.mktemp("exported")
    copy_scripts(node_modules, folder)
    with StaticServer(folder) as server:
        yield server


@pytest.fixture
def exported(browser, static_server):
    """A browser page of the test's own that shows widgets without a kernel."""
    context = browser.new_context(
        viewport={"width": DESKTOP[0], "height": DESKTOP[1]}, reduced_motion="reduce"
    )
    context.set_default_timeout(15_000)
    yield ExportedPage(context, static_server)
    context.close()
