"""The image explorer in a real browser: what is painted, typed, dragged, pointed at and read."""

import numpy as np
import pytest
from playwright.sync_api import expect

from convviz import ImageExplorer
from tests.browser.axe import Axe
from tests.browser.explorer_page import drag

RNG = np.random.default_rng(11)
IMAGE = RNG.integers(0, 256, (13, 17, 3), np.uint8)
KERNEL = [[1, -2, 3], [0, 4, -1]]

START = [
    "import numpy as np\n"
    "from convviz import ImageExplorer\n"
    "image = np.random.default_rng(11).integers(0, 256, (13, 17, 3), np.uint8)\n"
    f"explorer = ImageExplorer(image, {KERNEL}, show='clip')\n"
    "explorer"
]

READ_CANVAS = """
canvas => {
    const { width, height } = canvas;
    const { data } = canvas.getContext('2d').getImageData(0, 0, width, height);
    return [height, width, [...data]];
}
"""

FIND_OVERFLOW = """
root => {
    const bounds = root.getBoundingClientRect();
    return [...root.querySelectorAll('*')]
        .filter(el => el.offsetParent && !el.matches('.convviz-image-mark'))
        .filter(el => el.getBoundingClientRect().right > bounds.right + 1)
        .map(el => el.className);
}
"""


class Explorer:
    """One image explorer in an output, as a user meets it."""

    def __init__(self, output):
        self.output = output
        self.root = output.locator(".convviz-image-explorer")
        self.note = self.root.get_by_role("status")
        self.alert = self.root.get_by_role("alert")
        self.refusal = self.root.locator(".convviz-refusal")
        self.before = self.root.locator("canvas.convviz-image-before")
        self.after = self.root.locator("canvas.convviz-image-after")
        self.divider = self.root.get_by_role("slider", name="divider between before and after")
        self.divisor = self.root.get_by_label("divide by")

    def slider(self, name):
        return self.output.get_by_role("slider", name=name, exact=True)

    def weight(self, u, v):
        return self.root.get_by_role("textbox", name=f"weight row {u}, column {v}")

    def weight_slider(self):
        return self.root.locator("input[type=range]")

    def preset(self, name):
        return self.root.get_by_role("button", name=name, exact=True)

    def one_picture(self):
        return self.output.get_by_role("checkbox", name="one picture, with a divider to drag")

    def expect_size(self, height, width):
        expect(self.root).to_have_attribute("data-output-size", f"{height}x{width}")

    def painted(self):
        """What the canvas after shows, (H, W, 3)."""
        return self._read(self.after)

    def painted_before(self):
        return self._read(self.before)

    def lens(self, grid):
        cells = self.root.locator(f".convviz-image-lens [data-grid={grid}]")
        return [
            float(value) for value in cells.evaluate_all("cells => cells.map(c => c.dataset.value)")
        ]

    def point_at(self, canvas, row, column, click=False):
        height, width = canvas.evaluate("canvas => [canvas.height, canvas.width]")
        box = canvas.bounding_box()
        place = {
            "x": (column + 0.5) / width * box["width"],
            "y": (row + 0.5) / height * box["height"],
        }
        (canvas.click if click else canvas.hover)(position=place)

    def _read(self, canvas):
        height, width, data = canvas.evaluate(READ_CANVAS)
        return np.array(data, np.uint8).reshape(height, width, 4)[..., :3]


def paint(explorer):
    """What the canvas should show of a Python explorer's output, (H, W, 3)."""
    output = explorer.output
    levels = {"clip": output, "grey": output + 128, "magnitude": abs(output)}[explorer.show]
    shades = np.rint(levels).clip(0, 255).astype(np.uint8)
    return shades if shades.ndim == 3 else np.repeat(shades[..., None], 3, axis=-1)


@pytest.fixture
def explorer(lab):
    lab.notebook(START)
    shown = Explorer(lab.output(0))
    shown.expect_size(13, 17)
    yield shown
    lab.assert_no_errors()


def expect_kernel(lab, kernel, divisor=1):
    lab.expect_value("[explorer.kernel.tolist(), explorer.divisor]", [kernel, divisor])


