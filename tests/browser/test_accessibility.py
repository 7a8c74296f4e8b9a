"""What axe-core finds wrong with the explorers in JupyterLab: nothing, in any of their states."""

from collections.abc import Callable
from typing import NamedTuple

import pytest
from playwright.sync_api import expect

from tests.browser.axe import Axe
from tests.browser.explorer_page import ExplorerPage


class State(NamedTuple):
    """An explorer as a learner may meet it: how it is made, and what is then done to it."""

    make: str
    reach: Callable[[ExplorerPage], None] = lambda explorer: None


def leave_no_output(explorer):
    explorer.slider("dilation").press("End")
    explorer.root.get_by_role("alert").wait_for()


def pin_an_input(explorer):
    explorer.cell("input", 0, 1, 1).click()
    expect(explorer.root).to_have_attribute("data-pinned", "")


def point_at_an_output(explorer):
    explorer.cell("output", 1, 1, 0).hover()
    expect(explorer.cell("output", 1, 1, 0)).to_have_attribute("data-active", "")


def press_keys_in_a_grid(explorer):
    explorer.cell("output", 0, 0, 0).focus()
    explorer.root.page.keyboard.press("ArrowDown")
    expect(explorer.cell("output", 0, 1, 0)).to_be_focused()


def edit_a_cell(explorer):
    explorer.cell("input", 0, 0, 0).click()
    explorer.root.locator(".convviz-editor").fill("x")
    explorer.root.locator(".convviz-editor").press("Enter")
    expect(explorer.root.locator(".convviz-editor")).to_have_attribute("aria-invalid", "true")


def point_at_a_term(explorer):
    explorer.root.locator("[data-term=P]").first.hover()
    expect(explorer.root).to_have_attribute("data-focus", "term")


def predict_wrongly(explorer):
    explorer.output.get_by_label("height", exact=True).fill("1")
    explorer.output.get_by_label("width", exact=True).fill("3")
    explorer.button("check").click()
    expect(explorer.output.locator(".convviz-predict-answer")).not_to_be_empty()


def let_the_kernel_outgrow_the_axis(explorer):
    explorer.slider("kernel_size").press("End")
    explorer.root.get_by_role("alert").wait_for()


# A new state of an explorer is a new line here.
STATES = {
    "at first": State("ConvExplorer()"),
    "padded, some cells never read": State("ConvExplorer(stride=2, padding=1)"),
    "settings in pairs": State("ConvExplorer(stride=(2, 1), padding=((0, 1), (2, 0)))"),
    "no output": State("ConvExplorer()", leave_no_output),
    "input pinned": State("ConvExplorer(padding=1)", pin_an_input),
    "pointing": State("ConvExplorer(padding=1)", point_at_an_output),
    "keys in a grid": State("ConvExplorer()", press_keys_in_a_grid),
    "all settings": State("ConvExplorer(panel='settings', padding=((0, 1), (2, 0)))"),
    "values": State("ConvExplorer(panel='values', heat_map=True)", edit_a_cell),
    "Keras beside PyTorch": State("ConvExplorer(stride=2, panel='same')"),
    "code": State("ConvExplorer(stride=2, padding='same', panel='code')"),
    "save": State("ConvExplorer(panel='save')"),
    "a term pointed at": State("ConvExplorer(stride=2, padding=1)", point_at_a_term),
    "size to be predicted": State("ConvExplorer(predict='output_size')", predict_wrongly),
    "number to be predicted": State("ConvExplorer(predict='output_value')"),
    "axis": State("AxisExplorer(224, 11, stride=4, padding=(2, 3))"),
    "axis, no output": State("AxisExplorer(9, 3)", let_the_kernel_outgrow_the_axis),
}


@pytest.fixture
def axe(node_modules):
    return Axe(node_modules)


class Stage:
    """A notebook that shows one explorer at a time, always in the same output."""

    def __init__(self, lab):
        self._lab = lab
        lab.notebook(["import convviz, ipywidgets\nbox = ipywidgets.VBox()\nbox"])

    def show(self, state: State) -> ExplorerPage:
        explorer = ExplorerPage(self._lab.output(0))
        self._lab.execute("box.children = []")
        explorer.root.wait_for(state="detached")
        self._lab.execute(f"explorer = convviz.{state.make}\nbox.children = [explorer]")
        explorer.root.wait_for()
        # The sliders get their names once the picture has its place.
        explorer.output.locator("[role=slider][aria-label]").first.wait_for(state="attached")
        state.reach(explorer)
        return explorer


@pytest.mark.parametrize("width", ["desktop", "phone"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing(lab, axe, theme, width):
    stage = Stage(lab)
    lab.set_theme(theme)
    if width == "phone":
        lab.use_phone()
    found = []
    for name, state in STATES.items():
        root = stage.show(state).output.locator(".convviz")
        found += [f"{name}: {violation}" for violation in axe.find_violations(root)]
    assert not found, "\n\n".join(found)
    lab.assert_no_errors()


# What is broken in the order given, and the rule of axe's that must say so.
BREAKAGES = {
    "aria-input-field-name": ("[role=slider]", "el => el.removeAttribute('aria-label')"),
    "aria-valid-attr-value": ("[role=slider]", "el => el.setAttribute('aria-valuenow', 'two')"),
    "button-name": (".widget-play button", "el => el.removeAttribute('aria-label')"),
    "target-size": (".widget-play", "el => { el.style.zoom = 0.3; }"),
    "color-contrast": (".convviz-note", "el => { el.style.color = '#aaa'; }"),
}


def test_axe_finds_what_is_broken(lab, axe):
    explorer = Stage(lab).show(STATES["at first"])
    root = explorer.output.locator(".convviz")
    assert axe.find_violations(root) == []
    for rule, (selector, breakage) in BREAKAGES.items():
        root.locator(selector).first.evaluate(breakage)
        rules = {violation.partition(":")[0] for violation in axe.find_violations(root)}
        assert rule in rules
