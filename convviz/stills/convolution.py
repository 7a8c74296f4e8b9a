"""One layer on one image, as a caller gives them to an explorer: checked, and complete."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Unpack

import numpy as np
from numpy.typing import ArrayLike

from convviz.arguments import PaddingRule, Pair, Sides
from convviz.arrays import as_numbers, check_layer_shapes
from convviz.catalogue import text
from convviz.examples import example
from convviz.frameworks import ConvLayer
from convviz.ops import LayerSettings, PaddingMode, Settings, as_settings


@dataclass(frozen=True, eq=False)
class Convolution:
    """A layer and the image that it is laid on; whether it has an output is another question."""

    input: np.ndarray
    weight: np.ndarray
    bias: np.ndarray | None
    stride: Pair
    padding: Sides | PaddingRule
    dilation: Pair
    groups: int
    padding_mode: PaddingMode

    @property
    def settings(self) -> LayerSettings:
        """What `conv2d` and `trace` take beside the arrays."""
        return {
            "stride": self.stride,
            "padding": self.padding,
            "dilation": self.dilation,
            "groups": self.groups,
            "padding_mode": self.padding_mode,
        }

    def channels_read(self, c_out: int) -> range:
        """The input channels that an output channel reads: those of its group."""
        first = c_out * self.groups // len(self.weight) * self.weight.shape[1]
        return range(first, first + self.weight.shape[1])


def take_convolution(
    input: ArrayLike | None = None,
    weight: ArrayLike | ConvLayer | None = None,
    bias: ArrayLike | None = None,
    **settings: Unpack[LayerSettings],
) -> Convolution:
    """Take arguments as `ConvExplorer` has them: arrays, an image with a ConvLayer, or none.

    Raises
    ------
    TypeError, ValueError
        For an argument of the wrong form, shape or range; the message names it.

    Examples
    --------
    >>> take_convolution().weight.shape, take_convolution(stride=2).stride
    ((2, 2, 3, 3), (2, 2))
    """
    if input is None and weight is None:
        input, weight, own_bias = example()
        bias = own_bias if bias is None else bias
    if isinstance(weight, ConvLayer):
        if bias is not None or as_settings(**settings) != Settings():
            raise ValueError(text("layer_brings_settings"))
        layer = weight
        weight, bias, settings = layer.weight, layer.bias, layer.settings
    taken = Convolution(
        input=_finite("input", input),
        weight=_finite("weight", weight),
        bias=None if bias is None else _finite("bias", bias),
        **as_settings(**settings)._asdict(),
    )
    if taken.input.ndim != 3:
        raise ValueError(text("one_image", shape=taken.input.shape))
    bias_shape = None if taken.bias is None else taken.bias.shape
    check_layer_shapes(taken.input.shape, taken.weight.shape, bias_shape, taken.groups)
    return taken


def _finite(name: str, values: object) -> np.ndarray:
    """As integers, or as the double precision that the browser calculates in."""
    array = as_numbers(name, values)
    if not np.isfinite(array).all():
        raise ValueError(text("not_finite", name=name))
    return array.astype(np.float64) if array.dtype.kind == "f" else array
