"""conv2d against PyTorch, Keras and plain loops; its exactness, its limits and its errors."""

import itertools
import multiprocessing
import os
import threading
import tracemalloc

import numpy as np
import pytest
import torch
from numpy.testing import assert_allclose, assert_array_equal

from convviz import layouts, ops, threads
from convviz.arguments import as_padding
from convviz.axis import Axis
from convviz.ops import MAX_CELLS, PADDING_MODES, conv2d

LAYOUTS = ("_by_patches", "_by_rows", "_by_columns")


def pair(rng, *choices):
    return int(rng.choice(choices)), int(rng.choice(choices))


def random_settings(rng):
    """Shapes of input and weight, and settings, for which the kernel fits."""
    while True:
        groups = int(rng.choice([1, 1, 2, 3]))
        batch, c_in, c_out = (int(rng.integers(1, 4)) for _ in range(3))
        size = int(rng.integers(1, 20)), int(rng.integers(1, 80))
        kernel, stride = pair(rng, 1, 2, 3, 5), pair(rng, 1, 1, 2, 3)
        dilation = pair(rng, 1, 1, 2, 3)
        padding = pair(rng, 0, 1, 2, 5), pair(rng, 0, 1, 2, 5)
        axes = [
            Axis(size[k], kernel[k], stride[k], padding=padding[k], dilation=dilation[k])
            for k in (0, 1)
        ]
        if all(axis.fits for axis in axes):
            shapes = (batch, groups * c_in, *size), (groups * c_out, c_in, *kernel)
            settings = {
                "stride": stride,
                "padding": padding,
                "dilation": dilation,
                "groups": groups,
            }
            return shapes, settings


def conv2d_in_torch(
    x, w, b=None, *, stride=1, padding=((0, 0), (0, 0)), dilation=1, groups=1, padding_mode="zeros"
):
    (top, bottom), (left, right) = padding
    mode = "constant" if padding_mode == "zeros" else padding_mode
    image = torch.nn.functional.pad(torch.tensor(x), (left, right, top, bottom), mode=mode)
    bias = None if b is None else torch.tensor(b)
    settings = {"stride": stride, "dilation": dilation, "groups": groups}
    return torch.nn.functional.conv2d(image, torch.tensor(w), bias, **settings).numpy()


def conv2d_in_loops(x, w, b, *, stride, padding, dilation, groups):
    """In Python's integers, which have no largest one."""
    (top, bottom), (left, right) = padding
    x = np.pad(x.astype(object), ((0, 0), (0, 0), (top, bottom), (left, right)))
    (n, _, height, width), (c_out, c_in, kh, kw) = x.shape, w.shape
    oh = (height - dilation[0] * (kh - 1) - 1) // stride[0] + 1
    ow = (width - dilation[1] * (kw - 1) - 1) // stride[1] + 1
    output = np.zeros((n, c_out, oh, ow), object)
    for image, o, i, j in np.ndindex(output.shape):
        total = int(b[o])
        for c, u, v in np.ndindex(c_in, kh, kw):
            row, column = i * stride[0] + u * dilation[0], j * stride[1] + v * dilation[1]
            channel = o // (c_out // groups) * c_in + c
            total += int(w[o, c, u, v]) * int(x[image, channel, row, column])
        output[image, o, i, j] = total
    return output


@pytest.fixture
def force_layout(monkeypatch):
    """A function that makes `conv2d` use one layout, with all its branches within reach."""

    def force(name):
        monkeypatch.setattr(ops, "choose_layout", lambda case: getattr(layouts, name))
        limits = {"_BLOCK": 200, "_SHORT": 5, "_NARROW": 2, "_BLAS_SMALL": 500, "_LOOKED_UP": 99}
        for limit, value in limits.items():
            monkeypatch.setattr(layouts, limit, value)
        ops._plan.cache_clear()

    yield force
    ops._plan.cache_clear()


def allows(layout, settings):
    return layout != "_by_rows" or (settings["groups"] == 1 and settings["dilation"][0] == 1)


# ------------------------------------------------------------------------------------ the numbers


