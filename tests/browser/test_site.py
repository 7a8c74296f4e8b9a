"""The collection as a static site: built as `make site` builds it, and opened with nothing else in
reach. It lies under a path of its own, as on a host that has other sites."""

import importlib.util
import json
import math
import re
import subprocess
import sys
import tomllib
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urldefrag, urljoin, urlsplit

import numpy as np
import pytest
import torch
from playwright.sync_api import expect

import convviz
from convviz.catalogue import text
from tests.browser.axe import Axe
from tests.browser.explorer_page import ExplorerPage, drag
from tests.browser.exported import ExportedPage, StaticServer
from tests.browser.lab import DESKTOP, PHONE
from tests.execute_notebooks import NOTEBOOKS, list_notebooks
from tests.lacking import lacks

ROOT = Path(__file__).parent.parent.parent
PATH = "some/where/"
LESSONS = [
    path.relative_to(NOTEBOOKS.parent).with_suffix(".html").as_posix() for path in list_notebooks()
]
PAGES = ["index.html", *LESSONS]

# What makes a model's script one of ours.
IMPORT = re.compile(r'from "convviz/(\w+)"')


@pytest.fixture(scope="session")
def site(tmp_path_factory, node_modules):
    """The directory of the site, built for this session."""
    if importlib.util.find_spec("sphinx_book_theme") is None:
        lacks("no Sphinx for the site: pip install -r site/requirements.txt")
    target = tmp_path_factory.mktemp("site") / PATH
    command = [sys.executable, str(ROOT / "site" / "build.py"), str(target)]
    built = subprocess.run(command, capture_output=True, text=True, timeout=900, check=False)
    assert built.returncode == 0, f"{built.stdout[-3000:]}\n{built.stderr[-6000:]}"
    return target


@pytest.fixture(scope="session")
def site_server(site):
    with StaticServer(site.parents[len(Path(PATH).parts) - 1]) as server:
        yield server


class SitePage(ExportedPage):
    """One browser page that shows pages of the site, and the explorers on them."""

    def open(self, name: str) -> None:
        """Open a page, and wait until each of its widgets has a view."""
        self.page.goto(f"{self.server.url}{PATH}{name}")
        self.page.wait_for_function(
            """() => document.querySelectorAll('.widget-subarea').length
                === document.querySelectorAll('script[type$="widget-view+json"]').length"""
        )
        saved = self.page.locator('script[type$="widget-state+json"]').all_text_contents()
        self.models = json.loads(saved[0])["state"] if saved else {}
        views = self.page.locator('script[type$="widget-view+json"]').all_text_contents()
        self.views = [json.loads(view)["model_id"] for view in views]

    def explorers(self):
        """(kind, what the picture was saved with, locator) of every explorer, in order."""
        for index, model_id in enumerate(self.views):
            values = self.models[model_id]["state"]
            children = [self.models[ref.removeprefix("IPY_MODEL_")] for ref in values["children"]]
            (picture,) = (child["state"] for child in children if "_esm" in child["state"])
            (kind,) = IMPORT.findall(picture["_esm"])
            yield kind, picture, self.page.locator(".widget-subarea").nth(index)


@pytest.fixture(scope="session")
def site_page(browser, site_server):
    # One for all tests, so that what all pages load is loaded once, as for a reader.
    context = browser.new_context(reduced_motion="reduce")
    context.set_default_timeout(15_000)
    yield SitePage(context, site_server)
    context.close()


@pytest.fixture
def opened(site_page):
    """A page of the browser, as a reader with a large screen and a light theme has it."""
    site_page.page.set_viewport_size({"width": DESKTOP[0], "height": DESKTOP[1]})
    site_page.page.emulate_media(color_scheme="light")
    site_page.errors.clear()
    return site_page


def as_pair(value):
    return tuple(value) if isinstance(value, list) else (value, value)


def sides(padding, axis, size, span, stride):
    """(before, after) of one axis."""
    if padding == "valid":
        return 0, 0
    if padding == "same":
        total = max((math.ceil(size / stride) - 1) * stride + span - size, 0)
        return total // 2, total - total // 2
    side = as_pair(padding)[axis]
    return tuple(side) if isinstance(side, list) else (side, side)


