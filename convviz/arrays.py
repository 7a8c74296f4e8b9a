"""Arrays of numbers, as they come from a caller: taken as they are, or refused by name."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from itertools import islice
from numbers import Number

import numpy as np

from convviz.arguments import shown
from convviz.catalogue import text

#: No array may have more cells, nor a padded input or an output: 2 GiB of float64.
MAX_CELLS = 2**28

_ARRAY_PROTOCOLS = ("__array__", "__array_interface__", "__array_struct__")
_DEEPEST = 8  # lists in lists; nothing here has so many axes
_LONGEST = 2**20  # of a sequence that is no list, and that may be made up as it is read


def as_array(name: str, value: object) -> np.ndarray:
    """`value` as a plain array, of whatever dtype; no copy where it is one already.

    A tensor of PyTorch may need a gradient, or be on another device. bfloat16, which NumPy has
    not, becomes float32, and the machine's own order of bytes is taken.

    Raises
    ------
    TypeError
        If it can't be read as an array.
    ValueError
        If it is made of lists of unequal length, has masked cells, or more than `MAX_CELLS`.

    Examples
    --------
    >>> as_array("input", [[1, 2], [3]])
    Traceback (most recent call last):
        ...
    ValueError: input must be an array of numbers, or lists of equal length, but is [[1, 2], [3]].
    """
    if type(value) is np.ndarray and _is_plain(value.dtype) and value.size <= MAX_CELLS:
        return value
    try:
        array = np.asarray(_readable(value))
    except ValueError:
        raise ValueError(text("not_an_array", name=name, value=shown(value))) from None
    except Exception as error:  # a stranger's __array__ may raise anything
        raise TypeError(text("not_readable", name=name, error=shown(error))) from None
    if array.size > MAX_CELLS:
        cells = {"shape": array.shape, "cells": array.size, "most": MAX_CELLS}
        raise ValueError(text("too_many_numbers", name=name, **cells))
    if array.dtype.kind == "O" and not isinstance(value, np.ndarray):
        raise TypeError(text("not_an_array", name=name, value=shown(value)))
    if isinstance(value, np.ma.MaskedArray) and (count := int(np.ma.count_masked(value))):
        raise ValueError(text("masked_cells", name=name, count=count))
    if array.dtype.name == "bfloat16":
        return array.astype(np.float32)
    return array if array.dtype.isnative else array.astype(array.dtype.newbyteorder("="))


def _is_plain(dtype: np.dtype) -> bool:
    return dtype.kind in "iuf" and dtype.isnative


def _readable(value: object) -> object:
    """`value` as NumPy can read it; None for what NumPy would look for an end of in vain."""
    torch = sys.modules.get("torch")
    if torch is not None and isinstance(value, torch.Tensor):
        tensor = value.detach().cpu()
        return tensor.float() if tensor.dtype == torch.bfloat16 else tensor
    if isinstance(value, list | tuple):
        return None if _is_too_deep(value) else value
    if isinstance(value, Number | np.generic | memoryview):
        return value
    if any(hasattr(value, protocol) for protocol in _ARRAY_PROTOCOLS):
        return value
    if isinstance(value, Sequence) and not isinstance(value, str | bytes | bytearray):
        return list(islice(value, len(value))) if len(value) <= _LONGEST else None
    return None


def _is_too_deep(value: object) -> bool:
    """Whether lists are in lists without end, as where one is in itself."""
    for _ in range(_DEEPEST):
        if not isinstance(value, list | tuple) or not value:
            return False
        value = value[0]
    return True


def as_numbers(name: str, value: object) -> np.ndarray:
    """`value` as an array of integers or floats; no copy where it is one already.

    Raises
    ------
    TypeError
        If it holds anything else; booleans and complex numbers are not taken.
    ValueError
        If it is made of lists of unequal length, or has masked cells.

    Examples
    --------
    >>> as_numbers("input", [True, False])
    Traceback (most recent call last):
        ...
    TypeError: input must hold integers or floats, but has dtype bool. input.astype(int) makes \
0 and 1 of it.
    """
    array = as_array(name, value)
    if array.dtype.kind not in "iuf":
        hint = f" {name}.astype(int) makes 0 and 1 of it." if array.dtype.kind == "b" else ""
        raise TypeError(f"{name} must hold integers or floats, but has dtype {array.dtype}.{hint}")
    return array


def quietly() -> np.errstate:
    """A context in which sums may reach infinity or NaN, and NumPy does not write about it."""
    return np.errstate(over="ignore", invalid="ignore")


def magnitude(array: np.ndarray) -> int:
    """The largest absolute value among integers, as an int that can't overflow; 0 of none.

    Examples
    --------
    >>> magnitude(np.array([-128, 5], np.int8))
    128
    """
    return max(int(array.max()), -int(array.min())) if array.size else 0


def bound_sums(input: np.ndarray, weight: np.ndarray, bias: np.ndarray | None, terms: int) -> int:
    """How large a sum of `terms` products of integers, and a bias, can become.

    Raises
    ------
    ValueError
        If that is beyond int64.

    Examples
    --------
    >>> bound_sums(np.array([3]), np.array([-5]), None, terms=9)
    135
    """
    bound = magnitude(input) * magnitude(weight) * terms
    bound += 0 if bias is None else magnitude(bias)
    if bound >= 2**63:
        raise ValueError(
            f"The sums could leave int64's range: up to {terms} products of input (magnitude up to "
            f"{magnitude(input)}) and weight (up to {magnitude(weight)}), and bias, may reach "
            f"{bound}, but at most {2**63 - 1} is allowed. Make one of them float64 if rounding is "
            "acceptable."
        )
    return bound


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


def check_layer_shapes(
    input: tuple[int, ...], weight: tuple[int, ...], bias: tuple[int, ...] | None, groups: int
) -> None:
    """Refuse arrays whose shapes do not fit each other in one convolution layer.

    Parameters
    ----------
    input, weight, bias : shapes, as `conv2d` takes them; no bias is None
    groups : int

    Raises
    ------
    ValueError
        The message names the array, its shape and what would be allowed.

    Examples
    --------
    >>> check_layer_shapes((2, 4, 4), (2, 2, 3, 3), (1,), groups=1)
    Traceback (most recent call last):
        ...
    ValueError: bias must have shape (2,), one number for each filter of weight, but has shape (1,).
    """
    check_image_shape(input)
    if len(weight) != 4:
        raise ValueError(
            f"weight must have shape (C_out, C_in / groups, kH, kW), but has shape {weight}."
        )
    if 0 in weight:
        raise ValueError(f"weight must have no axis of length 0, but has shape {weight}.")
    channels, filters = input[-3], weight[0]
    if channels % groups or filters % groups:
        raise ValueError(
            f"groups must divide the channels of both input and output, but is {groups}, with "
            f"{channels} channels in (input {input}) and {filters} out (weight {weight})."
        )
    if weight[1] != channels // groups:
        raise ValueError(
            f"weight must have C_in / groups = {channels} / {groups} = {channels // groups} "
            f"channels, but has {weight[1]}: input has shape {input}, weight {weight}."
        )
    if bias not in (None, (filters,)):
        raise ValueError(
            f"bias must have shape ({filters},), one number for each filter of weight, "
            f"but has shape {bias}."
        )
