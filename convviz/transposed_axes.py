"""The convolution that a transposed one turns round: its height and its width, each an `Axis`.

Where a convolution's output cell i reads the input cells ``reads[i]``, here input cell i writes
into the output cells ``reads[i]``. So the same `convviz.axis.Axis` describes both. Integers only;
the arithmetic is in `convviz.transposed`.
"""

from __future__ import annotations

from dataclasses import replace

from convviz.arguments import AXIS_NAMES, Padding, Pair, as_padding, as_pair
from convviz.axis import Axis
from convviz.geometry import resolve_padding


def make_transposed_axes(
    input_size: int | Pair,
    kernel_size: int | Pair,
    *,
    stride: int | Pair = 1,
    padding: Padding = 0,
    output_padding: int | Pair = 0,
    dilation: int | Pair = 1,
) -> tuple[Axis, Axis]:
    """The convolution that a transposed one turns round, as an `Axis` for height and width.

    Parameters
    ----------
    input_size, kernel_size, stride, padding, output_padding, dilation
        As for `transposed_output_size`.

    Returns
    -------
    (Axis, Axis)
        With the two roles exchanged: ``axis.input`` is the size of the transposed convolution's
        output, and ``axis.reads[i]`` are the output cells into which its input cell i writes.
        Those below 0 or from ``axis.input`` on are cut off.

    Raises
    ------
    TypeError, ValueError
        As `transposed_output_size` does.

    Examples
    --------
    >>> axis, _ = make_transposed_axes(2, 3, stride=2, padding=1)
    >>> axis.input
    3
    >>> axis.reads
    array([[-1,  0,  1],
           [ 1,  2,  3]])
    """
    sizes = as_pair("input_size", input_size, 1)
    kernels = as_pair("kernel_size", kernel_size, 1)
    strides = as_pair("stride", stride, 1)
    dilations = as_pair("dilation", dilation, 1)
    more = as_pair("output_padding", output_padding, 0)
    sides = as_padding(padding)
    if isinstance(sides, str):
        if any(more):
            raise ValueError(
                f"output_padding must be 0 with padding={sides!r}, which decides the output size, "
                f"but is {output_padding!r}."
            )
        outputs = sizes[0] * strides[0], sizes[1] * strides[1]
        sides = resolve_padding(sides, outputs, kernels, strides, dilations)
        spans = [d * (k - 1) + 1 for d, k in zip(dilations, kernels, strict=True)]
        more = max(strides[0] - spans[0], 0), max(strides[1] - spans[1], 0)
    height, width = (
        _transposed_axis(*settings)
        for settings in zip(
            AXIS_NAMES, sizes, kernels, strides, sides, dilations, more, strict=True
        )
    )
    return height, width


def _transposed_axis(
    name: str, size: int, kernel: int, stride: int, sides: Pair, dilation: int, more: int
) -> Axis:
    if more >= max(stride, dilation):
        raise ValueError(
            f"output_padding ({name}) must be less than stride or dilation, but is {more}: "
            f"stride is {stride}, dilation {dilation}."
        )
    axis = Axis(1, kernel, stride, sides, dilation)
    output = (size - 1) * stride + axis.span + more - sum(sides)
    if output < 1:
        raise ValueError(
            f"Nothing is left of the {name}: padding cuts {sum(sides)} cells off, of "
            f"{sum(sides) + output}."
        )
    return replace(axis, input=output)
