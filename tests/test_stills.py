"""Stills and GIFs of the explorer: every number drawn is right, and every file is a good one."""

import io
import json
import os
import shutil
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from convviz import ConvLayer, conv2d, example, make_axes, trace
from convviz.stills import save_gif, still_png
from convviz.stills.colours import Palette, tint
from convviz.stills.convolution import take_convolution
from convviz.stills.gif import TRANSPARENT, encode_gif
from convviz.stills.layout import Layout, fit_layout
from convviz.stills.lettering import draw_text, width_of
from convviz.stills.numerals import hue_of, short, tiny
from convviz.stills.picture import Picture
from convviz.stills.scene import Cell, Place, Scene
from tests.cases.convolutions import CASES

SOURCES = Path(__file__).parent.parent / "convviz" / "widgets" / "js" / "src"


# Small enough to look at every cell of every frame.
LAYERS = [
    case
    for case in CASES
    if case.refused != "wrong setting" and case.images[0].size + case.arrays["weight"].size < 400
]


def settings_of(number):
    """A layer on one image, which may have no output; its floats as large or small as they come."""
    case = LAYERS[number]
    scale = 1 if case.whole else 10.0 ** (number % 9 - 4)
    arrays = {n: None if case.image[n] is None else case.image[n] * scale for n in case.arrays}
    return case.image | arrays


def scene_of(**settings):
    return Scene(take_convolution(**settings))