def test_both_pictures_are_painted_as_python_has_them(explorer):
    assert np.array_equal(explorer.painted_before(), IMAGE)
    twin = ImageExplorer(IMAGE, KERNEL, show="clip")
    assert np.array_equal(explorer.painted(), paint(twin))
    expect(explorer.root.locator(".convviz-image-how")).to_contain_text(
        f"of these {twin.output.size} numbers, {(twin.output < 0).sum()} lie below and are shown "
        f"as 0, {(twin.output > 255).sum()} lie above and are shown as 255."
    )


def test_random_settings_are_painted_as_python_has_them(explorer, lab):
    rng = np.random.default_rng(5)
    for _ in range(10):
        colours = () if rng.integers(2) else (3,)
        image = rng.integers(0, 256, (*rng.integers(8, 20, 2), *colours), np.uint8)
        settings = {
            "kernel": rng.integers(-5, 6, rng.integers(1, 4, 2)).tolist(),
            "divisor": int(rng.integers(1, 10)),
            "stride": int(rng.integers(1, 5)),
            "padding": ("valid", "same", int(rng.integers(4)))[rng.integers(3)],
            "dilation": int(rng.integers(1, 4)),
            "show": ("clip", "grey", "magnitude")[rng.integers(3)],
        }
        twin = ImageExplorer(image, **settings)
        lab.execute(f"explorer.image = np.array({image.tolist()}, np.uint8)")
        for name, value in settings.items():
            lab.execute(f"explorer.{name} = {value!r}")
        explorer.expect_size(*twin.output.shape[:2])
        assert np.array_equal(explorer.painted_before()[..., 0], np.atleast_3d(image)[..., 0])
        assert np.array_equal(explorer.painted(), paint(twin)), settings


def test_sliders_from_the_keyboard(explorer, lab):
    explorer.slider("stride").press("ArrowRight")
    explorer.expect_size(7, 9)
    explorer.slider("dilation").press("ArrowRight")
    explorer.output.get_by_role("checkbox", name='padding "same"').uncheck()
    explorer.expect_size(6, 7)
    explorer.slider("padding").press("ArrowRight")
    explorer.expect_size(7, 8)
    lab.expect_value(
        "[explorer.stride, explorer.dilation, explorer.padding, explorer.output.shape]",
        [2, 2, 1, [7, 8, 3]],
    )
    lab.execute("explorer.padding = 'same'")
    expect(explorer.output.get_by_role("checkbox", name='padding "same"')).to_be_checked()
    explorer.expect_size(7, 9)


def test_weights_are_typed(explorer, lab):
    explorer.weight(0, 0).click()
    lab.page.keyboard.type("-12")
    expect_kernel(lab, [[-12, -2, 3], [0, 4, -1]])
    lab.page.keyboard.press("Enter")
    expect(explorer.weight(0, 1)).to_be_focused()
    lab.page.keyboard.type("0.5")
    lab.page.keyboard.press("ArrowDown")
    expect(explorer.weight(1, 1)).to_be_focused()
    lab.page.keyboard.press("Tab")
    expect(explorer.weight(1, 2)).to_be_focused()
    lab.page.keyboard.type("7")
    lab.page.keyboard.press("Escape")
    expect(explorer.weight(1, 2)).to_have_value("−1")
    lab.page.keyboard.press("Enter")
    expect(explorer.weight(0, 0)).to_be_focused()
    expect_kernel(lab, [[-12, 0.5, 3], [0, 4, -1]])
    twin = ImageExplorer(IMAGE, [[-12, 0.5, 3], [0, 4, -1]], show="clip")
    assert np.array_equal(explorer.painted(), paint(twin))
    # What Python sets is shown; a kernel of another shape has other cells.
    lab.execute("explorer.kernel = [[1], [2.25]]")
    expect(explorer.weight(1, 0)).to_have_value("2.25")
    expect(explorer.weight(0, 1)).to_have_count(0)


