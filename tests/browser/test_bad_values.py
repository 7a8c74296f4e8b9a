"""Traits set to nonsense in a real browser, one by one and many at once: the picture goes on."""

import functools
import json

import numpy as np
import pytest
from playwright.sync_api import expect

from convviz import AxisExplorer, ConvExplorer, ImageExplorer, conv2d, example, make_axes
from convviz.widgets.explorer import PANELS, PREDICTIONS
from tests.browser.explorer_page import ExplorerPage
from tests.browser.exported import ExportedPage
from tests.browser.lab import DESKTOP

RNG = np.random.default_rng(31)
LAYER = {
    "input": RNG.integers(-4, 6, (4, 7, 6)),
    "weight": RNG.integers(-3, 4, (2, 2, 2, 3)),
    "bias": RNG.integers(-5, 6, 2),
}
MOST_CELLS = 40_000

# Every model with a picture that is asked for something is found, its sliders' left out.
FIND_MODEL = """
() => new Promise((resolve, reject) => require(['@jupyter-widgets/base'], ({ WidgetModel }) => {
    const { get } = WidgetModel.prototype;
    WidgetModel.prototype.get = function (name) {
        if ('_esm' in this.attributes) window.picture = this;
        return get.call(this, name);
    };
    resolve(null);
}, reject))
"""

HARNESS = """
(() => {
    const leaves = [
        undefined, null, NaN, Infinity, -Infinity, -1, 0, 0.5, 1, 2, 7, 1e9, 2 ** 31 - 1, 2 ** 31,
        2 ** 53, 1e308, true, false, '', 'x', '0', '1', 'same', 'zeros', 'values', 'grey',
        'constructor', '__proto__', '<img src=x onerror=alert(1)>', '\\u0000', '\\ud800',
    ];
    const lists = [
        [], [[]], [[[]]], [[[[]]]], [, 1], [[1, 2], , [3]], [1, 2, 3], [1, '2'], [[1, 2], [3]],
        [[1], 2], [[0, 1], [1, 0], [0, 0]], [[1, 1], 'same'], [[[1, 2], [3, 4]], [[1, 2], [3]]],
        [[[1]], [[2]]], [[[[1]]], [[[2]]]], [[[[NaN]]]], [[[['x']]]], [[[[[1]]]]], [[[1]]],
        ...leaves.flatMap(leaf => [[leaf], [leaf, leaf], [[leaf, leaf], [leaf, leaf]]]),
    ];
    const objects = [{}, { length: 2 }, { 0: 1, 1: 1, length: 2 }, { valueOf: null }];
    const nonsense = [...leaves, ...lists, ...objects];

    let seed = 7;
    const random = () => (seed = (seed * 1103515245 + 12345) % 2 ** 31) / 2 ** 31;
    const pick = list => list[Math.floor(random() * list.length)];
    const pause = () => new Promise(resolve => setTimeout(resolve));
    const settle = async () => {
        for (let n = 0; n < 3; n++) await pause();
    };
    const read = names => Object.fromEntries(names.map(name => [name, window.picture.get(name)]));
    const words = state => JSON.stringify(state, (_, value) =>
        value === undefined || Number.isNaN(value) ? String(value) : value).slice(0, 500);
    // What a program on the page sets comes trait by trait; a message from Python, all at once.
    const give = (state, asMessage) => {
        if (asMessage) return window.picture.set_state(state);
        for (const [name, value] of Object.entries(state)) window.picture.set(name, value);
        window.picture.save_changes();
    };
    const look = () => {
        const root = document.querySelector('.output');
        const drawn = root.querySelector('[class*="-explorer"][role="group"]');
        const cells = [...drawn.querySelectorAll('.convviz-outputs [data-grid=output]')];
        const sliders = [...root.querySelectorAll('.noUi-handle')].map(handle => [
            handle.getAttribute('aria-label'),
            ['valuenow', 'valuemax'].map(name => Number(handle.getAttribute(`aria-${name}`))),
        ]);
        return {
            size: drawn.dataset.outputSize ?? null,
            cells: cells.map(({ dataset }) =>
                'value' in dataset ? Number(dataset.value) : null),
            refused: drawn.querySelector('[role=alert]')?.textContent ?? '',
            text: drawn.textContent,
            sliders: Object.fromEntries(sliders),
        };
    };
    window.harness = {
        read,
        look,
        async start(base) {
            give(base, true);
            await settle();
        },
        async one(names, base) {
            const seen = [];
            let tried = 0;
            for (const name of names) {
                for (const value of nonsense) {
                    give({ [name]: value }, ++tried % 2);
                    await null;
                    if (words(read(names)) === words(base)) continue;
                    await settle();
                    const given = words({ [name]: value });
                    seen.push({ given, model: read(names), ...look() });
                    give(base, true);
                    await settle();
                }
                await settle();
                seen.push({ given: `much for ${name}`, model: read(names), ...look() });
            }
            return [tried, seen];
        },
        async many(names, sensible, count) {
            const seen = [];
            for (let n = 0; n < count; n++) {
                const state = {};
                for (const name of names) {
                    const chance = random();
                    if (chance < 0.2) state[name] = pick(nonsense);
                    else if (chance < 0.4 && name in sensible) {
                        state[name] = structuredClone(pick(sensible[name]));
                    }
                }
                give(state, n % 2);
                await settle();
                seen.push({ given: words(state), model: read(names), ...look() });
            }
            return [count, seen];
        },
    };
})()
"""


