"""The panel of programs on a page of its own: its tabs, its copying, and what it shows."""

import pytest
from playwright.sync_api import expect

from convviz import example
from tests.npm import JAVASCRIPT, run

ADDRESS = "http://localhost/"  # which a browser trusts with the clipboard

ENTRY = """
import {{ makeScene }} from "{source}/core/convolution.js";
import {{ CodePanel }} from "{source}/explorer/code-panel.js";

const controller = new AbortController();
const panel = new CodePanel(controller.signal);
document.querySelector("main").append(panel.el);
window.draw = (layer) => panel.draw(makeScene(layer));
window.end = () => controller.abort();
"""

PAGE = """<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>A panel</title><link rel="icon" href="data:,">
<style>{style}</style></head>
<body><main class="convviz"></main><script type="module">{script}</script></body>
</html>
"""

INPUT, WEIGHT, BIAS = (array.tolist() for array in example())
LAYER = {"input": INPUT, "weight": WEIGHT, "bias": BIAS, "stride": 1, "padding": 0, "dilation": 1}
LAYER |= {"groups": 1, "padding_mode": "zeros"}


@pytest.fixture(scope="module")
def page_source(node_modules, tmp_path_factory):
    folder = tmp_path_factory.mktemp("panel")
    source = JAVASCRIPT / "src"
    (folder / "entry.js").write_text(ENTRY.format(source=source.as_posix()), encoding="utf-8")
    inputs = [folder / "entry.js", source / "style/explorer.css"]
    options = ["--bundle", f"--outdir={folder / 'out'}", "--entry-names=[name]", "--format=esm"]
    outcome = run("npx", "--no-install", "esbuild", *inputs, *options)
    assert outcome.returncode == 0, outcome.stderr
    script, style = (
        (folder / "out" / name).read_text(encoding="utf-8") for name in ("entry.js", "explorer.css")
    )
    return PAGE.format(script=script, style=style)


class Panel:
    def __init__(self, page):
        self.page = page
        self.code = page.locator("pre")
        self.copy = page.get_by_role("button", name="copy")
        self.status = page.get_by_role("status")

    def tab(self, name):
        return self.page.get_by_role("tab", name=name)

    def draw(self, **settings):
        self.page.evaluate("layer => window.draw(layer)", LAYER | settings)


@pytest.fixture
def panel(browser, page_source):
    context = browser.new_context(viewport={"width": 375, "height": 700})
    context.set_default_timeout(10_000)
    page = context.new_page()
    errors = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.route("**/*", lambda route: route.fulfill(body=page_source, content_type="text/html"))
    page.goto(ADDRESS)
    page.wait_for_function("() => window.draw")
    panel = Panel(page)
    panel.draw()
    yield panel
    assert errors == []
    context.close()


def test_tabs_from_the_keyboard(panel):
    expect(panel.tab("PyTorch")).to_have_attribute("aria-selected", "true")
    expect(panel.code).to_contain_text("import torch")
    panel.tab("PyTorch").focus()
    for key, name, text in [
        ("ArrowRight", "Keras", "import keras"),
        ("ArrowRight", "PyTorch", "import torch"),
        ("ArrowLeft", "Keras", "import keras"),
        ("Home", "PyTorch", "import torch"),
        ("End", "Keras", "import keras"),
    ]:
        panel.page.keyboard.press(key)
        expect(panel.tab(name)).to_be_focused()
        expect(panel.page.get_by_role("tab", selected=True)).to_have_text(name)
        expect(panel.page.get_by_role("tabpanel", name=name)).to_contain_text(text)
    # One stop for the tabs, one for the button, one for the code.
    for stop in (panel.copy, panel.code):
        panel.page.keyboard.press("Tab")
        expect(stop).to_be_focused()
    focusable = panel.page.locator("[tabindex], button")
    for k in range(focusable.count()):
        expect(focusable.nth(k)).to_have_attribute("data-lm-suppress-shortcuts", "true")


def test_the_code_follows_the_setting(panel):
    panel.draw(stride=2)
    expect(panel.code).to_contain_text("stride=2")
    panel.tab("Keras").click()
    expect(panel.code).to_contain_text("strides=2")
    panel.draw(stride=2, padding="same")
    expect(panel.code).to_contain_text('padding="same"')
    panel.tab("PyTorch").click()
    expect(panel.code).to_contain_text("torch.nn.ZeroPad2d((0, 1, 0, 1))")


def test_a_setting_without_output(panel):
    panel.draw(dilation=2)
    expect(panel.code).to_be_hidden()
    expect(panel.copy).to_be_hidden()
    expect(panel.page.get_by_role("tabpanel")).to_have_text(
        "This setting has no output, so there is no code for it."
    )
    panel.draw(dilation=1)
    expect(panel.code).to_contain_text("import torch")
    expect(panel.copy).to_be_visible()


def test_copy(panel):
    panel.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    panel.copy.click()
    expect(panel.status).to_have_text("Copied.")
    copied = panel.page.evaluate("() => navigator.clipboard.readText()")
    assert copied.splitlines() == panel.code.text_content().splitlines()
    panel.draw(stride=2)
    expect(panel.status).to_have_text("")


@pytest.mark.parametrize("clipboard", ["undefined", "{ writeText: () => Promise.reject() }"])
def test_without_leave_to_copy_the_code_is_selected(panel, clipboard):
    panel.page.evaluate(f"Object.defineProperty(navigator, 'clipboard', {{ value: {clipboard} }})")
    panel.copy.click()
    expect(panel.status).to_contain_text("Ctrl+C")
    expect(panel.code).to_be_focused()
    selected = panel.page.evaluate("() => getSelection().toString()")
    assert selected.split() == panel.code.text_content().split()


def test_it_fits_a_phone_and_scrolls_by_itself(panel):
    assert panel.page.evaluate("document.documentElement.scrollWidth") == 375
    assert panel.code.evaluate("el => el.scrollWidth > el.clientWidth")


def test_no_listener_is_left(panel):
    panel.page.evaluate("window.end()")
    panel.tab("Keras").click()
    expect(panel.tab("PyTorch")).to_have_attribute("aria-selected", "true")