def test_what_is_no_number_is_refused_in_words(explorer, lab):
    cell = explorer.weight(1, 1)
    cell.click()
    lab.page.keyboard.type("-")
    expect(explorer.refusal).to_be_hidden()
    lab.page.keyboard.type("dd")
    expect(explorer.refusal).to_have_text(
        "“-dd” is not a number, so this weight stays 4. Write it like 2, −1 or 0.5."
    )
    expect(cell).to_have_attribute("aria-invalid", "true")
    lab.page.keyboard.press("Tab")
    expect(cell).to_have_value("4")
    expect(explorer.refusal).to_contain_text("is not a number")
    cell.fill("99999")
    expect(explorer.refusal).to_contain_text("Weights may go from −10000 to 10000")
    cell.fill("")
    expect(explorer.refusal).to_be_hidden()
    explorer.weight(0, 0).click()
    expect(explorer.refusal).to_have_text("A weight is a number, so this one stays 4.")
    cell.fill("5")
    expect(explorer.refusal).to_be_hidden()
    explorer.divisor.fill("0")
    expect(explorer.refusal).to_have_text(
        "“0” is not a whole number from 1 to 10000, so the sums are still divided by 1."
    )
    explorer.divisor.fill("3")
    expect(explorer.refusal).to_be_hidden()
    expect_kernel(lab, [[1, -2, 3], [0, 5, -1]], 3)
    # Keys that mean something to JupyterLab: the cell is still there.
    assert len(lab.cells()) == 1


def test_a_weight_is_dragged(explorer, lab):
    explorer.weight(0, 2).click()
    slider = explorer.weight_slider()
    expect(slider).to_have_accessible_name("weight row 0, column 2")
    expect(slider).to_have_value("3")
    slider.press("ArrowRight")
    expect(explorer.weight(0, 2)).to_have_value("4")
    slider.press("Home")
    expect_kernel(lab, [[1, -2, -10], [0, 4, -1]])
    # A cell of the enlarged window takes the slider along.
    explorer.root.locator(".convviz-image-lens [data-grid=product]").nth(4).click()
    expect(slider).to_have_accessible_name("weight row 1, column 1")
    expect(slider).to_have_value("4")


def test_presets(explorer, lab):
    expect(explorer.root.locator("[aria-pressed=true]")).to_have_count(0)
    explorer.preset("Gaussian blur").click()
    expect_kernel(lab, [[1, 2, 1], [2, 4, 2], [1, 2, 1]], 16)
    expect(explorer.preset("Gaussian blur")).to_have_attribute("aria-pressed", "true")
    expect(explorer.divisor).to_have_value("16")
    explorer.preset("horizontal edges").click()
    expect_kernel(lab, [[-1, -2, -1], [0, 0, 0], [1, 2, 1]])
    lab.expect_value("explorer.show", "grey")
    twin = ImageExplorer(IMAGE, [[-1, -2, -1], [0, 0, 0], [1, 2, 1]])
    assert np.array_equal(explorer.painted(), paint(twin))
    explorer.root.get_by_label("without their sign").check()
    lab.expect_value("explorer.show", "magnitude")
    twin.show = "magnitude"
    assert np.array_equal(explorer.painted(), paint(twin))
    explorer.preset("identity").click()
    lab.expect_value("explorer.show", "clip")
    assert np.array_equal(explorer.painted(), IMAGE)
    explorer.weight(0, 0).fill("1")
    expect(explorer.root.locator("[aria-pressed=true]")).to_have_count(0)


def test_pointing_shows_the_window_and_its_numbers(explorer, lab):
    twin = ImageExplorer(IMAGE, KERNEL)
    explorer.point_at(explorer.after, 4, 6)
    red, green, blue = (f"{value:g}".replace("-", "−") for value in twin.output[4, 6])
    expect(explorer.note).to_have_text(
        "Output row 4, column 6 reads input rows 4 to 5 and columns 5 to 7. "
        f"Its red is {red}, its green {green}, its blue {blue}."
    )
    assert explorer.lens("input") == IMAGE[4:6, 5:8, 0].ravel().tolist()
    explorer.root.get_by_label("blue").check()
    explorer.point_at(explorer.after, 4, 6, click=True)
    window = IMAGE[4:6, 5:8, 2].astype(int)
    assert explorer.lens("product") == (window * np.array(KERNEL)).ravel().tolist()
    expect(explorer.root.locator(".convviz-image-lens")).to_contain_text(f"Σ{blue}")
    # Pointing elsewhere is a preview; what was chosen comes back.
    explorer.point_at(explorer.before, 0, 0)
    expect(explorer.note).to_contain_text("reads input rows 0 to 1 and columns −1 to 1; 2 of these")
    lab.page.mouse.move(2, 2)
    expect(explorer.note).to_contain_text("Output row 4, column 6 reads")
    # The keyboard goes on from there, and stops at the edge.
    lab.page.keyboard.press("ArrowRight")
    lab.page.keyboard.press("Shift+ArrowDown")
    expect(explorer.note).to_contain_text("Output row 12, column 7 reads")
    lab.page.keyboard.press("d")
    lab.page.keyboard.press("d")
    assert len(lab.cells()) == 1
    # The same place on the input, at another stride.
    explorer.slider("stride").press("ArrowRight")
    expect(explorer.note).to_contain_text("Output row 6, column 4 reads")


