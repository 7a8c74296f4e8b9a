"""The axis explorer in real JupyterLab: what sliders, mouse and keyboard make of it."""

import random

import pytest
from playwright.sync_api import expect

from convviz import make_axes
from tests.browser.lab import PHONE

START = ["import convviz", "explorer = convviz.AxisExplorer()\nexplorer"]

READ_CELLS = """
root => [...root.querySelectorAll('[data-grid]')].map(cell => ({
    grid: cell.dataset.grid,
    index: Number(cell.dataset.index),
    text: cell.textContent,
    padding: 'padding' in cell.dataset,
    unread: 'unread' in cell.dataset,
    active: 'active' in cell.dataset,
}))
"""

# Text that lies on other text, and what sticks out on the right.
FIND_CLASHES = """
root => {
    const bounds = root.getBoundingClientRect();
    const texts = [];
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
        const range = document.createRange();
        range.selectNodeContents(walker.currentNode);
        for (const box of range.getClientRects()) {
            if (box.width > 0) texts.push([walker.currentNode.textContent, box]);
        }
    }
    const clashes = [];
    texts.forEach(([a, p], k) => {
        if (p.right > bounds.right + 1 || p.left < bounds.left - 1) clashes.push([a, 'outside']);
        for (const [b, q] of texts.slice(k + 1)) {
            const wide = Math.min(p.right, q.right) - Math.max(p.left, q.left);
            const high = Math.min(p.bottom, q.bottom) - Math.max(p.top, q.top);
            if (wide > 0.5 && high > 3) clashes.push([a, b]);
        }
    });
    if (root.scrollWidth > root.clientWidth) clashes.push([root.scrollWidth, 'too wide']);
    return clashes;
}
"""

# Ten presses of an arrow key, each with the drawing and the layout that it leads to.
TIME_STEPS = """
async handle => {
    const times = [];
    for (let n = 0; n < 10; n++) {
        const start = performance.now();
        handle.dispatchEvent(
            new KeyboardEvent('keydown', { key: 'ArrowRight', bubbles: true, cancelable: true })
        );
        await Promise.resolve();
        document.querySelector('.convviz-axis-explorer').getBoundingClientRect();
        times.push(performance.now() - start);
        await new Promise(resolve => requestAnimationFrame(resolve));
    }
    return times.sort((a, b) => a - b)[5];
}
"""


class Explorer:
    """One axis explorer in a cell's output, as a user meets it."""

    def __init__(self, output):
        self.output = output
        self.root = output.locator(".convviz-axis-explorer")
        self.note = self.root.get_by_role("status")
        self.alert = self.root.get_by_role("alert")

    def slider(self, name):
        return self.output.get_by_role("slider", name=name, exact=True)

    def cell(self, grid, index):
        return self.root.locator(f"[data-grid={grid}][data-index='{index}']")

    def cells(self, grid):
        return [cell for cell in self.root.evaluate(READ_CELLS) if cell["grid"] == grid]

    def active(self, grid):
        return [cell["index"] for cell in self.cells(grid) if cell["active"]]

    def expect_output(self, size):
        expect(self.root).to_have_attribute("data-output-size", str(size))

    def expect_active(self, grid, indices):
        active = self.root.locator(f"[data-grid={grid}][data-active]")
        expect(active).to_have_count(len(indices))
        assert self.active(grid) == indices


@pytest.fixture
def explorer(lab):
    lab.notebook(START)
    shown = Explorer(lab.output(1))
    shown.expect_output(214)
    yield shown
    lab.assert_no_errors()


def axis_of(input_size, kernel_size, stride, padding, dilation):
    sides = padding if isinstance(padding, str) else ((0, 0), padding)
    settings = {"stride": stride, "padding": sides, "dilation": dilation}
    return make_axes((1000, input_size), kernel_size, **settings)[1]


def test_it_starts_with_the_worked_example(explorer):
    expect(explorer.root.locator(".convviz-formula")).to_contain_text("(224 + 2·0 − 11)")
    expect(explorer.note).to_have_text("Output 0 reads input cells 0 to 10.")
    expect(explorer.root.locator(".convviz-overview")).to_have_accessible_name(
        "The whole axis to scale. input: 224 cells; output: 214 cells."
    )
    explorer.expect_active("input", list(range(11)))
    explorer.expect_active("output", [0])
    assert [cell["text"] for cell in explorer.cells("input")][:12] == [*map(str, range(11)), ""]
    assert explorer.alert.count() == 0