def run_in_node(program, values):
    """What a program makes of `values`, with the browser's own modules at hand."""
    beside_python = str(Path(sys.executable).parent)
    node = shutil.which("node", path=os.pathsep.join([beside_python, os.environ["PATH"]]))
    assert node, "node is missing: pip install -r requirements.txt brings it"
    program = f"const values = JSON.parse(process.argv[1]);\n{program}"
    outcome = subprocess.run(
        [node, "--input-type=module", "--eval", program, "--", json.dumps(values)],
        cwd=SOURCES,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    return json.loads(outcome.stdout)


# What is drawn


@pytest.mark.parametrize("seed", range(24))
def test_every_cell_shows_its_number(seed):
    settings = settings_of(seed)
    scene = scene_of(**settings)
    if not scene.fits:
        with pytest.raises(ValueError, match=r"does not fit|can add at most"):
            conv2d(**settings)
        return
    output = conv2d(**settings)
    height, width = make_axes(
        settings["input"].shape[1:],
        settings["weight"].shape[2:],
        **{name: settings[name] for name in ("stride", "padding", "dilation")},
    )
    frames = list(scene.walk(None))
    places = [(c, i, j) for c, i, j in np.ndindex(output.shape)]
    assert [frame.at for frame in frames] == places
    for frame in frames[:: max(len(frames) // 5, 1)]:
        cells = scene.cells(frame)
        taken = trace(**settings, at=frame.at)
        shown = {place: cell.text for place, cell in cells.items()}
        for c, i, j in places:
            assert shown[Place("output", c, i, j)] == tiny(output[c, i, j].item())
        for c, channel in enumerate(taken.channels):
            for u, v in np.ndindex(taken.weight.shape[1:]):
                at = Place("input", channel, taken.rows[u], taken.columns[v])
                k = u * taken.weight.shape[2] + v
                assert cells[at] == Cell(tiny(taken.window[c, u, v].item()), ("weight", k))
                kernel, product = (Place(grid, channel, u, v) for grid in ("kernel", "product"))
                assert cells[kernel] == Cell(tiny(taken.weight[c, u, v].item()), ("weight", k))
                number = tiny(taken.products[c, u, v].item())
                assert cells[product] == Cell(number, ("product", k))
        coloured = {
            p for p, cell in cells.items() if p.grid == "input" and cell.fill[0] == "weight"
        }
        assert len(coloured) == taken.window.size
        others = {p.channel for p in cells if p.grid in ("kernel", "product")}
        assert others == set(taken.channels)
        assert sum(p.grid == "input" for p in cells) == (
            len(settings["input"]) * height.padded * width.padded
        )
        assert {p for p, cell in cells.items() if cell.fill == "result"} == {
            Place("output", *frame.at)
        }


def test_cells_say_what_they_are():
    scene = scene_of(stride=2, padding=1)
    cells = scene.cells(scene.frame(2, out_channel=1))
    assert cells[Place("input", 0, -1, 0)] == Cell("0", "shade", muted=True)
    assert cells[Place("input", 1, 4, 3)] == Cell("0", "shade", hatched=True, muted=True)
    assert cells[Place("input", 0, 0, 2)] == Cell("3")
    outputs = [cells[Place("output", 0, i, j)] for i in (0, 1) for j in (0, 1)]
    assert outputs == [Cell("15"), Cell("10"), Cell("8"), Cell("19", muted=True)]
    assert cells[Place("output", 1, 1, 0)] == Cell("9", "result", bold=True)


def test_a_cell_inside_that_is_never_read_is_hatched_on_paper():
    cells = scene_of(stride=2).input_cells
    assert cells[Place("input", 0, 3, 0)] == Cell("0", hatched=True)
    assert not cells[Place("input", 0, 2, 2)].hatched


def test_one_channel_after_the_other_is_made():
    scene = scene_of()
    frames = list(scene.walk(None))
    assert frames[5].at == (1, 0, 1)
    assert frames[5].reached == (3, 1)
    muted = [p for p, cell in scene.output_cells(frames[5]).items() if cell.muted]
    assert muted == [Place("output", 1, 1, 0), Place("output", 1, 1, 1)]
    frames = list(scene.walk(1))
    assert [frame.at for frame in frames] == [(1, 0, 0), (1, 0, 1), (1, 1, 0), (1, 1, 1)]
    assert frames[2] == scene.frame(2, 1)


def words_in(runs):
    return " ".join(run.piece.text for run in runs)


def test_the_words_around_the_grids():
    scene = scene_of(stride=2, padding=1)
    step = scene.step(scene.frame(2, out_channel=1))
    layout = Layout(scene, [step], 2)
    assert words_in(layout.sum_line(step)) == (
        "output[1, 1, 0] = 0 channel 0 + 10 channel 1 − 1 bias = 9"
    )
    assert words_in(layout.note(step)) == (
        "Output row 1, column 0 reads input rows 1 to 3 and columns −1 to 1; "
        "3 of these cells are padding."
    )
    fixed = words_in(layout.fixed)
    assert "O   = ⌊( W  + 2 P  −  F ) /  S ⌋ + 1" in fixed
    assert "Remainder 1: the last row and the last column of the padded input" in fixed
    assert fixed.endswith("padding never read")
    assert words_in(layout.partial(1, "10")) == "10"
    assert words_in(layout.caption(1, shown=1)) == "output channel 1, shown"
    assert words_in(layout.caption(0, shown=1)) == "output channel 0"


def test_a_channel_of_another_group_says_so():
    rng = np.random.default_rng(8)
    settings = {"input": rng.integers(0, 9, (4, 4, 5)), "weight": rng.integers(0, 9, (2, 2, 2, 3))}
    scene = scene_of(**settings, groups=2)
    step = scene.step(scene.frame(0, out_channel=1))
    layout = Layout(scene, [step], 2)
    assert words_in(layout.absent(0, 1)) == (
        "output channel 1 does not read this channel (groups = 2)"
    )
    assert words_in(layout.note(step)).endswith("own group only: 2 to 3 (groups = 2).")


# The same as in the browser


def test_numbers_are_written_as_in_the_browser():
    rng = np.random.default_rng(1)
    scales = 10.0 ** rng.integers(-12, 25, 600)
    values = [
        *(rng.normal(size=600) * scales).tolist(),
        *rng.integers(-(10**7), 10**7, 100).tolist(),
        *(rng.integers(-4000, 4000, 300) / 8).tolist(),
        *(0.0, -0.0, 1e-6, 1e-7, 9.995, 99.95, 9999.5, 0.0095, 999999.5, 1e21, 123456.7),
    ]
    program = """
        import { hueOf, short, tiny } from "./core/numerals.js";
        const hues = Array.from({ length: 49 }, (_, k) => hueOf(k, 49));
        console.log(JSON.stringify([values.map(tiny), values.map(short), hues]));
    """
    in_browser = run_in_node(program, values)
    ours = [list(map(tiny, values)), list(map(short, values)), [hue_of(k, 49) for k in range(49)]]
    assert ours == in_browser


def test_words_are_those_of_the_browser():
    scenes = [scene_of(**settings_of(seed)) for seed in range(40)]
    layers = []
    for scene in scenes:
        given = scene.convolution
        arrays = {name: getattr(given, name) for name in ("input", "weight", "bias")}
        arrays = {name: None if a is None else a.tolist() for name, a in arrays.items()}
        layers.append({**arrays, **given.settings})
    program = """
        import { makeScene } from "./core/convolution.js";
        import { formulaSteps } from "./core/formula.js";
        import { leftOver, problems, readsSentence } from "./core/words.js";
        const steps = (axis, size) =>
          formulaSteps(axis, {
            size,
            output: { text: "O", term: "O", sub: size },
            sides: size === "H" ? ["top", "bottom"] : ["left", "right"],
          });
        const results = values.map((layer) => {
          const scene = makeScene(layer);
          const { height, width, fits } = scene;
          return {
            formula: [steps(height, "H"), steps(width, "W")],
            remarks: [leftOver(height, "height"), leftOver(width, "width")],
            problems: problems(scene).map((p) => [p.reason, ...p.remedies].join(" ")),
            note: fits ? readsSentence(scene, 0, height.output - 1, width.output - 1) : null,
          };
        });
        console.log(JSON.stringify(results));
    """
    both = 0
    for scene, result in zip(scenes, run_in_node(program, layers), strict=True):
        assert scene.problems == result["problems"]
        if scene.height != scene.width:
            both += 1
            for line, steps, remark in zip(
                scene.formula, result["formula"], result["remarks"], strict=True
            ):
                assert [written(step) for step in line.steps] == [in_js(step) for step in steps]
                assert line.remark == remark
        if scene.fits:
            last = scene.frame(scene.positions - 1, 0)
            assert scene.note(last) == result["note"]
    assert both > 30


def written(step):
    """A step's terms with their colours, all signs between two terms as one text."""
    return join_signs((token.text, token.term, token.sub) for token in step)


def in_js(step):
    return join_signs((token["text"], token.get("term"), token.get("sub", "")) for token in step)


def join_signs(tokens):
    joined = []
    for text, term, sub in tokens:
        if term is None and joined and joined[-1][1] is None:
            joined[-1] = (joined[-1][0] + text, None, "")
        else:
            joined.append((text, term, sub))
    return joined


# Where it is drawn


def boxes_of(layout, scene, frame):
    return {place: layout.box_of(place) for place in scene.cells(frame)}


@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"stride": 2, "padding": ((0, 3), (2, 1))},
        {"input": np.ones((3, 16, 16)), "weight": np.ones((4, 3, 3, 3)) / 3, "padding": 1},
        {"input": np.ones((1, 9, 30)), "weight": np.ones((2, 1, 2, 7))},
        {"input": np.ones((1, 1, 1)), "weight": np.ones((9, 1, 1, 1))},
        {"input": np.full((2, 5, 2), -1e-7), "weight": np.full((1, 2, 5, 2), -1e9)},
        {"input": np.ones((1, 30, 150)), "weight": np.ones((1, 1, 10, 100))},
    ],
)
def test_grids_keep_apart_and_inside(settings):
    scene = scene_of(**settings)
    step = scene.step(scene.frame(0, 0))
    layout = Layout(scene, [step], 2)
    width, height = layout.size
    assert width <= 1600
    taken = np.zeros((height, width), bool)
    for left, top, right, bottom in boxes_of(layout, scene, step.frame).values():
        assert 0 < left < right < width and 0 < top < bottom < height
        assert not taken[top:bottom, left:right].any()
        taken[top:bottom, left:right] = True
    runs = [*layout.fixed, *layout.sum_line(step), *layout.note(step)]
    for channel, number in scene.partial_sums(step.taken).items():
        runs += layout.partial(channel, number)
        runs += layout.rows[channel].before_kernel + layout.rows[channel].before_products
    for c_out in range(len(layout.captions)):
        runs += layout.caption(c_out, 0)
    for x, y, piece in runs:
        mask = draw_text(piece.text, piece.face)
        top, left = round(y) + mask.top, round(x) + mask.left
        high, wide = mask.coverage.shape
        assert top >= 0 and top + high <= height and left >= 0 and left + wide <= width
        area = taken[top : top + high, left : left + wide]
        assert not (area & (mask.coverage > 0)).any(), piece.text
        area |= mask.coverage > 0


