"""What is typed and pasted into fields: taken as it is meant, or refused in words beside it."""

import itertools
import random
from xml.etree import ElementTree

import numpy as np
import pytest
from playwright.sync_api import expect

from convviz import ConvExplorer, ImageExplorer, conv2d, example
from tests.browser.explorer_page import ExplorerPage
from tests.browser.exported import ExportedPage
from tests.browser.lab import DESKTOP

NUMBERS = [0, 1, 3, 7, 12, 305, 0.5, 2.25, 13.75, 1024.5, 0.001, 123456]
MARKS = "\u200b\u200e\u200f\u202a\u202b\u202d\u202e\u2060\u2066\ufeff\u00ad"
SPACES = [" ", "  ", "\t", "\u00a0", "\u2003", "\u3000", "\n", "\r\n"]
MARKUP = "<img src=x onerror=document.title='hacked'>"


def fullwidth(text):
    return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text)


def written(number):
    """The ways to write a number that may be typed, for a number that is not negative."""
    plain = f"{number:g}" if number < 1e6 else str(number)
    plain = repr(number) if "e" in plain or float(plain) != number else plain
    forms = {plain, f"0{plain}", f"{number:.6e}", f"{number:.6E}", fullwidth(plain)}
    whole = isinstance(number, int)
    forms |= {f"{plain}.", f"{plain}.0", f"{plain},0"} if whole else {plain.replace(".", ",")}
    if plain.startswith("0."):
        forms |= {plain[1:], plain[1:].replace(".", ",")}
    return sorted(forms)


def taken():
    """What is to be taken: text and the number that is meant."""
    for number in NUMBERS:
        for form in written(number):
            signs = ("", "+", "-", "\u2212", "\u2013", "\u2010", "\uff0d", "- ")
            for sign, around in itertools.product(signs, ["", *SPACES, *MARKS]):
                meant = number if sign in ("", "+") else -number
                yield f"{around}{sign}{form}{around}", meant


REFUSED = [
    *("", " ", "\t", "\u3000", "\u200b", "\u202e", "\u0000", "\u0007"),
    *("a", "abc", "x1", "1x", "e", "e5", "1e", "1e+", ".", ",", "-", "+", "\u2212", "-.", "+,"),
    *("--3", "++3", "+-3", "-\u22123", "3-", "3+", "1-2", "1+1", "2*3", "1/2", "\u00bd", "x\u00b2"),
    *("0x10", "0b1", "0o7", "1_000", "1n", "1f", "1L", "1j", "1e5.5", "1e1e1", "1 e5", "1..2"),
    *("1,234", "1,234,567", "1.234,5", "1,234.5", "1,2,3", "1;2", "1 2", "1\t2", "1'234", "1.2.3"),
    *("1e999", "-1e999", "1e400", "1e-999", "9" * 17, "9" * 400, "1" + "0" * 5000, "1e17"),
    *("NaN", "nan", "Infinity", "-Infinity", "inf", "\u221e", "null", "undefined", "true", "[]"),
    *("\u0663", "\u0967", "\u4e09", "\u2462", "\u2167", "\U0001d7db", "\u30fc3", "\uff1d3", "=3"),
    *("\U0001f600", "3\U0001f600", "\U0001f468\u200d\U0001f469\u200d\U0001f467", "\ud83d"),
    *("\u05d0\u05d1", "\u202e321abc", "abc\u202e", "e\u0301", "3\u0301", "3\u20e3"),
    *("{typed}", "{value}", "$&", "$1", "%s", "\\n", "\\", "'", '"', "`", "${1}", "constructor"),
    *(MARKUP, "<b>1</b>", "&lt;b&gt;", "&#51;", "<!--", "]]>", "<script>1</script>"),
    *("1\n2", "1\r\n2\r\n3", "1\t2\n3\t4", "1\t2\n3", "\n".join("1\t2" for _ in range(5000))),
    *("x" * 100_000, "1 " * 10_000, "\u0000" * 50, "3\u0000", "1\u00002", "\ud800\ud800"),
]

