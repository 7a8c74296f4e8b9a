"""The convolution layer in NumPy, with the names and shapes of ``torch.nn.functional``.

A convolution is a matrix product once its input is laid out for it, and the time goes into laying
out. `conv2d` checks everything that the shapes and settings decide once, in `_plan`, and picks one
of three layouts; each turns a `_Case` into a function of the input and the weights:

- `_by_patches` copies every window: the plain way, best for what is small;
- `_by_rows` copies the input once, and finds the windows of an output row in that copy;
- `_by_columns` copies once for each kernel column, and adds up the kernel's rows at the end: for
  groups and dilated kernels, whose windows are not found so.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import lru_cache
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from convviz.catalogue import text
from convviz.geometry import (
    Padding,
    Pair,
    Sides,
    as_int,
    as_padding,
    as_pair,
    output_size,
    resolve_padding,
    source_index,
)

PaddingMode = Literal["zeros", "reflect", "replicate", "circular"]

PADDING_MODES: tuple[PaddingMode, ...] = ("zeros", "reflect", "replicate", "circular")

#: Neither the padded input nor the output may have more cells: 2 GiB of float64.
MAX_CELLS = 2**28

# Measured in single precision, on one core with 1 MiB of level-2 cache:
_LOOKED_UP = 2_000  # so few cells of windows are copied fastest by a table of their places
_COPIED = 80_000  # and so few, by a copy of every window
_NARROW = 32  # an output row shorter than this is too little for one matrix product
_SHORT = 64  # and so is a sum of fewer products than this
_BLOCK = 2**17  # cells of a working copy; the larger it is, the more often memory is waited for
_BLAS_SMALL = 10**6  # multiplications that OpenBLAS does without first repacking the matrices


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
    try:
        x, w = np.asarray(input), np.asarray(weight)
        b = None if bias is None else np.asarray(bias)
    except ValueError as error:
        raise _ragged(error, input=input, weight=weight, bias=bias) from None
    # Plain ints go into the plan's cache as they are; anything else has to become plain first,
    # since a cache can't tell True from 1.
    if type(stride) is not int:
        stride = as_pair("stride", stride, 1)
    if type(padding) is not int and type(padding) is not str:
        padding = as_padding(padding)
    if type(dilation) is not int:
        dilation = as_pair("dilation", dilation, 1)
    if type(groups) is not int:
        groups = as_int("groups", groups, 1)
    if padding_mode not in PADDING_MODES:
        raise ValueError(f"padding_mode must be one of {PADDING_MODES}, but is {padding_mode!r}.")
    shapes = x.shape, w.shape, None if b is None else b.shape
    dtypes = x.dtype, w.dtype, None if b is None else b.dtype
    plan = _plan(shapes, dtypes, stride, padding, dilation, groups, padding_mode)

    working = plan.working or _exact_dtype(x, w, b)
    if x.dtype is not working:
        x = x.astype(working)
    if w.dtype is not working:
        w = w.astype(working)
    if plan.fill is not None:
        x = x.take(plan.fill[0], axis=-2).take(plan.fill[1], axis=-1)
    output = plan.run(np.ascontiguousarray(x), w)
    if b is not None:
        output += b.astype(working).reshape(-1, 1, 1)
    return output if working is plan.dtype else output.astype(plan.dtype)


class _Plan(NamedTuple):
    """All that follows from shapes, types and settings, without a look at the numbers."""

    dtype: np.dtype  # of the result
    working: np.dtype | None  # of the arithmetic; None if the numbers, being integers, decide it
    fill: tuple[np.ndarray, np.ndarray] | None  # input rows and columns that make the padded input
    run: Callable[[np.ndarray, np.ndarray], np.ndarray]  # (input, weight) -> output


class _Case(NamedTuple):
    """A convolution in plain integers, for the three layouts."""

    batch: int
    groups: int
    in_channels: int  # of one group
    out_channels: int  # of all groups
    size: Pair
    sides: Sides  # zeros to add on each side
    kernel: Pair
    stride: Pair
    dilation: Pair
    output: Pair
    shape: tuple[int, ...]  # of the result


# ---------------------------------------------------------------------------- checks and choices


@lru_cache(maxsize=256)
def _plan(shapes, dtypes, stride, padding, dilation, groups, padding_mode) -> _Plan:
    """Check the arguments of `conv2d` and decide how to compute it."""
    x_shape, w_shape, _ = shapes
    dtype, working = _find_dtypes(dtypes)
    groups = as_int("groups", groups, 1)
    _check_shapes(*shapes, groups)
    (*batch, _, height, width), (out_channels, in_channels, *kernel) = x_shape, w_shape
    size, kernel = (height, width), tuple(kernel)
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
    fill = None
    if padding_mode != "zeros" and any(map(any, sides)):
        fill = _fill(size, sides, padding_mode)
        size, sides = padded[-2:], ((0, 0), (0, 0))
    channels = math.prod(batch), groups, in_channels, out_channels
    case = _Case(*channels, size, sides, kernel, stride, dilation, output, shape)
    return _Plan(dtype, working, fill, _layout(case)(case))


def _ragged(error: ValueError, **arguments: object) -> ValueError:
    """The error that NumPy found in one of the arguments, with the argument's name."""
    for name, value in arguments.items():
        try:
            np.asarray(value)
        except ValueError:
            return ValueError(f"{name} must be an array, or lists of equal length: {error}")
    return error


