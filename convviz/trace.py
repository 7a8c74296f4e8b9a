"""One output number taken apart: window, weights, products, partial sums, bias."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from convviz.arguments import Padding, Pair, as_int, entries, shown
from convviz.arrays import as_array, quietly
from convviz.catalogue import text
from convviz.geometry import make_axes, source_index
from convviz.ops import PaddingMode, conv2d


@dataclass(frozen=True, eq=False)
class Trace:
    """How one output cell is made, for each input channel that it reads.

    Attributes
    ----------
    at : (c_out, i, j)
        The output cell; row i and column j of output channel c_out.
    channels : tuple of int
        The input channels that it reads: all of them, or those of its group.
    rows, columns : tuple of int
        The input rows and columns that it reads; below 0 or beyond the size is padding.
    window, weight, products : (C_in / groups, kH, kW) ndarray
        What stands under the kernel, the kernel, and the two multiplied.
    partial_sums : (C_in / groups,) ndarray
        The sum of the products of each input channel.
    bias : number or None
        None where the layer has none.
    output : number
        The sum of `partial_sums`, and the bias.
    """

    at: tuple[int, int, int]
    channels: tuple[int, ...]
    rows: tuple[int, ...]
    columns: tuple[int, ...]
    window: np.ndarray
    weight: np.ndarray
    products: np.ndarray
    partial_sums: np.ndarray
    bias: int | float | None
    output: int | float

    def __repr__(self) -> str:
        summands = [
            (total, text("partial_channel", channel=channel))
            for channel, total in zip(self.channels, self.partial_sums, strict=True)
        ]
        if self.bias is not None:
            summands.append((self.bias, text("bias")))
        first, *rest = summands
        sums = f"{_number(first[0])} ({first[1]})" + "".join(
            f" {'-' if value < 0 else '+'} {_number(abs(value))} ({name})" for value, name in rest
        )
        place = ", ".join(map(str, self.at))
        return f"output[{place}] = {sums} = {_number(self.output)}"


def trace(
    input: ArrayLike,
    weight: ArrayLike,
    bias: ArrayLike | None = None,
    *,
    at: tuple[int, int, int] = (0, 0, 0),
    stride: int | Pair = 1,
    padding: Padding = 0,
    dilation: int | Pair = 1,
    groups: int = 1,
    padding_mode: PaddingMode = "zeros",
) -> Trace:
    """Take the output cell `at` of a convolution apart.

    Parameters
    ----------
    input : (C_in, H, W) array_like
    weight : (C_out, C_in / groups, kH, kW) array_like
    bias : (C_out,) array_like, optional
    at : (c_out, i, j)
        Output channel, row and column.
    stride, padding, dilation, groups, padding_mode
        As for `conv2d`.

    Returns
    -------
    Trace

    Raises
    ------
    TypeError, ValueError
        As `conv2d` does, and if `at` is not a cell of the output.

    Examples
    --------
    >>> taken = trace([[[1, 2], [3, 4]]], [[[[10, 20]]]], [5], at=(0, 1, 0))
    >>> taken.products
    array([[[30, 80]]])
    >>> taken
    output[0, 1, 0] = 110 (channel 0) + 5 (bias) = 115
    """
    input, weight = as_array("input", input), as_array("weight", weight)
    bias = None if bias is None else as_array("bias", bias)
    output = conv2d(
        input,
        weight,
        bias,
        stride=stride,
        padding=padding,
        dilation=dilation,
        groups=groups,
        padding_mode=padding_mode,
    )
    if output.ndim != 3:
        raise ValueError(text("one_image", shape=input.shape))
    c_out, i, j = _checked_cell(at, output.shape)

    axes = make_axes(
        input.shape[1:], weight.shape[2:], stride=stride, padding=padding, dilation=dilation
    )
    rows, columns = (tuple(axis.reads[k].tolist()) for axis, k in zip(axes, (i, j), strict=True))
    first = c_out * groups // len(weight) * weight.shape[1]
    channels = tuple(range(first, first + weight.shape[1]))
    window = _window(input[list(channels)], rows, columns, padding_mode)
    kernel = weight[c_out]
    # As conv2d computes: float16 could overflow on the way, and int64 with uint64 makes floats.
    working = np.dtype(np.float32) if output.dtype == np.float16 else output.dtype
    with quietly():
        products = window.astype(working) * kernel.astype(working)
        partial_sums = products.sum(axis=(1, 2))
    return Trace(
        at=(c_out, i, j),
        channels=channels,
        rows=rows,
        columns=columns,
        window=window,
        weight=kernel,
        products=products,
        partial_sums=partial_sums,
        bias=None if bias is None else bias[c_out].item(),
        output=output[c_out, i, j].item(),
    )


def _checked_cell(at: object, shape: tuple[int, ...]) -> tuple[int, int, int]:
    place = entries(at)
    if place is None or len(place) != 3:
        raise ValueError(text("not_a_cell", value=shown(at)))
    c_out, i, j = (
        as_int(f"at ({name})", index, 0, size - 1)
        for name, index, size in zip(("c_out", "i", "j"), place, shape, strict=True)
    )
    return c_out, i, j


def _window(
    input: np.ndarray, rows: tuple[int, ...], columns: tuple[int, ...], padding_mode: str
) -> np.ndarray:
    """The cells of `input` at `rows` x `columns`, with the padding that lies among them."""
    height, width = input.shape[1:]
    sources = np.array([source_index(r, height, padding_mode) for r in rows])
    targets = np.array([source_index(s, width, padding_mode) for s in columns])
    inside = (sources >= 0)[:, None] & (targets >= 0)
    return np.where(inside, input[:, sources[:, None], targets], 0)


def _number(value: int | float) -> str:
    return f"{value:g}" if isinstance(value, float | np.floating) else str(value)
