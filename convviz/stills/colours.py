"""The explorer's colours on white paper, and the one palette that all pixels of a picture share.

A picture is made of palette indices from the start. Each pair of colours that meet, such as ink on
the tint of a weight, has a ramp of shades between them, so that letters have smooth edges without
any quantisation afterwards. The colours are those that style/explorer.css gives in JupyterLab's
light theme.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

import numpy as np

from convviz.stills.numerals import hue_of

RGB = tuple[int, int, int]

PAPER: RGB = (255, 255, 255)
INK: RGB = (33, 33, 33)
ACCENT: RGB = (184, 67, 10)
TERMS = {"P": (29, 95, 191), "F": (122, 53, 181), "D": (122, 53, 181), "S": (16, 107, 79)}
RESULT: RGB = (248, 229, 222)

# The greys, as shares of ink on paper.
FULL, MUTED, HATCH, LINE, SHADE = 1.0, 0.85, 0.3, 0.31, 0.095

# Coverage is told in quarters: smooth at the density of a still, and much smaller files.
LEVELS = 4

_SHARES = {"weight": 0.5, "product": 0.26}  # of a hue, mixed with white
_GREYS = 40
_SHADES = LEVELS
_MAX_HUES = 28
_SIZE = 255  # the last index of 256 is the GIF's transparent one


def tint(hue: float, share: float) -> RGB:
    """oklch(0.68 0.17 hue), mixed with white in oklab.

    Examples
    --------
    >>> tint(20, 0.5), tint(20, 0.26)
    ((253, 181, 180), (255, 217, 215))
    """
    angle = math.radians(hue)
    lightness = 1 - share * (1 - 0.68)
    a, b = (share * 0.17 * f(angle) for f in (math.cos, math.sin))
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    brief = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    linear = (
        4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * brief,
        -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * brief,
        -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * brief,
    )
    red, green, blue = (round(255 * _gamma(min(max(value, 0), 1))) for value in linear)
    return red, green, blue


def _gamma(value: float) -> float:
    return 12.92 * value if value <= 0.0031308 else 1.055 * value ** (1 / 2.4) - 0.055


class Palette:
    """The colours of one picture, and ramps of them.

    A ramp is a table of 256 palette indices, from none of a colour to all of it: what a letter's
    coverage of a pixel, 0 to 255, is looked up in.

    Parameters
    ----------
    weights : int
        Cells of a kernel. Beyond 28, neighbours share a hue: no eye can tell so many apart.
    fills : sequence of str
        What comes in the hues of the weights: "weight", "product" or both.
    size : int
        The most colours that there may be.

    Attributes
    ----------
    thirds : list of int
        Three weights, as far apart as may be.
    """

    def __init__(
        self, weights: int, fills: Sequence[str] = ("weight", "product"), size: int = _SIZE
    ):
        self.thirds = [k * weights // 3 for k in range(3)]
        self._index: dict[RGB, int] = {}
        self._ramps: dict[str | tuple[str, int], np.ndarray] = {}
        self._ramps["ink"] = self._ramp(PAPER, INK, _GREYS)
        self._ramps["result"] = self._ramp(RESULT, INK, _SHADES)
        for name, colour in {"O": ACCENT, **TERMS}.items():
            self._ramps[name] = self._ramp(PAPER, colour, _SHADES)
        hues = min(weights, _MAX_HUES)
        shades = min((size - len(self._index)) // (len(fills) * hues), _SHADES)
        tinted = {
            (fill, k): self._ramp(tint(hue_of(k, hues), _SHARES[fill]), INK, shades)
            for k in range(hues)
            for fill in fills
        }
        for k in range(weights):
            self._ramps |= {(fill, k): tinted[fill, k * hues // weights] for fill in fills}

    def ramp(self, name: str | tuple[str, int]) -> np.ndarray:
        """From the paper to "ink" or a term of the formula; from "result" or a tint to ink."""
        return self._ramps[name]

    def grey(self, share: float) -> int:
        """The index of a share of ink on paper."""
        return int(self._ramps["ink"][round(255 * share)])

    def add(self, colours: Iterable[RGB]) -> np.ndarray:
        """Take in more colours; the index of each."""
        return np.array([self._place(colour) for colour in colours], np.uint8)

    @property
    def colours(self) -> bytes:
        """Red, green and blue of every index."""
        return bytes(value for colour in self._index for value in colour)

    def _ramp(self, start: RGB, end: RGB, steps: int) -> np.ndarray:
        indices = []
        for k in range(steps + 1):
            red, green, blue = (
                round(a + (b - a) * k / steps) for a, b in zip(start, end, strict=True)
            )
            indices.append(self._place((red, green, blue)))
        nearest = np.round(np.arange(256) * (steps / 255)).astype(int)
        return np.array(indices, np.uint8)[nearest]

    def _place(self, colour: RGB) -> int:
        return self._index.setdefault(colour, len(self._index))