def test_example_of_two_channels():
    x = [
        [[1, 2, 3, 0], [2, 0, 1, 2], [0, 1, 2, 0], [0, 0, 3, 1]],
        [[0, 2, 1, 3], [1, 1, 0, 1], [2, 2, 3, 2], [3, 1, 0, 0]],
    ]
    w = [
        [[[0, 1, 0], [2, 0, 3], [0, 4, 0]], [[0, 0, 0], [0, 1, 0], [0, 0, 0]]],
        [[[2, 0, 1], [0, 1, 0], [1, 0, 3]], [[1, 0, 0], [0, 2, 3], [2, 0, 0]]],
    ]
    output = conv2d(x, w, [1, -1])
    assert output.tolist() == [[[15, 18], [9, 19]], [[16, 14], [34, 21]]]
    assert output.dtype == np.int64


def test_one_by_one():
    x = [[[1, 1], [5, 7]], [[2, 6], [7, 3]], [[1, 8], [2, 2]]]
    assert conv2d(x, np.full((1, 3, 1, 1), 4)).tolist() == [[[16, 60], [56, 48]]]


@pytest.mark.parametrize("seed", range(150))
def test_equals_torch(seed):
    rng = np.random.default_rng(seed)
    (x_shape, w_shape), settings = random_settings(rng)
    x, w = rng.standard_normal(x_shape), rng.standard_normal(w_shape)
    b = rng.standard_normal(len(w)) if seed % 2 else None
    reachable = [
        max(max(sides) for sides in settings["padding"]) < limit
        for limit in (np.inf, min(x_shape[2:]), np.inf, min(x_shape[2:]) + 1)
    ]
    for padding_mode in itertools.compress(PADDING_MODES, reachable):
        wanted = conv2d_in_torch(x, w, b, **settings, padding_mode=padding_mode)
        output = conv2d(x, w, b, **settings, padding_mode=padding_mode)
        assert output.dtype == np.float64
        assert_allclose(output, wanted, rtol=0, atol=1e-12)


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("seed", range(60))
def test_layouts_agree_with_torch(force_layout, layout, seed):
    rng = np.random.default_rng(1000 + seed)
    (x_shape, w_shape), settings = random_settings(rng)
    while not allows(layout, settings):
        (x_shape, w_shape), settings = random_settings(rng)
    x, w = rng.standard_normal(x_shape), rng.standard_normal(w_shape)
    force_layout(layout)
    assert_allclose(conv2d(x, w, **settings), conv2d_in_torch(x, w, **settings), rtol=0, atol=1e-12)


@pytest.fixture
def set_threads(monkeypatch):
    """A function that makes `conv2d` use so many threads, however little there is to do."""

    def set_count(count):
        monkeypatch.setattr(threads, "_WORTH_A_THREAD", 1)
        monkeypatch.setattr(threads, "count_threads", lambda: count)
        threads._pool.cache_clear()
        ops._plan.cache_clear()

    yield set_count
    ops._plan.cache_clear()
    threads._pool.cache_clear()


@pytest.mark.parametrize("seed", range(10))
@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.filterwarnings("error")
def test_threads_change_no_bit(force_layout, set_threads, layout, seed):
    rng = np.random.default_rng(2000 + seed)
    (x_shape, w_shape), settings = random_settings(rng)
    while not allows(layout, settings):
        (x_shape, w_shape), settings = random_settings(rng)
    x, w = rng.standard_normal(x_shape), rng.standard_normal(w_shape)
    for value in (np.nan, np.inf, 1e308):
        x.flat[rng.integers(x.size)] = value
    force_layout(layout)
    set_threads(3)
    shared = conv2d(x, w, **settings)
    set_threads(1)
    assert_array_equal(shared, conv2d(x, w, **settings))


def test_every_thread_has_a_share(set_threads):
    set_threads(3)
    shares, together = [], threading.Barrier(3, timeout=30)

    def work(part):
        together.wait()  # so no two are done by one thread
        shares.append(part)

    threads.share_out(work, 8, threads.count_shares(8))
    parts = [range(8)[part] for part in shares]
    assert sorted(itertools.chain(*parts)) == list(range(8))
    assert {len(part) for part in parts} == {2, 3}


