"""A still drawn: from a scene to pixels, each of them an index into one palette."""

from __future__ import annotations

import numpy as np

from convviz.stills.colours import FULL, LINE, Palette
from convviz.stills.layout import Layout
from convviz.stills.page import Box
from convviz.stills.pen import Pen
from convviz.stills.scene import Cell, Place, Step
from convviz.trace import Trace


class Picture:
    """All frames of a scene, drawn one by one on sheets of the same size and with one palette.

    What a step does not change is drawn once.

    Parameters
    ----------
    layout : Layout
        Where everything stands on the sheets.
    """

    def __init__(self, layout: Layout):
        self.layout = layout
        self.scene = scene = layout.scene
        weights = 1 if scene.too_large else scene.height.kernel * scene.width.kernel
        self.palette = Palette(weights)
        self._pen = Pen(self.palette, layout.scale, layout.heavy)
        self._sheet = self._draw_sheet()
        self._sheets: dict[int, np.ndarray] = {}

    def draw(self, step: Step) -> np.ndarray:
        """The palette index of every pixel, of shape (height, width), uint8."""
        c_out = step.frame.at[0]
        if c_out not in self._sheets:
            self._sheets = {c_out: self._draw_channel_sheet(c_out)}
        pixels, taken = self._sheets[c_out].copy(), step.taken
        if taken is None:
            return pixels
        scene, layout = self.scene, self.layout
        self._draw_cells(pixels, scene.window_cells(taken))
        self._draw_cells(pixels, scene.product_cells(taken))
        self._draw_cells(pixels, scene.output_cells(step.frame))
        for channel, number in scene.partial_sums(taken).items():
            self._outline_window(pixels, channel, taken)
            self._pen.write(pixels, layout.partial(channel, number))
        self._pen.write(pixels, layout.sum_line(step))
        self._pen.write(pixels, layout.note(step))
        return pixels

    # What several frames have in common

    def _draw_sheet(self) -> np.ndarray:
        """All that no frame changes."""
        layout = self.layout
        pixels = np.full(layout.size[::-1], self.palette.grey(0), np.uint8)
        if layout.alert:
            self._pen.draw_alert(pixels, layout.alert)
        self._pen.write(pixels, layout.fixed)
        if self.scene.too_large:
            return pixels
        for channel in range(len(self.scene.convolution.input)):
            self._rule_grid(pixels, Place("input", channel, *self._first_cell()), "input")
        self._draw_cells(pixels, self.scene.input_cells)
        if self.scene.fits:
            for channel in range(len(self.scene.convolution.weight)):
                self._rule_grid(pixels, Place("output", channel, 0, 0), "output")
            left, right = layout.left, layout.right
            top = layout.rule_top
            pixels[top : top + layout.line, left:right] = self.palette.grey(LINE)
        for kind, box in layout.swatches.items():
            self._pen.draw_swatch(pixels, kind, box)
        return pixels

    def _draw_channel_sheet(self, c_out: int) -> np.ndarray:
        """That, and what the frames of one output channel have in common."""
        pixels, layout, scene = self._sheet.copy(), self.layout, self.scene
        if scene.too_large:
            return pixels
        read = scene.convolution.channels_read(c_out)
        for channel, row in enumerate(layout.rows):
            if channel not in read:
                self._pen.write(pixels, layout.absent(channel, c_out))
                continue
            self._pen.write(pixels, row.before_kernel)
            self._rule_grid(pixels, Place("kernel", channel, 0, 0), "kernel")
            if scene.fits:
                self._pen.write(pixels, row.before_products)
                self._rule_grid(pixels, Place("product", channel, 0, 0), "kernel")
                left, _, right, bottom = row.partial
                pixels[bottom - 2 * layout.line : bottom, left:right] = self.palette.grey(FULL)
        self._draw_cells(pixels, scene.kernel_cells(c_out))
        if scene.fits:
            for channel in range(len(layout.captions)):
                self._pen.write(pixels, layout.caption(channel, c_out))
        return pixels

    # The things that are drawn

    def _draw_cells(self, pixels: np.ndarray, cells: dict[Place, Cell]) -> None:
        for place, cell in cells.items():
            left, top, _, _ = self.layout.box_of(place)
            face = self.layout.faces[place.grid]
            self._pen.draw_cell(pixels, left, top, self.layout.cell, cell, face)

    def _rule_grid(self, pixels: np.ndarray, first: Place, shape: str) -> None:
        """The lines at the top and left of a grid; the cells bring the others."""
        height, width = self.scene.height, self.scene.width
        rows, columns = {
            "input": (height.padded, width.padded),
            "kernel": (height.kernel, width.kernel),
            "output": (height.output, width.output),
        }[shape]
        self._pen.rule_grid(pixels, self.layout.box_of(first, rows, columns))

    def _first_cell(self) -> tuple[int, int]:
        return -self.scene.height.padding[0], -self.scene.width.padding[0]

    def _outline_window(self, pixels: np.ndarray, channel: int, taken: Trace) -> None:
        """A heavy line around the cells that the kernel spans."""
        first = Place("input", channel, taken.rows[0], taken.columns[0])
        line = self.layout.line
        span = self.scene.height.span, self.scene.width.span
        left, top, right, bottom = self.layout.box_of(first, *span)
        box = Box(left - line, top - line, right, bottom)
        self._pen.outline(pixels, box, self.layout.heavy, self.palette.grey(FULL))
