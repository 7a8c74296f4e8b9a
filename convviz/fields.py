"""A receptive field, and the window of a layer that widens it: one step through a network.

A layer with a window (a convolution, or a pooling) reads `kernel_size` cells along each axis,
`stride` cells further on for the next output. Through several of them this becomes a wider window
with a longer stride, whose formulas are those of A. Araujo, W. Norris and J. Sim, "Computing
Receptive Fields of Convolutional Neural Networks", Distill, 2019,
https://distill.pub/2019/computing-receptive-fields/
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from convviz.arguments import Padding, Pair, as_int, as_padding, as_pair, shown
from convviz.catalogue import text
from convviz.geometry import resolve_padding


class Window(NamedTuple):
    """The window of one layer: of a convolution, or of a pooling.

    Attributes
    ----------
    kernel_size, stride, dilation : int or (height, width)
        Each at least 1. Note that a pooling layer's stride is usually its kernel size.
    padding : int, (height, width), ((top, bottom), (left, right)), "valid" or "same"
        "same" is Keras's.

    Examples
    --------
    >>> Window(3, stride=2)
    Window(kernel_size=3, stride=2, padding=0, dilation=1)
    """

    kernel_size: int | Pair
    stride: int | Pair = 1
    padding: Padding = 0
    dilation: int | Pair = 1


@dataclass(frozen=True)
class ReceptiveField:
    """What an output cell sees, in cells of the input; every entry is (height, width).

    Attributes
    ----------
    size : (int, int)
        Cells from the first to the last that an output cell sees.
    jump : (int, int)
        How much further on the next output cell looks: the product of the strides.
    start : (int, int)
        The first cell that output (0, 0) sees; negative where that is outside of the input.

    Examples
    --------
    The field of an input cell is that cell. Through a 3 x 3 kernel with stride 2 and padding 1:

    >>> ReceptiveField().through(Window(3, stride=2, padding=1))
    ReceptiveField(size=(3, 3), jump=(2, 2), start=(-1, -1))
    """

    size: Pair = (1, 1)
    jump: Pair = (1, 1)
    start: Pair = (0, 0)

    def of(self, i: int, j: int) -> tuple[range, range]:
        """The input rows and columns that output (i, j) sees, from the first to the last.

        Rows below 0 or from the input's height on do not exist: they stand for padding. With
        dilation, or a stride longer than the kernel, some cells in between are not read; see
        `cells_seen`.

        Raises
        ------
        TypeError, ValueError
            If i or j is not an integer of at least 0.

        Examples
        --------
        >>> ReceptiveField(size=(5, 3), jump=(2, 1), start=(-1, 0)).of(1, 4)
        (range(1, 6), range(4, 7))
        """
        places = as_int("i", i, 0), as_int("j", j, 0)
        firsts = [s + k * jump for s, k, jump in zip(self.start, places, self.jump, strict=True)]
        rows, columns = (
            range(first, first + size) for first, size in zip(firsts, self.size, strict=True)
        )
        return rows, columns

    def through(self, window: Window, input_size: int | Pair | None = None) -> ReceptiveField:
        """The field one layer further on.

        Parameters
        ----------
        window : Window
        input_size : int or (height, width), optional
            Of this layer's own input; only "same" depends on it.

        Raises
        ------
        TypeError, ValueError
            For a setting of the wrong form or range, or "same" without `input_size`.
        """
        if not isinstance(window, Window):
            raise TypeError(text("not_a_window", value=shown(window)))
        kernel = as_pair("kernel_size", window.kernel_size, 1)
        stride = as_pair("stride", window.stride, 1)
        dilation = as_pair("dilation", window.dilation, 1)
        padding = as_padding(window.padding)
        if padding == "same" and input_size is None:
            raise ValueError('padding="same" depends on the input size: give input_size.')
        if isinstance(padding, str):
            size = 1 if input_size is None else input_size
            padding = resolve_padding(padding, size, kernel, stride, dilation)
        height, width = (
            (
                self.size[k] + dilation[k] * (kernel[k] - 1) * self.jump[k],
                self.jump[k] * stride[k],
                self.start[k] - padding[k][0] * self.jump[k],
            )
            for k in range(2)
        )
        size, jump, start = zip(height, width, strict=True)
        return ReceptiveField(size, jump, start)

    def merged(self, other: ReceptiveField) -> ReceptiveField:
        """The field where two branches meet: from the first to the last cell seen by either.

        If one branch's field lies within the other's, as with padding that keeps both centred,
        this is the larger of the two.

        Raises
        ------
        TypeError
            If `other` is no ReceptiveField.
        ValueError
            If the branches differ in their jumps, so that no one field moves with the output.

        Examples
        --------
        A 1 x 1 and a padded 3 x 3 convolution, side by side:

        >>> ReceptiveField().through(Window(3, padding=1)).merged(ReceptiveField())
        ReceptiveField(size=(3, 3), jump=(1, 1), start=(-1, -1))
        """
        if not isinstance(other, ReceptiveField):
            raise TypeError(text("not_a_field", value=shown(other)))
        if self.jump != other.jump:
            raise ValueError(
                f"Branches that meet must have the same jump, but have {self.jump} "
                f"and {other.jump}."
            )
        (top, bottom), (left, right) = (
            (
                min(self.start[k], other.start[k]),
                max(self.start[k] + self.size[k], other.start[k] + other.size[k]),
            )
            for k in range(2)
        )
        return ReceptiveField((bottom - top, right - left), self.jump, (top, left))
