"""How many frames a second save_gif writes, beside matplotlib's FuncAnimation with Pillow's writer.

    python benchmarks/gif.py [--pairs PAIRS]

Both make a GIF of as many frames and as many pixels, with the same cells, colours and numbers in
the same places. matplotlib's is written as with care for speed: one collection for all cells, one
text for each number, made once; a frame sets new colours and new numbers. The two take turns, each
pair giving one ratio, so that whatever else the machine does meets both.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path

import matplotlib
import matplotlib.pyplot as plt
import numpy as np
from matplotlib.animation import FuncAnimation, PillowWriter
from matplotlib.collections import PolyCollection
from PIL import Image

sys.path.insert(0, str(Path(__file__).parent.parent))  # for benchmarks

from benchmarks import harness
from convviz.stills import save_gif
from convviz.stills.colours import PAPER, RESULT, tint
from convviz.stills.convolution import take_convolution
from convviz.stills.layout import fit_layout
from convviz.stills.numerals import hue_of
from convviz.stills.scene import Scene

PACKAGES = ("numpy", "matplotlib", "pillow")

WIDTH = 1200
MILLISECONDS = 700
DPI = 100


def examples():
    """Name: arguments of save_gif."""
    rng = np.random.default_rng(0)
    return {
        "worked example": {},
        "worked example, padding 1": {"padding": 1, "out_channel": 0},
        "8x8, 1 channel": {
            "input": rng.integers(0, 10, (1, 8, 8)),
            "weight": rng.integers(-2, 3, (1, 1, 3, 3)),
        },
        "16x16, 3 channels in, 2 out, every 8th": {
            "input": rng.normal(size=(3, 16, 16)),
            "weight": rng.normal(size=(2, 3, 3, 3)),
            "stride": 8,
            "out_channel": 0,
        },
    }


class InMatplotlib:
    """The same animation as a figure of matplotlib's."""

    def __init__(self, arguments):
        settings = dict(arguments)
        out_channel = settings.pop("out_channel", None)
        self.scene = Scene(take_convolution(**settings))
        self.steps = [self.scene.step(frame) for frame in self.scene.walk(out_channel)]
        self.layout = fit_layout(self.scene, self.steps, WIDTH)

    def save(self, path):
        width, height = self.layout.size
        figure = plt.figure(figsize=(width / DPI, height / DPI), dpi=DPI)
        ax = figure.add_axes((0, 0, 1, 1))
        ax.set(xlim=(0, width), ylim=(height, 0))
        ax.set_axis_off()
        self.places = list(self.scene.cells(self.steps[0].frame))
        boxes = [self.layout.box_of(place) for place in self.places]
        corners = [[(x, y), (x2, y), (x2, y2), (x, y2)] for x, y, x2, y2 in boxes]
        self.cells = ax.add_collection(PolyCollection(corners, edgecolors="0.73"))
        self.numbers = {
            place: self._write(ax, (box.left + box.right) / 2, (box.top + box.bottom) / 2, place)
            for place, box in zip(self.places, boxes, strict=True)
        }
        for x, y, piece in self.layout.fixed:
            ax.text(x, y, piece.text, fontsize=piece.face.size * 72 / DPI)
        self.words = ax.text(20, height - 60, "", fontsize=20)
        animation = FuncAnimation(figure, self._update, frames=len(self.steps), blit=False)
        animation.save(path, writer=PillowWriter(fps=1000 / MILLISECONDS), dpi=DPI)
        plt.close(figure)

    def _write(self, ax, x, y, place):
        size = self.layout.faces[place.grid].size * 72 / DPI
        return ax.text(x, y, "", fontsize=size, ha="center", va="center")

    def _update(self, k):
        step = self.steps[k]
        cells = self.scene.cells(step.frame)
        self.cells.set_facecolor([self._colour(cells[place]) for place in self.places])
        for place in self.places:
            self.numbers[place].set_text(cells[place].text)
        self.words.set_text(self.scene.note(step.frame))

    def _colour(self, cell):
        if isinstance(cell.fill, str):
            colour = {"paper": PAPER, "shade": (234, 234, 234), "result": RESULT}[cell.fill]
        else:
            weights = self.scene.height.kernel * self.scene.width.kernel
            hue = hue_of(cell.fill[1], weights)
            colour = tint(hue, {"weight": 0.5, "product": 0.26}[cell.fill[0]])
        return [channel / 255 for channel in colour]


def measure(names: Iterable[str] | None = None, pairs: int = 3) -> list[dict]:
    """For each example the milliseconds of a frame in both, and how many times faster convviz is.

    Raises
    ------
    AssertionError
        If the two GIFs differ in size or number of frames.
    """
    with tempfile.TemporaryDirectory() as folder, matplotlib.rc_context({"backend": "agg"}):
        known = examples()
        chosen = known if names is None else names
        return [{"example": name} | compare(known[name], pairs, Path(folder)) for name in chosen]


def compare(arguments: dict, pairs: int, folder: Path) -> dict:
    """Frames, pixels, milliseconds of a frame in convviz and in matplotlib, and the ratio."""
    ours, theirs = folder / "ours.gif", folder / "theirs.gif"
    animation = InMatplotlib(arguments)
    times = []
    for _ in range(pairs + 1):
        mine = timed(lambda: save_gif(ours, milliseconds=MILLISECONDS, **arguments))
        times.append((mine, timed(lambda: animation.save(theirs))))
    with Image.open(ours) as a, Image.open(theirs) as b:
        assert a.size == b.size and a.n_frames == b.n_frames == len(animation.steps)
        size, frames = a.size, a.n_frames
    mine, other = zip(*times[1:], strict=True)  # the first of each loads fonts
    return {
        "frames": frames,
        "pixels": list(size),
        "convviz": harness.spread(1e3 * t / frames for t in mine)._asdict(),
        "matplotlib": harness.spread(1e3 * t / frames for t in other)._asdict(),
        "ratio": harness.ratios(other, of=mine)._asdict(),
    }


def timed(function: harness.Function) -> float:
    """Seconds of one call."""
    start = time.perf_counter()
    function()
    return time.perf_counter() - start


def main() -> None:
    """Measure, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pairs", type=int, default=3, help="of GIFs for each row (default 3)")
    from benchmarks.report import describe_gif

    print(describe_gif(measure(pairs=parser.parse_args().pairs)))


if __name__ == "__main__":
    main()
