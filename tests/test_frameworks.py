"""Layers read from PyTorch and Keras, made again in both, and the refusals where there is no twin.

Weights and images are small integers wherever numbers are compared for equality: every sum of
them is exact in float32, in whatever order a framework adds.
"""

import ast
import dataclasses
import inspect
import itertools
import json
import re
import subprocess
import sys
from pathlib import Path

import keras
import numpy as np
import pytest
import torch
from numpy.testing import assert_allclose, assert_array_equal

from convviz.axis import Axis
from convviz.examples import example
from convviz.frameworks import ConvLayer, from_keras, from_torch
from convviz.ops import PADDING_MODES, conv2d
from convviz.trace import trace

L = keras.layers
SEEDS = range(25)

# PyTorch says that it copies the input for "same" padding with unequal sides.
pytestmark = pytest.mark.filterwarnings("ignore:Using padding=.same. with even kernel")


@pytest.fixture(autouse=True)
def same_initial_weights_every_time():
    """What a new layer of either framework starts from."""
    keras.utils.set_random_seed(6)
    torch.manual_seed(6)


def integers(rng, *shape):
    return rng.integers(-4, 5, shape).astype(np.float32)


def pair(rng, *choices):
    return int(rng.choice(choices)), int(rng.choice(choices))


def channels(rng):
    """(C_in, C_out, groups): any, grouped, or depthwise."""
    c_in, c_out, groups = (int(rng.integers(1, 4)) for _ in range(3))
    return (groups * c_in, groups * c_out, groups) if rng.random() < 0.6 else (3, 3 * c_out, 3)


def image_for(rng, c_in):
    """Two images on which any kernel of these tests fits; higher or wider, as it happens."""
    return integers(rng, 2, c_in, *rng.permutation([11, 14]))


def random_torch(rng, mode="zeros"):
    c_in, c_out, groups = channels(rng)
    stride = pair(rng, 1, 1, 2, 3)
    paddings = [0, 2, (0, 1), (3, 1), "valid"] + ["same"] * 3 * (stride == (1, 1))
    layer = torch.nn.Conv2d(
        c_in,
        c_out,
        pair(rng, 1, 2, 3, 4),
        stride=stride,
        padding=paddings[rng.integers(len(paddings))],
        dilation=pair(rng, 1, 1, 2),
        groups=groups,
        bias=bool(rng.random() < 0.7),
        padding_mode=mode,
    )
    with torch.no_grad():
        for parameter in layer.parameters():
            parameter.copy_(torch.tensor(integers(rng, *parameter.shape)))
    return layer


def random_keras(rng):
    c_in, c_out, groups = channels(rng)
    strides, dilation = pair(rng, 1, 1, 2, 3), pair(rng, 1, 1, 2)
    settings = {
        "kernel_size": pair(rng, 1, 2, 3, 4),
        "strides": strides,
        "padding": str(rng.choice(["valid", "same"])),
        "use_bias": bool(rng.random() < 0.7),
        "activation": [None, "linear", "relu"][rng.integers(3)],
    }
    # TensorFlow on a CPU runs a depthwise layer with two strides only if it is dilated as well.
    if rng.random() < 0.4 and (strides[0] == strides[1] or max(dilation) > 1):
        multiplier = int(rng.integers(1, 3))
        layer = L.DepthwiseConv2D(depth_multiplier=multiplier, dilation_rate=dilation, **settings)
    else:
        dilation = dilation if strides == (1, 1) else 1
        layer = L.Conv2D(c_out, dilation_rate=dilation, groups=groups, **settings)
    layer.build((None, None, None, c_in))
    layer.set_weights([integers(rng, *weight.shape) for weight in layer.get_weights()])
    return layer, c_in


def run_torch(layer, images):
    with torch.no_grad():
        return layer(torch.tensor(images)).numpy()


def run_keras(layer, images):
    return np.asarray(layer(images.transpose(0, 2, 3, 1))).transpose(0, 3, 1, 2)


def can_be_keras(layer):
    depthwise = layer.groups == layer.in_channels
    return depthwise or max(layer.stride) == 1 or max(layer.dilation) == 1


def built_keras(layer, c_in):
    layer.build((None, None, None, c_in))
    return layer


# ------------------------------------------------------------------------- from one to the other


