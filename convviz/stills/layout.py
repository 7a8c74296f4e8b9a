"""Where everything stands in a still, in pixels."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain

from convviz.catalogue import text
from convviz.stills.arrangement import BEFORE_OUTPUTS, BELOW_ROW, BETWEEN_MAPS, Arrangement
from convviz.stills.colours import FULL, MUTED
from convviz.stills.lettering import Face, fit_face, width_of
from convviz.stills.lines import SUM, sum_chunks
from convviz.stills.page import (
    CAPTION,
    CAPTION_HEIGHT,
    MARGIN,
    SIGN_WIDTH,
    WIDEST,
    Box,
    Page,
)
from convviz.stills.scene import Grid, Place, Scene, Step
from convviz.stills.typesetting import Piece, Run, set_line, set_lines
from convviz.trace import Trace

_PARTIAL, _PARTIAL_WIDTH = 17.5, 44  # letters, and the room for them
_HEAVY = 3  # the line around the window, and around the output that is made
_ABSENT = 240  # the width of the words beside a channel that is not read
_LETTERS = 0.44  # the size of letters, as a share of a cell


@dataclass(frozen=True)
class Row:
    """What stands beside the cells of one input channel."""

    before_kernel: list[Run]  # × and the caption
    before_products: list[Run]  # =, the caption, and Σ
    absent_at: tuple[float, float]  # the middle of the words of a channel that is not read
    partial: Box  # its bottom is the line under the sum


class Layout(Page):
    """The places of everything in one picture, the same for all its frames.

    Parameters
    ----------
    scene : Scene
    steps : sequence of Step
        The frames to come: what is written in any of them has room.
    scale : float
        Pixels to a unit (a CSS pixel of the explorer).

    Attributes
    ----------
    cell, heavy : int
        The side of a cell, and the thickness of the line around the window.
    """

    def __init__(self, scene: Scene, steps: Sequence[Step], scale: float):
        super().__init__(scale)
        self.scene = scene
        self._partial_width = self._widest_partial(steps)
        self._arrangement = Arrangement(scene, self._partial_width)
        self._mode, units = self._arrangement.mode, self._arrangement.cell
        self.cell = max(round(units * scale), 1)
        self.heavy = max(round(min(_HEAVY, units / 10) * scale), 1)
        self.faces = {grid: self._fit(texts, grid) for grid, texts in _texts(scene, steps).items()}

        self.origins: dict[tuple[Grid, int], tuple[int, int]] = {}
        self.rows: list[Row] = []
        self.captions: list[tuple[float, float]] = []
        self._fit_text_to(self._arrangement.width)

        y = self._place_formula(scene.formula, self._px(MARGIN - 4))
        if scene.problems:
            y = self._place_alert(scene.problems, y)
        if not scene.too_large:
            y = self._place_grids(y + self._px(6))
            self._make_room_beside_absent({step.frame.at[0] for step in steps})
        if scene.fits:
            y = self._place_words(y, steps)
        self._end(y)

    def box_of(self, place: Place, rows: int = 1, columns: int = 1) -> Box:
        """The pixels of a cell, its lines at the right and bottom included; or of many cells."""
        left, top = self.origins[place.grid, place.channel]
        row, col = place.row, place.col
        if place.grid == "input":
            row += self.scene.height.padding[0]
            col += self.scene.width.padding[0]
        left, top = left + col * self.cell, top + row * self.cell
        return Box(left, top, left + columns * self.cell, top + rows * self.cell)

    def caption(self, c_out: int, shown: int) -> list[Run]:
        """Above an output channel: its name, and whether it is the one taken apart."""
        left, top = self.captions[c_out]
        if c_out == shown and len(self.captions) > 1:
            words, face, strength = "output_channel_shown", self._face("bold", CAPTION), FULL
        else:
            words, face, strength = "output_channel", self._face("sans", CAPTION), MUTED
        piece = Piece(text(words, channel=c_out), face, strength=strength)
        return set_line([piece], left, top, self._px(CAPTION))

    def absent(self, channel: int, c_out: int) -> list[Run]:
        """Beside an input channel that the output channel does not read."""
        left, middle = self.rows[channel].absent_at
        words = text("not_in_group", c_out=c_out, groups=self.scene.convolution.groups)
        _, height = self._set_sentence(words, 0, 0, self._px(_ABSENT))
        return self._set_sentence(words, left, middle - height / 2, self._px(_ABSENT))[0]

    def partial(self, channel: int, number: str) -> list[Run]:
        """The sum of the products of an input channel."""
        box, face = self.rows[channel].partial, self._face("bold", _PARTIAL)
        x = (box.left + box.right - width_of(number, face)) / 2
        return [Run(x, box.bottom - self._px(7), Piece(number, face))]

    def sum_line(self, step: Step) -> list[Run]:
        """output[c_out, i, j] = partial sums + bias = value; nothing without an output."""
        return self._set_sum(step.taken, self._sum_top)[0] if step.taken else []

    def note(self, step: Step) -> list[Run]:
        """Which cells the output cell reads."""
        return self._set_note(step, self._note_top)[0]

    # Sizes

    def _widest_partial(self, steps: Sequence[Step]) -> float:
        sums = chain.from_iterable(
            self.scene.partial_sums(step.taken).values() for step in steps if step.taken
        )
        face = self._face("bold", _PARTIAL)
        widest = max((width_of(number, face) for number in set(sums)), default=0)
        return max(_PARTIAL_WIDTH, widest / self.scale + 8)

    def _fit(self, texts: Iterable[str], grid: Grid) -> Face | None:
        """The letters of a grid: as large as all its numbers allow."""
        # A heavy line covers the edge of a cell, where there can be one.
        room = self.cell - (2 * self.heavy if grid in ("input", "output") else 2 * self.line)
        return fit_face(texts, room=room, most=_LETTERS * self.cell, bold=grid == "output")

    # Places, from top to bottom; each takes where it begins and gives where it ends.

    def _place_grids(self, y: float) -> float:
        top = y
        for channel in range(len(self.scene.convolution.input)):
            y = self._place_row(channel, y)
        if self.scene.fits:
            y = self._place_maps(top, y)
        return y

    def _make_room_beside_absent(self, out_channels: Iterable[int]) -> None:
        """Where a channel is not read, words stand in place of its products, and may be wider."""
        for c_out in out_channels:
            read = self.scene.convolution.channels_read(c_out)
            for channel in range(len(self.rows)):
                if channel not in read:
                    self._widen(self.absent(channel, c_out))

    def _place_row(self, channel: int, y: float) -> float:
        """One input channel: input × kernel = products, and their sum."""
        height, width, cell = self.scene.height, self.scene.width, self.cell
        caption, below = self._px(CAPTION_HEIGHT), self._px(BELOW_ROW)
        beside = self._mode != "kernels below"
        tallest = max(height.padded, height.kernel if beside else 0) * cell
        middle = y + caption + tallest / 2
        x, sign = self._left, self._px(SIGN_WIDTH)
        words = text("input_channel", channel=channel)
        self._keep(self._place_grid("input", channel, x, middle, height.padded, words))
        x = end_of_input = x + self._px(self._arrangement.input_width)
        absent_at = x + sign / 2, middle
        end = y + caption + tallest
        if not beside:
            x = self._left
            middle = end + self._px(8) + caption + height.kernel * cell / 2
            end = middle + height.kernel * cell / 2
            absent_at = x, middle
        before_kernel = [self._sign("×", x, middle)]
        x += sign
        before_kernel += self._place_grid(
            "kernel", channel, x, middle, height.kernel, text("kernel")
        )
        x += width.kernel * cell
        before_products = [self._sign("=", x, middle)]
        x += sign
        words = text("products")
        before_products += self._place_grid("product", channel, x, middle, height.kernel, words)
        x += width.kernel * cell
        before_products.append(self._sign("Σ", x, middle))
        x += sign
        end_of_sum = x + self._px(self._partial_width)
        partial = Box(*map(round, (x, middle - self._px(14), end_of_sum, middle + self._px(14))))
        self.rows.append(Row(before_kernel, before_products, absent_at, partial))
        self._channels_right = max(end_of_input, end_of_sum)
        self._right = max(self._right, self._channels_right)
        return end + below

    def _place_maps(self, top: float, bottom: float) -> float:
        """The output channels: in columns beside the inputs, or in lines below them."""
        cell, gap, below = self.cell, self._px(BETWEEN_MAPS), self._px(BELOW_ROW)
        rows, columns = self.scene.height.output, self.scene.width.output
        wide = self._px(self._arrangement.map_width)
        tall = self._px(CAPTION_HEIGHT) + rows * cell
        beside = self._mode == "beside"
        start = self._channels_right + self._px(BEFORE_OUTPUTS) if beside else self._left
        end, limit = bottom, max(self._px(WIDEST - MARGIN), start + wide)
        x, y = (start, top) if beside else (start, bottom + self._px(4))
        for channel in range(len(self.scene.convolution.weight)):
            if beside and y > top and y + tall > bottom:
                x, y = x + wide + gap, top
            elif not beside and x > start and x + wide > limit:
                x, y = start, y + tall + below
            middle = y + self._px(CAPTION_HEIGHT) + rows * cell / 2
            self._place_grid("output", channel, x, middle, rows, "")
            self.captions.append((x, middle - rows * cell / 2 - self._px(CAPTION_HEIGHT)))
            self._widen(self.caption(channel, shown=channel))
            self._right = max(self._right, x + max(wide, columns * cell))
            end = max(end, y + tall + below)
            if beside:
                y += tall + below
            else:
                x += wide + gap
        return end

    def _place_grid(
        self, grid: Grid, channel: int, x: float, middle: float, rows: int, caption: str
    ) -> list[Run]:
        """Give a grid its place; what is written above it."""
        top = round(middle - rows * self.cell / 2)
        self.origins[grid, channel] = round(x) + self.line, top
        piece = Piece(caption, self._face("sans", CAPTION), strength=MUTED)
        return set_line([piece], x, top - self._px(CAPTION_HEIGHT), self._px(CAPTION))

    def _place_words(self, y: float, steps: Sequence[Step]) -> float:
        """The sum, the legend and the note; as high as the longest of all frames asks for."""
        self.rule_top = round(y)
        self._sum_top = y + self._px(9)
        self._text_width = max(self._text_width, self._right - self._left)
        set_sums = [self._set_sum(step.taken, self._sum_top) for step in steps if step.taken]
        y = max(end for _, end in set_sums) + self._px(3)
        y = self._place_legend(self._kinds_of_cells(), y)
        self._note_top = y + self._px(2)
        set_notes = [self._set_note(step, self._note_top) for step in steps]
        for runs, _ in set_sums + set_notes:
            self._widen(runs)
        return max(end for _, end in set_notes)

    def _set_sum(self, taken: Trace, top: float) -> tuple[list[Run], float]:
        chunks = sum_chunks(self.scene, taken, self.scale)
        size, gap = self._px(SUM), self._px(11)
        return set_lines(
            chunks, self._left, top, self._text_width, size=size, gap=gap, leading=self._px(5)
        )

    def _set_note(self, step: Step, top: float) -> tuple[list[Run], float]:
        return self._set_sentence(self.scene.note(step.frame), self._left, top, self._text_width)

    def _kinds_of_cells(self) -> list[str]:
        """What the legend explains."""
        cells = self.scene.input_cells.values()
        kinds = {"padding": any(cell.fill == "shade" for cell in cells)}
        kinds["unread"] = any(cell.hatched for cell in cells)
        return [kind for kind, present in kinds.items() if present]


def fit_layout(scene: Scene, steps: Sequence[Step], width: int) -> Layout:
    """The layout, at whatever scale makes the sheet `width` pixels wide."""
    layout = Layout(scene, steps, scale=1)
    scale = width / layout.size[0]
    # Letters and cells are whole pixels, so that twice the scale is not quite twice the width.
    while (layout := Layout(scene, steps, scale)).size[0] > width:
        scale *= 0.99
    layout.size = width, layout.size[1]
    return layout


def _texts(scene: Scene, steps: Sequence[Step]) -> dict[Grid, set[str]]:
    """All that is written in each kind of grid, in any frame."""
    if scene.too_large:
        return {}
    texts: dict[Grid, set[str]] = {"input": {cell.text for cell in scene.input_cells.values()}}
    kernels = (scene.kernel_cells(c_out) for c_out in {step.frame.at[0] for step in steps})
    texts["kernel"] = {cell.text for cells in kernels for cell in cells.values()}
    products = (scene.product_cells(step.taken) for step in steps if step.taken)
    texts["product"] = {cell.text for cells in products for cell in cells.values()}
    outputs = scene.output_cells(steps[0].frame).values() if scene.fits else ()
    texts["output"] = {cell.text for cell in outputs}
    return texts
