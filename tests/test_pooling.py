"""Pooling against PyTorch, Keras and plain loops; its types, its limits and its errors."""

import math
import tracemalloc

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from numpy.testing import assert_allclose, assert_array_equal

from convviz.ops import MAX_CELLS
from convviz.pooling import avg_pool2d, make_pooling_axes, max_pool2d


def pair(rng, *choices):
    return int(rng.choice(choices)), int(rng.choice(choices))


def random_settings(rng):
    """A shape, and settings that PyTorch takes for it."""
    while True:
        kernel = pair(rng, 1, 2, 3, 5)
        settings = {
            "kernel_size": kernel,
            "stride": None if rng.random() < 0.3 else pair(rng, 1, 2, 3, 4),
            "padding": tuple(int(rng.integers(0, k // 2 + 1)) for k in kernel),
            "dilation": pair(rng, 1, 1, 2, 3),
            "ceil_mode": bool(rng.integers(2)),
        }
        shape = tuple(int(rng.integers(1, most)) for most in (4, 4, 14, 20))
        try:
            make_pooling_axes(shape[2:], **settings)
        except ValueError:
            continue
        return shape, settings


def pool_in_loops(x, kernel, stride, padding, dilation, ceil_mode, reduce):
    """Window by window; `reduce` gets its input cells, and how many cells it has with padding."""
    (top, bottom), (left, right) = padding
    sides, sizes = ((top, bottom), (left, right)), []
    for k, (before, after) in enumerate(sides):
        room = before + x.shape[k] + after - dilation[k] * (kernel[k] - 1) - 1
        size = (math.ceil if ceil_mode else math.floor)(room / stride[k]) + 1
        if ceil_mode and (size - 1) * stride[k] >= before + x.shape[k]:
            size -= 1
        sizes.append(size)
    output = np.empty(sizes, object)
    for i, j in np.ndindex(*sizes):
        rows = [i * stride[0] - top + u * dilation[0] for u in range(kernel[0])]
        columns = [j * stride[1] - left + v * dilation[1] for v in range(kernel[1])]
        inside = [x[r, c] for r in rows for c in columns if 0 <= r < len(x) and 0 <= c < x.shape[1]]
        with_padding = sum(r < len(x) + bottom for r in rows) * sum(
            c < x.shape[1] + right for c in columns
        )
        output[i, j] = reduce(inside, with_padding)
    return output


# ------------------------------------------------------------------------------------ the numbers


@pytest.mark.parametrize("seed", range(150))
def test_max_equals_torch(seed):
    rng = np.random.default_rng(seed)
    shape, settings = random_settings(rng)
    x = rng.standard_normal(shape)
    output = max_pool2d(x, **settings)
    assert_array_equal(output, F.max_pool2d(torch.tensor(x), **settings))
    wanted = make_pooling_axes(shape[2:], **settings)
    assert output.shape == (*shape[:2], *(axis.output for axis in wanted))


@pytest.mark.parametrize("seed", range(150))
def test_average_equals_torch(seed):
    rng = np.random.default_rng(1000 + seed)
    shape, settings = random_settings(rng)
    settings |= {"count_include_pad": bool(rng.integers(2))}
    del settings["dilation"]
    x = rng.standard_normal(tuple(s + k for s, k in zip(shape, (0, 0, 4, 4), strict=True)))
    wanted = F.avg_pool2d(torch.tensor(x), **settings)
    assert_allclose(avg_pool2d(x, **settings), wanted, rtol=0, atol=1e-14)


def test_random_settings_reach_what_is_special():
    """Windows that are cut off, and windows left out because they would start in the padding."""
    cut, left_out = 0, 0
    for seed in range(150):
        shape, settings = random_settings(np.random.default_rng(seed))
        rounded = {mode: {**settings, "ceil_mode": mode} for mode in (False, True)}
        for k in (0, 1):
            try:
                plain = make_pooling_axes(shape[2:], **rounded[False])[k]
            except ValueError:
                continue
            up = make_pooling_axes(shape[2:], **rounded[True])[k]
            cut += up.output > plain.output
            left_out += up.output == plain.output and plain.remainder > 0
    assert cut > 20 and left_out > 5


@pytest.fixture(scope="module")
def keras():
    return pytest.importorskip("keras")


@pytest.mark.parametrize("padding", ["same", "valid"])
@pytest.mark.parametrize("seed", range(20))
def test_equals_keras(keras, padding, seed):
    rng = np.random.default_rng(2000 + seed)
    kernel, stride = pair(rng, 1, 2, 3, 5), pair(rng, 1, 2, 3, 4)
    stride = None if seed % 4 == 0 else stride
    x = rng.standard_normal((2, 3, int(rng.integers(5, 12)), int(rng.integers(5, 20))))
    x = x.astype(np.float32)
    for ours, theirs in (
        (max_pool2d, keras.ops.max_pool),
        (avg_pool2d, keras.ops.average_pool),
    ):
        wanted = theirs(
            x.transpose(0, 2, 3, 1),
            kernel,
            strides=stride,
            padding=padding,
            data_format="channels_last",
        )
        wanted = np.asarray(wanted).transpose(0, 3, 1, 2)
        output = ours(x, kernel, stride=stride, padding=padding)
        assert output.dtype == np.float32
        assert_allclose(output, wanted, rtol=0, atol=1e-6)
        # Windows of "same" cover the input already.
        if padding == "same":
            assert_array_equal(
                ours(x, kernel, stride=stride, padding=padding, ceil_mode=True), output
            )


@pytest.mark.parametrize("seed", range(40))
def test_uneven_sides_equal_plain_loops(seed):
    rng = np.random.default_rng(3000 + seed)
    kernel, stride = pair(rng, 2, 3, 4, 5), pair(rng, 1, 2, 3, 5)
    padding = tuple(tuple(int(rng.integers(0, k // 2 + 1)) for _ in range(2)) for k in kernel)
    ceil_mode = bool(seed % 2)
    x = rng.integers(-50, 50, (int(rng.integers(5, 12)), int(rng.integers(5, 12))))
    settings = {"stride": stride, "padding": padding, "ceil_mode": ceil_mode}
    plain = kernel, stride, padding, (1, 1), ceil_mode
    wanted = pool_in_loops(x, *plain, lambda cells, _: max(cells))
    assert_array_equal(max_pool2d(x[None], kernel, **settings)[0], wanted)
    for count, average in (
        (True, lambda cells, with_padding: sum(cells) / with_padding),
        (False, lambda cells, _: sum(cells) / len(cells)),
    ):
        output = avg_pool2d(x[None], kernel, **settings, count_include_pad=count)
        # Of integers, equal to the last bit.
        assert_array_equal(output[0], pool_in_loops(x, *plain, average).astype(float))


def test_same_counts_the_padding_if_asked_to():
    x = np.full((1, 3, 3), 4)
    assert avg_pool2d(x, 2, stride=1, padding="same")[0, 2].tolist() == [4, 4, 4]
    output = avg_pool2d(x, 2, stride=1, padding="same", count_include_pad=True)
    assert output[0, 2].tolist() == [2, 2, 1]


def test_what_overhangs_is_never_counted():
    x = np.full((1, 3, 3), 6)
    for count in (True, False):
        output = avg_pool2d(x, 2, ceil_mode=True, count_include_pad=count)
        assert output.tolist() == [[[6, 6], [6, 6]]]


def test_kernel_larger_than_the_input_with_ceil_mode():
    x = np.arange(6.0).reshape(1, 2, 3)
    wanted = F.max_pool2d(torch.tensor(x), (3, 2), stride=2, ceil_mode=True)
    assert_array_equal(max_pool2d(x, (3, 2), stride=2, ceil_mode=True), wanted)


# ------------------------------------------------------------------------------------------ types


@pytest.mark.parametrize("code", [*"bBhHiIlLqQefdg", ">i4", ">f4"])
def test_maximum_keeps_the_type(code):
    x = np.arange(24).reshape(1, 4, 6).astype(code)
    if np.dtype(code).kind == "i":
        x -= 30
    output = max_pool2d(x, 3, padding=1)
    assert output.dtype == np.dtype(code).newbyteorder("=")  # the machine's own
    assert output.tolist() == [[[x[0, 1, 1], x[0, 1, 4]], [x[0, 3, 1], x[0, 3, 4]]]]


def test_maximum_of_the_largest_and_least_integers():
    for dtype in (np.int8, np.int64, np.uint64):
        limits = np.iinfo(dtype)
        x = np.array([[[limits.min, limits.min, limits.max, limits.max - 1]]], dtype)
        assert max_pool2d(x, (1, 2)).tolist() == [[[limits.min, limits.max]]]


@pytest.mark.parametrize(
    ("given", "wanted"),
    [("int8", "float64"), ("uint64", "float64"), ("float16", "float16"), ("float32", "float32")],
)
def test_types_of_averages(given, wanted):
    output = avg_pool2d(np.array([[[1, 2], [3, 5]]], given), 2)
    assert output.dtype == wanted and output.item() == 2.75


def test_averages_do_not_overflow():
    assert avg_pool2d(np.full((1, 2, 2), 127, np.int8), 2).item() == 127
    assert avg_pool2d(np.full((1, 2, 2), 2**63 - 1), 2).item() == 2.0**63
    # In float16, the sum is infinite.
    assert avg_pool2d(np.full((1, 2, 2), 60000, np.float16), 2).item() == 60000


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_what_is_not_finite_reaches_only_its_readers(value):
    x = np.zeros((1, 6, 7))
    x[0, 3, 4] = value
    height, width = make_pooling_axes((6, 7), (3, 2), stride=(1, 2), padding=1)
    readers = (height.reads == 3).any(axis=1)[:, None] & (width.reads == 4).any(axis=1)
    output = avg_pool2d(x, (3, 2), stride=(1, 2), padding=1)
    assert_array_equal(~np.isfinite(output[0]), readers)
    if value != -np.inf:
        largest = max_pool2d(x, (3, 2), stride=(1, 2), padding=1)
        assert_array_equal(~np.isfinite(largest[0]), readers)


def test_window_of_nothing_but_padding():
    x = np.ones((1, 4, 1))
    settings = {"padding": (1, 0), "dilation": (5, 1)}
    wanted = F.max_pool2d(torch.tensor(x), (2, 1), **settings)
    assert wanted.item() == max_pool2d(x, (2, 1), **settings).item() == -np.inf
    assert max_pool2d(x.astype(np.int8), (2, 1), **settings).item() == -128


def test_input_is_left_alone():
    x = np.arange(60.0).reshape(3, 4, 5)[:, ::-1]
    before = x.copy()
    for pool in (max_pool2d, avg_pool2d):
        output = pool(x, 1)
        output[...] = 7
        assert pool(x[None], (2, 3), padding=1).shape == (1, 3, 3, 2)
        assert pool(np.zeros((0, 3, 4, 5)), 2).shape == (0, 3, 2, 2)
    assert_array_equal(x, before)


# ----------------------------------------------------------------------------------------- errors

X = np.zeros((2, 3, 9, 8))

MISTAKES = [
    (X > 0, 2, {}, TypeError, "input must hold integers or floats, but has dtype bool"),
    (X * 1j, 2, {}, TypeError, "input .* complex128"),
    ([[[1, 2], [3]]], 2, {}, ValueError, "input must be an array"),
    (X[0, 0], 2, {}, ValueError, r"input must have shape .*\(C, H, W\).* \(9, 8\)"),
    (X[:, :, :0], 2, {}, ValueError, r"input must have at least one .* \(2, 3, 0, 8\)"),
    (X, 0, {}, ValueError, "kernel_size must be at least 1, but is 0"),
    (X, (2, 2.0), {}, TypeError, "kernel_size .* 2.0"),
    (X, 2, {"stride": 0}, ValueError, "stride must be at least 1, but is 0"),
    (X, 2, {"stride": True}, TypeError, "stride must be an integer, but is True"),
    (X, 2, {"padding": -1}, ValueError, "padding must be at least 0, but is -1"),
    (X, 2, {"padding": "full"}, ValueError, "padding .* 'full'"),
    (X, 3, {"padding": 2}, ValueError, r"padding .* half of kernel_size, 1 .*height.* \(2, 2\)"),
    (X, (9, 3), {"padding": ((4, 4), (0, 2))}, ValueError, r"padding .* width, but is \(0, 2\)"),
    (X, (10, 2), {}, ValueError, "height: it spans 10 rows, but the padded input has 9"),
    (X, (2, 12), {"stride": 1, "ceil_mode": True}, ValueError, "width: it spans 12 columns"),
    (X, 2 * 10**9, {"padding": 10**9}, ValueError, f"padded input .* {MAX_CELLS} are allowed"),
]


@pytest.mark.parametrize("pool", [max_pool2d, avg_pool2d])
@pytest.mark.parametrize(("x", "kernel", "settings", "error", "message"), MISTAKES)
def test_mistakes_are_named(pool, x, kernel, settings, error, message):
    tracemalloc.start()
    try:
        with pytest.raises(error, match=message):
            pool(x, kernel, **settings)
        assert tracemalloc.get_traced_memory()[1] < 2**20
    finally:
        tracemalloc.stop()


def test_dilation_that_does_not_fit():
    with pytest.raises(ValueError, match="height: with dilation 5 its 3 rows span 11"):
        max_pool2d(X, 3, dilation=5)
    with pytest.raises(ValueError, match="dilation must be at least 1"):
        max_pool2d(X, 3, dilation=0)
