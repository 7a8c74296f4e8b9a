"""The saved picture against the page: the same pixels, every number and word, nothing else."""

import io
import math
import re
import xml.etree.ElementTree as ElementTree
from collections import Counter

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import expect

from convviz import example
from tests.npm import JAVASCRIPT, run

SVG = "{http://www.w3.org/2000/svg}"
KNOWN = {
    *("svg", "title", "desc", "defs", "pattern", "linearGradient", "stop", "clipPath"),
    *("g", "rect", "path", "circle", "line", "image", "text", "tspan"),
}

# Levels, of 255, by which a pixel must differ to count: a letter's edge is smoothed otherwise.
DIFFERENT = 96
SHARE = 0.003

ENTRY = """
import {{ pictureToSvg }} from "{source}/export/export.js";
import {{ SavePanel }} from "{source}/explorer/save-panel.js";
import {{ describePicture }} from "{source}/explorer/save-words.js";
import {{ makeScene }} from "{source}/core/convolution.js";
export {{ pictureToSvg, SavePanel, describePicture, makeScene }};
"""

WORDS = {"title": 'Kernel <3x3> & "stride"', "description": "a < b"}

# What the page shows as words, forms and what is for screen readers left out.
READ_WORDS = """
root => {
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    const words = [];
    while (walker.nextNode()) {
        const node = walker.currentNode;
        const el = node.parentElement;
        if (el.closest('form, fieldset, label, [data-not-in-picture], .convviz-spoken')) continue;
        if (getComputedStyle(el).visibility === 'visible' && el.checkVisibility()) {
            words.push(...node.data.split(/\\s+/).filter(Boolean));
        }
    }
    return words;
}
"""

READ_CELLS = "root => [...root.querySelectorAll('[data-grid]')].map(cell => cell.textContent)"


@pytest.fixture(scope="module")
def script(node_modules, tmp_path_factory):
    """The modules as one script, which leaves them in `window.saving`."""
    folder = tmp_path_factory.mktemp("export")
    entry = folder / "entry.js"
    entry.write_text(ENTRY.format(source=(JAVASCRIPT / "src").as_posix()), encoding="utf-8")
    options = [
        "--bundle",
        "--format=iife",
        "--global-name=saving",
        f"--outfile={folder / 'out.js'}",
    ]
    outcome = run("npx", "--no-install", "esbuild", entry, *options)
    assert outcome.returncode == 0, outcome.stderr
    bundle = (folder / "out.js").read_text(encoding="utf-8")
    return f"{bundle}\nwindow.saving = saving;"


class Saved:
    """A picture on a page, and what is saved of it."""

    def __init__(self, root, folder):
        root.scroll_into_view_if_needed()
        self.root = root
        self.folder = folder
        self.svg = root.evaluate("(el, words) => saving.pictureToSvg(el, words)", WORDS)
        self.tree = ElementTree.fromstring(self.svg)
        self.size = tuple(int(self.tree.get(name)) for name in ("width", "height"))
        self.texts = ["".join(el.itertext()) for el in self.tree.iter(f"{SVG}text")]
        self.words = Counter(word for text in self.texts for word in text.split())

    def shapes(self, name):
        return list(self.tree.iter(SVG + name))

    def on_page(self):
        """The pixels of the page."""
        left, top = self.root.evaluate(
            "el => { const { left, top } = el.getBoundingClientRect();"
            " return [Math.round(left), Math.round(top)]; }"
        )
        return screenshot(self.root.page, left, top, self.size)

    def drawn(self):
        """The pixels of the SVG in a window of its own."""
        file = self.folder / "saved.svg"
        file.write_text(self.svg, encoding="utf-8")
        page = self.root.page.context.new_page()
        page.set_viewport_size({"width": self.size[0], "height": self.size[1]})
        page.goto(file.as_uri())
        pixels = screenshot(page, 0, 0, self.size)
        page.close()
        return pixels

    def assert_stands_alone(self):
        for el in self.tree.iter():
            assert el.tag.removeprefix(SVG) in KNOWN, el.tag
            for name, value in el.attrib.items():
                assert not name.startswith("on"), name
                if name.endswith("href"):
                    assert value.startswith("data:image/png;base64,")
        ids = [el.get("id") for el in self.tree.iter() if el.get("id")]
        assert len(ids) == len(set(ids))
        references = re.findall(r"url\(([^)]*)\)", self.svg)
        assert {reference.lstrip("#") for reference in references} <= set(ids)
        assert all(reference.startswith("#") for reference in references)
        assert re.findall(r"\w+://[^\"]*", self.svg) == ["http://www.w3.org/2000/svg"]

    def assert_faithful(self):
        self.assert_stands_alone()
        missing = Counter(self.root.evaluate(READ_WORDS)) - self.words
        assert not missing
        numbers = Counter(filter(None, self.root.evaluate(READ_CELLS)))
        assert not numbers - Counter(self.texts)
        page, drawn = self.on_page(), self.drawn()
        assert difference(page, drawn) < SHARE
        # The measure sees a picture that is out of place by a single pixel.
        assert difference(page, np.roll(drawn, 1, axis=1)) > 2 * SHARE