@pytest.mark.parametrize("seed", [0, 1, 2, 4, 6])
def test_numbers_fit_their_cells(seed):
    scene = scene_of(**settings_of(seed))
    steps = [scene.step(frame) for frame in scene.walk(None)] or [scene.step(scene.frame(0, 0))]
    layout = Layout(scene, steps, 2)
    for step in steps:
        cells = scene.cells(step.frame) if scene.fits else scene.input_cells
        for place, cell in cells.items():
            face = layout.faces[place.grid]
            style = "bold" if cell.bold else "sans"
            assert width_of(cell.text, face._replace(style=style)) < layout.cell


@pytest.mark.parametrize("width", [300, 640, 1200, 1999])
def test_a_layout_is_as_wide_as_asked_for(width):
    scene = scene_of(padding=1)
    steps = [scene.step(frame) for frame in scene.walk(0)]
    layout = fit_layout(scene, steps, width)
    assert layout.size[0] == width
    assert 0.97 * width < layout.right + layout.scale * 10 <= width


@pytest.mark.parametrize("width", range(300, 700, 20))
@pytest.mark.parametrize("shape", [(2, 1, 1), (2, 11, 12)])
def test_words_wider_than_what_they_stand_beside_fit_the_page(width, shape):
    """Letters are whole pixels, so on a small page they are wider than their share of it."""
    scene = scene_of(input=np.ones(shape), weight=np.ones((4, 1, 1, 1)), groups=2)
    for c_out, absent in ((0, 1), (3, 0)):
        step = scene.step(scene.frame(0, c_out))
        layout = fit_layout(scene, [step], width)
        for x, _, piece in layout.caption(c_out, shown=c_out) + layout.absent(absent, c_out):
            assert x + width_of(piece.text, piece.face) <= width


