"""Where everything stands in the overview of an axis: all of it to scale, in pixels."""

from __future__ import annotations

from convviz.axis import Axis
from convviz.stills.page import Box
from convviz.stills.strip import is_outlined, output_width, overview_scale, ticks, unread_runs

# From top to bottom, in units: caption, indices, input, cone, output, indices, caption.
CAPTION, INPUT, OUTPUT = 13, (40, 60), (94, 106)
OUTPUT_CAPTION, FIELD_BEND, BOTTOM = 138, 146, 172
#: Below the input, where the kernel does not fit and there is no output.
KERNEL, KERNEL_CAPTION, BOTTOM_WITHOUT_OUTPUT = (68, 88), 106, 118

_LEFT = 1
_FIELD_ABOVE, _END_BEYOND = 4, 6  # the input and the kernel
_TICK = 4
_LABEL_ABOVE, _LABEL_BELOW = 8, 15  # from the strip to the line that an index stands on

Stretch = tuple[int, int]
"""A left and a right edge."""


class Overview:
    """The padded input with the window on it, and the outputs below.

    Parameters
    ----------
    axis : Axis
    position : int
        The output that is shown.
    left, top : float
        The corner, in pixels.
    width : float
        The room that there is, in units.
    scale : float
        Pixels to a unit.

    Attributes
    ----------
    input, window : Box
        If the kernel does not fit, its window lies below the input.
    inside : (left, right)
        The edges of the input without its padding.
    boundaries : list of int
        Where one input cell ends and another begins; none if cells are too narrow for lines.
    kernel, unread : list of (left, right)
        Each cell of the kernel, and each run of cells that no output reads.
    outputs : list of Box
    labels : list of (text, middle, baseline, tick)
        The indices of some cells, with the little lines that lead to them.
    bottom : int
    """

    def __init__(
        self, axis: Axis, position: int, left: float, top: float, width: float, scale: float
    ):
        self._axis, self._left, self._top, self._scale = axis, left, top, scale
        self._cell = overview_scale(axis, width)
        before, start = axis.padding[0], position * axis.stride if axis.fits else 0
        self.input = self._box(self.stretch(0, axis.padded), INPUT)
        rows = INPUT if axis.fits else KERNEL
        self.window = self._box(self.stretch(start, start + axis.span), rows)
        self.inside = self.stretch(before, before + axis.input)
        lines = range(1, axis.padded) if is_outlined(self._cell) else ()
        self.boundaries = [self._x(place) for place in lines]
        cells = range(start, start + axis.span, axis.dilation)
        self.kernel = [self.stretch(place, place + 1) for place in cells]
        self.unread = [self.stretch(*run) for run in unread_runs(axis)] if axis.fits else []
        self.outputs = [self._box(self._output(i), OUTPUT) for i in range(axis.output)]
        self.labels = self._input_labels() + self._output_labels()
        self.bottom = self.y(BOTTOM if axis.fits else BOTTOM_WITHOUT_OUTPUT)

    def y(self, units: float) -> int:
        """So far below the top."""
        return round(self._top + units * self._scale)

    def stretch(self, start: int, end: int) -> Stretch:
        """The places from `start` to before `end`; something of them is always seen."""
        left = self._x(start)
        return left, max(self._x(end), left + 1)

    @property
    def field(self) -> tuple[int, int]:
        """From where to where it is marked what the lens enlarges, before that widens."""
        return self.y(INPUT[0] - _FIELD_ABOVE), self.y(FIELD_BEND)

    @property
    def end(self) -> tuple[int, int, int]:
        """The line at the end of an input that the kernel does not fit: x, top and bottom."""
        return self.input.right, self.y(INPUT[0] - _END_BEYOND), self.y(KERNEL[1] + _END_BEYOND)

    def _x(self, place: float) -> int:
        return round(self._left + (_LEFT + place * self._cell) * self._scale)

    def _box(self, stretch: Stretch, rows: tuple[float, float]) -> Box:
        return Box(stretch[0], self.y(rows[0]), stretch[1], self.y(rows[1]))

    def _output(self, i: int) -> Stretch:
        """As wide as an input cell, in the middle of the window that it is made from."""
        axis, width = self._axis, output_width(self._axis, self._cell)
        middle = i * axis.stride + axis.span / 2
        left, right = (self._x(middle + side * width / self._cell / 2) for side in (-1, 1))
        if axis.stride * self._cell - width > 0.1:  # apart, and so all of them equally wide
            right = left + round(width * self._scale)
        return left, max(right, left + 1)

    def _input_labels(self) -> list[tuple[str, float, int, Box]]:
        top, before = INPUT[0], self._axis.padding[0]
        return [
            self._label(k, before + k + 0.5, top - _LABEL_ABOVE, (top - _TICK, top))
            for k in ticks(self._axis.input, self._cell)
        ]

    def _output_labels(self) -> list[tuple[str, float, int, Box]]:
        axis, bottom = self._axis, OUTPUT[1]
        if not axis.fits:
            return []
        return [
            self._label(
                i,
                i * axis.stride + axis.span / 2,
                bottom + _LABEL_BELOW,
                (bottom, bottom + _TICK),
            )
            for i in ticks(axis.output, axis.stride * self._cell)
        ]

    def _label(
        self, index: int, place: float, baseline: float, rows: tuple[float, float]
    ) -> tuple[str, float, int, Box]:
        x, line = self._x(place), max(round(self._scale), 1)
        tick = self._box((x - line // 2, x - line // 2 + line), rows)
        return str(index), x, self.y(baseline), tick