def output_of_torch(saved, **changed):
    """The numbers that a picture is to show, computed by torch; None where there is no output."""
    saved = saved | changed
    stride, dilation = as_pair(saved["stride"]), as_pair(saved["dilation"])
    input, weight = (torch.tensor(saved[name]).double() for name in ("input", "weight"))
    bias = None if saved["bias"] is None else torch.tensor(saved["bias"]).double()
    span = [dilation[k] * (weight.shape[2 + k] - 1) + 1 for k in (0, 1)]
    padding = [sides(saved["padding"], k, input.shape[1 + k], span[k], stride[k]) for k in (0, 1)]
    mode = saved["padding_mode"].replace("zeros", "constant")
    padded = torch.nn.functional.pad(input[None], (*padding[1], *padding[0]), mode)
    if any(padded.shape[2 + k] < span[k] for k in (0, 1)):
        return None
    settings = {"stride": stride, "dilation": dilation, "groups": saved["groups"]}
    return torch.nn.functional.conv2d(padded, weight, bias, **settings)[0].numpy()


def expect_numbers(explorer, saved, **changed):
    expected = output_of_torch(saved, **changed)
    if expected is None:
        expect(explorer.root.get_by_role("alert")).to_be_visible()
        return
    size = "x".join(map(str, expected.shape[1:]))
    expect(explorer.root).to_have_attribute("data-output-size", size)
    np.testing.assert_allclose(explorer.outputs(), expected, rtol=1e-6, atol=1e-6)


def move(locator, name, number):
    """Drag a slider with the mouse to the whole number asked for."""
    slider = locator.get_by_role("slider", name=name, exact=True)
    least, most = (float(slider.get_attribute(f"aria-value{end}")) for end in ("min", "max"))
    slider.scroll_into_view_if_needed()
    drag(slider, (number - least) / (most - least))
    expect(slider).to_have_attribute("aria-valuenow", re.compile(rf"^{number}(\.0)?$"))


def try_convolution(saved, locator):
    explorer = ExplorerPage(locator)
    if saved["predict"]:
        return predict(explorer, saved)
    expect_numbers(explorer, saved)
    changed = {}
    for name, number in (("padding", 2), ("stride", 3)):
        if explorer.slider(name).count() and explorer.slider(name).is_visible():
            move(locator, name, number)
            changed[name] = number
            expect_numbers(explorer, saved, **changed)


def predict(explorer, saved):
    """Answer what the picture asks for, and see it."""
    expected = output_of_torch(saved)
    if saved["predict"] == "output_size":
        assert explorer.root.get_attribute("data-output-size") is None
        for label, number in zip(("height", "width"), expected.shape[1:], strict=True):
            explorer.output.get_by_label(label, exact=True).fill(str(number))
        explorer.button("check").click()
        expect_numbers(explorer, saved)
    else:
        channel, size = saved["out_channel"], expected.shape[1:]
        i, j = np.unravel_index(saved["position"], size)
        cell = explorer.cell("output", channel, i, j)
        expect(cell).to_have_text("?")
        explorer.output.get_by_label("value", exact=True).fill(f"{expected[channel, i, j]:g}")
        explorer.button("check").click()
        expect(cell).to_have_attribute("data-value", f"{expected[channel, i, j]:g}")


def try_axis(saved, locator):
    strip = locator.locator(".convviz-axis-explorer")
    move(locator, "stride", 3)
    span = saved["dilation"] * (saved["kernel_size"] - 1) + 1
    before, after = sides(saved["padding"], 0, saved["input_size"], span, 3)
    cells = torch.zeros(1, 1, before + saved["input_size"] + after)
    kernel = torch.zeros(1, 1, saved["kernel_size"])
    size = torch.nn.functional.conv1d(cells, kernel, stride=3, dilation=saved["dilation"]).shape[-1]
    expect(strip).to_have_attribute("data-output-size", str(size))