# The pixels


def draw(scale=2, position=0, out_channel=0, **settings):
    scene = scene_of(**settings)
    step = scene.step(scene.frame(position, out_channel))
    picture = Picture(Layout(scene, [step], scale))
    colours = np.frombuffer(picture.palette.colours, np.uint8).reshape(-1, 3)
    return picture, colours[picture.draw(step)]


def colour_in(picture, pixels, place):
    """The colour that most of a cell has."""
    left, top, right, bottom = picture.layout.box_of(place)
    cell = pixels[top:bottom, left:right].reshape(-1, 3)
    colours, counts = np.unique(cell, axis=0, return_counts=True)
    return tuple(colours[counts.argmax()].tolist())


def test_cells_have_the_explorers_colours():
    picture, pixels = draw(stride=2, padding=1, position=2, out_channel=1)
    for k in (1, 3, 8):
        u, v = divmod(k, 3)
        strong, light = (tint(hue_of(k, 9), share) for share in (0.5, 0.26))
        assert colour_in(picture, pixels, Place("kernel", 1, u, v)) == strong
        assert colour_in(picture, pixels, Place("product", 0, u, v)) == light
    assert colour_in(picture, pixels, Place("input", 0, 2, 0)) == tint(hue_of(4, 9), 0.5)
    assert colour_in(picture, pixels, Place("input", 0, 0, 0)) == (255, 255, 255)
    shade = colour_in(picture, pixels, Place("input", 0, -1, 0))
    assert max(abs(channel - 234) for channel in shade) <= 2
    assert colour_in(picture, pixels, Place("output", 1, 1, 0)) == (248, 229, 222)
    assert colour_in(picture, pixels, Place("output", 0, 1, 0)) == (255, 255, 255)


def test_tints_are_those_of_a_browser():
    """As Chromium draws the first and the last weight of a 3 x 3 kernel."""
    assert [tint(hue_of(k, 9), 0.5) for k in (0, 8)] == [(253, 181, 180), (222, 187, 242)]
    assert [tint(hue_of(k, 9), 0.26) for k in (0, 8)] == [(255, 217, 215), (238, 219, 249)]


def test_the_window_is_outlined():
    picture, pixels = draw(dilation=2, padding=1, position=3)
    scene, layout = picture.scene, picture.layout
    for channel in (0, 1):
        corner = layout.box_of(Place("input", channel, 0, 0), 5, 5)
        left, top, right, bottom = corner.left, corner.top, corner.right, corner.bottom
        edges = pixels[top, left:right], pixels[bottom - 1, left:right], pixels[top:bottom, left]
        for edge in (*edges, pixels[top:bottom, right - 1]):
            assert (edge == 33).all()
    assert scene.height.span == 5


def test_a_window_that_has_moved_leaves_nothing_behind():
    scene = scene_of(padding=1)
    steps = [scene.step(frame) for frame in scene.walk(None)]
    picture = Picture(Layout(scene, steps, 1.5))
    first = picture.draw(steps[0])
    for step in steps:
        picture.draw(step)
    assert np.array_equal(picture.draw(steps[0]), first)
    fresh = Picture(Layout(scene, steps, 1.5))
    assert np.array_equal(fresh.draw(steps[-1]), picture.draw(steps[-1]))


