"""A still of one axis: the formula, all of the axis to scale, the cells around the kernel."""

from __future__ import annotations

import math

import numpy as np

from convviz.arguments import as_int, shown
from convviz.axis import Axis
from convviz.catalogue import text
from convviz.stills.axis_layout import AxisLayout
from convviz.stills.axis_scene import AxisScene
from convviz.stills.colours import FULL, HATCH, LINE, SHADE, Palette
from convviz.stills.overview import Overview
from convviz.stills.page import Box
from convviz.stills.pen import Pen, hatching
from convviz.stills.png import DENSITY, encode_png
from convviz.stills.strip import Lens

# The greys, as shares of ink on paper.
_FIELD, _OUTPUTS, _BRACKETS = 0.05, 0.4, 0.45

_CONE_EDGE = 0.5  # of the accent's colour
_BRACKETS_DOWN = {-1: 7, 1: 13}  # how far those of the outputs before and after hang, in units


def axis_still_png(axis: Axis, position: int = 0) -> bytes:
    r"""One position of an `AxisExplorer` as a PNG, for where the explorer itself can't run.

    It has two pixels to a CSS pixel, and at most 1600 across. An axis without an output gives a
    picture that says why.

    Parameters
    ----------
    axis : Axis
    position : int
        The output that the kernel stands on.

    Returns
    -------
    bytes

    Raises
    ------
    TypeError, ValueError
        If there is no such output.

    Examples
    --------
    >>> axis_still_png(Axis(input=224, kernel=11, stride=4), 20)[:4]
    b'\x89PNG'
    """
    if not isinstance(axis, Axis):
        raise TypeError(text("not_an_axis", value=shown(axis)))
    if axis.fits:
        position = as_int("position", position, 0, axis.output - 1)
    picture = AxisPicture(AxisLayout(AxisScene(axis, position), DENSITY))
    return encode_png(picture.draw(), picture.palette.colours)