def test_misfit_in_words_and_nothing_stale(explorer, lab):
    lab.execute("explorer.padding = 'valid'; explorer.dilation = 9")
    expect(explorer.alert).to_contain_text(
        "The kernel does not fit the width: with dilation 9 its 3 columns span 19, but the padded "
        "input has 17 (0 + 17 + 0)."
    )
    expect(explorer.alert).to_contain_text("dilation up to 8 would fit.")
    assert explorer.root.get_attribute("data-output-size") is None
    for gone in (explorer.after, explorer.root.locator(".convviz-image-lens")):
        expect(gone).to_be_hidden()
    expect(explorer.root.locator(".convviz-image-mark:visible")).to_have_count(0)
    expect(explorer.root.locator(".convviz-note")).to_have_text("")
    assert np.array_equal(explorer.painted_before(), IMAGE)
    explorer.one_picture().check()
    expect(explorer.divider).to_be_hidden()
    explorer.slider("dilation").press("ArrowLeft")
    explorer.expect_size(5, 1)
    expect(explorer.alert).to_have_count(0)
    expect(explorer.divider).to_be_visible()


def test_one_picture_with_a_divider(explorer, lab):
    explorer.one_picture().check()
    expect(explorer.divider).to_have_attribute("aria-valuenow", "50")
    before, after = explorer.before.bounding_box(), explorer.after.bounding_box()
    # Three columns of kernel have their middle on a pixel, two rows between two.
    assert after == pytest.approx(before | {"y": before["y"] + before["height"] / 26}, abs=0.1)
    explorer.divider.press("ArrowRight")
    expect(explorer.divider).to_have_attribute("aria-valuenow", "52")
    explorer.divider.press("Home")
    expect(explorer.divider).to_have_attribute("aria-valuenow", "0")
    handle = explorer.divider.bounding_box()
    lab.page.mouse.move(handle["x"] + handle["width"] / 2, handle["y"] + 20)
    lab.page.mouse.down()
    lab.page.mouse.move(before["x"] + 0.75 * before["width"], handle["y"] + 20, steps=5)
    lab.page.mouse.up()
    expect(explorer.divider).to_have_attribute("aria-valuenow", "75")
    # Left of the divider one points at the picture before, right of it at the one after.
    explorer.point_at(explorer.after, 3, 16)
    expect(explorer.note).to_contain_text("Output row 3, column 16 reads")
    covered = lab.page.evaluate(
        "([x, y]) => document.elementFromPoint(x, y).className",
        [before["x"] + 20, before["y"] + 20],
    )
    assert covered == "convviz-image-before"
    explorer.one_picture().uncheck()
    expect(explorer.divider).to_have_count(0)
    before, after = explorer.before.bounding_box(), explorer.after.bounding_box()
    assert after == pytest.approx(before | {"x": after["x"]}, abs=0.1)
    assert after["x"] > before["x"] + before["width"]


