"""Stills of the axis and image explorers: what they show is right, and every file is a good one."""

import io
import json
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from convviz import AxisExplorer, ImageExplorer, conv2d, make_axes
from convviz.axis import Axis
from convviz.stills import axis_still_png, image_still_png
from convviz.stills.axis_layout import AxisLayout
from convviz.stills.axis_scene import AxisScene
from convviz.stills.axis_still import AxisPicture
from convviz.stills.colours import tint
from convviz.stills.image_scene import ImageScene
from convviz.stills.image_still import ImageStill
from convviz.stills.lettering import draw_text, width_of
from convviz.stills.numerals import hue_of, tiny
from convviz.stills.photos import MOST_COLOURS, reduce_colours, shrink
from convviz.stills.png import DENSITY
from convviz.stills.strip import (
    lens_page,
    make_lens,
    overview_scale,
    ticks,
    unread_runs,
    window_edges,
)
from tests.npm import ask_javascript

WHITE = (255, 255, 255)
ACCENT = (184, 67, 10)
SHOWS = ("clip", "grey", "magnitude")


def draw_axis(seed):
    """An axis drawn at random, and an output of it; the kernel may fail to fit."""
    rng = np.random.default_rng(seed)
    size = int(rng.choice([1, 2, 7, 20, 30, 90, 224, 1000, 1024]))
    axis = Axis(
        input=size,
        kernel=int(rng.integers(1, min(size + 3, 128) + 1)),
        stride=int(rng.integers(1, 12)),
        padding=tuple(rng.integers(0, (3, 128)[rng.integers(2)], 2).tolist()),
        dilation=int((1, 1, 2, 32)[rng.integers(4)]),
    )
    return axis, int(rng.integers(axis.output)) if axis.fits else 0


AXES = [draw_axis(seed) for seed in range(120)]
FITTING = [case for case in AXES if case[0].fits]


def lay_out(axis, position=0):
    return AxisLayout(AxisScene(axis, position), DENSITY)


def words_in(layout):
    return " ".join(run.piece.text for run in layout.fixed)


def open_png(png):
    image = Image.open(io.BytesIO(png))
    image.load()
    assert (image.format, image.mode) == ("PNG", "P")
    assert image.info["dpi"] == pytest.approx((192, 192), abs=0.1)
    return image


def in_colour(picture):
    """The pixels of a picture, of shape (height, width, 3)."""
    page = picture.draw()
    return np.frombuffer(picture.palette.colours, np.uint8).reshape(-1, 3)[page]


def main_colour(pixels, box):
    """The colour that most of a box has."""
    area = pixels[box.top : box.bottom, box.left : box.right].reshape(-1, 3)
    colours, counts = np.unique(area, axis=0, return_counts=True)
    return tuple(colours[counts.argmax()].tolist())


def colour_at(pixels, x, y):
    return tuple(pixels[y, x].tolist())


def assert_words_inside_and_apart(layout):
    width, height = layout.size
    assert width <= 1600
    taken = np.zeros((height, width), bool)
    for x, y, piece in layout.fixed:
        mask = draw_text(piece.text, piece.face)
        top, left = round(y) + mask.top, round(x) + mask.left
        high, wide = mask.coverage.shape
        assert top >= 0 and top + high <= height and left >= 0 and left + wide <= width
        area = taken[top : top + high, left : left + wide]
        assert not (area & (mask.coverage > 0)).any(), piece.text
        area |= mask.coverage > 0


# As in the browser


