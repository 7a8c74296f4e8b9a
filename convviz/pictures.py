"""Pictures to learn from: shapes drawn here, with what each pixel shows, and one photograph."""

from __future__ import annotations

import numpy as np

from convviz.arguments import as_int

#: What the labels 0, 1, 2 and 3 stand for.
SHAPES = ("background", "disk", "square", "triangle")

_NOISE = 0.08  # standard deviation of the noise on every pixel
_CONTRAST = 0.5  # least distance between two colours of a picture; the cube's edge is 1


def shapes_dataset(count: int, size: int = 32, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Noisy pictures of a few shapes, and for each pixel the shape that it belongs to.

    Every picture has one to three shapes, in places, sizes and colours drawn at random, on a
    background of a random colour; what comes later covers what was there. Shapes and background
    take their colours from the same distribution, so the colour of a single pixel says nothing
    about its label: a classifier must look at a pixel's neighbours.

    Parameters
    ----------
    count : int
        Pictures to draw.
    size : int
        Height and width of each, at least 16.
    seed : int
        The same seed gives the same pictures.

    Returns
    -------
    images : (count, 3, size, size) ndarray of float32
        Red, green and blue, from 0 to 1; channels first, as in PyTorch.
    labels : (count, size, size) ndarray of int64
        Indices into `SHAPES`: 0 background, 1 disk, 2 square, 3 triangle.

    Raises
    ------
    TypeError, ValueError
        For an argument that is no integer, or too small.

    Examples
    --------
    >>> images, labels = shapes_dataset(5, size=24)
    >>> images.shape, labels.shape
    ((5, 3, 24, 24), (5, 24, 24))
    >>> [SHAPES[label] for label in np.unique(labels)]
    ['background', 'disk', 'square', 'triangle']
    """
    count, size = as_int("count", count, 1), as_int("size", size, 16)
    rng = np.random.default_rng(as_int("seed", seed, 0))
    images = np.empty((count, 3, size, size), np.float32)
    labels = np.zeros((count, size, size), np.int64)
    for image, label in zip(images, labels, strict=True):
        number = int(rng.integers(1, 4))
        colours = _draw_colours(rng, number + 1)
        image[:] = colours[0][:, None]
        for colour in colours[1:]:
            shape = int(rng.integers(1, len(SHAPES)))
            inside = _draw_shape(rng, shape, size)
            image[:, inside] = colour
            label[inside] = shape
        image += rng.normal(0, _NOISE, image.shape)
    return images.clip(0, 1), labels


def photograph() -> np.ndarray:
    """A photograph in colour, small enough to see its pixels.

    Commodore Grace M. Hopper, portrayed by James S. Davis for the US Navy in 1984. As a work of
    the US Government it is in the public domain. The file comes with matplotlib, as sample data;
    here are its upper four fifths, 2 x 2 pixels averaged into one.

    Returns
    -------
    (240, 256, 3) ndarray of uint8
        Red, green and blue, from 0 to 255.

    Examples
    --------
    >>> photograph().shape
    (240, 256, 3)
    """
    # Imported here: `import convviz` need not wait for them.
    from matplotlib.cbook import get_sample_data
    from matplotlib.image import imread

    pixels = imread(get_sample_data("grace_hopper.jpg", asfileobj=False))[:480].astype(np.uint16)
    sums = pixels[::2, ::2] + pixels[1::2, ::2] + pixels[::2, 1::2] + pixels[1::2, 1::2]
    return ((sums + 2) // 4).astype(np.uint8)


def _draw_colours(rng: np.random.Generator, count: int) -> np.ndarray:
    """Colours that can be told apart, of shape (count, 3, 1)."""
    while True:
        colours = rng.random((count, 3))
        apart = np.linalg.norm(colours[:, None] - colours, axis=-1)
        if (apart[~np.eye(count, dtype=bool)] > _CONTRAST).all():
            return colours[..., None]


def _draw_shape(rng: np.random.Generator, shape: int, size: int) -> np.ndarray:
    """Where a shape lies that fits into the picture: (size, size) of bool."""
    radius = rng.uniform(0.16, 0.28) * size
    row, column = rng.uniform(radius, size - 1 - radius, 2)
    down = np.arange(size)[:, None] - row
    right = np.arange(size) - column
    if SHAPES[shape] == "disk":
        return down**2 + right**2 <= radius**2
    if SHAPES[shape] == "square":
        return np.maximum(abs(down), abs(right)) <= 0.9 * radius
    return (down <= 0.8 * radius) & (2 * abs(right) <= down + 1.1 * radius)
