"""Still pictures for notebooks, drawn by matplotlib: maps side by side, and receptive fields.

Each function draws into the axes that it is given, or into a new figure, and returns what it drew.
In a notebook the picture appears below the cell; elsewhere ``matplotlib.pyplot.show()`` shows it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from convviz.arguments import as_int
from convviz.fields import ReceptiveField

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.image import AxesImage
    from matplotlib.patches import Rectangle

_PER_ROW = 8  # maps side by side, before the next row begins
_INCHES = 1.25  # the width of one map
_WRITTEN = 5  # a map with more rows or columns than this has no room for its numbers
_COLORS = ("#ffd400", "#00b7ff", "#ff4fa3", "#5dd400", "#ff8a00", "#b28cff")


def show_maps(
    maps: Iterable[ArrayLike],
    titles: Sequence[str] | None = None,
    *,
    axes: Sequence[Axes] | None = None,
) -> list[AxesImage]:
    """Draw kernels or feature maps side by side, all on one scale.

    Where all numbers are 0 or more, black is 0 and white the largest. Otherwise white is 0, and
    red and blue are above and below it. Small maps have their numbers written in, with 2 decimals.

    Parameters
    ----------
    maps : sequence of (H, W) array_like
    titles : sequence of str, optional
        One for each map.
    axes : sequence of matplotlib.axes.Axes, optional
        One for each map; by default those of a new figure, eight to a row.

    Returns
    -------
    list of matplotlib.image.AxesImage

    Raises
    ------
    ValueError
        If there is no map, one is not (H, W), or the titles or axes are not as many as the maps.

    Examples
    --------
    >>> import matplotlib
    >>> matplotlib.use("agg")
    >>> images = show_maps([[[1, 2], [3, 4]], [[0, 8], [0, 0]]], ["one", "two"])
    >>> [image.axes.get_title() for image in images], images[0].get_clim()
    (['one', 'two'], (0.0, 8.0))
    """
    arrays = [np.asarray(values) for values in maps]
    titles = [""] * len(arrays) if titles is None else list(titles)
    if not arrays:
        raise ValueError("maps must hold at least one map, but is empty.")
    for k, values in enumerate(arrays):
        if values.ndim != 2 or not values.size:
            raise ValueError(
                f"maps must be of shape (H, W) each, but map {k} has shape {values.shape}."
            )
    if axes is None:
        axes = _new_axes(arrays)
    for name, count in (("titles", len(titles)), ("axes", len(axes))):
        if count != len(arrays):
            raise ValueError(f"{name} must be as many as the maps, {len(arrays)}, but are {count}.")
    largest = float(max(abs(values).max() for values in arrays)) or 1.0
    signed = any(values.min() < 0 for values in arrays)
    colors, lowest = ("RdBu_r", -largest) if signed else ("gray", 0.0)

    images = []
    for values, title, ax in zip(arrays, titles, axes, strict=True):
        image = ax.imshow(values, cmap=colors, vmin=lowest, vmax=largest)
        ax.set_title(title, fontsize=9)
        ax.set(xticks=[], yticks=[])
        if max(values.shape) <= _WRITTEN:
            _write_numbers(image, values)
        images.append(image)
    return images


def draw_receptive_fields(
    image: ArrayLike,
    fields: Mapping[str, ReceptiveField],
    *,
    center: tuple[int, int],
    ax: Axes | None = None,
) -> dict[str, Rectangle]:
    """Draw on a picture what one number after each of several layers sees of it.

    Parameters
    ----------
    image : (H, W) or (H, W, 3) array_like
        As matplotlib's ``imshow`` takes it: channels last.
    fields : mapping of str to ReceptiveField
        What each is called in the legend, and the field; from `convviz.receptive_field`.
    center : (row, column)
        A pixel. Of each layer that output cell is taken whose field lies the most evenly around it.
    ax : matplotlib.axes.Axes, optional
        By default that of a new figure.

    Returns
    -------
    dict of str to matplotlib.patches.Rectangle
        Beyond the edge of the picture, a field covers padding.

    Raises
    ------
    TypeError, ValueError
        If `image` has another shape, or `center` is no pixel of it.

    Examples
    --------
    >>> import matplotlib
    >>> matplotlib.use("agg")
    >>> field = ReceptiveField(size=(7, 5), jump=(2, 2), start=(0, 0))
    >>> drawn = draw_receptive_fields([[0] * 20] * 16, {"last layer": field}, center=(9, 10))
    >>> drawn["last layer"].get_xy(), drawn["last layer"].get_height()
    ((7.5, 5.5), 7)
    """
    image = np.asarray(image)
    if image.ndim not in (2, 3) or (image.ndim == 3 and image.shape[2] != 3):
        raise ValueError(f"image must have shape (H, W) or (H, W, 3), but has {image.shape}.")
    place = [
        as_int(f"center ({name})", index, 0, size - 1)
        for name, index, size in zip(("row", "column"), center, image.shape[:2], strict=True)
    ]
    from matplotlib.patches import Rectangle

    if ax is None:
        import matplotlib.pyplot as plt

        _, ax = plt.subplots(figsize=(7, 5), layout="constrained", facecolor="white")
    ax.imshow(image, cmap="gray")
    ax.set_axis_off()
    drawn = {}
    for k, (name, field) in enumerate(fields.items()):
        rows, columns = field.of(*_cell_around(field, place))
        corner = columns.start - 0.5, rows.start - 0.5
        color = _COLORS[k % len(_COLORS)]
        drawn[name] = Rectangle(
            corner, len(columns), len(rows), fill=False, color=color, lw=2.5, label=name
        )
        ax.add_patch(drawn[name])
    ax.legend(loc="upper left", bbox_to_anchor=(0, 0), ncols=3, frameon=False)
    return drawn


def _new_axes(maps: list[np.ndarray]) -> list[Axes]:
    import matplotlib.pyplot as plt

    columns = min(len(maps), _PER_ROW)
    rows = -(-len(maps) // columns)
    tallest = max(values.shape[0] / values.shape[1] for values in maps)
    size = columns * _INCHES, rows * (_INCHES * tallest + 0.3)
    figure, grid = plt.subplots(
        rows, columns, figsize=size, squeeze=False, layout="constrained", facecolor="white"
    )
    for ax in grid.flat[len(maps) :]:
        figure.delaxes(ax)
    return list(grid.flat[: len(maps)])


def _write_numbers(image: AxesImage, values: np.ndarray) -> None:
    for (u, v), value in np.ndenumerate(values):
        red, green, blue, _ = image.to_rgba(value)
        bright = 0.299 * red + 0.587 * green + 0.114 * blue > 0.5
        text = f"{value:.2f}" if values.dtype.kind == "f" else str(value)
        color = "black" if bright else "white"
        image.axes.text(v, u, text, ha="center", va="center", fontsize=7, color=color)


def _cell_around(field: ReceptiveField, place: list[int]) -> tuple[int, int]:
    """The output cell whose field has its middle the nearest to `place`."""
    i, j = (
        max(round((at - start - (size - 1) / 2) / jump), 0)
        for at, start, size, jump in zip(place, field.start, field.size, field.jump, strict=True)
    )
    return i, j
