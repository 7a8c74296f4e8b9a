"""The plots that README shows, out of the recorded figures: SVG, on a light and on a dark page."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import matplotlib
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from benchmarks.report import conv2d_means, in_words, number

INCH = 4.9  # wide, so that words of 8.5 points can be read on a telephone too
SETTINGS = {
    "svg.hashsalt": "convviz",  # the same figures give the same file
    "svg.fonttype": "path",
    "font.family": "DejaVu Sans",
    "font.size": 8.5,
}


class Colours(NamedTuple):
    """Of a page, and of what is drawn on it."""

    ink: str
    faint: str
    grid: str
    paper: str
    convviz: str
    other: str


PAGES = {
    "light": Colours("#1f2328", "#59636e", "#d1d9e0", "#ffffff", "#0969da", "#bc4c00"),
    "dark": Colours("#f0f6fc", "#9198a1", "#3d444d", "#0d1117", "#4493f8", "#f0883e"),
}


def draw(records: Mapping[str, Any], folder: Path) -> list[Path]:
    """Write every plot whose figures there are; their paths."""
    paths = []
    plots = {"conv2d": ("conv2d", plot_conv2d), "latency": ("explorer_latency", plot_latency)}
    with matplotlib.rc_context(SETTINGS):
        for name, (part, plot) in plots.items():
            for page, colours in PAGES.items() if part in records else ():
                path = folder / f"{name}-{page}.svg"
                figure = plot(records[part]["figures"], colours)
                figure.savefig(path, transparent=True, metadata={"Date": None, "Creator": None})
                paths.append(path)
    return paths


def plot_conv2d(figures: Mapping[str, list[dict]], colours: Colours) -> Figure:
    """A row for each layer: times over PyTorch's on a logarithmic axis; slow ones as numbers."""
    first = next(iter(figures.values()))
    names = [row["layer"] for row in first] + ["geometric mean"]
    libraries = {"convviz": ("o", colours.convviz), "TensorFlow": ("s", colours.other)}
    figure, ax = make_figure(names, 0.31, colours, bottom=0.5, top=0.62, left=1.62, right=1.12)
    for library, (marker, colour) in reversed(libraries.items()):  # convviz above
        for k, rows in enumerate(figures.values()):
            found = [row["ratio"][library]["median"] for row in rows]
            found.append(conv2d_means(rows, library))
            heights = [place(i, k, len(figures)) for i in range(len(names))]
            style = {"color": colour, "markerfacecolor": (colour, colours.paper)[k > 0]}
            ax.plot(found, heights, marker, markersize=5, linestyle="none", **style)
    ax.set_xscale("log", base=2 if ax.dataLim.x1 < 64 * ax.dataLim.x0 else 4)
    ax.xaxis.set_major_formatter(lambda t, _: f"{t:g}" if t >= 1 else f"1/{1 / t:g}")
    ax.axvline(1, color=colours.faint, linewidth=1)
    ax.axhline(len(names) - 1.5, color=colours.faint, linewidth=0.6)
    ax.set_xlabel("time over PyTorch's; further left is faster", color=colours.ink)
    for column, library in enumerate(("SciPy", "plain loops")):
        write_column(ax, figures, library, column, colours)
    handles = [
        Line2D([], [], linestyle="none", marker=marker, color=colour, markersize=5)
        for marker, colour in libraries.values()
    ]
    handles += [
        Line2D([], [], linestyle="none", marker="D", color=colours.faint, markersize=4.5)
        for _ in figures
    ]
    for handle in handles[3:]:
        handle.set_markerfacecolor(colours.paper)
    words = [*libraries, *map(in_words, figures)]
    add_legend(figure, handles, words, colours)
    return figure