def test_sliders_from_the_keyboard(explorer, lab):
    for _ in range(3):
        explorer.slider("stride").press("ArrowRight")
    for _ in range(7):
        explorer.slider("kernel_size").press("ArrowLeft")
    explorer.expect_output(56)
    lab.expect_value("[explorer.kernel_size, explorer.stride, explorer.output_size]", [4, 4, 56])
    explorer.slider("position").press("End")
    expect(explorer.note).to_have_text("Output 55 reads input cells 220 to 223.")
    lab.expect_value("explorer.position", 55)
    explorer.slider("input_size").press("ArrowLeft")
    explorer.expect_output(55)
    expect(explorer.root.locator(".convviz-formula")).to_contain_text(
        "Remainder 3: the last 3 cells of the padded input are never read."
    )
    lab.expect_value("[explorer.input_size, explorer.position]", [223, 54])
    # A key that means something to JupyterLab: the cell is still there.
    explorer.slider("stride").press("d")
    explorer.slider("stride").press("d")
    assert len(lab.cells()) == 2


def test_random_settings_agree_with_python(explorer, lab):
    rng = random.Random(7)
    for _ in range(12):
        settings = (
            rng.choice([rng.randint(1, 30), rng.randint(1, 600)]),
            rng.randint(1, 16),
            rng.randint(1, 9),
            rng.choice(["valid", "same", (rng.randint(0, 9), rng.randint(0, 9))]),
            rng.choice([1, 1, 2, 3, 8]),
        )
        axis = axis_of(*settings)
        names = ("input_size", "kernel_size", "stride", "padding", "dilation")
        for name, value in zip(names, settings, strict=True):
            lab.execute(f"explorer.{name} = {value!r}")
        if not axis.fits:
            expect(explorer.alert).to_be_visible()
            assert explorer.root.get_attribute("data-output-size") is None
            lab.execute("explorer.padding = 'same'")
            axis = axis_of(*settings[:3], "same", settings[4])
        explorer.expect_output(axis.output)
        assert lab.evaluate("explorer.output_size") == axis.output
        i = rng.randrange(axis.output)
        lab.execute(f"explorer.position = {i}")
        explorer.expect_active("output", [i])
        cells = explorer.cells("input")
        shown = {cell["index"] for cell in cells}
        reads = axis.reads[i].tolist()
        assert reads[0] in shown
        assert reads[-1] in shown
        for cell in cells:
            index = cell["index"]
            u = reads.index(index) if index in reads else None
            assert cell["active"] == (u is not None)
            assert cell["text"] == ("" if u is None else str(u))
            assert cell["padding"] == (not 0 <= index < axis.input)
            assert cell["unread"] == (index in axis.unread)
        expect(explorer.slider("input_size")).to_have_attribute("aria-valuenow", f"{axis.input}.0")


def test_padding_in_every_form(explorer, lab):
    explorer.slider("padding").press("ArrowRight")
    explorer.expect_output(216)
    lab.expect_value("explorer.padding", 1)
    same = explorer.output.get_by_role("checkbox")
    same.check()
    explorer.expect_output(224)
    lab.expect_value("explorer.padding", "same")
    same.uncheck()
    explorer.expect_output(216)
    lab.execute("explorer.padding = (0, 3)")
    explorer.expect_output(217)
    explorer.slider("padding before").press("ArrowRight")
    explorer.expect_output(218)
    lab.expect_value("explorer.padding", [1, 3])
    expect(explorer.note).to_have_text("Output 0 reads cells −1 to 9; 1 of these is padding.")


def test_misfit_in_words_and_nothing_stale(explorer, lab):
    lab.execute("explorer.input_size = 5; explorer.kernel_size = 3; explorer.position = 2")
    expect(explorer.note).to_have_text("Output 2 reads input cells 2 to 4.")
    for _ in range(4):
        explorer.slider("kernel_size").press("ArrowRight")
    expect(explorer.alert).to_contain_text(
        "The kernel does not fit: it spans 7 cells, but the padded input has 5 (0 + 5 + 0)."
    )
    expect(explorer.alert.get_by_role("listitem")).to_have_text(
        ["kernel_size up to 5 would fit.", "padding of 1 or more on each side would fit."]
    )
    expect(explorer.root).not_to_have_attribute("data-output-size", "3")
    assert explorer.root.get_attribute("data-output-size") is None
    expect(explorer.note).to_have_text("")
    expect(explorer.root.locator("[data-grid]")).to_have_count(0)
    assert explorer.root.locator(".convviz-outputs-drawn, .convviz-output-shown").count() == 0
    expect(explorer.root.locator(".convviz-overview .convviz-kernel-cell")).to_have_count(7)
    explorer.slider("padding").press("ArrowRight")
    explorer.expect_output(1)
    expect(explorer.alert).to_have_count(0)
    expect(explorer.note).to_have_text("Output 0 reads cells −1 to 5; 2 of these are padding.")
    lab.expect_value("explorer.position", 0)