def test_it_works_while_the_kernel_is_busy(explorer, lab):
    lab.start("import time; time.sleep(4)")
    explorer.preset("identity").click()
    explorer.slider("stride").press("ArrowRight")
    explorer.expect_size(7, 9)
    assert np.array_equal(explorer.painted(), IMAGE[::2, ::2])
    explorer.point_at(explorer.after, 2, 3)
    expect(explorer.note).to_contain_text("Output row 2, column 3 reads", timeout=2000)
    status = "() => window.jupyterapp.shell.currentWidget.sessionContext.session.kernel.status"
    assert lab.page.evaluate(status) == "busy"
    expect_kernel(lab, [[0, 0, 0], [0, 1, 0], [0, 0, 0]])


def test_exported_page_is_alive(exported):
    exported.show(ImageExplorer(IMAGE, KERNEL, show="clip", stride=2))
    explorer = Explorer(exported.output(0))
    explorer.expect_size(7, 9)
    assert np.array_equal(explorer.painted_before(), IMAGE)
    explorer.weight(1, 1).fill("-4")
    drag(explorer.slider("stride"), 0)
    explorer.expect_size(13, 17)
    twin = ImageExplorer(IMAGE, [[1, -2, 3], [0, -4, -1]], show="clip")
    assert np.array_equal(explorer.painted(), paint(twin))
    explorer.point_at(explorer.after, 5, 5)
    expect(explorer.note).to_contain_text("Output row 5, column 5 reads")
    exported.assert_no_errors()


def test_a_finger_chooses_as_it_goes(exported):
    exported.show(ImageExplorer(IMAGE, KERNEL))
    explorer = Explorer(exported.output(0))
    explorer.expect_size(13, 17)
    box = explorer.after.bounding_box()
    for event, row, column in (("pointerdown", 2, 3), ("pointermove", 2, 9)):
        place = {
            "clientX": box["x"] + (column + 0.5) / 17 * box["width"],
            "clientY": box["y"] + (row + 0.5) / 13 * box["height"],
        }
        explorer.after.dispatch_event(event, {"pointerType": "touch", **place})
        expect(explorer.note).to_contain_text(f"Output row {row}, column {column} reads")
    explorer.after.dispatch_event("pointerleave", {"pointerType": "touch"})
    expect(explorer.note).to_contain_text("Output row 2, column 9 reads")
    exported.assert_no_errors()


def test_two_views_stay_in_step(exported):
    widget = ImageExplorer(IMAGE, KERNEL, show="clip")
    exported.show(widget, widget)
    first, second = (Explorer(exported.output(k)) for k in (0, 1))
    first.root.get_by_label("0 as mid-grey").check()
    first.weight(0, 0).fill("6")
    expect(second.weight(0, 0)).to_have_value("6")
    expect(second.root.get_by_label("0 as mid-grey")).to_be_checked()
    assert np.array_equal(first.painted(), second.painted())
    # Where one looks is each view's own.
    first.root.get_by_label("blue").check()
    expect(second.root.get_by_label("red")).to_be_checked()
    exported.assert_no_errors()


STATES = {
    "photograph": "explorer",
    "grey": "ImageExplorer(image[..., 0], np.ones((9, 9)) / 81, padding=3)",
    "misfit": "ImageExplorer(image[:2], padding=0)",
}


@pytest.mark.parametrize(("place", "theme"), [("desktop", "light"), ("phone", "dark")])
def test_axe_finds_nothing_and_nothing_overflows(lab, node_modules, tmp_path, place, theme):
    lab.notebook([START[0].rpartition("\n")[0], *STATES.values()])
    lab.set_theme(theme)
    if place == "phone":
        lab.use_phone((375, 4000))
    else:
        lab.set_viewport((1280, 4000))
    axe = Axe(node_modules)
    found = []
    for index, name in enumerate(STATES, 1):
        explorer = Explorer(lab.output(index))
        explorer.weight(0, 0).focus()
        explorer.weight(0, 0).fill("abc")
        expect(explorer.refusal).to_be_visible()
        for overlay in (False, True):
            explorer.one_picture().set_checked(overlay)
            found += [
                (name, violation)
                for violation in axe.find_violations(lab.output(index).locator(".convviz"))
            ]
            assert explorer.root.evaluate(FIND_OVERFLOW) == [], (name, overlay)
        lab.screenshot(tmp_path / f"{name}.png", index=index)
    assert not found, "\n\n".join(f"{name}: {violation}" for name, violation in found)
    lab.assert_no_errors()