HARNESS = """
(() => {
    // As a browser pastes, unless the page refuses: a field drops line breaks.
    const paste = (field, text) => {
        const data = new DataTransfer();
        data.setData('text/plain', text);
        const options = { clipboardData: data, bubbles: true, cancelable: true };
        field.select();
        return field.dispatchEvent(new ClipboardEvent('paste', options)) && type(field, text);
    };
    const type = (field, text) => {
        field.focus();
        field.value = text;
        return field.dispatchEvent(new InputEvent('input', { bubbles: true }));
    };
    const press = (field, key) => field.dispatchEvent(
        new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }));
    const change = field => field.dispatchEvent(new Event('change', { bubbles: true }));
    window.harness = {
        /** Each text into a cell: what cell, output, words and editor then are. */
        async cell(selector, texts, asPaste) {
            const root = document.querySelector('.convviz-explorer');
            const cell = root.querySelector(selector);
            const outputs = [...root.querySelectorAll('[data-grid=output]')];
            const seen = [];
            for (const text of texts) {
                cell.focus();
                press(cell, 'F2');
                const editor = cell.querySelector('input');
                if ((asPaste ? paste : type)(editor, text)) press(editor, 'Enter');
                await null;
                const field = root.querySelector('.convviz-editor');
                seen.push({
                    value: Number(cell.dataset.value),
                    outputs: outputs.map(({ dataset }) => Number(dataset.value)),
                    words: root.querySelector('.convviz-note').textContent,
                    left: field ? field.value.slice(0, 100) : null,
                    invalid: field?.getAttribute('aria-invalid'),
                });
                if (field) press(field, 'Escape');
            }
            return seen;
        },
        /** Each text into a field that stays: what was said, and what a program then reads. */
        async field(selector, told, texts, asPaste) {
            const seen = [];
            for (const text of texts) {
                const field = document.querySelector(selector);
                field.focus();
                if ((asPaste ? paste : type)(field, text)) {
                    change(field);
                    field.form?.requestSubmit();
                }
                await null;
                let words = document.querySelector(told).textContent;
                field.blur();
                await null;
                words ||= document.querySelector(told).textContent;
                const { title, value } = field;
                const number = Number((title || value).replace('\u2212', '-'));
                const output = document.querySelector('[data-grid=output]');
                seen.push({ words, number, output: Number(output?.dataset.value) });
            }
            return seen;
        },
    };
})()
"""


@pytest.fixture(scope="module")
def exported(browser, static_server):
    size = {"width": DESKTOP[0], "height": DESKTOP[1]}
    context = browser.new_context(viewport=size, reduced_motion="reduce")
    context.set_default_timeout(15_000)
    yield ExportedPage(context, static_server)
    context.close()


@pytest.fixture
def show(exported):
    """Show a widget, with what types into it; nothing may go wrong on its page."""

    def show(made):
        exported.show(made)
        expect(exported.output(0).locator("[data-output-size]")).to_be_visible()
        exported.page.evaluate(HARNESS)
        return exported

    dialogs = []
    exported.page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    yield show
    exported.assert_no_errors()
    assert not dialogs
    assert exported.page.locator("img, main script:not([type*=json]), main b > b").count() == 0
    assert exported.page.title() == "An exported page"


def ask(exported, code, *given):
    return exported.page.evaluate(f"given => harness.{code}(...given)", list(given))


CELLS = [("input", (1, 2, 1)), ("kernel", (1, 2, 0))]


def place(grid, channel, row, col):
    return f"[data-grid={grid}][data-channel='{channel}'][data-row='{row}'][data-col='{col}']"


def outputs(grid, at, value):
    """The outputs of the worked example with one number of the input or weight[0] replaced."""
    input, weight, bias = (array.astype(float) for array in example())
    (input if grid == "input" else weight[0])[at] = value
    return conv2d(input, weight, bias).ravel()


@pytest.mark.parametrize("as_paste", [False, True])
@pytest.mark.parametrize(("grid", "at"), CELLS)
def test_a_number_in_a_cell_is_taken_as_it_is_meant(show, grid, at, as_paste):
    texts = list(taken())[2 * as_paste + (grid == "input") :: 23]
    random.Random(0).shuffle(texts)  # so that hardly a number comes twice in a row
    seen = ask(show(ConvExplorer()), "cell", place(grid, *at), [t for t, _ in texts], as_paste)
    assert len(seen) > 300
    for (text, meant), look in zip(texts, seen, strict=True):
        assert look["value"] == meant, ascii(text)
        assert look["left"] is None, ascii(text)
        assert np.allclose(look["outputs"], outputs(grid, at, meant), rtol=1e-12), ascii(text)


