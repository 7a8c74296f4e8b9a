"""Predictions checked in Python and in the browser's JavaScript: the same words for the same one.

The usual mistakes are made here once more, by ways of their own: a wrong size is counted out on a
ruler, and a wrong number is what `conv2d` makes of the layer as it was misread.
"""

import numpy as np
import pytest

from convviz import check_output_size, check_output_value, conv2d, make_axes
from convviz.catalogue import sentences
from tests.npm import ask_javascript

MODES = ("zeros", "reflect", "replicate", "circular")
GEOMETRY = ("stride", "padding", "dilation")


def draw_layer(rng):
    groups = int(rng.integers(1, 4))
    c_in, c_out = (groups * int(n) for n in rng.integers(1, 3, 2))
    whole = rng.integers(3) > 0

    def numbers(*shape):
        return rng.integers(-9, 10, shape) if whole else rng.normal(size=shape).round(3)

    kernel = rng.integers(1, 5, 2)
    if rng.integers(2):
        kernel[1] = kernel[0]  # or the mistake of a transposed kernel would be rare
    sides = tuple(map(tuple, rng.integers(0, 3, (2, 2)).tolist()))
    return {
        "input": numbers(c_in, *rng.integers(3, 9, 2)),
        "weight": numbers(c_out, c_in // groups, *kernel),
        "bias": numbers(c_out) if rng.integers(3) else None,
        "stride": tuple(rng.integers(1, 4, 2).tolist()),
        "padding": ("same", 1, sides, sides)[rng.integers(4)],
        "dilation": tuple(rng.integers(1, 4, 2).tolist()),
        "groups": groups,
        "padding_mode": MODES[rng.integers(4)],
    }


def axes_of(layer):
    settings = {name: layer[name] for name in GEOMETRY}
    return make_axes(layer["input"].shape[1:], layer["weight"].shape[2:], **settings)


def places(room, stride):
    """How often a kernel can be laid down, when `room` cells are left beside it."""
    return len(range(0, room + 1, stride))


def usual_sizes(axis):
    before, after = axis.padding
    room = axis.padded - axis.span
    spread = axis.dilation * axis.kernel
    return [
        axis.output,
        axis.output - 1,
        axis.output + 1,
        places(before + axis.input - axis.span, axis.stride),
        places(axis.input - axis.span, axis.stride),
        places(room, 1),
        places(axis.padded - axis.kernel, axis.stride),
        places(axis.padded - spread, axis.stride),
        places(before + axis.input + 2 * after - axis.span, axis.stride),
        room // axis.stride + 1,
        0,
    ]


def draw_sizes(rng, layer):
    height, width = axes_of(layer)
    right = (height.output, width.output)
    sizes = [right, right[::-1], (0, 0), (-2, 77)]
    sizes += [(n, right[1]) for n in usual_sizes(height)]
    sizes += [(right[0], n) for n in usual_sizes(width)]
    wrong = [rng.choice(usual_sizes(axis), 6).tolist() for axis in (height, width)]
    return sizes + list(zip(*wrong, strict=True))


def draw_values(rng, layer, at):
    """Predictions of the output number at `at`: the right one, the usual mistakes, and others."""
    c_out, i, j = at
    right = conv2d(**layer)
    weight = layer["weight"]
    misread = [
        {"bias": None},
        {"weight": weight[:, :, ::-1, ::-1]},
        {"weight": weight[:, :, ::-1, ::-1], "bias": None},
        {"weight": weight.swapaxes(2, 3)},
        {"stride": 1},
        {"padding": 0},
        {"padding": 0, "padding_mode": "zeros"},
        {"dilation": 1},
        {"padding_mode": "zeros"},
        {"input": np.concatenate([layer["input"][: weight.shape[1]]] * layer["groups"])},
    ]
    for channel in range(weight.shape[1]):
        alone = np.zeros_like(weight)
        alone[:, channel] = weight[:, channel]
        misread += [{"weight": alone}, {"weight": alone, "bias": None}]
    # As the functions understand it, only what is left out changes: the padding stays.
    sides = tuple(axis.padding for axis in axes_of(layer))
    values = [right[at], right[at] + 1, right[at] * 1.001, right[at] * 1.004, right[at] * 1.02]
    values += [1e-7, 2.5e-9, 1e21, 12345678.5, 0, rng.normal(), -rng.integers(100)]
    for change in misread:
        try:
            values.append(conv2d(**{**layer, "padding": sides, **change})[at])
        except (ValueError, IndexError):
            continue
    if j < right.shape[1] and i < right.shape[2]:
        values.append(right[c_out, j, i])
    return [float(value) for value in values]


def draw_case(seed):
    rng = np.random.default_rng(seed)
    layer = draw_layer(rng)
    case = {"layer": layer, "sizes": draw_sizes(rng, layer), "at": None, "values": []}
    try:
        output = conv2d(**layer)
    except ValueError:
        return case
    at = tuple(int(rng.integers(n)) for n in output.shape)
    return case | {"at": at, "values": draw_values(rng, layer, at)}


CASES = [draw_case(seed) for seed in range(240)]


def from_python(case):
    layer = case["layer"]
    sizes = layer["input"].shape[1:], layer["weight"].shape[2:]
    settings = {name: layer[name] for name in GEOMETRY}
    answers = {
        "sizes": [check_output_size(tuple(n), *sizes, **settings) for n in case["sizes"]],
        "values": [check_output_value(n, **layer, at=case["at"]) for n in case["values"]],
    }
    return {
        kind: [{"right": answer.right, "words": answer.message} for answer in given]
        for kind, given in answers.items()
    }


@pytest.fixture(scope="module")
def answers():
    """Python's and JavaScript's, case by case."""
    theirs = ask_javascript("run-predictions.mjs", CASES)
    return list(zip(map(from_python, CASES), theirs, strict=True))


def test_javascript_answers_in_pythons_words(answers):
    for case, (ours, shown) in zip(CASES, answers, strict=True):
        for kind in ("sizes", "values"):
            for prediction, *pair in zip(case[kind], ours[kind], shown[kind], strict=True):
                assert pair[0] == pair[1], (prediction, case)


def test_every_sentence_is_said(answers):
    """Or the agreement would be worth little."""
    said = {answer["words"] for _, shown in answers for kind in shown.values() for answer in kind}
    mistakes = "below_zero plus_one ceiling one_side no_padding no_stride no_dilation swapped"
    mistakes += " dilation_times_kernel flipped transposed no_bias one_channel no_padding_mode"
    keys = [f"mistake_{mistake}" for mistake in f"{mistakes} no_groups cell_swapped".split()]
    keys += ["prediction_right", "prediction_right_no_output"]
    keys += ["prediction_wrong", "prediction_wrong_value"]
    for key in keys:
        start = sentences()[key].removeprefix("{prediction}").split("{")[0]
        assert any(start in words for words in said), key


def test_right_is_what_conv2d_gives(answers):
    for case, (_, shown) in zip(CASES, answers, strict=True):
        height, width = axes_of(case["layer"])
        for (rows, columns), answer in zip(case["sizes"], shown["sizes"], strict=True):
            if height.fits and width.fits:
                expected = (rows, columns) == (height.output, width.output)
            else:
                expected = (height.fits or rows == 0) and (width.fits or columns == 0)
            assert answer["right"] == expected, case
        if case["values"]:
            assert shown["values"][0]["right"], case
            whole = case["layer"]["input"].dtype.kind == "i"
            assert [a["right"] for a in shown["values"][2:5]] == [
                case["values"][0] == 0 or (not whole and near) for near in (True, True, False)
            ], case


@pytest.mark.parametrize("prediction", [0, (0, 0), (0, 5), [0, 77]])
def test_no_output_is_said_by_0(prediction):
    answer = check_output_size(prediction, (2, 9), (3, 2))
    assert answer.right
    assert "so there is no output" in answer.message


@pytest.mark.parametrize("prediction", [1, (1, 8), (3, 0), (8, 0)])
def test_no_output_is_not_said_by_another_number(prediction):
    assert not check_output_size(prediction, (2, 9), (3, 2)).right


@pytest.mark.parametrize(
    ("prediction", "shown"),
    [
        (np.int8(-3), "−3"),
        (-0.0, "0"),
        (19.0, "19"),
        (np.float32(0.1), "0.1"),
        (0.1 + 0.2, "0.30000000000000004"),
        (1e16, "10000000000000000"),
        (-1e-7, "−1e−7"),
    ],
)
def test_a_number_is_shown_as_in_the_browser(prediction, shown):
    answer = check_output_value(prediction, [[[1, 2], [3, 4]]], [[[[100, 20]]]])
    assert answer.message.startswith(f"{shown} is not it.")


def test_small_integer_types_do_not_overflow_in_a_mistake():
    image, weight = np.full((1, 2, 2), 100, np.int8), np.array([[[[1, 2], [3, 50]]]], np.int8)
    bias = np.array([7], np.int8)
    flipped = check_output_value(5607, image, weight, bias)
    assert flipped.right  # every cell is alike, so the flipped kernel gives the same
    image[0, 0, 0] = 0
    assert "180 degrees" in check_output_value(607, image, weight, bias).message