def try_image(saved, locator):
    picture = locator.locator(".convviz-image-explorer")
    move(locator, "stride", 3)
    kernel = torch.tensor(saved["kernel"])
    span = [saved["dilation"] * (length - 1) + 1 for length in kernel.shape]
    around = [sides(saved["padding"], k, saved["_shape"][k], span[k], 3) for k in (0, 1)]
    padded = [saved["_shape"][k] + sum(around[k]) for k in (0, 1)]
    layer = {"stride": 3, "dilation": saved["dilation"]}
    result = torch.nn.functional.conv2d(
        torch.zeros(1, 1, *padded), kernel[None, None].float(), **layer
    )
    size = "x".join(map(str, result.shape[2:]))
    expect(picture).to_have_attribute("data-output-size", size)


TRIALS = {"explorer": try_convolution, "strip": try_axis, "image": try_image}


@pytest.mark.parametrize("name", PAGES)
def test_every_picture_answers_with_torchs_numbers(opened, name):
    opened.open(name)
    tried = 0
    for kind, saved, locator in opened.explorers():
        TRIALS[kind](saved, locator)
        tried += 1
    assert tried > 0
    assert opened.page.locator(".katex-error").count() == 0
    opened.assert_no_errors()


def test_pointing_and_play(opened):
    opened.open("index.html")
    ((_, saved, locator),) = opened.explorers()
    assert (saved["stride"], saved["padding"], len(saved["weight"][0][0])) == (2, 1, 3)
    explorer = ExplorerPage(locator)
    explorer.cell("output", 0, 1, 1).hover()
    expect(explorer.cell("output", 0, 1, 1)).to_have_attribute("data-active", "")
    window = {(c, 1 + u, 1 + v) for c in (0, 1) for u in range(3) for v in range(3)}
    assert {cell[1:] for cell in explorer.lit() if cell[0] == "input"} == window
    opened.page.mouse.move(0, 0)
    locator.get_by_role("button").and_(locator.get_by_label(text("play"))).click()
    expect(explorer.cell("output", 0, 0, 1)).to_have_attribute("data-active", "")
    expect(explorer.cell("output", 0, 1, 0)).to_have_attribute("data-active", "")
    opened.assert_no_errors()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", ["index.html", "notebooks/02-sliding-kernel.html"])
def test_pictures_can_be_read_in_both_of_the_themes_modes(opened, node_modules, name, scheme):
    opened.page.emulate_media(color_scheme=scheme)
    opened.open(name)
    page = opened.page
    assert page.evaluate("document.documentElement.dataset.theme") == scheme
    found = []
    for _, _, locator in opened.explorers():
        picture = locator.locator(".convviz").first
        assert picture.evaluate("e => getComputedStyle(e).colorScheme") == scheme
        paper = picture.evaluate("e => getComputedStyle(e).backgroundColor")
        assert paper == page.evaluate("getComputedStyle(document.body).backgroundColor")
        found += Axe(node_modules).find_violations(picture)
    assert not found, "\n\n".join(found)


def test_nothing_overflows_on_a_phone(opened):
    opened.page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
    for name in PAGES:
        opened.open(name)
        assert opened.page.evaluate("document.documentElement.scrollWidth") == PHONE[0], name
    opened.assert_no_errors()


def test_search_finds_a_lesson(opened):
    opened.page.goto(f"{opened.server.url}{PATH}search.html?q=dilation")
    results = opened.page.locator("#search-results a")
    expect(results.first).to_be_visible()
    assert any("notebooks/" in link.get_attribute("href") for link in results.all())
    opened.assert_no_errors()


class Page(HTMLParser):
    """What a page of the site links to, and the names that it can be linked at."""

    def __init__(self, path: Path):
        super().__init__()
        self.text = path.read_text(encoding="utf-8")
        self.links, self.names = [], set()
        self.feed(self.text)

    def handle_starttag(self, tag, attrs):
        attributes = dict(attrs)
        self.links += [attributes[name] for name in ("href", "src") if attributes.get(name)]
        self.names.add(attributes.get("id"))


@pytest.fixture(scope="session")
def pages(site):
    """Every page of the site by its path."""
    return {
        path.relative_to(site).as_posix(): Page(path)
        for path in site.rglob("*.html")
        if "_static" not in path.parts
    }


