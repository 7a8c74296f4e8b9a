"""The settings of a convolution as callers write them, checked and brought into one form.

Every size, stride and dilation becomes a pair (height, width), every padding the cells on each
side. An error names the argument, its value and what would be allowed.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import islice
from operator import index
from typing import Literal, TypeGuard, TypeVar

import numpy as np

from convviz.catalogue import text

Pair = tuple[int, int]
Sides = tuple[Pair, Pair]
PaddingRule = Literal["valid", "same"]
Padding = int | Pair | Sides | PaddingRule
Choice = TypeVar("Choice")

#: No axis longer than this: far beyond any image, and index arithmetic stays exact.
MAX_LENGTH = 2**31 - 1

AXIS_NAMES = ("height", "width")

PADDING_RULES: tuple[PaddingRule, ...] = ("valid", "same")

_SHOWN = 60  # characters of a value in a message
_ENTRIES = 5  # of a sequence; none that is wanted has so many
_TEXTS = (str, bytes, bytearray, memoryview)  # sequences that are no list of numbers


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
    number = plain_int(value)
    if number is None:
        raise TypeError(text("not_an_integer", name=name, value=shown(value)))
    if number < minimum:
        raise ValueError(text("too_small", name=name, value=shown(number), minimum=minimum))
    if number > maximum:
        raise ValueError(text("too_large", name=name, value=shown(number), maximum=maximum))
    return number


def as_flag(name: str, value: object) -> bool:
    """`value` as True or False.

    Raises
    ------
    TypeError
        If it is neither: a 0 or a text is more likely to be meant for another argument.

    Examples
    --------
    >>> as_flag("ceil_mode", np.bool_(True))
    True
    """
    if isinstance(value, bool | np.bool_):
        return bool(value)
    raise TypeError(text("not_a_flag", name=name, value=shown(value)))


def as_choice(name: str, value: object, allowed: tuple[Choice, ...]) -> Choice:
    """The one of `allowed`, texts and None, that `value` is.

    Raises
    ------
    ValueError
        If it is none of them.

    Examples
    --------
    >>> as_choice("padding_mode", "reflect", ("zeros", "reflect"))
    'reflect'
    """
    for choice in allowed:
        # Another type's own == may say anything.
        if value is choice or (is_text(value) and str.__eq__(value, choice) is True):
            return choice
    choices = ", ".join(map(repr, allowed))
    raise ValueError(text("not_one_of", name=name, allowed=choices, value=shown(value)))


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
    items = entries(value)
    if items is None:
        number = as_int(name, value, minimum)
        return number, number
    if len(items) != 2:
        raise ValueError(text("not_a_pair", name=name, value=shown(value)))
    height, width = (
        as_int(f"{name} ({axis})", item, minimum)
        for axis, item in zip(AXIS_NAMES, items, strict=True)
    )
    return height, width


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
    if rule := padding_rule(padding):
        return rule
    items = entries(padding)
    if items is None:
        if plain_int(padding) is None:
            refusal = ValueError if is_text(padding) else TypeError
            raise refusal(text("padding_form", value=shown(padding)))
        number = as_int("padding", padding, 0)
        return (number, number), (number, number)
    if len(items) == 2 and None not in map(plain_int, items):
        height, width = as_pair("padding", items, 0)
        return (height, height), (width, width)
    sides = [entries(item) or [] for item in items]
    if len(sides) == 2 and all(len(side) == 2 for side in sides):
        (top, bottom), (left, right) = sides
        return (
            (as_int("padding (top)", top, 0), as_int("padding (bottom)", bottom, 0)),
            (as_int("padding (left)", left, 0), as_int("padding (right)", right, 0)),
        )
    raise ValueError(text("padding_form", value=shown(padding)))


def padding_rule(padding: object) -> PaddingRule | None:
    """The rule that `padding` is; None if it is none, but numbers for instance.

    Examples
    --------
    >>> padding_rule("same"), padding_rule(1)
    ('same', None)
    """
    rules = (rule for rule in PADDING_RULES if is_text(padding) and str.__eq__(padding, rule))
    return next(rules, None)


def given_per_axis(*arguments: object) -> bool:
    """Whether any argument of `output_size` tells height and width apart.

    Examples
    --------
    >>> given_per_axis(224, 11, 1, "same", 1), given_per_axis((224, 224), 11)
    (False, True)
    """
    return any(entries(argument) is not None for argument in arguments)


def entries(value: object) -> list[object] | None:
    """The entries of a sequence, of a long one its first few; None of what is no sequence.

    Examples
    --------
    >>> entries((1, 2)), entries(3), entries("valid")
    ([1, 2], None, None)
    """
    if type(value) is list or type(value) is tuple:
        return list(value[:_ENTRIES])
    try:
        if isinstance(value, np.ndarray):
            return list(value[:_ENTRIES]) if value.ndim else None
        if isinstance(value, Sequence) and not isinstance(value, _TEXTS):
            return list(islice(value, _ENTRIES))
    except Exception:  # a stranger's methods may raise anything
        pass
    return None


def shown(value: object) -> str:
    """`value` as it may stand in a message: its repr on one line, cut short.

    Examples
    --------
    >>> shown(np.eye(2)), shown("a" * 99)[-5:]
    ('array([[1., 0.], [0., 1.]])', 'aa...')
    """
    try:
        words = re.sub(r"\n\s*", " ", repr(value))
    except Exception:  # a stranger's repr, or an integer of more digits than Python writes
        words = f"<{type(value).__name__}>"
    return words if len(words) <= _SHOWN else f"{words[: _SHOWN - 3]}..."


def is_text(value: object) -> TypeGuard[str]:
    """Whether `value` is a text, whatever it says of itself."""
    return issubclass(type(value), str)


def plain_int(value: object) -> int | None:
    """The integer that `value` is; None if it is none, as a bool or a float.

    Examples
    --------
    >>> plain_int(np.int8(3)), plain_int(3.0), plain_int(True)
    (3, None, None)
    """
    if type(value) is int:
        return value
    try:
        number = index(value)  # type: ignore[arg-type]  # whether it has one is the question
        # A tensor of one number, or of one bool, has an index too.
        is_other = isinstance(value, bool) or "bool" in str(getattr(value, "dtype", ""))
        is_other = is_other or len(getattr(value, "shape", ())) > 0
    except Exception:  # a stranger's __index__ may raise anything
        return None
    return None if is_other else number
