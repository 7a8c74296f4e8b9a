"""The explorers as a static page: no kernel, nothing from another host, and all of it alive."""

import importlib.metadata
import json

import numpy as np
import pytest
import torch
from playwright.sync_api import expect

from convviz import AxisExplorer, ConvExplorer, ImageExplorer, output_size
from convviz.catalogue import text
from tests.browser.axe import Axe
from tests.browser.explorer_page import ExplorerPage, drag
from tests.npm import JAVASCRIPT

# Not square, several channels, two groups, kernels that are not symmetric, a bias with a sign.
RNG = np.random.default_rng(23)
LAYER = {
    "input": RNG.integers(-4, 6, (4, 7, 6)),
    "weight": RNG.integers(-3, 4, (2, 2, 2, 3)),
    "bias": RNG.integers(-5, 6, 2),
}


@pytest.fixture
def explorer(exported):
    exported.show(ConvExplorer(**LAYER, groups=2))
    yield ExplorerPage(exported.output(0))
    exported.assert_no_errors()


def expect_output_of_torch(explorer, **settings):
    """Wait for the output that torch has for these settings, and compare every number."""
    tensors = (torch.tensor(array).double() for array in LAYER.values())
    expected = torch.nn.functional.conv2d(*tensors, groups=2, **settings).numpy()
    size = "x".join(map(str, expected.shape[1:]))
    expect(explorer.root).to_have_attribute("data-output-size", size)
    assert np.array_equal(explorer.outputs(), expected)


def test_it_starts_as_it_was_exported(exported):
    settings = {"stride": (2, 1), "padding": ((1, 0), (2, 3)), "padding_mode": "reflect"}
    made = ConvExplorer(**LAYER, groups=2, **settings)
    exported.show(made)
    explorer = ExplorerPage(exported.output(0))
    expect(explorer.root).to_have_attribute("data-output-size", "4x9")
    assert np.array_equal(explorer.outputs(), made.output)
    exported.assert_no_errors()


# The sliders come into the page when the picture has long been there.
LATE_SLIDERS = """
<script>
    const late = new MutationObserver(() => {
        const controls = document.querySelector('.convviz > .convviz-controls');
        if (!controls) return;
        late.disconnect();
        const whole = controls.parentElement;
        controls.remove();
        let frames = 0;
        const wait = () => {
            frames += 1;
            if (frames < 30) requestAnimationFrame(wait);
            else whole.prepend(controls);
        };
        wait();
    });
    late.observe(document, { attributes: true, childList: true, subtree: true });
</script>
"""


@pytest.mark.parametrize("make", [ConvExplorer, AxisExplorer, ImageExplorer])
def test_sliders_that_come_late_have_their_names(exported, make):
    exported.show(make(), head=LATE_SLIDERS)
    slider = exported.output(0).get_by_role("slider", name="stride", exact=True)
    expect(slider).to_have_attribute("data-lm-suppress-shortcuts", "true")
    slider.press("ArrowRight")
    expect(slider).to_have_attribute("aria-valuenow", "2.0")
    exported.assert_no_errors()


def test_sliders_from_the_keyboard(explorer):
    expect_output_of_torch(explorer)
    explorer.slider("stride").press("ArrowRight")
    expect_output_of_torch(explorer, stride=2)
    explorer.slider("padding").press("End")
    expect_output_of_torch(explorer, stride=2, padding=4)
    explorer.slider("dilation").press("ArrowRight")
    expect_output_of_torch(explorer, stride=2, padding=4, dilation=2)
    for _ in range(4):
        explorer.slider("position").press("ArrowRight")
    explorer.slider("out_channel").press("ArrowRight")
    expect(explorer.cell("output", 1, 0, 4)).to_have_attribute("data-active", "")
    explorer.slider("padding").press("Home")
    expect_output_of_torch(explorer, stride=2, dilation=2)
    expect(explorer.cell("output", 1, 2, 0)).to_have_attribute("data-active", "")


def test_the_end_key_goes_to_the_last_position_there_is(explorer):
    explorer.slider("padding").press("ArrowRight")
    expect_output_of_torch(explorer, padding=1)
    explorer.slider("position").press("End")
    expect(explorer.cell("output", 0, 7, 5)).to_have_attribute("data-active", "")


def test_sliders_dragged_with_the_mouse(explorer):
    drag(explorer.slider("padding"), 2 / 4)
    expect_output_of_torch(explorer, padding=2)
    drag(explorer.slider("stride"), (3 - 1) / (6 - 1))
    expect_output_of_torch(explorer, padding=2, stride=3)


def test_a_setting_without_output_explains_itself(explorer):
    explorer.slider("dilation").press("End")
    alert = explorer.root.get_by_role("alert")
    expect(alert).to_contain_text("with dilation 4 its 3 columns span 9")
    assert explorer.root.get_attribute("data-output-size") is None
    assert explorer.grid("output") == {}
    explorer.slider("padding").press("End")
    expect_output_of_torch(explorer, dilation=4, padding=4)
    expect(alert).to_have_count(0)