def test_links_lead_somewhere(site, pages):
    broken = []
    for name, page in pages.items():
        for link in page.links:
            address, anchor = urldefrag(urljoin(f"//site/{name}", link))
            parts = urlsplit(address)
            if parts.scheme or parts.netloc != "site":
                continue
            target = unquote(parts.path).strip("/") or "index.html"
            if not (site / target).is_file() or (
                anchor and target in pages and unquote(anchor) not in pages[target].names
            ):
                broken.append(f"{name}: {link}")
    assert not broken, "\n".join(broken)


def test_lessons_link_to_lessons(pages):
    for name in LESSONS:
        links = {urljoin(f"//site/{name}", link) for link in pages[name].links}
        assert {f"//site/{other}" for other in LESSONS} <= links
        assert not [
            link
            for link in links
            if link.endswith(".ipynb")
            and "_sources" not in link
            and "mybinder.org" not in link
            and "github.com" not in link
        ]


def test_the_navigation_is_in_reading_order(pages):
    links = [urljoin("//site/", link) for link in pages["index.html"].links]
    shown = list(dict.fromkeys(link for link in links if link.startswith("//site/notebooks/0")))
    assert shown == [f"//site/{name}" for name in LESSONS]


@pytest.fixture(scope="session")
def repository():
    about = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return about["urls"]["Repository"]


def test_every_page_opens_on_binder(pages, repository):
    name = repository.removeprefix("https://github.com/")
    start = f"https://mybinder.org/v2/gh/{name}/HEAD?urlpath=lab/tree/"
    for name in [*PAGES, "reference.html", "reference/convviz.conv2d.html"]:
        targets = {link.removeprefix(start) for link in pages[name].links if "mybinder" in link}
        wanted = Path(name).with_suffix(".ipynb").as_posix() if name in LESSONS else "notebooks"
        assert wanted in targets
        assert all((ROOT / target).exists() for target in targets)


def test_what_is_no_page_is_in_the_repository(pages, repository):
    start = f"{repository}/blob/HEAD/"
    links = pages["index.html"].links
    files = {link.removeprefix(start) for link in links if link.startswith(start)}
    assert all((ROOT / path).exists() for path in files)
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    relative = set(re.findall(r"\]\((?!http|#|notebooks/)([^)#]+)", readme))
    assert files == relative


def test_the_reference_has_every_public_name(pages):
    for name in convviz.__all__:
        assert f"convviz.{name}" in pages[f"reference/convviz.{name}.html"].names
    explorer = pages["reference/convviz.ConvExplorer.html"].text
    signature = re.search(r'<dt class="sig.*?</dt>', explorer, re.DOTALL)[0]
    assert "heat_map" in signature
    assert "kwargs" not in signature


@pytest.mark.parametrize("name", PAGES)
def test_what_the_notebook_left_on_the_page(pages, name):
    page = pages[name].text
    # Nothing that a library had to say while it started, and no error that a notebook did not mean.
    assert 'class="output stderr' not in page
    assert "cudart" not in page
    # No script of a picture; they are on the site once.
    saved = re.search(r"widget-state\+json\">(.*?)</script>", page, re.DOTALL)[1]
    for model in json.loads(saved)["state"].values():
        assert len(model["state"].get("_esm", "")) < 100
        assert not model["state"].get("_css")
    # A still picture of an explorer does not stand beside the explorer.
    for output in re.findall(
        r'<div class="cell_output.*?(?=<div class="cell |</section>)', page, re.DOTALL
    ):
        assert not ("widget-view+json" in output and "<img" in output)


def test_mathematics_is_set(opened):
    opened.open(LESSONS[0])
    mathematics = opened.page.locator(".math")
    assert mathematics.count() == mathematics.locator(".katex").count() > 0
    # In KaTeX's own letters, and in MathML for those who listen.
    expect(mathematics.locator("math").first).to_be_attached()
    expect(opened.page.locator(".katex-display").first).to_be_visible()
    # That of an output, too.
    assert opened.page.locator(".cell_output .katex-display").count() > 0
    assert "$$" not in opened.page.locator("main").inner_text()
    opened.page.wait_for_function(
        """() => [...document.fonts].some(
            (font) => font.family.includes("KaTeX_Main") && font.status === "loaded")"""
    )
    opened.assert_no_errors()
