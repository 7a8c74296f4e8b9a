"""The kernel's walk over the output: play, forward, back, scrub, speed, loop."""

import pytest
from playwright.sync_api import expect

from convviz import ConvExplorer
from tests.browser.explorer_page import ExplorerPage

# Every position that the picture showed, in order, as row-major indices.
RECORD = """
root => {
    const shown = [];
    const note = () => {
        const cell = root.querySelector('[data-grid=output][data-channel="0"][data-active]');
        const at = cell ? Number(cell.dataset.row) * 4 + Number(cell.dataset.col) : null;
        if (at !== null && at !== shown.at(-1)) shown.push(at);
    };
    note();
    new MutationObserver(note).observe(root, { attributes: true, subtree: true });
    window.convvizShown = shown;
}
"""


@pytest.fixture
def explorer(exported):
    exported.show(ConvExplorer(padding=1))
    shown = ExplorerPage(exported.output(0))
    expect(shown.root).to_have_attribute("data-output-size", "4x4")
    shown.root.evaluate(RECORD)
    yield shown
    exported.assert_no_errors()


def positions(explorer):
    return explorer.root.page.evaluate("() => window.convvizShown")


def play(explorer):
    return explorer.output.locator(".widget-play button").nth(0)


def test_forward_and_back(explorer):
    for _ in range(3):
        explorer.button("forward by one position").click()
    explorer.button("back by one position").click()
    expect(explorer.cell("output", 0, 0, 2)).to_have_attribute("data-active", "")
    assert positions(explorer) == [0, 1, 2, 3, 2]
    explorer.slider("position").press("Home")
    explorer.button("back by one position").click()
    expect(explorer.cell("output", 0, 0, 0)).to_have_attribute("data-active", "")


def test_play_at_four_times_the_speed_and_around(explorer):
    explorer.output.get_by_label("speed").select_option("4×")
    explorer.output.get_by_role("button", name="repeat").click()
    play(explorer).click()
    explorer.root.page.wait_for_function("() => window.convvizShown.length > 18", timeout=12_000)
    play(explorer).click()
    shown = positions(explorer)
    assert shown[:18] == [*range(16), 0, 1]


def test_play_stops_at_the_end(explorer):
    explorer.output.get_by_label("speed").select_option("4×")
    explorer.slider("position").press("End")
    explorer.button("back by one position").click()
    play(explorer).click()
    expect(explorer.cell("output", 0, 3, 3)).to_have_attribute("data-active", "")
    explorer.root.page.wait_for_timeout(500)
    assert positions(explorer)[-3:] == [15, 14, 15]


@pytest.mark.parametrize(("motion", "duration"), [("reduce", 0), ("no-preference", 0.12)])
def test_the_kernel_glides_unless_less_motion_is_asked_for(explorer, motion, duration):
    explorer.root.page.emulate_media(reduced_motion=motion)
    play(explorer).click()
    expect(explorer.root).to_have_attribute("data-playing", "")
    frame = explorer.root.locator(".convviz-frame").first
    found = frame.evaluate("el => parseFloat(getComputedStyle(el).transitionDuration)")
    assert found == duration
