"""The receptive field: which cells of a network's input one cell of its output depends on.

A layer with a window (a convolution, or a pooling) reads `kernel_size` cells along each axis,
`stride` cells further on for the next output. Through several of them this becomes a wider window
with a longer stride, whose formulas are those of A. Araujo, W. Norris and J. Sim, "Computing
Receptive Fields of Convolutional Neural Networks", Distill, 2019,
https://distill.pub/2019/computing-receptive-fields/
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from convviz.arguments import (
    AXIS_NAMES,
    Padding,
    Pair,
    as_int,
    as_padding,
    as_pair,
    entries,
    is_text,
    shown,
)
from convviz.axis import Axis
from convviz.catalogue import text
from convviz.geometry import make_axes, resolve_padding


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


def receptive_field(
    layers: Iterable[Window | Mapping[str, Any]], *, input_size: int | Pair | None = None
) -> ReceptiveField:
    """What a cell sees after a chain of layers.

    Layer by layer, with kernel F, stride S, padding P at the top or left and dilation D::

        size  := size + D (F - 1) jump
        start := start - P jump
        jump  := jump S

    Parameters
    ----------
    layers : iterable of Window or mapping
        From the input on. A mapping has the names of `Window`, ``{"kernel_size": 3, "stride": 2}``
        for instance. Layers without a window, as an activation, are left out.
    input_size : int or (height, width), optional
        Of the network. Only needed for padding "same", which depends on it.

    Returns
    -------
    ReceptiveField

    Raises
    ------
    TypeError, ValueError
        For a setting of the wrong form or range, "same" without `input_size`, or, with
        `input_size`, a kernel that does not fit. The message names the layer, from 0.

    See Also
    --------
    cells_seen : which of these cells exist, and are read.

    Examples
    --------
    Two 3 x 3 convolutions see as far as one of 5 x 5:

    >>> receptive_field([Window(3), Window(3)]).size
    (5, 5)

    With a pooling in between, further, and 2 cells further on for each output:

    >>> field = receptive_field([Window(3), Window(2, stride=2), Window(3)])
    >>> field
    ReceptiveField(size=(8, 8), jump=(2, 2), start=(0, 0))
    >>> field.of(0, 3)
    (range(0, 8), range(6, 14))
    """
    windows = _as_windows(layers)
    field = ReceptiveField()
    if input_size is None:
        for k, window in enumerate(windows):
            try:
                field = field.through(window)
            except (TypeError, ValueError) as error:
                raise type(error)(f"Layer {k}: {error}") from None
        return field
    for window, axes in zip(windows, _chain(windows, input_size), strict=True):
        field = field.through(window, (axes[0].input, axes[1].input))
    return field


def cells_seen(
    layers: Iterable[Window | Mapping[str, Any]], input_size: int | Pair, *, at: tuple[int, int]
) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """The rows and columns of the input on which output cell `at` depends, exactly.

    Unlike `ReceptiveField.of`, this leaves out what is outside of the input, what no kernel
    reaches, and what lies in the gaps of dilation or of a stride longer than the kernel.

    Parameters
    ----------
    layers : iterable of Window or mapping
        As for `receptive_field`.
    input_size : int or (height, width)
    at : (i, j)
        Row and column of the output.

    Returns
    -------
    rows, columns : tuple of int
        In ascending order; empty if the output cell sees nothing but padding.

    Raises
    ------
    TypeError, ValueError
        As `receptive_field` does, and if `at` is not a cell of the output.

    Examples
    --------
    >>> layers = [Window(3, stride=2, padding=1), Window(2, dilation=2)]
    >>> cells_seen(layers, (7, 9), at=(0, 2))
    ((0, 1, 3, 4, 5), (3, 4, 5, 7, 8))
    """
    chain = _chain(_as_windows(layers), input_size)
    place = entries(at)
    if place is None or len(place) != 2:
        raise ValueError(f"at must be the place of an output cell, (i, j), but is {shown(at)}.")
    outputs = [axis.output for axis in chain[-1]] if chain else as_pair("input_size", input_size, 1)
    seen = [
        np.array([as_int(f"at ({name})", index, 0, output - 1)])
        for name, index, output in zip("ij", place, outputs, strict=True)
    ]
    for axes in reversed(chain):
        for k, axis in enumerate(axes):
            cells = np.unique(axis.reads[seen[k]])
            seen[k] = cells[(cells >= 0) & (cells < axis.input)]
    return tuple(seen[0].tolist()), tuple(seen[1].tolist())


def _as_windows(layers: Iterable[Window | Mapping[str, Any]]) -> list[Window]:
    try:
        each = None if is_text(layers) else iter(layers)
    except Exception:  # a stranger's __iter__ may raise anything
        each = None
    if each is None:
        raise TypeError(text("no_layers", value=shown(layers)))
    return [_as_window(k, layer) for k, layer in enumerate(each)]


def _as_window(k: int, layer: object) -> Window:
    if type(layer) is not Window and isinstance(layer, Mapping):
        unknown = [name for name in layer if name not in Window._fields]
        if unknown or "kernel_size" not in layer:
            raise ValueError(
                f"Layer {k} must have kernel_size, and may have stride, padding and dilation, "
                f"but is {shown(dict(layer))}."
            )
        return Window(**layer)
    if not isinstance(layer, Window):
        raise TypeError(
            f"Layer {k} must be a Window, as Window(3, stride=2), or a mapping with its names, "
            f"but is {shown(layer)}."
        )
    return layer


def _chain(windows: list[Window], input_size: int | Pair) -> list[tuple[Axis, Axis]]:
    """Height and width of every layer, each layer's output being the next one's input."""
    size, chain = as_pair("input_size", input_size, 1), []
    for k, window in enumerate(windows):
        try:
            axes = make_axes(size, **window._asdict())
        except (TypeError, ValueError) as error:
            raise type(error)(f"Layer {k}: {error}") from None
        for name, axis in zip(AXIS_NAMES, axes, strict=True):
            if not axis.fits:
                raise ValueError(f"Layer {k}: {axis.misfit(name)}")
        chain.append(axes)
        size = axes[0].output, axes[1].output
    return chain
