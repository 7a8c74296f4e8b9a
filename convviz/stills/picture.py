"""A still drawn: from a scene to pixels, each of them an index into one palette."""

from __future__ import annotations

import math
from collections.abc import Iterable
from functools import cache

import numpy as np
from PIL import Image, ImageDraw

from convviz.stills.colours import FULL, HATCH, LINE, MUTED, SHADE, Palette
from convviz.stills.layout import Box, Layout
from convviz.stills.lettering import Face, digit_height, draw_text, width_of
from convviz.stills.scene import Cell, Place, Step
from convviz.stills.typesetting import Piece, Run


class Picture:
    """All frames of a scene, drawn one by one on sheets of the same size and with one palette.

    What a step does not change is drawn once, and so is each cell: the next cell that looks the
    same is a copy.

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
        self._tiles: dict[tuple, np.ndarray] = {}
        self._written: dict[Piece, tuple] = {}
        self._sheet = self._draw_sheet()
        self._sheets: dict[int, np.ndarray] = {}

    def draw(self, step: Step) -> np.ndarray:
        """The palette index of every pixel, of shape (height, width), uint8."""
        c_out = step.frame.at[0]
        if c_out not in self._sheets:
            self._sheets = {c_out: self._draw_channel_sheet(c_out)}
        pixels = self._sheets[c_out].copy()
        if step.taken is None:
            return pixels
        scene, layout = self.scene, self.layout
        self._draw_cells(pixels, scene.window_cells(step.taken))
        self._draw_cells(pixels, scene.product_cells(step.taken))
        self._draw_cells(pixels, scene.output_cells(step.frame))
        for channel, number in scene.partial_sums(step.taken).items():
            self._outline_window(pixels, channel, step)
            self._write(pixels, layout.partial(channel, number))
        self._write(pixels, layout.sum_line(step))
        self._write(pixels, layout.note(step))
        return pixels

    # What several frames have in common

    def _draw_sheet(self) -> np.ndarray:
        """All that no frame changes."""
        layout = self.layout
        pixels = np.full(layout.size[::-1], self.palette.grey(0), np.uint8)
        if layout.alert:
            self._draw_alert(pixels, layout.alert)
        self._write(pixels, layout.fixed)
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
            self._draw_swatch(pixels, kind, box)
        return pixels

    def _draw_channel_sheet(self, c_out: int) -> np.ndarray:
        """That, and what the frames of one output channel have in common."""
        pixels, layout, scene = self._sheet.copy(), self.layout, self.scene
        if scene.too_large:
            return pixels
        read = scene.convolution.channels_read(c_out)
        for channel, row in enumerate(layout.rows):
            if channel not in read:
                self._write(pixels, layout.absent(channel, c_out))
                continue
            self._write(pixels, row.before_kernel)
            self._rule_grid(pixels, Place("kernel", channel, 0, 0), "kernel")
            if scene.fits:
                self._write(pixels, row.before_products)
                self._rule_grid(pixels, Place("product", channel, 0, 0), "kernel")
                left, _, right, bottom = row.partial
                pixels[bottom - 2 * layout.line : bottom, left:right] = self.palette.grey(FULL)
        self._draw_cells(pixels, scene.kernel_cells(c_out))
        if scene.fits:
            for channel in range(len(layout.captions)):
                self._write(pixels, layout.caption(channel, c_out))
        return pixels

    # The things that are drawn

    def _write(self, pixels: np.ndarray, runs: Iterable[Run]) -> None:
        for x, y, piece in runs:
            if piece.padding:
                self._draw_result_box(pixels, x, y, piece)
            shades, where, left, top = self._letters(piece._replace(space=0, drop=0))
            top, left = round(y) + top, round(x) + left
            area = pixels[top : top + where.shape[0], left : left + where.shape[1]]
            np.copyto(area, shades, where=where)

    def _letters(self, piece: Piece) -> tuple[np.ndarray, np.ndarray, int, int]:
        """The palette indices of a text, which pixels they are for, and where it lies."""
        if piece not in self._written:
            coverage, left, top = draw_text(piece.text, piece.face)
            shades = self.palette.ramp(piece.ramp)[np.round(coverage * piece.strength).astype(int)]
            self._written[piece] = shades, coverage > 0, left, top
        return self._written[piece]

    def _draw_cells(self, pixels: np.ndarray, cells: dict[Place, Cell]) -> None:
        for place, cell in cells.items():
            left, top, right, bottom = self.layout.box_of(place)
            pixels[top:bottom, left:right] = self._tile(cell, self.layout.faces[place.grid])

    def _tile(self, cell: Cell, face: Face | None) -> np.ndarray:
        """A cell with the lines at its right and bottom."""
        key = cell, face
        if key not in self._tiles:
            self._tiles[key] = self._draw_tile(cell, face)
        return self._tiles[key]

    def _draw_tile(self, cell: Cell, face: Face | None) -> np.ndarray:
        size, line = self.layout.cell, self.layout.line
        side = size - line
        paper = np.full((size, size), SHADE if cell.fill == "shade" else 0.0)
        if cell.hatched:
            paper += (1 - paper) * HATCH * _hatching(size, size, self.layout.scale)
        ink = _number(cell, face, size, side) * (MUTED if cell.muted else FULL)
        on_paper = cell.fill in ("paper", "shade")
        ramp = self.palette.ramp("ink" if on_paper else cell.fill)
        coverage = paper + (1 - paper) * ink if on_paper else ink
        tile = ramp[np.round(255 * coverage).astype(np.uint8)]
        if cell.fill == "result":
            thick = self.layout.heavy
            accent = self.palette.ramp("O")[255]
            inner = tile[thick : side - thick, thick : side - thick].copy()
            tile[:side, :side] = accent
            tile[thick : side - thick, thick : side - thick] = inner
        tile[side:] = tile[:, side:] = self.palette.grey(LINE)
        return tile

    def _rule_grid(self, pixels: np.ndarray, first: Place, shape: str) -> None:
        """The lines at the top and left of a grid; the cells bring the others."""
        height, width, line = self.scene.height, self.scene.width, self.layout.line
        rows, columns = {
            "input": (height.padded, width.padded),
            "kernel": (height.kernel, width.kernel),
            "output": (height.output, width.output),
        }[shape]
        left, top, right, bottom = self.layout.box_of(first, rows, columns)
        grey = self.palette.grey(LINE)
        pixels[top - line : top, left - line : right] = grey
        pixels[top - line : bottom, left - line : left] = grey

    def _first_cell(self) -> tuple[int, int]:
        return -self.scene.height.padding[0], -self.scene.width.padding[0]

    def _outline_window(self, pixels: np.ndarray, channel: int, step: Step) -> None:
        """A heavy line around the cells that the kernel spans."""
        rows, columns = step.taken.rows, step.taken.columns
        first, line = Place("input", channel, rows[0], columns[0]), self.layout.line
        span = self.scene.height.span, self.scene.width.span
        left, top, right, bottom = self.layout.box_of(first, *span)
        thick = self.layout.heavy
        ink = self.palette.grey(FULL)
        left, top = left - line, top - line
        pixels[top : top + thick, left:right] = ink
        pixels[bottom - thick : bottom, left:right] = ink
        pixels[top:bottom, left : left + thick] = ink
        pixels[top:bottom, right - thick : right] = ink

    def _draw_result_box(self, pixels: np.ndarray, x: float, y: float, piece: Piece) -> None:
        scale = self.layout.scale
        padding, size = piece.padding, piece.face.size
        left, right = round(x - padding), round(x + width_of(piece.text, piece.face) + padding)
        top, bottom = round(y - 1.1 * size), round(y + 0.42 * size)
        height, width = bottom - top, right - left
        area = pixels[top:bottom, left:right]
        edge = max(round(2 * scale), 1)
        outer = _rounded(height, width, round(5 * scale))
        np.copyto(area, self.palette.ramp("O")[outer], where=outer > 0)
        inner = _rounded(height - 2 * edge, width - 2 * edge, round(3 * scale)) > 127
        area[edge:-edge, edge:-edge][inner] = self.palette.ramp("result")[0]

    def _draw_alert(self, pixels: np.ndarray, box: Box) -> None:
        left, top, right, bottom = box
        accent, line = self.palette.ramp("O")[255], self.layout.line
        pixels[top:bottom, left:right] = accent
        pixels[top + line : bottom - line, left + 5 * line : right - line] = self.palette.grey(0)

    def _draw_swatch(self, pixels: np.ndarray, kind: str, box: Box) -> None:
        height, width, line = box.bottom - box.top, box.right - box.left, self.layout.line
        coverage = np.full((height, width), SHADE)
        if kind == "unread":
            coverage = HATCH * _hatching(height, width, self.layout.scale)
        for edge in coverage[:line], coverage[-line:], coverage[:, :line], coverage[:, -line:]:
            edge[:] = LINE
        shades = self.palette.ramp("ink")[np.round(255 * coverage).astype(np.uint8)]
        pixels[box.top : box.bottom, box.left : box.right] = shades


def _number(cell: Cell, face: Face | None, size: int, side: int) -> np.ndarray:
    """How much of each pixel of a cell its number covers, from 0 to 1."""
    ink = np.zeros((size, size))
    if face is None:
        return ink
    if cell.bold:
        face = face._replace(style="bold")
    mask = draw_text(cell.text, face)
    height, width = mask.coverage.shape
    left = round((side - width_of(cell.text, face)) / 2) + mask.left
    top = round((side + digit_height(face)) / 2) + mask.top
    ink[top : top + height, left : left + width] = mask.coverage / 255
    return ink


@cache
def _hatching(height: int, width: int, scale: float) -> np.ndarray:
    """Lines from the top left to the bottom right, one unit wide and four apart: their coverage."""
    rows, columns = np.mgrid[:height, :width] + 0.5
    across = (columns + height - rows) / math.sqrt(2) / scale % 4
    # A pixel's share of the line: by how far its middle lies within, blurred by one pixel.
    return np.clip((0.5 - abs(across - 3.5)) * scale + 0.5, 0, 1)


@cache
def _rounded(height: int, width: int, radius: int) -> np.ndarray:
    """The coverage of a rectangle with rounded corners."""
    times = 4
    image = Image.new("L", (width * times, height * times))
    ImageDraw.Draw(image).rounded_rectangle(
        (0, 0, width * times - 1, height * times - 1), radius * times, fill=255
    )
    return np.asarray(image.reduce(times))
