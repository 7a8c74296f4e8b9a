"""Many explorers, many views, many steps: nothing is left behind, nothing is left out."""

from typing import NamedTuple

import numpy as np
import pytest
import torch
from ipywidgets.widgets import widget as registry
from playwright.sync_api import expect

from convviz import ConvExplorer
from tests.browser.conftest import open_exported
from tests.browser.explorer_page import ExplorerPage

# A page's counts are compared, so that a little on each would show; in a notebook, where
# JupyterLab itself leaves a little behind each time, the pictures left are counted one by one.
TIMES_IN_A_PAGE = 30
TIMES_IN_A_NOTEBOOK = 10

ANY_NUMBER = 10**9

# Remembers, without keeping them alive, all pictures that come into the page from now on.
WATCH = """
() => {
    const seen = new WeakSet(document.querySelectorAll('.convviz-explorer'));
    window.pictures = [];
    new MutationObserver(() => {
        for (const picture of document.querySelectorAll('.convviz-explorer')) {
            if (seen.has(picture)) continue;
            seen.add(picture);
            window.pictures.push(new WeakRef(picture));
        }
    }).observe(document.body, { childList: true, subtree: true });
}
"""

# How many of these are still in memory, though not in the page.
COUNT_PICTURES = """
() => window.pictures.map(reference => reference.deref())
    .filter(picture => picture && !picture.isConnected).length
"""

# As an exported page does on its own: a manager, a model, a view; then each is closed.
COME_AND_GO = """
async () => {
    const [{ HTMLManager }, { requireLoader }] = await new Promise(resolve => window.requirejs(
        ['@jupyter-widgets/html-manager', '@jupyter-widgets/html-manager/dist/libembed-amd'],
        (...modules) => resolve(modules),
    ));
    const read = kind => JSON.parse(
        document.querySelector(`script[type="application/vnd.jupyter.${kind}+json"]`).textContent
    );
    const box = document.createElement('div');
    document.body.append(box);
    const manager = new HTMLManager({ loader: requireLoader });
    await manager.set_state(read('widget-state'));
    const view = await manager.create_view(
        await manager.get_model(read('widget-view').model_id)
    );
    await manager.display_view(view, box);
    const nextFrame = () => new Promise(resolve => requestAnimationFrame(resolve));
    while (!box.querySelector('[data-grid=output]')) await nextFrame();
    view.remove();
    await manager.clear_state();
    box.remove();
}
"""

# Writes down every position shown, as the output cell that lights up.
RECORD_POSITIONS = """
root => {
    window.shown = [];
    new MutationObserver(() => {
        const cell = root.querySelector('[data-grid=output][data-active]');
        const at = cell && `${cell.dataset.row},${cell.dataset.col}`;
        if (at && at !== window.shown.at(-1)) window.shown.push(at);
    }).observe(root, { attributes: true, childList: true, subtree: true });
}
"""


@pytest.fixture
def exported(browser, static_server):
    """A page of the test's own."""
    with open_exported(browser, static_server) as exported:
        yield exported


class Held(NamedTuple):
    """What a page holds more than it did."""

    pictures: int  # of those that came; out of the page, but still in memory
    nodes: int  # DOM nodes, in the page or not
    listeners: int


class Memory:
    """What a page holds after everything that can go has gone, counted from now on."""

    def __init__(self, page):
        self._page = page
        self._devtools = page.context.new_cdp_session(page)
        self._devtools.send("Performance.enable")
        page.evaluate(WATCH)
        self._start = self._count()

    def pictures_seen(self):
        return self._page.evaluate("() => window.pictures.length")

    def held(self, most_nodes, patience):
        """What is held when no more than so many nodes are, or after so many seconds.

        A closed view may be held for some seconds without being held for ever.
        """
        for _ in range(patience):
            held = Held(*(now - then for now, then in zip(self._count(), self._start, strict=True)))
            if not held.pictures and held.nodes <= most_nodes:
                break
            self._page.wait_for_timeout(1000)
        return held

    def _count(self):
        for _ in range(2):
            self._devtools.send("HeapProfiler.collectGarbage")
            self._page.wait_for_timeout(20)
        metrics = self._devtools.send("Performance.getMetrics")["metrics"]
        values = {metric["name"]: int(metric["value"]) for metric in metrics}
        return self._page.evaluate(COUNT_PICTURES), values["Nodes"], values["JSEventListeners"]


def test_it_leaves_nothing_in_a_page(exported):
    exported.show(ConvExplorer())
    exported.output(0).locator(".convviz-explorer").wait_for()
    memory = Memory(exported.page)
    for _ in range(TIMES_IN_A_PAGE):
        exported.page.evaluate(COME_AND_GO)
    assert memory.pictures_seen() == TIMES_IN_A_PAGE
    held = memory.held(most_nodes=TIMES_IN_A_PAGE, patience=30)
    assert held.pictures == 0
    assert held.nodes <= TIMES_IN_A_PAGE
    assert held.listeners <= TIMES_IN_A_PAGE
    exported.assert_no_errors()


def test_a_picture_that_something_holds_is_counted(exported):
    exported.show(ConvExplorer())
    exported.output(0).locator(".convviz-explorer").wait_for()
    memory = Memory(exported.page)
    exported.page.evaluate(
        "() => { window.held = []; new MutationObserver(() => {"
        " window.held.push(document.querySelector('body > div .convviz-explorer'));"
        " }).observe(document.body, { childList: true, subtree: true }); }"
    )
    exported.page.evaluate(COME_AND_GO)
    held = memory.held(most_nodes=1, patience=5)
    assert held.pictures == 1
    assert held.nodes > 100


