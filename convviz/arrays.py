"""Arrays of numbers, as they come from a caller: taken as they are, or refused by name."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike


def as_numbers(name: str, value: ArrayLike) -> np.ndarray:
    """`value` as an array of integers or floats; no copy where it is one already.

    Raises
    ------
    TypeError
        If it holds anything else; booleans and complex numbers are not taken.
    ValueError
        If it is made of lists of unequal length.

    Examples
    --------
    >>> as_numbers("input", [True, False])
    Traceback (most recent call last):
        ...
    TypeError: input must hold integers or floats, but has dtype bool. input.astype(int) makes \
0 and 1 of it.
    """
    try:
        array = np.asarray(value)
    except ValueError as error:
        raise ValueError(f"{name} must be an array, or lists of equal length: {error}") from None
    if array.dtype.kind not in "iuf":
        hint = f" {name}.astype(int) makes 0 and 1 of it." if array.dtype.kind == "b" else ""
        raise TypeError(f"{name} must hold integers or floats, but has dtype {array.dtype}.{hint}")
    return array


def check_image_shape(shape: tuple[int, ...]) -> None:
    """Refuse what is not the shape of an image, (C, H, W), or of a batch of images.

    Raises
    ------
    ValueError
        If there are not three or four axes, or an image has no channel, row or column.

    Examples
    --------
    >>> check_image_shape((28, 28))
    Traceback (most recent call last):
        ...
    ValueError: input must have shape (N, C, H, W) or (C, H, W), but has shape (28, 28).
    """
    if len(shape) not in (3, 4):
        raise ValueError(f"input must have shape (N, C, H, W) or (C, H, W), but has shape {shape}.")
    if 0 in shape[-3:]:
        raise ValueError(
            f"input must have at least one channel, row and column, but has shape {shape}."
        )
