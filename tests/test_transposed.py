"""conv_transpose2d against PyTorch, Keras and plain loops; its exactness and its errors."""

import tracemalloc

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from numpy.testing import assert_allclose, assert_array_equal

from convviz.geometry import output_size
from convviz.ops import MAX_CELLS, conv2d
from convviz.transposed import conv_transpose2d, transposed_output_size
from convviz.transposed_axes import make_transposed_axes


def pair(rng, *choices):
    return int(rng.choice(choices)), int(rng.choice(choices))


def random_settings(rng):
    """Shapes of input and weight, and settings that leave an output."""
    while True:
        groups = int(rng.choice([1, 1, 2, 3]))
        batch, c_in, c_out = (int(rng.integers(1, 4)) for _ in range(3))
        size, kernel = (int(rng.integers(1, 9)), int(rng.integers(1, 12))), pair(rng, 1, 2, 3, 5)
        stride, dilation = pair(rng, 1, 2, 3, 4), pair(rng, 1, 1, 2, 3)
        more = tuple(int(rng.integers(0, max(s, d))) for s, d in zip(stride, dilation, strict=True))
        settings = {
            "stride": stride,
            "padding": pair(rng, 0, 1, 2, 4),
            "dilation": dilation,
            "output_padding": more,
        }
        try:
            transposed_output_size(size, kernel, **settings)
        except ValueError:
            continue
        shapes = (batch, groups * c_in, *size), (groups * c_in, c_out, *kernel)
        return shapes, settings | {"groups": groups}


def transpose_in_loops(x, w, b, *, stride, padding, output_padding, dilation, groups):
    """In Python's integers, one product at a time."""
    (n, channels, height, width), (_, per_group, kh, kw) = x.shape, w.shape
    oh, ow = (
        (size - 1) * s - 2 * p + d * (k - 1) + 1 + a
        for size, s, p, d, k, a in zip(
            (height, width), stride, padding, dilation, (kh, kw), output_padding, strict=True
        )
    )
    output = np.zeros((n, groups * per_group, oh, ow), object)
    output += np.array([int(value) for value in b], object)[:, None, None]
    for image, c, i, j, m, u, v in np.ndindex(n, channels, height, width, per_group, kh, kw):
        row = i * stride[0] + u * dilation[0] - padding[0]
        column = j * stride[1] + v * dilation[1] - padding[1]
        if 0 <= row < oh and 0 <= column < ow:
            filter = c // (channels // groups) * per_group + m
            output[image, filter, row, column] += int(x[image, c, i, j]) * int(w[c, m, u, v])
    return output


# ------------------------------------------------------------------------------------ the numbers


@pytest.mark.parametrize("seed", range(200))
def test_equals_torch(seed):
    rng = np.random.default_rng(seed)
    (x_shape, w_shape), settings = random_settings(rng)
    x, w = rng.standard_normal(x_shape), rng.standard_normal(w_shape)
    b = rng.standard_normal(settings["groups"] * w_shape[1]) if seed % 2 else None
    tensors = [None if a is None else torch.tensor(a) for a in (x, w, b)]
    wanted = F.conv_transpose2d(*tensors, **settings).numpy()
    output = conv_transpose2d(x, w, b, **settings)
    assert output.dtype == np.float64
    assert_allclose(output, wanted, rtol=0, atol=1e-12)
    del settings["groups"]
    assert transposed_output_size(x_shape[2:], w_shape[2:], **settings) == wanted.shape[2:]


def test_output_padding_up_to_the_dilation():
    x, w = np.arange(6.0).reshape(1, 2, 3), np.arange(1.0, 5).reshape(1, 1, 2, 2)
    settings = {"dilation": (3, 1), "stride": (1, 2), "output_padding": (2, 1)}
    wanted = F.conv_transpose2d(torch.tensor(x), torch.tensor(w), **settings)
    assert_array_equal(conv_transpose2d(x, w, **settings), wanted)


@pytest.mark.parametrize("padding", ["same", "valid"])
@pytest.mark.parametrize("seed", range(25))
def test_equals_keras(padding, seed):
    keras = pytest.importorskip("keras")
    rng = np.random.default_rng(1000 + seed)
    # No dilation: TensorFlow's kernels for the CPU have none here.
    stride, kernel = pair(rng, 1, 2, 3, 4), pair(rng, 1, 2, 3, 4, 5)
    x = rng.standard_normal((2, 3, int(rng.integers(3, 9)), int(rng.integers(3, 12))))
    w = rng.standard_normal((3, 4, *kernel))
    wanted = keras.ops.conv_transpose(
        x.transpose(0, 2, 3, 1),
        w.transpose(2, 3, 1, 0),
        strides=stride,
        padding=padding,
        data_format="channels_last",
    )
    output = conv_transpose2d(x, w, stride=stride, padding=padding)
    assert_allclose(output, np.asarray(wanted).transpose(0, 3, 1, 2), rtol=0, atol=1e-12)