def test_pointing_and_choosing(explorer, lab):
    lab.execute("explorer.kernel_size = 4; explorer.stride = 2; explorer.position = 10")
    expect(explorer.note).to_have_text("Output 10 reads input cells 20 to 23.")
    # An output of the lens: a preview, then the position.
    explorer.cell("output", 8).hover()
    expect(explorer.note).to_have_text("Output 8 reads input cells 16 to 19.")
    explorer.expect_active("input", [16, 17, 18, 19])
    lab.page.mouse.move(5, 5)
    expect(explorer.note).to_have_text("Output 10 reads input cells 20 to 23.")
    explorer.cell("output", 8).click()
    lab.expect_value("explorer.position", 8)
    # An input cell: the outputs that read it.
    explorer.cell("input", 16).hover()
    expect(explorer.note).to_have_text("Input cell 16 goes into 2 outputs: 7 to 8.")
    explorer.expect_active("output", [7, 8])
    explorer.cell("input", 16).click()
    lab.page.mouse.move(5, 5)
    expect(explorer.note).to_have_text("Input cell 16 goes into 2 outputs: 7 to 8.")
    lab.page.keyboard.press("ArrowRight")
    expect(explorer.note).to_have_text("Input cell 17 goes into 2 outputs: 7 to 8.")
    explorer.slider("position").press("ArrowRight")
    expect(explorer.note).to_have_text("Output 9 reads input cells 18 to 21.")
    # The output's strip: anywhere along it.
    overview = explorer.root.locator(".convviz-overview")
    middle = {"x": overview.bounding_box()["width"] / 2, "y": 100}
    overview.hover(position=middle)
    expect(explorer.note).to_contain_text("Output 5")
    preview = explorer.active("output")
    lab.expect_value("explorer.position", 9)
    overview.click(position=middle)
    lab.expect_value("explorer.position", preview[0])


def test_sliders_work_while_the_kernel_is_busy(lab):
    lab.notebook([*START, "import time"])
    explorer = Explorer(lab.output(1))
    explorer.expect_output(214)
    lab.page.evaluate(
        "() => { window.jupyterapp.shell.currentWidget.sessionContext.session.kernel"
        ".requestExecute({ code: 'time.sleep(4)' }); }"
    )
    explorer.slider("stride").press("ArrowRight")
    explorer.slider("position").press("ArrowRight")
    expect(explorer.note).to_have_text("Output 1 reads input cells 2 to 12.", timeout=2000)
    explorer.expect_output(107)
    status = "() => window.jupyterapp.shell.currentWidget.sessionContext.session.kernel.status"
    assert lab.page.evaluate(status) == "busy"
    lab.expect_value("[explorer.stride, explorer.position, explorer.output_size]", [2, 1, 107])
    lab.assert_no_errors()


def test_a_step_is_quick(explorer):
    for name in ("position", "stride", "kernel_size", "dilation"):
        milliseconds = explorer.slider(name).evaluate(TIME_STEPS)
        print(f"{name}: {milliseconds:.1f} ms")
        assert milliseconds < 50  # far more than it takes, for a slow machine


SHAPES = {
    "large": "224, 11",
    "stride": "224, 4, stride=4",
    "small": "5, 3, padding=1",
    "dilated": "224, 3, stride=5, dilation=3, padding=(2, 3)",
    "cut": "1000, 16, dilation=8, padding=100",
    "misfit": "5, 7",
}


@pytest.mark.parametrize(("place", "theme"), [("desktop", "light"), ("phone", "dark")])
def test_text_neither_overlaps_nor_overflows(lab, tmp_path, place, theme):
    cells = [f"{name} = convviz.AxisExplorer({shape})\n{name}" for name, shape in SHAPES.items()]
    lab.notebook(["import convviz", *cells])
    lab.set_theme(theme)
    if place == "phone":
        lab.use_phone((PHONE[0], 4000))
    else:
        lab.set_viewport((1280, 4000))
    lab.page.wait_for_timeout(300)
    for index, name in enumerate(SHAPES, 1):
        explorer = Explorer(lab.output(index))
        last = lab.evaluate(f"{name}._picture._last_position")
        for i in (0, last // 2, last):
            lab.execute(f"{name}.position = {i}")
            if name != "misfit":
                expect(explorer.note).to_contain_text(f"Output {i} reads")
            assert explorer.root.evaluate(FIND_CLASHES) == [], (name, i)
        lab.screenshot(tmp_path / f"{name}.png", index=index)
    lab.assert_no_errors()