@pytest.mark.parametrize("as_paste", [False, True])
@pytest.mark.parametrize(("grid", "at"), CELLS)
def test_what_is_no_number_in_a_cell_is_refused_in_words(show, grid, at, as_paste):
    texts = REFUSED if as_paste else [text for text in REFUSED if "\n" not in text]
    old = (example()[0] if grid == "input" else example()[1][0])[at]
    before = outputs(grid, at, old)
    for text, look in zip(
        texts, ask(show(ConvExplorer()), "cell", place(grid, *at), texts, as_paste), strict=True
    ):
        assert look["value"] == old, ascii(text[:99])
        assert np.array_equal(look["outputs"], before), ascii(text[:99])
        assert "is not taken. Write a number such as 3" in look["words"], ascii(text[:99])
        assert not look["words"].startswith(" "), ascii(text[:99])
        assert len(look["words"]) < 140, ascii(text[:99])
        assert look["invalid"] == "true", ascii(text[:99])
        if "\n" not in text and "\ud800" not in text:
            assert look["left"][:50] == text[:50], ascii(text[:99])


@pytest.mark.parametrize("as_paste", [False, True])
def test_the_bias(show, as_paste):
    numbers = list(taken())[5::29]
    exported = show(ConvExplorer(panel="values"))
    field = (".convviz-number-field", ".convviz-note")
    base = conv2d(*example()).ravel()[0] - example()[2][0]
    seen = ask(exported, "field", *field, [text for text, _ in numbers], as_paste)
    for (text, meant), look in zip(numbers, seen, strict=True):
        assert np.isclose(look["output"], base + meant, rtol=1e-12), ascii(text)
    before = seen[-1]["output"]
    texts = [text for text in REFUSED if as_paste or "\n" not in text]
    for text, look in zip(texts, ask(exported, "field", *field, texts, as_paste), strict=True):
        assert look["output"] == before, ascii(text[:99])
        assert "is not taken. Write a number such as 3" in look["words"], ascii(text[:99])


@pytest.mark.parametrize("as_paste", [False, True])
def test_weights_and_divisor_of_a_photograph(show, as_paste):
    exported = show(ImageExplorer(np.arange(99, dtype=np.uint8).reshape(9, 11), [[1, 2], [3, 4]]))
    refusal = ".convviz-refusal"
    weight = (".convviz-weight[data-u='1'][data-v='0']", refusal)
    numbers = list(taken())[7::29]
    now = 3
    seen = ask(exported, "field", *weight, [text for text, _ in numbers], as_paste)
    for (text, meant), look in zip(numbers, seen, strict=True):
        if abs(meant) <= 10_000:
            now = meant
        else:
            assert "Weights may go from" in look["words"], ascii(text)
        assert look["number"] == now, ascii(text)
    texts = [text for text in REFUSED if as_paste or "\n" not in text]
    for text, look in zip(texts, ask(exported, "field", *weight, texts, as_paste), strict=True):
        assert look["number"] == now, ascii(text[:99])
        assert look["words"], ascii(text[:99])
        assert len(look["words"]) < 140, ascii(text[:99])
    now = 1
    divisors = [text for text, _ in numbers] + texts
    meanings = dict(numbers)
    seen = ask(exported, "field", ".convviz-divisor", refusal, divisors, as_paste)
    for text, look in zip(divisors, seen, strict=True):
        meant = meanings.get(text)
        if meant in range(1, 10_001):
            now = meant
        else:
            assert "still divided by" in look["words"], ascii(text[:99])
        assert look["number"] == now, ascii(text[:99])


@pytest.mark.parametrize("kind", ["output_size", "output_value"])
def test_a_prediction_that_is_no_number_does_not_count(show, kind):
    exported = show_asking(show, kind)
    field = (".convviz-predict-field input", ".convviz-predict-answer")
    sizes = ["2.5", "0.5", "1e-3"] if kind == "output_size" else []
    for as_paste in (False, True):
        large = ("9" * 17, "1e17")  # a prediction may be as wrong as one likes
        texts = [text for text in [*REFUSED, *sizes] if as_paste or "\n" not in text]
        texts = [text for text in texts if text not in large]
        for text, look in zip(texts, ask(exported, "field", *field, texts, as_paste), strict=True):
            assert look["words"], ascii(text[:99])
            assert "\u2717" not in look["words"], ascii(text[:99])
            assert "\u2713" not in look["words"], ascii(text[:99])
    right = "2" if kind == "output_size" else f"{conv2d(*example())[0, 0, 0]:g}"
    [look] = ask(exported, "field", *field, [f"\u200e{fullwidth(right)}\n"], True)
    assert "\u2713" in look["words"]


