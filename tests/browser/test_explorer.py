"""The explorer in real JupyterLab: what the sliders, the mouse and the keyboard make of it."""

import numpy as np
import pytest
import torch
from playwright.sync_api import expect

import convviz
from convviz import conv2d, example, make_axes, output_size
from tests.browser.explorer_page import ExplorerPage, drag

IMPORT = "import numpy as np\nimport convviz"
EXPLORER = "explorer = convviz.ConvExplorer()\nexplorer"

# Not square, several channels, two groups, kernels that are not symmetric, a bias with a sign.
RNG = np.random.default_rng(5)
LAYER = {
    "input": RNG.integers(-4, 6, (4, 6, 7)),
    "weight": RNG.integers(-3, 4, (4, 2, 3, 2)),
    "bias": RNG.integers(-5, 6, 4),
}
LAYER_CODE = "layer = [np.array(a) for a in {}]\n".format(
    [LAYER[name].tolist() for name in ("input", "weight", "bias")]
)


def torch_output(input, weight, bias, *, stride=1, padding=((0, 0), (0, 0)), dilation=1, groups=1):
    (top, bottom), (left, right) = padding
    x = torch.nn.functional.pad(torch.tensor(input).double(), (left, right, top, bottom))
    tensors = (torch.tensor(weight).double(), torch.tensor(bias).double())
    return torch.nn.functional.conv2d(
        x, *tensors, stride=stride, dilation=dilation, groups=groups
    ).numpy()


@pytest.fixture
def in_lab(lab):
    """The worked example in JupyterLab, for what a kernel or JupyterLab has a part in."""
    lab.notebook([IMPORT, EXPLORER])
    shown = ExplorerPage(lab.output(1))
    expect(shown.root).to_have_attribute("data-output-size", "2x2")
    yield shown
    lab.assert_no_errors()


@pytest.fixture
def explorer(exported):
    """The worked example in a page of its own, which is there sooner."""
    exported.show(convviz.ConvExplorer())
    shown = ExplorerPage(exported.output(0))
    expect(shown.root).to_have_attribute("data-output-size", "2x2")
    yield shown
    exported.assert_no_errors()


def test_it_starts_with_the_worked_example(explorer):
    input, weight, _ = example()
    assert explorer.outputs().tolist() == [[[15, 18], [9, 19]], [[16, 14], [34, 21]]]
    assert [explorer.grid("input")[c].tolist() for c in (0, 1)] == input.tolist()
    assert [explorer.grid("kernel")[c].tolist() for c in (0, 1)] == weight[0].tolist()
    expect(explorer.root.locator(".convviz-sum")).to_contain_text("output[0, 0, 0] =")
    expect(explorer.root.locator(".convviz-result")).to_have_text("15")
    expect(explorer.root.locator(".convviz-partial")).to_have_text(["13", "1"])
    assert explorer.root.get_by_role("alert").count() == 0


def test_sliders_from_the_keyboard(in_lab, lab):
    in_lab.slider("stride").press("ArrowRight")
    in_lab.slider("padding").press("ArrowRight")
    expect(in_lab.root).to_have_attribute("data-output-size", "2x2")
    expect(in_lab.cell("output", 1, 1, 0)).to_have_attribute("data-value", "9")
    expected = torch_output(*example(), stride=2, padding=((1, 1), (1, 1)))
    assert np.array_equal(in_lab.outputs(), expected)
    lab.expect_value("explorer.output.tolist()", expected.tolist())
    lab.expect_value("[explorer.stride, explorer.padding]", [2, 1])

    in_lab.slider("position").press("End")
    expect(in_lab.cell("output", 0, 1, 1)).to_have_attribute("data-active", "")
    lab.expect_value("explorer.position", 3)
    in_lab.slider("out_channel").press("ArrowRight")
    expect(in_lab.cell("output", 1, 1, 1)).to_have_attribute("data-active", "")
    assert in_lab.grid("kernel")[1].tolist() == example()[1][1, 1].tolist()
    in_lab.slider("dilation").press("ArrowRight")
    expect(in_lab.root).to_have_attribute("data-output-size", "1x1")
    lab.expect_value("explorer.position", 0)