@pytest.mark.parametrize("weights", [1, 2, 9, 16, 25, 28, 49, 400])
def test_a_palette_has_room_and_smooth_edges(weights):
    palette = Palette(weights)
    assert len(palette.colours) <= 3 * TRANSPARENT
    for k in {0, weights // 2, weights - 1}:
        for fill in "weight", "product":
            ramp = palette.ramp((fill, k))
            assert len(set(ramp.tolist())) >= 4
            colour = palette.colours[3 * int(ramp[255]) :][:3]
            assert tuple(colour) == (33, 33, 33)


# PNG


def open_png(png):
    image = Image.open(io.BytesIO(png))
    image.load()
    return image


def test_a_png_is_small_and_sharp():
    png = still_png(position=3, out_channel=1)
    assert len(png) < 30_000
    image = open_png(png)
    assert (image.format, image.mode) == ("PNG", "P")
    assert 1200 <= image.width <= 1600
    assert image.info["dpi"] == pytest.approx((192, 192), abs=0.1)


def test_a_png_is_the_same_each_time_and_another_for_each_position():
    pngs = [still_png(position=k, out_channel=c) for c in (0, 1) for k in range(4)]
    assert len(set(pngs)) == 8
    assert still_png(position=2) == pngs[2]


@pytest.mark.parametrize("seed", range(0, 60, 4))
def test_any_setting_gives_a_png(seed):
    settings = settings_of(seed)
    assert open_png(still_png(**settings)).width <= 1600


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"dilation": 2}, "with dilation 2 its 3 cells span 5"),
        ({"padding": 5, "padding_mode": "reflect"}, "can add at most 3 rows"),
        ({"padding": 97}, "cells, padding included, but a still shows at most"),
        ({"padding": ((0, 197), (0, 0))}, "is 201 cells long"),
        ({"input": np.ones((65, 1, 1)), "weight": np.ones((1, 65, 1, 1))}, "65 channels"),
    ],
)
def test_what_has_no_picture_is_told_in_the_picture(settings, words, tmp_path):
    scene = scene_of(**settings)
    step = scene.step(scene.frame(0, 0))
    layout = Layout(scene, [step], 2)
    assert words in words_in(layout.fixed)
    assert layout.alert
    assert open_png(still_png(**settings, position=5)).width <= 1600
    with pytest.raises(ValueError, match=words):
        save_gif(tmp_path / "none.gif", **settings)
    assert not list(tmp_path.iterdir())


# GIF


def frames_of(path):
    with Image.open(path) as image:
        for k in range(image.n_frames):
            image.seek(k)
            yield image.info.get("duration"), np.asarray(image.convert("RGB"))


def test_a_gif_shows_every_position(tmp_path):
    path = save_gif(str(tmp_path / "walk.gif"), stride=2, padding=1, width=700)
    assert path == tmp_path / "walk.gif"
    with Image.open(path) as image:
        assert (image.format, image.mode, image.n_frames) == ("GIF", "P", 8)
        assert image.info["loop"] == 0
    scene = scene_of(stride=2, padding=1)
    steps = [scene.step(frame) for frame in scene.walk(None)]
    picture = Picture(fit_layout(scene, steps, 700))
    colours = np.frombuffer(picture.palette.colours, np.uint8).reshape(-1, 3)
    for step, (duration, pixels) in zip(steps, frames_of(path), strict=True):
        assert duration == 700
        assert pixels.shape[1] == 700
        assert np.array_equal(pixels, colours[picture.draw(step)])


def test_a_gif_of_one_channel_that_plays_once(tmp_path):
    path = save_gif(tmp_path / "one.GIF", out_channel=1, milliseconds=123, width=400, loop=False)
    with Image.open(path) as image:
        assert image.n_frames == 4
        assert "loop" not in image.info
    assert {duration for duration, _ in frames_of(path)} == {120}


def test_the_same_gif_each_time(tmp_path):
    first, second = (
        save_gif(tmp_path / name, padding=1, width=500).read_bytes() for name in ("a.gif", "b.gif")
    )
    assert first == second


def test_a_gif_takes_a_layer_and_an_image(tmp_path):
    input, weight, bias = example()
    layer = ConvLayer(weight, bias, stride=2, padding=1)
    theirs = save_gif(tmp_path / "a.gif", input, layer, width=500)
    ours = save_gif(tmp_path / "b.gif", input * 1.0, weight, bias, stride=2, padding=1, width=500)
    assert theirs.read_bytes() == ours.read_bytes()


