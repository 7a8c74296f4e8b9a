"""One layer on one image, as a caller gives them to an explorer: checked, and complete."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from convviz.arguments import Padding, Pair, as_int, as_padding, as_pair
from convviz.arrays import as_numbers, check_layer_shapes
from convviz.catalogue import text
from convviz.examples import example
from convviz.frameworks import ConvLayer
from convviz.ops import PADDING_MODES, PaddingMode


@dataclass(frozen=True, eq=False)
class Convolution:
    """A layer and the image that it is laid on; whether it has an output is another question."""

    input: np.ndarray
    weight: np.ndarray
    bias: np.ndarray | None
    stride: int | Pair = 1
    padding: Padding = 0
    dilation: int | Pair = 1
    groups: int = 1
    padding_mode: PaddingMode = "zeros"

    @property
    def shifts(self) -> dict:
        """What moves the kernel: the settings that `make_axes` takes."""
        return {"stride": self.stride, "padding": self.padding, "dilation": self.dilation}

    @property
    def settings(self) -> dict:
        """What `conv2d` and `trace` take beside the arrays."""
        return {**self.shifts, "groups": self.groups, "padding_mode": self.padding_mode}

    def channels_read(self, c_out: int) -> range:
        """The input channels that an output channel reads: those of its group."""
        first = c_out * self.groups // len(self.weight) * self.weight.shape[1]
        return range(first, first + self.weight.shape[1])


def take_convolution(input=None, weight=None, bias=None, **settings) -> Convolution:
    """Take arguments as `ConvExplorer` has them: arrays, an image with a ConvLayer, or none.

    Raises
    ------
    TypeError, ValueError
        For an argument of the wrong form, shape or range; the message names it.

    Examples
    --------
    >>> take_convolution().weight.shape, take_convolution(stride=2).stride
    ((2, 2, 3, 3), 2)
    """
    if input is None and weight is None:
        input, weight, own_bias = example()
        bias = own_bias if bias is None else bias
    if isinstance(weight, ConvLayer):
        defaults = {name: getattr(Convolution, name) for name in settings}
        if bias is not None or settings != defaults:
            raise ValueError(text("layer_brings_settings"))
        weight, bias, settings = weight.weight, weight.bias, weight.settings
    taken = Convolution(
        input=_finite("input", input),
        weight=_finite("weight", weight),
        bias=None if bias is None else _finite("bias", bias),
        **settings,
    )
    as_pair("stride", taken.stride, 1)
    as_pair("dilation", taken.dilation, 1)
    as_padding(taken.padding)
    if taken.input.ndim != 3:
        raise ValueError(text("one_image", shape=taken.input.shape))
    bias_shape = None if taken.bias is None else taken.bias.shape
    groups = as_int("groups", taken.groups, 1)
    check_layer_shapes(taken.input.shape, taken.weight.shape, bias_shape, groups)
    if taken.padding_mode not in PADDING_MODES:
        places = {"allowed": ", ".join(PADDING_MODES), "value": repr(taken.padding_mode)}
        raise ValueError(text("not_one_of", name="padding_mode", **places))
    return taken


def _finite(name: str, values: object) -> np.ndarray:
    """As integers, or as the double precision that the browser calculates in."""
    array = as_numbers(name, values)
    if not np.isfinite(array).all():
        raise ValueError(text("not_finite", name=name))
    return array.astype(np.float64) if array.dtype.kind == "f" else array
