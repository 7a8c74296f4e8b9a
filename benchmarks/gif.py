"""How long a frame of save_gif takes, beside matplotlib's FuncAnimation with its Pillow writer.

    python benchmarks/gif.py [--pairs PAIRS]

Both make a GIF of as many frames and as many pixels, with the same cells, colours and numbers in
the same places. matplotlib's is written as with care for speed: one collection for all cells, one
text for each number, made once; a frame sets new colours and new numbers. The two run in turn, each
pair giving one ratio, so that whatever else the machine does meets both; medians are shown. What is
measured is processor time, which leaves out the time that other programs were given.
"""

import argparse
import platform
import statistics
import tempfile
import time
from pathlib import Path

import matplotlib
import matplotlib.pyplot as plt
import numpy as np
import PIL
from matplotlib.animation import FuncAnimation, PillowWriter
from matplotlib.collections import PolyCollection
from PIL import Image

from convviz.stills import save_gif
from convviz.stills.colours import PAPER, RESULT, tint
from convviz.stills.convolution import take_convolution
from convviz.stills.layout import fit_layout
from convviz.stills.numerals import hue_of
from convviz.stills.scene import Scene

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


def compare(arguments, pairs, folder):
    """Frames, size, milliseconds of a frame in convviz and in matplotlib, and the ratio."""
    ours, theirs = folder / "ours.gif", folder / "theirs.gif"
    animation = InMatplotlib(arguments)
    times = []
    for _ in range(pairs + 1):
        mine = timed(lambda: save_gif(ours, milliseconds=MILLISECONDS, **arguments))
        times.append((mine, timed(lambda: animation.save(theirs))))
    times = times[1:]  # the first of each loads fonts
    with Image.open(ours) as a, Image.open(theirs) as b:
        assert a.size == b.size and a.n_frames == b.n_frames == len(animation.steps)
        size, frames = a.size, a.n_frames
    ratio = statistics.median(other / mine for mine, other in times)
    mine, other = (statistics.median(column) / frames for column in zip(*times, strict=True))
    return frames, size, mine, other, ratio


def timed(function) -> float:
    """Milliseconds of all threads."""
    start = time.process_time()
    function()
    return (time.process_time() - start) * 1e3


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pairs", type=int, default=5, help="of GIFs for each row (default 5)")
    pairs = parser.parse_args().pairs
    matplotlib.use("agg")
    versions = f"matplotlib {matplotlib.__version__}, Pillow {PIL.__version__}"
    print(f"Python {platform.python_version()}, {versions}\n")
    print("| example | frames | pixels | convviz, a frame (ms) | matplotlib (ms) | times faster |")
    print("|---|---:|---|---:|---:|---:|")
    ratios = []
    with tempfile.TemporaryDirectory() as folder:
        for name, arguments in examples().items():
            frames, size, mine, other, ratio = compare(arguments, pairs, Path(folder))
            ratios.append(ratio)
            shape = "x".join(map(str, size))
            row = f"| {name} | {frames} | {shape} | {mine:.3g} | {other:.3g} | {ratio:.1f} |"
            print(row, flush=True)
    print(f"| geometric mean | | | | | {statistics.geometric_mean(ratios):.1f} |")


if __name__ == "__main__":
    main()
