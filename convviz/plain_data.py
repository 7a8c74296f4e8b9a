"""Plain data: what it is, how a sentence shows it, and in what two pieces of it differ.

Plain data is `None`, `bool`, `int`, `float`, `str`, tuples, lists and dicts of these, NumPy
scalars and arrays. Only this may be compared: an object could claim to be equal.
"""

from __future__ import annotations

from collections.abc import Callable
from types import NoneType
from typing import Any, TypeGuard

import numpy as np

from convviz.catalogue import text

#: An array with more cells than this is spoken of by its shape.
SHOWN_CELLS = 12

#: A text longer than this is cut.
SHOWN_LENGTH = 100

#: What is wrong, as the last word of a sentence's key, and the sentence's places.
Difference = tuple[str, dict[str, object]]


def is_plain(value: Any, depth: int = 20) -> bool:
    """Whether a value is plain data throughout, of exactly the types that are allowed.

    Examples
    --------
    >>> is_plain({"shape": (2, 3), "weight": np.ones(3)}), is_plain(np.array([None]))
    (True, False)
    """
    kind = type(value)
    if kind in (NoneType, bool, int, float, str):
        return True
    if kind is np.ndarray:
        return value.dtype.kind in "biuf" and value.dtype.isnative
    if issubclass(kind, np.generic):
        return np.dtype(kind).type is kind and value.dtype.kind in "biuf"
    if depth == 0:
        return False
    if kind in (tuple, list):
        return all(is_plain(entry, depth - 1) for entry in value)
    if kind is dict:
        return all(
            type(key) in (str, int) and is_plain(entry, depth - 1) for key, entry in value.items()
        )
    return False


def is_integer(value: object) -> TypeGuard[int | np.integer]:
    """Whether plain data is an integer; a bool is none."""
    return isinstance(value, int | np.integer) and not isinstance(value, bool)


def show(value: object) -> str:
    """A value in a few words."""
    if isinstance(value, np.ndarray):
        if value.size > SHOWN_CELLS:
            return text("expect_array", shape=value.shape)
        return text("expect_small_array", values=value.tolist())
    if isinstance(value, np.generic):
        value = value.item()
    try:
        words = repr(value)
    except Exception:  # an integer of thousands of digits, or a repr of the learner's own
        words = f"<{type(value).__name__}>"
    return words if len(words) <= SHOWN_LENGTH else f"{words[:SHOWN_LENGTH]}..."


def show_call(
    function: Callable[..., object], arguments: tuple[object, ...], settings: dict[str, object]
) -> str:
    """A call as a learner would write it, with long arrays named by their shapes."""
    words = [*map(show, arguments), *(f"{name}={show(value)}" for name, value in settings.items())]
    try:
        name = function.__name__
    except Exception:  # whatever the learner has put in the function's place
        name = "the function"
    return f"{name}({', '.join(words)})"


def find_difference(came: object, wanted: object, within: float) -> Difference | None:
    """What is wrong with plain data, and the places of the sentence that says so; None if nothing.

    Examples
    --------
    >>> find_difference(3.0, 3, within=0), find_difference((2, 3), [2, 3], within=0)
    (('float', {'value': '3.0'}), None)
    """
    if isinstance(wanted, np.ndarray):
        return _array_difference(came, wanted, within)
    if _same(came, wanted, within):
        return None
    if _same(_whole_as_integers(came), wanted, within):
        return "float", {"value": show(came)}
    return "wrong", {"value": show(came), "wanted": show(wanted)}


def _array_difference(came: object, wanted: np.ndarray, within: float) -> Difference | None:
    if not isinstance(came, np.ndarray):
        return "no_array", {"value": show(came), "kind": type(came).__name__}
    if came.shape != wanted.shape:
        return "shape", {"shape": came.shape, "wanted": wanted.shape}
    exact = wanted.dtype.kind in "biu"
    right = came == wanted if exact else np.isclose(came, wanted, rtol=within, atol=within)
    if right.all():
        return None
    at = tuple(int(k) for k in np.argwhere(~right)[0])
    return "cell", {
        "at": list(at),
        "value": show(came[at]),
        "wanted": show(wanted[at]),
        "wrong": int((~right).sum()),
        "cells": wanted.size,
    }


def _same(came: Any, wanted: object, within: float) -> bool:
    if isinstance(wanted, np.ndarray):
        return _array_difference(came, wanted, within) is None
    if isinstance(wanted, tuple | list):
        return (
            type(came) in (tuple, list)
            and len(came) == len(wanted)
            and all(_same(c, w, within) for c, w in zip(came, wanted, strict=True))
        )
    if isinstance(wanted, dict):
        return (
            type(came) is dict
            and came.keys() == wanted.keys()
            and all(_same(came[key], wanted[key], within) for key in wanted)
        )
    if is_integer(wanted):
        return is_integer(came) and int(came) == int(wanted)
    if isinstance(wanted, float | np.floating):
        number = is_integer(came) or isinstance(came, float | np.floating)
        try:
            return number and bool(np.isclose(float(came), wanted, rtol=within, atol=within))
        except OverflowError:  # of an integer beyond all floats
            return False
    return type(came) is type(wanted) and came == wanted


def _whole_as_integers(value: object) -> object:
    """Plain data with every whole float made an integer, to see whether that was all."""
    if isinstance(value, float | np.floating):
        return int(value) if np.isfinite(value) and value == int(value) else value
    if isinstance(value, tuple | list):
        return type(value)(map(_whole_as_integers, value))
    return value