def test_sliders_dragged_with_the_mouse(in_lab, lab):
    drag(in_lab.slider("padding"), 2 / 4)
    lab.expect_value("explorer.padding", 2)
    drag(in_lab.slider("stride"), (3 - 1) / (6 - 1))
    lab.expect_value("explorer.stride", 3)
    expected = torch_output(*example(), stride=3, padding=((2, 2), (2, 2)))
    expect(in_lab.root).to_have_attribute("data-output-size", "2x2")
    assert np.array_equal(in_lab.outputs(), expected)


def test_random_settings_agree_with_torch(lab):
    lab.notebook(
        [IMPORT, f"{LAYER_CODE}explorer = convviz.ConvExplorer(*layer, groups=2)\nexplorer"]
    )
    explorer = ExplorerPage(lab.output(1))
    expect(explorer.root).to_have_attribute("data-output-size", "4x6")
    rng = np.random.default_rng(11)
    for _ in range(12):
        settings = {
            "stride": tuple(rng.integers(1, 4, 2).tolist()),
            "padding": tuple(tuple(side) for side in rng.integers(0, 3, (2, 2)).tolist()),
            "dilation": tuple(rng.integers(1, 3, 2).tolist()),
        }
        lab.execute("\n".join(f"explorer.{name} = {value}" for name, value in settings.items()))
        expected = torch_output(**LAYER, **settings, groups=2)
        expect(explorer.root).to_have_attribute(
            "data-output-size", f"{expected.shape[1]}x{expected.shape[2]}"
        )
        expect(explorer.cell("output", 3, *(n - 1 for n in expected.shape[1:]))).to_have_attribute(
            "data-value", f"{expected[-1, -1, -1]:g}"
        )
        assert np.array_equal(explorer.outputs(), expected), settings
        assert np.array_equal(lab.evaluate("explorer.output.tolist()"), expected)
    lab.assert_no_errors()


@pytest.mark.parametrize("mode", ["reflect", "replicate", "circular"])
def test_padding_modes_show_what_stands_in_the_padding(exported, mode):
    settings = {"groups": 2, "padding": ((2, 1), (0, 3)), "padding_mode": mode}
    exported.show(convviz.ConvExplorer(**LAYER, **settings))
    explorer = ExplorerPage(exported.output(0))
    expect(explorer.root).to_have_attribute("data-output-size", "7x9")
    modes = {"replicate": "edge", "circular": "wrap"}
    padded = np.pad(LAYER["input"], ((0, 0), (2, 1), (0, 3)), mode=modes.get(mode, mode))
    assert np.array_equal(list(explorer.grid("input").values()), padded)
    expected = conv2d(**LAYER, **settings)
    assert np.array_equal(explorer.outputs(), expected)


def test_the_window_its_kernels_and_the_output_light_up_together(explorer):
    explorer.slider("stride").press("ArrowRight")
    explorer.slider("padding").press("ArrowRight")
    explorer.slider("position").press("End")
    kernel = {(u, v) for u in range(3) for v in range(3)}
    assert explorer.lit() == {
        *(("input", c, 1 + u, 1 + v) for c in (0, 1) for u, v in kernel),
        *((grid, c, u, v) for grid in ("kernel", "product") for c in (0, 1) for u, v in kernel),
        ("output", 0, 1, 1),
    }
    window = explorer.cell("input", 1, 3, 2)
    weight = explorer.cell("kernel", 1, 2, 1)
    read_fill = "cell => getComputedStyle(cell).backgroundColor"
    assert window.evaluate(read_fill) == weight.evaluate(read_fill)


