"""The settings of a convolution as callers write them, checked and brought into one form.

Every size, stride and dilation becomes a pair (height, width), every padding the cells on each
side. An error names the argument, its value and what would be allowed.
"""

from __future__ import annotations

from collections.abc import Sequence
from operator import index
from typing import Literal

import numpy as np

from convviz.catalogue import text

Pair = tuple[int, int]
Sides = tuple[Pair, Pair]
PaddingRule = Literal["valid", "same"]
Padding = int | Pair | Sides | PaddingRule

#: No axis longer than this: far beyond any image, and index arithmetic stays exact.
MAX_LENGTH = 2**31 - 1

AXIS_NAMES = ("height", "width")


def as_int(name: str, value: object, minimum: int, maximum: int = MAX_LENGTH) -> int:
    """`value` as a plain int from `minimum` to `maximum`.

    Raises
    ------
    TypeError
        If `value` is not an integer; a bool or a float is not one.
    ValueError
        If it is below `minimum` or beyond `maximum`.

    Examples
    --------
    >>> as_int("stride", 2, minimum=1)
    2
    >>> as_int("stride", 0, minimum=1)
    Traceback (most recent call last):
        ...
    ValueError: stride must be at least 1, but is 0.
    """
    if not _is_integer(value):
        raise TypeError(text("not_an_integer", name=name, value=_shown(value)))
    number = index(value)  # type: ignore[arg-type]
    if number < minimum:
        raise ValueError(text("too_small", name=name, value=number, minimum=minimum))
    if number > maximum:
        raise ValueError(text("too_large", name=name, value=number, maximum=maximum))
    return number


def as_pair(name: str, value: object, minimum: int) -> Pair:
    """One int for both axes, or (height, width), as a pair of ints of at least `minimum`.

    Raises
    ------
    TypeError
        If `value` is neither an integer nor two of them.
    ValueError
        If there are not exactly two, or one is below `minimum`.

    Examples
    --------
    >>> as_pair("stride", 2, minimum=1), as_pair("stride", (1, 3), minimum=1)
    ((2, 2), (1, 3))
    """
    if not _is_sequence(value):
        number = as_int(name, value, minimum)
        return number, number
    if len(value) != 2:
        raise ValueError(text("not_a_pair", name=name, value=_shown(value)))
    return tuple(
        as_int(f"{name} ({axis})", item, minimum)
        for axis, item in zip(AXIS_NAMES, value, strict=True)
    )


def as_padding(padding: object) -> Sides | PaddingRule:
    """Check `padding` and write it per side, or leave "valid" and "same" as they are.

    Parameters
    ----------
    padding : int, (height, width), ((top, bottom), (left, right)), "valid" or "same"
        Cells to add on each side; none is negative.

    Returns
    -------
    ((top, bottom), (left, right)), "valid" or "same"

    Raises
    ------
    TypeError, ValueError
        If `padding` has none of these forms.

    Examples
    --------
    >>> as_padding(1), as_padding((1, 2)), as_padding(((0, 1), (2, 0)))
    (((1, 1), (1, 1)), ((1, 1), (2, 2)), ((0, 1), (2, 0)))
    >>> as_padding("same")
    'same'
    """
    if isinstance(padding, str):
        if padding not in ("valid", "same"):
            raise ValueError(text("padding_form", value=_shown(padding)))
        return padding  # type: ignore[return-value]
    if not _is_sequence(padding):
        if not _is_integer(padding):
            raise TypeError(text("padding_form", value=_shown(padding)))
        number = as_int("padding", padding, 0)
        return (number, number), (number, number)
    if len(padding) == 2 and all(map(_is_integer, padding)):
        height, width = as_pair("padding", padding, 0)
        return (height, height), (width, width)
    if len(padding) == 2 and all(_is_sequence(side) and len(side) == 2 for side in padding):
        (top, bottom), (left, right) = padding
        return (
            (as_int("padding (top)", top, 0), as_int("padding (bottom)", bottom, 0)),
            (as_int("padding (left)", left, 0), as_int("padding (right)", right, 0)),
        )
    raise ValueError(text("padding_form", value=_shown(padding)))


def given_per_axis(*arguments: object) -> bool:
    """Whether any argument of `output_size` tells height and width apart.

    Examples
    --------
    >>> given_per_axis(224, 11, 1, "same", 1), given_per_axis((224, 224), 11)
    (False, True)
    """
    return any(map(_is_sequence, arguments))


def _is_sequence(value: object) -> bool:
    if isinstance(value, np.ndarray):
        return value.ndim > 0
    return isinstance(value, Sequence) and not isinstance(value, str | bytes)


def _is_integer(value: object) -> bool:
    try:
        index(value)  # type: ignore[arg-type]
    except TypeError:
        return False
    return not isinstance(value, bool | np.bool_)


def _shown(value: object) -> str:
    """`value` as it may stand in a message: its repr, cut short."""
    shown = repr(value)
    return shown if len(shown) <= 60 else shown[:57] + "..."
