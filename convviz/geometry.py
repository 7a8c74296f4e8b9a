"""Where a convolution looks: output sizes, padding per side, and which cell reads which.

Integers only; no array of data ever comes in here. Height and width are separable, so one
`Axis` describes each of them completely and two small index tables describe every picture.

Source of the formulas: the shape section of ``torch.nn.Conv2d`` for the output size, and
TensorFlow's notes on ``padding="SAME"`` for the way the padding is split between the sides.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import overload

import numpy as np

from convviz.arguments import (
    AXIS_NAMES,
    MAX_LENGTH,
    Padding,
    PaddingRule,
    Pair,
    Sides,
    as_int,
    as_padding,
    as_pair,
    entries,
    given_per_axis,
    shown,
)
from convviz.catalogue import text

#: What MAX_LENGTH cells with a stride of MAX_LENGTH, or a kernel as far apart, may need.
_LONGEST = 4 * MAX_LENGTH**2

#: An index table has no more entries: 2 GiB.
MAX_ENTRIES = 2**28


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


@dataclass(frozen=True)
class Axis:
    """One axis of a convolution: its settings, and all that follows from them.

    Attributes
    ----------
    input, kernel, stride, dilation : int
        Cells of the input and of the kernel, the step, and the kernel's spacing.
    padding : (before, after)
        Cells added before the first and after the last input cell.

    Raises
    ------
    TypeError, ValueError
        For one of the wrong form or range.

    Examples
    --------
    The axis of a 3-cell kernel over 4 cells with stride 2 and padding 1:

    >>> axis = Axis(input=4, kernel=3, stride=2, padding=(1, 1))
    >>> axis.output, axis.remainder
    (2, 1)
    >>> axis.reads
    array([[-1,  0,  1],
           [ 1,  2,  3]])
    >>> axis.unread
    (4,)
    """

    input: int
    kernel: int
    stride: int = 1
    padding: Pair = (0, 0)
    dilation: int = 1

    def __post_init__(self) -> None:
        for name in ("kernel", "stride", "dilation"):
            object.__setattr__(self, name, as_int(name, getattr(self, name), 1))
        object.__setattr__(self, "input", as_int("input", self.input, 1, _LONGEST))
        sides = entries(self.padding)
        if sides is None or len(sides) != 2:
            raise ValueError(text("not_before_and_after", value=shown(self.padding)))
        before, after = sides
        checked = (
            as_int("padding (before)", before, 0, _LONGEST),
            as_int("padding (after)", after, 0, _LONGEST),
        )
        object.__setattr__(self, "padding", checked)

    @property
    def span(self) -> int:
        """Cells from the kernel's first to its last: ``D (F - 1) + 1``."""
        return self.dilation * (self.kernel - 1) + 1

    @property
    def padded(self) -> int:
        """Cells of the input with its padding."""
        return self.padding[0] + self.input + self.padding[1]

    @property
    def fits(self) -> bool:
        """Whether there is any output at all."""
        return self.span <= self.padded

    @property
    def output(self) -> int:
        """Cells of the output; 0 if the kernel does not fit."""
        return (self.padded - self.span) // self.stride + 1 if self.fits else 0

    @property
    def remainder(self) -> int:
        """What the division leaves over: cells at the end that no kernel reaches."""
        return (self.padded - self.span) % self.stride if self.fits else 0

    @cached_property
    def reads(self) -> np.ndarray:
        """Which input cell output i reads with kernel cell u, as ``reads[i, u]``.

        Shape (output, kernel), int64. An index below 0 or from `input` on is padding.

        Raises
        ------
        ValueError
            If that is more than memory should be asked for, as of `counts` and `unread`.
        """
        _check_entries(self.output * self.kernel)
        if not self.fits:
            return np.empty((0, self.kernel), np.int64)
        starts = np.arange(self.output, dtype=np.int64) * self.stride - self.padding[0]
        return starts[:, None] + np.arange(self.kernel, dtype=np.int64) * self.dilation

    @cached_property
    def counts(self) -> np.ndarray:
        """How many outputs read each cell of the padded input.

        Shape (padded,), int64; entry 0 is input index ``-padding[0]``.
        """
        _check_entries(self.padded)
        return np.bincount((self.reads + self.padding[0]).ravel(), minlength=self.padded)

    @property
    def unread(self) -> tuple[int, ...]:
        """Indices that no output reads, padding among them (index -1 is left of cell 0)."""
        return tuple(int(k) - self.padding[0] for k in np.flatnonzero(self.counts == 0))

    @property
    def unread_count(self) -> int:
        """How many indices no output reads, also where they are too many to list."""
        # A cell that several pairs (i, u) read is counted for the last i of them: from one to the
        # next, i grows by dilation / common and u falls by stride / common.
        common = math.gcd(self.stride, self.dilation)
        later = max(self.output - self.dilation // common, 0)
        again = later * max(self.kernel - self.stride // common, 0)
        return self.padded - (self.output * self.kernel - again)

    def misfit(self, name: str | None = None) -> str:
        """In words: why the kernel does not fit, and which values would.

        Parameters
        ----------
        name : "height", "width" or None
            Which axis to speak of; None where there is only one.
        """
        before, after = self.padding
        kind = "misfit" if self.dilation == 1 else "misfit_dilated"
        sentences = [
            text(
                f"{kind}_{name or 'axis'}",
                span=self.span,
                kernel=self.kernel,
                dilation=self.dilation,
                room=self.padded,
                input=self.input,
                before=before,
                after=after,
            ),
            text("fits_kernel", kernel_size=(self.padded - 1) // self.dilation + 1),
        ]
        if self.dilation > 1 and self.padded >= self.kernel:
            widest = (self.padded - 1) // (self.kernel - 1)
            sentences.append(text("fits_dilation", dilation=widest))
        missing = self.span - self.padded
        if before == after:
            sentences.append(text("fits_padding", padding=before + -(-missing // 2)))
        else:
            sentences.append(text("fits_padding_total", padding=before + after + missing))
        return " ".join(sentences)


def _check_entries(entries: int) -> None:
    if entries > MAX_ENTRIES:
        raise ValueError(text("too_many_entries", entries=entries, most=MAX_ENTRIES))


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
