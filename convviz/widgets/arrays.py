"""Arrays on their way into a picture, checked for what it can show exactly, and out of it."""

from __future__ import annotations

from typing import Any

import numpy as np

from convviz.arrays import as_array, check_layer_shapes, magnitude
from convviz.catalogue import text

#: More cells than this in input and output together are no picture, and slow to draw.
MAX_CELLS = 10_000
#: The browser's numbers are double precision: integers beyond this are not exact.
MAX_INTEGER = 2**53

_MAX_NUMBERS = 2**20  # of one array; more are slow to send


def drawable(name: str, values: object) -> np.ndarray:
    """A copy of `values` as an array of numbers that the browser can draw exactly.

    Raises
    ------
    TypeError
        If they are not real numbers.
    ValueError
        If one is not finite, or is an integer that double precision can't hold.
    """
    array = as_array(name, values)
    if array.dtype.kind not in "iuf":
        raise TypeError(text("not_real_numbers", name=name, dtype=array.dtype))
    if array.size > _MAX_NUMBERS:
        cells = {"shape": array.shape, "cells": array.size, "most": _MAX_NUMBERS}
        raise ValueError(text("too_many_numbers", name=name, **cells))
    if not np.isfinite(array).all():
        raise ValueError(text("not_finite", name=name))
    if array.dtype.kind in "iu" and (largest := magnitude(array)) > MAX_INTEGER:
        raise ValueError(text("integer_too_large", name=name, value=largest, maximum=MAX_INTEGER))
    # The browser's numbers are double precision: more digits would be lost on the way.
    return array.astype(np.float64) if array.dtype == np.longdouble else array.copy()


def check_drawable_layer(
    input: np.ndarray, weight: np.ndarray, bias: np.ndarray | None, groups: int
) -> None:
    """Raise ValueError if these are not the parts of one layer that a picture can show."""
    if input.ndim != 3:
        raise ValueError(text("one_image", shape=input.shape))
    check_layer_shapes(input.shape, weight.shape, None if bias is None else bias.shape, groups)
    _check_size(input, weight)


def _check_size(input: np.ndarray, weight: np.ndarray) -> None:
    """Raise ValueError if `input` has more cells than a picture can show."""
    channels = len(input) + len(weight)
    cells = channels * input.shape[-2] * input.shape[-1]
    if cells > MAX_CELLS:
        raise ValueError(text("too_many_cells", shape=input.shape, cells=cells, most=MAX_CELLS))


def as_list(array: np.ndarray | None) -> list[Any] | None:
    """An array as it is sent to the browser; no bias stays none."""
    return None if array is None else array.tolist()


def as_before(values: list[Any] | None, old: np.ndarray | None) -> np.ndarray | None:
    """What the browser sends, in the dtype of the array before if that can hold it."""
    if values is None:
        return None
    new = np.array(values)
    if old is None:
        return new
    cast = new.astype(old.dtype)
    return cast if np.array_equal(cast, new) else new
