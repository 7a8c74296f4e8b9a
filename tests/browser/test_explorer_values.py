"""Numbers edited in the picture, and read back in Python."""

import numpy as np
import pytest
from playwright.sync_api import expect

from convviz import ConvExplorer, conv2d, example
from tests.browser.explorer_page import ExplorerPage


@pytest.fixture
def explorer(exported):
    exported.show(ConvExplorer())
    shown = ExplorerPage(exported.output(0))
    expect(shown.root).to_have_attribute("data-output-size", "2x2")
    yield shown
    exported.assert_no_errors()


def type_into(explorer, keys):
    """Press these keys one after the other, as a learner does."""
    for key in keys:
        explorer.root.page.keyboard.press(key)


def changed(input_changes=(), weight_changes=()):
    """The output of the worked example with some numbers replaced."""
    input, weight, bias = (array.astype(float) for array in example())
    for *at, value in input_changes:
        input[tuple(at)] = value
    for *at, value in weight_changes:
        weight[tuple(at)] = value
    return conv2d(input, weight, bias)


def expect_outputs(explorer, expected):
    last = explorer.cell("output", len(expected) - 1, *(n - 1 for n in expected.shape[1:]))
    expect(last).to_have_attribute("data-value", f"{expected[-1, -1, -1]:g}")
    assert np.array_equal(explorer.outputs(), expected)


def test_typing_on_a_cell_replaces_its_number(explorer):
    cell = explorer.cell("input", 1, 2, 1)
    cell.focus()
    type_into(explorer, ["-", "1", "2", "Enter"])
    expect(cell).to_have_text("−12")
    expect(cell).to_be_focused()
    expect_outputs(explorer, changed([(1, 2, 1, -12)]))
    explorer.slider("out_channel").press("ArrowRight")
    kernel = explorer.cell("kernel", 0, 2, 2)
    kernel.dblclick()
    explorer.root.page.keyboard.type("0.5")
    explorer.root.page.keyboard.press("Enter")
    expect_outputs(explorer, changed([(1, 2, 1, -12)], [(1, 0, 2, 2, 0.5)]))


def test_tab_goes_on_to_the_next_cell_and_escape_gives_up(explorer):
    explorer.cell("kernel", 0, 0, 1).focus()
    type_into(explorer, ["7", "Tab", "8", "Tab", "9", "Escape"])
    expect(explorer.cell("kernel", 0, 1, 0)).to_be_focused()
    assert explorer.grid("kernel")[0].tolist() == [[0, 7, 8], [2, 0, 3], [0, 4, 0]]
    expect_outputs(explorer, changed((), [(0, 0, 0, 1, 7), (0, 0, 0, 2, 8)]))


@pytest.mark.parametrize("typed", ["abc", "1e999", "<b>1</b>", "99999999999999999999", ""])
def test_what_is_no_number_is_refused_in_words_and_nothing_is_lost(explorer, typed):
    cell = explorer.cell("input", 0, 0, 0)
    cell.dblclick()
    editor = explorer.root.locator(".convviz-editor")
    editor.fill(typed)
    editor.press("Enter")
    expect(explorer.root.locator(".convviz-note")).to_contain_text("is not taken. Write a number")
    expect(explorer.root.locator(".convviz-note")).to_contain_text(typed)
    expect(editor).to_have_value(typed)
    editor.press("Escape")
    expect(cell).to_have_text("1")
    expect_outputs(explorer, changed())


def test_padding_and_results_are_not_edited(explorer):
    explorer.slider("padding").press("ArrowRight")
    for cell in (explorer.cell("input", 0, -1, 0), explorer.cell("output", 0, 0, 0)):
        cell.focus()
        type_into(explorer, ["5"])
        expect(explorer.root.locator(".convviz-editor")).to_have_count(0)
        expect(explorer.root.locator(".convviz-note")).to_have_text(
            "Only the cells of the input and of the kernel can be changed."
        )


def test_a_click_edits_while_the_panel_is_open(explorer):
    explorer.button("edit values").click()
    explorer.cell("input", 0, 3, 3).click()
    explorer.root.locator(".convviz-editor").fill("40")
    explorer.cell("kernel", 1, 1, 1).click()
    expect_outputs(explorer, changed([(0, 3, 3, 40)]))
    explorer.root.locator(".convviz-editor").press("Escape")
    explorer.output.get_by_label("bias of output channel 0").fill("100")
    explorer.output.get_by_label("bias of output channel 0").press("Enter")
    expect_outputs(explorer, changed([(0, 3, 3, 40)]) + np.array([[[99]], [[0]]]))
    explorer.button("values as given").click()
    expect_outputs(explorer, changed())


def test_kernels_known_by_name(explorer):
    explorer.button("edit values").click()
    kernels = explorer.output.get_by_label("kernels")
    input, weight, bias = example()
    known = {
        "preset_identity": [[0, 0, 0], [0, 1, 0], [0, 0, 0]],
        "preset_sharpen": [[0, -1, 0], [-1, 5, -1], [0, -1, 0]],
        "preset_vertical_edges": [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]],
        "preset_box_blur": np.ones((3, 3)),
    }
    for name, kernel in known.items():
        kernels.select_option(name)
        weight[0] = kernel
        expect_outputs(explorer, conv2d(input, weight, bias))
    names = kernels.locator("option").all_inner_texts()
    assert "box blur, times 9" in names
    assert len(names) > 6


def test_what_was_edited_is_read_back_in_python(lab):
    code = "import convviz\nexplorer = convviz.ConvExplorer(panel='values')\nexplorer"
    lab.notebook([code, "seen = []\nexplorer.observe(lambda change: seen.append(1), 'weight')"])
    explorer = ExplorerPage(lab.output(0))
    explorer.cell("kernel", 1, 2, 0).click()
    explorer.root.locator(".convviz-editor").press("9")
    explorer.root.locator(".convviz-editor").press("Enter")
    lab.expect_value("explorer.weight[0, 1].tolist()", [[0, 0, 0], [0, 1, 0], [9, 0, 0]])
    expected = changed((), [(0, 1, 2, 0, 9)])
    lab.expect_value("explorer.output.tolist()", expected.tolist())
    explorer.button("all settings").click()
    explorer.output.get_by_label("groups").select_option("2")
    lab.expect_value("[explorer.groups, *explorer.weight.shape]", [2, 2, 1, 3, 3])
    assert lab.evaluate("len(seen)") == 2
    assert np.array_equal(explorer.outputs(), lab.evaluate("explorer.output.tolist()"))
    lab.execute("explorer.weight = explorer.weight[:, :, :2, :2] * 2")
    expect(explorer.root).to_have_attribute("data-output-size", "3x3")
    assert np.array_equal(explorer.outputs(), lab.evaluate("explorer.output.tolist()"))
    # Letters typed in a field, in JupyterLab's command mode, would cut and delete cells.
    explorer.cell("input", 0, 0, 0).dblclick()
    for key in "ddxaa":
        lab.page.keyboard.press(key)
    assert len(lab.cells()) == 2
    lab.assert_no_errors()