def test_equals_the_layers():
    keras = pytest.importorskip("keras")
    keras.utils.set_random_seed(3)
    torch.manual_seed(3)
    settings = {"stride": (2, 3), "padding": (1, 2), "output_padding": (1, 0), "groups": 2}
    layer = torch.nn.ConvTranspose2d(4, 6, (3, 5), **settings)
    x = torch.randn(2, 4, 5, 6)
    with torch.no_grad():
        wanted = layer(x).numpy()
        output = conv_transpose2d(x, layer.weight, layer.bias, **settings)
    assert_allclose(output, wanted, rtol=0, atol=1e-5)

    built = keras.layers.Conv2DTranspose(
        6, (3, 2), strides=2, padding="same", bias_initializer="ones"
    )
    wanted = np.asarray(built(x.numpy().transpose(0, 2, 3, 1))).transpose(0, 3, 1, 2)
    kernel, bias = (np.asarray(weight) for weight in built.get_weights())
    output = conv_transpose2d(x, kernel.transpose(3, 2, 0, 1), bias, stride=2, padding="same")
    assert_allclose(output, wanted, rtol=0, atol=1e-5)


@pytest.mark.parametrize("seed", range(20))
def test_it_is_the_transpose(seed):
    """<y, conv(x)> = <transposed(y), x>, in integers and so exactly, for uneven sides too."""
    rng = np.random.default_rng(2000 + seed)
    settings = {
        "stride": pair(rng, 1, 2, 3),
        "dilation": pair(rng, 1, 2),
        "padding": (pair(rng, 0, 1, 2), pair(rng, 0, 1, 3)),
    }
    x, w = rng.integers(-9, 10, (4, 9, 11)), rng.integers(-9, 10, (6, 2, 3, 2))
    convolved = conv2d(x, w, **settings, groups=2)
    y = rng.integers(-9, 10, convolved.shape)
    # The cells at the end that the convolution never reads come back as zeros.
    smallest = transposed_output_size(y.shape[1:], (3, 2), **settings)
    more = tuple(n - m for n, m in zip((9, 11), smallest, strict=True))
    back = conv_transpose2d(y, w, **settings, groups=2, output_padding=more)
    assert back.shape == x.shape
    assert (back * x).sum() == (y * convolved).sum()


@pytest.mark.parametrize("seed", range(100))
def test_axes_turn_a_convolution_round(seed):
    rng = np.random.default_rng(3000 + seed)
    (x_shape, w_shape), settings = random_settings(rng)
    del settings["groups"]
    axes = make_transposed_axes(x_shape[2:], w_shape[2:], **settings)
    for k, axis in enumerate(axes):
        plain = [settings[name][k] for name in ("stride", "padding", "dilation")]
        names = ("stride", "padding", "dilation")
        there = output_size(axis.input, axis.kernel, **dict(zip(names, plain, strict=True)))
        if settings["output_padding"][k] < axis.stride:
            assert there == x_shape[2 + k] == axis.output
        assert axis.reads[0, 0] == -settings["padding"][k]
        assert len(axis.reads) >= x_shape[2 + k]


# ------------------------------------------------------------------------------------------ types