def _find_dtypes(dtypes) -> tuple[np.dtype, np.dtype | None]:
    """Of the result, and of the arithmetic (None for integers: see `_exact_dtype`)."""
    for name, dtype in zip(("input", "weight", "bias"), dtypes, strict=True):
        if dtype is not None and dtype.kind not in "iuf":
            hint = f" {name}.astype(int) makes 0 and 1 of it." if dtype.kind == "b" else ""
            raise TypeError(f"{name} must hold integers or floats, but has dtype {dtype}.{hint}")
    given = [dtype for dtype in dtypes if dtype is not None]
    if all(dtype.kind in "iu" for dtype in given):
        return np.dtype(np.int64), None
    dtype = np.result_type(*given)
    return dtype, np.dtype(np.float32) if dtype == np.float16 else dtype


def _check_shapes(x_shape, w_shape, b_shape, groups: int) -> None:
    if len(x_shape) not in (3, 4):
        raise ValueError(
            f"input must have shape (N, C_in, H, W) or (C_in, H, W), but has shape {x_shape}."
        )
    if len(w_shape) != 4:
        raise ValueError(
            f"weight must have shape (C_out, C_in / groups, kH, kW), but has shape {w_shape}."
        )
    if 0 in x_shape[-3:]:
        raise ValueError(
            f"input must have at least one channel, row and column, but has shape {x_shape}."
        )
    if 0 in w_shape:
        raise ValueError(f"weight must have no axis of length 0, but has shape {w_shape}.")
    channels, filters = x_shape[-3], w_shape[0]
    if channels % groups or filters % groups:
        raise ValueError(
            f"groups must divide the channels of both input and output, but is {groups}, with "
            f"{channels} channels in (input {x_shape}) and {filters} out (weight {w_shape})."
        )
    if w_shape[1] != channels // groups:
        raise ValueError(
            f"weight must have C_in / groups = {channels} / {groups} = {channels // groups} "
            f"channels, but has {w_shape[1]}: input has shape {x_shape}, weight {w_shape}."
        )
    if b_shape not in (None, (filters,)):
        raise ValueError(
            f"bias must have shape ({filters},), one number for each filter of weight, "
            f"but has shape {b_shape}."
        )


def _fill(size: Pair, sides: Sides, mode: PaddingMode) -> tuple[np.ndarray, np.ndarray]:
    """Which input row stands in each row of the padded input, and likewise the columns."""
    sources = []
    for name, length, (before, after) in zip(("height", "width"), size, sides, strict=True):
        most = {"reflect": length - 1, "circular": length}.get(mode, MAX_CELLS)
        if max(before, after) > most:
            places = {"mode": mode, "most": most, "input": length, "padding": max(before, after)}
            raise ValueError(text(f"unfillable_{name}", **places))
        positions = range(-before, length + after)
        sources.append(np.array([source_index(k, length, mode) for k in positions]))
    return tuple(sources)


def _exact_dtype(x: np.ndarray, w: np.ndarray, b: np.ndarray | None) -> np.dtype:
    """In which type every sum of these integers is exact: float64, which is fast, or int64."""
    terms = w[0].size
    bound = _magnitude(x) * _magnitude(w) * terms + (0 if b is None else _magnitude(b))
    if bound <= 2**53:
        return np.dtype(np.float64)
    if bound < 2**63:
        return np.dtype(np.int64)
    raise ValueError(
        f"The sums could leave int64's range: up to {terms} products of input (magnitude up to "
        f"{_magnitude(x)}) and weight (up to {_magnitude(w)}), and bias, may reach {bound}, but at "
        f"most {2**63 - 1} is allowed. Make one of them float64 if rounding is acceptable."
    )