class Widget:
    """An explorer on a page, and what its traits are set to there."""

    def __init__(self, exported, made):
        self.exported, self.page = exported, exported.page
        # ipywidgets' traits and anywidget's are theirs. Of `_last_position` its slider hears
        # first, and throws where that is no number; it has a test of its own.
        theirs = {"layout", "tabbable", "tooltip", "_css", "_esm", "_anywidget_id", "_dom_classes"}
        self.names = sorted(
            name
            for name in set(made._picture.keys) - theirs - {"_pixels", "_last_position"}
            if not name.startswith(("_model_", "_view_"))
        )
        exported.show(made)
        expect(exported.output(0).locator("[data-output-size]")).to_be_visible()
        self.page.evaluate(FIND_MODEL)
        for key in ("ArrowRight", "ArrowLeft"):
            self.slider("stride").press(key)
        self.page.wait_for_function("() => 'picture' in window")
        self.page.evaluate(HARNESS)
        self.base = self.page.evaluate("names => harness.read(names)", self.names)

    def slider(self, name):
        return self.exported.output(0).get_by_role("slider", name=name, exact=True)

    def set_one_by_one(self):
        """Every trait to all nonsense; what is then in the model and in the picture."""
        return self._run("([names, base]) => harness.one(names, base)", self.base)

    def set_many_at_once(self, sensible, count):
        """Any traits to any nonsense and to values that make sense, again and again."""
        code = f"([names, sensible]) => harness.many(names, sensible, {count})"
        return self._run(code, sensible)

    def _run(self, code, given):
        tried, seen = self.page.evaluate(code, [self.names, given])
        assert tried >= 200
        assert len(seen) > 20
        self.exported.assert_no_errors()
        assert self.page.locator("img").count() == 0
        for look in seen:
            assert "NaN" not in look["text"], look["given"]
            assert "undefined" not in look["text"], look["given"]
        return seen

    def start_anew(self):
        self.page.evaluate("base => harness.start(base)", self.base)


@pytest.fixture(scope="module")
def exported(browser, static_server):
    size = {"width": DESKTOP[0], "height": DESKTOP[1]}
    context = browser.new_context(viewport=size, reduced_motion="reduce")
    context.set_default_timeout(15_000)
    yield ExportedPage(context, static_server)
    context.close()


@pytest.fixture(scope="module")
def conv(exported):
    return Widget(exported, ConvExplorer(**LAYER, groups=2, panel="settings"))


@functools.cache
def take_layer(layer):
    """Raise ValueError if Python would not take a layer."""
    ConvExplorer(**json.loads(layer))