def screenshot(page, x, y, size):
    clip = {"x": x, "y": y, "width": size[0], "height": size[1]}
    return np.asarray(Image.open(io.BytesIO(page.screenshot(clip=clip))).convert("RGB"), dtype=int)


def difference(a, b):
    """The share of pixels that differ."""
    assert a.shape == b.shape
    return float((np.abs(a - b).max(axis=2) > DIFFERENT).mean())


# -- the explorers in JupyterLab ----------------------------------------------------------------

RNG = np.random.default_rng(8)
CELLS = [
    "import convviz\nimport numpy as np",
    "explorer = convviz.ConvExplorer(stride=2, padding=1)\nexplorer",
    f"convviz.ConvExplorer(np.array({RNG.integers(-40, 60, (2, 5, 9)).tolist()}) / 4,"
    f" np.array({RNG.integers(-3, 4, (2, 1, 3, 2)).tolist()}), [3, -2],"
    " groups=2, stride=(2, 3), padding=((1, 0), (0, 2)))",
    "misfit = convviz.ConvExplorer(dilation=3)\nmisfit",
    "convviz.AxisExplorer(40, 5, stride=4, padding=1)",
]


@pytest.fixture
def save(lab, script, tmp_path):
    lab.set_viewport((1280, 1700))
    lab.notebook(CELLS)
    lab.page.evaluate(script)

    def save(index):
        lab.page.mouse.move(2, 2)
        return Saved(lab.output(index).locator(".convviz-explorer"), tmp_path)

    expect(lab.output(4).locator(".convviz-explorer")).to_have_attribute("data-output-size", "10")
    yield save
    lab.assert_no_errors()


def test_light(save):
    for index in (1, 2, 3, 4):
        save(index).assert_faithful()


def test_dark(save, lab):
    lab.set_theme("dark")
    saved = save(1)
    saved.assert_faithful()
    assert saved.drawn().mean() < 80
    save(4).assert_faithful()


def test_phone(save, lab):
    lab.use_phone((375, 1700))
    saved = save(1)
    saved.assert_faithful()
    assert saved.size[0] < 375
    # Wider than the screen: what is scrolled out of sight is cut off, not drawn over the edge.
    assert save(2).size[0] < 375


def test_what_is_lit(save, lab):
    root = lab.output(1).locator(".convviz-explorer")
    root.locator("[data-grid=input][data-channel='0'][data-row='1'][data-col='1']").click()
    saved = save(1)
    saved.assert_faithful()
    badges = root.locator("[data-times]").evaluate_all("els => els.map(el => el.dataset.times)")
    assert badges
    assert not Counter(badges) - Counter(saved.texts)


def test_hatching_is_a_pattern(save):
    saved = save(1)
    patterns = {el.get("id") for el in saved.shapes("pattern")}
    filled = [el.get("fill")[5:-1] for el in saved.shapes("rect") if "url" in el.get("fill")]
    unread = saved.root.locator("[data-unread], [data-kind=unread]").count()
    assert unread > 0
    assert len([name for name in filled if name in patterns]) == unread


# -- what CSS can draw, on a page of its own -------------------------------------------------------