def test_axis_and_words_are_those_of_the_browser():
    width = 779
    axes = [
        {
            "settings": {
                "input": axis.input,
                "kernel": axis.kernel,
                "stride": axis.stride,
                "before": axis.padding[0],
                "after": axis.padding[1],
                "dilation": axis.dilation,
            },
            "width": width,
            "position": position,
        }
        for axis, position in AXES
    ]
    rng = np.random.default_rng(0)
    outputs = [rng.normal(100, (20, 300)[k % 2], (3, 4, (1, 3)[k % 3 > 0])) for k in range(12)]
    results = [
        {"output": np.moveaxis(output, -1, 0).ravel(), "channels": output.shape[2], "show": show}
        for output in outputs
        for show in SHOWS
    ]
    answer = ask_javascript("run-stills.mjs", {"axes": axes, "results": results})
    for (axis, position), strip in zip(AXES, answer["strips"], strict=True):
        scale = overview_scale(axis, width)
        scene = AxisScene(axis, position)
        assert scale == pytest.approx(strip["scale"])
        assert ticks(axis.input, scale) == strip["ticks"]
        assert scene.input_caption == strip["captions"][0]
        if not axis.fits:
            continue
        lens = make_lens(axis, width)
        page = lens_page(axis, lens, position)
        assert list(lens) == list(strip["lens"].values())
        assert page.places == strip["page"]["places"]
        assert page.centres == pytest.approx(
            {output["i"]: output["x"] / lens.cell for output in strip["page"]["outputs"]}
        )
        edges = window_edges(axis, lens, page, position)
        assert [edge * lens.cell for edge in edges] == pytest.approx(strip["window"])
        assert [list(run) for run in unread_runs(axis)] == strip["runs"]
        assert [scene.output_caption, scene.note] == strip["captions"][1:]
    scenes = [make_scene(output=output, show=show) for output in outputs for show in SHOWS]
    assert [scene.shown_how for scene in scenes] == answer["sentences"]


# An axis: what is shown


@pytest.mark.parametrize(("axis", "position"), FITTING[::3])
def test_every_cell_of_the_lens_shows_its_kernel_cell(axis, position):
    scene, layout = AxisScene(axis, position), lay_out(axis, position)
    page = layout.page
    reads = axis.reads[position].tolist()
    before, unread = axis.padding[0], set(axis.unread)
    cells = scene.input_cells(page)
    assert len(cells) == len(page.places) == layout.lens.slots
    for place, cell, index in zip(page.places, cells, scene.indices(page), strict=True):
        if place is None:
            assert (cell.text, index) == ("⋯", "")
            continue
        r = place - before
        assert index == str(r).replace("-", "−")
        if r in reads:
            u = reads.index(r)
            assert (cell.text, cell.fill) == (str(u), ("weight", u))
        else:
            assert cell.text == ""
            assert cell.fill == ("paper" if 0 <= r < axis.input else "shade")
        assert cell.hatched == (r in unread)
    if not layout.lens.cut:
        assert {cell.text for cell in cells} >= {str(u) for u in range(axis.kernel)}
    outputs = scene.output_cells(page)
    assert {i: cell.text for i, cell in outputs.items()} == {i: str(i) for i in page.centres}
    assert [i for i, cell in outputs.items() if cell.fill == "result"] == [position]


def test_the_words_of_an_axis():
    words = words_in(lay_out(Axis(224, 11, stride=4), 20))
    assert words.startswith("O   = ⌊( W  + 2 P  −  F ) /  S ⌋ + 1 = ⌊( 224  + 2· 0  −  11 ) /  4 ")
    assert "=  54 Remainder 1: the last cell of the padded input is never read." in words
    assert "input: 224 cells output: 54 cells 0 50 100 150 200 223 0 10 20 30 40 50 53" in words
    assert "Output 20 reads input cells 80 to 90." in words
    assert words.endswith("kernel cell, with its index u never read")


def test_the_words_of_a_small_axis():
    words = words_in(lay_out(Axis(5, 2, padding=(1, 0), dilation=3), 0))
    assert "D ( F  − 1) + 1)" in words
    assert "padded input: 1 + 5 + 0 cells −1 0 1 2 3 4 output: 3 cells" in words
    assert "Output 0 reads cells −1, 2; 1 of these is padding." in words
    assert words.endswith("kernel cell, with its index u padding")


def test_a_window_too_wide_is_said_to_be_cut():
    words = words_in(lay_out(Axis(1024, 128, padding=(3, 5)), 0))
    assert "too wide to be shown enlarged; these are its two ends." in words