@pytest.mark.parametrize("seed", SEEDS)
def test_from_torch(seed):
    rng = np.random.default_rng(seed)
    original = random_torch(rng, PADDING_MODES[seed % 4])
    images = image_for(rng, original.in_channels)
    expected = run_torch(original, images)
    layer = from_torch(original)
    assert_array_equal(layer(images), expected)
    assert_array_equal(layer(images[0]), expected[0])
    again = layer.to_torch()
    assert type(again) is torch.nn.Conv2d
    assert_array_equal(run_torch(again, images), expected)
    if layer.padding != "valid":
        assert repr(again) == repr(original)


@pytest.mark.parametrize("seed", SEEDS)
def test_torch_to_keras_and_back(seed):
    rng = np.random.default_rng([seed, 1])
    layers = (from_torch(random_torch(rng)) for _ in itertools.count())
    layer = next(filter(can_be_keras, layers))
    images = image_for(rng, layer.in_channels)
    expected = layer(images)
    twin = layer.to_keras()
    assert_array_equal(run_keras(twin, images), expected)
    back = from_keras(twin)
    assert_array_equal(back.weight, layer.weight)
    assert_array_equal(run_torch(back.to_torch(), images), expected)


@pytest.mark.parametrize("seed", SEEDS)
def test_keras_to_torch_and_back(seed):
    rng = np.random.default_rng([seed, 2])
    original, c_in = random_keras(rng)
    images = image_for(rng, c_in)
    expected = run_keras(original, images)
    layer = from_keras(original)
    assert_array_equal(layer(images), expected)
    twin = layer.to_torch(input_size=images.shape[2:])
    assert_array_equal(run_torch(twin, images), expected)
    again = layer.to_keras()
    assert type(again) in (L.Conv2D, L.DepthwiseConv2D)
    assert_array_equal(run_keras(again, images), expected)
    if can_be_keras(layer) and layer.activation is None:
        assert_array_equal(run_keras(from_torch(twin).to_keras(), images), expected)


@pytest.mark.parametrize("mode", PADDING_MODES)
@pytest.mark.parametrize("padding", [((0, 1), (2, 0)), ((1, 1), (0, 2)), "same"])
def test_unequal_sides(padding, mode):
    rng = np.random.default_rng(3)
    weight, bias, images = integers(rng, 4, 3, 2, 4), integers(rng, 4), integers(rng, 2, 3, 6, 9)
    layer = ConvLayer(
        weight, bias, stride=(1, 2), padding=padding, padding_mode=mode, activation="relu"
    )
    expected = np.maximum(conv2d(images, weight, bias, **layer.settings), 0)
    twin = layer.to_torch(input_size=(6, 9))
    assert [type(step).__name__[-5:] for step in twin] == ["Pad2d", "onv2d", "ReLU"]
    assert "padding_mode" not in repr(twin)
    assert_array_equal(run_torch(twin, images), expected)
    assert_array_equal(from_torch(twin)(images), expected)
    if mode == "zeros":
        assert_array_equal(run_keras(layer.to_keras(), images), expected)


def test_worked_example():
    """Two channels in and two out, through both frameworks."""
    images, weight, bias = (np.asarray(a, np.float32) for a in example())
    layer = ConvLayer(weight, bias)
    for twin in (from_torch(layer.to_torch()), from_keras(layer.to_keras())):
        assert twin(images).tolist() == [[[15, 18], [9, 19]], [[16, 14], [34, 21]]]
        assert trace(images, twin.weight, twin.bias, **twin.settings).output == 15


def test_initial_weights_of_the_frameworks():
    """Numbers that are not integers: equal but for rounding."""
    images = np.random.default_rng(4).normal(size=(2, 6, 12, 9)).astype(np.float32)
    torch.manual_seed(4)
    layer = from_torch(torch.nn.Conv2d(6, 8, (3, 2), stride=(2, 1), padding=(1, 2), groups=2))
    assert_allclose(run_keras(layer.to_keras(), images), layer(images), rtol=1e-5, atol=1e-6)
    original = built_keras(L.Conv2D(8, (3, 4), padding="same", activation="sigmoid"), 6)
    twin = from_keras(original).to_torch()
    assert_allclose(
        run_torch(twin, images), run_keras(original, images), rtol=1e-5, atol=1e-6, strict=True
    )