STYLE = """
body { margin: 0; background: #fffbe8; color: #123; font: 15px/1.5 serif; }
main { width: 420px; padding: 8px; display: flow-root; }
.side { border: solid #a33; border-width: 1px 3px 5px 9px; border-radius: 7px; padding: 4px; }
.sides { border-style: solid dashed dotted none; border-width: 4px; margin-top: 6px;
  border-color: #a33 #3a3 #33a #aaa; }
.ring { box-shadow: inset 0 0 0 3px oklch(0.6 0.2 30), 0 0 0 2px color(srgb 0.2 0.4 0.8);
  background: rgb(0 128 0 / 30%); margin: 8px; border-radius: 6px; }
.ramp { height: 20px; margin: 4px; background: linear-gradient(90deg, #fff, #048 60%, #f80); }
.hatch { height: 24px; background: repeating-linear-gradient(
  -45deg, transparent 0 5px, rgb(0 0 90 / 60%) 5px 8px), #ddd; }
.faint { opacity: 0.4; background: navy; color: white; }
.pile { position: relative; height: 60px; }
.pile > * { position: absolute; width: 80px; height: 40px; }
.over { left: 0; top: 0; z-index: 2; background: #fa0; }
.under { left: 30px; top: 15px; z-index: -1; background: #0af; width: 200px !important; }
.between { left: 60px; top: 10px; background: #8c8; }
.focus { outline: 3px solid #e0a; outline-offset: 2px; margin: 8px; border-radius: 4px; }
.cut { width: 90px; height: 30px; overflow: hidden; white-space: nowrap; background: #eee; }
.cut > div { width: 300px; height: 60px; background: #c6c; }
.badge { position: relative; padding: 10px; background: #eef; }
.badge::after { content: attr(data-count); position: absolute; right: 5px; bottom: 4px;
  font-size: 11px; padding: 1px 4px; background: #fd0; border-radius: 6px; }
.said::before { content: "say "; }
.said::after { content: " \\201Cso\\201D"; }
.loud { text-transform: uppercase; letter-spacing: 2px; text-decoration: underline; }
.kept { white-space: pre; margin: 0; font: 13px monospace; }
.drawn { fill: none; stroke: #a0a; stroke-width: 3; }
.secret { color: transparent; } .hidden { visibility: hidden; } .clear { opacity: 0; }
.spoken { position: absolute; width: 1px; height: 1px; overflow: hidden; }
canvas { display: block; image-rendering: pixelated; }
button { border: 1px solid; border-radius: 3px; background: none; color: inherit; font: inherit; }
"""

BODY = """
<p>Three <b>bold &lt;3</b> and <i>italic</i> words &amp; an index x<sub>i</sub>, long enough to be
  broken into lines, with <mark>a mark that is broken, too, into as many lines as it takes</mark>.
</p>
<div class="side">sides that differ</div>
<div class="sides">sides of many colours</div>
<div class="ring">rings</div>
<div class="focus">outline</div>
<div class="ramp"></div>
<div class="hatch"></div>
<div class="faint">faint</div>
<div class="pile"><div class="over">over</div><div class="under"></div>
  <div class="between"></div></div>
<div class="cut"><div>seen, and then cut off at some place</div></div>
<div class="badge" data-count="×7">badge</div>
<p class="said">it</p>
<p class="loud">loud words</p>
<pre class="kept">a  b
    c</pre>
<ul><li>first</li><li>second</li></ul>
<ol><li>one</li><li>two</li></ol>
<svg width="120" height="40" viewBox="0 0 60 20" onclick="alert()"><script>alert()</script>
  <path class="drawn" d="M2 2H40L58 18"/><g display="none"><text y="9">answer7</text></g>
  <text y="9" visibility="hidden">answer8</text>
  <text x="5" y="16" font-size="8">in an SVG</text></svg>
<canvas width="4" height="2" style="width: 80px; height: 40px"></canvas>
<p><span class="secret">answer1</span><span class="hidden">answer2</span>
  <span class="clear">answer3</span><span class="spoken">answer4</span>
  <span style="display: none">answer5</span></p>
<p><button>a button is words</button></p>
<form style="visibility: hidden"><label>name <input value="answer6"></label></form>
"""

PAGE = "<!doctype html><meta charset=utf-8><style>{}</style><main>{}</main>"

PAINT_CANVAS = """
() => {
    const context = document.querySelector('canvas').getContext('2d');
    ['red', 'lime', 'blue', 'black'].forEach((colour, k) => {
        context.fillStyle = colour;
        context.fillRect(k, k % 2, 1, 1);
    });
}
"""


@pytest.fixture
def plain(browser):
    """A page without JupyterLab, at an address that may download."""
    context = browser.new_context(viewport={"width": 600, "height": 1300}, accept_downloads=True)
    context.set_default_timeout(10_000)
    page = context.new_page()
    page.route(
        "http://localhost/",
        lambda route: route.fulfill(body=PAGE.format(STYLE, BODY), content_type="text/html"),
    )
    page.goto("http://localhost/")
    page.evaluate(PAINT_CANVAS)
    yield page
    context.close()


@pytest.fixture
def drawn(plain, script, tmp_path):
    plain.evaluate(script)
    return Saved(plain.locator("main"), tmp_path)


def test_what_css_can_draw(drawn):
    drawn.assert_stands_alone()
    page, own = drawn.on_page(), drawn.drawn()
    assert difference(page, own) < 0.004  # dots and dashes begin elsewhere
    assert difference(page, np.roll(own, 1, axis=1)) > 0.008


def test_words_stand_line_by_line(drawn):
    texts = drawn.texts
    assert "bold <3" in texts
    assert "words & an index x" in texts
    assert {"i", "over", "badge", "×7", "LOUD WORDS", "a  b", "c", "1.\xa0", "2.\xa0"} <= set(texts)
    assert {"say\xa0", "it", "\xa0“so”"} <= set(texts)
    assert "in an SVG" in texts
    assert "a button is words" in texts
    marked = [text for text in texts if text in "a mark that is broken, too, into as many lines"]
    assert len(marked) > 0
    assert max(map(len, texts)) < 70


