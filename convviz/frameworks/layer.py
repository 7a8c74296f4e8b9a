"""`ConvLayer`: a convolution with its weights, whichever framework it came from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import ArrayLike

from convviz.arguments import (
    Padding,
    PaddingRule,
    Pair,
    Sides,
    as_choice,
    as_int,
    as_padding,
    as_pair,
)
from convviz.arrays import as_array, quietly
from convviz.frameworks.builders import build_in_keras, build_in_torch
from convviz.frameworks.constructors import NO_PADDING, Activation, keras_code, torch_code
from convviz.ops import PADDING_MODES, LayerSettings, PaddingMode, conv2d

if TYPE_CHECKING:
    import keras
    import torch

ACTIVATIONS: dict[Activation, Callable[[np.ndarray], np.ndarray]] = {
    "relu": lambda y: np.maximum(y, 0),
    "sigmoid": lambda y: 0.5 * (1 + np.tanh(0.5 * y)),  # 1 / (1 + exp(-y)) can overflow
    "tanh": np.tanh,
}


@dataclass(frozen=True, eq=False, repr=False, init=False)
class ConvLayer:
    """A convolution layer with its weights; call it on images for its output.

    Made by `from_torch` and `from_keras`, or from arrays.

    Parameters
    ----------
    weight : (C_out, C_in / groups, kH, kW) array_like
        Copied, as float16, float32 or float64; integers become float32.
    bias : (C_out,) array_like, optional
        Copied likewise, and of one dtype with `weight`.
    stride, dilation : int or (height, width)
    padding : int, (height, width), ((top, bottom), (left, right)), "valid" or "same"
        "same" is Keras's, for any stride.
    groups : int
    padding_mode : "zeros", "reflect", "replicate" or "circular"
    activation : "relu", "sigmoid", "tanh" or None
        Applied to what the convolution puts out.

    Attributes
    ----------
    weight, bias : ndarray, read-only; `bias` may be None
    stride, dilation : (height, width)
    padding : ((top, bottom), (left, right)), "valid" or "same"
    groups, padding_mode, activation
        As given.

    Raises
    ------
    TypeError, ValueError
        If an argument has the wrong form, shape or range; the message names it.

    Examples
    --------
    >>> layer = ConvLayer([[[[1, 2]]]], [10], stride=(1, 2), padding="same")
    >>> layer
    ConvLayer(in_channels=1, out_channels=1, kernel_size=(1, 2), stride=(1, 2), padding='same')
    >>> layer([[[1, 2, 3]]])
    array([[[15., 13.]]])
    >>> print(layer.code("keras"))
    import keras
    <BLANKLINE>
    layer = keras.layers.Conv2D(1, kernel_size=(1, 2), strides=(1, 2), padding="same")
    """

    weight: np.ndarray
    bias: np.ndarray | None = None
    stride: Pair = (1, 1)
    padding: Sides | PaddingRule = NO_PADDING
    dilation: Pair = (1, 1)
    groups: int = 1
    padding_mode: PaddingMode = "zeros"
    activation: Activation | None = None

    def __init__(
        self,
        weight: ArrayLike,
        bias: ArrayLike | None = None,
        stride: int | Pair = 1,
        padding: Padding = 0,
        dilation: int | Pair = 1,
        groups: int = 1,
        padding_mode: PaddingMode = "zeros",
        activation: Activation | None = None,
    ):
        w = _as_floats("weight", weight)
        b = None if bias is None else _as_floats("bias", bias)
        groups = as_int("groups", groups, 1)
        _check_shapes(w, b, groups)
        if b is not None:
            w, b = (a.astype(np.result_type(w, b)) for a in (w, b))
            b.flags.writeable = False
        w.flags.writeable = False
        checked = {
            "weight": w,
            "bias": b,
            "stride": as_pair("stride", stride, 1),
            "padding": as_padding(padding),
            "dilation": as_pair("dilation", dilation, 1),
            "groups": groups,
            "padding_mode": as_choice("padding_mode", padding_mode, PADDING_MODES),
            "activation": as_choice("activation", activation, (None, *ACTIVATIONS)),
        }
        for name, value in checked.items():
            object.__setattr__(self, name, value)

    @property
    def in_channels(self) -> int:
        """Channels of the input."""
        return self.weight.shape[1] * self.groups

    @property
    def out_channels(self) -> int:
        """Channels of the output: the number of filters."""
        return len(self.weight)

    @property
    def kernel_size(self) -> Pair:
        """Rows and columns of the kernel."""
        return self.weight.shape[2:]

    @property
    def settings(self) -> LayerSettings:
        """What `conv2d`, `trace` and `ConvExplorer` take beside the arrays.

        Examples
        --------
        >>> ConvLayer([[[[1, 2]]]], stride=2).settings  # doctest: +NORMALIZE_WHITESPACE
        {'stride': (2, 2), 'padding': ((0, 0), (0, 0)), 'dilation': (1, 1), 'groups': 1,
         'padding_mode': 'zeros'}
        """
        return {
            "stride": self.stride,
            "padding": self.padding,
            "dilation": self.dilation,
            "groups": self.groups,
            "padding_mode": self.padding_mode,
        }

    def __call__(self, input: ArrayLike) -> np.ndarray:
        """What the layer puts out, activation included.

        Parameters
        ----------
        input : (N, C_in, H, W) or (C_in, H, W) array_like
            Channels first, whichever framework the layer came from.

        Returns
        -------
        (N, C_out, H_out, W_out) or (C_out, H_out, W_out) ndarray
            Its dtype is ``np.result_type`` of the input and the weights.

        Raises
        ------
        TypeError, ValueError
            As `conv2d` does.
        """
        output = conv2d(input, self.weight, self.bias, **self.settings)
        with quietly():
            return output if self.activation is None else ACTIVATIONS[self.activation](output)

    def __repr__(self) -> str:
        plain = {"stride": (1, 1), "padding": NO_PADDING, "dilation": (1, 1), "groups": 1}
        plain |= {"padding_mode": "zeros", "activation": None}
        sizes = ("in_channels", "out_channels", "kernel_size")
        shown = [*sizes, *(name for name, value in plain.items() if getattr(self, name) != value)]
        arguments = [f"{name}={getattr(self, name)!r}" for name in shown]
        if self.bias is None:
            arguments.append("bias=None")
        return f"ConvLayer({', '.join(arguments)})"

    def to_torch(
        self, *, input_size: int | Pair | None = None
    ) -> torch.nn.Conv2d | torch.nn.Sequential:
        """The same layer in PyTorch.

        Parameters
        ----------
        input_size : int or (height, width), optional
            Needed only for "same" with a stride, whose padding depends on it. The layer is then
            right for inputs of this size only.

        Returns
        -------
        torch.nn.Conv2d or torch.nn.Sequential
            On the CPU, for (N, C_in, H, W). A Sequential if the padding differs between opposite
            sides, or if there is an activation: padding layer, Conv2d, activation, as needed.

        Raises
        ------
        ValueError
            For "same" with a stride, without `input_size`.

        Notes
        -----
        Nothing is drawn from PyTorch's random numbers.

        Examples
        --------
        >>> layer = ConvLayer([[[[1, 2, 3]]]], stride=(1, 2), padding="same")
        >>> layer.to_torch(input_size=(4, 6))
        Sequential(
          (0): ZeroPad2d((0, 1, 0, 0))
          (1): Conv2d(1, 1, kernel_size=(1, 3), stride=(1, 2), bias=False)
        )
        >>> layer.to_torch(input_size=(4, 7))
        Conv2d(1, 1, kernel_size=(1, 3), stride=(1, 2), padding=(0, 1), bias=False)
        """
        return build_in_torch(self, input_size)

    def to_keras(
        self,
    ) -> keras.layers.Conv2D | keras.layers.DepthwiseConv2D | keras.Sequential:
        """The same layer in Keras.

        Returns
        -------
        keras.layers.Conv2D, keras.layers.DepthwiseConv2D or keras.Sequential
            Built, with its weights, for channels-last images (N, H, W, C_in) of any size.
            DepthwiseConv2D if every group has one channel, but not for two different strides
            without dilation: TensorFlow may refuse those on a CPU. A Sequential of ZeroPadding2D
            and the layer if the padding is no rule of Keras's.

        Raises
        ------
        ValueError
            If the padding is of anything but zeros, or if a stride and a dilation above 1 come
            together, other than in a depthwise layer: Keras has neither.

        Examples
        --------
        >>> layer = ConvLayer([[[[1, 2, 3]]]], padding=2, padding_mode="circular")
        >>> layer.to_keras()  # doctest: +NORMALIZE_WHITESPACE
        Traceback (most recent call last):
            ...
        ValueError: padding_mode 'circular' has no equal in Keras, whose layers pad with zeros
        only. Pad the images before the layer, with numpy.pad and mode='wrap', and convert
        dataclasses.replace(layer, padding=0).
        """
        return build_in_keras(self)

    def code(
        self, framework: Literal["torch", "keras"], *, input_size: int | Pair | None = None
    ) -> str:
        """The lines that make this layer, with only those arguments that are not the default.

        They run as they stand, and make a `layer` that has weights of its own (in Keras, once it
        has met an image).

        Parameters
        ----------
        framework : "torch" or "keras"
        input_size : int or (height, width), optional
            As for `to_torch`; Keras needs none.

        Returns
        -------
        str

        Raises
        ------
        ValueError
            If `framework` is neither, and where `to_torch` or `to_keras` raises it.

        Examples
        --------
        >>> layer = ConvLayer([[[[1, 2, 3]]]], stride=2, padding=(0, 1))
        >>> print(layer.code("torch"))
        import torch
        <BLANKLINE>
        layer = torch.nn.Conv2d(1, 1, kernel_size=(1, 3), stride=2, padding=(0, 1), bias=False)
        >>> print(layer.code("keras"))
        import keras
        <BLANKLINE>
        layer = keras.Sequential(
            [
                keras.layers.ZeroPadding2D(((0, 0), (1, 1))),
                keras.layers.Conv2D(1, kernel_size=(1, 3), strides=2, use_bias=False),
            ]
        )
        """
        if as_choice("framework", framework, ("torch", "keras")) == "torch":
            return torch_code(self, input_size)
        return keras_code(self)


def _as_floats(name: str, value: ArrayLike) -> np.ndarray:
    """A copy of `value` in floats that both frameworks have."""
    array = as_array(name, value)
    if array.dtype.name in ("float16", "float32", "float64"):
        return array.copy()
    if array.dtype.kind not in "iu":
        raise TypeError(
            f"{name} must hold float16, float32, float64, bfloat16 or integers, "
            f"but has dtype {array.dtype}."
        )
    floats = array.astype(np.float32)
    if not np.array_equal(floats, array):
        raise ValueError(
            f"{name} holds integers that float32 can't hold exactly, beyond {2**24}. "
            f"Pass {name}.astype(float)."
        )
    return floats


def _check_shapes(weight: np.ndarray, bias: np.ndarray | None, groups: int) -> None:
    if weight.ndim != 4 or 0 in weight.shape:
        raise ValueError(
            "weight must have shape (C_out, C_in / groups, kH, kW), with no axis of length 0, "
            f"but has shape {weight.shape}."
        )
    filters = len(weight)
    if filters % groups:
        raise ValueError(
            f"groups must divide the channels of the output, but is {groups}, with {filters} "
            f"channels out (weight {weight.shape})."
        )
    if bias is not None and bias.shape != (filters,):
        raise ValueError(
            f"bias must have shape ({filters},), one number for each filter of weight, "
            f"but has shape {bias.shape}."
        )