def show_asking(show, kind):
    exported = show(ConvExplorer())
    exported.show(ConvExplorer(predict=kind))
    expect(exported.output(0).locator(".convviz-predict-answer")).to_be_attached()
    exported.page.evaluate(HARNESS)
    return exported


def test_a_paste_with_the_keyboard(show):
    exported = show(ConvExplorer())
    exported.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    explorer = ExplorerPage(exported.output(0))
    for text, shown in [("1\t2\n3\t4\n", None), ("\u200e\u22127,5\n", "\u22127.5"), (MARKUP, None)]:
        exported.page.evaluate("text => navigator.clipboard.writeText(text)", text)
        explorer.cell("input", 0, 1, 1).dblclick()
        before = explorer.outputs()
        exported.page.keyboard.press("Control+v")
        exported.page.keyboard.press("Enter")
        if shown:
            expect(explorer.cell("input", 0, 1, 1)).to_have_text(shown)
            continue
        if text == MARKUP:
            expect(explorer.root.locator(".convviz-note")).to_contain_text(MARKUP[:40])
        assert np.array_equal(explorer.outputs(), before)
        exported.page.keyboard.press("Escape")


def test_the_number_beside_a_slider(show):
    exported = show(ConvExplorer())
    explorer = ExplorerPage(exported.output(0))
    stride = explorer.slider("stride")
    box = exported.output(0).get_by_role("textbox", name="stride", exact=True)
    for text in ("abc", "", "1e999", "--3", "0x10", MARKUP, "\u0663", "NaN", "9" * 30, "-5", "0"):
        box.click()
        exported.page.keyboard.press("Control+a")
        exported.page.keyboard.insert_text(text)
        exported.page.keyboard.press("Enter")
        now = float(stride.get_attribute("aria-valuenow"))
        assert now in range(1, 7), text
        size = (4 - 3) // int(now) + 1
        expect(explorer.root).to_have_attribute("data-output-size", f"{size}x{size}")


def test_markup_in_a_saved_picture_is_text(show):
    exported = show(ConvExplorer(panel="save"))
    explorer = ExplorerPage(exported.output(0))
    explorer.cell("input", 0, 0, 0).dblclick()
    text = "<script>1</script>&]]>\U0001f600\u0000"
    field = explorer.root.locator(".convviz-editor")
    field.evaluate("(field, text) => { field.value = text; }", text)
    field.press("Enter")
    expect(explorer.root.locator(".convviz-note")).to_contain_text("<script>1</script>&]]>")
    for name in ("Save as SVG", "Save as PNG"):
        with exported.page.expect_download() as download:
            exported.output(0).get_by_role("button", name=name).click()
        saved = download.value.path().read_bytes()
        if name == "Save as SVG":
            root = ElementTree.fromstring(saved)
            assert "<script>1</script>&]]>" in "".join(root.itertext())
            assert not [el for el in root.iter() if el.tag.endswith(("script", "img"))]


def test_python_hears_of_numbers_only(lab):
    lab.notebook(["import convviz\nexplorer = convviz.ConvExplorer()\nexplorer"])
    lab.page.evaluate(HARNESS)
    selector = place("input", 1, 2, 1)
    lab.page.evaluate("given => harness.cell(...given)", [selector, REFUSED, True])
    lab.expect_value("explorer.input.tolist()", example()[0].tolist())
    explorer = ExplorerPage(lab.output(0))
    explorer.cell("input", 1, 2, 1).dblclick()
    lab.page.keyboard.insert_text(" \u200e\uff0d\uff17,\uff15")
    lab.page.keyboard.press("Enter")
    lab.expect_value("explorer.input[1, 2, 1]", -7.5)
    lab.expect_value("explorer.output.ravel().tolist()", outputs("input", (1, 2, 1), -7.5).tolist())
    lab.assert_no_errors()