def expect_convolution(look):
    """The model is a layer that Python takes, and what is drawn is that layer's output."""
    model, given = look["model"], look["given"]
    take_layer(json.dumps({name: model[name] for name in (*LAYER, "groups")}))
    settings = {name: model[name] for name in ("stride", "padding", "dilation")}
    shapes = [np.shape(model[name]) for name in ("input", "weight")]
    axes = make_axes(shapes[0][1:], shapes[1][2:], **settings)
    rows, columns = (axis.output for axis in axes)
    assert model["predict"] in (*PREDICTIONS, None), given
    assert model["panel"] in (*PANELS, None), given
    assert 0 <= model["out_channel"] < shapes[1][0], given
    assert model["position"] < max(rows * columns, 1) or not rows * columns, given
    for name in ("stride", "dilation", "padding"):
        full = name == "padding" and model["_padding_full"]
        assert not isinstance(model[name], int) or full or model[f"_{name}"] == model[name], given
        value, most = look["sliders"][name]
        assert value == min(model[f"_{name}"], most), given
    value, most = look["sliders"]["position"]
    assert value == min(model["position"], most), given

    padded = np.prod([axis.padded for axis in axes], dtype=object)
    if shapes[0][0] * padded + shapes[1][0] * rows * columns > MOST_CELLS:
        assert "cells, padding included, but at most 40000" in look["refused"], given
        return
    try:
        output = conv2d(
            **{name: model[name] for name in LAYER},
            **settings,
            groups=model["groups"],
            padding_mode=model["padding_mode"],
        )
    except ValueError:
        assert look["refused"] or model["predict"] == "output_size", given
        assert look["size"] is None, given
        return
    assert not look["refused"], given
    if model["predict"] is None:
        assert look["size"] == f"{rows}x{columns}", given
        assert np.allclose(look["cells"], output.ravel(), rtol=1e-12), given


def test_a_layer_is_kept_from_nonsense(conv):
    seen = conv.set_one_by_one()
    for look in seen:
        expect_convolution(look)
    conv.start_anew()


SENSIBLE_LAYERS = {
    "stride": [1, 2, [1, 2]],
    "padding": [0, 1, [1, 2], [[0, 1], [2, 0]], "same", "valid"],
    "dilation": [1, 2, [2, 1]],
    "padding_mode": ["zeros", "reflect", "circular"],
    "_stride": [1, 2, 3],
    "_dilation": [1, 2],
    "_padding": [0, 1, 2],
    "position": [0, 1, 5, 11],
    "out_channel": [0, 1],
    "heat_map": [True, False],
    "panel": [None, *PANELS],
    "predict": [None, *PREDICTIONS],
    "input": [RNG.integers(-3, 4, (4, 5, 7)).tolist()],
    "weight": [RNG.integers(-3, 4, shape).tolist() for shape in [(2, 4, 1, 2), (2, 2, 3, 2)]],
    "groups": [1, 2],
    "bias": [None, [3, -4]],
    "_apart": [True, False],
    "_padding_full": [True, False],
}


def test_a_message_of_sense_and_nonsense_leaves_a_layer_that_makes_sense(conv):
    for look in conv.set_many_at_once(SENSIBLE_LAYERS, 200):
        expect_convolution(look)
    conv.start_anew()
    conv.slider("stride").press("ArrowRight")
    expected = conv2d(**LAYER, groups=2, stride=2)
    size = "x".join(map(str, expected.shape[1:]))
    expect(conv.exported.output(0).locator(f"[data-output-size='{size}']")).to_be_visible()
    look = conv.page.evaluate("harness.look()")
    assert np.array_equal(look["cells"], expected.ravel())
    conv.start_anew()


@pytest.mark.parametrize("last", [0, 0.5, 1e9, 2**53])
def test_the_position_slider_ends_at_the_last_output(conv, last):
    conv.page.evaluate("last => picture.set('_last_position', last)", last)
    end = str(float(6 * 4 - 1))
    expect(conv.slider("position")).to_have_attribute("aria-valuemax", end)
    conv.exported.assert_no_errors()


