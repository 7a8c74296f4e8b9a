"""Where a convolution looks: output sizes, padding per side, and what stands in the padding.

Integers only; no array of data ever comes in here. Height and width are separable, so one
`convviz.axis.Axis` describes each of them completely.

Source of the formulas: the shape section of ``torch.nn.Conv2d`` for the output size, and
TensorFlow's notes on ``padding="SAME"`` for the way the padding is split between the sides.
"""

from __future__ import annotations

from typing import overload

from convviz.arguments import (
    AXIS_NAMES,
    Padding,
    PaddingRule,
    Pair,
    Sides,
    as_padding,
    as_pair,
    given_per_axis,
)
from convviz.axis import Axis


def resolve_padding(
    padding: Padding,
    input_size: int | Pair,
    kernel_size: int | Pair,
    stride: int | Pair,
    dilation: int | Pair,
) -> Sides:
    """The number of cells added on each side: ((top, bottom), (left, right)).

    "same" is Keras's: it makes ``ceil(input / stride)`` outputs and, where the padding does
    not divide evenly, puts the odd cell at the bottom and right. Any stride is allowed.

    Parameters
    ----------
    padding : int, (height, width), ((top, bottom), (left, right)), "valid" or "same"
    input_size, kernel_size, stride, dilation : int or (height, width)

    Returns
    -------
    ((top, bottom), (left, right)) : tuple of tuples of int, in cells

    Raises
    ------
    TypeError, ValueError
        For an argument of the wrong form or range; the message names it.

    Examples
    --------
    >>> resolve_padding("same", 6, 3, 2, 1)
    ((0, 1), (0, 1))
    >>> resolve_padding((1, 2), (6, 9), 3, 1, 1)
    ((1, 1), (2, 2))
    """
    axes = make_axes(input_size, kernel_size, stride=stride, padding=padding, dilation=dilation)
    return axes[0].padding, axes[1].padding


@overload
def output_size(
    input_size: int,
    kernel_size: int,
    *,
    stride: int = 1,
    padding: int | PaddingRule = 0,
    dilation: int = 1,
) -> int: ...
@overload
def output_size(
    input_size: Pair,
    kernel_size: int | Pair,
    *,
    stride: int | Pair = 1,
    padding: Padding = 0,
    dilation: int | Pair = 1,
) -> Pair: ...
@overload
def output_size(
    input_size: int | Pair,
    kernel_size: Pair,
    *,
    stride: int | Pair = 1,
    padding: Padding = 0,
    dilation: int | Pair = 1,
) -> Pair: ...
@overload
def output_size(
    input_size: int | Pair,
    kernel_size: int | Pair,
    *,
    stride: int | Pair = 1,
    padding: Padding = 0,
    dilation: int | Pair = 1,
) -> int | Pair: ...
def output_size(
    input_size: int | Pair,
    kernel_size: int | Pair,
    *,
    stride: int | Pair = 1,
    padding: Padding = 0,
    dilation: int | Pair = 1,
) -> int | Pair:
    """How many cells a convolution puts out along each axis.

    Along one axis, with input W, padding P on both sides, kernel F, stride S and dilation D::

        O = floor((W + 2 P - (D (F - 1) + 1)) / S) + 1

    Parameters
    ----------
    input_size : int or (height, width)
        Cells of the input; at least 1.
    kernel_size, stride, dilation : int or (height, width)
        Each at least 1. ``dilation=1`` leaves no gap between the kernel's cells.
    padding : int, (height, width), ((top, bottom), (left, right)), "valid" or "same"
        "valid" adds nothing. "same" is Keras's, for any stride.

    Returns
    -------
    int or (height, width)
        An int if every argument was given for one axis, as an int (or "valid", "same");
        otherwise a pair.

    Raises
    ------
    TypeError
        If an argument is not made of integers.
    ValueError
        If one is out of range, or the kernel does not fit into the padded input.

    Examples
    --------
    >>> output_size(224, 11)
    214
    >>> output_size((224, 224), 4, stride=4)
    (56, 56)
    >>> output_size((5, 8), (3, 2), stride=2, padding=((0, 1), (0, 0)))
    (2, 4)
    >>> output_size(4, 7, padding=1)
    Traceback (most recent call last):
        ...
    ValueError: The kernel does not fit: it spans 7 cells, but the padded input has 6 \
(1 + 4 + 1). kernel_size up to 6 would fit. padding of 2 or more on each side would fit.
    """
    height, width = make_axes(
        input_size, kernel_size, stride=stride, padding=padding, dilation=dilation
    )
    per_axis = given_per_axis(input_size, kernel_size, stride, padding, dilation)
    for name, axis in zip(AXIS_NAMES, (height, width), strict=True):
        if not axis.fits:
            raise ValueError(axis.misfit(name if per_axis else None))
    return (height.output, width.output) if per_axis else width.output


def make_axes(
    input_size: int | Pair,
    kernel_size: int | Pair,
    *,
    stride: int | Pair = 1,
    padding: Padding = 0,
    dilation: int | Pair = 1,
) -> tuple[Axis, Axis]:
    """Check the arguments of `output_size`, and describe the height and the width by an `Axis`.

    The kernel may fail to fit; ask ``axis.fits``.

    Raises
    ------
    TypeError, ValueError
        For an argument of the wrong form or range.

    Examples
    --------
    >>> height, width = make_axes((4, 6), 3, stride=2, padding="same")
    >>> height.output, width.output, width.padding
    (2, 3, (0, 1))
    """
    inputs = as_pair("input_size", input_size, 1)
    kernels = as_pair("kernel_size", kernel_size, 1)
    strides = as_pair("stride", stride, 1)
    dilations = as_pair("dilation", dilation, 1)
    sides = as_padding(padding)
    height, width = (
        Axis(
            input=inputs[k],
            kernel=kernels[k],
            stride=strides[k],
            dilation=dilations[k],
            padding=_sides_of(sides, k, inputs[k], kernels[k], strides[k], dilations[k]),
        )
        for k in (0, 1)
    )
    return height, width


def source_index(k: int, size: int, padding_mode: str) -> int:
    """The input index whose value stands at index `k`, or -1 where a zero stands.

    Examples
    --------
    >>> [source_index(-2, 5, mode) for mode in ("zeros", "reflect", "replicate", "circular")]
    [-1, 2, 0, 3]
    """
    if 0 <= k < size:
        return k
    if padding_mode == "replicate":
        return 0 if k < 0 else size - 1
    if padding_mode == "reflect":
        return -k if k < 0 else 2 * (size - 1) - k
    if padding_mode == "circular":
        return k % size
    return -1


def _sides_of(
    padding: Sides | PaddingRule, k: int, size: int, kernel: int, stride: int, dilation: int
) -> Pair:
    if padding == "valid":
        return 0, 0
    if padding == "same":
        outputs = -(-size // stride)
        total = max((outputs - 1) * stride + dilation * (kernel - 1) + 1 - size, 0)
        return total // 2, total - total // 2
    return padding[k]