def test_what_can_not_be_seen_is_not_in_the_file(drawn):
    assert "answer" not in drawn.svg
    assert "alert" not in drawn.svg


def test_title_and_description(drawn):
    assert drawn.tree[0].tag == f"{SVG}title"
    assert drawn.tree[0].text == WORDS["title"]
    assert drawn.tree[1].text == WORDS["description"]


# -- the buttons -----------------------------------------------------------------------------------

INPUT, WEIGHT, BIAS = (array.tolist() for array in example())
LAYER = {"input": INPUT, "weight": WEIGHT, "bias": BIAS, "stride": 2, "padding": 0, "dilation": 1}
LAYER |= {"groups": 1, "padding_mode": "zeros"}
NAME = "convolution-4x4-kernel-3x3-stride-2"

ADD_PANEL = """
layer => {
    window.urls = new Set();
    const { createObjectURL, revokeObjectURL } = URL;
    URL.createObjectURL = blob => {
        const url = createObjectURL.call(URL, blob);
        window.urls.add(url);
        return url;
    };
    URL.revokeObjectURL = url => {
        revokeObjectURL.call(URL, url);
        window.urls.delete(url);
    };
    const wait = window.setTimeout;
    window.setTimeout = (task, time, ...rest) => wait(task, time >= 1000 ? 0 : time, ...rest);
    window.root = document.querySelector('main, .convviz-explorer');
    const panel = new saving.SavePanel(
        () => window.root,
        () => saving.describePicture(saving.makeScene(layer), false),
    );
    root.after(panel.el);
}
"""


class Panel:
    def __init__(self, page):
        self.page = page
        page.evaluate(ADD_PANEL, LAYER)
        self.el = page.locator(".convviz-save")
        self.status = self.el.get_by_role("status")

    def button(self, name):
        return self.el.get_by_role("button", name=f"Save as {name}")

    def save(self, name):
        with self.page.expect_download() as download:
            self.button(name).press("Enter")
        expect(self.status).to_have_text(f"Saved as {NAME}.{name.lower()}.")
        assert download.value.suggested_filename == f"{NAME}.{name.lower()}"
        return download.value.path().read_bytes()


@pytest.fixture
def panel(plain, script):
    plain.evaluate(script)
    return Panel(plain)


def test_saving(panel):
    page = panel.page
    tree = ElementTree.fromstring(panel.save("SVG"))
    width, height = (int(tree.get(name)) for name in ("width", "height"))
    box = page.locator("main").bounding_box()
    assert (width, height) == (math.ceil(box["width"]), math.ceil(box["height"]))
    assert tree[0].text == "A convolution: 4 x 4 input, 3 x 3 kernel"
    assert "the output has shape (2, 1, 1)." in tree[1].text

    png = Image.open(io.BytesIO(panel.save("PNG"))).convert("RGB")
    assert png.size == (2 * width, 2 * height)
    shrunk = np.asarray(png.resize((width, height), Image.Resampling.BOX), dtype=int)
    assert np.abs(shrunk - screenshot(page, 0, 0, (width, height))).mean() < 3
    page.wait_for_function("() => window.urls.size === 0")


def test_saving_in_jupyterlab(own_lab, script):  # the panel is given a clock of its own
    own_lab.notebook(["import convviz\nexplorer = convviz.ConvExplorer(stride=2)\nexplorer"])
    own_lab.page.evaluate(script)
    panel = Panel(own_lab.page)
    assert b">output channel 0" in panel.save("SVG")
    assert panel.save("PNG").startswith(b"\x89PNG")
    panel.button("SVG").focus()
    own_lab.page.keyboard.press("d")
    own_lab.page.keyboard.press("d")
    assert len(own_lab.cells()) == 1
    own_lab.assert_no_errors()


def test_the_panel_is_not_in_the_picture(panel):
    panel.page.evaluate("() => root.append(document.querySelector('.convviz-save'))")
    panel.save("SVG")
    assert b"Save" not in panel.save("SVG")


def test_a_failure_is_said_in_words(panel):
    panel.page.evaluate("() => { window.shown = root; window.root = document.createElement('p'); }")
    for name in ("SVG", "PNG"):
        panel.button(name).click()
        expect(panel.status).to_contain_text(f"could not make the {name}")
    panel.page.evaluate("() => { window.root = window.shown; }")
    panel.page.evaluate("() => { HTMLCanvasElement.prototype.toBlob = done => done(null); }")
    panel.button("PNG").click()
    expect(panel.status).to_contain_text("could not make the PNG")
    panel.save("SVG")
