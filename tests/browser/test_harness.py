"""The harness itself: if these fail, no other browser test can be believed."""

import pytest

from tests.browser.lab import PHONE

SLIDER = [
    "from ipywidgets import IntSlider",
    "slider = IntSlider(value=3, min=0, max=9)\nslider",
]


def test_slider_moves_from_the_keyboard(lab):
    lab.notebook(SLIDER)
    assert [cell["count"] for cell in lab.cells()] == [1, 2]
    handle = lab.output(1).get_by_role("slider")
    handle.focus()
    handle.press("ArrowRight")
    handle.press("ArrowRight")
    lab.expect_value("slider.value", 5)
    lab.execute("slider.value = 0")
    lab.output(1).get_by_text("0", exact=True).wait_for()
    lab.assert_no_errors()


def test_failing_cell_is_reported(lab):
    with pytest.raises(AssertionError, match="ZeroDivisionError"):
        lab.notebook(["1 / 0"])
    with pytest.raises(AssertionError, match="NameError"):
        lab.evaluate("no_such_name")


def test_console_errors_are_collected(lab):
    lab.notebook(["None"])
    lab.assert_no_errors()
    lab.page.evaluate("() => { console.error('told so'); }")
    lab.page.evaluate("() => { setTimeout(() => { throw new Error('thrown'); }); }")
    lab.page.wait_for_timeout(100)
    assert len(lab.errors) == 2
    with pytest.raises(AssertionError, match="told so"):
        lab.assert_no_errors()


def test_themes_and_phone(lab, tmp_path):
    lab.notebook(SLIDER)
    colour = "() => getComputedStyle(document.body).getPropertyValue('--jp-layout-color1').trim()"
    seen = set()
    for theme in ("dark", "light"):
        lab.set_theme(theme)
        seen.add(lab.page.evaluate(colour))
    assert len(seen) == 2
    lab.use_phone()
    box = lab.output(1).bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= PHONE[0]
    lab.screenshot(tmp_path / "phone.png")
    lab.assert_no_errors()