def test_no_light_is_left_behind_or_lost_whatever_comes_and_goes(exported):
    rng = np.random.default_rng(41)
    input, weight = rng.integers(-4, 6, (2, 7, 9)), rng.integers(-3, 4, (1, 2, 2, 3))
    exported.show(convviz.ConvExplorer(input, weight))
    explorer = ExplorerPage(exported.output(0))
    names = ("stride", "padding", "dilation", "position")
    seen = set()
    for _ in range(60):
        name, key = rng.choice(names), rng.choice(["ArrowLeft", "ArrowRight", "Home", "End"])
        explorer.slider(name).press(key)
        now = {n: int(float(explorer.slider(n).get_attribute("aria-valuenow"))) for n in names}
        stride, padding, dilation, position = now.values()
        size = output_size((7, 9), (2, 3), stride=stride, padding=padding, dilation=dilation)
        i, j = divmod(position, size[1])
        expected = {("output", 0, i, j)}
        for c, u, v in np.ndindex(2, 2, 3):
            expected |= {("kernel", c, u, v), ("product", c, u, v)}
            row, col = i * stride - padding + u * dilation, j * stride - padding + v * dilation
            expected.add(("input", c, row, col))
        assert explorer.lit() == expected, now
        seen.add(size)
    assert len(seen) > 5
    exported.assert_no_errors()


def test_pointing_at_an_output_shows_what_it_reads(in_lab, lab):
    in_lab.cell("output", 1, 0, 1).hover()
    expect(in_lab.cell("output", 1, 0, 1)).to_have_attribute("data-active", "")
    kernel = {(u, v) for u in range(3) for v in range(3)}
    assert in_lab.lit() == {
        *(("input", c, u, 1 + v) for c in (0, 1) for u, v in kernel),
        *((grid, c, u, v) for grid in ("kernel", "product") for c in (0, 1) for u, v in kernel),
        ("output", 1, 0, 1),
    }
    assert in_lab.grid("kernel")[0].tolist() == example()[1][1, 0].tolist()
    lab.expect_value("explorer.position", 0)
    in_lab.cell("output", 1, 0, 1).click()
    lab.expect_value("[explorer.position, explorer.out_channel]", [1, 1])
    lab.page.mouse.move(2, 2)
    expect(in_lab.cell("output", 1, 0, 1)).to_have_attribute("data-active", "")


def test_pointing_at_an_input_cell_shows_every_output_it_goes_into(explorer):
    cell = explorer.cell("input", 1, 1, 2)
    cell.hover()
    expect(cell).to_have_attribute("data-active", "")
    readers = [(i, j) for i in (0, 1) for j in (0, 1)]
    weights = {("kernel", 1, 1 - i, 2 - j) for i, j in readers}
    outputs = {("output", c, i, j) for c in (0, 1) for i, j in readers}
    assert explorer.lit() == {("input", 1, 1, 2)} | weights | outputs
    weight = example()[1]
    for c, i, j in ((c, i, j) for c in (0, 1) for i, j in readers):
        expected = f"×{weight[c, 1, 1 - i, 2 - j]}"
        expect(explorer.cell("output", c, i, j)).to_have_attribute("data-times", expected)
    expect(explorer.root.locator(".convviz-note")).to_contain_text("goes into 4 cells")


def test_a_corner_goes_into_one_output_and_a_click_pins_it(explorer):
    corner = explorer.cell("input", 0, 3, 3)
    pinned = {("input", 0, 3, 3), ("kernel", 0, 2, 2), *(("output", c, 1, 1) for c in (0, 1))}
    corner.click()
    explorer.root.page.mouse.move(2, 2)
    expect(explorer.root).to_have_attribute("data-pinned", "")
    assert explorer.lit() == pinned
    explorer.slider("padding").press("ArrowRight")
    expect(explorer.root).to_have_attribute("data-output-size", "4x4")
    assert ("input", 0, 3, 3) in explorer.lit()
    assert len([cell for cell in explorer.lit() if cell[0] == "output"]) == 2 * 4
    explorer.slider("position").press("ArrowRight")
    expect(explorer.root).not_to_have_attribute("data-pinned", "")
    assert ("output", 0, 0, 1) in explorer.lit()