@pytest.mark.parametrize("seed", [3, 6, 8, 11, 14])
def test_any_setting_with_an_output_gives_a_gif(seed, tmp_path):
    settings = settings_of(seed)
    path = save_gif(tmp_path / "any.gif", **settings, width=600, out_channel=0)
    shapes = [pixels.shape for _, pixels in frames_of(path)]
    assert len(shapes) == conv2d(**settings)[0].size
    assert set(shapes) == {shapes[0]} and shapes[0][1] == 600


def test_pages_that_differ_nowhere_or_in_a_corner():
    page = np.zeros((5, 7), np.uint8)
    corner = page.copy()
    corner[4, 6] = 1
    colours = bytes(range(6))
    gif = b"".join(encode_gif([page, page, corner], colours, milliseconds=50, loop=True))
    shown = [pixels for _, pixels in frames_of(io.BytesIO(gif))]
    assert [pixels[4, 6].tolist() for pixels in shown] == [[0, 1, 2], [0, 1, 2], [3, 4, 5]]
    assert (shown[2][:4] == (0, 1, 2)).all()


@pytest.mark.parametrize(
    ("arguments", "error", "words"),
    [
        ({"path": "walk.png"}, ValueError, r"path must end in \.gif, but is 'walk.png'"),
        ({"path": 3}, TypeError, r"path must end in \.gif, but is 3"),
        ({"path": "no/such/walk.gif"}, FileNotFoundError, "there is no 'no.*such'"),
        ({"milliseconds": 19}, ValueError, "milliseconds must be at least 20, but is 19"),
        ({"milliseconds": 0.5}, TypeError, "milliseconds must be an integer"),
        ({"width": 100}, ValueError, "width must be at least 300"),
        ({"width": 10**6}, ValueError, "width must be at most 3200"),
        ({"out_channel": 2}, ValueError, "out_channel must be at most 1, but is 2"),
        ({"stride": 0}, ValueError, "stride must be at least 1"),
        ({"padding": "full"}, ValueError, "padding must be"),
        ({"groups": 3}, ValueError, "groups must divide"),
        ({"padding_mode": "mirror"}, ValueError, "padding_mode must be one of"),
        ({"input": np.zeros((4, 4))}, ValueError, "one image"),
        ({"input": np.full((2, 4, 4), np.nan)}, ValueError, "input must be finite"),
        ({"input": np.zeros((2, 33, 33))}, ValueError, "1922 frames"),
        ({"weight": None}, TypeError, "weight"),
        ({"weight": ConvLayer(np.ones((2, 2, 3, 3))), "stride": 2}, ValueError, "A layer brings"),
    ],
)
def test_bad_arguments_are_named(arguments, error, words, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    input, weight, _ = example()
    given = {"path": "walk.gif", "input": input, "weight": weight} | arguments
    with pytest.raises(error, match=words):
        save_gif(**given)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"position": 4}, "position must be at most 3, but is 4"),
        ({"position": -1}, "position must be at least 0"),
        ({"out_channel": 2}, "out_channel must be at most 1"),
    ],
)
def test_a_still_of_no_cell_is_refused(arguments, words):
    with pytest.raises(ValueError, match=words):
        still_png(**arguments)


def test_progress_is_shown_only_when_asked_for(tmp_path, capfd, monkeypatch):
    import convviz.stills.saving as saving

    monkeypatch.setattr(saving, "_PROGRESS_AFTER", 0)
    quiet = [save_gif(tmp_path / f"{p}.gif", width=400, progress=p) for p in (None, False)]
    assert capfd.readouterr() == ("", "")
    loud = save_gif(tmp_path / "loud.gif", width=400, progress=True)
    out, err = capfd.readouterr()
    assert out == ""
    assert "/8 [" in err
    assert len({path.read_bytes() for path in (*quiet, loud)}) == 1


def test_pictures_can_be_made_side_by_side():
    made = {}
    threads = [
        threading.Thread(target=lambda k=k: made.update({k: still_png(position=k)}))
        for k in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert made == {k: still_png(position=k) for k in range(4)}


def test_importing_is_light():
    program = "import json, sys, convviz.stills; print(json.dumps(sorted(sys.modules)))"
    outcome = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    heavy = {"matplotlib", "matplotlib.pyplot", "tqdm", "torch", "keras"}
    assert not heavy & set(json.loads(outcome.stdout))
