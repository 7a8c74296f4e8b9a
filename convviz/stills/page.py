"""A sheet of a still and the text on it, from top to bottom."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from convviz.catalogue import text
from convviz.stills.colours import FULL, MUTED
from convviz.stills.lettering import Face, Style, width_of
from convviz.stills.lines import BASE, FORMULA, formula_chunks
from convviz.stills.typesetting import MIDDLE, Piece, Run, height_of, set_line, set_lines
from convviz.stills.words import FormulaLine

#: The widest picture, and the white around it, in units.
WIDEST, MARGIN = 800, 10
#: A caption's letters, and the height of its line.
CAPTION, CAPTION_HEIGHT = 13, 19.5
#: Of × = Σ →, with the gaps around them.
SIGN_WIDTH = 32

_TEXT_WIDTH = 600  # lines of text may be this long, however small what they stand with is
_SIGN, _SWATCH = 17, 15


class Box(NamedTuple):
    """A rectangle of pixels."""

    left: int
    top: int
    right: int
    bottom: int

    def widened(self, by: int) -> Box:
        """The same, and so much more on all sides."""
        return Box(self.left - by, self.top - by, self.right + by, self.bottom + by)


class Page:
    """What all stills have: a margin, lines of text, a box with what is wrong, a legend.

    Parameters
    ----------
    scale : float
        Pixels to a unit (a CSS pixel of the explorer).

    Attributes
    ----------
    size : (width, height)
        In pixels; known when everything has its place.
    line : int
        The thickness of a line.
    fixed : list of Run
        Text that stays the same in all frames.
    swatches : dict of str to Box
        Of the legend, by what they stand for: "kernel", "padding" or "unread".
    alert : Box or None
        Around what is wrong with a setting.
    """

    def __init__(self, scale: float):
        self.scale = scale
        self.line = max(round(scale), 1)
        self.fixed: list[Run] = []
        self.swatches: dict[str, Box] = {}
        self.alert: Box | None = None
        self._left = self._right = self._px(MARGIN)
        self._text_width = 0.0

    def _px(self, units: float) -> float:
        return units * self.scale

    def _face(self, style: Style, units: float) -> Face:
        return Face(style, units * self.scale)

    def _fit_text_to(self, units: float) -> None:
        """Let lines of text be as long as what they stand with, within reason."""
        self._text_width = self._px(min(max(_TEXT_WIDTH, units), WIDEST - 2 * MARGIN))

    def _sign(self, symbol: str, x: float, middle: float) -> Run:
        """A sign between two grids, in the middle of its room, which begins at `x`."""
        face = self._face("sans", _SIGN)
        x += (self._px(SIGN_WIDTH) - width_of(symbol, face)) / 2
        return Run(x, middle + MIDDLE * face.size, Piece(symbol, face, strength=MUTED))

    def _end(self, y: float) -> None:
        """Cut the sheet to size below `y`."""
        self.left, self.right = round(self._left), round(self._right)
        self.size = (round(self._right + self._px(MARGIN)), round(y + self._px(MARGIN)))

    def _keep(self, runs: list[Run]) -> None:
        self.fixed += runs
        self._widen(runs)

    def _widen(self, runs: list[Run]) -> None:
        """Make the sheet wide enough for these."""
        for x, _, piece in runs:
            end = x + width_of(piece.text, piece.face) + piece.padding
            self._right = max(self._right, end)

    # Places, from top to bottom; each takes where it begins and gives where it ends.

    def _place_formula(self, lines: Iterable[FormulaLine], y: float) -> float:
        size, gap = self._px(FORMULA), self._px(9)
        for line in lines:
            chunks, remark = formula_chunks(line, self.scale)
            whole = sum(piece.width for piece in remark) <= self._text_width
            if remark and whole:
                chunks.append(remark)
            runs, y = set_lines(chunks, self._left, y, self._text_width, size=size, gap=gap)
            self._keep(runs)
            if not whole:
                y = self._place_sentence(line.remark, y)
        return y

    def _place_alert(self, sentences: Iterable[str], y: float) -> float:
        top, y = y + self._px(4), y + self._px(12)
        left, right = self._left, self._left + self._text_width
        for sentence in sentences:
            width = self._text_width - self._px(30)
            runs, y = self._set_sentence(sentence, left + self._px(18), y, width, FULL)
            self._keep(runs)
        self._right = max(self._right, right)
        self.alert = Box(*map(round, (left, top, right, y + self._px(8))))
        return self.alert.bottom + self._px(6)

    def _place_caption(self, words: str, x: float, y: float) -> float:
        piece = Piece(words, self._face("sans", CAPTION), strength=MUTED)
        self._keep(set_line([piece], x, y, self._px(CAPTION)))
        return y + self._px(CAPTION_HEIGHT)

    def _place_sentence(self, sentence: str, y: float) -> float:
        runs, y = self._set_sentence(sentence, self._left, y, self._text_width)
        self._keep(runs)
        return y

    def _place_legend(self, kinds: Sequence[str], y: float) -> float:
        face, size, side = self._face("sans", BASE), self._px(BASE), self._px(_SWATCH)
        x = self._left
        for kind in kinds:
            top = y + (height_of(size) - side) / 2
            self.swatches[kind] = Box(*map(round, (x, top, x + side, top + side)))
            piece = Piece(text(f"legend_{kind}"), face, strength=MUTED)
            runs = set_line([piece], x + side + self._px(6), y, size)
            self._keep(runs)
            x = runs[0].x + piece.width + self._px(18)
        return y + height_of(size) if kinds else y

    def _set_sentence(
        self, sentence: str, x: float, top: float, width: float, strength: float = MUTED
    ) -> tuple[list[Run], float]:
        """A sentence in as many lines as `width` asks for, and their end."""
        face = self._face("sans", BASE)
        chunks = [[Piece(word, face, strength=strength)] for word in sentence.split(" ")]
        return set_lines(chunks, x, top, width, size=face.size, gap=width_of(" ", face))
