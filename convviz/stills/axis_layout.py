"""Where everything stands in the still of an axis, in pixels."""

from __future__ import annotations

from convviz.catalogue import text
from convviz.stills import overview
from convviz.stills.axis_scene import AxisScene
from convviz.stills.colours import MUTED
from convviz.stills.lettering import Face, fit_face, width_of
from convviz.stills.overview import Overview
from convviz.stills.page import CAPTION, MARGIN, WIDEST, Box, Page
from convviz.stills.strip import Lens, lens_page, make_lens, window_edges
from convviz.stills.typesetting import Piece, Run

_ROOM = WIDEST - 2 * MARGIN - 1  # the line left of the first cell
_INDEX, _INDEX_HEIGHT, _BETWEEN_INDICES = 10, 15, 4
_BETWEEN = 46  # from the lens's input to its output
_LETTERS, _LARGEST_LETTERS = 0.44, 14  # a share of a cell, and units
_HEAVY = 3


class AxisLayout(Page):
    """The places of everything in one picture of an axis.

    Parameters
    ----------
    scene : AxisScene
    scale : float
        Pixels to a unit.

    Attributes
    ----------
    overview : Overview or None
        None if the lens shows all there is.
    lens : Lens or None
        None without an output.
    heavy : int
        The thickness of the line around the window.
    page : LensPage
        What the lens holds. This and the following are there if there is a lens.
    cell : int
        The side of a cell of the lens.
    faces : dict of str to Face or None
        The letters in the "input" and "output" cells of the lens.
    between : (top, bottom)
        Of the gap between the lens's input and its output.
    """

    def __init__(self, scene: AxisScene, scale: float):
        super().__init__(scale)
        self.scene = scene
        self.heavy = round(self._px(_HEAVY))
        self.overview: Overview | None = None
        axis = scene.axis
        self.lens = make_lens(axis, _ROOM) if axis.fits else None
        whole = self.lens is not None and self.lens.whole
        self._fit_text_to(self.lens.slots * self.lens.cell if self.lens else 0)

        y = self._place_formula([scene.formula], self._px(MARGIN - 4))
        if not axis.fits:
            y = self._place_alert([axis.misfit()], y)
        y += self._px(6)
        y = self._place_caption(scene.input_caption, self._left, y) if whole else y
        if not whole:
            y = self._place_overview(y)
        if self.lens:
            y = self._place_lens(self.lens, y)
            if whole:
                y = self._place_caption(scene.output_caption, self._left, y)
            elif self.lens.cut:
                y = self._place_sentence(text("axis_enlarged_ends"), y)
            y = self._place_sentence(scene.note, y + self._px(8))
        y = self._place_legend(scene.kinds_of_cells, y + self._px(2))
        self._end(y)

    def input_box(self, slot: int, cells: int = 1) -> Box:
        """Some cells of the lens, the lines at their right and bottom included."""
        left = self._lens_left + slot * self.cell
        return Box(left, self._lens_top, left + cells * self.cell, self._lens_top + self.cell)

    def output_box(self, i: int) -> Box:
        """An output below the lens, likewise."""
        left = round(self.output_middle(i) - self.cell / 2)
        top = self.between[1]
        return Box(left, top, left + self.cell, top + self.cell)

    def output_middle(self, i: int) -> float:
        """The middle of an output below the lens."""
        return self._lens_left + self.page.centres[i] * self.cell

    def window_box(self, i: int) -> Box:
        """The window of an output, if the lens shows all of it."""
        start, end = self._windows[i]
        return self.input_box(start, end - start)

    def _place_overview(self, y: float) -> float:
        scene, axis = self.scene, self.scene.axis
        drawn = Overview(axis, scene.position, self._left, y, _ROOM, self.scale)
        self.overview = drawn
        self._write_caption(scene.input_caption, drawn.y(overview.CAPTION))
        if axis.fits:
            self._write_caption(scene.output_caption, drawn.y(overview.OUTPUT_CAPTION))
        else:
            words = text("axis_kernel", span=axis.span)
            self._write_caption(words, drawn.y(overview.KERNEL_CAPTION))
        face = self._face("sans", _INDEX)
        for index, middle, baseline, _ in drawn.labels:
            self._write_index(index, middle, baseline, face)
        self._right = max(self._right, drawn.input.right, drawn.window.right)
        return drawn.bottom

    def _place_lens(self, lens: Lens, y: float) -> float:
        scene = self.scene
        self.page = page = lens_page(scene.axis, lens, scene.position)
        self._windows = {i: window_edges(scene.axis, lens, page, i) for i in page.centres}
        self.cell = int(self._px(lens.cell))
        self._lens_left = round(self._left) + self.line
        self._lens_top = round(y + self._px(_INDEX_HEIGHT))
        bottom = self._lens_top + self.cell
        self.between = bottom, bottom + round(self._px(_BETWEEN))
        largest = {"input": scene.axis.kernel - 1, "output": scene.axis.output - 1}
        self.faces = {row: self._fit_letters(index) for row, index in largest.items()}
        indices = scene.indices(page)
        room = self.cell - self._px(_BETWEEN_INDICES)
        face = fit_face(indices, room=room, most=self._px(_INDEX))
        if face:
            for slot, index in enumerate(indices):
                middle = self._lens_left + (slot + 0.5) * self.cell
                self._write_index(index, middle, self._lens_top - self._px(4), face)
        self._right = max(self._right, self.input_box(lens.slots - 1).right)
        return self.between[1] + self.cell + self._px(4)

    def _fit_letters(self, largest: int) -> Face | None:
        """The same letters for all positions: such that any number up to this one fits."""
        most = min(_LETTERS * self.cell, self._px(_LARGEST_LETTERS))
        widest = "0" * len(str(largest))  # the digits are all equally wide
        room = self.cell - 2 * (self.heavy + self.line)
        return fit_face([widest], room=room, most=most, bold=True)

    def _write_caption(self, words: str, baseline: float) -> None:
        face = self._face("sans", CAPTION)
        self._keep([Run(self._left, baseline, Piece(words, face, strength=MUTED))])

    def _write_index(self, index: str, middle: float, baseline: float, face: Face) -> None:
        left = middle - width_of(index, face) / 2
        self._keep([Run(left, baseline, Piece(index, face, strength=MUTED))])