def test_a_tap_does_what_a_click_does(in_lab, lab):
    devtools = lab.page.context.new_cdp_session(lab.page)
    devtools.send("Emulation.setTouchEmulationEnabled", {"enabled": True})

    def tap(cell):
        cell.scroll_into_view_if_needed()
        box = cell.bounding_box()
        point = {"x": box["x"] + box["width"] / 2, "y": box["y"] + box["height"] / 2}
        for kind, points in (("touchStart", [point]), ("touchEnd", [])):
            devtools.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    tap(in_lab.cell("output", 1, 1, 0))
    lab.expect_value("[explorer.position, explorer.out_channel]", [2, 1])
    tap(in_lab.cell("input", 0, 0, 0))
    expect(in_lab.root).to_have_attribute("data-pinned", "")
    assert in_lab.lit() == {
        ("input", 0, 0, 0),
        ("kernel", 0, 0, 0),
        *(("output", c, 0, 0) for c in (0, 1)),
    }


def test_every_cell_from_the_keyboard(in_lab, lab):
    in_lab.cell("output", 0, 0, 0).focus()
    lab.page.keyboard.press("ArrowDown")
    lab.page.keyboard.press("ArrowRight")
    expect(in_lab.cell("output", 0, 1, 1)).to_be_focused()
    assert ("input", 0, 3, 3) in in_lab.lit()
    expect(in_lab.root.get_by_role("status")).to_have_text(
        "output row 1, column 1, is 19 (channel 0)"
    )
    lab.page.keyboard.press("Enter")
    lab.expect_value("explorer.position", 3)


def test_cells_that_are_never_read_are_marked(exported):
    exported.show(convviz.ConvExplorer(stride=2, padding=1))
    explorer = ExplorerPage(exported.output(0))
    expect(explorer.cell("input", 0, 4, 0)).to_have_attribute("data-unread", "")
    unread = explorer.root.locator("[data-channel='0'][data-unread]").evaluate_all(
        "cells => cells.map(cell => [Number(cell.dataset.row), Number(cell.dataset.col)])"
    )
    height, width = make_axes((4, 4), (3, 3), stride=2, padding=1)
    rows, cols = range(-1, 5), range(-1, 5)
    expected = [[r, s] for r in rows for s in cols if r in height.unread or s in width.unread]
    assert sorted(unread) == expected
    padding = explorer.root.locator("[data-channel='0'][data-padding]")
    expect(padding).to_have_count(6 * 6 - 4 * 4)


def test_a_setting_without_output_explains_itself(explorer):
    explorer.slider("dilation").press("End")
    alert = explorer.root.get_by_role("alert")
    expect(alert).to_contain_text("with dilation 4 its 3 cells span 9")
    expect(alert).to_contain_text("the padded input has 4 (0 + 4 + 0)")
    expect(alert).to_contain_text("dilation up to 1 would fit")
    expect(alert).to_contain_text("padding of 3 or more on each side would fit")
    assert explorer.grid("output") == {}
    assert explorer.grid("product") == {}
    assert explorer.root.get_attribute("data-output-size") is None
    assert explorer.lit() == set()
    explorer.cell("input", 0, 1, 1).hover()
    explorer.slider("padding").press("End")
    expect(explorer.root).to_have_attribute("data-output-size", "4x4")
    expect(alert).to_have_count(0)
    expected = torch_output(*example(), padding=((4, 4), (4, 4)), dilation=4)
    assert np.array_equal(explorer.outputs(), expected)


