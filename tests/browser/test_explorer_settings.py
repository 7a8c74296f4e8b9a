"""Every setting of the explorer, changed in a page that has no kernel."""

import re

import numpy as np
import pytest
import torch
from playwright.sync_api import expect

from convviz import ConvExplorer, make_axes
from tests.browser.explorer_page import ExplorerPage

# Not square, four channels in and four out, kernels that are not symmetric.
RNG = np.random.default_rng(31)
LAYER = {
    "input": RNG.integers(-4, 6, (4, 6, 7)),
    "weight": RNG.integers(-3, 4, (4, 4, 3, 2)),
    "bias": RNG.integers(-5, 6, 4),
}


@pytest.fixture
def explorer(exported):
    exported.show(ConvExplorer(**LAYER))
    shown = ExplorerPage(exported.output(0))
    shown.button("all settings").click()
    yield shown
    exported.assert_no_errors()


def expect_numbers(explorer, *, weight=None, sides=((0, 0), (0, 0)), mode="constant", **settings):
    """Wait for the output that torch has, and compare every number."""
    (top, bottom), (left, right) = sides
    image = torch.tensor(LAYER["input"]).double()[None]
    padded = torch.nn.functional.pad(image, (left, right, top, bottom), mode=mode)
    kernels = torch.tensor(LAYER["weight"] if weight is None else weight).double()
    bias = torch.tensor(LAYER["bias"]).double()
    expected = torch.nn.functional.conv2d(padded, kernels, bias, **settings)[0].numpy()
    size = "x".join(map(str, expected.shape[1:]))
    expect(explorer.root).to_have_attribute("data-output-size", size)
    assert np.array_equal(explorer.outputs(), expected)


def set_to(slider, value):
    """Bring a slider to a value from the keyboard."""
    slider.press("Home")
    for _ in range(
        value - int(slider.get_attribute("min") or slider.get_attribute("aria-valuemin"))
    ):
        slider.press("ArrowRight")


def test_height_and_width_apart(explorer):
    expect(explorer.slider("stride height")).to_be_hidden()
    explorer.output.get_by_label("height and width apart").check()
    # The kernel is not square, so it was apart already; the others come apart with a second click.
    explorer.output.get_by_label("height and width apart").uncheck()
    expect_numbers(explorer, weight=np.pad(LAYER["weight"], ((0, 0), (0, 0), (0, 0), (0, 1))))
    explorer.output.get_by_label("height and width apart").check()
    expect(explorer.slider("stride")).to_be_hidden()
    set_to(explorer.slider("stride height"), 2)
    set_to(explorer.slider("dilation width"), 2)
    set_to(explorer.slider("padding height"), 1)
    set_to(explorer.slider("kernel_size width"), 2)
    expect_numbers(explorer, sides=((1, 1), (0, 0)), stride=(2, 1), dilation=(1, 2))
    explorer.output.get_by_label("height and width apart").uncheck()
    expect(explorer.slider("stride")).to_be_visible()
    expect(explorer.slider("stride")).to_have_attribute("aria-valuenow", re.compile("^2"))


def test_padding_in_every_form(explorer):
    form = explorer.output.get_by_label("padding as")
    form.select_option("same")
    expect(explorer.slider("padding")).to_be_hidden()
    expect_numbers(explorer, sides=((1, 1), (0, 1)))
    form.select_option("full")
    expect_numbers(explorer, sides=((2, 2), (1, 1)))
    explorer.output.get_by_label("height and width apart").check()
    set_to(explorer.slider("kernel_size height"), 2)
    expect_numbers(explorer, weight=LAYER["weight"][:, :, :2], sides=((1, 1), (1, 1)))
    set_to(explorer.slider("kernel_size height"), 3)
    form.select_option("sides")
    for side, value in {"top": 0, "bottom": 3, "left": 2, "right": 1}.items():
        set_to(explorer.slider(f"padding {side}"), value)
    expect_numbers(explorer, sides=((0, 3), (2, 1)))
    form.select_option("valid")
    expect_numbers(explorer)
    form.select_option("number")
    expect_numbers(explorer)
    expect(explorer.slider("padding")).to_be_visible()


