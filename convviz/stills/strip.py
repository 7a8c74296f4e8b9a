"""How much of an axis is shown, and how large. The twin of the browser's strip-layout.js.

A *place* is a cell of the padded input, counted from 0; the input index of place k is
k - padding[0]. Lengths are in units.
"""

from __future__ import annotations

import math
from itertools import pairwise
from typing import NamedTuple

from convviz.axis import Axis

_ASIDE = 15  # beside the overview: the last index is written beyond the last cell
_LARGEST, _COMFORTABLE, _SMALLEST = 36, 30, 22  # cells
_FEW = 24  # so few cells are shown in the lens alone, even if they have to be small
_DIGIT = 6.5
_BETWEEN_TICKS, _BETWEEN_LABELS = 80, 8


class Lens(NamedTuple):
    """What the lens, which shows the cells around the kernel enlarged, can hold.

    `slots` cells of side `cell` stand side by side. `whole`: the padded input has no more than
    that. `cut`: the window has more, so that only its two ends are shown. Else `context` cells
    are shown on each side of the windows of `per_page` outputs.
    """

    cell: float
    slots: int
    whole: bool
    cut: bool
    context: int
    per_page: int


class LensPage(NamedTuple):
    """What the lens holds at one moment.

    `places` has one entry for each cell, None where the middle is cut out; they go from `start` to
    before `end`. `centres` has for each output whose window is shown in full the middle of that
    window, in cells from the left.
    """

    places: list[int | None]
    start: int
    end: int
    centres: dict[int, float]


def overview_scale(axis: Axis, width: float) -> float:
    """The side of a cell in the overview, so that input and kernel fit."""
    return min(_LARGEST, (width - _ASIDE) / max(axis.padded, axis.span))


def ticks(count: int, pitch: float) -> list[int]:
    """Which of the indices 0 ... count - 1, `pitch` apart, get a label: round ones, and the last.

    Examples
    --------
    >>> ticks(224, 3.4)
    [0, 50, 100, 150, 200, 223]
    """
    last = count - 1
    room = _label_width(last) + _BETWEEN_LABELS
    step = _round_step(_BETWEEN_TICKS / pitch)
    return [*(k for k in range(0, last, step) if (last - k) * pitch >= room), last]


def unread_runs(axis: Axis) -> list[tuple[int, int]]:
    """Cells that no output reads, as runs of places [from, to).

    Examples
    --------
    >>> unread_runs(Axis(input=9, kernel=2, stride=4))
    [(2, 4), (6, 9)]
    """
    places = [k + axis.padding[0] for k in axis.unread]
    starts = places[:1] + [b for a, b in pairwise(places) if b > a + 1]
    ends = [a + 1 for a, b in pairwise(places) if b > a + 1] + [k + 1 for k in places[-1:]]
    return list(zip(starts, ends, strict=True))


def make_lens(axis: Axis, width: float) -> Lens:
    """The lens for an axis that has an output.

    It holds everything, if that is little; else the window with the one before and the one after
    it, if they fit; else as much of them as fits.
    """
    before, after = axis.padding
    longest = max(_label_width(-before), _label_width(axis.input + after - 1))
    roomy = int(width / _COMFORTABLE)
    tight = int(width / max(_SMALLEST, longest + 4))
    wanted = axis.span + 2 * axis.stride
    count = roomy if wanted <= roomy else min(max(wanted, roomy), tight)
    if axis.padded <= max(roomy, min(tight, _FEW)):
        count = axis.padded
    count = min(count, axis.padded)
    cut = axis.span > count
    context = 0 if cut else min(axis.stride, (count - axis.span) // 2)
    per_page = 1 if cut else (count - axis.span - 2 * context) // axis.stride + 1
    return Lens(min(_LARGEST, width / count), count, count == axis.padded, cut, context, per_page)


def lens_page(axis: Axis, lens: Lens, i: int) -> LensPage:
    """The lens at output `i`; it stays where it is for several outputs."""
    stride, span, count = axis.stride, axis.span, lens.slots
    if lens.cut:
        head = (count - 1) // 2
        tail = count - 1 - head
        start, end = i * stride, i * stride + span
        places = [*range(start, start + head), None, *range(end - tail, end)]
        return LensPage(places, start, end, {i: head + 0.5})
    wished = i // lens.per_page * lens.per_page * stride - lens.context
    start = max(0, min(wished, axis.padded - count))
    first = -(-start // stride)
    last = min((start + count - span) // stride, axis.output - 1)
    centres = {k: k * stride - start + span / 2 for k in range(first, last + 1)}
    return LensPage(list(range(start, start + count)), start, start + count, centres)


def window_edges(axis: Axis, lens: Lens, page: LensPage, i: int) -> tuple[int, int]:
    """The edges of the window of output `i`, in cells of the lens."""
    if lens.cut:
        return 0, lens.slots
    start = i * axis.stride - page.start
    return start, start + axis.span


def output_width(axis: Axis, pixels: float) -> float:
    """How wide an output is in the overview: as an input cell, but never invisible."""
    gap = 1 if is_outlined(pixels) and axis.stride == 1 else 0
    return max(pixels, min(2, axis.stride * pixels)) - gap


def is_outlined(pixels: float) -> bool:
    """Whether cells are so wide that lines between them are not all that is seen."""
    return pixels >= 5


def _round_step(least: float) -> int:
    """The least of 1, 2, 5, 10, 20, 50 ... that is not below `least`."""
    if least <= 1:
        return 1
    power = 10 ** math.floor(math.log10(least))
    return power * next(k for k in (1, 2, 5, 10) if k * power >= least)


def _label_width(index: int) -> float:
    return len(str(index)) * _DIGIT