def write_column(
    ax: Axes, figures: Mapping[str, list[dict]], library: str, column: int, colours: Colours
) -> None:
    """What is too slow for the axis, as numbers beside it."""
    rows = figures["1"]
    found = [row["ratio"][library]["median"] for row in rows] + [conv2d_means(rows, library)]
    words = [library.replace("plain ", ""), *(f"{number(float(f'{r:.2g}'))}×" for r in found)]
    for i, text in enumerate(words, start=-1):
        ax.annotate(
            text,
            (1, i),
            (36 + 40 * column, 0),
            xycoords=ax.get_yaxis_transform(),
            textcoords="offset points",
            ha="right",
            va="center",
            color=colours.faint,
        )


def plot_latency(figures: Mapping[str, Any], colours: Colours) -> Figure:
    """A row for each picture and slider: from the key press to the change, and to the frame."""
    rows = [row for row in figures["pictures"] if row["slider"] in ("stride", "position")]
    names = [row["slider"] for row in rows]
    figure, ax = make_figure(names, 0.3, colours, bottom=0.5, top=0.45, left=1.62, right=0.4)
    for i, row in enumerate(rows):
        changed, painted = row["changed"]["median"], row["painted"]["median"]
        colour = colours.convviz if row["picture"].startswith("explorer") else colours.other
        ax.plot([changed, painted], [i, i], color=colour, linewidth=1.5)
        ax.plot(changed, i, "o", color=colour, markerfacecolor=colours.paper, markersize=5)
        ax.plot(painted, i, "o", color=colour, markersize=5)
        style = {"textcoords": "offset points", "va": "center", "color": colours.ink}
        ax.annotate(number(round(painted)), (painted, i), (6, 0), **style)
    for k, name in enumerate(dict.fromkeys(row["picture"] for row in rows)):
        style = {"transform": ax.get_yaxis_transform(), "ha": "right", "color": colours.ink}
        ax.text(-0.25, 2 * k + 0.5, short_name(name), va="center", **style)
        if k:
            ax.axhline(2 * k - 0.5, color=colours.grid, linewidth=0.6)
    ax.set_xscale("log")
    ax.set_xlim(1, 1000)
    ax.set_xticks([1, 10, 100, 1000], ["1", "10", "100", "1000"])
    ax.set_xlabel("milliseconds from the key press", color=colours.ink)
    handles = [
        Line2D([], [], linestyle="none", marker="o", color=colours.faint, markersize=5)
        for _ in range(2)
    ]
    handles[0].set_markerfacecolor(colours.paper)
    add_legend(figure, handles, ["picture changed", "on the screen"], colours)
    return figure


def short_name(picture: str) -> str:
    """Its first two pieces, in two lines."""
    return "\n".join(picture.split(", ")[:2])


def place(row: int, k: int, count: int) -> float:
    """The height of the k-th of so many marks in a row."""
    return row + 0.36 * (k - (count - 1) / 2) / max(count - 1, 1)


def make_figure(
    names: list[str],
    row: float,
    colours: Colours,
    *,
    bottom: float,
    top: float,
    left: float,
    right: float,
) -> tuple[Figure, Axes]:
    """Axes with a row for each name; all lengths in inches."""
    height = bottom + len(names) * row + top
    figure = Figure(figsize=(INCH, height))
    size = (INCH - left - right) / INCH, len(names) * row / height
    ax = figure.add_axes((left / INCH, bottom / height, *size))
    ax.set_ylim(len(names) - 0.5, -0.5)
    ax.set_yticks(range(len(names)), names)
    ax.grid(axis="x", color=colours.grid, linewidth=0.6)
    ax.set_axisbelow(True)
    ax.tick_params(length=0, colors=colours.ink, which="both")
    for spine in ax.spines.values():
        spine.set_visible(False)
    return figure, ax


def add_legend(figure: Figure, handles: list, words: list[str], colours: Colours) -> None:
    """In one line above everything."""
    legend = figure.legend(
        handles,
        words,
        loc="upper center",
        ncols=len(words),
        frameon=False,
        handletextpad=0.1,
        columnspacing=1.0,
        borderpad=0.1,
    )
    for text in legend.get_texts():
        text.set_color(colours.ink)