def test_kernel_size_keeps_the_weights(explorer):
    set_to(explorer.slider("kernel_size height"), 1)
    expect_numbers(explorer, weight=LAYER["weight"][:, :, :1])
    set_to(explorer.slider("kernel_size height"), 4)
    expect_numbers(explorer, weight=np.pad(LAYER["weight"], ((0, 0), (0, 0), (0, 1), (0, 0))))
    set_to(explorer.slider("kernel_size height"), 3)
    expect_numbers(explorer)


def test_groups_from_one_to_depthwise(explorer):
    groups = explorer.output.get_by_label("groups")
    assert groups.locator("option").all_inner_texts() == ["1", "2", "4: depthwise"]
    costs = explorer.root.locator(".convviz-costs")
    expect(costs).to_contain_text("100 parameters: 4 × 4 × 3 × 2 weights and 4 biases.")
    expect(costs).to_contain_text("2304 multiply-accumulates: 96 output numbers of 24 products")
    groups.select_option("4")
    depthwise = LAYER["weight"][np.arange(4), np.arange(4)][:, None]
    expect_numbers(explorer, weight=depthwise, groups=4)
    expect(costs).to_contain_text("28 parameters: 4 × 1 × 3 × 2 weights and 4 biases.")
    expect(costs).to_contain_text("576 multiply-accumulates: 96 output numbers of 6 products")
    expect(explorer.root).to_contain_text(
        "output channel 0 does not read this channel (groups = 4)"
    )
    groups.select_option("2")
    halves = np.stack([LAYER["weight"][c, c // 2 * 2 : c // 2 * 2 + 2] for c in range(4)])
    expect_numbers(explorer, weight=halves, groups=2)
    groups.select_option("1")
    expect_numbers(explorer)


@pytest.mark.parametrize("mode", ["reflect", "replicate", "circular"])
def test_padding_modes(explorer, mode):
    explorer.output.get_by_label("padding_mode").select_option(mode)
    explorer.slider("padding").press("ArrowRight")
    explorer.slider("padding").press("ArrowRight")
    expect_numbers(explorer, sides=((2, 2), (2, 2)), mode=mode)


def test_reset_brings_everything_back(explorer):
    explorer.output.get_by_label("groups").select_option("4")
    explorer.output.get_by_label("padding as").select_option("full")
    explorer.output.get_by_label("height and width apart").uncheck()
    explorer.slider("stride").press("End")
    explorer.button("reset").click()
    expect_numbers(explorer)
    expect(explorer.output.get_by_label("padding as")).to_have_value("number")


def test_each_fix_gives_an_output_with_one_click(exported):
    exported.show(ConvExplorer(**LAYER, stride=(1, 2), dilation=4))
    explorer = ExplorerPage(exported.output(0))
    labels = ["padding=2", "dilation=2", "kernel_size=2"]
    alert = explorer.root.get_by_role("alert")
    expect(alert.get_by_role("button")).to_have_text(labels)
    for label in labels:
        alert.get_by_role("button", name=label).click()
        expect(alert).to_have_count(0)
        expect(explorer.root).to_have_attribute("data-output-size", re.compile(r"\d+x\d+"))
        explorer.button("reset").click()
        expect(alert).to_be_visible()
    alert.get_by_role("button", name="dilation=2").click()
    height, width = make_axes((6, 7), (3, 2), stride=(1, 2), dilation=2)
    expect_numbers(explorer, stride=(1, 2), dilation=2)
    assert (height.output, width.output) == (2, 3)
    exported.assert_no_errors()


def test_padding_that_a_mode_cannot_fill_is_cut_with_one_click(exported):
    exported.show(ConvExplorer(LAYER["input"][:, :3, :3], LAYER["weight"], padding_mode="reflect"))
    explorer = ExplorerPage(exported.output(0))
    explorer.slider("padding").press("End")
    alert = explorer.root.get_by_role("alert")
    expect(alert).to_contain_text("padding_mode reflect can add at most 2 rows")
    expect(alert.get_by_role("button")).to_have_text(["padding=2", 'padding_mode="zeros"'])
    alert.get_by_role("button", name="padding=2").click()
    expect(explorer.root).to_have_attribute("data-output-size", "5x6")
    exported.assert_no_errors()