def test_a_setting_of_several_numbers_gets_a_slider_for_each(in_lab, lab):
    lab.execute("explorer.stride = (2, 1)")
    expect(in_lab.slider("stride")).to_be_hidden()
    in_lab.slider("stride width").press("End")
    lab.expect_value("explorer.stride", [2, 6])
    expect(in_lab.root).to_have_attribute("data-output-size", "1x1")
    lab.execute("explorer.padding = ((0, 1), (2, 0))")
    in_lab.slider("padding bottom").press("ArrowRight")
    lab.expect_value("explorer.padding", [[0, 2], [2, 0]])
    expected = torch_output(*example(), stride=(2, 6), padding=((0, 2), (2, 0)))
    expect(in_lab.root).to_have_attribute("data-output-size", "2x1")
    assert np.array_equal(in_lab.outputs(), expected)
    lab.execute("explorer.stride = 1")
    expect(in_lab.slider("stride width")).to_be_hidden()
    in_lab.slider("stride").press("ArrowRight")
    lab.expect_value("explorer.stride", 2)
    in_lab.output.get_by_label("padding as").select_option("same")
    lab.expect_value("explorer.padding", "same")
    expected = torch_output(*example(), stride=2, padding=((0, 1), (0, 1)))
    expect(in_lab.cell("input", 0, 4, 4)).to_have_attribute("data-padding", "")
    assert np.array_equal(in_lab.outputs(), expected)


def test_keys_never_reach_the_notebook(in_lab, lab):
    def press_all(controls):
        for control in controls:
            control.focus()
            for key in ("d", "d", "a", "x", "m"):
                lab.page.keyboard.press(key)

    before = [cell["source"] for cell in lab.cells()]
    press_all([in_lab.slider(name) for name in ("stride", "padding", "dilation", "position")])
    press_all([in_lab.cell("output", 0, 0, 0), in_lab.root.locator("[data-term=P]").first])
    press_all([in_lab.output.locator(".jupyter-widgets.widget-play button").first])
    for panel in ("all settings", "edit values", "code", "save picture"):
        in_lab.button(panel).click()
        own = ":is(.convviz-bar, .convviz-panel) :is(input, button, select, pre)"
        controls = in_lab.output.locator(own).element_handles()
        press_all([control for control in controls if control.is_visible()])
    assert [cell["source"] for cell in lab.cells()] == before


def test_every_control_has_a_name(explorer):
    explorer.button("all settings").click()
    controls = explorer.output.locator(
        ":is(.convviz-controls, .convviz-bar)"
        " :is([tabindex='0'], button, input, select, [contenteditable])"
    )
    names = controls.evaluate_all(
        "all => all.filter(el => el.checkVisibility()).map(el =>"
        " el.getAttribute('aria-label') ?? el.closest('label')?.textContent ?? el.textContent)"
    )
    assert list(dict.fromkeys(names)) == [
        *("stride", "dilation", "padding", "out_channel"),
        "play: move the kernel step by step",
        "stop: back to the first position",
        "repeat",
        "position",
        *("padding as", "padding_mode", "groups", "height and width apart", "kernel_size"),
        *("back by one position", "forward by one position", "speed", "reset"),
        *("all settings", "edit values", "how often read"),
        *('"same" in Keras and PyTorch', "code", "save picture"),
    ]


def test_a_busy_kernel_holds_nothing_up(lab):
    lab.notebook([IMPORT, EXPLORER])
    explorer = ExplorerPage(lab.output(1))
    expect(explorer.root).to_have_attribute("data-output-size", "2x2")
    lab.start("import time; time.sleep(60)")
    explorer.slider("padding").press("ArrowRight")
    expect(explorer.root).to_have_attribute("data-output-size", "4x4")
    explorer.slider("stride").press("ArrowRight")
    explorer.slider("position").press("ArrowRight")
    expect(explorer.root).to_have_attribute("data-output-size", "2x2")
    expect(explorer.cell("output", 0, 0, 1)).to_have_attribute("data-active", "")
    expected = torch_output(*example(), stride=2, padding=((1, 1), (1, 1)))
    assert np.array_equal(explorer.outputs(), expected)
    lab.interrupt()


