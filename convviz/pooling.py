"""Max and average pooling in NumPy, with the names and shapes of ``torch.nn.functional``.

Pooling has no weights and keeps the number of channels: each channel is pooled by itself.
"""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
from numpy.typing import ArrayLike

from convviz.arguments import AXIS_NAMES, Padding, Pair, Sides, as_flag, as_padding
from convviz.arrays import MAX_CELLS, as_numbers, check_image_shape, quietly
from convviz.axis import Axis
from convviz.geometry import make_axes


def max_pool2d(
    input: ArrayLike,
    kernel_size: int | Pair,
    *,
    stride: int | Pair | None = None,
    padding: Padding = 0,
    dilation: int | Pair = 1,
    ceil_mode: bool = False,
) -> np.ndarray:
    """The largest number in each window of each channel; padding is never the largest.

    Parameters
    ----------
    input : (N, C, H, W) or (C, H, W) array_like
    kernel_size : int or (height, width)
        Cells of the window.
    stride : int or (height, width), optional
        By default the kernel size, so that windows touch and do not overlap.
    padding : int, (height, width), ((top, bottom), (left, right)), "valid" or "same"
        At most half the kernel size on each side. "same" is Keras's.
    dilation : int or (height, width)
        ``dilation=1`` leaves no gap between the window's cells.
    ceil_mode : bool
        Whether to round the output size up: a last window that the end of the padded input cuts
        off counts too, as long as it starts within the input or the padding before it.

    Returns
    -------
    (N, C, H_out, W_out) or (C, H_out, W_out) ndarray
        Of the input's dtype. A window with NaN in it gives NaN. A window that finds nothing but
        padding, which takes a dilation, gives minus infinity, or the dtype's least integer.

    Raises
    ------
    TypeError
        If the input holds anything but integers or floats, or a setting is not made of integers.
    ValueError
        If the shape or the settings do not fit, if the padding is more than half the kernel, or
        if the padded input would have more than `convviz.ops.MAX_CELLS` cells.

    See Also
    --------
    avg_pool2d, make_pooling_axes

    Notes
    -----
    The rules are those of ``torch.nn.MaxPool2d`` [1]_, and "same" those of
    ``keras.layers.MaxPooling2D`` [2]_.

    References
    ----------
    .. [1] https://docs.pytorch.org/docs/stable/generated/torch.nn.MaxPool2d.html
    .. [2] https://keras.io/api/layers/pooling_layers/max_pooling2d/

    Examples
    --------
    >>> input = [[[1, 5, 2, 0, 7], [3, 4, 8, 1, 6]]]
    >>> max_pool2d(input, 2)
    array([[[5, 8]]])
    >>> max_pool2d(input, 2, ceil_mode=True)
    array([[[5, 8, 7]]])
    >>> max_pool2d(input, (2, 3), stride=1, padding="same").shape
    (1, 2, 5)
    """
    x = _as_images(input)
    axes, _ = _find_axes(x.shape[-2:], kernel_size, stride, padding, dilation, ceil_mode)
    lowest = -np.inf if x.dtype.kind == "f" else np.iinfo(x.dtype).min
    return _reduce(_pad(x, axes, lowest), axes, np.maximum)


def avg_pool2d(
    input: ArrayLike,
    kernel_size: int | Pair,
    *,
    stride: int | Pair | None = None,
    padding: Padding = 0,
    ceil_mode: bool = False,
    count_include_pad: bool | None = None,
) -> np.ndarray:
    """The mean of each window of each channel.

    Parameters
    ----------
    input : (N, C, H, W) or (C, H, W) array_like
    kernel_size : int or (height, width)
        Cells of the window.
    stride : int or (height, width), optional
        By default the kernel size, so that windows touch and do not overlap.
    padding : int, (height, width), ((top, bottom), (left, right)), "valid" or "same"
        At most half the kernel size on each side. "same" is Keras's.
    ceil_mode : bool
        Whether to round the output size up, as in `max_pool2d`. What such a window has beyond
        the padded input is never counted.
    count_include_pad : bool, optional
        Whether a window's sum is divided by the number of its cells, padding among them, or by
        the number of its input cells only. By default as the framework does that has such a
        padding: without the padding for "same", as in Keras, otherwise with it, as in PyTorch.

    Returns
    -------
    (N, C, H_out, W_out) or (C, H_out, W_out) ndarray
        Of the input's dtype if that is a float type, and otherwise float64: integers are added up
        exactly below 2**53, and rounded once, by the division. float16 is computed in float32.

    Raises
    ------
    TypeError
        If the input holds anything but integers or floats, or a setting is not made of integers.
    ValueError
        If the shape or the settings do not fit, if the padding is more than half the kernel, or
        if the padded input would have more than `convviz.ops.MAX_CELLS` cells.

    See Also
    --------
    max_pool2d, make_pooling_axes

    Notes
    -----
    The rules are those of ``torch.nn.AvgPool2d`` [1]_, and "same" those of
    ``keras.layers.AveragePooling2D`` [2]_.

    References
    ----------
    .. [1] https://docs.pytorch.org/docs/stable/generated/torch.nn.AvgPool2d.html
    .. [2] https://keras.io/api/layers/pooling_layers/average_pooling2d/

    Examples
    --------
    The corners of a padded average show what is counted:

    >>> input = [[[4, 4], [4, 4]]]
    >>> avg_pool2d(input, 2, padding=1)
    array([[[1., 1.],
            [1., 1.]]])
    >>> avg_pool2d(input, 2, padding=1, count_include_pad=False)
    array([[[4., 4.],
            [4., 4.]]])
    """
    x = _as_images(input)
    axes, sides = _find_axes(x.shape[-2:], kernel_size, stride, padding, 1, ceil_mode)
    if count_include_pad is None:
        count_include_pad = as_padding(padding) != "same"
    counts_padding = as_flag("count_include_pad", count_include_pad)
    dtype = x.dtype if x.dtype.kind == "f" else np.dtype(np.float64)
    working = np.dtype(np.float32) if dtype == np.float16 else dtype

    with quietly():
        sums = _reduce(_pad(x.astype(working), axes, 0), axes, np.add)
    rows, columns = (
        _count(axis, (before, after) if counts_padding else (0, 0))
        for axis, (before, after) in zip(axes, sides, strict=True)
    )
    with quietly():
        return (sums / (rows[:, None] * columns).astype(working)).astype(dtype)