@pytest.mark.parametrize("name", ["relu", "sigmoid", "tanh"])
def test_activation(name):
    rng = np.random.default_rng(5)
    images = 1000 * integers(rng, 1, 2, 5, 6)
    images[:, :, :2] /= 2**14  # where neither sigmoid nor tanh is at its end
    original = built_keras(L.Conv2D(3, 2, activation=name), 2)
    original.set_weights([integers(rng, *weight.shape) for weight in original.get_weights()])
    layer = from_keras(original)
    assert layer.activation == name
    twin = layer.to_torch()
    expected = run_keras(original, images)
    for output in (layer(images), run_torch(twin, images), run_keras(layer.to_keras(), images)):
        assert_allclose(output, expected, rtol=1e-5, atol=1e-5, strict=True)
    assert from_torch(twin).activation == name


# --------------------------------------------------------------------- which twin, where there is


@pytest.mark.parametrize(
    ("settings", "made"),
    [
        ({"padding": "same"}, "padding=same"),
        ({"padding": "same", "stride": (2, 1), "kernel_size": (1, 4)}, "Sequential"),
        ({"padding": "same", "stride": (2, 1), "kernel_size": (1, 3)}, "padding=(0, 1)"),
        ({"padding": "same", "stride": 2, "kernel_size": (1, 1)}, "stride=(2, 2))"),
        ({"padding": (1, 2), "stride": 2, "kernel_size": (3, 3)}, "padding=(1, 2)"),
    ],
)
def test_torch_without_an_input_size(settings, made):
    size = settings.pop("kernel_size", (3, 4))
    rng = np.random.default_rng(6)
    layer = ConvLayer(integers(rng, 2, 3, *size), [1, 2], **settings)
    twin = layer.to_torch()
    assert made in repr(twin)
    for height, width in itertools.product((8, 9), (8, 9, 10)):
        images = integers(rng, 1, 3, height, width)
        assert_array_equal(run_torch(twin, images), layer(images))


def test_torch_with_an_input_size_is_for_that_size():
    """On 6 cells with a 3-kernel and stride 2, "same" adds (0, 1); on 7 it adds (1, 1)."""
    rng = np.random.default_rng(7)
    layer = ConvLayer(integers(rng, 1, 1, 3, 3), stride=2, padding="same")
    for size, kind in ((6, torch.nn.Sequential), (7, torch.nn.Conv2d), ((6, 7), None)):
        twin = layer.to_torch(input_size=size)
        assert kind in (None, type(twin))
        images = integers(rng, 1, 1, *np.broadcast_to(size, 2))
        assert_array_equal(run_torch(twin, images), layer(images))
    with pytest.raises(ValueError, match=r"input_size \(width\) must be at least 1, but is 0"):
        layer.to_torch(input_size=(6, 0))


