"""The convolutions in PyTorch and Keras: as their layers take them, and the way round.

In float64, which holds the integers and their sums exactly. Keras gets its own layout, and a batch
where there is one image; everything else is passed on as it stands, so a layer may well refuse.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import keras
import numpy as np
import tensorflow
import torch

from tests.cases.convolutions import Case


def in_torch(case: Case) -> np.ndarray:
    """What torch.nn.Conv2d puts out."""
    return run_torch(case, case.arrays["input"], case.settings)


def in_keras(case: Case) -> np.ndarray:
    """What keras.layers.Conv2D puts out."""
    return run_keras(case, case.images, case.settings)


def round_about_in_torch(case: Case) -> np.ndarray:
    """The same for any padding: a padding layer first."""
    (top, bottom), (left, right) = (axis.padding for axis in case.axes)
    mode = {"zeros": "constant"}.get(case.settings["padding_mode"], case.settings["padding_mode"])
    images = torch.tensor(case.arrays["input"]).double()
    images = torch.nn.functional.pad(images, (left, right, top, bottom), mode=mode)
    return run_torch(case, images, {**case.settings, "padding": 0, "padding_mode": "zeros"})


def round_about_in_keras(case: Case) -> np.ndarray:
    """The same for any setting: padding first, and a stride by leaving out what it steps over."""
    padding = ((0, 0), (0, 0), *(axis.padding for axis in case.axes))
    modes = {"zeros": "constant", "replicate": "edge", "circular": "wrap"}
    mode = case.settings["padding_mode"]
    images = np.pad(case.images, padding, mode=modes.get(mode, mode))
    settings = {**case.settings, "padding": "valid", "padding_mode": "zeros"}
    if not has_stride_and_dilation(case):
        return run_keras(case, images, settings)
    rows, columns = (axis.stride for axis in case.axes)
    return run_keras(case, images, {**settings, "stride": 1})[..., ::rows, ::columns]


def has_stride_and_dilation(case: Case) -> bool:
    return any(axis.stride > 1 for axis in case.axes) and any(a.dilation > 1 for a in case.axes)


def run_torch(case: Case, images, settings) -> np.ndarray:
    weight, bias = case.arrays["weight"], case.arrays["bias"]
    layer = torch.nn.Conv2d(
        weight.shape[1] * settings["groups"],
        len(weight),
        weight.shape[2:],
        bias=bias is not None,
        dtype=torch.float64,
        **settings,
    )
    with torch.no_grad():
        layer.weight.copy_(torch.tensor(weight))
        if bias is not None:
            layer.bias.copy_(torch.tensor(bias))
        return layer(torch.as_tensor(images).double()).numpy()


def run_keras(case: Case, images: np.ndarray, settings) -> np.ndarray:
    weight, bias, mode = case.arrays["weight"], case.arrays["bias"], settings["padding_mode"]
    layer = keras.layers.Conv2D(
        len(weight),
        weight.shape[2:],
        strides=settings["stride"],
        padding=settings["padding"],
        dilation_rate=settings["dilation"],
        groups=settings["groups"],
        use_bias=bias is not None,
        dtype="float64",
        **({} if mode == "zeros" else {"padding_mode": mode}),
    )
    layer.build((None, None, None, weight.shape[1] * settings["groups"]))
    layer.set_weights([w for w in (weight.transpose(2, 3, 1, 0), bias) if w is not None])
    output = np.asarray(layer(images.transpose(0, 2, 3, 1).astype(float))).transpose(0, 3, 1, 2)
    return output.reshape(*case.arrays["input"].shape[:-3], *output.shape[1:])


@contextmanager
def uncompiled() -> Iterator[None]:
    """Without XLA, which Keras has compile every grouped layer: a tenth of a second for each."""
    before = tensorflow.config.functions_run_eagerly()
    tensorflow.config.run_functions_eagerly(True)
    try:
        yield
    finally:
        tensorflow.config.run_functions_eagerly(before)