def test_play_moves_the_kernel_and_stop_returns(explorer):
    buttons = explorer.output.get_by_role("button")
    buttons.and_(explorer.output.get_by_label(text("play"))).click()
    expect(explorer.cell("output", 0, 0, 1)).to_have_attribute("data-active", "")
    expect(explorer.cell("output", 0, 0, 2)).to_have_attribute("data-active", "")
    buttons.and_(explorer.output.get_by_label(text("stop"))).click()
    expect(explorer.cell("output", 0, 0, 0)).to_have_attribute("data-active", "")


def test_pointing_lights_what_belongs_together(explorer):
    explorer.cell("output", 1, 2, 3).hover()
    expect(explorer.cell("output", 1, 2, 3)).to_have_attribute("data-active", "")
    kernel = [(u, v) for u in range(2) for v in range(3)]
    read = {("input", c, 2 + u, 3 + v) for c in (2, 3) for u, v in kernel}
    assert {cell for cell in explorer.lit() if cell[0] == "input"} == read
    explorer.cell("input", 1, 6, 5).hover()
    expect(explorer.cell("input", 1, 6, 5)).to_have_attribute("data-active", "")
    readers = {cell for cell in explorer.lit() if cell[0] == "output"}
    assert readers == {("output", 0, 5, 3)}


def test_two_views_of_one_explorer_stay_in_step(exported):
    made = ConvExplorer(**LAYER, groups=2)
    exported.show(made, made)
    one, two = ExplorerPage(exported.output(0)), ExplorerPage(exported.output(1))
    one.slider("padding").press("ArrowRight")
    two.slider("stride").press("ArrowRight")
    for view in (one, two):
        expect_output_of_torch(view, padding=1, stride=2)
    one.slider("position").press("ArrowRight")
    expect(two.cell("output", 0, 0, 1)).to_have_attribute("data-active", "")
    exported.assert_no_errors()


def test_two_explorers_go_their_own_ways(exported):
    exported.show(*(ConvExplorer(**LAYER, groups=2) for _ in range(2)))
    one, two = ExplorerPage(exported.output(0)), ExplorerPage(exported.output(1))
    one.slider("padding").press("ArrowRight")
    expect_output_of_torch(one, padding=1)
    expect_output_of_torch(two)
    exported.assert_no_errors()


def test_one_axis(exported):
    exported.show(AxisExplorer(40, 5, stride=2))
    output = exported.output(0)
    strip = output.locator(".convviz-axis-explorer")
    sliders = {name: output.get_by_role("slider", name=name, exact=True) for name in AXIS}
    for settings in ({"stride": 3}, {"stride": 3, "padding": 1}, {"stride": 3, "padding": 8}):
        sliders["stride"].press("Home")
        for _ in range(settings["stride"] - 1):
            sliders["stride"].press("ArrowRight")
        drag(sliders["padding"], settings.get("padding", 0) / 8)
        layer = torch.nn.Conv1d(1, 1, 5, **settings)
        size = layer(torch.zeros(1, 1, 40)).shape[-1]
        expect(strip).to_have_attribute("data-output-size", str(size))
        assert size == output_size(40, 5, **settings)
    sliders["position"].press("ArrowRight")
    expect(strip.get_by_role("status")).to_have_text(
        "Output 1 reads cells −5 to −1; 5 of these are padding."
    )
    strip.locator("[data-grid=output][data-index='4']").hover()
    expect(strip.get_by_role("status")).to_have_text("Output 4 reads input cells 4 to 8.")
    exported.assert_no_errors()


AXIS = ("input_size", "kernel_size", "stride", "padding", "dilation", "position")


# A page that says nothing of its colours, and one that is dark for a reader who wants it so.
PAGES = {
    "plain": "",
    "as the reader likes it": """<style>
        :root { color-scheme: light dark; }
        body { background: Canvas; color: CanvasText; }
    </style>""",
}


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_can_be_read_without_a_theme(exported, node_modules, tmp_path, page, scheme):
    exported.page.emulate_media(color_scheme=scheme)
    made = ConvExplorer(**LAYER, groups=2, stride=2, padding=1)
    exported.show(made, AxisExplorer(40, 5, stride=3, padding=1), head=PAGES[page])
    expect(ExplorerPage(exported.output(0)).root).to_have_attribute("data-output-size", "4x3")
    exported.page.screenshot(path=tmp_path / f"{scheme}.png", full_page=True)
    axe = Axe(node_modules)
    found = [x for index in (0, 1) for x in axe.find_violations(exported.output(index))]
    assert not found, "\n\n".join(found)
    exported.assert_no_errors()


def test_a_page_that_asks_another_host_is_told_of(exported):
    exported.show(ConvExplorer(), head='<script src="https://example.org/x.js"></script>')
    assert "refused: https://example.org/x.js" in exported.errors
    with pytest.raises(AssertionError, match=r"example\.org"):
        exported.assert_no_errors()


def test_npm_and_python_bring_the_same_anywidget():
    package = json.loads((JAVASCRIPT / "package.json").read_text(encoding="utf-8"))
    assert package["devDependencies"]["anywidget"] == importlib.metadata.version("anywidget")
