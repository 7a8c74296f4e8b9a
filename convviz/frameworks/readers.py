"""A layer of a framework, read into a `ConvLayer`.

No framework is imported: whoever has a layer of one has imported it already.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import numpy as np

from convviz.arguments import as_padding, as_pair
from convviz.frameworks.constructors import NO_PADDING, TORCH_ACTIVATIONS, TORCH_PADS
from convviz.frameworks.layer import ACTIVATIONS, ConvLayer

if TYPE_CHECKING:
    import keras
    import torch

_READ = {
    "from_torch": "a torch.nn.Conv2d",
    "from_keras": "a keras.layers.Conv2D or DepthwiseConv2D",
}

_ONE_OF_MODEL = "Pass one convolution layer of it, by itself."
_OTHER_AXES = "A ConvLayer has two axes, height and width."
_TRANSPOSED = "A transposed convolution spreads each input cell out instead of gathering several."
_POOLING = "Pooling has no weights, and does not mix channels."
_FULL = "A convolution whose kernel is as large as its input does the same."

_HINTS = {
    "Conv1d": _OTHER_AXES,
    "Conv1D": _OTHER_AXES,
    "Conv3d": _OTHER_AXES,
    "Conv3D": _OTHER_AXES,
    "ConvTranspose2d": _TRANSPOSED,
    "Conv2DTranspose": _TRANSPOSED,
    "SeparableConv2D": "It is two convolutions, one after the other: read them one by one, from a "
    "DepthwiseConv2D with its depthwise_kernel and no bias, and a 1 x 1 Conv2D with its "
    "pointwise_kernel and bias.",
    "Linear": _FULL,
    "Dense": _FULL,
    "MaxPool2d": _POOLING,
    "AvgPool2d": _POOLING,
    "MaxPooling2D": _POOLING,
    "AveragePooling2D": _POOLING,
    "Sequential": _ONE_OF_MODEL,
    "Functional": _ONE_OF_MODEL,
}


def from_torch(layer: torch.nn.Module) -> ConvLayer:
    """A `torch.nn.Conv2d` as it is, with a copy of its weights.

    Parameters
    ----------
    layer : torch.nn.Conv2d, or torch.nn.Sequential
        On any device. A Sequential only of the kind that ``to_torch`` makes: a Conv2d, after
        ZeroPad2d, ReflectionPad2d, ReplicationPad2d or CircularPad2d, before ReLU, Sigmoid or
        Tanh, or both. A subclass only if it computes as Conv2d does (weight_norm, say).

    Returns
    -------
    ConvLayer
        In float16, float32 or float64, as the layer; bfloat16 becomes float32, which holds all of
        its numbers.

    Raises
    ------
    TypeError
        For any other layer; the message names it.
    ValueError
        If it has no weights yet, or if it pads twice.

    Examples
    --------
    >>> import torch
    >>> layer = from_torch(torch.nn.Conv2d(2, 4, (3, 5), stride=2, padding=(1, 2), groups=2))
    >>> layer  # doctest: +NORMALIZE_WHITESPACE
    ConvLayer(in_channels=2, out_channels=4, kernel_size=(3, 5), stride=(2, 2),
              padding=((1, 1), (2, 2)), groups=2)
    >>> print(layer.code("keras"))
    import keras
    <BLANKLINE>
    layer = keras.Sequential(
        [
            keras.layers.ZeroPadding2D(((1, 1), (2, 2))),
            keras.layers.DepthwiseConv2D(kernel_size=(3, 5), depth_multiplier=2, strides=2),
        ]
    )
    >>> from_torch(torch.nn.Linear(3, 4))  # doctest: +NORMALIZE_WHITESPACE
    Traceback (most recent call last):
        ...
    TypeError: from_torch takes a torch.nn.Conv2d, but this is torch's Linear. A convolution whose
    kernel is as large as its input does the same.
    """
    if sys.modules.get("torch") is None:
        raise TypeError(_not_wanted("from_torch", layer))
    from torch import nn  # which is there already

    modes = {getattr(nn, name): mode for mode, name in TORCH_PADS.items()}
    activations = {getattr(nn, name): activation for activation, name in TORCH_ACTIVATIONS.items()}
    steps: list[Any] = list(layer) if type(layer) is nn.Sequential else [layer]
    pad = steps.pop(0) if len(steps) > 1 and type(steps[0]) in modes else None
    activation = steps.pop() if len(steps) > 1 and type(steps[-1]) in activations else None
    conv = steps[0] if len(steps) == 1 else layer
    if not isinstance(conv, nn.Conv2d):
        raise TypeError(_not_wanted("from_torch", conv))
    _check_computes_as(nn.Conv2d, conv, "forward", "_conv_forward")
    if nn.parameter.is_lazy(conv.weight) or conv.weight.is_meta:
        raise ValueError(
            f"{type(conv).__name__} has no weights yet. If it is lazy, call it on an image first; "
            "if it is on the meta device, load its weights."
        )
    padding, padding_mode = as_padding(conv.padding), conv.padding_mode
    if pad is not None:
        if padding not in (NO_PADDING, "valid"):
            raise ValueError(_pads_twice(pad, conv, conv.padding))
        left, right, top, bottom = pad.padding
        padding, padding_mode = ((top, bottom), (left, right)), modes[type(pad)]

    return ConvLayer(
        conv.weight,
        conv.bias,
        stride=as_pair("stride", conv.stride, 1),
        padding=padding,
        dilation=as_pair("dilation", conv.dilation, 1),
        groups=conv.groups,
        padding_mode=padding_mode,
        activation=activations.get(type(activation)),
    )


def from_keras(layer: keras.Layer) -> ConvLayer:
    """A `keras.layers.Conv2D` or `DepthwiseConv2D` as it is, with a copy of its weights.

    Parameters
    ----------
    layer : keras.layers.Conv2D, keras.layers.DepthwiseConv2D, or keras.Sequential
        Built. Its data_format may be either; a `ConvLayer` is called with channels first. A
        Sequential only of the kind that ``to_keras`` makes: ZeroPadding2D and one of the two. A
        subclass only if it computes as they do.

    Returns
    -------
    ConvLayer
        A DepthwiseConv2D has ``groups`` of one channel. What matters in training only is not
        taken over: initializers, regularizers, constraints.

    Raises
    ------
    TypeError
        For any other layer; the message names it.
    ValueError
        If it has no weights yet, pads twice, or has an activation other than "linear", "relu",
        "sigmoid" and "tanh".

    Notes
    -----
    The numbers are those of the dtype that the weights have. A layer under the policy
    "mixed_float16" rounds more: it keeps float32 weights, and computes in float16.

    Examples
    --------
    >>> import keras
    >>> layer = keras.layers.Conv2D(8, 3, strides=2, padding="same", activation="relu")
    >>> layer.build((None, 28, 28, 1))
    >>> print(from_keras(layer).code("torch", input_size=(28, 28)))
    import torch
    <BLANKLINE>
    layer = torch.nn.Sequential(
        torch.nn.ZeroPad2d((0, 1, 0, 1)),
        torch.nn.Conv2d(1, 8, kernel_size=3, stride=2),
        torch.nn.ReLU(),
    )
    """
    keras = sys.modules.get("keras")
    if keras is None:
        raise TypeError(_not_wanted("from_keras", layer))
    known = keras.layers
    steps = list(layer.layers) if type(layer) is keras.Sequential else [layer]
    pad = steps.pop(0) if len(steps) > 1 and type(steps[0]) is known.ZeroPadding2D else None
    conv = steps[0] if len(steps) == 1 else layer
    kind = next((k for k in (known.Conv2D, known.DepthwiseConv2D) if isinstance(conv, k)), None)
    if kind is None:
        raise TypeError(_not_wanted("from_keras", conv))
    _check_computes_as(kind, conv, "call", "convolution_op")
    if not conv.built:
        raise ValueError(
            f"{kind.__name__} {conv.name!r} has no weights yet: it gets them with its first image, "
            "or from layer.build((None, height, width, channels))."
        )
    known_as = (n for n in ACTIVATIONS if conv.activation is getattr(keras.activations, n))
    activation = next(known_as, None)
    if activation is None and conv.activation is not keras.activations.linear:
        names = ("linear", *ACTIVATIONS)
        name = getattr(conv.activation, "__name__", type(conv.activation).__name__)
        raise ValueError(
            f"activation must be one of {names}, but is {name!r}. Make the layer with "
            "activation=None, and the activation a layer of its own."
        )
    padding = conv.padding
    if pad is not None:
        if padding != "valid":
            raise ValueError(_pads_twice(pad, conv, padding))
        if pad.data_format != conv.data_format:
            raise ValueError(
                f"data_format must be the same, but is {pad.data_format!r} in the "
                f"{type(pad).__name__} and {conv.data_format!r} in the {type(conv).__name__}."
            )
        padding = pad.padding

    weight, groups = np.asarray(conv.kernel), 1
    if kind is known.DepthwiseConv2D:
        kh, kw, groups, multiplier = weight.shape
        weight = weight.transpose(2, 3, 0, 1).reshape(groups * multiplier, 1, kh, kw)
    else:
        weight, groups = weight.transpose(3, 2, 0, 1), conv.groups
    return ConvLayer(
        weight,
        np.asarray(conv.bias) if conv.use_bias else None,
        stride=conv.strides,
        padding=padding,
        dilation=conv.dilation_rate,
        groups=groups,
        activation=activation,
    )


def _not_wanted(reader: str, layer: object) -> str:
    """Why `layer` is not what the function `reader` reads."""
    name, framework = type(layer).__name__, type(layer).__module__.partition(".")[0]
    of = "" if framework == "builtins" else f"{framework}'s "
    sentences = [f"{reader} takes {_READ[reader]}, but this is {of}{name}."]
    if f"from_{framework}" in _READ and reader != f"from_{framework}":
        sentences.append(f"from_{framework} reads {framework}'s layers.")
    elif name in _HINTS:
        sentences.append(_HINTS[name])
    return " ".join(sentences)


def _check_computes_as(known: type, layer: object, *methods: str) -> None:
    for name in methods:
        if getattr(type(layer), name, None) is not getattr(known, name, None):
            raise TypeError(
                f"{type(layer).__name__} is a {known.__name__} that computes in a way of its own: "
                f"it has another {name}. Copy its weights into a plain {known.__name__} to look at "
                "the convolution alone."
            )


def _pads_twice(pad: object, conv: object, padding: object) -> str:
    return (
        f"{type(pad).__name__} before a {type(conv).__name__} must be the only padding, "
        f"but the {type(conv).__name__} has padding {padding!r}."
    )
