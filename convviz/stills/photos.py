"""Photographs made small enough for a still: fewer pixels, and far fewer colours."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PIL import Image

from convviz.stills.colours import RGB

#: Colours of all pictures together. More would hardly be seen, and cost much: a photograph with
#: its edges takes 76 KB with 96 colours, and 97 with 200.
MOST_COLOURS = 96

_GREY_STEP = 5


def shrink(pictures: Sequence[np.ndarray], longest: int) -> list[np.ndarray]:
    """All pictures by the same factor, so that no side is longer than `longest`.

    Examples
    --------
    >>> [p.shape for p in shrink([np.zeros((8, 4, 3), np.uint8), np.ones((4, 2, 3), np.uint8)], 6)]
    [(6, 3, 3), (3, 2, 3)]
    """
    factor = longest / max(side for picture in pictures for side in picture.shape[:2])
    if factor >= 1:
        return list(pictures)
    shrunk = []
    for picture in pictures:
        height, width = (max(round(factor * side), 1) for side in picture.shape[:2])
        image = Image.fromarray(np.ascontiguousarray(picture))
        shrunk.append(np.asarray(image.resize((width, height), Image.Resampling.BOX)))
    return shrunk


def reduce_colours(pictures: Sequence[np.ndarray]) -> tuple[list[np.ndarray], list[RGB]]:
    """The same pictures in few colours that all of them share.

    Parameters
    ----------
    pictures : sequence of (H, W, 3) ndarray of uint8

    Returns
    -------
    indices : list of (H, W) ndarray
        Into the colours.
    colours : list of (red, green, blue)
        At most `MOST_COLOURS`.
    """
    pixels = np.concatenate([picture.reshape(-1, 3) for picture in pictures])
    if (pixels == pixels[:, :1]).all():
        # Pillow's quantiser would leave 16 greys: it looks at four bits of each colour.
        indices = np.rint(pixels[:, 0] / _GREY_STEP).astype(int)
        colours = [(grey, grey, grey) for grey in range(0, 256, _GREY_STEP)]
    else:
        row = Image.fromarray(pixels[None])
        few = row.quantize(MOST_COLOURS, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
        indices, flat = np.asarray(few)[0], few.getpalette() or []
        colours = list(zip(flat[::3], flat[1::3], flat[2::3], strict=True))
    shapes = [picture.shape[:2] for picture in pictures]
    ends = np.cumsum([height * width for height, width in shapes])[:-1]
    parts = np.split(indices, ends)
    return [part.reshape(shape) for part, shape in zip(parts, shapes, strict=True)], colours
