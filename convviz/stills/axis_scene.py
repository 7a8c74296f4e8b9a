"""What the still of an axis shows, before anything is drawn. The twin of strip-words.js."""

from __future__ import annotations

from functools import cached_property

from convviz.axis import Axis
from convviz.catalogue import text
from convviz.stills.numerals import signed
from convviz.stills.scene import Cell
from convviz.stills.strip import LensPage
from convviz.stills.words import axis_formula, index_range

_CUT = "\N{MIDLINE HORIZONTAL ELLIPSIS}"


class AxisScene:
    """One axis with the kernel on it, and what is said about it.

    Parameters
    ----------
    axis : Axis
    position : int
        The output that the kernel stands on.

    Examples
    --------
    >>> scene = AxisScene(Axis(input=5, kernel=3, padding=(1, 1)), 0)
    >>> scene.input_caption, scene.note
    ('padded input: 1 + 5 + 1 cells', 'Output 0 reads cells −1 to 1; 1 of these is padding.')
    """

    def __init__(self, axis: Axis, position: int):
        self.axis, self.position = axis, position
        self.formula = axis_formula(axis)

    @cached_property
    def input_caption(self) -> str:
        """What the strip above is."""
        before, after = self.axis.padding
        if before + after:
            places = {"before": before, "input": self.axis.input, "after": after}
            return text("axis_padded_input", **places)
        key = "axis_input_one" if self.axis.input == 1 else "axis_input_many"
        return text(key, count=self.axis.input)

    @cached_property
    def output_caption(self) -> str:
        """What the strip below is."""
        key = "axis_output_one" if self.axis.output == 1 else "axis_output_many"
        return text(key, count=self.axis.output)

    @cached_property
    def note(self) -> str:
        """Which cells the output reads."""
        reads = self.axis.reads[self.position].tolist()
        padding = sum(not self._is_inside(r) for r in reads)
        if len(reads) == 1:
            key = "axis_reads_cell_padding" if padding else "axis_reads_cell"
        else:
            kinds = {0: "axis_reads", 1: "axis_reads_one_padding"}
            key = kinds.get(padding, "axis_reads_padding")
        return text(key, i=self.position, cells=index_range(reads), padding=padding)

    @cached_property
    def kinds_of_cells(self) -> list[str]:
        """What the legend explains."""
        kinds = {
            "kernel": self.axis.fits,
            "padding": sum(self.axis.padding) > 0,
            "unread": self.axis.fits and len(self.axis.unread) > 0,
        }
        return [kind for kind, present in kinds.items() if present]

    def input_cells(self, page: LensPage) -> list[Cell]:
        """The cells of the lens, each that is read with the index u of its kernel cell."""
        reads = {int(r): u for u, r in enumerate(self.axis.reads[self.position])}
        unread = set(self.axis.unread)
        return [
            Cell(_CUT, muted=True)
            if place is None
            else self._input_cell(place - self.axis.padding[0], reads, unread)
            for place in page.places
        ]

    def _input_cell(self, r: int, reads: dict[int, int], unread: set[int]) -> Cell:
        if r in reads:
            return Cell(str(reads[r]), ("weight", reads[r]))
        return Cell("", "paper" if self._is_inside(r) else "shade", hatched=r in unread)

    def output_cells(self, page: LensPage) -> dict[int, Cell]:
        """The outputs below the lens, by index."""
        shown = {i: Cell(str(i)) for i in page.centres}
        shown[self.position] = Cell(str(self.position), "result", bold=True)
        return shown

    def indices(self, page: LensPage) -> list[str]:
        """What is written above the cells of the lens: the index of each."""
        before = self.axis.padding[0]
        return ["" if place is None else signed(str(place - before)) for place in page.places]

    def _is_inside(self, r: int) -> bool:
        return 0 <= r < self.axis.input
