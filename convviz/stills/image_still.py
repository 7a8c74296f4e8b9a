"""A still of a photograph through a kernel: before, the kernel, after."""

from __future__ import annotations

import numpy as np

from convviz.axis import Axis
from convviz.catalogue import text
from convviz.stills.colours import LINE, MUTED, Palette
from convviz.stills.image_scene import ImageScene, Show
from convviz.stills.lettering import fit_face, width_of
from convviz.stills.lines import BASE
from convviz.stills.page import CAPTION, CAPTION_HEIGHT, MARGIN, SIGN_WIDTH, Box, Page
from convviz.stills.pen import Pen
from convviz.stills.photos import MOST_COLOURS, reduce_colours, shrink
from convviz.stills.png import DENSITY, encode_png
from convviz.stills.typesetting import Piece, height_of, set_line

_LONGEST = 256  # rows or columns of a picture: what is larger is shrunk
_PANE = 256  # the longest side of a picture, in units
_CELL, _SMALL_CELL = 30, 22
_LARGE = 5  # a kernel with more rows or columns has small cells
_LETTERS = 0.44  # the size of letters, as a share of a cell
_COLOURS = 256


def image_still_png(
    image: np.ndarray,
    kernel: np.ndarray,
    output: np.ndarray | None,
    axes: tuple[Axis, Axis],
    *,
    divisor: int = 1,
    show: Show = "clip",
) -> bytes:
    r"""An `ImageExplorer` as a PNG, for where the explorer itself can't run.

    It has two pixels to a CSS pixel, and at most 1600 across. Both pictures together have at most
    96 colours, and what is larger than 256 x 256 is shrunk, so that a photograph with its edges
    stays below 100 KB. A kernel that does not fit gives a picture that says so.

    Parameters
    ----------
    image : (H, W) or (H, W, 3) ndarray of uint8
    kernel : (kH, kW) ndarray
    output : (H_out, W_out) or (H_out, W_out, 3) ndarray, or None
        None if the kernel does not fit.
    axes : (height, width)
        The geometry that leads from one to the other.
    divisor : int
        What the sums have been divided by.
    show : "clip", "grey" or "magnitude"
        As for `ImageExplorer`.

    Returns
    -------
    bytes

    Examples
    --------
    >>> image, axis = np.eye(5, dtype=np.uint8) * 255, Axis(input=5, kernel=1)
    >>> image_still_png(image, np.array([[-1]]), -1.0 * image, (axis, axis))[:4]
    b'\x89PNG'
    """
    picture = ImageStill(ImageScene(image, kernel, output, *axes, divisor, show), DENSITY)
    return encode_png(picture.draw(), picture.palette.colours)


class ImageStill(Page):
    """Where everything stands in the still of a photograph, and how it is drawn.

    Parameters
    ----------
    scene : ImageScene
    scale : float
        Pixels to a unit.

    Attributes
    ----------
    panes : list of Box
        Before and after; the latter is missing if the kernel does not fit.
    times : int
        Pixels of the still to a pixel of a picture.
    cell : int
        The side of a cell of the kernel.
    """

    def __init__(self, scene: ImageScene, scale: float):
        super().__init__(scale)
        self.scene = scene
        self.palette = Palette(scene.kernel.size, ("weight",), _COLOURS - MOST_COLOURS)
        shown = [picture for picture in (scene.before, scene.after) if picture is not None]
        pictures, colours = reduce_colours(shrink(shown, _LONGEST))
        longest = max(side for picture in pictures for side in picture.shape)
        self.times = int(self._px(_PANE)) // longest
        own = self.palette.add(colours)
        self._pictures = [
            own[picture].repeat(self.times, axis=0).repeat(self.times, axis=1)
            for picture in pictures
        ]
        units = _SMALL_CELL if max(scene.kernel.shape) > _LARGE else _CELL
        self.cell = round(self._px(units))
        weights = [cell.text for cell in scene.weights.values()]
        room = self.cell - 2 * self.line
        self._letters = fit_face(weights, room=room, most=_LETTERS * self.cell)
        self.panes: list[Box] = []

        y = self._px(MARGIN)
        self._fit_text_to(0)
        if scene.problems:
            y = self._place_alert(scene.problems, y)
        y = self._place_row(y)
        self._fit_text_to((self._right - self._left) / scale)
        if scene.shown_how:
            y = self._place_sentence(scene.shown_how, y + self._px(8))
        self._end(y)

    def kernel_box(self, u: int, v: int, rows: int = 1, columns: int = 1) -> Box:
        """Some cells of the kernel, the lines at their right and bottom included."""
        left, top = self._kernel_corner
        left, top = left + v * self.cell, top + u * self.cell
        return Box(left, top, left + columns * self.cell, top + rows * self.cell)

    def draw(self) -> np.ndarray:
        """The palette index of every pixel, of shape (height, width), uint8."""
        pen = Pen(self.palette, self.scale, heavy=self.line)
        page = np.full(self.size[::-1], self.palette.grey(0), np.uint8)
        if self.alert:
            pen.draw_alert(page, self.alert)
        for box, picture in zip(self.panes, self._pictures, strict=True):
            page[box.top : box.bottom, box.left : box.right] = picture
            pen.outline(page, box.widened(self.line), self.line, self.palette.grey(LINE))
        pen.rule_grid(page, self.kernel_box(0, 0, *self.scene.kernel.shape))
        for at, cell in self.scene.weights.items():
            left, top, _, _ = self.kernel_box(*at)
            pen.draw_cell(page, left, top, self.cell, cell, self._letters)
        pen.write(page, self.fixed)
        return page

    def _place_row(self, y: float) -> float:
        """Before → kernel → after, their middles on one line."""
        scene, sign = self.scene, self._px(SIGN_WIDTH)
        rows, _ = scene.kernel.shape
        highest = max(rows * self.cell, *(len(picture) for picture in self._pictures)) / 2
        middle = y + self._px(CAPTION_HEIGHT) + highest
        captions = scene.captions
        x = self._place_pane(0, captions[0], self._left, middle)
        self._keep([self._sign("→", x, middle)])
        x, bottom = self._place_kernel(x + sign, middle)
        if len(self._pictures) > 1:
            self._keep([self._sign("→", x, middle)])
            x = self._place_pane(1, captions[1], x + sign, middle)
        self._right = max(self._right, x)
        return max(middle + highest, bottom)

    def _place_pane(self, k: int, caption: str, x: float, middle: float) -> float:
        height, width = self._pictures[k].shape
        left, top = round(x) + self.line, round(middle - height / 2)
        self.panes.append(Box(left, top, left + width, top + height))
        self._place_caption(caption, x, top - self._px(CAPTION_HEIGHT))
        return max(left + width + self.line, x + width_of(caption, self._face("sans", CAPTION)))

    def _place_kernel(self, x: float, middle: float) -> tuple[float, float]:
        scene, (rows, columns) = self.scene, self.scene.kernel.shape
        top = round(middle - rows * self.cell / 2)
        self._kernel_corner = round(x) + self.line, top
        caption, face = text("kernel"), self._face("sans", BASE)
        self._place_caption(caption, x, top - self._px(CAPTION_HEIGHT))
        y = top + rows * self.cell
        for setting in scene.settings:
            runs = set_line([Piece(setting, face, strength=MUTED)], x, y + self._px(3), face.size)
            self._keep(runs)
            y += height_of(face.size)
        widths = [width_of(setting, face) for setting in scene.settings]
        widths.append(width_of(caption, self._face("sans", CAPTION)))
        return x + max(*widths, columns * self.cell + self.line), y
