"""What a still shows, before anything is drawn: which number stands in which cell, and how."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal, NamedTuple

import numpy as np

from convviz.catalogue import text
from convviz.geometry import make_axes, source_index
from convviz.ops import conv2d
from convviz.stills.convolution import Convolution
from convviz.stills.numerals import short, tiny
from convviz.stills.words import Summand, formula_lines, problems, reads_sentence, summands
from convviz.trace import Trace, trace

#: More cells than this in all grids together are no picture.
MAX_CELLS = 10_000
#: Nor are more input channels, or more output channels, than this.
MAX_CHANNELS = 64
#: Nor are longer rows or columns.
MAX_SIDE = 200

Grid = Literal["input", "kernel", "product", "output"]


class Place(NamedTuple):
    """A cell's place; an input cell of row or column -1 is padding, and a kernel's is (u, v).

    Kernels and products are counted by the input channel that they belong to.
    """

    grid: Grid
    channel: int
    row: int
    col: int


class Cell(NamedTuple):
    """What stands in a cell, and how.

    `fill` is "paper", "shade" (padding), "result" (the output being made), or ("weight", k) and
    ("product", k) for the colours of weight k = u * kW + v.
    """

    text: str
    fill: str | tuple[str, int] = "paper"
    hatched: bool = False
    muted: bool = False
    bold: bool = False


@dataclass(frozen=True)
class Frame:
    """One position of the kernel: the output cell that is made.

    `reached` has for each output channel the row-major index of the last cell made already.
    """

    at: tuple[int, int, int]
    reached: tuple[int, ...]


class Step(NamedTuple):
    """A frame with the output cell that it makes taken apart; None without an output."""

    frame: Frame
    taken: Trace | None


class Scene:
    """A convolution with its geometry, its results and its words.

    Examples
    --------
    >>> from convviz.stills.convolution import take_convolution
    >>> scene = Scene(take_convolution(stride=2, padding=1))
    >>> cells = scene.cells(scene.frame(2, out_channel=1))
    >>> cells[Place("output", 1, 1, 0)]
    Cell(text='9', fill='result', hatched=False, muted=False, bold=True)
    >>> cells[Place("input", 0, 4, 4)].hatched
    True
    """

    def __init__(self, convolution: Convolution):
        self.convolution = convolution
        self.height, self.width = make_axes(
            convolution.input.shape[1:],
            convolution.weight.shape[2:],
            stride=convolution.stride,
            padding=convolution.padding,
            dilation=convolution.dilation,
        )
        self.formula = formula_lines(self.height, self.width)
        self.problems = problems(self.height, self.width, convolution.padding_mode)
        too_much = self._too_much()
        self.too_large = bool(too_much)
        self.problems += too_much
        self.fits = not self.problems

    @cached_property
    def output(self) -> np.ndarray:
        """All results, of shape (C_out, H_out, W_out)."""
        given = self.convolution
        return conv2d(given.input, given.weight, given.bias, **given.settings)

    @property
    def positions(self) -> int:
        """Cells of one output channel; 0 without an output."""
        return self.height.output * self.width.output if self.fits else 0

    def frame(self, position: int, out_channel: int) -> Frame:
        """The explorer's picture at a position: every output channel is made up to there."""
        at = (out_channel, *divmod(position, max(self.width.output, 1)))
        return Frame(at, (position,) * len(self.convolution.weight))

    def walk(self, out_channel: int | None) -> Iterator[Frame]:
        """Every position in turn; without an output channel, one channel after the other."""
        if out_channel is not None:
            yield from (self.frame(position, out_channel) for position in range(self.positions))
            return
        last, channels = self.positions - 1, len(self.convolution.weight)
        for c_out in range(channels):
            for position in range(self.positions):
                later = channels - c_out - 1
                reached = (last,) * c_out + (position,) + (-1,) * later
                yield replace(self.frame(position, c_out), reached=reached)

    def step(self, frame: Frame) -> Step:
        """A frame with the output cell that it makes taken apart."""
        return Step(frame, self.trace(frame) if self.fits else None)

    def trace(self, frame: Frame) -> Trace:
        """The output cell of a frame taken apart."""
        given = self.convolution
        return trace(given.input, given.weight, given.bias, at=frame.at, **given.settings)

    def cells(self, frame: Frame) -> dict[Place, Cell]:
        """Every cell of a frame."""
        cells = self.input_cells | self.kernel_cells(frame.at[0])
        if self.fits:
            taken = self.trace(frame)
            for lit in self.window_cells(taken), self.product_cells(taken):
                cells |= lit
            cells |= self.output_cells(frame)
        return cells

    @cached_property
    def input_cells(self) -> dict[Place, Cell]:
        """The padded input, no cell of which is under the kernel."""
        height, width, given = self.height, self.width, self.convolution
        rows = range(-height.padding[0], height.input + height.padding[1])
        columns = range(-width.padding[0], width.input + width.padding[1])
        unread = [set(axis.unread) if self.fits else () for axis in (height, width)]
        targets = [_inside(s, width.input, given.padding_mode) for s in columns]
        cells = {}
        for c, channel in enumerate(given.input.tolist()):
            for r in rows:
                row = _inside(r, height.input, given.padding_mode)
                values = [0 if -1 in (row, s) else channel[row][s] for s in targets]
                for s, value in zip(columns, values, strict=True):
                    inside = 0 <= r < height.input and 0 <= s < width.input
                    cells[Place("input", c, r, s)] = Cell(
                        tiny(value),
                        fill="paper" if inside else "shade",
                        hatched=r in unread[0] or s in unread[1],
                        muted=not inside,
                    )
        return cells

    def kernel_cells(self, c_out: int) -> dict[Place, Cell]:
        """The kernels of one output channel, on the input channels that it reads."""
        channels = self.convolution.channels_read(c_out)
        kernels = self.convolution.weight[c_out]
        return _coloured("kernel", "weight", channels, kernels)

    def product_cells(self, taken: Trace) -> dict[Place, Cell]:
        """The products that make an output cell."""
        return _coloured("product", "product", taken.channels, taken.products)

    def window_cells(self, taken: Trace) -> dict[Place, Cell]:
        """The input cells that make an output cell, each in the colour of its weight."""
        lit = _coloured("input", "weight", taken.channels, taken.window)
        return {
            place._replace(row=taken.rows[place.row], col=taken.columns[place.col]): cell
            for place, cell in lit.items()
        }

    def output_cells(self, frame: Frame) -> dict[Place, Cell]:
        """Every output channel: what is made already, what is made now, what is still to come."""
        cells = {}
        for c_out, channel in enumerate(self.output.tolist()):
            k = 0
            for i, row in enumerate(channel):
                for j, value in enumerate(row):
                    place = Place("output", c_out, i, j)
                    cells[place] = Cell(tiny(value), muted=k > frame.reached[c_out])
                    k += 1
        here = Place("output", *frame.at)
        cells[here] = Cell(cells[here].text, fill="result", bold=True)
        return cells

    def _too_much(self) -> list[str]:
        """What there is too much of for a picture, if anything."""
        height, width = self.height, self.width
        channels, filters = len(self.convolution.input), len(self.convolution.weight)
        one_channel = height.padded * width.padded + 2 * height.kernel * width.kernel
        cells = channels * one_channel + filters * height.output * width.output
        longest = max(height.padded, width.padded, height.kernel, width.kernel)
        found = []
        if longest > MAX_SIDE:
            found.append(text("still_too_long", cells=longest, most=MAX_SIDE))
        if cells > MAX_CELLS:
            found.append(text("still_too_many_cells", cells=cells, most=MAX_CELLS))
        if (most := max(channels, filters)) > MAX_CHANNELS:
            found.append(text("still_too_many_channels", channels=most, most=MAX_CHANNELS))
        return found

    def summands(self, taken: Trace) -> list[Summand]:
        """What is added to make an output cell."""
        return summands(taken.channels, taken.partial_sums.tolist(), taken.bias)

    def note(self, frame: Frame) -> str:
        """Which cells an output cell reads, in words."""
        return reads_sentence(self.convolution, self.height, self.width, frame.at)

    def partial_sums(self, taken: Trace) -> dict[int, str]:
        """The sum of the products of each input channel that is read."""
        return dict(zip(taken.channels, map(short, taken.partial_sums.tolist()), strict=True))


def _inside(k: int, size: int, padding_mode: str) -> int:
    """The index whose value stands at `k`; -1 is a zero, as where the mode has nothing to give."""
    source = source_index(k, size, padding_mode)
    return source if 0 <= source < size else -1


def _coloured(
    grid: Grid, fill: str, channels: Iterable[int], values: np.ndarray
) -> dict[Place, Cell]:
    return {
        Place(grid, channel, u, v): Cell(tiny(value), (fill, u * len(row) + v))
        for channel, rows in zip(channels, values.tolist(), strict=True)
        for u, row in enumerate(rows)
        for v, value in enumerate(row)
    }