@pytest.mark.parametrize(
    "axis", [Axis(4, 7, padding=(1, 1)), Axis(1, 128, dilation=32), Axis(900, 40, dilation=30)]
)
def test_an_axis_without_an_output_says_so(axis):
    layout = lay_out(axis)
    words = words_in(layout)
    assert axis.misfit() in words
    assert f"kernel: spans {axis.span} cells" in words
    assert "reads" not in words and "index u" not in words
    assert layout.alert and layout.lens is None
    overview = layout.overview
    assert overview.input.bottom < overview.window.top
    assert overview.window.right > overview.end[0]
    assert overview.outputs == [] and overview.unread == []
    picture = AxisPicture(layout)
    pixels = in_colour(picture)
    x, top, bottom = overview.end
    assert {colour_at(pixels, x, y) for y in range(top, bottom)} == {ACCENT}
    assert open_png(axis_still_png(axis, 3)).size == layout.size


# An axis: where it is drawn


@pytest.mark.parametrize(("axis", "position"), FITTING[1::3])
def test_an_axis_is_to_scale(axis, position):
    layout = lay_out(axis, position)
    if layout.lens.whole:
        assert layout.overview is None
        return
    overview = layout.overview
    left, _, right, _ = overview.input
    pixels = (right - left) / axis.padded

    def x(place):
        return left + place * pixels

    start = position * axis.stride
    assert overview.window.left == pytest.approx(x(start), abs=1)
    assert overview.window.right == pytest.approx(x(start + axis.span), abs=1.5)
    assert len(overview.kernel) == axis.kernel and len(overview.outputs) == axis.output
    for u, (first, last) in enumerate(overview.kernel):
        assert first == pytest.approx(x(start + u * axis.dilation), abs=1)
        assert last > first
    before = axis.padding[0]
    edges = x(before), x(before + axis.input)
    assert overview.inside == pytest.approx(edges, abs=1.5)
    for i, box in enumerate(overview.outputs):
        middle = x(i * axis.stride + axis.span / 2)
        assert (box.left + box.right) / 2 == pytest.approx(middle, abs=2)
    seen = np.zeros(axis.padded, bool)
    for first, last in unread_runs(axis):
        seen[first:last] = True
    assert np.flatnonzero(seen).tolist() == [r + before for r in axis.unread]


@pytest.mark.parametrize(("axis", "position"), AXES[::4])
def test_words_keep_inside_the_sheet_and_apart(axis, position):
    assert_words_inside_and_apart(lay_out(axis, position))


@pytest.mark.parametrize(("axis", "position"), FITTING[2::3])
def test_indices_fit_the_cells_of_the_lens(axis, position):
    layout = lay_out(axis, position)
    scene, page = layout.scene, layout.page
    cells = {"input": scene.input_cells(page), "output": scene.output_cells(page).values()}
    for row, faces in cells.items():
        for cell in faces:
            face = layout.faces[row]._replace(style="bold" if cell.bold else "sans")
            assert width_of(cell.text, face) < layout.cell - 2 * layout.heavy
    for i in page.centres:
        box = layout.output_box(i)
        assert box.left > 0 and box.right < layout.size[0]


# An axis: the pixels


