"""A GIF from pages of palette indices: of each page only what has changed is written."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator

import numpy as np
from PIL import GifImagePlugin, Image

#: The index of 256 that lets the page before show through.
TRANSPARENT = 255

_KEEP = 1  # what a page covers stays when the next one comes


def encode_gif(
    pages: Iterable[np.ndarray], colours: bytes, *, milliseconds: int, loop: bool
) -> Iterator[bytes]:
    """The bytes of a GIF, piece by piece.

    Parameters
    ----------
    pages : iterable of (height, width) uint8 ndarray
        Palette indices below `TRANSPARENT`.
    colours : bytes
        Red, green and blue of each index.
    milliseconds : int
        How long each page stands, to the nearest 10.
    loop : bool
        Whether to begin again after the last page.

    Examples
    --------
    >>> import io
    >>> pages = [np.zeros((2, 3), np.uint8), np.ones((2, 3), np.uint8)]
    >>> gif = b"".join(encode_gif(pages, b"abcdef", milliseconds=100, loop=True))
    >>> with Image.open(io.BytesIO(gif)) as image:
    ...     image.size, image.n_frames, image.info["duration"]
    ((3, 2), 2, 100)
    """
    before = None
    for page in pages:
        if before is None:
            height, width = page.shape
            yield b"GIF89a" + struct.pack("<HHBBB", width, height, 0xF7, 0, 0)
            yield colours.ljust(3 * 256, b"\0")
            if loop:
                yield b"\x21\xff\x0bNETSCAPE2.0\x03\x01\0\0\0"
        (left, top), part = _what_changed(before, page)
        image = Image.frombytes("P", part.shape[::-1], part.tobytes())
        times = {"duration": round(milliseconds, -1), "disposal": _KEEP}
        yield from GifImagePlugin.getdata(image, (left, top), transparency=TRANSPARENT, **times)
        before = page
    yield b";"


def _what_changed(
    before: np.ndarray | None, page: np.ndarray
) -> tuple[tuple[int, int], np.ndarray]:
    """The rectangle in which two pages differ, transparent where they don't, and its corner."""
    if before is None:
        return (0, 0), page
    changed = before != page
    rows, columns = (np.flatnonzero(changed.any(axis=axis)) for axis in (1, 0))
    if not len(rows):
        return (0, 0), np.full((1, 1), TRANSPARENT, np.uint8)
    area = np.s_[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    return (int(columns[0]), int(rows[0])), np.where(changed[area], page[area], TRANSPARENT)