def test_an_error_in_a_thread_is_an_error(set_threads):
    set_threads(2)

    def work(part):
        if part.start:
            raise MemoryError(f"{part.stop} cells")

    with pytest.raises(MemoryError, match="4 cells"):
        threads.share_out(work, 4, 2)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork here")
@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
def test_a_forked_process_has_threads_of_its_own(force_layout, set_threads):
    force_layout("_by_rows")
    set_threads(2)
    x, w = np.ones((2, 9, 9)), np.ones((2, 2, 3, 3))
    expected = conv2d(x, w)
    assert threading.active_count() > 1
    with multiprocessing.get_context("fork").Pool(1) as pool:
        assert_array_equal(pool.apply_async(conv2d, (x, w)).get(timeout=60), expected)


# Large enough for each layout and each of its branches to be chosen, in single precision.
LAYERS = {
    "1x1": ((2, 24, 13, 17), (40, 24, 1, 1), {}),
    "1x1 in runs": ((2, 96, 24, 28), (80, 96, 1, 1), {}),
    "1x1 in runs, groups": ((1, 96, 24, 28), (64, 48, 1, 1), {"groups": 2}),
    "1x1 padded": ((1, 24, 13, 17), (40, 24, 1, 1), {"padding": (1, 2)}),
    "1x1 strided": ((1, 24, 13, 17), (8, 24, 1, 1), {"stride": (2, 3)}),
    "few channels": ((1, 3, 60, 71), (48, 3, 7, 5), {"stride": 2, "padding": 3}),
    "many channels": ((2, 48, 37, 45), (40, 48, 3, 2), {"padding": ((0, 1), (2, 1))}),
    "many channels, strided": ((1, 48, 37, 75), (40, 48, 3, 2), {"stride": 2, "padding": 1}),
    "many filters": ((1, 64, 12, 64), (128, 64, 3, 3), {"padding": 1}),
    "few channels, many filters": ((1, 3, 30, 120), (192, 3, 7, 7), {"stride": 2}),
    "many rows": ((1, 64, 400, 64), (24, 64, 2, 3), {"padding": 1}),
    "odd filters": ((1, 30, 40, 50), (37, 30, 3, 3), {"padding": 1}),
    "narrow": ((1, 64, 40, 9), (32, 64, 3, 3), {"padding": 1}),
    "depthwise": ((2, 40, 41, 53), (40, 1, 3, 5), {"padding": ((1, 1), (2, 2)), "groups": 40}),
    "depthwise, multiplier": ((1, 20, 41, 53), (60, 1, 3, 5), {"stride": (1, 2), "groups": 20}),
    "depthwise, wider": (
        (1, 40, 41, 53),
        (40, 1, 5, 3),
        {"padding": ((4, 0), (9, 3)), "groups": 40},
    ),
    "groups": ((1, 24, 51, 53), (36, 8, 3, 3), {"padding": 1, "groups": 3}),
    "dilated": ((1, 24, 51, 53), (36, 24, 3, 3), {"dilation": (3, 2), "padding": 2}),
    "dilated along the row": ((1, 24, 51, 53), (36, 24, 3, 3), {"dilation": (1, 4)}),
    "dilated and strided": ((1, 24, 61, 73), (36, 24, 3, 3), {"dilation": 3, "stride": 2}),
}


@pytest.mark.parametrize("name", LAYERS)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_larger_layers_equal_torch(name, dtype):
    x_shape, w_shape, settings = LAYERS[name]
    rng = np.random.default_rng(len(name))
    x, w = (rng.standard_normal(shape).astype(dtype) for shape in (x_shape, w_shape))
    settings = {**settings, "padding": as_padding(settings.get("padding", 0))}
    exact = conv2d_in_torch(x.astype(np.float64), w.astype(np.float64), **settings)
    # No order of summation errs by more than this.
    bound = w[0].size * np.finfo(dtype).eps * conv2d_in_torch(abs(x), abs(w), **settings)
    output = conv2d(x, w, **settings)
    assert output.dtype == dtype and output.shape == exact.shape
    assert (abs(output - exact) <= bound).all()