def test_two_views_stay_in_step(lab):
    lab.notebook([IMPORT, EXPLORER, "explorer"])
    one, two = ExplorerPage(lab.output(1)), ExplorerPage(lab.output(2))
    expect(two.root).to_have_attribute("data-output-size", "2x2")
    one.slider("padding").press("ArrowRight")
    expect(two.root).to_have_attribute("data-output-size", "4x4")
    two.slider("stride").press("ArrowRight")
    expect(one.root).to_have_attribute("data-output-size", "2x2")
    assert np.array_equal(one.outputs(), two.outputs())
    lab.assert_no_errors()


def test_numbers_keep_their_sign_and_every_digit(exported):
    exported.show(convviz.ConvExplorer([[[0.1, -2]]], [[[[0.7, -3]]]], [-0.25]))
    explorer = ExplorerPage(exported.output(0))
    expect(explorer.cell("kernel", 0, 0, 1)).to_have_text("−3")
    result = explorer.cell("output", 0, 0, 0)
    expect(result).to_have_text("5.82")
    assert float(result.get_attribute("data-value")) == pytest.approx(0.1 * 0.7 + 6 - 0.25)


def test_it_fits_a_phone(lab):
    lab.notebook([IMPORT, EXPLORER])
    explorer = ExplorerPage(lab.output(1))
    lab.use_phone()
    explorer.slider("padding").press("ArrowRight")
    expect(explorer.root).to_have_attribute("data-output-size", "4x4")
    widths = explorer.output.locator(".convviz").evaluate("el => [el.scrollWidth, el.clientWidth]")
    assert widths[0] <= widths[1]
    for cell in (explorer.cell("input", 0, 4, 4), explorer.cell("output", 1, 3, 3)):
        box = cell.bounding_box()
        assert box["x"] + box["width"] <= 375
        assert box["width"] >= 20


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_text_has_contrast(lab, theme):
    lab.notebook([IMPORT, EXPLORER])
    lab.set_theme(theme)
    explorer = ExplorerPage(lab.output(1))
    explorer.slider("padding").press("ArrowRight")
    explorer.slider("stride").press("ArrowRight")
    expect(explorer.root).to_have_attribute("data-output-size", "2x2")
    ratios = explorer.root.evaluate(CONTRAST)
    assert len(ratios) > 100
    poor = [entry for entry in ratios if entry["ratio"] < 4.5]
    assert not poor


# WCAG's contrast ratio of every piece of text against the nearest background behind it.
CONTRAST = """
root => {
    const canvas = document.createElement('canvas');
    canvas.width = canvas.height = 1;
    const context = canvas.getContext('2d', { willReadFrequently: true });
    const rgba = color => {
        context.clearRect(0, 0, 1, 1);
        context.fillStyle = color;
        context.fillRect(0, 0, 1, 1);
        return [...context.getImageData(0, 0, 1, 1).data];
    };
    const luminance = ([r, g, b]) => {
        const [x, y, z] = [r, g, b].map(c => c / 255)
            .map(c => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
        return 0.2126 * x + 0.7152 * y + 0.0722 * z;
    };
    const behind = el => {
        for (let at = el; at; at = at.parentElement) {
            const fill = rgba(getComputedStyle(at).backgroundColor);
            if (fill[3] === 255) return fill;
        }
        return [255, 255, 255];
    };
    const found = [];
    for (const el of root.querySelectorAll('*')) {
        const own = [...el.childNodes].filter(n => n.nodeType === Node.TEXT_NODE);
        const text = own.map(n => n.data).join('').trim();
        if (!text || !el.checkVisibility()) continue;
        const [a, b] = [luminance(rgba(getComputedStyle(el).color)), luminance(behind(el))];
        found.push({ text, ratio: (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05) });
    }
    return found;
}
"""