@pytest.mark.parametrize(
    ("settings", "kinds"),
    [
        ({}, ["Conv2D"]),
        ({"padding": "valid", "padding_mode": "reflect"}, ["Conv2D"]),
        ({"padding": (1, 2)}, ["Conv2D"]),  # is "same" for 3 x 5
        ({"padding": (1, 2), "stride": 2}, ["ZeroPadding2D", "Conv2D"]),
        ({"padding": (2, 1)}, ["ZeroPadding2D", "Conv2D"]),
        ({"padding": ((1, 1), (2, 2)), "groups": 2}, ["DepthwiseConv2D"]),
        ({"stride": 2, "groups": 2, "padding": "same"}, ["DepthwiseConv2D"]),
        ({"stride": (1, 2), "groups": 2, "padding": "same"}, ["Conv2D"]),
        (
            {"stride": (1, 2), "dilation": 2, "padding": 1, "groups": 2},
            ["ZeroPadding2D", "DepthwiseConv2D"],
        ),
    ],
)
def test_keras_kind(settings, kinds):
    rng = np.random.default_rng(17)
    layer = ConvLayer(integers(rng, 4, 2 // settings.get("groups", 1), 3, 5), **settings)
    twin = layer.to_keras()
    images = integers(rng, 1, 2, 9, 12)
    assert_array_equal(run_keras(twin, images), layer(images))
    steps = twin.layers if isinstance(twin, keras.Sequential) else [twin]
    assert [type(step).__name__ for step in steps] == kinds
    if settings == {"padding": (1, 2)}:
        assert twin.padding == "same"


def test_one_channel_is_depthwise_where_that_helps():
    rng = np.random.default_rng(18)
    original = L.DepthwiseConv2D((2, 3), depth_multiplier=2, strides=(1, 2), dilation_rate=(2, 1))
    layer = from_keras(built_keras(original, 1))
    assert layer.groups == 1
    images = integers(rng, 1, 1, 7, 8)
    assert type(layer.to_keras()) is L.DepthwiseConv2D
    assert_allclose(run_keras(layer.to_keras(), images), layer(images), rtol=1e-5, atol=1e-5)
    assert type(dataclasses.replace(layer, dilation=1).to_keras()) is L.Conv2D


def test_keras_padding_of_a_single_cell():
    for padding, same in (("same", "same"), ("valid", "valid"), (0, "valid")):
        assert ConvLayer(np.ones((1, 1, 1, 1)), padding=padding).to_keras().padding == same


def test_keras_defaults_do_not_matter():
    layer = ConvLayer(np.ones((1, 1, 2, 3), np.float32), stride=2, padding=1)
    images = integers(np.random.default_rng(8), 1, 1, 6, 5)
    keras.config.set_image_data_format("channels_first")
    keras.config.set_dtype_policy("mixed_float16")
    try:
        twin = layer.to_keras()
    finally:
        keras.config.set_image_data_format("channels_last")
        keras.config.set_dtype_policy("float32")
    assert_array_equal(run_keras(twin, images), layer(images), strict=True)


def test_torch_draws_no_random_numbers():
    layer = ConvLayer(np.ones((8, 3, 3, 3)), np.zeros(8))
    torch.manual_seed(9)
    expected = torch.rand(3)
    torch.manual_seed(9)
    layer.to_torch()
    assert torch.equal(torch.rand(3), expected)


# ---------------------------------------------------------------------------- what a layer can be


@pytest.mark.parametrize("dtype", ["float16", "float32", "float64"])
@pytest.mark.parametrize("padding", ["valid", 3])
def test_dtypes(dtype, padding):
    rng = np.random.default_rng(10)
    weight, bias = integers(rng, 2, 3, 2, 3).astype(dtype), integers(rng, 2).astype(dtype)
    images = (integers(rng, 1, 3, 4, 5) + np.exp2(-40 if dtype == "float64" else -2)).astype(dtype)
    layer = ConvLayer(weight, bias, padding=padding)
    expected = layer(images)
    assert expected.dtype == dtype
    for twin in (layer.to_torch(), executed(layer, "torch")):
        assert_array_equal(run_torch(twin, images), expected, strict=True)
        assert from_torch(twin).weight.dtype == dtype
    for twin in (layer.to_keras(), executed(layer, "keras")):
        assert_array_equal(run_keras(twin, images), expected, strict=True)
        assert from_keras(twin).weight.dtype == dtype


def test_bfloat16_becomes_float32():
    for layer in (
        from_torch(torch.nn.Conv2d(2, 3, 3).to(torch.bfloat16)),
        from_keras(built_keras(L.Conv2D(3, 3, dtype="bfloat16"), 2)),
    ):
        assert layer.weight.dtype == layer.bias.dtype == np.float32
        weight = torch.tensor(layer.weight)
        assert torch.equal(weight.to(torch.bfloat16).float(), weight)


def test_channels_first_keras():
    """Its images lie differently, its weights do not."""
    rng = np.random.default_rng(11)
    first = L.Conv2D(4, (2, 3), data_format="channels_first", strides=2, padding="same")
    first.build((None, 3, 8, 9))
    last = built_keras(L.Conv2D(4, (2, 3), data_format="channels_last", strides=2), 3)
    images = integers(rng, 1, 3, 8, 9)
    last.set_weights(first.get_weights())
    padded = np.pad(images, ((0, 0), (0, 0), (0, 0), (1, 1)))
    output = from_keras(first)(images)
    assert_allclose(output, run_keras(last, padded), rtol=1e-5, atol=1e-5, strict=True)


def test_layers_that_compute_as_conv2d_does():
    images = np.random.default_rng(12).normal(size=(1, 2, 6, 5)).astype(np.float32)
    normed = torch.nn.utils.parametrizations.weight_norm(torch.nn.Conv2d(2, 3, 3))
    lazy = torch.nn.LazyConv2d(3, 3)
    lazy(torch.tensor(images))
    for layer in (normed, lazy):
        assert_allclose(from_torch(layer)(images), run_torch(layer, images), rtol=1e-5, atol=1e-6)

    class Named(L.Conv2D):
        pass

    adapted = built_keras(Named(3, 3), 2)
    adapted.enable_lora(2, b_initializer="ones")
    assert_allclose(from_keras(adapted)(images), run_keras(adapted, images), rtol=1e-5, atol=1e-6)


def test_weights_are_copies():
    original = torch.nn.Conv2d(1, 1, 2)
    layer = from_torch(original)
    weight, bias = layer.weight.copy(), layer.bias.copy()
    with torch.no_grad():
        original.weight.zero_()
        original.bias.zero_()
    layer.to_torch().weight.data.zero_()
    assert_array_equal(layer.weight, weight)
    assert_array_equal(layer.bias, bias)
    for array in (layer.weight, layer.bias):
        with pytest.raises(ValueError, match="read-only"):
            array[...] = 0
    with pytest.raises(dataclasses.FrozenInstanceError):
        layer.stride = 2


def test_repr_names_what_is_unusual():
    weight = np.ones((4, 1, 3, 2))
    sizes = "in_channels={}, out_channels=4, kernel_size=(3, 2)"
    assert repr(ConvLayer(weight, np.ones(4))) == f"ConvLayer({sizes.format(1)})"
    layer = ConvLayer(
        weight, None, 2, ((0, 1), (0, 0)), (1, 2), 2, padding_mode="reflect", activation="tanh"
    )
    assert repr(layer) == (
        f"ConvLayer({sizes.format(2)}, stride=(2, 2), padding=((0, 1), (0, 0)), dilation=(1, 2), "
        "groups=2, padding_mode='reflect', activation='tanh', bias=None)"
    )


# ------------------------------------------------------------------------------------------- code


def executed(layer, framework, **sizes):
    """The layer that its code makes, with the weights put in."""
    names = {}
    exec(layer.code(framework, **sizes), names)
    made = names["layer"]
    if framework == "torch":
        made.load_state_dict(layer.to_torch(**sizes).state_dict())
    else:
        built_keras(made, layer.in_channels).set_weights(layer.to_keras().get_weights())
    return made


def assert_no_default_is_written(code):
    for call in (node for node in ast.walk(ast.parse(code)) if isinstance(node, ast.Call)):
        constructor = eval(ast.unparse(call.func), {"torch": torch, "keras": keras})
        parameters = inspect.signature(constructor).parameters
        for keyword in call.keywords:
            default = parameters[keyword.arg].default
            value = ast.literal_eval(keyword.value)
            usual = (default, default) if isinstance(default, int) else default
            assert value not in (default, usual), ast.unparse(call)


@pytest.mark.parametrize("seed", SEEDS[:12])
def test_code_makes_the_layer(seed):
    rng = np.random.default_rng([seed, 13])
    if seed % 2:
        original, c_in = random_keras(rng)
        layer = from_keras(original)
    else:
        layer = from_torch(random_torch(rng))
        c_in = layer.in_channels
    images = image_for(rng, c_in)
    size = {"input_size": images.shape[2:]}
    made = executed(layer, "torch", **size)
    assert repr(made) == repr(layer.to_torch(**size))
    assert_array_equal(run_torch(made, images), layer(images))
    assert_no_default_is_written(layer.code("torch", **size))
    if can_be_keras(layer):
        assert_array_equal(run_keras(executed(layer, "keras"), images), layer(images))
        assert_no_default_is_written(layer.code("keras"))


def test_code_as_it_is_written():
    plain = ConvLayer(np.ones((8, 3, 3, 3)), np.ones(8))
    assert plain.code("torch") == (
        "import torch\n\nlayer = torch.nn.Conv2d(3, 8, kernel_size=3).double()"
    )
    assert plain.code("keras") == (
        'import keras\n\nlayer = keras.layers.Conv2D(8, kernel_size=3, dtype="float64")'
    )
    weight = np.ones((24, 4, 3, 5), np.float32)
    long = ConvLayer(weight, None, (2, 1), ((0, 1), (2, 2)), (1, 3), 3, activation="relu")
    assert long.code("torch") == (
        "import torch\n\n"
        "layer = torch.nn.Sequential(\n"
        "    torch.nn.ZeroPad2d((2, 2, 0, 1)),\n"
        "    torch.nn.Conv2d(\n"
        "        12,\n"
        "        24,\n"
        "        kernel_size=(3, 5),\n"
        "        stride=(2, 1),\n"
        "        dilation=(1, 3),\n"
        "        groups=3,\n"
        "        bias=False,\n"
        "    ),\n"
        "    torch.nn.ReLU(),\n"
        ")"
    )
    with pytest.raises(ValueError, match="must be one of 'torch', 'keras', but is 'jax'"):
        plain.code("jax")


# --------------------------------------------------------------------------------------- refusals


def refuses(kind, message):
    return pytest.raises(kind, match=re.escape(message))


@pytest.mark.parametrize("call", ["to_torch", "code"])
def test_strided_same_has_no_torch_twin(call):
    layer = from_keras(built_keras(L.Conv2D(2, (3, 2), strides=2, padding="same"), 1))
    message = (
        'padding "same" with stride (2, 2) has no equal in PyTorch that fits every input: it adds '
        "((0, 1), (0, 0)), as ((top, bottom), (left, right)), to an input of (8, 8), but "
        "((1, 1), (0, 1)) to one of (9, 9). Give input_size=(height, width)"
    )
    arguments = ("torch",) if call == "code" else ()
    with refuses(ValueError, message):
        getattr(layer, call)(*arguments)
    # What it says is so.
    for size, sides in ((8, ((0, 1), (0, 0))), (9, ((1, 1), (0, 1)))):
        axes = [
            Axis(size, k, 2, before_after) for k, before_after in zip((3, 2), sides, strict=True)
        ]
        assert [axis.output for axis in axes] == [-(-size // 2)] * 2
    with pytest.raises(ValueError, match="not supported for strided"):
        torch.nn.Conv2d(1, 2, (3, 2), stride=2, padding="same")


@pytest.mark.parametrize(
    ("mode", "pad"), [("reflect", "reflect"), ("replicate", "edge"), ("circular", "wrap")]
)
def test_padding_mode_has_no_keras_twin(mode, pad):
    rng = np.random.default_rng(14)
    layer = ConvLayer(integers(rng, 2, 1, 3, 2), padding=(1, 2), padding_mode=mode)
    with refuses(ValueError, f"padding_mode '{mode}' has no equal in Keras") as refusal:
        layer.to_keras()
    assert f"mode='{pad}'" in str(refusal.value)
    with refuses(ValueError, "has no equal in Keras"):
        layer.code("keras")
    # What it says to do instead is so.
    images = integers(rng, 1, 1, 5, 6)
    padded = np.pad(images, ((0, 0), (0, 0), (1, 1), (2, 2)), mode=pad)
    twin = dataclasses.replace(layer, padding=0).to_keras()
    assert_array_equal(run_keras(twin, padded), layer(images))


def test_stride_with_dilation_has_no_keras_twin():
    rng = np.random.default_rng(15)
    layer = ConvLayer(integers(rng, 2, 3, 3, 2), stride=(2, 3), dilation=(2, 1), padding=1)
    message = (
        "stride (2, 3) with dilation (2, 1) has no equal in Keras, which refuses strides > 1 "
        "together with dilation_rate > 1. The same numbers are among those of stride 1: "
        "dataclasses.replace(layer, stride=1).to_keras()(images)[:, ::2, ::3]."
    )
    with refuses(ValueError, message):
        layer.to_keras()
    images = integers(rng, 1, 3, 9, 11)
    detour = run_keras(dataclasses.replace(layer, stride=1).to_keras(), images)[:, :, ::2, ::3]
    assert_array_equal(detour, layer(images))
    with refuses(ValueError, "dilation_rate > 1.") as refusal:
        dataclasses.replace(layer, padding="same").to_keras()
    assert "stride 1" not in str(refusal.value)
    with pytest.raises(ValueError, match="not supported in conjunction"):
        L.Conv2D(2, (3, 2), strides=(2, 3), dilation_rate=(2, 1))


class OwnForward(torch.nn.Conv2d):
    def forward(self, input):
        return 2 * super().forward(input)


class OwnCall(L.Conv2D):
    def call(self, inputs):
        return 2 * super().call(inputs)


TWO_AXES = "A ConvLayer has two axes"
NN = torch.nn


@pytest.mark.parametrize(
    ("layer", "name", "hint"),
    [
        (
            lambda: NN.ConvTranspose2d(1, 1, 2),
            "torch's ConvTranspose2d.",
            "spreads each input cell",
        ),
        (lambda: NN.Conv1d(1, 1, 2), "torch's Conv1d.", TWO_AXES),
        (lambda: NN.Conv3d(1, 1, 2), "torch's Conv3d.", TWO_AXES),
        (lambda: NN.Linear(1, 1), "torch's Linear.", "kernel is as large as its input"),
        (lambda: NN.MaxPool2d(2), "torch's MaxPool2d.", "no weights"),
        (lambda: NN.BatchNorm2d(2), "torch's BatchNorm2d.", ""),
        (
            lambda: NN.Sequential(NN.Conv2d(1, 1, 2), NN.Conv2d(1, 1, 2)),
            "torch's Sequential.",
            "one conv",
        ),
        (lambda: NN.Sequential(NN.ZeroPad2d(1), NN.Linear(1, 1)), "torch's Linear.", ""),
        (lambda: NN.Sequential(NN.ReLU()), "torch's ReLU.", ""),
        (lambda: NN.Sequential(), "torch's Sequential.", "one conv"),
        (
            lambda: OwnForward(1, 1, 2),
            "OwnForward is a Conv2d that computes in a way of its own",
            "forward",
        ),
        (lambda: L.Conv2D(1, 2), "keras's Conv2D.", "from_keras reads keras's layers"),
        (lambda: [[1]], "this is list.", ""),
        (lambda: None, "this is NoneType.", ""),
    ],
)
def test_from_torch_refuses_by_name(layer, name, hint):
    with refuses(TypeError, name) as refusal:
        from_torch(layer())
    assert hint in str(refusal.value)


@pytest.mark.parametrize(
    ("layer", "name", "hint"),
    [
        (lambda: L.Conv2DTranspose(1, 2), "keras's Conv2DTranspose.", "spreads each input cell"),
        (lambda: L.SeparableConv2D(1, 2), "keras's SeparableConv2D.", "one after the other"),
        (lambda: L.Conv1D(1, 2), "keras's Conv1D.", TWO_AXES),
        (lambda: L.Conv3D(1, 2), "keras's Conv3D.", TWO_AXES),
        (lambda: L.Dense(1), "keras's Dense.", "kernel is as large as its input"),
        (lambda: L.AveragePooling2D(2), "keras's AveragePooling2D.", "no weights"),
        (
            lambda: keras.Sequential([L.Conv2D(1, 2)] * 2),
            "keras's Sequential.",
            "one convolution layer",
        ),
        (
            lambda: keras.Model(*[keras.Input((4, 4, 1))] * 2),
            "keras's Functional.",
            "one convolution",
        ),
        (lambda: OwnCall(1, 2), "OwnCall is a Conv2D that computes in a way of its own", "call"),
        (lambda: NN.Conv2d(1, 1, 2), "torch's Conv2d.", "from_torch reads torch's layers"),
        (lambda: 3, "this is int.", ""),
    ],
)
def test_from_keras_refuses_by_name(layer, name, hint):
    with refuses(TypeError, name) as refusal:
        from_keras(layer())
    assert hint in str(refusal.value)


def test_separable_as_two_layers():
    """As the refusal says: a depthwise convolution and a 1 x 1 one after it."""
    images = integers(np.random.default_rng(16), 1, 3, 6, 7)
    whole = built_keras(L.SeparableConv2D(4, (2, 3), depth_multiplier=2, padding="same"), 3)
    first = built_keras(
        L.DepthwiseConv2D((2, 3), depth_multiplier=2, padding="same", use_bias=False), 3
    )
    second = built_keras(L.Conv2D(4, 1), 6)
    depthwise, *rest = whole.get_weights()
    first.set_weights([depthwise])
    second.set_weights(rest)
    output = from_keras(second)(from_keras(first)(images))
    assert_allclose(output, run_keras(whole, images), rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize(
    ("read", "layer", "message"),
    [
        (from_torch, lambda: NN.LazyConv2d(1, 2), "LazyConv2d has no weights yet"),
        (from_torch, lambda: NN.Conv2d(1, 1, 2, device="meta"), "Conv2d has no weights yet"),
        (
            from_torch,
            lambda: NN.Sequential(NN.ReflectionPad2d(1), NN.Conv2d(1, 1, 2, padding=(0, 1))),
            "ReflectionPad2d before a Conv2d must be the only padding, but the Conv2d has padding "
            "(0, 1).",
        ),
        (
            from_torch,
            lambda: NN.Sequential(NN.ZeroPad2d(-1), NN.Conv2d(1, 1, 2)),
            "padding (top) must be at least 0, but is -1",
        ),
        (from_keras, lambda: L.Conv2D(1, 2, name="c"), "Conv2D 'c' has no weights yet"),
        (
            from_keras,
            lambda: L.DepthwiseConv2D(2, name="d"),
            "DepthwiseConv2D 'd' has no weights yet",
        ),
        (
            from_keras,
            lambda: keras.Sequential([L.ZeroPadding2D(1), L.Conv2D(1, 2, name="c")]),
            "Conv2D 'c' has no weights yet",
        ),
        (
            from_keras,
            lambda: built_keras(
                keras.Sequential([L.ZeroPadding2D(1), L.Conv2D(1, 2, padding="same")]), 1
            ),
            "must be the only padding, but the Conv2D has padding 'same'",
        ),
        (
            from_keras,
            lambda: built_keras(
                keras.Sequential([L.ZeroPadding2D(data_format="channels_first"), L.Conv2D(1, 2)]), 1
            ),
            "data_format must be the same, but is 'channels_first' in the ZeroPadding2D and "
            "'channels_last' in the Conv2D",
        ),
        (
            from_keras,
            lambda: built_keras(L.Conv2D(1, 2, activation="softmax"), 1),
            "activation must be one of ('linear', 'relu', 'sigmoid', 'tanh'), but is 'softmax'. "
            "Make the layer with activation=None",
        ),
        (
            from_keras,
            lambda: built_keras(L.Conv2D(1, 2, activation=L.LeakyReLU()), 1),
            "is 'LeakyReLU'",
        ),
    ],
)
def test_refused_values(read, layer, message):
    with refuses(ValueError, message):
        read(layer())


def test_complex_weights_are_refused():
    layer = torch.nn.Conv2d(1, 1, 2, dtype=torch.complex64)
    with refuses(TypeError, "weight must hold float16, float32, float64, bfloat16 or integers"):
        from_torch(layer)


@pytest.mark.parametrize(
    ("arguments", "kind", "message"),
    [
        ({"weight": np.ones((2, 3))}, ValueError, "but has shape (2, 3)"),
        ({"weight": np.ones((2, 0, 1, 1))}, ValueError, "no axis of length 0"),
        (
            {"weight": [[1], [1, 2]]},
            ValueError,
            "weight must be an array of numbers, or lists of equal",
        ),
        ({"weight": [[[["a"]]]]}, TypeError, "weight must hold"),
        ({"weight": [[[[2**24 + 1]]]]}, ValueError, "Pass weight.astype(float)"),
        ({"bias": [1, 2, 3]}, ValueError, "bias must have shape (2,)"),
        ({"groups": 3}, ValueError, "groups must divide the channels of the output, but is 3"),
        ({"groups": 0}, ValueError, "groups must be at least 1"),
        ({"stride": 0}, ValueError, "stride must be at least 1, but is 0"),
        ({"stride": 1.5}, TypeError, "stride must be an integer"),
        ({"dilation": (1, 2, 3)}, ValueError, "dilation must be an integer or a pair"),
        ({"padding": "full"}, ValueError, "padding must be"),
        ({"padding_mode": "wrap"}, ValueError, "padding_mode must be one of 'zeros', "),
        ({"activation": "gelu"}, ValueError, "activation must be one of None, 'relu', "),
    ],
)
def test_refused_arguments(arguments, kind, message):
    with refuses(kind, message):
        ConvLayer(**{"weight": np.ones((2, 1, 1, 1)), **arguments})


def test_no_framework_is_imported():
    """Neither by reading a layer, nor by refusing to, nor by writing code."""
    program = """
import json, sys
from convviz.frameworks import ConvLayer, from_keras, from_torch
layer = ConvLayer([[[[1, 2]]]])
layer([[[1, 2, 3]]])
layer.code("torch"), layer.code("keras")
for read in (from_torch, from_keras):
    try:
        read(layer)
    except TypeError as error:
        print(error, file=sys.stderr)
print(json.dumps(sorted({"torch", "keras", "tensorflow"} & set(sys.modules))))
"""
    outcome = subprocess.run(
        [sys.executable, "-c", program],
        cwd=Path(__file__).parent.parent,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert json.loads(outcome.stdout) == []
    assert outcome.stderr.count("but this is convviz's ConvLayer.") == 2
