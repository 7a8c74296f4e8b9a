"""The picture and the kernel of an `ImageExplorer`: what may be set, and when it has changed."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import traitlets
from numpy.typing import ArrayLike

from convviz.arrays import as_numbers
from convviz.catalogue import text

_LONGEST = 512  # rows or columns of an image: a step of a slider stays quick
_LARGEST_KERNEL = 9
_LARGEST_WEIGHT = 10_000


def as_image(value: object) -> np.ndarray:
    """`value` as a picture of uint8 that can't be changed in place.

    Raises
    ------
    TypeError, ValueError
        If it is no picture, or one with too many rows or columns.
    """
    array = as_numbers("image", value)
    shape = array.shape
    if array.ndim not in (2, 3) or 0 in shape or (array.ndim == 3 and shape[2] != 3):
        key = "image_form"
        if array.ndim == 3 and shape[2] == 4:
            key = "image_alpha"
        elif array.ndim == 3 and shape[0] == 3:
            key = "image_channels_first"
        raise ValueError(text(key, shape=shape))
    if (longest := max(shape[:2])) > _LONGEST:
        step = -(-longest // _LONGEST)
        raise ValueError(text("image_too_large", most=_LONGEST, shape=shape, step=step))
    if array.dtype.kind == "f":
        if not np.isfinite(array).all():
            raise ValueError(text("not_finite", name="image"))
        if array.min() < 0 or array.max() > 1:
            places = {"least": f"{array.min():g}", "largest": f"{array.max():g}"}
            raise ValueError(text("image_floats", **places))
        array = np.rint(255 * array.astype(np.float64))
    elif array.dtype != np.uint8:
        raise TypeError(text("image_numbers", dtype=array.dtype))
    return _frozen(array.astype(np.uint8))


def as_kernel(value: object) -> np.ndarray:
    """`value` as weights that can't be changed in place: int64 or float64.

    Raises
    ------
    TypeError, ValueError
        If it is no kernel, too large a one, or one with too large a weight.
    """
    array = as_numbers("kernel", value)
    if array.ndim != 2 or 0 in array.shape or max(array.shape) > _LARGEST_KERNEL:
        raise ValueError(text("kernel_form", most=_LARGEST_KERNEL, shape=array.shape))
    if not np.isfinite(array).all():
        raise ValueError(text("not_finite", name="kernel"))
    largest = max(array.min().item(), array.max().item(), key=abs)
    if abs(largest) > _LARGEST_WEIGHT:
        places = {"least": -_LARGEST_WEIGHT, "most": _LARGEST_WEIGHT, "value": largest}
        raise ValueError(text("kernel_numbers", **places))
    return _frozen(array.astype(np.float64 if array.dtype.kind == "f" else np.int64))


def _frozen(array: np.ndarray) -> np.ndarray:
    # A number put into it would change nothing in the picture.
    array.setflags(write=False)
    return array


class ArrayTrait(traitlets.TraitType[np.ndarray, ArrayLike]):
    """An array that counts as changed only if a number in it has changed.

    Parameters
    ----------
    convert : callable
        Makes the array of what was set, or refuses it.
    """

    def __init__(self, convert: Callable[[object], np.ndarray]):
        super().__init__()
        self._convert = convert

    def validate(self, obj: traitlets.HasTraits, value: object) -> np.ndarray:
        """The array; also where traitlets puts cross-validation off."""
        return self._convert(value)

    def set(self, obj: traitlets.HasTraits, value: object) -> None:
        """Take a value, and tell nobody if it is what was there."""
        array = self._convert(value)
        before = self.get(obj) if self.name and obj.trait_has_value(self.name) else None
        if before is None or not np.array_equal(array, before):
            super().set(obj, array)
