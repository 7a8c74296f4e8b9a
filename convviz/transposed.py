"""The transposed convolution in NumPy, with the names and shapes of ``torch.nn.functional``.

It is a convolution with input and output exchanged; `convviz.transposed_axes` says which one, and
so which cells each input cell writes into.
"""

from __future__ import annotations

import math
from typing import overload

import numpy as np
from numpy.typing import ArrayLike

from convviz.arguments import Padding, PaddingRule, Pair, as_int, given_per_axis
from convviz.arrays import MAX_CELLS, as_numbers, bound_sums, check_image_shape, quietly
from convviz.axis import Axis
from convviz.transposed_axes import make_transposed_axes


def conv_transpose2d(
    input: ArrayLike,
    weight: ArrayLike,
    bias: ArrayLike | None = None,
    *,
    stride: int | Pair = 1,
    padding: Padding = 0,
    output_padding: int | Pair = 0,
    groups: int = 1,
    dilation: int | Pair = 1,
) -> np.ndarray:
    """What a transposed convolution layer puts out.

    Every input cell adds the kernel, times its value, into the output::

        full[n, c_out, i * stride + u * dilation, j * stride + v * dilation]
            += weight[c_in, c_out, u, v] * input[n, c_in, i, j]

    for all i, j, u, v, c_in, with c_out running over the channels of c_in's group. The output is
    `full` without `padding` cells on each side, plus the bias.

    Parameters
    ----------
    input : (N, C_in, H, W) or (C_in, H, W) array_like
    weight : (C_in, C_out / groups, kH, kW) array_like
        As in ``torch.nn.ConvTranspose2d``; Keras has (kH, kW, C_out, C_in).
    bias : (C_out,) array_like, optional
    stride, dilation : int or (height, width)
        Each at least 1. The stride is the step in the output.
    padding : int, (height, width), ((top, bottom), (left, right)), "valid" or "same"
        Cells cut off on each side: the padding of the convolution that this one turns round.
        "valid" and "same" are Keras's; see `transposed_output_size`.
    output_padding : int or (height, width)
        Cells that the output has more of at the bottom and right; less than stride or dilation.
    groups : int
        Divides both C_in and C_out.

    Returns
    -------
    (N, C_out, H_out, W_out) or (C_out, H_out, W_out) ndarray
        Its dtype is int64, and exact, if all arrays hold integers; otherwise it is
        ``np.result_type`` of the arrays. float16 is computed in float32, and rounded once.

    Raises
    ------
    TypeError
        If an array holds anything but integers or floats, or a setting is not made of integers.
    ValueError
        If shapes or settings do not fit each other, if the sums of integers could leave int64's
        range, or if the output would have more than `convviz.ops.MAX_CELLS` cells.

    See Also
    --------
    transposed_output_size : the formula for H_out and W_out.

    Notes
    -----
    The rules are those of ``torch.nn.ConvTranspose2d`` [1]_, and "valid" and "same" those of
    ``keras.layers.Conv2DTranspose`` [2]_.

    References
    ----------
    .. [1] https://docs.pytorch.org/docs/stable/generated/torch.nn.ConvTranspose2d.html
    .. [2] https://keras.io/api/layers/convolution_layers/convolution2d_transpose/

    Examples
    --------
    Two cells, a kernel of three, stride 2: in the middle, both write into one cell.

    >>> conv_transpose2d([[[10, 100]]], [[[[1, 2, 3]]]], stride=2)
    array([[[ 10,  20, 130, 200, 300]]])
    >>> conv_transpose2d([[[10, 100]]], [[[[1, 2, 3]]]], stride=2, padding=(0, 1))
    array([[[ 20, 130, 200]]])
    """
    x, w = as_numbers("input", input), as_numbers("weight", weight)
    b = None if bias is None else as_numbers("bias", bias)
    groups = as_int("groups", groups, 1)
    _check_shapes(x.shape, w.shape, None if b is None else b.shape, groups)
    size = x.shape[-2:]
    height, width = make_transposed_axes(
        size,
        w.shape[2:],
        stride=stride,
        padding=padding,
        output_padding=output_padding,
        dilation=dilation,
    )
    (*batch, channels), filters = x.shape[:-2], groups * w.shape[1]
    canvas = _canvas(height, size[0]), _canvas(width, size[1])
    shape = (*batch, filters, *canvas)
    if math.prod(shape) > MAX_CELLS:
        raise ValueError(
            f"The output would have {math.prod(shape)} cells before its sides are cut off, but at "
            f"most {MAX_CELLS} are allowed: input has shape {x.shape}, weight {w.shape}."
        )
    dtype = _find_dtype(x, w, b, terms=channels // groups * math.prod(w.shape[2:]))
    working = np.dtype(np.float32) if dtype == np.float16 else dtype
    values = x.astype(working).reshape(*batch, groups, channels // groups, math.prod(size))
    # As (group, filter, channel, u, v).
    kernel = w.astype(working).reshape(groups, channels // groups, -1, *w.shape[2:]).swapaxes(1, 2)

    full = np.zeros(shape, working)
    with quietly():
        for u, v in np.ndindex(w.shape[2:]):
            added = (kernel[..., u, v] @ values).reshape(*batch, filters, *size)
            full[..., _steps(height, u, size[0]), _steps(width, v, size[1])] += added
        top, left = height.padding[0], width.padding[0]
        output = full[..., top : top + height.input, left : left + width.input]
        if b is not None:
            output += b.astype(working).reshape(-1, 1, 1)
        return output.astype(dtype)


@overload
def transposed_output_size(
    input_size: int,
    kernel_size: int,
    *,
    stride: int = 1,
    padding: int | PaddingRule = 0,
    output_padding: int = 0,
    dilation: int = 1,
) -> int: ...
@overload
def transposed_output_size(
    input_size: Pair,
    kernel_size: int | Pair,
    *,
    stride: int | Pair = 1,
    padding: Padding = 0,
    output_padding: int | Pair = 0,
    dilation: int | Pair = 1,
) -> Pair: ...
@overload
def transposed_output_size(
    input_size: int | Pair,
    kernel_size: Pair,
    *,
    stride: int | Pair = 1,
    padding: Padding = 0,
    output_padding: int | Pair = 0,
    dilation: int | Pair = 1,
) -> Pair: ...
@overload
def transposed_output_size(
    input_size: int | Pair,
    kernel_size: int | Pair,
    *,
    stride: int | Pair = 1,
    padding: Padding = 0,
    output_padding: int | Pair = 0,
    dilation: int | Pair = 1,
) -> int | Pair: ...
def transposed_output_size(
    input_size: int | Pair,
    kernel_size: int | Pair,
    *,
    stride: int | Pair = 1,
    padding: Padding = 0,
    output_padding: int | Pair = 0,
    dilation: int | Pair = 1,
) -> int | Pair:
    """How many cells a transposed convolution puts out along each axis.

    Along one axis, with input W, padding P on both sides, kernel F, stride S, dilation D and
    output padding A::

        O = (W - 1) S - 2 P + (D (F - 1) + 1) + A

    A convolution of O cells with the same settings has W outputs. So has one with up to S - 1
    cells more, since it rounds down: the output padding says which of these is meant.

    Parameters
    ----------
    input_size : int or (height, width)
        Cells of the input; at least 1.
    kernel_size, stride, dilation : int or (height, width)
        Each at least 1.
    padding : int, (height, width), ((top, bottom), (left, right)), "valid" or "same"
        Cells cut off on each side. "same" makes ``W S`` cells and "valid" at least that many, as
        in Keras; both fill up at the end where the kernel spans less than a stride.
    output_padding : int or (height, width)
        Less than stride or dilation; 0 with "valid" and "same", which decide it.

    Returns
    -------
    int or (height, width)
        An int if every argument was given for one axis; otherwise a pair.

    Raises
    ------
    TypeError
        If an argument is not made of integers.
    ValueError
        If one is out of range, or nothing would be left of the output.

    Examples
    --------
    >>> transposed_output_size(4, 3, stride=2, padding=1)
    7
    >>> transposed_output_size(4, 3, stride=2, padding=1, output_padding=1)
    8
    >>> transposed_output_size((4, 5), 3, stride=2, padding="same")
    (8, 10)
    """
    height, width = make_transposed_axes(
        input_size,
        kernel_size,
        stride=stride,
        padding=padding,
        output_padding=output_padding,
        dilation=dilation,
    )
    arguments = input_size, kernel_size, stride, padding, output_padding, dilation
    return (height.input, width.input) if given_per_axis(*arguments) else width.input


def _canvas(axis: Axis, size: int) -> int:
    """Cells along an axis before its sides are cut off."""
    return max((size - 1) * axis.stride + axis.span, axis.padding[0] + axis.input)


def _steps(axis: Axis, u: int, size: int) -> slice:
    """The cells before cutting into which kernel cell u writes, one for each input cell."""
    first = u * axis.dilation
    return slice(first, first + (size - 1) * axis.stride + 1, axis.stride)


def _check_shapes(
    x_shape: tuple[int, ...],
    w_shape: tuple[int, ...],
    b_shape: tuple[int, ...] | None,
    groups: int,
) -> None:
    check_image_shape(x_shape)
    if len(w_shape) != 4:
        raise ValueError(
            f"weight must have shape (C_in, C_out / groups, kH, kW), but has shape {w_shape}."
        )
    if 0 in w_shape:
        raise ValueError(f"weight must have no axis of length 0, but has shape {w_shape}.")
    channels = x_shape[-3]
    if w_shape[0] != channels:
        raise ValueError(
            f"weight must have a kernel for each of the {channels} input channels, but has "
            f"{w_shape[0]}: input has shape {x_shape}, weight {w_shape}."
        )
    if channels % groups:
        raise ValueError(
            f"groups must divide the input channels, but is {groups}, with {channels} of them "
            f"(input {x_shape})."
        )
    filters = groups * w_shape[1]
    if b_shape not in (None, (filters,)):
        raise ValueError(
            f"bias must have shape ({filters},), one number for each output channel, "
            f"but has shape {b_shape}."
        )


def _find_dtype(x: np.ndarray, w: np.ndarray, b: np.ndarray | None, terms: int) -> np.dtype:
    """Of the result; integers are refused if a sum of so many products could overflow."""
    given = [array for array in (x, w, b) if array is not None]
    if any(array.dtype.kind == "f" for array in given):
        return np.result_type(*given)
    bound_sums(x, w, b, terms)
    return np.dtype(np.int64)
