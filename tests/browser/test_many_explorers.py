"""Many explorers, many views, many steps: nothing is left behind, nothing is left out."""

import numpy as np
import pytest
import torch
from ipywidgets.widgets import widget as ipywidgets_registry
from playwright.sync_api import expect

from convviz import ConvExplorer
from tests.browser.explorer_page import ExplorerPage

TIMES = 30

# Remembers, without keeping them alive, all pictures that come into the page.
WATCH = """
() => {
    const seen = new WeakSet();
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

# How many pictures there have been, and how many of those not in the page are still in memory.
COUNT_PICTURES = """
() => {
    const alive = window.pictures.map(reference => reference.deref()).filter(Boolean);
    return [window.pictures.length, alive.filter(picture => !picture.isConnected).length];
}
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


class Memory:
    """What a page holds, after everything that can go has gone."""

    def __init__(self, page):
        self._page = page
        self._devtools = page.context.new_cdp_session(page)
        self._devtools.send("Performance.enable")
        page.evaluate(WATCH)

    def collect_garbage(self):
        for _ in range(2):
            self._devtools.send("HeapProfiler.collectGarbage")
            self._page.wait_for_timeout(20)

    def count(self):
        """DOM nodes and listeners, in the document or not."""
        self.collect_garbage()
        metrics = self._devtools.send("Performance.getMetrics")["metrics"]
        values = {metric["name"]: metric["value"] for metric in metrics}
        return np.array([values["Nodes"], values["JSEventListeners"]])

    def pictures_left(self, patience=30):
        """How many pictures there were, and how many are held though out of the page.

        anywidget holds a view for ten seconds by itself, so this waits as long as there is hope.
        """
        for _ in range(patience):
            self.collect_garbage()
            seen, left = self._page.evaluate(COUNT_PICTURES)
            if not left:
                break
            self._page.wait_for_timeout(1000)
        return seen, left


def test_an_explorer_leaves_nothing_in_a_page(exported):
    exported.show(ConvExplorer())
    exported.output(0).locator(".convviz-explorer").wait_for()
    memory = Memory(exported.page)
    before = memory.count()
    for _ in range(TIMES):
        exported.page.evaluate(COME_AND_GO)
    assert memory.pictures_left() == (TIMES, 0)
    nodes, listeners = memory.count() - before
    assert nodes < TIMES
    assert listeners < TIMES
    exported.assert_no_errors()


def test_a_picture_that_something_holds_is_counted(exported):
    exported.show(ConvExplorer())
    exported.output(0).locator(".convviz-explorer").wait_for()
    memory = Memory(exported.page)
    before = memory.count()
    exported.page.evaluate(
        "() => { window.held = []; new MutationObserver(() => {"
        " window.held.push(document.querySelector('body > div .convviz-explorer'));"
        " }).observe(document.body, { childList: true, subtree: true }); }"
    )
    exported.page.evaluate(COME_AND_GO)
    assert memory.pictures_left(patience=15) == (1, 1)
    assert (memory.count() - before)[0] > 100
