"""The lines of a still as pieces of text: the formula and the sum."""

from __future__ import annotations

from convviz.stills.colours import MUTED
from convviz.stills.lettering import Face, Style
from convviz.stills.numerals import short
from convviz.stills.scene import Scene
from convviz.stills.typesetting import Piece
from convviz.stills.words import FormulaLine
from convviz.trace import Trace

#: Sizes of letters, in units.
BASE, FORMULA, SUM = 14, 19, 16

_REMARK = 13.5


def formula_chunks(line: FormulaLine, scale: float) -> tuple[list[list[Piece]], list[Piece]]:
    """The steps of the formula; and what is never read, of no piece if all is read."""
    chunks = []
    for step in line.steps:
        chunk = []
        for symbol, term, sub in step:
            upright = term is None or symbol.isdecimal() or symbol.startswith("−")
            style: Style = "serif" if upright else "serif italic"
            if term == "O":
                style = "serif bold" if upright else "serif bold italic"
            ramp = "ink" if term in (None, "W") else term
            chunk.append(Piece(symbol, Face(style, FORMULA * scale), ramp))
            if sub:
                small = Face("serif", 0.7 * FORMULA * scale)
                chunk.append(Piece(sub, small, ramp, drop=0.25 * FORMULA * scale))
        chunks.append(chunk)
    remark = Piece(line.remark, Face("sans", _REMARK * scale), strength=MUTED)
    return chunks, [remark] if line.remark else []


def sum_chunks(scene: Scene, taken: Trace, scale: float) -> list[list[Piece]]:
    """output[c_out, i, j] = partial sums + bias = value."""
    plain, bold = Face("sans", SUM * scale), Face("bold", SUM * scale)
    label, space = Face("sans", 0.82 * SUM * scale), 5 * scale
    chunks = [[Piece("output[{}, {}, {}] =".format(*taken.at), plain)]]
    for operator, number, name in scene.summands(taken):
        chunk = [
            Piece(number, bold, space=space if operator else 0),
            Piece(name, label, strength=MUTED, space=space),
        ]
        chunks.append([Piece(operator, plain), *chunk] if operator else chunk)
    result = Piece(short(taken.output), bold, "result", space=2 * space, padding=2.2 * space)
    chunks.append([Piece("=", plain), result])
    return chunks
