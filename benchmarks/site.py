"""How heavy the pages of the site are, and how soon one can be used.

    python benchmarks/site.py [DIRECTORY] [--repeat REPEAT]

DIRECTORY is a built site; else the site is built first, as `make site` does it. Each page is
opened in a headless Chromium that has nothing stored, from a server on this machine that does not
compress. All times begin when the page is asked for, and are medians:

    text      the first paint with text in it
    picture   the first explorer is drawn
    answer    a key press on its slider has changed the picture; the key is pressed when the driver
              of the browser has heard of the picture, some 10 ms later
    work      what the page's own thread has done until the picture was drawn, without the time
              that it waited for the network or, on a busy machine, for a processor
    again     as `picture`, with the page opened a second time: the scripts are stored

Sizes are in KB: the page itself, all that is loaded for it, and the latter as it is sent by a host
that compresses.
"""

import argparse
import gzip
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path

from playwright.sync_api import sync_playwright

sys.path.insert(0, str(Path(__file__).parent.parent))  # for tests, benchmarks

from benchmarks import harness
from tests.browser.conftest import FLAGS, find_chromium
from tests.browser.exported import StaticServer
from tests.browser.lab import DESKTOP

ROOT = Path(__file__).parent.parent
PACKAGES = ("sphinx", "ipywidgets", "anywidget")
TIMES = ("text", "picture", "answer", "work", "again")
COMPRESSED_ALREADY = {".woff2", ".png", ".jpg"}

# Note when the first explorer is in the page.
WATCH = """
new MutationObserver((_, observer) => {
    if (!document.querySelector('[data-output-size]')) return;
    window.drawnAt = performance.now();
    observer.disconnect();
}).observe(document, { subtree: true, childList: true, attributes: true });
"""
DRAWN = "() => window.drawnAt"
CHANGED = "([root, before]) => root.innerHTML !== before && performance.now()"
TEXT = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime"


def measure(
    folder: Path | None = None, names: Iterable[str] | None = None, repeat: int = 3
) -> dict:
    """The version of Chromium, the seconds that the build took, and a row for each page.

    Parameters
    ----------
    folder : Path, optional
        A built site; without it, one is built, and forgotten afterwards.
    names : iterable of str, optional
        Pages; the first one and all notebooks unless others are named.
    repeat : int
    """
    if folder is None:
        with tempfile.TemporaryDirectory(prefix="convviz-site-") as name:
            target = Path(name) / "site"
            start = time.perf_counter()
            build = [sys.executable, str(ROOT / "site" / "build.py"), str(target)]
            subprocess.run(build, stdout=subprocess.DEVNULL, check=True)
            seconds = time.perf_counter() - start
            return measure(target, names, repeat) | {"build": seconds}
    if names is None:
        names = [
            "index.html",
            *sorted(f"notebooks/{p.name}" for p in folder.glob("notebooks/*.html")),
        ]
    with StaticServer(folder) as server, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(playwright), args=FLAGS)
        rows = [measure_page(browser, folder, server.url, name, repeat) for name in names]
        version = browser.version
        browser.close()
    return {"chromium": version, "pages": rows, "build": None}


def measure_page(browser, folder: Path, base: str, name: str, repeat: int) -> dict:
    """Kilobytes and milliseconds of a page."""
    runs = [open_page(browser, base + name) for _ in range(repeat)]
    return {
        "page": name,
        "kilobytes": sizes(folder, base, runs[0][1]),
        "milliseconds": {
            key: harness.spread(times[key] for times, _ in runs)._asdict() for key in TIMES
        },
    }


def open_page(browser, url: str) -> tuple[dict[str, float], list[str]]:
    """The times of one page, and the addresses of what was loaded for it."""
    context = browser.new_context(viewport={"width": DESKTOP[0], "height": DESKTOP[1]})
    context.add_init_script(WATCH)
    page = context.new_page()
    tools = context.new_cdp_session(page)
    tools.send("Performance.enable", {"timeDomain": "threadTicks"})
    loaded = []
    page.on("request", lambda request: loaded.append(request.url))
    page.goto(url, wait_until="commit")
    times = {"picture": page.wait_for_function(DRAWN).json_value()}
    metrics = tools.send("Performance.getMetrics")["metrics"]
    times["work"] = 1e3 * next(m["value"] for m in metrics if m["name"] == "TaskDuration")
    view = page.locator(".widget-subarea").first
    root = view.locator("[data-output-size]")
    before = root.evaluate("root => root.innerHTML")
    view.get_by_role("slider", name="stride", exact=True).press("ArrowRight")
    changed = page.wait_for_function(CHANGED, arg=[root.element_handle(), before])
    times["answer"] = changed.json_value()
    page.wait_for_load_state("networkidle")
    times["text"] = page.evaluate(TEXT)
    sent = list(loaded)
    page.goto(url, wait_until="commit")
    times["again"] = page.wait_for_function(DRAWN).json_value()
    context.close()
    return times, sent


def sizes(folder: Path, base: str, urls: list[str]) -> dict[str, float]:
    """KB of the page, of everything, and of everything compressed."""
    paths = {folder / url.removeprefix(base).split("?")[0] for url in urls if url.startswith(base)}
    page = folder / urls[0].removeprefix(base)
    contents = {path: path.read_bytes() for path in paths if path.is_file()}
    compressed = sum(
        len(content if path.suffix in COMPRESSED_ALREADY else gzip.compress(content))
        for path, content in contents.items()
    )
    return {
        "page": len(contents[page]) / 1e3,
        "all": sum(map(len, contents.values())) / 1e3,
        "compressed": compressed / 1e3,
    }


def main() -> None:
    """Measure, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("directory", nargs="?", type=Path, help="(default: one is built)")
    parser.add_argument("--repeat", type=int, default=3)
    options = parser.parse_args()
    from benchmarks.report import describe_site

    folder = options.directory and options.directory.resolve()
    print(describe_site(measure(folder, repeat=options.repeat)))


if __name__ == "__main__":
    main()
