"""Predict, then reveal: nothing is told before the learner has said what to expect."""

import pytest
from playwright.sync_api import expect

from convviz import ConvExplorer, example, trace
from tests.browser.explorer_page import ExplorerPage


def test_an_output_size_is_hidden_until_it_is_predicted(exported):
    exported.show(ConvExplorer(stride=2, padding=1, predict="output_size"))
    explorer = ExplorerPage(exported.output(0))
    root, output = explorer.root, explorer.output
    expect(output.get_by_text("How large is the output?")).to_be_visible()
    assert root.get_attribute("data-output-size") is None
    assert explorer.grid("output") == explorer.grid("product") == {}
    assert root.locator("[data-unread]").count() == 0
    expect(root.locator(".convviz-formula")).to_have_text(
        "O = ⌊(W + 2P − F) / S⌋ + 1= ⌊(4 + 2·1 − 3) / 2⌋ + 1"
    )
    expect(explorer.button("code")).to_be_disabled()
    output.get_by_label("height", exact=True).fill("1")
    output.get_by_label("width", exact=True).fill("1")
    explorer.button("check").click()
    expect(output.get_by_text("counts the steps that the kernel takes")).to_be_visible()
    assert root.get_attribute("data-output-size") is None
    output.get_by_label("height", exact=True).fill("2")
    output.get_by_label("width", exact=True).fill("2")
    output.get_by_label("width", exact=True).press("Enter")
    expect(root).to_have_attribute("data-output-size", "2x2")
    expect(output.get_by_text("(2, 2) is right.")).to_be_visible()
    expect(root.locator("[data-unread]").first).to_be_visible()
    explorer.slider("stride").press("ArrowLeft")
    expect(root.locator(".convviz-outputs")).to_be_hidden()
    explorer.button("show me").click()
    expect(root).to_have_attribute("data-output-size", "4x4")
    exported.assert_no_errors()


def test_a_setting_without_output_is_predicted_too(exported):
    exported.show(ConvExplorer(dilation=2, predict="output_size"))
    explorer = ExplorerPage(exported.output(0))
    assert explorer.root.get_by_role("alert").count() == 0
    explorer.output.get_by_label("height", exact=True).fill("0")
    explorer.output.get_by_label("width", exact=True).fill("0")
    explorer.button("check").click()
    expect(explorer.root.get_by_role("alert")).to_contain_text("does not fit")
    exported.assert_no_errors()


def test_a_number_is_hidden_until_it_is_predicted(exported):
    exported.show(ConvExplorer(predict="output_value"))
    explorer = ExplorerPage(exported.output(0))
    expect(explorer.root).to_have_attribute("data-output-size", "2x2")
    first, second = explorer.cell("output", 0, 0, 0), explorer.cell("output", 0, 0, 1)
    expect(first).to_have_text("?")
    assert first.get_attribute("data-value") is None
    assert explorer.grid("product") == {}
    expect(explorer.root.locator(".convviz-sum")).to_be_empty()
    second.hover()
    expect(explorer.root.get_by_role("status")).to_have_text(
        "output row 0, column 1, is still to be predicted"
    )
    assert explorer.grid("product") == {}
    taken = trace(*example(), at=(0, 0, 0))
    value = explorer.output.get_by_label("value", exact=True)
    value.fill(str(taken.output - taken.bias))
    value.press("Enter")
    expect(explorer.output.get_by_text("leaves out the bias")).to_be_visible()
    expect(first).to_have_text("?")
    value.fill(str(taken.output))
    value.press("Enter")
    expect(first).to_have_text("15")
    expect(explorer.root.locator(".convviz-result")).to_have_text("15")
    expect(second).to_have_text("?")
    explorer.slider("position").press("ArrowRight")
    expect(explorer.output.get_by_text("What is output[0, 0, 1]?")).to_be_visible()
    expect(value).to_have_value("")
    expect(first).to_have_text("15")
    assert explorer.grid("product") == {}
    exported.assert_no_errors()


@pytest.mark.parametrize("predict", ["output_size", "output_value"])
def test_a_teacher_switches_it_on_and_off(lab, predict):
    lab.notebook(["import convviz\nexplorer = convviz.ConvExplorer()\nexplorer"])
    explorer = ExplorerPage(lab.output(0))
    expect(explorer.root).to_have_attribute("data-output-size", "2x2")
    assert explorer.output.locator(".convviz-predict").is_hidden()
    lab.execute(f"explorer.predict = {predict!r}")
    expect(explorer.output.locator(".convviz-predict")).to_be_visible()
    expect(explorer.root.locator("[data-grid=output][data-value]")).to_have_count(0)
    lab.execute("explorer.predict = None")
    expect(explorer.cell("output", 1, 1, 1)).to_have_text("21")
    lab.assert_no_errors()
