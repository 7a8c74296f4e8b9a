"""The same layers through NumPy, PyTorch, Keras and the browser's JavaScript: one answer."""

import numpy as np
import pytest
import torch

from convviz import conv2d, make_axes, trace
from convviz.explanation import left_over
from tests.npm import ask_javascript

MODES = ("zeros", "reflect", "replicate", "circular")


def draw_layer(rng, integers):
    """A layer on an image, drawn at random; its kernel may fail to fit."""
    groups = int(rng.integers(1, 4))
    c_in, c_out = (groups * int(n) for n in rng.integers(1, 3, 2))

    def numbers(*shape):
        return rng.integers(-9, 10, shape) if integers else rng.normal(size=shape)

    padding = tuple(map(tuple, rng.integers(0, 3, (2, 2)).tolist()))
    return {
        "input": numbers(c_in, *rng.integers(3, 9, 2)),
        "weight": numbers(c_out, c_in // groups, *rng.integers(1, 5, 2)),
        "bias": numbers(c_out) if rng.integers(3) else None,
        "stride": tuple(rng.integers(1, 4, 2).tolist()),
        "padding": ("valid", "same", 1, padding)[rng.integers(4)],
        "dilation": tuple(rng.integers(1, 4, 2).tolist()),
        "groups": groups,
        "padding_mode": MODES[rng.integers(4)],
    }


LAYERS = [draw_layer(np.random.default_rng(seed), integers=seed % 2 == 0) for seed in range(240)]


def axes_of(layer):
    return make_axes(
        layer["input"].shape[1:],
        layer["weight"].shape[2:],
        **{name: layer[name] for name in ("stride", "padding", "dilation")},
    )


def ours(layer):
    """conv2d's answer, or the message of its refusal."""
    try:
        return conv2d(**layer)
    except ValueError as error:
        return str(error)


def agree(a, b, layer):
    if layer["input"].dtype.kind == "i":
        return np.array_equal(a, b)
    return np.allclose(a, b, rtol=1e-9, atol=1e-9)


@pytest.fixture(scope="module")
def from_javascript():
    return ask_javascript("run-layers.mjs", LAYERS)


def test_enough_layers_have_an_output():
    outputs = [ours(layer) for layer in LAYERS]
    refused = [output for output in outputs if isinstance(output, str)]
    assert 25 < len(refused) < 120


def test_javascript_shows_numpys_numbers(from_javascript):
    for layer, shown in zip(LAYERS, from_javascript, strict=True):
        output = ours(layer)
        assert shown["fits"] == (not isinstance(output, str)), layer
        if not shown["fits"]:
            continue
        assert agree(output, shown["output"], layer), layer
        at = tuple(n - 1 for n in output.shape)
        assert agree(trace(**layer, at=at).partial_sums, shown["lastParts"], layer)


def test_javascript_counts_and_says_the_same(from_javascript):
    for layer, shown in zip(LAYERS, from_javascript, strict=True):
        axes = dict(zip(("height", "width"), axes_of(layer), strict=True))
        if all(axis.fits for axis in axes.values()):
            assert shown["counts"] == [axis.counts.tolist() for axis in axes.values()]
            assert shown["leftOver"] == [left_over(*item) for item in axes.items()]
            continue
        misfits = [(name, axis) for name, axis in axes.items() if not axis.fits]
        if len(misfits) == 2 and axes["height"] == axes["width"]:
            misfits = [(None, axes["width"])]
        expected = [axis.misfit(name) for name, axis in misfits]
        assert shown["problems"][: len(expected)] == expected
        assert ours(layer).startswith("The kernel does not fit")


def pad_with_torch(layer):
    (top, bottom), (left, right) = (axis.padding for axis in axes_of(layer))
    image = torch.tensor(layer["input"]).double()[None]
    mode = {"zeros": "constant"}.get(layer["padding_mode"], layer["padding_mode"])
    return torch.nn.functional.pad(image, (left, right, top, bottom), mode=mode)


def test_torch_gives_the_same_numbers():
    for layer in LAYERS:
        output = ours(layer)
        weight = torch.tensor(layer["weight"]).double()
        bias = None if layer["bias"] is None else torch.tensor(layer["bias"]).double()
        settings = {name: layer[name] for name in ("stride", "dilation", "groups")}
        try:
            expected = torch.nn.functional.conv2d(pad_with_torch(layer), weight, bias, **settings)
        except (RuntimeError, NotImplementedError):
            assert isinstance(output, str), layer
            continue
        assert agree(output, expected[0].numpy(), layer), layer


def test_keras_gives_the_same_numbers():
    import keras

    compared = 0
    for layer in LAYERS:
        output = ours(layer)
        strides, dilation = layer["stride"], layer["dilation"]
        if isinstance(output, str) or (max(strides) > 1 and max(dilation) > 1):
            continue  # Keras refuses strides > 1 together with dilation_rate > 1
        compared += 1
        by_name = layer["padding"] in ("valid", "same") and layer["padding_mode"] == "zeros"
        image = torch.tensor(layer["input"])[None] if by_name else pad_with_torch(layer)
        twin = keras.layers.Conv2D(
            len(layer["weight"]),
            layer["weight"].shape[2:],
            strides=strides,
            padding=layer["padding"] if by_name else "valid",
            dilation_rate=dilation,
            groups=layer["groups"],
            use_bias=layer["bias"] is not None,
            dtype="float64",
        )
        image = image.double().numpy().transpose(0, 2, 3, 1)
        twin.build(image.shape)
        weights = [layer["weight"].transpose(2, 3, 1, 0), layer["bias"]]
        twin.set_weights([w for w in weights if w is not None])
        expected = np.asarray(twin(image))[0].transpose(2, 0, 1)
        assert agree(output, expected, layer), layer
    assert compared > 30
