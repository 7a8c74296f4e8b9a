"""How the grids stand to each other, and how large their cells are, on a sheet of a still's width.

All lengths are in units: CSS pixels, as the explorer has them.
"""

from __future__ import annotations

from typing import Literal

from convviz.catalogue import text
from convviz.stills.lettering import Face, width_of
from convviz.stills.page import CAPTION, CAPTION_HEIGHT, MARGIN, SIGN_WIDTH, WIDEST
from convviz.stills.scene import Scene

BELOW_ROW, BETWEEN_MAPS, BEFORE_OUTPUTS = 12, 24, 48

_LARGEST, _COMFORTABLE, _SMALLEST = 36, 28, 23  # cells
_TALLEST, _TALLEST_OF_ALL = 900, 4000  # rows of all channels, in large cells and in the smallest

Mode = Literal["beside", "below", "kernels below"]


class Arrangement:
    """The mode and the size of a cell.

    As layout.js has it: everything side by side if the cells stay comfortable, else the outputs
    below, else the kernels below their inputs too.

    Parameters
    ----------
    scene : Scene
    partial_width : float
        Room for the sum of the products of a channel.

    Attributes
    ----------
    mode : "beside", "below" or "kernels below"
    cell : int
    """

    def __init__(self, scene: Scene, partial_width: float):
        self._scene, self._partial_width = scene, partial_width
        rows = len(scene.convolution.input) * scene.height.padded
        smallest = min(_SMALLEST, max(_TALLEST_OF_ALL // rows, 1))
        largest = int(min(_LARGEST, max(_TALLEST / rows, smallest)))
        comfortable = min(largest, _COMFORTABLE)
        modes: tuple[Mode, ...] = ("beside", "below", "kernels below")
        tries = [(mode, cell) for mode in modes for cell in range(largest, comfortable - 1, -1)]
        tries += [(mode, cell) for cell in range(comfortable - 1, 0, -1) for mode in modes[1:]]
        for self.mode, self.cell in tries:
            if self.width <= WIDEST - 2 * MARGIN:
                break

    @property
    def width(self) -> float:
        """Of all grids together."""
        height, width, cell = self._scene.height, self._scene.width, self.cell
        arithmetic = 3 * SIGN_WIDTH + self._partial_width + 2 * width.kernel * cell
        if self.mode == "kernels below":
            channels = max(self.input_width, arithmetic)
        else:
            channels = self.input_width + arithmetic
        if not self._scene.fits:
            return channels
        if self.mode != "beside":
            return max(channels, self.map_width)
        around = CAPTION_HEIGHT + BELOW_ROW
        row = max(height.padded, height.kernel) * cell + around
        rows = len(self._scene.convolution.input) * row
        per_column = max(int(rows / (height.output * cell + around)), 1)
        columns = -(-len(self._scene.convolution.weight) // per_column)
        outputs = columns * (self.map_width + BETWEEN_MAPS) - BETWEEN_MAPS
        return channels + BEFORE_OUTPUTS + outputs

    @property
    def input_width(self) -> float:
        """Of an input channel with its caption."""
        last = len(self._scene.convolution.input) - 1
        caption = width_of(text("input_channel", channel=last), Face("sans", CAPTION))
        return max(self._scene.width.padded * self.cell, caption)

    @property
    def map_width(self) -> float:
        """Of an output channel with its caption."""
        last = len(self._scene.convolution.weight) - 1
        key = "output_channel_shown" if last else "output_channel"
        caption = width_of(text(key, channel=last), Face("bold", CAPTION))
        return max(self._scene.width.output * self.cell, caption)
