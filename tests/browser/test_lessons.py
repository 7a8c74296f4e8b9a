"""Every notebook as a learner goes through it: open, run all, move the sliders, look."""

import numpy as np
import pytest
import torch
from playwright.sync_api import expect

from convviz import example, output_size
from tests.browser.explorer_page import ExplorerPage, drag
from tests.execute_notebooks import NOTEBOOKS, list_notebooks


@pytest.mark.parametrize("path", list_notebooks(), ids=lambda path: path.stem)
def test_every_cell_runs_and_every_picture_shows(lab, path):
    lab.open(str(path.relative_to(NOTEBOOKS)))
    lab.run_all()
    views = [cell for cell in lab.cells() if shows_widget(cell)]
    pictures = lab.page.locator(
        ".convviz-explorer, .convviz-axis-explorer, .convviz-image-explorer"
    )
    expect(pictures).to_have_count(len(views))
    lab.assert_no_errors()


def shows_widget(cell):
    return any(
        "application/vnd.jupyter.widget-view+json" in output.get("data", {})
        for output in cell["outputs"]
    )


def cell_with(lab, text):
    """The index of the first code cell that contains `text`."""
    return next(
        index
        for index, cell in enumerate(lab.cells())
        if cell["type"] == "code" and text in cell["source"]
    )


def test_the_output_formula(lab):
    lab.open("01-output-formula.ipynb")
    lab.run_all()
    index = cell_with(lab, "photo = convviz.AxisExplorer(224, 11)")
    lab.show(index)
    output = lab.output(index)
    strip = output.locator(".convviz-axis-explorer")
    expect(strip).to_have_attribute("data-output-size", "214")

    output.get_by_role("slider", name="stride", exact=True).press("ArrowRight")
    expect(strip).to_have_attribute("data-output-size", str(torch_size(224, 11, stride=2)))
    drag(output.get_by_role("slider", name="padding", exact=True), 0.5)
    lab.expect_value("photo.padding > 0", True)
    padding = lab.evaluate("photo.padding")
    expected = torch_size(224, 11, stride=2, padding=padding)
    assert expected == output_size(224, 11, stride=2, padding=padding)
    expect(strip).to_have_attribute("data-output-size", str(expected))
    lab.assert_no_errors()


def test_the_sliding_kernel(lab):
    lab.open("02-sliding-kernel.ipynb")
    lab.run_all()
    index = cell_with(lab, "explorer = convviz.ConvExplorer()")
    lab.execute("explorer.stride, explorer.padding, explorer.position = 1, 0, 0")
    lab.show(index)
    output = lab.output(index)
    explorer = ExplorerPage(output)
    expect(explorer.root).to_have_attribute("data-output-size", "2x2")

    explorer.slider("padding").press("ArrowRight")
    explorer.slider("padding").press("ArrowRight")
    drag(explorer.slider("stride"), 0.4)
    lab.expect_value("explorer.stride", 3)
    expect(explorer.root).to_have_attribute("data-output-size", "2x2")
    input, weight, bias = (torch.tensor(array).double() for array in example())
    expected = torch.nn.functional.conv2d(input, weight, bias, stride=3, padding=2).numpy()
    assert np.array_equal(explorer.outputs(), expected)
    assert np.array_equal(lab.evaluate("explorer.output.tolist()"), expected)
    lab.assert_no_errors()


def torch_size(size, kernel, **settings):
    layer = torch.nn.Conv2d(1, 1, (1, kernel), stride=(1, settings.get("stride", 1)))
    layer.padding = (0, settings.get("padding", 0))
    return layer(torch.zeros(1, 1, 1, size)).shape[-1]
