"""Pieces of text set in lines, broken where they must be."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from convviz.stills.colours import FULL
from convviz.stills.lettering import Face, width_of

#: So far below the middle of a line DejaVu's baseline lies, in sizes of the letters.
MIDDLE = 0.346

_LEADING = 1.4  # from line to line, in sizes of the letters


class Piece(NamedTuple):
    """A text, how it looks, and the space before it, in pixels.

    `ramp` names the colour, of which `strength` is taken; `drop` lowers it; `padding` is the room
    on each side of a text that has a box drawn around it.
    """

    text: str
    face: Face
    ramp: str = "ink"
    strength: float = FULL
    space: float = 0
    drop: float = 0
    padding: float = 0

    @property
    def width(self) -> float:
        """From the end of the piece before it to its own."""
        return self.space + width_of(self.text, self.face) + 2 * self.padding


class Run(NamedTuple):
    """A piece in its place: where its letters start, and their baseline, in pixels."""

    x: float
    y: float
    piece: Piece


def height_of(size: float) -> float:
    """The height of one line of letters of this size."""
    return size * _LEADING


def set_line(pieces: Iterable[Piece], x: float, top: float, size: float) -> list[Run]:
    """Pieces one after the other, in a line for letters of `size` that begins at (x, top)."""
    baseline = top + height_of(size) / 2 + size * MIDDLE
    runs = []
    for piece in pieces:
        runs.append(Run(x + piece.space + piece.padding, baseline + piece.drop, piece))
        x += piece.width
    return runs


def set_lines(
    chunks: Sequence[Sequence[Piece]],
    x: float,
    top: float,
    width: float,
    *,
    size: float,
    gap: float,
    leading: float = 0,
) -> tuple[list[Run], float]:
    """Chunks side by side, `gap` apart, in as many lines as `width` asks for; and their end.

    A chunk is not broken. `leading` is extra room between lines.
    """
    runs, at, first = [], x, True
    for chunk in chunks:
        wide = sum(piece.width for piece in chunk)
        if not first and at + gap + wide > x + width:
            at, first, top = x, True, top + height_of(size) + leading
        at += 0 if first else gap
        runs += set_line(chunk, at, top, size)
        at, first = at + wide, False
    return runs, top + height_of(size)