def test_an_axis_has_the_explorers_colours():
    axis, position = Axis(224, 11, stride=4, padding=(2, 0), dilation=2), 20
    layout = lay_out(axis, position)
    pixels = in_colour(AxisPicture(layout))
    overview, places = layout.overview, layout.page.places
    start = position * axis.stride
    middle = (overview.window.top + overview.window.bottom) // 2
    for u, (left, right) in enumerate(overview.kernel):
        colour = tint(hue_of(u, 11), 0.5)
        slot = places.index(start + u * axis.dilation)
        assert main_colour(pixels, layout.input_box(slot)) == colour
        if 0 < u < 10:  # a frame covers the others' edges
            assert colour_at(pixels, (left + right) // 2, middle) == colour
    beside = layout.input_box(places.index(start + 1))
    assert main_colour(pixels, beside) == WHITE
    assert main_colour(pixels, overview.outputs[position]) == ACCENT
    assert main_colour(pixels, layout.output_box(position)) == (248, 229, 222)
    assert main_colour(pixels, layout.output_box(position + 1)) == WHITE
    grey = main_colour(pixels, overview.outputs[0])
    assert len(set(grey)) == 1 and 150 < grey[0] < 180
    frame = layout.window_box(position)
    line = layout.line
    for x in range(frame.left - line, frame.right):
        assert colour_at(pixels, x, frame.top - line) == (33, 33, 33)
        assert colour_at(pixels, x, frame.bottom - 1) == (33, 33, 33)


def test_padding_is_shaded_and_what_is_never_read_hatched():
    layout = lay_out(Axis(60, 3, stride=5, padding=(5, 0)), 4)
    pixels = in_colour(AxisPicture(layout))
    overview = layout.overview
    box = overview.input._replace(left=overview.input.left + 4, right=overview.inside[0] - 2)
    assert max(abs(channel - 234) for channel in main_colour(pixels, box)) <= 3
    left, right = overview.unread[2]
    rows = slice(overview.input.top + 2, overview.input.bottom - 2)
    assert len(np.unique(pixels[rows, left + 2 : right - 2])) > 2
    read = 2 * 5 + 1  # by output 2, which is not shown
    assert (pixels[rows, slice(*_inner(overview.stretch(read, read + 1)))] == 255).all()


def _inner(stretch):
    return stretch[0] + 2, stretch[1] - 2


# An axis: the file


def test_a_still_of_an_axis_is_small_and_the_same_each_time():
    axis = Axis(224, 11, stride=4)
    pngs = [axis_still_png(axis, i) for i in (0, 20, 53)]
    assert len(set(pngs)) == 3
    assert axis_still_png(replace(axis), 20) == pngs[1]
    assert max(map(len, pngs)) < 25_000
    assert 1500 <= open_png(pngs[0]).width <= 1600


@pytest.mark.parametrize(
    ("axis", "position"),
    [
        (Axis(1, 1), 0),
        (Axis(1, 1, padding=(128, 128), stride=128), 2),
        (Axis(1024, 1), 1023),
        (Axis(1024, 128, padding=(128, 128)), 1152),
        (Axis(1024, 128, stride=128, dilation=8, padding=(128, 0)), 1),
        (Axis(1024, 33, dilation=32), 0),
    ],
)
def test_the_largest_and_the_smallest_axis(axis, position):
    png = axis_still_png(axis, position)
    assert open_png(png).width <= 1600
    assert len(png) < 60_000
    assert_words_inside_and_apart(lay_out(axis, position))


def test_a_still_of_no_output_is_refused():
    with pytest.raises(ValueError, match="position must be at most 3, but is 4"):
        axis_still_png(Axis(6, 3), 4)
    with pytest.raises(TypeError, match="position must be an integer"):
        axis_still_png(Axis(6, 3), 1.5)


# A photograph: what is shown


def make_scene(image=None, kernel=((1,),), output=None, divisor=1, show="clip", **settings):
    """A scene; its result is that of the settings, unless it is given."""
    kernel = np.array(kernel)
    image = np.zeros((2, 3), np.uint8) if image is None else np.asarray(image, np.uint8)
    axes = make_axes(image.shape[:2], kernel.shape, **settings)
    if output is None and all(axis.fits for axis in axes):
        channels = np.atleast_3d(image).transpose(2, 0, 1)[:, None]
        output = conv2d(channels, kernel[None, None], **settings)[:, 0].transpose(1, 2, 0)
        output = (output if image.ndim == 3 else output[..., 0]) / divisor
    return ImageScene(image, kernel, output, *axes, divisor, show)


def draw_picture(seed, *shape):
    return np.random.default_rng(seed).integers(0, 256, shape, np.uint8)


KERNEL = ((2, -1, 0), (0, 3, -4))


@pytest.mark.parametrize("show", SHOWS)
@pytest.mark.parametrize("shape", [(7, 9), (6, 8, 3)])
def test_every_pixel_before_and_after_is_drawn(shape, show):
    scene = make_scene(draw_picture(1, *shape), KERNEL, divisor=3, show=show, stride=(2, 1))
    expected = {"clip": scene.output, "grey": scene.output + 128, "magnitude": abs(scene.output)}
    expected = np.clip(np.rint(expected[show]), 0, 255)
    still = ImageStill(scene, DENSITY)
    pixels = in_colour(still).astype(int)
    assert len(still.panes) == 2
    for picture, box in zip((scene.image, expected), still.panes, strict=True):
        drawn = pixels[box.top : box.bottom, box.left : box.right]
        rows, columns = picture.shape[:2]
        assert drawn.shape == (rows * still.times, columns * still.times, 3)
        blocks = drawn.reshape(rows, still.times, columns, still.times, 3)
        assert (blocks == blocks[:, :1, :, :1]).all()
        picture = np.atleast_3d(picture)
        assert abs(blocks[:, 0, :, 0] - picture).max() <= (2 if len(shape) == 2 else 24)


def test_every_weight_stands_in_its_cell():
    scene = make_scene(draw_picture(2, 5, 6), KERNEL)
    still = ImageStill(scene, DENSITY)
    pixels = in_colour(still)
    for (u, v), cell in scene.weights.items():
        assert cell.text == tiny(KERNEL[u][v])
        assert main_colour(pixels, still.kernel_box(u, v)) == tint(hue_of(3 * u + v, 6), 0.5)
        assert width_of(cell.text, still._letters) < still.cell
    assert len(scene.weights) == 6


def test_the_words_of_a_photograph():
    settings = {"stride": 2, "dilation": 2, "padding": 2}
    scene = make_scene(np.full((9, 8), 200), ((1, 2, 2),), divisor=2, **settings)
    words = words_in(ImageStill(scene, DENSITY))
    assert words.startswith("before: 9 x 8 pixels → kernel ÷ 2 stride = 2 dilation = 2 → ")
    assert "after: 7 x 4 pixels Results are shown as they are" in words
    above = int((scene.output > 255).sum())
    assert above > 0
    assert f"of these 28 numbers, 0 lie below and are shown as 0, {above} lie above" in words
    plain = words_in(ImageStill(make_scene(draw_picture(3, 9, 8)), DENSITY))
    assert "÷" not in plain and "stride" not in plain and "dilation" not in plain
    assert plain.endswith("All lie between 0 and 255 then, so nothing is cut off.")


def test_a_kernel_that_does_not_fit_a_photograph_says_so():
    scene = make_scene(draw_picture(4, 4, 9, 3), np.ones((7, 3)), padding=1)
    still = ImageStill(scene, DENSITY)
    words = words_in(still)
    assert "The kernel does not fit the height: it spans 7 rows" in words
    assert "after" not in words and "Results" not in words
    assert still.alert and len(still.panes) == 1
    assert_words_inside_and_apart(still)


@pytest.mark.parametrize(
    ("shape", "kernel", "settings"),
    [
        ((1, 1), ((1,),), {}),
        ((1, 512), ((1, -1),), {}),
        ((512, 3, 3), np.full((9, 9), -1234.5), {"padding": 64}),
        ((512, 512), np.full((9, 9), 10_000), {"padding": 64, "dilation": 4}),
        ((300, 411, 3), KERNEL, {"stride": 64}),
    ],
)
def test_panes_and_kernel_keep_apart_and_inside(shape, kernel, settings):
    still = ImageStill(make_scene(draw_picture(5, *shape), kernel, **settings), DENSITY)
    assert_words_inside_and_apart(still)
    width, height = still.size
    rows, columns = np.shape(kernel)
    boxes = [still.panes[0], still.kernel_box(0, 0, rows, columns), still.panes[1]]
    for box in boxes:
        assert 0 < box.left < box.right < width and 0 < box.top < box.bottom < height
    assert boxes[0].right < boxes[1].left and boxes[1].right < boxes[2].left
    assert max(max(b.right - b.left, b.bottom - b.top) for b in still.panes) <= 512
    middles = [(box.top + box.bottom) / 2 for box in boxes]
    assert max(middles) - min(middles) <= 1
    open_png(_png_of(still.scene))


def _png_of(scene):
    axes = scene.height, scene.width
    settings = {"divisor": scene.divisor, "show": scene.show}
    return image_still_png(scene.image, scene.kernel, scene.output, axes, **settings)


# A photograph: fewer pixels and colours


def test_a_large_picture_is_shrunk_by_the_mean():
    large = draw_picture(6, 8, 12, 3)
    small, other = shrink([large, large[:4]], 6)
    means = large.reshape(4, 2, 6, 2, 3).mean((1, 3))
    assert abs(small - means).max() <= 1
    assert other.shape == (2, 6, 3)
    assert shrink([large], 12)[0] is large
    assert shrink([np.zeros((600, 1, 3), np.uint8)], 6)[0].shape == (6, 1, 3)


def test_few_colours_and_close_ones():
    rng = np.random.default_rng(7)
    ramp = np.linspace(0, 255, 4000).astype(np.uint8)
    coloured = np.stack([rng.permutation(ramp), ramp, ramp[::-1]], -1).reshape(40, 100, 3)
    grey = np.repeat(ramp.reshape(40, 100, 1), 3, -1)
    for pictures, furthest in (([coloured, coloured[:7]], 64), ([grey, grey[:, :5]], 3)):
        indices, colours = reduce_colours(pictures)
        assert len(colours) <= MOST_COLOURS
        for picture, index in zip(pictures, indices, strict=True):
            assert index.shape == picture.shape[:2]
            assert abs(np.array(colours)[index] - picture).max() <= furthest


def test_black_and_white_stay_so():
    picture = np.zeros((3, 4, 3), np.uint8)
    picture[1] = 255
    picture[2] = (255, 0, 0)
    indices, colours = reduce_colours([picture])
    assert (np.array(colours)[indices[0]] == picture).all()


# The widgets


PNG = "image/png"
VIEW = "application/vnd.jupyter.widget-view+json"


def test_an_axis_explorer_brings_its_still():
    explorer = AxisExplorer(224, 11, stride=4, padding=(2, 1))
    explorer.position = 20
    bundle, _ = explorer._repr_mimebundle_()
    assert VIEW in bundle
    assert bundle[PNG] == axis_still_png(Axis(224, 11, stride=4, padding=(2, 1)), 20)
    explorer.kernel_size, explorer.dilation = 128, 32
    assert bundle[PNG] != explorer._repr_mimebundle_()[0][PNG]
    assert open_png(explorer._repr_mimebundle_()[0][PNG])


def test_an_image_explorer_brings_its_still():
    image = draw_picture(8, 6, 9, 3)
    explorer = ImageExplorer(image, KERNEL, divisor=2, padding=1, show="clip")
    bundle, _ = explorer._repr_mimebundle_()
    assert VIEW in bundle
    scene = make_scene(explorer.image, KERNEL, divisor=2, padding=1)
    assert bundle[PNG] == _png_of(scene)
    explorer.show = "grey"
    assert explorer._repr_mimebundle_()[0][PNG] == _png_of(replace(scene, show="grey"))
    explorer.dilation = 64
    without = make_scene(explorer.image, KERNEL, divisor=2, padding=1, dilation=64, show="grey")
    assert without.output is None
    assert explorer._repr_mimebundle_()[0][PNG] == _png_of(without)


@pytest.mark.parametrize(
    ("kernel", "divisor"),
    [
        (None, 1),
        (((1, 2, 1), (2, 4, 2), (1, 2, 1)), 16),
        (((0, -1, 0), (-1, 5, -1), (0, -1, 0)), 1),
    ],
)
def test_a_photograph_is_not_large(kernel, divisor):
    png = ImageExplorer(kernel=kernel, divisor=divisor)._repr_mimebundle_()[0][PNG]
    assert len(png) < 100_000
    assert open_png(png).width <= 1400


def test_stills_are_imported_when_they_are_asked_for():
    program = """
import json, sys, convviz
convviz.AxisExplorer()
before = sorted(sys.modules)
convviz.AxisExplorer()._repr_mimebundle_()
print(json.dumps([before, sorted(sys.modules)]))
"""
    outcome = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    before, after = (set(names) for names in json.loads(outcome.stdout))
    assert not {"convviz.stills", "PIL"} & before
    assert "convviz.stills" in after and "matplotlib.pyplot" not in after
