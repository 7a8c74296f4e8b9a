"""The convolution layer in NumPy, with the names and shapes of ``torch.nn.functional``.

`conv2d` decides in `_plan`, once for all inputs of the same shape, whether its arguments fit each
other and which layout of the input to multiply with; the layouts are in `convviz.layouts`.
"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Literal, NamedTuple, TypedDict

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
from convviz.arrays import (
    MAX_CELLS,
    as_array,
    as_numbers,
    bound_sums,
    check_layer_shapes,
    quietly,
)
from convviz.catalogue import text
from convviz.geometry import output_size, resolve_padding
from convviz.layouts import Case, Run, choose_layout

PaddingMode = Literal["zeros", "reflect", "replicate", "circular"]

PADDING_MODES: tuple[PaddingMode, ...] = ("zeros", "reflect", "replicate", "circular")

#: What ``numpy.pad`` calls them.
_IN_NUMPY: dict[PaddingMode, Literal["reflect", "edge", "wrap"]] = {
    "reflect": "reflect",
    "replicate": "edge",
    "circular": "wrap",
}


def conv2d(
    input: ArrayLike,
    weight: ArrayLike,
    bias: ArrayLike | None = None,
    *,
    stride: int | Pair = 1,
    padding: Padding = 0,
    dilation: int | Pair = 1,
    groups: int = 1,
    padding_mode: PaddingMode = "zeros",
) -> np.ndarray:
    """What a convolution layer puts out.

    The kernel is not flipped (it is a cross-correlation, as in every deep-learning framework)::

        output[n, c_out, i, j] = bias[c_out] + sum over c_in, u, v of
            weight[c_out, c_in, u, v]
            * padded[n, c_in, i * stride + u * dilation, j * stride + v * dilation]

    with c_in running over the channels of c_out's group.

    Parameters
    ----------
    input : (N, C_in, H, W) or (C_in, H, W) array_like
    weight : (C_out, C_in / groups, kH, kW) array_like
        As in ``torch.nn.Conv2d``; Keras has (kH, kW, C_in / groups, C_out).
    bias : (C_out,) array_like, optional
    stride, dilation : int or (height, width)
        Each at least 1. ``dilation=1`` leaves no gap between the kernel's cells.
    padding : int, (height, width), ((top, bottom), (left, right)), "valid" or "same"
        "same" is Keras's, for any stride: the odd cell goes to the bottom and right.
    groups : int
        Divides both C_in and C_out; each group of outputs reads its own group of inputs.
    padding_mode : "zeros", "reflect", "replicate" or "circular"
        What stands in the padding, as in ``torch.nn.Conv2d``.

    Returns
    -------
    (N, C_out, H_out, W_out) or (C_out, H_out, W_out) ndarray
        Its dtype is int64 if all arrays hold integers, of whatever width, and is otherwise
        ``np.result_type`` of the arrays (so int32 with float32 gives float64). Integers are exact;
        float16 is computed in float32, and rounded once at the end.

    Raises
    ------
    TypeError
        If an array holds anything but integers or floats, or a setting is not made of integers.
    ValueError
        If shapes or settings do not fit each other, if the sums of integers could leave int64's
        range, or if the padded input or the output would have more than `MAX_CELLS` cells.

    See Also
    --------
    convviz.geometry.output_size : the formula for H_out and W_out.

    Notes
    -----
    NaN and infinity reach those outputs that read them, and no others. The formula is that of
    [1]_, and "same" that of [2]_.

    A large layer is shared out to as many threads as NumPy's OpenBLAS has: what
    ``OPENBLAS_NUM_THREADS`` or ``OMP_NUM_THREADS`` says when it is first needed, or one for each
    core. The result is the same to the last bit.

    References
    ----------
    .. [1] PyTorch, ``torch.nn.Conv2d``,
       https://docs.pytorch.org/docs/stable/generated/torch.nn.Conv2d.html
    .. [2] TensorFlow, "Notes on padding",
       https://www.tensorflow.org/api_docs/python/tf/nn#notes_on_padding_2

    Examples
    --------
    Two channels of 4 x 4 through two filters of 3 x 3:

    >>> input = [
    ...     [[1, 2, 3, 0], [2, 0, 1, 2], [0, 1, 2, 0], [0, 0, 3, 1]],
    ...     [[0, 2, 1, 3], [1, 1, 0, 1], [2, 2, 3, 2], [3, 1, 0, 0]],
    ... ]
    >>> weight = [
    ...     [[[0, 1, 0], [2, 0, 3], [0, 4, 0]], [[0, 0, 0], [0, 1, 0], [0, 0, 0]]],
    ...     [[[2, 0, 1], [0, 1, 0], [1, 0, 3]], [[1, 0, 0], [0, 2, 3], [2, 0, 0]]],
    ... ]
    >>> conv2d(input, weight, bias=[1, -1])
    array([[[15, 18],
            [ 9, 19]],
    <BLANKLINE>
           [[16, 14],
            [34, 21]]])
    >>> conv2d(input, weight, stride=2, padding="same").shape
    (2, 2, 2)
    """
    x, w = as_array("input", input), as_array("weight", weight)
    b = None if bias is None else as_array("bias", bias)
    # Plain ints and texts go into the plan's cache as they are; anything else has to become plain
    # first, since a cache can't tell True from 1.
    if type(stride) is not int:
        stride = as_pair("stride", stride, 1)
    if type(padding) is not int and type(padding) is not str:
        padding = as_padding(padding)
    if type(dilation) is not int:
        dilation = as_pair("dilation", dilation, 1)
    if type(groups) is not int:
        groups = as_int("groups", groups, 1)
    if type(padding_mode) is not str:
        padding_mode = as_choice("padding_mode", padding_mode, PADDING_MODES)
    of_bias = (None, None) if b is None else (b.shape, b.dtype)
    arrays = x.shape, x.dtype, w.shape, w.dtype, *of_bias
    dtype, working, sources, run = _plan(arrays, stride, padding, dilation, groups, padding_mode)

    if working is None:
        working = _exact_dtype(x, w, b)
    if x.dtype is not working:
        x = x.astype(working)
    if w.dtype is not working:
        w = w.astype(working)
    if sources is not None:
        x = x.take(sources[0], axis=-2).take(sources[1], axis=-1)
    with quietly():
        output = run(x, w)
        if b is not None:
            output += b.astype(working).reshape(-1, 1, 1)
        return output if working is dtype else output.astype(dtype)


class LayerSettings(TypedDict, total=False):
    """The settings of `conv2d` by name, as a caller has them; each may be left out."""

    stride: int | Pair
    padding: Padding
    dilation: int | Pair
    groups: int
    padding_mode: PaddingMode


class Settings(NamedTuple):
    """The settings of a layer, checked and each in one form."""

    stride: Pair = (1, 1)
    padding: Sides | PaddingRule = ((0, 0), (0, 0))
    dilation: Pair = (1, 1)
    groups: int = 1
    padding_mode: PaddingMode = "zeros"


def as_settings(
    stride: object = 1,
    padding: object = 0,
    dilation: object = 1,
    groups: object = 1,
    padding_mode: object = "zeros",
) -> Settings:
    """The settings of `conv2d`, checked.

    Raises
    ------
    TypeError, ValueError
        For one of the wrong form or range; the message names it.

    Examples
    --------
    >>> as_settings(stride=2, padding="same")  # doctest: +NORMALIZE_WHITESPACE
    Settings(stride=(2, 2), padding='same', dilation=(1, 1), groups=1, padding_mode='zeros')
    """
    return Settings(
        as_pair("stride", stride, 1),
        as_padding(padding),
        as_pair("dilation", dilation, 1),
        as_int("groups", groups, 1),
        as_choice("padding_mode", padding_mode, PADDING_MODES),
    )


class _Plan(NamedTuple):
    """All that follows from shapes, types and settings, without a look at the numbers."""

    dtype: np.dtype  # of the result
    working: np.dtype | None  # of the arithmetic; None if the numbers, being integers, decide it
    sources: tuple[np.ndarray, np.ndarray] | None  # the input's row, column at each padded one
    run: Run


_Shape = tuple[int, ...]

#: Shape and dtype of input, weight and bias.
_Arrays = tuple[_Shape, np.dtype, _Shape, np.dtype, _Shape | None, np.dtype | None]


@lru_cache(maxsize=256)
def _plan(
    arrays: _Arrays,
    stride: int | Pair,
    padding: Padding,
    dilation: int | Pair,
    groups: int,
    padding_mode: PaddingMode,
) -> _Plan:
    """Check the arguments of `conv2d` and decide how to compute it."""
    x_shape, x_dtype, w_shape, w_dtype, b_shape, b_dtype = arrays
    dtype, working = _find_dtypes(x_dtype, w_dtype, b_dtype)
    groups = as_int("groups", groups, 1)
    padding_mode = as_choice("padding_mode", padding_mode, PADDING_MODES)
    check_layer_shapes(x_shape, w_shape, b_shape, groups)
    (*batch, _, height, width), (out_channels, in_channels, *kernel_size) = x_shape, w_shape
    size, kernel = (height, width), as_pair("kernel_size", kernel_size, 1)
    stride, dilation = as_pair("stride", stride, 1), as_pair("dilation", dilation, 1)
    sides = resolve_padding(padding, size, kernel, stride, dilation)
    output = output_size(size, kernel, stride=stride, padding=sides, dilation=dilation)
    shape = (*batch, out_channels, *output)
    padded = (*x_shape[:-2], height + sum(sides[0]), width + sum(sides[1]))
    for name, cells in ("padded input", math.prod(padded)), ("output", math.prod(shape)):
        if cells > MAX_CELLS:
            raise ValueError(
                f"The {name} would have {cells} cells, but at most {MAX_CELLS} are allowed: "
                f"input has shape {x_shape}, weight {w_shape}, padding is {padding!r}."
            )
    sources = None
    if padding_mode != "zeros" and any(map(any, sides)):
        sources = _find_sources(size, sides, padding_mode)
        size, sides = (padded[-2], padded[-1]), ((0, 0), (0, 0))
    channels = math.prod(batch), groups, in_channels, out_channels
    case = Case(*channels, size, sides, kernel, stride, dilation, output, shape)
    return _Plan(dtype, working, sources, choose_layout(case)(case))


def _find_dtypes(*dtypes: np.dtype | None) -> tuple[np.dtype, np.dtype | None]:
    """Of the result, and of the arithmetic (None for integers: see `_exact_dtype`)."""
    for name, dtype in zip(("input", "weight", "bias"), dtypes, strict=True):
        if dtype is not None:
            as_numbers(name, np.empty(0, dtype))
    given = [dtype for dtype in dtypes if dtype is not None]
    if all(dtype.kind in "iu" for dtype in given):
        return np.dtype(np.int64), None
    dtype = np.result_type(*given)
    return dtype, np.dtype(np.float32) if dtype == np.float16 else dtype


def _find_sources(size: Pair, sides: Sides, mode: PaddingMode) -> tuple[np.ndarray, np.ndarray]:
    """Which input row stands in each row of the padded input, and likewise the columns."""
    for name, length, around in zip(("height", "width"), size, sides, strict=True):
        most = {"reflect": length - 1, "circular": length}.get(mode, MAX_CELLS)
        if max(around) > most:
            places = {"mode": mode, "most": most, "input": length, "padding": max(around)}
            raise ValueError(text(f"unfillable_{name}", **places))
    rows, columns = (
        np.pad(np.arange(length), around, _IN_NUMPY[mode])
        for length, around in zip(size, sides, strict=True)
    )
    return rows, columns


def _exact_dtype(x: np.ndarray, w: np.ndarray, b: np.ndarray | None) -> np.dtype:
    """In which type every sum of these integers is exact: float64, which is fast, or int64."""
    bound = bound_sums(x, w, b, terms=w[0].size)
    return np.dtype(np.float64 if bound <= 2**53 else np.int64)