@functools.cache
def axis_output(settings):
    """The size of the output; an error if Python would not take the settings."""
    return AxisExplorer(**json.loads(settings))._axis.output


@functools.cache
def photo_size(settings):
    """The size of the result, None without one; an error if Python would not take the settings."""
    made = ImageExplorer(np.zeros((8, 9), np.uint8), **json.loads(settings))
    try:
        return "x".join(map(str, made.output.shape))
    except ValueError:
        return None


def test_one_axis_is_kept_from_nonsense(exported):
    axis = Widget(exported, AxisExplorer(20, 3))
    sensible = {
        "input_size": [5, 30],
        "kernel_size": [1, 4],
        "stride": [1, 3],
        "padding": [0, 2, [1, 0], "same"],
        "dilation": [1, 2],
        "position": [0, 3],
        "_padding": [0, 1],
        "_padding_before": [0, 1],
        "_padding_after": [0, 1],
        "_padding_same": [True, False],
    }
    for look in (*axis.set_one_by_one(), *axis.set_many_at_once(sensible, 200)):
        model, given = look["model"], look["given"]
        names = ("input_size", "kernel_size", "stride", "padding", "dilation")
        output = axis_output(json.dumps({name: model[name] for name in names}))
        assert look["size"] == (str(output) if output else None), given
        assert bool(look["refused"]) == (output == 0), given
        assert 0 <= model["position"] < max(output, 1) or not output, given
        for name in names[:3]:
            value, most = look["sliders"][name]
            assert value == min(model[name], most), given
    axis.start_anew()
    axis.slider("stride").press("ArrowRight")
    expect(exported.output(0).locator("[data-output-size='9']")).to_be_visible()
    exported.assert_no_errors()


def test_a_photograph_is_kept_from_nonsense(exported):
    pixels = RNG.integers(0, 256, (8, 9, 3), np.uint8)
    image = Widget(exported, ImageExplorer(pixels))
    sensible = {
        "kernel": [[[1, 2, -1]], [[1], [0.5]]],
        "divisor": [1, 5],
        "stride": [1, 2],
        "padding": [0, 2, "same"],
        "dilation": [1, 2],
        "show": ["clip", "grey", "magnitude"],
        "_padding": [0, 1],
        "_padding_same": [True, False],
        "_overlay": [True, False],
    }
    for look in (*image.set_one_by_one(), *image.set_many_at_once(sensible, 200)):
        model, given = look["model"], look["given"]
        names = ("kernel", "divisor", "stride", "padding", "dilation", "show")
        size = photo_size(json.dumps({name: model[name] for name in names}))
        assert model["_shape"] == [8, 9, 3], given
        assert look["size"] == size, given
        assert bool(look["refused"]) == (size is None), given
    image.start_anew()
    image.slider("stride").press("ArrowRight")
    expect(exported.output(0).locator("[data-output-size='4x5']")).to_be_visible()
    exported.assert_no_errors()


def test_a_message_of_nonsense_from_python(lab):
    lab.notebook(["import convviz\nexplorer = convviz.ConvExplorer()\nexplorer"])
    picture = "explorer._picture"
    nonsense = ("[]", "[[]]", "[[['x']]]", "[[[1, 2], [3]]]", "[None]", "[[[[1]]]]")
    for name in ("input", "weight", "bias", "_revealed"):
        lab.execute("\n".join(f"{picture}.{name} = {value}" for value in nonsense))
    lab.execute(f"{picture}._stride = -1\n{picture}.out_channel = 1\n{picture}._padding = 2**53")
    explorer = ExplorerPage(lab.output(0))
    lab.wait_until_idle()
    assert np.array_equal(explorer.outputs(), conv2d(*example()))
    explorer.slider("stride").press("ArrowRight")
    expected = conv2d(*example(), stride=2)
    expect(explorer.root).to_have_attribute("data-output-size", "1x1")
    assert np.array_equal(explorer.outputs(), expected)
    lab.expect_value("explorer.output.tolist()", expected.tolist())
    lab.assert_no_errors()