def test_larger_layers_take_every_layout(monkeypatch):
    taken = set()

    def record(case):
        layout = choose(case)
        taken.add(layout.__name__)
        return layout

    choose = ops.choose_layout
    monkeypatch.setattr(ops, "choose_layout", record)
    ops._plan.cache_clear()
    for x_shape, w_shape, settings in LAYERS.values():
        conv2d(np.zeros(x_shape, np.float32), np.zeros(w_shape, np.float32), **settings)
    assert taken == set(LAYOUTS)


@pytest.fixture(scope="module")
def keras():
    return pytest.importorskip("keras")


@pytest.mark.parametrize("padding", ["same", "valid"])
@pytest.mark.parametrize("seed", range(20))
def test_equals_keras(keras, padding, seed):
    rng = np.random.default_rng(2000 + seed)
    (x_shape, w_shape), settings = random_settings(rng)
    stride, dilation = (settings["stride"], 1) if seed % 3 else (1, settings["dilation"])
    x_shape = (x_shape[0], w_shape[1], max(x_shape[2], 13), max(x_shape[3], 13))
    x, w = rng.standard_normal(x_shape), rng.standard_normal(w_shape)
    wanted = keras.ops.conv(
        x.transpose(0, 2, 3, 1),
        w.transpose(2, 3, 1, 0),
        strides=stride,
        padding=padding,
        dilation_rate=dilation,
        data_format="channels_last",
    )
    output = conv2d(x, w, stride=stride, padding=padding, dilation=dilation)
    assert_allclose(output, np.asarray(wanted).transpose(0, 3, 1, 2), rtol=0, atol=1e-12)


@pytest.mark.parametrize("layer", ["Conv2D", "DepthwiseConv2D"])
def test_equals_a_keras_layer(keras, layer):
    rng = np.random.default_rng(3)
    x = rng.standard_normal((2, 9, 12, 4)).astype(np.float32)
    size = {"kernel_size": (3, 2), "strides": 2, "padding": "same"}
    if layer == "Conv2D":
        built = keras.layers.Conv2D(6, **size)
    else:
        built = keras.layers.DepthwiseConv2D(depth_multiplier=2, **size)
    wanted = np.asarray(built(x))
    kernel, bias = (rng.standard_normal(a.shape).astype(np.float32) for a in built.get_weights())
    built.set_weights([kernel, bias])
    wanted = np.asarray(built(x)).transpose(0, 3, 1, 2)
    groups = 1
    if layer == "DepthwiseConv2D":  # (kH, kW, C_in, multiplier)
        kernel, groups = kernel.reshape(3, 2, 1, 8), 4
    output = conv2d(
        x.transpose(0, 3, 1, 2),
        kernel.transpose(3, 2, 0, 1),
        bias,
        stride=2,
        padding="same",
        groups=groups,
    )
    assert_allclose(output, wanted, rtol=0, atol=1e-5)


@pytest.mark.parametrize("mode", PADDING_MODES)
def test_equals_a_torch_layer(mode):
    torch.manual_seed(4)
    settings = {
        "stride": (2, 1),
        "padding": (2, 3),
        "dilation": (1, 2),
        "groups": 2,
        "padding_mode": mode,
    }
    layer = torch.nn.Conv2d(4, 6, (3, 2), **settings)
    x = torch.randn(2, 4, 7, 9)
    with torch.no_grad():
        wanted = layer(x).numpy()
        output = conv2d(x, layer.weight, layer.bias, **settings)
    assert_allclose(output, wanted, rtol=0, atol=1e-5)


# --------------------------------------------------------------------------------------- integers

INTEGERS = [np.dtype(code) for code in "bBhHiIlLqQ"]