def _magnitude(a: np.ndarray) -> int:
    return max(int(a.max()), -int(a.min())) if a.size else 0


def _layout(case: _Case) -> Callable[[_Case], Callable[[np.ndarray, np.ndarray], np.ndarray]]:
    """The layout that is fastest for a case."""
    windows = case.batch * case.groups * case.in_channels * math.prod(case.kernel + case.output)
    if case.kernel == (1, 1) or windows <= _COPIED:
        return _by_patches
    if case.groups > 1 or case.dilation[0] > 1 or windows > MAX_CELLS:
        return _by_columns
    return _by_patches if case.output[1] < _NARROW else _by_rows


# ---------------------------------------------------------------------------- the three layouts


def _by_patches(case: _Case):
    """Copy every window into a column of one matrix, and multiply once.

    A window of a 1 x 1 kernel is one cell, so that nothing is copied at stride 1.
    """
    n, g, c, m = case.batch, case.groups, case.in_channels, case.out_channels
    (kh, kw), (oh, ow), (h, w) = case.kernel, case.output, case.size
    (sh, sw), (dh, dw), ((top, bottom), (left, right)) = case.stride, case.dilation, case.sides
    height, width = top + h + bottom, left + w + right
    padded = None if (height, width) == (h, w) else (n, g * c, height, width)
    inside = (..., slice(top, top + h), slice(left, left + w))
    windows = (n, g * c, kh, kw, oh, ow)
    steps = (g * c * height * width, height * width, dh * width, dw, sh * width, sw)
    matrices, kernels = (n, g, c * kh * kw, oh * ow), (g, m // g, c * kh * kw)
    if n == g == 1:  # two matrices, for which `dot` has less overhead than `matmul`
        matrices, kernels = matrices[2:], kernels[1:]
    multiply = np.ndarray.dot if n == g == 1 else np.matmul
    places = None
    if math.prod(windows) <= _LOOKED_UP:
        cells = np.arange(n * g * c * height * width)
        places = _view(cells, windows, steps).reshape(matrices)

    def run(x, weight):
        if padded:
            room = np.zeros(padded, x.dtype)
            room[inside] = x
            x = room
        if places is None:
            patches = _view(x, windows, steps).reshape(matrices)
        else:
            patches = x.take(places)
        return multiply(weight.reshape(kernels), patches).reshape(case.shape)

    return run


def _by_rows(case: _Case):
    """Lay the input out row by row, (row, channel, column), and find the windows in it.

    In this order the kH rows that an output row reads, with all their channels, are one matrix
    with W columns; the next output row's matrix begins `stride` rows further on and overlaps it.
    One kernel column is then one product for each output row, and kW of them are added up.
    With a stride along the row, or few channels, the kernel's columns are copied to become
    channels of their own, which leaves one product with longer sums.
    """
    n, c, m = case.batch, case.in_channels, case.out_channels
    (kh, kw), (oh, ow), (sh, sw), dw = case.kernel, case.output, case.stride, case.dilation[1]
    padded_width = case.size[1] + sum(case.sides[1])
    if sw > 1 or c * kh < _SHORT:
        taps, lanes, width, order = 1, c * kw, ow, (0, 3, 2, 4, 1)
    else:
        taps, lanes, width, order = kw, c, padded_width, (4, 0, 3, 2, 1)
    terms = kh * lanes
    fitting = range(min(m, _BLAS_SMALL // (terms * ow)), 7, -1)
    filters = next((count for count in fitting if m % count == 0), m)
    block = max(_BLOCK // (sh * lanes * width), kh)

    def lay_out(image, first, count):
        """Rows `first` to ``first + count`` of the padded image, as (row, channel, column)."""
        (top, _), (left, _) = case.sides
        rows = np.zeros((count, c, padded_width), image.dtype)
        begin = max(first, top)
        end = max(begin, min(first + count, top + case.size[0]))
        inside = image[:, begin - top : end - top].swapaxes(0, 1)
        rows[begin - first : end - first, :, left : left + case.size[1]] = inside
        if taps > 1:
            return rows
        steps = (c * padded_width, padded_width, dw, sw)
        return np.ascontiguousarray(_view(rows, (count, c, kw, ow), steps))

    def run(x, weight):
        kernel = weight.reshape(m // filters, filters, c, kh, kw).transpose(order)
        kernel = np.ascontiguousarray(kernel).reshape(taps, m // filters, terms, filters)
        kernel = kernel.swapaxes(-1, -2)
        output = np.empty((n, m // filters, filters, oh, ow), x.dtype)
        spare = np.empty((m // filters, filters, min(block, oh) if taps > 1 else 0, ow), x.dtype)
        for image, result in zip(x.reshape(n, c, *case.size), output, strict=True):
            for i in range(0, oh, block):
                target = result[:, :, i : i + block].transpose(2, 0, 1, 3)
                rows = len(target)
                product = spare[:, :, :rows].transpose(2, 0, 1, 3)
                lines = lay_out(image, i * sh, (rows - 1) * sh + kh)
                for v in range(taps):
                    shape, steps = (rows, 1, terms, ow), (sh * lanes * width, 0, width, 1)
                    windows = _view(lines, shape, steps, start=v * dw)
                    np.matmul(kernel[v], windows, out=product if v else target)
                    if v:
                        target += product
        return output.reshape(case.shape)

    return run


def _by_columns(case: _Case):
    """Copy the input once for each kernel column, multiply, and add up the kernel's rows.

    The product has a plane for each filter and kernel row u, in which row i * stride + u *
    dilation is what that kernel row adds to output row i.
    """
    n, g, c, m = case.batch, case.groups, case.in_channels, case.out_channels
    (kh, kw), (oh, ow), (h, w), (sh, sw) = case.kernel, case.output, case.size, case.stride
    (dh, dw), ((top, bottom), (left, _)) = case.dilation, case.sides
    height = top + h + bottom
    # Planes as wide as the input are copied in one run, which is faster than row by row.
    whole = sw == 1 and ow <= w
    width = w if whole else ow
    block = max(_BLOCK // (max(c * kw, m // g * kh) * height * width), 1)

    def lay_out(image):
        """What kernel column v reads for each output column, as (channel, v, row, column)."""
        planes = np.empty((len(image), kw, height, width), image.dtype)
        planes[:, :, :top] = planes[:, :, top + h :] = 0
        for v in range(kw):
            shift, plane = v * dw - left, planes[:, v, top : top + h]
            # Output columns first to end, without end, read input columns; the others zeros.
            first = max(0, -(shift // sw))
            end = max(first, min(ow, (w - 1 - shift) // sw + 1))
            if whole and first < end:
                skip, cells = max(0, -shift), h * w - abs(shift)
                run = planes.reshape(len(image), kw, -1)[:, v, top * w + skip :][:, :cells]
                run[...] = image.reshape(len(image), -1)[:, skip + shift :][:, :cells]
            else:
                plane[..., first:end] = image[..., first * sw + shift : end * sw + shift : sw]
            plane[..., :first] = plane[..., end:] = 0
        return planes.reshape(-1, c * kw, height * width)

    def run(x, weight):
        kernel = weight.reshape(g, m // g, c, kh, kw).swapaxes(2, 3).reshape(g, -1, c * kw)
        output = np.empty((n, g, m // g, oh, ow), x.dtype)
        for image, result in zip(x.reshape(n, g * c, h, w), output, strict=True):
            for k in range(0, g, block):
                products = kernel[k : k + block] @ lay_out(image[k * c : (k + block) * c])
                products = products.reshape(-1, m // g, kh, height, width)
                reach = (oh - 1) * sh + 1
                rows = [slice(u * dh, u * dh + reach, sh) for u in range(kh)]
                planes = [products[:, :, u, rows[u], :ow] for u in range(kh)]
                target = result[k : k + block]
                np.add(planes[0], planes[1] if kh > 1 else 0, out=target)
                for plane in planes[2:]:
                    target += plane
        return output.reshape(case.shape)

    return run


def _view(array: np.ndarray, shape, steps, start: int = 0) -> np.ndarray:
    """A view of a contiguous array, with so many cells between neighbours along each axis.

    NumPy checks that it stays within the array, which `as_strided` does not.
    """
    size = array.itemsize
    return np.ndarray(shape, array.dtype, array, start * size, [step * size for step in steps])
