"""Plain data as text: all that may pass between a student's process and the tests.

None, bool, int, float, str, tuple, list, dict, NumPy arrays and scalars of bool, int and float.
What comes out of `unpack` is made anew of exactly these types, whatever the text says: nothing of a
student's own (a subclass, a method, a pickle) can come over.

This module runs in both processes, and imports nothing but NumPy.
"""

import base64
import json
import math

import numpy as np

MOST_TEXT = 8_000_000  # characters; an array of 700,000 float64
MOST_DEPTH = 20
KINDS = "biuf"


class NotPlain(TypeError):
    """The value is not plain data; the message says in a word or two what it is."""


def pack(value: object) -> str:
    """Plain data as text.

    Raises
    ------
    NotPlain
    """
    text = json.dumps(_packed(value, MOST_DEPTH))
    if len(text) > MOST_TEXT:
        raise NotPlain("data of more than 8 MB")
    return text


def unpack(text: object) -> object:
    """The plain data that a text stands for, whoever wrote the text.

    Raises
    ------
    NotPlain
    """
    try:
        if not isinstance(text, str) or len(text) > MOST_TEXT:
            raise ValueError
        return _unpacked(json.loads(text), MOST_DEPTH)
    except (ValueError, TypeError, LookupError, OverflowError, RecursionError, MemoryError):
        raise NotPlain("value that can't be read") from None


def _packed(value: object, depth: int) -> object:
    """What stands for a value in JSON: itself, or a list of what it is and its parts."""
    kind = type(value)
    if depth == 0:
        raise NotPlain("pile of lists within lists")
    if value is None or kind in (bool, float):
        return value
    if kind is int:
        if value.bit_length() > 10_000:
            raise NotPlain("int with thousands of digits")
        return value
    if kind is str:
        if len(value) > MOST_TEXT:
            raise NotPlain("very long str")
        return value
    if kind in (list, tuple):
        if len(value) > MOST_TEXT:
            raise NotPlain(f"very long {kind.__name__}")
        return [kind.__name__, [_packed(item, depth - 1) for item in value]]
    if kind is dict:
        pairs = [[_packed(a, depth - 1), _packed(b, depth - 1)] for a, b in value.items()]
        return ["dict", pairs]
    if kind is np.ndarray or isinstance(value, np.generic):
        return _packed_array(value)
    raise NotPlain(kind.__name__)


def _packed_array(value: np.ndarray | np.generic) -> list:
    dtype = value.dtype
    if dtype.kind not in KINDS or dtype.itemsize > 8:
        raise NotPlain(f"array of {dtype}" if value.ndim else str(dtype))
    if value.nbytes > MOST_TEXT // 2:
        raise NotPlain(f"array of shape {value.shape}, too large to be looked at")
    dtype = dtype.newbyteorder("<")
    data = base64.b64encode(np.ascontiguousarray(value, dtype).tobytes()).decode()
    scalar = isinstance(value, np.generic)
    return ["scalar" if scalar else "array", dtype.str, list(value.shape), data]


def _unpacked(part: object, depth: int) -> object:
    if depth == 0:
        raise ValueError
    if part is None or isinstance(part, bool | int | float | str):
        return part
    kind, *rest = part
    if kind == "list":
        return [_unpacked(item, depth - 1) for item in rest[0]]
    if kind == "tuple":
        return tuple(_unpacked(item, depth - 1) for item in rest[0])
    if kind == "dict":
        return {_unpacked(a, depth - 1): _unpacked(b, depth - 1) for a, b in rest[0]}
    if kind in ("array", "scalar"):
        array = _unpacked_array(*rest)
        return array[()] if kind == "scalar" else array
    raise ValueError


def _unpacked_array(dtype: str, shape: list[int], data: str) -> np.ndarray:
    numbers = np.dtype(str(dtype))
    if numbers.kind not in KINDS or numbers.itemsize > 8 or len(shape) > 32:
        raise ValueError
    if not all(type(size) is int and size >= 0 for size in shape):
        raise ValueError
    raw = base64.b64decode(data, validate=True)
    if len(raw) != math.prod(shape) * numbers.itemsize:
        raise ValueError
    return np.frombuffer(raw, numbers).reshape(shape).astype(numbers.newbyteorder("="))
