"""What the still of a photograph shows, before anything is drawn.

The twin of the browser's image-shades.js and image-words.js.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np

from convviz.axis import Axis
from convviz.catalogue import text
from convviz.stills.numerals import tiny
from convviz.stills.scene import Cell
from convviz.stills.words import problems

Show = Literal["clip", "grey", "magnitude"]

_MID_GREY = 128


@dataclass(frozen=True, eq=False)
class ImageScene:
    """A picture, a kernel, and the result.

    Attributes
    ----------
    image : (H, W) or (H, W, 3) ndarray of uint8
    kernel : (kH, kW) ndarray
    output : (H_out, W_out) or (H_out, W_out, 3) ndarray, or None
        None if the kernel does not fit.
    height, width : Axis
    divisor : int
    show : "clip", "grey" or "magnitude"

    Examples
    --------
    >>> image, kernel = np.array([[9, 0, 250]], np.uint8), np.array([[-1, 1]])
    >>> axes = Axis(input=1, kernel=1), Axis(input=3, kernel=2)
    >>> scene = ImageScene(image, kernel, np.array([[-9, 250]]), *axes, show="grey")
    >>> scene.after[:, :, 0].tolist()
    [[119, 255]]
    >>> scene.shown_how.split(": ")[-1]
    'of these 2 numbers, 0 lie below and are shown as 0, 1 lie above and are shown as 255.'
    """

    image: np.ndarray
    kernel: np.ndarray
    output: np.ndarray | None
    height: Axis
    width: Axis
    divisor: int = 1
    show: Show = "clip"

    @property
    def problems(self) -> list[str]:
        """Why there is no output; empty if there is one."""
        return problems(self.height, self.width)

    @property
    def before(self) -> np.ndarray:
        """The picture as it came, of shape (H, W, 3)."""
        return _in_colour(self.image)

    @property
    def after(self) -> np.ndarray | None:
        """The result as a screen can show it, of shape (H_out, W_out, 3)."""
        levels = self._levels
        return None if levels is None else _in_colour(np.rint(levels).clip(0, 255).astype(np.uint8))

    @property
    def captions(self) -> tuple[str, str]:
        """What stands above the two pictures."""
        height, width = self.height, self.width
        before = text("image_before", height=height.input, width=width.input)
        return before, text("image_after", height=height.output, width=width.output)

    @property
    def settings(self) -> list[str]:
        """What else makes the result what it is, in symbols."""
        stride, dilation = self.height.stride, self.height.dilation
        return [
            *([f"÷ {self.divisor}"] if self.divisor != 1 else []),
            *([f"stride = {stride}"] if stride != 1 else []),
            *([f"dilation = {dilation}"] if dilation != 1 else []),
        ]

    @property
    def shown_how(self) -> str:
        """How results become brightness, and how many of them are cut off; empty of none."""
        levels = self._levels
        if levels is None:
            return ""
        below, above = int((levels < 0).sum()), int((levels > 255).sum())
        key = "image_cut" if below + above else "image_cut_none"
        cut = text(key, count=levels.size, below=below, above=above)
        return f"{text(f'image_shown_{self.show}')} {cut}"

    @property
    def weights(self) -> dict[tuple[int, int], Cell]:
        """The cells of the kernel, by row and column."""
        columns = self.kernel.shape[1]
        return {
            (u, v): Cell(tiny(weight), ("weight", u * columns + v))
            for u, row in enumerate(self.kernel.tolist())
            for v, weight in enumerate(row)
        }

    @cached_property
    def _levels(self) -> np.ndarray | None:
        """What is to be shown of the results, before it is rounded and cut."""
        if self.output is None:
            return None
        if self.show == "grey":
            return self.output + _MID_GREY
        return np.abs(self.output) if self.show == "magnitude" else self.output


def _in_colour(values: np.ndarray) -> np.ndarray:
    return np.broadcast_to(np.atleast_3d(values), (*values.shape[:2], 3))
