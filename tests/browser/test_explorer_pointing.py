"""The formula's terms, how often each cell is read, and what a screen reader hears."""

import numpy as np
import pytest
from playwright.sync_api import expect

from convviz import ConvExplorer, make_axes
from tests.browser.explorer_page import ExplorerPage

RNG = np.random.default_rng(8)
SETTINGS = {"stride": (2, 3), "padding": ((1, 1), (2, 1)), "dilation": (1, 2)}
ROWS, COLUMNS = make_axes((6, 7), (3, 2), **SETTINGS)


@pytest.fixture
def explorer(exported):
    input, weight = RNG.integers(0, 5, (2, 6, 7)), RNG.integers(-2, 3, (3, 2, 3, 2))
    exported.show(ConvExplorer(input, weight, **SETTINGS))
    shown = ExplorerPage(exported.output(0))
    expect(shown.root).to_have_attribute("data-output-size", f"{ROWS.output}x{COLUMNS.output}")
    yield shown
    exported.assert_no_errors()


def cells(grid, belongs, channels=(0, 1), rows=range(-1, 7), columns=range(-2, 8)):
    return {(grid, c, r, s) for c in channels for r in rows for s in columns if belongs(r, s)}


def term(explorer, axis, name, side=None):
    of_side = f"[data-side={side}]" if side else ""
    return explorer.root.locator(f"[data-term={name}][data-axis={axis}]{of_side}").first


KERNEL = cells("kernel", lambda *_: True, rows=range(3), columns=range(2))
LIT = {
    ("height", "W"): cells("input", lambda r, s: 0 <= r < 6 and 0 <= s < 7),
    ("height", "P"): cells("input", lambda r, s: r < 0 or r >= 6),
    ("width", "P", "before"): cells("input", lambda r, s: s < 0),
    ("width", "P", "after"): cells("input", lambda r, s: s >= 7),
    ("height", "R"): cells("input", lambda r, s: r in ROWS.unread),
    ("width", "R"): cells("input", lambda r, s: s in COLUMNS.unread),
    ("width", "F"): KERNEL
    | cells("input", lambda r, s: r in ROWS.reads[0] and s in COLUMNS.reads[0]),
    ("width", "S"): cells("input", lambda r, s: r in ROWS.reads[:, 0] and s in COLUMNS.reads[:, 0]),
    ("height", "O"): cells(
        "output", lambda *_: True, range(3), range(ROWS.output), range(COLUMNS.output)
    ),
}


def test_each_term_lights_its_own_cells_and_no_others(explorer):
    assert ROWS.unread and COLUMNS.unread
    for name, expected in LIT.items():
        axis, symbol, *side = name
        term(explorer, axis, symbol, *side).hover()
        expect(explorer.root).to_have_attribute("data-focus", "term")
        assert explorer.lit() == expected, name
    explorer.root.locator(".convviz-note").hover()
    assert ("output", 0, 0, 0) in explorer.lit()


def test_terms_say_what_they_are(explorer):
    note = explorer.root.locator(".convviz-note")
    term(explorer, "height", "P").hover()
    expect(note).to_have_text("P is the padding: 1 before the input, 1 after it.")
    term(explorer, "width", "D").hover()
    expect(note).to_have_text(
        "D is the dilation: the kernel's cells stand 2 apart, so 2 of them span 3."
    )


def test_terms_from_the_keyboard_and_pinned(explorer):
    page = explorer.root.page
    line = explorer.root.locator(".convviz-formula-line").first
    line.locator("button").first.focus()
    assert line.locator("button[tabindex='0']").count() == 1
    for _ in range(2):
        page.keyboard.press("ArrowRight")
    expect(explorer.root.get_by_role("status")).to_contain_text("P is the padding")
    assert explorer.lit() == LIT["height", "P"]
    page.keyboard.press("Enter")
    explorer.slider("position").focus()
    expect(explorer.root).to_have_attribute("data-pinned", "")
    assert explorer.lit() == LIT["height", "P"]
    explorer.slider("position").press("ArrowRight")
    expect(explorer.root).not_to_have_attribute("data-pinned", "")


def test_how_often_each_cell_is_read(explorer):
    button = explorer.button("how often read")
    expect(button).to_have_attribute("aria-pressed", "false")
    assert explorer.root.locator("[data-count]").count() == 0
    button.click()
    expect(button).to_have_attribute("aria-pressed", "true")
    counts = explorer.root.locator("[data-channel='1'][data-count]").evaluate_all(
        "all => all.map(({ dataset: d }) => [Number(d.row), Number(d.col), Number(d.count)])"
    )
    drawn = np.zeros((ROWS.padded, COLUMNS.padded), int)
    for row, col, count in counts:
        drawn[row + ROWS.padding[0], col + COLUMNS.padding[0]] = count
    assert np.array_equal(drawn, np.outer(ROWS.counts, COLUMNS.counts))
    fill = "cell => getComputedStyle(cell).backgroundColor"
    inside = explorer.root.locator("[data-channel='0'][data-count]:not([data-padding])")
    fills = {
        count: inside.locator(f"xpath=self::*[@data-count='{count}']").first.evaluate(fill)
        for count in (0, 1, 2)
    }
    assert len(set(fills.values())) == 3
    button.click()
    expect(explorer.root.locator("[data-count]")).to_have_count(0)


def test_a_screen_reader_hears_the_walk(explorer, exported):
    status = explorer.root.get_by_role("status")
    explorer.slider("position").press("ArrowRight")
    value = explorer.cell("output", 0, 0, 1).get_attribute("data-value").replace("-", "−")
    expect(status).to_have_text(f"output row 0, column 1, is {value} (channel 0)")
    exported.show(ConvExplorer([[[1, 2, 3], [4, 5, 6]]], [[[[1, -9]]]]))
    single = ExplorerPage(exported.output(0))
    single.slider("position").press("End")
    expect(single.root.get_by_role("status")).to_have_text("output row 1, column 1, is −49")
