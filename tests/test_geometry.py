"""Output sizes and padding against Keras, and what is said of them; test_search.py counts out."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from convviz import explain_output_size, make_axes, output_size
from convviz.axis import Axis
from convviz.explanation import left_over
from convviz.geometry import resolve_padding, source_index

axes = st.builds(
    Axis,
    input=st.integers(1, 14),
    kernel=st.integers(1, 6),
    stride=st.integers(1, 5),
    padding=st.tuples(st.integers(0, 4), st.integers(0, 4)),
    dilation=st.integers(1, 4),
)


def test_sizes_and_padding_agree_with_keras():
    import keras

    rng = np.random.default_rng(2)
    for _ in range(60):
        size, kernel = rng.integers(3, 12, 2).tolist(), rng.integers(1, 4, 2).tolist()
        stride, dilation = int(rng.integers(1, 4)), int(rng.integers(1, 4))
        if stride > 1:
            dilation = 1  # Keras refuses both at once
        for padding in ("valid", "same"):
            settings = {"stride": stride, "padding": padding, "dilation": dilation}
            layer = keras.layers.Conv2D(
                1, kernel, strides=stride, padding=padding, dilation_rate=dilation
            )
            axes = make_axes(size, kernel, **settings)
            if not all(axis.fits for axis in axes):
                continue
            shape = layer.compute_output_shape((1, *size, 1))
            assert output_size(size, kernel, **settings) == shape[1:3]
    # Which cells "same" adds: a kernel that reads its first cell only shows the padding before.
    for size, kernel, stride in ((6, 3, 2), (5, 4, 3), (7, 2, 2), (4, 2, 1)):
        layer = keras.layers.Conv2D(1, (1, kernel), strides=(1, stride), padding="same")
        layer.build((None, 1, size, 1))
        weight = np.zeros((1, kernel, 1, 1), "float32")
        weight[0, 0] = 1
        layer.set_weights([weight, np.zeros(1, "float32")])
        numbers = np.arange(1, size + 1, dtype="float32").reshape(1, 1, size, 1)
        _, width = make_axes((1, size), (1, kernel), stride=(1, stride), padding="same")
        expected = [k + 1 if 0 <= k < size else 0 for k in width.reads[:, 0].tolist()]
        assert np.asarray(layer(numbers)).ravel().tolist() == expected


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (((224, 224), 11), (214, 214)),
        (((224, 224), 4, {"stride": 4}), (56, 56)),
        ((6, 3, {"stride": 2, "padding": "same"}), 3),
        ((6, 3, {"stride": 2, "padding": 1}), 3),
        ((4, 2, {"padding": "same"}), 4),
        ((4, 2, {"padding": 1}), 5),
        (([5, 9], np.array([3, 2]), {"padding": [[0, 1], [2, 0]]}), (4, 10)),
        ((np.int64(7), 3, {"dilation": np.uint8(2)}), 3),
    ],
)
def test_known_sizes(arguments, expected):
    *positional, settings = arguments if isinstance(arguments[-1], dict) else (*arguments, {})
    assert output_size(*positional, **settings) == expected


def test_every_form_of_padding():
    def sides(padding):
        return resolve_padding(padding, (5, 8), (2, 3), 1, 1)

    assert sides(2) == ((2, 2), (2, 2))
    assert sides((1, 2)) == ((1, 1), (2, 2))
    assert sides(((0, 1), (2, 3))) == ((0, 1), (2, 3))
    assert sides("valid") == ((0, 0), (0, 0))
    assert sides("same") == ((0, 1), (1, 1))


@pytest.mark.parametrize(
    ("change", "error", "words"),
    [
        ({"stride": 0}, ValueError, "stride must be at least 1, but is 0"),
        ({"stride": 1.0}, TypeError, "stride must be an integer, but is 1.0"),
        ({"stride": True}, TypeError, "stride must be an integer, but is True"),
        ({"stride": (1, 0)}, ValueError, r"stride \(width\) must be at least 1"),
        ({"stride": (1, 2, 3)}, ValueError, r"stride .* pair \(height, width\)"),
        ({"dilation": None}, TypeError, "dilation must be an integer, but is None"),
        ({"dilation": "2"}, TypeError, "dilation must be an integer, but is '2'"),
        ({"padding": -1}, ValueError, "padding must be at least 0, but is -1"),
        ({"padding": "SAME"}, ValueError, '"valid" or "same", but is \'SAME\''),
        ({"padding": ((1, 2), 3)}, ValueError, "padding must be"),
        ({"padding": ((1, 2), (3, -4))}, ValueError, r"padding \(right\) must be at least 0"),
        ({"padding": 0.5}, TypeError, "padding must be"),
        ({"padding": {}}, TypeError, "padding must be"),
        ({"input_size": 0}, ValueError, "input_size must be at least 1"),
        ({"input_size": 2**40}, ValueError, "input_size must be at most"),
        ({"kernel_size": np.nan}, TypeError, "kernel_size must be an integer"),
        ({"kernel_size": ()}, ValueError, "kernel_size"),
    ],
)
def test_bad_arguments_are_named(change, error, words):
    arguments = {"input_size": 7, "kernel_size": 3, **change}
    with pytest.raises(error, match=words):
        output_size(**arguments)


@given(axes)
def test_what_a_misfit_recommends_does_fit(axis):
    if axis.fits:
        return
    words = axis.misfit()
    room = axis.padded
    kernel = int(words.split("kernel_size up to ")[1].split()[0])
    assert axis.dilation * (kernel - 1) + 1 <= room < axis.dilation * kernel + 1
    if "dilation up to" in words:
        dilation = int(words.split("dilation up to ")[1].split()[0])
        assert dilation * (axis.kernel - 1) + 1 <= room < (dilation + 1) * (axis.kernel - 1) + 1
    padding = int(words.split("padding of ")[1].split()[0])
    each = 2 if "on each side" in words else 1
    assert axis.span <= axis.input + each * padding < axis.span + each


@pytest.mark.parametrize("mode", ["reflect", "replicate", "circular"])
def test_source_index_agrees_with_numpy(mode):
    numpy_mode = {"replicate": "edge", "circular": "wrap"}.get(mode, mode)
    padded = np.pad(np.arange(5), (3, 4), mode=numpy_mode)
    assert [source_index(k, 5, mode) for k in range(-3, 9)] == padded.tolist()


def test_an_explanation_shows_every_step():
    shown = explain_output_size((6, 9), (3, 4), stride=(2, 1), padding=((0, 1), (2, 0)))
    assert repr(shown).splitlines() == [
        "O_H = floor((H + P_top + P_bottom - F) / S) + 1",
        "    = floor((6 + 0 + 1 - 3) / 2) + 1",
        "    = floor(4 / 2) + 1",
        "    = 3",
        "O_W = floor((W + P_left + P_right - F) / S) + 1",
        "    = floor((9 + 2 + 0 - 4) / 1) + 1",
        "    = floor(7 / 1) + 1",
        "    = 8",
    ]
    latex = shown._repr_markdown_()
    assert r"\frac{6 + 0 + 1 - 3}{2}" in latex
    assert r"P_\text{top}" in latex


def test_an_explanation_tells_what_does_not_fit():
    assert "does not fit: it spans 7 cells" in repr(explain_output_size(4, 7))


@given(axes)
def test_what_is_left_over_adds_up(axis):
    numbers = [
        int(word) for word in left_over("axis", axis).replace(":", " ").split() if word.isdigit()
    ]
    if not axis.fits:
        return
    skipped = len(axis.unread) - axis.remainder
    words = left_over("axis", axis)
    assert (str(axis.remainder) in words) or axis.remainder == 0
    assert ("steps over" in words) == (skipped > 0)
    assert not numbers or max(numbers) <= max(axis.remainder, skipped)
