"""What each kind of PyTorch's modules and functions does: its products, and what its output sees.

Kinds go by their names, ``Conv2d`` or ``relu``. Of one that is in no list here nothing is known,
and nothing is guessed.
"""

from __future__ import annotations

from typing import Any

import torch

from convviz.arguments import Padding, Pair
from convviz.fields import Window
from convviz.summary.seen import Seen, merge, words

_POOLINGS = words("MaxPool2d AvgPool2d max_pool2d avg_pool2d")
_ADAPTIVE_POOLINGS = words(
    "AdaptiveAvgPool2d AdaptiveMaxPool2d adaptive_avg_pool2d adaptive_max_pool2d"
)
_PADS = words("ZeroPad2d ConstantPad2d")
_RESHAPES = words("Flatten flatten view reshape squeeze")
_AVERAGES = words("mean amax")
_CONCATENATIONS = words("cat concat concatenate")
_SOFTMAXES = words("Softmax LogSoftmax softmax log_softmax")
# Modules that work on each number by itself, or on each place by itself; batch normalisation does
# so in eval mode.
_CELLWISE = words(
    "Identity Dropout Dropout1d Dropout2d Dropout3d AlphaDropout FeatureAlphaDropout BatchNorm1d "
    "BatchNorm2d SyncBatchNorm CELU ELU GELU Hardshrink Hardsigmoid Hardswish Hardtanh LeakyReLU "
    "LogSigmoid Mish PReLU ReLU ReLU6 RReLU SELU Sigmoid SiLU Softmax2d Softplus Softshrink "
    "Softsign Tanh Tanhshrink Threshold"
)
# Functions of that kind, of one tensor or more.
_CELLWISE_FUNCTIONS = words(
    "add sub rsub mul div true_divide __rsub__ __rdiv__ __rtruediv__ neg abs square sqrt exp log "
    "pow maximum minimum clamp relu relu6 sigmoid hardsigmoid tanh hardtanh gelu silu mish elu "
    "selu leaky_relu hardswish softplus dropout dropout2d"
)
#: No weight meets a number in these, but there is no one field for all outputs either.
MIXING = words(
    "CircularPad2d ReflectionPad2d ReplicationPad2d GroupNorm LayerNorm InstanceNorm2d "
    "LocalResponseNorm Unflatten Upsample UpsamplingNearest2d UpsamplingBilinear2d PixelShuffle "
    "PixelUnshuffle ChannelShuffle LPPool2d amin sum pad interpolate permute transpose movedim "
    "chunk split unbind stack __get__ __getitem__ unsqueeze expand expand_as repeat normalize "
    "pixel_shuffle"
)


def effect_of_module(
    module: Any, input: torch.Tensor, output: torch.Tensor, seen: Seen | None
) -> tuple[int | None, Seen | None]:
    """Multiply-accumulates, and what the output sees; None for what is not known."""
    kind = type(module).__name__
    if kind == "Conv2d":
        settings = module.kernel_size, module.stride, module.padding, module.dilation
        return _cells(output) * _cells(module.weight), _slide(seen, output, *settings)
    if kind == "ConvTranspose2d":
        return _cells(input) * _cells(module.weight), None
    if kind == "Linear":
        # Of a map it would mix the last axis, which is the width.
        gathered = seen.gathered() if seen and input.ndim == 2 else None
        return _cells(output) * module.in_features, gathered
    if kind in _CELLWISE:
        # Without running statistics, batch normalisation depends on the whole map.
        return 0, seen if getattr(module, "track_running_stats", True) else None
    if kind in _POOLINGS:
        dilation = getattr(module, "dilation", 1)
        settings = module.kernel_size, module.stride, module.padding, dilation
        return 0, _slide(seen, output, *settings)
    if kind in _ADAPTIVE_POOLINGS:
        return 0, seen and seen.pooled_to(places_of(output))
    if kind in _PADS:
        return 0, _pad(seen, output, module.padding)
    if kind in _RESHAPES:
        return 0, _flatten(seen, input, output)
    if kind in _SOFTMAXES:
        return 0, _softmax(seen, output, module.dim)
    return (0, _mixed(seen, output)) if kind in MIXING else (None, None)


def effect_of_function(
    name: str,
    args: tuple[Any, ...],
    kwargs: dict[str, Any],
    inputs: list[torch.Tensor],
    output: torch.Tensor,
    seen: list[Seen | None],
) -> tuple[int | None, Seen | None]:
    """As `effect_of_module`, of a function between modules."""
    first, axis = seen[0], kwargs.get("dim", args[1] if len(args) > 1 else None)
    if name in _CELLWISE_FUNCTIONS:
        merged = merge(seen)
        # Something that is not from the image may have stretched what is.
        return 0, merged if output.shape[1:] == inputs[0].shape[1:] else None
    if name in _CONCATENATIONS:
        return 0, merge(seen) if output.ndim == 4 and axis in (1, -3) else None
    if name in _POOLINGS:
        names = ["input", "kernel_size", "stride", "padding"]
        names += ["dilation"] if name == "max_pool2d" else []
        settings = dict(zip(names, args, strict=False)) | kwargs
        kernel = settings["kernel_size"]
        stride = settings.get("stride") or kernel
        padding, dilation = settings.get("padding", 0), settings.get("dilation", 1)
        return 0, _slide(first, output, kernel, stride, padding, dilation)
    if name in _ADAPTIVE_POOLINGS:
        return 0, first and first.pooled_to(places_of(output))
    if name in _RESHAPES:
        return 0, _flatten(first, inputs[0], output)
    if name in _SOFTMAXES:
        return 0, _softmax(first, output, axis)
    if name in _AVERAGES:
        over_map = inputs[0].ndim == 4 and axis in ((2, 3), [2, 3], (-2, -1), [-2, -1])
        return 0, first.gathered() if first and over_map else _mixed(first, output)
    return (0, _mixed(merge(seen), output)) if name in MIXING else (None, None)


def _slide(
    seen: Seen | None,
    output: torch.Tensor,
    kernel_size: int | Pair,
    stride: int | Pair,
    padding: Padding,
    dilation: int | Pair,
) -> Seen | None:
    window = Window(kernel_size, stride, padding, dilation)
    return seen and seen.through(window, places_of(output))


def _pad(
    seen: Seen | None, output: torch.Tensor, padding: tuple[int, int, int, int]
) -> Seen | None:
    left, right, top, bottom = padding
    if min(padding) < 0:
        return None
    return _slide(seen, output, 1, 1, ((top, bottom), (left, right)), 1)


def _flatten(seen: Seen | None, input: torch.Tensor, output: torch.Tensor) -> Seen | None:
    return seen if output.ndim == 2 and _cells(output) == _cells(input) else None


def _softmax(seen: Seen | None, output: torch.Tensor, axis: int | None) -> Seen | None:
    over_channels = output.ndim == 4 and axis in (1, -3)
    return seen if over_channels else _mixed(seen, output)


def _mixed(seen: Seen | None, output: torch.Tensor) -> Seen | None:
    """Behind something that mixes numbers; with one place only, all see the same anyway."""
    return seen if seen and seen.places == (1, 1) and output.ndim == 2 else None


def places_of(tensor: torch.Tensor) -> Pair:
    """Height and width of a map."""
    return tensor.shape[-2], tensor.shape[-1]


def _cells(tensor: torch.Tensor) -> int:
    """Numbers in one image of a batch, or weights of one filter."""
    return tensor.shape[1:].numel()