def make_pooling_axes(
    input_size: int | Pair,
    kernel_size: int | Pair,
    *,
    stride: int | Pair | None = None,
    padding: Padding = 0,
    dilation: int | Pair = 1,
    ceil_mode: bool = False,
) -> tuple[Axis, Axis]:
    """Where a pooling layer looks: its height and width, each as a `convviz.axis.Axis`.

    Parameters
    ----------
    input_size : int or (height, width)
    kernel_size, stride, padding, dilation, ceil_mode
        As for `max_pool2d`.

    Returns
    -------
    (Axis, Axis)
        Their `output` is the output size. What a window has beyond the padded input, in
        `ceil_mode`, is in their padding, as cells after the last.

    Raises
    ------
    TypeError, ValueError
        As `max_pool2d` does.

    Examples
    --------
    >>> [make_pooling_axes(5, 2, ceil_mode=mode)[0].output for mode in (False, True)]
    [2, 3]
    >>> make_pooling_axes(5, 2, ceil_mode=True)[0].reads[-1]
    array([4, 5])

    The third window of this one would start in the padding after the input, and is left out:

    >>> make_pooling_axes(3, 2, padding=1, ceil_mode=True)[0].output
    2
    """
    return _find_axes(input_size, kernel_size, stride, padding, dilation, ceil_mode)[0]


def _as_images(input: ArrayLike) -> np.ndarray:
    x = as_numbers("input", input)
    check_image_shape(x.shape)
    return x


def _find_axes(
    input_size: int | Pair,
    kernel_size: int | Pair,
    stride: int | Pair | None,
    padding: Padding,
    dilation: int | Pair,
    ceil_mode: bool,
) -> tuple[tuple[Axis, Axis], Sides]:
    """Height and width as `make_pooling_axes` gives them, and the padding that was asked for."""
    given = make_axes(
        input_size,
        kernel_size,
        stride=kernel_size if stride is None else stride,
        padding=padding,
        dilation=dilation,
    )
    rounds_up = as_flag("ceil_mode", ceil_mode)
    axes = (_round_up(given[0]), _round_up(given[1])) if rounds_up else given
    for name, axis, asked in zip(AXIS_NAMES, axes, given, strict=True):
        if max(asked.padding) > asked.kernel // 2:
            raise ValueError(
                f"padding must be at most half of kernel_size, {asked.kernel // 2} for the "
                f"{name}, but is {asked.padding}: kernel_size is {asked.kernel}."
            )
        if not axis.fits:
            raise ValueError(asked.misfit(name))
    return axes, (given[0].padding, given[1].padding)


def _round_up(axis: Axis) -> Axis:
    """The axis with room for one more window, if that may start where it would."""
    before, after = axis.padding
    overhang = (axis.span - axis.padded) % axis.stride
    longer = replace(axis, padding=(before, after + overhang))
    starts_inside = (longer.output - 1) * axis.stride < before + axis.input
    return longer if starts_inside else axis


def _pad(x: np.ndarray, axes: tuple[Axis, Axis], fill: float) -> np.ndarray:
    height, width = axes
    shape = (*x.shape[:-2], height.padded, width.padded)
    if math.prod(shape) > MAX_CELLS:
        raise ValueError(
            f"The padded input would have {math.prod(shape)} cells, but at most {MAX_CELLS} are "
            f"allowed: input has shape {x.shape}, padding is {(height.padding, width.padding)}."
        )
    padded = np.full(shape, fill, x.dtype)
    top, left = height.padding[0], width.padding[0]
    padded[..., top : top + height.input, left : left + width.input] = x
    return padded


def _reduce(padded: np.ndarray, axes: tuple[Axis, Axis], operation: np.ufunc) -> np.ndarray:
    """`operation` over every window: over its rows first, then over its columns."""
    height, width = axes
    tall = padded[..., _steps(height, 0), :].copy()
    for u in range(1, height.kernel):
        operation(tall, padded[..., _steps(height, u), :], out=tall)
    result = tall[..., _steps(width, 0)].copy()
    for v in range(1, width.kernel):
        operation(result, tall[..., _steps(width, v)], out=result)
    return result


def _steps(axis: Axis, u: int) -> slice:
    """The cells of the padded input that stand under window cell u, one for each output."""
    first = u * axis.dilation
    return slice(first, first + (axis.output - 1) * axis.stride + 1, axis.stride)


def _count(axis: Axis, padding: Pair) -> np.ndarray:
    """How many cells of each window lie in the input with so much padding; shape (output,)."""
    before, after = padding
    starts = np.arange(axis.output) * axis.stride - axis.padding[0]
    # The first window cell from the padding's beginning on, and the first after its end.
    first, end = (
        (-((starts - edge) // axis.dilation)).clip(0, axis.kernel)
        for edge in (-before, axis.input + after)
    )
    return end - first