@pytest.mark.parametrize("seed", range(30))
def test_integers_equal_plain_loops(seed):
    rng = np.random.default_rng(4000 + seed)
    (x_shape, w_shape), settings = random_settings(rng)
    x_shape = (x_shape[0], x_shape[1], min(x_shape[2], 9), min(x_shape[3], 9))
    settings["padding"] = ((6, 7), (8, 5))
    dtypes = [np.iinfo(rng.choice(INTEGERS)) for _ in range(3)]
    # As large as the types hold, and as the sum allows: its bound is just below 2**63.
    largest = int((2**62 // (w_shape[1] * w_shape[2] * w_shape[3])) ** 0.5)
    x, w, b = (
        rng.integers(max(t.min, -largest), min(t.max, largest), shape, t.dtype, endpoint=True)
        for t, shape in zip(dtypes, (x_shape, w_shape, w_shape[:1]), strict=True)
    )
    output = conv2d(x, w, b, **settings)
    assert output.dtype == np.int64
    assert_array_equal(output, conv2d_in_loops(x, w, b, **settings))


@pytest.mark.parametrize("layout", LAYOUTS)
def test_integers_beyond_floats(force_layout, layout):
    force_layout(layout)
    x = np.full((1, 2, 5, 6), 2**30 + 1)
    w = np.full((3, 2, 3, 2), 2**27 - 1)
    total = 12 * (2**30 + 1) * (2**27 - 1) + 7
    assert total > 2**53 and total != int(float(total))
    assert conv2d(x, w, [7, 7, 7]).tolist() == [[[[total] * 5] * 3] * 3]


def test_integers_up_to_the_last():
    one = np.ones((1, 1, 1), np.int64)
    weight = np.ones((1, 1, 1, 1), np.int64)
    for number in (2**53, 2**53 + 1, 2**63 - 1, -(2**63) + 1):
        assert conv2d(number * one, weight).item() == number
        assert conv2d(0 * one, weight, [number]).item() == number
    # Nothing overflows in small types: the sums are not theirs.
    assert conv2d(np.full((1, 1, 1), -128, np.int8), np.full((1, 1, 1, 1), -128, np.int8)) == 2**14
    assert conv2d(np.full((1, 1, 1), 255, np.uint8), -weight).item() == -255


@pytest.mark.parametrize(
    ("x", "w", "b"),
    [
        (2**62, 2, None),
        (-(2**63), 1, None),
        (np.uint64(2**63), 1, None),
        (2**32, 2**31, None),
        (1, 1, 2**63 - 1),
    ],
)
def test_integer_overflow_is_refused(x, w, b):
    x, w = np.full((1, 1, 1), x), np.full((1, 1, 1, 1), w)
    with pytest.raises(
        ValueError, match=r"could leave int64's range: .* input .* weight .*float64"
    ):
        conv2d(x, w, b if b is None else [b])


# ---------------------------------------------------------------------------------------- numbers


@pytest.mark.parametrize(
    ("dtypes", "wanted"),
    [
        (("float32", "float32", "float32"), "float32"),
        (("float64", "float64", None), "float64"),
        (("float16", "float16", None), "float16"),
        (("float32", "float64", None), "float64"),
        (("float16", "float32", None), "float32"),
        (("float32", "float32", "float64"), "float64"),
        (("int8", "float32", None), "float32"),
        (("int32", "float32", None), "float64"),
        (("uint8", "float16", None), "float16"),
        (("int32", "int32", "float32"), "float64"),
        (("uint8", "int8", "uint64"), "int64"),
        ((">f4", "<f4", ">f8"), "float64"),
        ((">i2", ">i2", None), "int64"),
        (("longdouble", "float32", None), "longdouble"),
    ],
)
def test_dtypes(dtypes, wanted):
    rng = np.random.default_rng(5)
    x_type, w_type, b_type = dtypes
    x, w = rng.integers(0, 9, (2, 2, 5, 6)), rng.integers(0, 9, (3, 2, 2, 3))
    b = None if b_type is None else np.arange(3)
    exact = conv2d(x, w, b)
    output = conv2d(x.astype(x_type), w.astype(w_type), b if b is None else b.astype(b_type))
    assert output.dtype == np.dtype(wanted) and output.dtype.isnative
    assert_array_equal(output, exact)


def test_half_precision_is_rounded_once():
    # In float16, 2048 + 1 is 2048: sums would stay there.
    x = np.ones((1, 1, 65, 64), np.float16)
    w = np.ones((1, 1, 65, 64), np.float16)
    assert conv2d(x, w).item() == 65 * 64
    # In float16, 2049 + 1 is 2048 + 1 is 2048.
    x = np.ones((1, 1, 1, 2049), np.float16)
    assert conv2d(x, x, np.ones(1, np.float16)).item() == 2050
    # 120000 is beyond float16, 120000 - 90112 is not.
    x = np.array([[[60000, 60000, 45056]]], np.float16)
    assert conv2d(x, np.array([[[[1, 1, -2]]]], np.float16)).item() == 29888


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("value", [np.nan, np.inf])
@pytest.mark.parametrize("stride", [(1, 1), (2, 3)])
def test_what_is_not_finite_reaches_only_its_readers(force_layout, layout, value, stride):
    force_layout(layout)
    rng = np.random.default_rng(6)
    axes = [
        Axis(length, kernel, step, padding=(1, 2))
        for length, kernel, step in zip((7, 9), (3, 4), stride, strict=True)
    ]
    w = rng.standard_normal((4, 2, 3, 4))
    w[:, :, 1, 1] = 0  # zero times NaN or infinity is NaN, where it is read
    for row, column in [(0, 0), (3, 4), (6, 8), (2, 0)]:
        x = rng.standard_normal((1, 2, 7, 9))
        x[0, 1, row, column] = value
        with np.errstate(invalid="ignore"):
            output = conv2d(x, w, stride=stride, padding=((1, 2), (1, 2)))
        readers = np.ix_((axes[0].reads == row).any(axis=1), (axes[1].reads == column).any(axis=1))
        wanted = np.zeros(output.shape, bool)
        wanted[0, :, readers[0], readers[1]] = True
        assert_array_equal(~np.isfinite(output), wanted)


@pytest.mark.parametrize("name", LAYERS)
def test_any_memory_order(name):
    x_shape, w_shape, settings = LAYERS[name]
    rng = np.random.default_rng(7)
    x, w = (rng.integers(-4, 5, shape).astype(np.float32) for shape in (x_shape, w_shape))
    wanted = conv2d(x, w, **settings)
    x_before, w_before = x.copy(), w.copy()
    for scattered in (
        (x.repeat(2, axis=3)[..., ::2], w.repeat(3, axis=0)[::3]),
        (x[..., ::-1].copy()[..., ::-1], np.asfortranarray(w)),
        (x.transpose(0, 2, 3, 1).copy().transpose(0, 3, 1, 2), w[:, :, ::-1].copy()[:, :, ::-1]),
    ):
        assert_array_equal(conv2d(*scattered, **settings), wanted)
    x.flags.writeable = w.flags.writeable = False
    output = conv2d(x, w, **settings)
    assert output.flags.writeable and not np.shares_memory(output, x)
    assert_array_equal(x, x_before)
    assert_array_equal(w, w_before)


def test_output_is_not_the_input():
    x = np.ones((1, 1, 3, 3))
    conv2d(x, np.ones((1, 1, 1, 1)))[...] = 5
    assert_array_equal(x, 1)


@pytest.mark.parametrize("name", LAYERS)
def test_one_image_without_batch(name):
    x_shape, w_shape, settings = LAYERS[name]
    rng = np.random.default_rng(8)
    x, w = (rng.integers(-4, 5, shape).astype(np.float32) for shape in (x_shape, w_shape))
    b = np.arange(len(w), dtype=np.float32)
    batch = conv2d(x, w, b, **settings)
    single = conv2d(x[0], w, b, **settings)
    assert single.shape == batch.shape[1:]
    assert_array_equal(single, batch[0])


@pytest.mark.parametrize("name", LAYERS)
@pytest.mark.parametrize("dtype", [np.float32, np.int16])
def test_empty_batch(name, dtype):
    x_shape, w_shape, settings = LAYERS[name]
    full = conv2d(np.zeros(x_shape, dtype), np.zeros(w_shape, dtype), **settings)
    empty = conv2d(np.zeros((0, *x_shape[1:]), dtype), np.zeros(w_shape, dtype), **settings)
    assert empty.shape == (0, *full.shape[1:]) and empty.dtype == full.dtype


def test_ways_to_give_padding():
    x, w = np.arange(30).reshape(1, 5, 6), np.arange(6).reshape(1, 1, 2, 3)
    wanted = conv2d(x, w, padding=((1, 1), (1, 1)))
    for padding in (1, (1, 1), [1, 1], np.int8(1), np.array([[1, 1], [1, 1]])):
        assert_array_equal(conv2d(x, w, padding=padding), wanted)
    assert_array_equal(conv2d(x, w, padding="valid"), conv2d(x, w))
    assert_array_equal(conv2d(x, w, padding="same"), conv2d(x, w, padding=((0, 1), (1, 1))))
    for stride in (2, [2, 2], np.array([2, 2]), np.uint8(2)):
        assert_array_equal(conv2d(x, w, stride=stride), conv2d(x, w)[:, ::2, ::2])


# ----------------------------------------------------------------------------------------- errors


def zeros(*shape, dtype=float):
    return np.zeros(shape, dtype)


X, W = zeros(2, 6, 9, 8), zeros(4, 6, 3, 2)

MISTAKES = [
    # Arrays
    (X > 0, W, {}, TypeError, "input must hold integers or floats, but has dtype bool"),
    (X, W.astype(bool), {}, TypeError, "weight .* bool.* weight.astype"),
    (X, W, {"bias": [True] * 4}, TypeError, "bias .* bool"),
    (X * 1j, W, {}, TypeError, "input .* complex128"),
    (X.astype(object), W, {}, TypeError, "input .* object"),
    (X, W.astype(str), {}, TypeError, "weight .* <U"),
    (X.astype("m8[s]"), W, {}, TypeError, "input .* timedelta64"),
    (None, W, {}, TypeError, "input must be an array of numbers"),
    ([[[2**64]]], W, {}, TypeError, "input must be an array of numbers"),
    ([[[1, 2], [3]]], W, {}, ValueError, "input must be an array"),
    (X, [[[[1, 2], [3]]]], {}, ValueError, "weight must be an array"),
    (X, W, {"bias": [1, [2]]}, ValueError, "bias must be an array"),
    # Shapes
    (X[0, 0], W, {}, ValueError, r"input must have shape .*\(C, H, W\).* \(9, 8\)"),
    (X[None], W, {}, ValueError, r"input must have shape .* \(1, 2, 6, 9, 8\)"),
    (5.0, W, {}, ValueError, r"input must have shape .* \(\)"),
    (X, W[0], {}, ValueError, r"weight must have shape .*kH, kW\), but has shape \(6, 3, 2\)"),
    (X[:, :0], W, {}, ValueError, r"input must have at least one .* \(2, 0, 9, 8\)"),
    (X[:, :, :0], W, {}, ValueError, r"input must have at least one .* \(2, 6, 0, 8\)"),
    (X[..., :0], W, {}, ValueError, r"input must have at least one .* \(2, 6, 9, 0\)"),
    (X, W[:0], {}, ValueError, r"weight .* length 0.* \(0, 6, 3, 2\)"),
    (X, W[:, :, :0], {}, ValueError, r"weight .* length 0.* \(4, 6, 0, 2\)"),
    (X[:, :5], W, {}, ValueError, r"weight .* 5 / 1 = 5 channels, but has 6.* \(2, 5, 9, 8\)"),
    (X, W, {"groups": 2}, ValueError, "weight .* 6 / 2 = 3 channels, but has 6"),
    (X, W[:, :1], {"groups": 4}, ValueError, "groups must divide .* but is 4, with 6 .* 4 out"),
    (X, W[:, :1], {"groups": 6}, ValueError, "groups must divide .* but is 6, with 6 .* 4 out"),
    (X, W, {"bias": zeros(6)}, ValueError, r"bias must have shape \(4,\).* \(6,\)"),
    (X, W, {"bias": 1.0}, ValueError, r"bias must have shape \(4,\).* \(\)"),
    (X, W, {"bias": zeros(4, 1)}, ValueError, r"bias must have shape \(4,\).* \(4, 1\)"),
    # Settings
    (X, W, {"stride": 0}, ValueError, "stride must be at least 1, but is 0"),
    (X, W, {"stride": (1, -2)}, ValueError, "stride .*at least 1, but is -2"),
    (X, W, {"stride": 1.0}, TypeError, "stride must be an integer, but is 1.0"),
    (X, W, {"stride": True}, TypeError, "stride must be an integer, but is True"),
    (X, W, {"stride": (1, True)}, TypeError, "stride .*must be an integer, but is True"),
    (X, W, {"stride": (1, 1, 1)}, ValueError, r"stride .* \(1, 1, 1\)"),
    (X, W, {"stride": None}, TypeError, "stride .* None"),
    (X, W, {"dilation": 0}, ValueError, "dilation must be at least 1, but is 0"),
    (X, W, {"dilation": "2"}, TypeError, "dilation .* '2'"),
    (X, W, {"groups": 0}, ValueError, "groups must be at least 1, but is 0"),
    (X, W, {"groups": True}, TypeError, "groups must be an integer, but is True"),
    (X, W, {"padding": -1}, ValueError, "padding must be at least 0, but is -1"),
    (X, W, {"padding": ((0, 0), (-1, 0))}, ValueError, "padding .*at least 0, but is -1"),
    (X, W, {"padding": 1.5}, TypeError, "padding .* 1.5"),
    (X, W, {"padding": "SAME"}, ValueError, "padding .* 'SAME'"),
    (X, W, {"padding": ((1, 1), 1)}, ValueError, r"padding .* \(\(1, 1\), 1\)"),
    (X, W, {"padding_mode": "constant"}, ValueError, "padding_mode .*'replicate'.* 'constant'"),
    (X, W, {"padding_mode": None}, ValueError, "padding_mode .* None"),
    # What does not fit
    (X, zeros(4, 6, 12, 2), {"padding": 1}, ValueError, "height.* spans 12 rows.* has 11"),
    (X, W, {"dilation": (1, 9)}, ValueError, "width.* dilation 9 .* span 10.* has 8"),
    (
        *(X, W, {"padding": (9, 0), "padding_mode": "reflect"}, ValueError),
        "padding_mode reflect can add at most 8 rows .* 9 rows, but padding asks for 9",
    ),
    (
        *(X, W, {"padding": ((0, 0), (0, 9)), "padding_mode": "circular"}, ValueError),
        "padding_mode circular can add at most 8 columns .* 8 columns, but padding asks for 9",
    ),
    (X, W, {"padding": 10**9}, ValueError, f"padded input would have .* {MAX_CELLS} .* 1000000000"),
    (X, W, {"padding": 10**5}, ValueError, f"padded input would have .* {MAX_CELLS} are allowed"),
    (X, W, {"padding": 10**20}, ValueError, "padding must be at most"),
    (
        *(zeros(1, 1, 5000, 5000, dtype=np.int8), zeros(11, 1, 1, 1), {}, ValueError),
        f"output would have 275000000 cells, but at most {MAX_CELLS}",
    ),
]


@pytest.mark.parametrize(("x", "w", "settings", "error", "message"), MISTAKES)
def test_mistakes_are_named(x, w, settings, error, message):
    tracemalloc.start()
    try:
        for _ in range(2):  # a cache must not change the answer
            with pytest.raises(error, match=message):
                conv2d(x, w, **settings)
        assert tracemalloc.get_traced_memory()[1] < 2**20  # refused before memory is asked for
    finally:
        tracemalloc.stop()


def test_what_is_remembered_is_told_apart():
    for right, wrong in [(1, True), ((1, 1), (1, True)), (1, 1.0), ((1, 1), (1.0, 1))]:
        for name in ("stride", "dilation", "padding"):
            conv2d(X, W, **{name: right})
            with pytest.raises((TypeError, ValueError), match=name):
                conv2d(X, W, **{name: wrong})
    assert conv2d(X.astype(np.float32), W.astype(np.float32)).dtype == np.float32
    assert conv2d(X, W).dtype == np.float64


def test_limits_are_inclusive():
    x = np.ones((1, 5, 6))
    for mode, most in [("reflect", (4, 5)), ("circular", (5, 6)), ("replicate", (30, 40))]:
        padding = tuple((size, size) for size in most)
        wanted = conv2d_in_torch(x[None], np.ones((1, 1, 2, 3)), padding=padding, padding_mode=mode)
        assert_array_equal(
            conv2d(x, np.ones((1, 1, 2, 3)), padding=padding, padding_mode=mode), wanted[0]
        )
    assert conv2d(x, np.ones((1, 1, 5, 6))).item() == 30
    assert conv2d(x, np.ones((1, 1, 1, 1)), stride=2**31 - 1).shape == (1, 1, 1)