PARTS = [
    "import convviz, ipywidgets\nbox, out = ipywidgets.VBox(), ipywidgets.Output()\n"
    "ipywidgets.VBox([box, out])",
    "explorer = convviz.ConvExplorer()\nexplorer",
]

# How an explorer comes into a notebook, and how it goes again.
WAYS = {
    "closed": (
        "explorer = convviz.ConvExplorer()\nbox.children = [explorer]",
        "box.children = []\nexplorer.close()",
    ),
    "cleared": (
        "out.append_display_data(convviz.ConvExplorer())",
        "out.clear_output()",
    ),
}


# ipywidgets keeps the last view of a model for as long as the model, and JupyterLab a model for
# as long as the kernel; so the picture has to leave its view when that is removed.
@pytest.mark.parametrize("way", WAYS)
def test_it_leaves_nothing_in_a_notebook(own_lab, way):
    own_lab.notebook(PARTS[:1])
    memory = Memory(own_lab.page)
    come, go = WAYS[way]
    picture = own_lab.output(0).locator(".convviz-explorer")
    for _ in range(TIMES_IN_A_NOTEBOOK):
        own_lab.execute(come)
        expect(picture).to_have_attribute("data-output-size", "2x2")
        own_lab.execute(go)
        expect(picture).to_have_count(0)
    assert memory.pictures_seen() == TIMES_IN_A_NOTEBOOK
    assert memory.held(ANY_NUMBER, patience=5).pictures == 0
    own_lab.assert_no_errors()


def test_a_cell_run_again_leaves_nothing_of_the_run_before(own_lab):
    own_lab.notebook(PARTS)
    own_lab.output(1).locator(".convviz-explorer").wait_for()
    memory = Memory(own_lab.page)
    own_lab.cell(1).locator(".jp-InputPrompt").click()
    for count in range(TIMES_IN_A_NOTEBOOK):
        own_lab.page.keyboard.press("Control+Enter")
        own_lab.page.wait_for_function("count => window.pictures.length === count", arg=count + 1)
    own_lab.wait_until_idle()
    assert memory.pictures_seen() == TIMES_IN_A_NOTEBOOK
    assert memory.held(ANY_NUMBER, patience=5).pictures == 0
    own_lab.assert_no_errors()


def test_a_closed_explorer_leaves_no_widget_behind():
    before = set(registry._instances)
    ConvExplorer().close()
    assert set(registry._instances) == before


def test_a_view_that_goes_leaves_the_other_alive(lab):
    lab.notebook([*PARTS, "box.children = [explorer]"])
    here, there = ExplorerPage(lab.output(0)), ExplorerPage(lab.output(1))
    here.slider("padding").press("ArrowRight")
    expect(there.root).to_have_attribute("data-output-size", "4x4")
    lab.execute("box.children = []")
    expect(here.root).to_have_count(0)
    there.slider("padding").press("ArrowRight")
    expect(there.root).to_have_attribute("data-output-size", "6x6")
    there.cell("output", 1, 2, 3).hover()
    expect(there.cell("output", 1, 2, 3)).to_have_attribute("data-active", "")
    there.cell("output", 1, 2, 3).click()
    lab.expect_value("[explorer.padding, explorer.position, explorer.out_channel]", [2, 15, 1])
    lab.page.mouse.move(2, 2)
    lab.execute("box.children = [explorer]")
    expect(here.cell("output", 1, 2, 3)).to_have_attribute("data-active", "")
    lab.assert_no_errors()


# anywidget gives up on a widget that has not begun after 2 seconds. A hundred at once may take
# longer where the browser does not have the machine for itself.
PATIENCE = """
const timeout = AbortSignal.timeout.bind(AbortSignal);
AbortSignal.timeout = milliseconds => timeout(20 * milliseconds);
"""


def test_a_hundred_explorers_in_one_page(exported):
    exported.page.add_init_script(PATIENCE)
    rng = np.random.default_rng(3)
    layers = [(rng.integers(-4, 6, (1, 4, 5)), rng.integers(-3, 4, (1, 1, 2, 3)))] * 100
    exported.show(*(ConvExplorer(*layer) for layer in layers))
    grids = exported.page.locator(".convviz-explorer [data-grid=output]")
    expect(grids).to_have_count(100 * 3 * 3)
    hundredth = ExplorerPage(exported.output(99))
    hundredth.slider("padding").press("ArrowRight")
    expect(hundredth.root).to_have_attribute("data-output-size", "5x5")
    input, weight = (torch.tensor(array).double() for array in layers[99])
    expected = torch.nn.functional.conv2d(input, weight, padding=1).numpy()
    assert np.array_equal(hundredth.outputs(), expected)
    expect(grids).to_have_count(99 * 3 * 3 + 5 * 5)
    exported.assert_no_errors()


def test_a_key_held_down_leaves_no_position_out(lab):
    lab.notebook(
        [
            "import numpy as np\nimport convviz",
            "explorer = convviz.ConvExplorer(np.ones((1, 8, 8)), np.ones((1, 1, 3, 3)))\nexplorer",
        ]
    )
    explorer = ExplorerPage(lab.output(1))
    explorer.slider("position").focus()
    explorer.root.evaluate(RECORD_POSITIONS)
    devtools = lab.page.context.new_cdp_session(lab.page)
    key = {"key": "ArrowRight", "code": "ArrowRight", "windowsVirtualKeyCode": 39}
    for count in range(35):
        devtools.send(
            "Input.dispatchKeyEvent", {"type": "rawKeyDown", "autoRepeat": count > 0, **key}
        )
    devtools.send("Input.dispatchKeyEvent", {"type": "keyUp", **key})
    lab.expect_value("explorer.position", 35)
    positions = [f"{i},{j}" for i in range(6) for j in range(6)]
    assert lab.page.evaluate("() => window.shown") == positions[1:]
    lab.assert_no_errors()