@pytest.mark.parametrize("seed", range(25))
def test_integers_equal_plain_loops(seed):
    rng = np.random.default_rng(4000 + seed)
    (x_shape, w_shape), settings = random_settings(rng)
    x_shape = *x_shape[:2], min(x_shape[2], 4), min(x_shape[3], 4)
    settings["padding"] = (0, 0)
    terms = x_shape[1] // settings["groups"] * w_shape[2] * w_shape[3]
    largest = int((2**62 // terms) ** 0.5) if seed % 2 else 9
    x, w = (rng.integers(-largest, largest, shape) for shape in (x_shape, w_shape))
    b = rng.integers(-largest, largest, settings["groups"] * w_shape[1])
    output = conv_transpose2d(x, w, b, **settings)
    assert output.dtype == np.int64
    assert_array_equal(output, transpose_in_loops(x, w, b, **settings))


def test_integers_beyond_floats():
    total = (2**30 + 1) * (2**27 - 1) + 7
    assert total > 2**53 and total != int(float(total))
    x, w = np.full((1, 1, 1), 2**30 + 1), np.full((1, 1, 1, 2), 2**27 - 1)
    assert conv_transpose2d(x, w, [7]).tolist() == [[[total, total]]]
    with pytest.raises(ValueError, match="could leave int64's range"):
        conv_transpose2d(x, w * 2**9)


@pytest.mark.parametrize(
    ("x_type", "w_type", "wanted"),
    [
        ("float32", "float32", "float32"),
        ("float16", "float16", "float16"),
        ("float32", "float64", "float64"),
        ("int32", "float32", "float64"),
        ("uint8", "int8", "int64"),
        (">f4", "<f4", "float32"),
    ],
)
def test_dtypes(x_type, w_type, wanted):
    x, w = np.arange(12).reshape(1, 3, 4), np.arange(6).reshape(1, 1, 2, 3)
    output = conv_transpose2d(x.astype(x_type), w.astype(w_type), stride=2)
    assert output.dtype == wanted and output.dtype.isnative
    assert_array_equal(output, conv_transpose2d(x, w, stride=2))


def test_half_precision_is_rounded_once():
    x = np.array([[[60000]], [[60000]], [[45056]]], np.float16)
    w = np.array([[[[1]]], [[[1]]], [[[-2]]]], np.float16)
    assert conv_transpose2d(x, w).item() == 29888


def test_what_nothing_writes_to():
    output = conv_transpose2d(np.ones((1, 2, 2)), np.full((1, 1, 1, 1), np.nan), [5], stride=2)
    assert np.isnan(output[0, ::2, ::2]).all()
    assert (output[0, 1] == 5).all() and (output[0, :, 1] == 5).all()


def test_shapes():
    w = np.arange(12.0).reshape(2, 1, 2, 3)
    x = np.arange(24.0).reshape(2, 3, 4)
    single = conv_transpose2d(x, w)
    assert_array_equal(conv_transpose2d(x[None], w)[0], single)
    assert conv_transpose2d(np.zeros((0, 2, 3, 4)), w).shape == (0, *single.shape)
    assert single.flags.writeable
    assert transposed_output_size(4, 3) == 6 and isinstance(transposed_output_size(4, 3), int)
    assert transposed_output_size(4, 3, stride=(1, 2)) == (6, 9)


# ----------------------------------------------------------------------------------------- errors

X, W = np.zeros((2, 6, 5, 4)), np.zeros((6, 4, 3, 2))

MISTAKES = [
    (X > 0, W, {}, TypeError, "input must hold integers or floats, but has dtype bool"),
    (X, W.astype(str), {}, TypeError, "weight .* <U"),
    ([[[1, 2], [3]]], W, {}, ValueError, "input must be an array"),
    (X[0, 0], W, {}, ValueError, r"input must have shape .*\(C, H, W\).* \(5, 4\)"),
    (X[..., :0], W, {}, ValueError, r"input must have at least one .* \(2, 6, 5, 0\)"),
    (X, W[0], {}, ValueError, r"weight must have shape \(C_in, C_out / groups.* \(4, 3, 2\)"),
    (X, W[:, :0], {}, ValueError, r"weight .* length 0.* \(6, 0, 3, 2\)"),
    (X, W[:4], {}, ValueError, "weight .* each of the 6 input channels, but has 4"),
    (X, W, {"groups": 4}, ValueError, "groups must divide .* is 4, with 6"),
    (X, W, {"groups": 0}, ValueError, "groups must be at least 1"),
    (X, W, {"groups": 2, "bias": np.zeros(4)}, ValueError, r"bias .* \(8,\).* \(4,\)"),
    (X, W, {"stride": 0}, ValueError, "stride must be at least 1, but is 0"),
    (X, W, {"stride": 1.0}, TypeError, "stride must be an integer, but is 1.0"),
    (X, W, {"padding": -1}, ValueError, "padding must be at least 0, but is -1"),
    (X, W, {"output_padding": -1}, ValueError, "output_padding must be at least 0, but is -1"),
    (X, W, {"output_padding": 1}, ValueError, r"output_padding \(height\).* stride or dilation"),
    (X, W, {"output_padding": (0, 2), "stride": 2}, ValueError, r"output_padding \(width\).* is 2"),
    (X, W, {"output_padding": 1, "padding": "same", "stride": 2}, ValueError, "must be 0 with"),
    (X, W, {"padding": (0, 3)}, ValueError, "Nothing is left of the width: .* 6 cells off, of 5"),
    (X, W, {"stride": 10**5}, ValueError, f"output would have .* {MAX_CELLS} are allowed"),
]


@pytest.mark.parametrize(("x", "w", "settings", "error", "message"), MISTAKES)
def test_mistakes_are_named(x, w, settings, error, message):
    tracemalloc.start()
    try:
        with pytest.raises(error, match=message):
            conv_transpose2d(x, w, **settings)
        assert tracemalloc.get_traced_memory()[1] < 2**20
    finally:
        tracemalloc.stop()