class AxisPicture:
    """The picture of one axis.

    Parameters
    ----------
    layout : AxisLayout
        Where everything stands.
    """

    def __init__(self, layout: AxisLayout):
        self.layout = layout
        self.palette = Palette(layout.scene.axis.kernel, fills=("weight",))
        self._pen = Pen(self.palette, layout.scale, layout.heavy)
        self._page = np.full(layout.size[::-1], self.palette.grey(0), np.uint8)

    def draw(self) -> np.ndarray:
        """The palette index of every pixel, of shape (height, width), uint8."""
        layout, pen, page = self.layout, self._pen, self._page
        if layout.alert:
            pen.draw_alert(page, layout.alert)
        if layout.overview:
            self._draw_overview(layout.overview)
        if layout.lens:
            self._draw_lens(layout.lens)
        for kind, box in layout.swatches.items():
            pen.draw_swatch(page, kind, box)
        pen.write(page, layout.fixed)
        return page

    # All of the axis

    def _draw_overview(self, overview: Overview) -> None:
        lens = self.layout.lens
        if lens:
            self._draw_field(overview, lens)
        self._draw_strip(overview)
        for _, _, _, tick in overview.labels:
            self._pen.fill(self._page, tick, self.palette.grey(LINE))
        for box in overview.outputs:
            self._pen.fill(self._page, box, self.palette.grey(_OUTPUTS))
        if lens:
            shown = overview.outputs[self.layout.scene.position]
            window = overview.window
            upper, lower = (window.left, window.right), (shown.left, shown.right)
            self._draw_cone(upper, lower, window.bottom, shown.top)
            self._pen.fill(self._page, shown, self._accent)
        self._draw_kernel(overview)
        if not lens:
            x, top, bottom = overview.end
            line = self.layout.line
            self._pen.fill(self._page, Box(x - line, top, x + line, bottom), self._accent)

    def _draw_field(self, overview: Overview, lens: Lens) -> None:
        """What the lens enlarges, and how it widens on the way there."""
        layout, page = self.layout, self.layout.page
        left, right = overview.stretch(page.start, page.end)
        top, bend = overview.field
        self._pen.fill(self._page, Box(left, top, right, bend), self.palette.grey(_FIELD))
        cells = layout.input_box(0, lens.slots)
        edges = (left, right), (cells.left, cells.right)
        area, inside, _ = self._between(*edges, bend, overview.bottom)
        np.copyto(area, self._pen.shade(_FIELD * inside), where=inside > 0)

    def _draw_strip(self, overview: Overview) -> None:
        """The padded input: padding shaded, what is never read hatched."""
        line = self.layout.line
        left, top, right, bottom = overview.input
        shades = np.full((bottom - top, right - left), SHADE)
        first, last = (x - left for x in overview.inside)
        shades[:, first:last] = 0
        hatches = HATCH * hatching(*shades.shape, self.layout.scale)
        for start, end in overview.unread:
            columns = np.s_[:, start - left : end - left]
            shades[columns] += (1 - shades[columns]) * hatches[columns]
        self._page[top:bottom, left:right] = self._pen.shade(shades)
        grey = self.palette.grey(LINE)
        for x in (*overview.boundaries, *overview.inside):
            self._page[top:bottom, x - line // 2 : x - line // 2 + line] = grey
        self._pen.outline(self._page, overview.input.widened(line // 2), line, grey)

    def _draw_kernel(self, overview: Overview) -> None:
        window, line = overview.window, self.layout.line
        self._pen.fill(self._page, window, self.palette.grey(0))
        for u, (left, right) in enumerate(overview.kernel):
            tint = self.palette.ramp(("weight", u))[0]
            self._pen.fill(self._page, window._replace(left=left, right=right), tint)
        frame = window.widened(line)
        self._pen.outline(self._page, frame, 2 * line, self.palette.grey(FULL))

    # The cells around the kernel

    def _draw_lens(self, lens: Lens) -> None:
        layout, scene, pen, page = self.layout, self.layout.scene, self._pen, self._page
        place, shown = layout.page, scene.position
        pen.rule_grid(page, layout.input_box(0, lens.slots))
        for slot, cell in enumerate(scene.input_cells(place)):
            left, top, _, _ = layout.input_box(slot)
            pen.draw_cell(page, left, top, layout.cell, cell, layout.faces["input"])
        window, output = layout.window_box(shown), layout.output_box(shown)
        # The cone ends on the lines of the cells, and so half a line to the left.
        upper, lower = (
            (box.left - layout.line / 2, box.right - layout.line / 2) for box in (window, output)
        )
        self._draw_cone(upper, lower, *layout.between)
        for step, down in _BRACKETS_DOWN.items():
            if shown + step in place.centres:
                self._draw_bracket(shown + step, round(down * layout.scale))
        for i, cell in scene.output_cells(place).items():
            box = layout.output_box(i)
            pen.rule_grid(page, box)
            pen.draw_cell(page, box.left, box.top, layout.cell, cell, layout.faces["output"])
        frame = window._replace(left=window.left - layout.line, top=window.top - layout.line)
        pen.outline(page, frame, layout.heavy, self.palette.grey(FULL))

    def _draw_bracket(self, i: int, down: int) -> None:
        """The window of an output a step away, with a line to the output."""
        layout, line = self.layout, self.layout.line
        left, _, right, _ = layout.window_box(i)
        top, bottom = layout.between
        left, right, start, at = left + 2 * line, right - 3 * line, top + 2 * line, top + down
        middle = round(layout.output_middle(i)) - line
        grey = self.palette.grey(_BRACKETS)
        for box in (
            Box(left, start, left + line, at),
            Box(right - line, start, right, at),
            Box(left, at, right, at + line),
            Box(middle, at, middle + line, bottom),
        ):
            self._pen.fill(self._page, box, grey)

    def _draw_cone(
        self, upper: tuple[float, float], lower: tuple[float, float], top: int, bottom: int
    ) -> None:
        """From the cells that are read to the output that they make."""
        area, inside, depth = self._between(upper, lower, top, bottom)
        np.copyto(area, self.palette.ramp("result")[0], where=inside > 0.5)
        near_edge = np.clip(self.layout.line / 2 + 0.5 - abs(depth), 0, 1) * _CONE_EDGE
        shades = self.palette.ramp("O")[np.round(255 * near_edge).astype(int)]
        np.copyto(area, shades, where=shades != self.palette.grey(0))

    def _between(
        self, upper: tuple[float, float], lower: tuple[float, float], top: int, bottom: int
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """A shape with two slanting sides, given by where they start above and end below.

        Returns
        -------
        area, inside, depth : (height, width) ndarray
            The part of the page around it; how much of each pixel is inside; and how far its
            middle is from the nearer side.
        """
        line, height = self.layout.line, bottom - top
        left = max(int(min(upper[0], lower[0])) - line, 0)
        area = self._page[top:bottom, left : int(max(upper[1], lower[1])) + line + 1]
        down = (np.arange(height, dtype=np.float32)[:, None] + 0.5) / height
        across = np.arange(area.shape[1], dtype=np.float32) + (left + 0.5)
        depths = []
        for sign, start, end in zip((1, -1), upper, lower, strict=True):
            sideways = end - start
            tilt = math.hypot(1, sideways / height)
            depths.append((across - (start + sideways * down)) * (sign / tilt))
        depth = np.minimum(*depths)
        return area, np.clip(depth + 0.5, 0, 1), depth

    @property
    def _accent(self) -> int:
        return self.palette.ramp("O")[255]
