"""Text as coverage: how wide it is, and how much of each pixel it covers.

The letters are drawn by Pillow with fonts that come with matplotlib, so that a picture is the same
on every machine. What has been drawn once is kept: numbers come again and again.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache, lru_cache
from pathlib import Path
from typing import Literal, NamedTuple

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from convviz.stills.colours import LEVELS

Style = Literal["sans", "bold", "serif", "serif italic", "serif bold", "serif bold italic"]

_FILES: dict[Style, str] = {
    "sans": "DejaVuSans.ttf",
    "bold": "DejaVuSans-Bold.ttf",
    "serif": "STIXGeneral.ttf",
    "serif italic": "STIXGeneralItalic.ttf",
    "serif bold": "STIXGeneralBol.ttf",
    "serif bold italic": "STIXGeneralBolIta.ttf",
}

_FULLEST = 0.97  # the width of a number, as a share of the room that it has
_LEGIBLE = 6  # pixels; smaller letters are left out

_ROUNDED = np.round(np.round(np.arange(256) * (LEVELS / 255)) * (255 / LEVELS)).astype(np.uint8)


class Face(NamedTuple):
    """A font at a size, in pixels."""

    style: Style
    size: float


class Mask(NamedTuple):
    """Drawn text: the coverage of each pixel, and where it lies from the start of its baseline."""

    coverage: np.ndarray
    left: int
    top: int


@lru_cache(maxsize=4096)
def width_of(text: str, face: Face) -> float:
    """How far the next letter begins after the first."""
    return _font(face).getlength(text)


@lru_cache(maxsize=4096)
def draw_text(text: str, face: Face) -> Mask:
    """`text` in one line, its coverage rounded to one of a few levels."""
    left, top, right, bottom = _bounds(text, face)
    image = Image.new("L", (max(right - left, 1), max(bottom - top, 1)))
    ImageDraw.Draw(image).text((-left, -top), text, 255, font=_font(face), anchor="ls")
    return Mask(_ROUNDED[np.asarray(image)], left, top)


def fit_face(texts: Iterable[str], *, room: float, most: float, bold: bool = False) -> Face | None:
    """Letters small enough that every text is at most `room` wide; None if nobody could read them.

    Parameters
    ----------
    texts : iterable of str
    room, most : float
        The width of a text and the size of its letters may be this much, in pixels.
    bold : bool
        Whether some of the texts are to be written in bold.
    """
    style: Style = "bold" if bold else "sans"
    widest = max((width_of(shown, Face(style, 100)) / 100 for shown in texts), default=1)
    size = min(most, _FULLEST * room / max(widest, 0.01))
    return Face("sans", size) if size >= _LEGIBLE else None


@lru_cache(maxsize=256)
def digit_height(face: Face) -> int:
    """How far a digit rises above the baseline."""
    return -_bounds("0", face)[1]


def _bounds(text: str, face: Face) -> tuple[int, int, int, int]:
    """Left, top, right and bottom, from the start of the baseline: whole pixels in this layout."""
    left, top, right, bottom = map(int, _font(face).getbbox(text, anchor="ls"))
    return left, top, right, bottom


@lru_cache(maxsize=256)
def _font(face: Face) -> ImageFont.FreeTypeFont:
    # The basic layout is in every build of Pillow; the other one isn't, and differs in spacing.
    path = _folder() / _FILES[face.style]
    return ImageFont.truetype(str(path), face.size, layout_engine=ImageFont.Layout.BASIC)


@cache
def _folder() -> Path:
    import matplotlib

    return Path(matplotlib.get_data_path(), "fonts", "ttf")
