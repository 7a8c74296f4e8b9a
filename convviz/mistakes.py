"""What each usual mistake makes of an answer, so that a wrong one can be told its reason.

Of a right answer's own numbers, the functions yield what comes out where a step is left out or
mistaken: the mistake, as the last words of its sentence's key, ``mistake_...``, and the number.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from fractions import Fraction

import numpy as np

from convviz.axis import Axis
from convviz.geometry import resolve_padding
from convviz.ops import LayerSettings, conv2d
from convviz.trace import Trace


def wrong_sizes(axis: Axis) -> Iterator[tuple[str, int]]:
    """What each usual mistake makes of an output size."""
    steps = Fraction(axis.padded - axis.span, axis.stride)
    unpadded, once = axis.input - axis.span, axis.input + axis.padding[0] - axis.span
    yield "below_zero", steps.__floor__() + 1
    yield "plus_one", steps.__floor__()
    yield "ceiling", math.ceil(steps) + 1
    yield "one_side", once // axis.stride + 1
    yield "no_padding", unpadded // axis.stride + 1
    yield "no_stride", axis.padded - axis.span + 1
    yield "no_dilation", (axis.padded - axis.kernel) // axis.stride + 1
    yield "dilation_times_kernel", (axis.padded - axis.dilation * axis.kernel) // axis.stride + 1


def wrong_counts(
    filters: int, in_channels: int, groups: int, cells: int, bias: bool
) -> Iterator[tuple[str, int]]:
    """What each usual mistake makes of a number of parameters; a kernel has so many cells."""
    channels = in_channels // groups
    weights = filters * channels * cells
    yield "weights_only" if bias else "bias_counted", weights + filters * (not bias)
    yield "bias_per_kernel", weights + filters * channels
    yield "one_kernel", filters * (cells + bias)
    yield "one_filter", channels * cells + bias
    yield "no_groups", filters * (in_channels * cells + bias)


def wrong_values(
    taken: Trace,
    input: np.ndarray,
    weight: np.ndarray,
    bias: np.ndarray | None,
    settings: LayerSettings,
) -> Iterator[tuple[str, float]]:
    """What each usual mistake makes of an output number."""
    window = taken.window.astype(taken.products.dtype)
    kernel, own_bias = taken.weight, taken.bias or 0
    yield "no_bias", taken.partial_sums.sum()
    yield "flipped", (window * kernel[:, ::-1, ::-1]).sum() + own_bias
    yield "flipped", (window * kernel[:, ::-1, ::-1]).sum()
    if kernel.shape[1] == kernel.shape[2]:
        yield "transposed", (window * kernel.swapaxes(1, 2)).sum() + own_bias
    for partial in taken.partial_sums:
        yield "one_channel", partial + own_bias
        yield "one_channel", partial
    c_out, i, j = taken.at
    for mistake, read, layer in _misread_layers(input, weight, settings):
        try:
            value = conv2d(read, weight, bias, **layer)[taken.at]
        except (ValueError, IndexError):
            continue  # read like this, the layer has no such cell
        yield mistake, value
    output = conv2d(input, weight, bias, **settings)[c_out]
    if j < output.shape[0] and i < output.shape[1]:
        yield "cell_swapped", output[j, i]


def _misread_layers(
    input: np.ndarray, weight: np.ndarray, settings: LayerSettings
) -> Iterator[tuple[str, np.ndarray, LayerSettings]]:
    """The layers that this one is mistaken for: what is left out, the input, the settings."""
    stride, dilation = settings.get("stride", 1), settings.get("dilation", 1)
    sides = resolve_padding(
        settings.get("padding", 0), input.shape[1:], weight.shape[2:], stride, dilation
    )
    layer: LayerSettings = {**settings, "padding": sides}
    yield "no_stride", input, {**layer, "stride": 1}
    yield "no_padding", input, {**layer, "padding": 0}
    yield "no_dilation", input, {**layer, "dilation": 1}
    yield "no_padding_mode", input, {**layer, "padding_mode": "zeros"}
    yield "no_groups", input[: weight.shape[1]], {**layer, "groups": 1}
