"""What all stills draw with: letters, cells, swatches, boxes, in indices into one palette."""

from __future__ import annotations

import math
from collections.abc import Iterable
from functools import lru_cache

import numpy as np
from PIL import Image, ImageDraw

from convviz.stills.colours import FULL, HATCH, LINE, MUTED, SHADE, Palette
from convviz.stills.lettering import Face, digit_height, draw_text, width_of
from convviz.stills.page import Box
from convviz.stills.scene import Cell
from convviz.stills.typesetting import Piece, Run


class Pen:
    """Draws onto pages of palette indices, (height, width) uint8 arrays.

    Each text and each cell is drawn once: the next that looks the same is a copy.

    Parameters
    ----------
    palette : Palette
    scale : float
        Pixels to a unit.
    heavy : int
        The thickness of the line around a result, in pixels.
    """

    def __init__(self, palette: Palette, scale: float, heavy: int):
        self.palette, self.heavy = palette, heavy
        self.line = max(round(scale), 1)
        self._scale = scale
        self._tiles: dict[tuple[Cell, int, Face | None], np.ndarray] = {}
        self._written: dict[Piece, tuple[np.ndarray, np.ndarray, int, int]] = {}

    def write(self, page: np.ndarray, runs: Iterable[Run]) -> None:
        """Write text where it stands."""
        for x, y, piece in runs:
            if piece.padding:
                self._draw_result_box(page, x, y, piece)
            shades, where, left, top = self._letters(piece._replace(space=0, drop=0))
            top, left = round(y) + top, round(x) + left
            area = page[top : top + where.shape[0], left : left + where.shape[1]]
            np.copyto(area, shades, where=where)

    def fill(self, page: np.ndarray, box: Box, index: int) -> None:
        """Fill a rectangle."""
        page[box.top : box.bottom, box.left : box.right] = index

    def outline(self, page: np.ndarray, box: Box, thick: int, index: int) -> None:
        """Draw the edge of a rectangle, within it."""
        left, top, right, bottom = box
        page[top : top + thick, left:right] = index
        page[bottom - thick : bottom, left:right] = index
        page[top:bottom, left : left + thick] = index
        page[top:bottom, right - thick : right] = index

    def rule_grid(self, page: np.ndarray, box: Box) -> None:
        """The lines at the top and left of a grid; its cells bring the others."""
        grey, line = self.palette.grey(LINE), self.line
        page[box.top - line : box.top, box.left - line : box.right] = grey
        page[box.top - line : box.bottom, box.left - line : box.left] = grey

    def draw_cell(
        self, page: np.ndarray, left: int, top: int, size: int, cell: Cell, face: Face | None
    ) -> None:
        """A square cell with the lines at its right and bottom."""
        page[top : top + size, left : left + size] = self._tile(cell, size, face)

    def draw_alert(self, page: np.ndarray, box: Box) -> None:
        """The empty box around what is wrong with a setting."""
        left, top, right, bottom = box
        line = self.line
        page[top:bottom, left:right] = self.palette.ramp("O")[255]
        page[top + line : bottom - line, left + 5 * line : right - line] = self.palette.grey(0)

    def draw_swatch(self, page: np.ndarray, kind: str, box: Box) -> None:
        """The sign of "kernel", "padding" or "unread" in a legend."""
        height, width = box.bottom - box.top, box.right - box.left
        coverage = HATCH * hatching(height, width, self._scale) if kind == "unread" else SHADE
        page[box.top : box.bottom, box.left : box.right] = self.shade(coverage)
        if kind == "kernel":
            tints = [self.palette.ramp(("weight", k))[0] for k in self.palette.thirds]
            columns = np.arange(width) * 3 // width
            page[box.top : box.bottom, box.left : box.right] = np.array(tints)[columns]
        self.outline(page, box, self.line, self.palette.grey(LINE))

    def shade(self, coverage: np.ndarray | float) -> np.ndarray:
        """The palette indices of shares of ink on paper."""
        return self.palette.ramp("ink")[np.round(255 * np.asarray(coverage)).astype(np.uint8)]

    def _letters(self, piece: Piece) -> tuple[np.ndarray, np.ndarray, int, int]:
        """The palette indices of a text, which pixels they are for, and where it lies."""
        if piece not in self._written:
            coverage, left, top = draw_text(piece.text, piece.face)
            shades = self.palette.ramp(piece.ramp)[np.round(coverage * piece.strength).astype(int)]
            self._written[piece] = shades, coverage > 0, left, top
        return self._written[piece]

    def _tile(self, cell: Cell, size: int, face: Face | None) -> np.ndarray:
        key = cell, size, face
        if key not in self._tiles:
            self._tiles[key] = self._draw_tile(cell, size, face)
        return self._tiles[key]

    def _draw_tile(self, cell: Cell, size: int, face: Face | None) -> np.ndarray:
        side = size - self.line
        paper = np.full((size, size), SHADE if cell.fill == "shade" else 0.0)
        if cell.hatched:
            paper += (1 - paper) * HATCH * hatching(size, size, self._scale)
        ink = _number(cell, face, size, side) * (MUTED if cell.muted else FULL)
        if cell.fill in ("paper", "shade"):
            tile = self.shade(paper + (1 - paper) * ink)
        else:
            tile = self.palette.ramp(cell.fill)[np.round(255 * ink).astype(np.uint8)]
        if cell.fill == "result":
            self.outline(tile, Box(0, 0, side, side), self.heavy, self.palette.ramp("O")[255])
        tile[side:] = tile[:, side:] = self.palette.grey(LINE)
        return tile

    def _draw_result_box(self, page: np.ndarray, x: float, y: float, piece: Piece) -> None:
        scale = self._scale
        padding, size = piece.padding, piece.face.size
        left, right = round(x - padding), round(x + width_of(piece.text, piece.face) + padding)
        top, bottom = round(y - 1.1 * size), round(y + 0.42 * size)
        height, width = bottom - top, right - left
        area = page[top:bottom, left:right]
        edge = max(round(2 * scale), 1)
        outer = _rounded(height, width, round(5 * scale))
        np.copyto(area, self.palette.ramp("O")[outer], where=outer > 0)
        inner = _rounded(height - 2 * edge, width - 2 * edge, round(3 * scale)) > 127
        area[edge:-edge, edge:-edge][inner] = self.palette.ramp("result")[0]


@lru_cache(maxsize=64)
def hatching(height: int, width: int, scale: float) -> np.ndarray:
    """Lines from the top left to the bottom right, one unit wide and four apart: their coverage."""
    rows, columns = np.mgrid[:height, :width] + 0.5
    across = (columns + height - rows) / math.sqrt(2) / scale % 4
    # A pixel's share of the line: by how far its middle lies within, blurred by one pixel.
    return np.clip((0.5 - abs(across - 3.5)) * scale + 0.5, 0, 1)


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


@lru_cache(maxsize=64)
def _rounded(height: int, width: int, radius: int) -> np.ndarray:
    """The coverage of a rectangle with rounded corners."""
    times = 4
    image = Image.new("L", (width * times, height * times))
    ImageDraw.Draw(image).rounded_rectangle(
        (0, 0, width * times - 1, height * times - 1), radius * times, fill=255
    )
    return np.asarray(image.reduce(times))
