"""Values that nobody should give, and what each of them means where it means anything.

A value is made anew for every call, since some of them can be used once only. `MEANINGS` says, by
the kind of an argument, which of them are right after all, and what they stand for; all others
are refused.
"""

import collections
import datetime
import decimal
import enum
import fractions
import itertools
import pathlib
from collections.abc import Callable, Sequence

import numpy as np

REFUSED = object()


class Loud(Exception):
    """What a hostile object raises: no kind of error that anyone expects."""


class Three(enum.IntEnum):
    THREE = 3


class Integer(int):
    """An honest subclass that answers strangely to all but arithmetic."""

    def __eq__(self, other):
        return True

    def __repr__(self):
        raise Loud

    __hash__ = None


class Text(str):
    """The same of a text."""

    def __eq__(self, other):
        return True

    __hash__ = None


class IndexOf:
    def __init__(self, number):
        self.number = number

    def __index__(self):
        if isinstance(self.number, Exception):
            raise self.number
        return self.number


class ArrayOf:
    def __init__(self, array):
        self.array = array

    def __array__(self, dtype=None, copy=None):
        if isinstance(self.array, Exception):
            raise self.array
        return self.array


class Hostile:
    """Raises at whatever is asked of it, its class and its repr among that."""

    def __raise(self, *_, **__):
        raise Loud("asked a hostile object")

    __repr__ = __str__ = __format__ = __bool__ = __len__ = __iter__ = __getitem__ = __raise
    __index__ = __int__ = __float__ = __eq__ = __ne__ = __lt__ = __gt__ = __hash__ = __raise
    __array__ = __contains__ = __call__ = __fspath__ = __enter__ = __add__ = __mod__ = __raise
    __getattr__ = __raise


class Agreeable:
    """Equal to anything, true, and of a length."""

    def __eq__(self, other):
        return True

    def __hash__(self):
        return hash("zeros")

    def __len__(self):
        return 2

    def __getitem__(self, key):
        return self


class Endless(Sequence):
    """Says that it has two entries, and never ends."""

    def __len__(self):
        return 2

    def __getitem__(self, k):
        return k


class BrokenSequence(Sequence):
    def __len__(self):
        raise Loud

    def __getitem__(self, k):
        raise Loud


class BrokenList(list):
    def __getitem__(self, k):
        raise Loud

    def __iter__(self):
        raise Loud

    def __len__(self):
        raise Loud


class Impostor:
    """Claims to be an integer."""

    @property
    def __class__(self):
        return int


class BadRepr:
    def __repr__(self):
        return 3


class LongRepr:
    def __repr__(self):
        return "long\n" * 10**4


def _nested(depth):
    value = 1
    for _ in range(depth):
        value = [value]
    return value


def _in_itself():
    value = [1, 2]
    value.append(value)
    return value


def _self_pair():
    value = []
    value += [value, value]
    return value


#: Values by name, each made anew by a call.
VALUES: dict[str, Callable[[], object]] = {
    # No numbers
    "None": lambda: None,
    "...": lambda: ...,
    "NotImplemented": lambda: NotImplemented,
    "object": object,
    "lambda": lambda: lambda: 3,
    "type": lambda: int,
    "module": lambda: np,
    "error": lambda: ValueError("3"),
    "path": lambda: pathlib.PurePosixPath("3"),
    "''": lambda: "",
    "'3'": lambda: "3",
    "' '": lambda: " ",
    "'abc'": lambda: "abc",
    "'{name}'": lambda: "{name} {0} %s",
    "'SAME'": lambda: "SAME",
    "'same'": lambda: "same",
    "'valid'": lambda: "valid",
    "'zeros'": lambda: "zeros",
    "'reflect'": lambda: "reflect",
    "np.str_": lambda: np.str_("same"),
    "Text": lambda: Text("sameness"),
    "honest Text": lambda: Text("same"),
    "long text": lambda: "3" * 10**4,
    "null character": lambda: "a\0.gif",
    "surrogate": lambda: "\ud800",
    "bytes": lambda: b"3",
    "two bytes": lambda: b"\1\2",
    "bytearray": lambda: bytearray(b"\1\2"),
    "memoryview": lambda: memoryview(b"\1\2"),
    "date": lambda: datetime.date(2024, 2, 29),
    "timedelta": lambda: datetime.timedelta(3),
    "datetime64": lambda: np.datetime64("2024-02-29"),
    "timedelta64": lambda: np.timedelta64(3),
    # Numbers that are no integers, or that only look like one
    "True": lambda: True,
    "False": lambda: False,
    "np.True_": lambda: np.True_,
    "3.0": lambda: 3.0,
    "2.5": lambda: 2.5,
    "-0.0": lambda: -0.0,
    "np.float64": lambda: np.float64(3),
    "np.float16": lambda: np.float16(3),
    "nan": lambda: float("nan"),
    "inf": lambda: float("inf"),
    "-inf": lambda: -np.inf,
    "complex": lambda: 3 + 0j,
    "np.complex128": lambda: np.complex128(3),
    "Fraction": lambda: fractions.Fraction(3),
    "Decimal": lambda: decimal.Decimal(3),
    # Integers
    "-1": lambda: -1,
    "0": lambda: 0,
    "2": lambda: 2,
    "-2**63": lambda: -(2**63),
    "2**31 - 1": lambda: 2**31 - 1,
    "2**31": lambda: 2**31,
    "2**63": lambda: 2**63,
    "2**64": lambda: 2**64,
    "10**30": lambda: 10**30,
    "10**5000": lambda: 10**5000,
    "-10**5000": lambda: -(10**5000),
    "np.int8": lambda: np.int8(3),
    "np.uint64": lambda: np.uint64(2**64 - 1),
    "IntEnum": lambda: Three.THREE,
    "Integer": lambda: Integer(3),
    "__index__": lambda: IndexOf(3),
    "__index__ is True": lambda: IndexOf("True"),
    "__index__ raises": lambda: IndexOf(ZeroDivisionError("no")),
    "__index__ overflows": lambda: IndexOf(OverflowError()),
    "__index__ recurs": lambda: IndexOf(RecursionError()),
    # Sequences and what looks like them
    "()": tuple,
    "[]": list,
    "(2,)": lambda: (2,),
    "(2, 3)": lambda: (2, 3),
    "[2, 3]": lambda: [2, 3],
    "(2, 3, 4)": lambda: (2, 3, 4),
    "(2, -3)": lambda: (2, -3),
    "(0, 1)": lambda: (0, 1),
    "(2, True)": lambda: (2, True),
    "(2, 3.0)": lambda: (2, 3.0),
    "(2, None)": lambda: (2, None),
    "(2, '3')": lambda: (2, "3"),
    "(2, nan)": lambda: (2, float("nan")),
    "(2, 10**30)": lambda: (2, 10**30),
    "(2, 10**5000)": lambda: (2, 10**5000),
    "('a', 'b')": lambda: ("a", "b"),
    "(2, (1, 1))": lambda: (2, (1, 1)),
    "((1, 0), (0, 1))": lambda: ((1, 0), (0, 1)),
    "[[1, 0], [0, 1]]": lambda: [[1, 0], [0, 1]],
    "((1, 0), (0, -1))": lambda: ((1, 0), (0, -1)),
    "((1, 0), (0, 1.0))": lambda: ((1, 0), (0, 1.0)),
    "((1, 0), (0, 1, 2))": lambda: ((1, 0), (0, 1, 2)),
    "((1, 0), 2)": lambda: ((1, 0), 2),
    "(((1,),),)": lambda: (((1,),),),
    "ragged": lambda: [[1, 2], [3]],
    "nested": lambda: _nested(80),
    "in itself": _in_itself,
    "a pair of itself": _self_pair,
    "long list": lambda: [1] * 10**4,
    "range": lambda: range(2, 4),
    "deque": lambda: collections.deque([2, 3]),
    "set": lambda: {2, 3},
    "frozenset": lambda: frozenset([2, 3]),
    "dict": lambda: {2: 3, 3: 4},
    "keys": lambda: {2: 3, 3: 4}.keys(),
    "generator": lambda: (k for k in (2, 3)),
    "count": itertools.count,
    "map": lambda: map(int, "23"),
    "Endless": Endless,
    "BrokenSequence": BrokenSequence,
    "BrokenList": lambda: BrokenList([2, 3]),
    "pair of hostiles": lambda: (Hostile(), Hostile()),
    # Arrays
    "array 3": lambda: np.array(3),
    "array 3.0": lambda: np.array(3.0),
    "array True": lambda: np.array(True),
    "array [3]": lambda: np.array([3]),
    "array [2, 3]": lambda: np.array([2, 3]),
    "array [2., 3.]": lambda: np.array([2.0, 3.0]),
    "array [True, True]": lambda: np.array([True, True]),
    "array [[1, 0], [0, 1]]": lambda: np.array([[1, 0], [0, 1]]),
    "big-endian pair": lambda: np.array([2, 3], ">i2"),
    "read-only pair": lambda: np.broadcast_to(np.int64(2), 2),
    "objects": lambda: np.array([2, None], object),
    "one object": lambda: np.array(None, object),
    "texts": lambda: np.array(["2", "3"]),
    "dates": lambda: np.array(["2024-02-29"], "M8[D]"),
    "records": lambda: np.zeros(2, [("a", int)]),
    "no cells": lambda: np.empty(0),
    "no rows": lambda: np.empty((2, 0, 3)),
    "masked": lambda: np.ma.masked,
    "masked pair": lambda: np.ma.array([2, 3], mask=[False, True]),
    "matrix": lambda: np.asarray([[2, 3]]).view(np.matrix),
    "__array__ raises": lambda: ArrayOf(ZeroDivisionError("no")),
    "__array__ is a text": lambda: ArrayOf("text"),
    # Objects that lie
    "Hostile": Hostile,
    "Agreeable": Agreeable,
    "Impostor": Impostor,
    "BadRepr": BadRepr,
    "LongRepr": LongRepr,
}

_INTEGERS = {
    "-1": -1,
    "0": 0,
    "2": 2,
    "-2**63": -(2**63),
    "2**31 - 1": 2**31 - 1,
    "2**31": 2**31,
    "2**63": 2**63,
    "2**64": 2**64,
    "10**30": 10**30,
    "10**5000": 10**5000,
    "-10**5000": -(10**5000),
    "np.int8": 3,
    "np.uint64": 2**64 - 1,
    "IntEnum": 3,
    "Integer": 3,
    "__index__": 3,
    "array 3": 3,
}

_PAIRS = {
    "(2, 3)": (2, 3),
    "[2, 3]": (2, 3),
    "(2, -3)": (2, -3),
    "(0, 1)": (0, 1),
    "(2, 10**30)": (2, 10**30),
    "(2, 10**5000)": (2, 10**5000),
    "range": (2, 3),
    "deque": (2, 3),
    "array [2, 3]": (2, 3),
    "big-endian pair": (2, 3),
    "read-only pair": (2, 2),
}

_RULES = {"'same'": "same", "'valid'": "valid", "np.str_": "same", "honest Text": "same"}
_SIDES = ((1, 0), (0, 1))
_FLOATS = {"3.0": 3, "np.float64": 3, "np.float16": 3, "Fraction": 3, "2.5": 2.5, "-0.0": 0} | {
    name: float(name) for name in ("nan", "inf", "-inf")
}
_FLAGS = {"True": True, "False": False, "np.True_": True}
_NOTHING = {"None": None}

#: What values mean to an argument of a kind; one that is not here is refused.
MEANINGS = {
    "integer": _INTEGERS,
    "integer or None": _INTEGERS | _NOTHING,
    "pair": _INTEGERS | _PAIRS,
    "pair or None": _INTEGERS | _PAIRS | _NOTHING,
    "padding": _INTEGERS
    | _PAIRS
    | _RULES
    | {
        "((1, 0), (0, 1))": _SIDES,
        "[[1, 0], [0, 1]]": _SIDES,
        "((1, 0), (0, -1))": ((1, 0), (0, -1)),
        "array [[1, 0], [0, 1]]": _SIDES,
    },
    "padding of an axis": _INTEGERS | _PAIRS | _RULES,
    "padding of an image": _INTEGERS | _RULES,
    "flag": _FLAGS,
    "flag or None": _FLAGS | _NOTHING,
    "padding_mode": {"'zeros'": "zeros", "'reflect'": "reflect"},
    "choice": {},
    "choice or None": _NOTHING,
    "size": _INTEGERS | _PAIRS | {"(2,)": (2,), "array [3]": (3,)},
    "number": _INTEGERS | _FLOATS,
    "panel or None": {"'same'": "same", "np.str_": "same", "honest Text": "same", "None": None},
    "place": _PAIRS,
    "place of three": {"(2, 3, 4)": (2, 3, 4)},
    "sides": _PAIRS,
    "layers": {"()": (), "[]": (), "no cells": ()},
    "kernel": _NOTHING
    | {
        "((1, 0), (0, 1))": _SIDES,
        "[[1, 0], [0, 1]]": _SIDES,
        "((1, 0), (0, -1))": ((1, 0), (0, -1)),
        "((1, 0), (0, 1.0))": ((1.0, 0.0), (0.0, 1.0)),
        "array [[1, 0], [0, 1]]": _SIDES,
        "matrix": ((2, 3),),
    },
    "image": _NOTHING | {"((1, 0), (0, 1.0))": ((1.0, 0.0), (0.0, 1.0))},
    "array": {},
    "array or None": _NOTHING,
}

#: What a sequence of the caller's own raises while it is gone through is the caller's to see.
LET_THROUGH = {("layers", "BrokenSequence"): Loud}


class _Subclass(np.ndarray):
    """An array that lies to all who ask it itself."""

    shape = property(lambda self: (7,))
    dtype = property(lambda self: np.dtype(object))

    def __getitem__(self, key):
        raise Loud

    def astype(self, *_, **__):
        raise Loud


class Interface:
    def __init__(self, array):
        self._array = array
        self.__array_interface__ = array.__array_interface__


#: An array of small integers in other clothes, and the type in which its numbers count.
GUISES: dict[str, tuple[Callable[[np.ndarray], object], type]] = {
    "list": (np.ndarray.tolist, np.int64),
    "tuples": (lambda a: tuple(map(tuple, a)) if a.ndim > 1 else tuple(a), np.int64),
    "list of arrays": (list, np.int64),
    "deque": (lambda a: collections.deque(a.tolist()), np.int64),
    "read-only": (lambda a: np.frombuffer(a.tobytes(), a.dtype).reshape(a.shape), np.int64),
    "every other cell": (lambda a: np.repeat(a, 2, axis=-1)[..., ::2], np.int64),
    "backwards": (lambda a: a[..., ::-1].copy()[..., ::-1], np.int64),
    "transposed": (lambda a: a.T.copy().T, np.int64),
    "unaligned": (
        lambda a: np.frombuffer(b"0" + a.tobytes(), a.dtype, offset=1).reshape(a.shape),
        np.int64,
    ),
    "subclass": (lambda a: a.view(_Subclass), np.int64),
    "nothing masked": (lambda a: np.ma.array(a, mask=np.zeros(a.shape, bool)), np.int64),
    "memoryview": (memoryview, np.int64),
    "__array__": (ArrayOf, np.int64),
    "__array_interface__": (Interface, np.int64),
    "int8": (lambda a: a.astype(np.int8), np.int8),
    "big-endian int16": (lambda a: a.astype(">i2"), np.int16),
    "float16": (lambda a: a.astype(np.float16), np.float16),
    "big-endian float32": (lambda a: a.astype(">f4"), np.float32),
    "big-endian float64": (lambda a: a.astype(">f8"), np.float64),
    "list of floats": (lambda a: a.astype(float).tolist(), np.float64),
}

#: What is no array of numbers, made of one.
DISGUISES: dict[str, Callable[[np.ndarray], object]] = {
    "bools": lambda a: a > 0,
    "complex": lambda a: a.astype(complex),
    "objects": lambda a: a.astype(object),
    "texts": lambda a: a.astype(str),
    "bytes": lambda a: a.astype(bytes),
    "dates": lambda a: a.astype("M8[D]"),
    "durations": lambda a: a.astype("m8[D]"),
    "records": lambda a: a.astype([("number", int)]),
    "masked": lambda a: np.ma.array(a, mask=a == a.flat[0]),
    "ragged": lambda a: [*a.tolist(), [0]],
    "with None": lambda a: [*a.tolist()[:-1], None],
    "one axis more": lambda a: a[(None,) * (5 - a.ndim)],
    "no axis": lambda a: a.flat[0],
    "flat": lambda a: np.tile(a.ravel(), 2),
    "no cell": lambda a: a[..., :0],
    "generator": iter,
    "set": lambda a: set(a.ravel().tolist()),
    "dict": lambda a: dict(enumerate(a.tolist())),
    "text": lambda a: str(a.tolist()),
    "buffer of bytes": lambda a: a.tobytes(),
    "integers beyond 64 bits": lambda a: (a.astype(object) + 10**30).tolist(),
    "2**50 cells": lambda a: np.broadcast_to(a.reshape(-1)[0], (2**20, 2**10, 2**10, 2**10)),
    "__array__ raises": lambda a: ArrayOf(RuntimeError("no")),
    "__array__ is a list": lambda a: ArrayOf(a.tolist()),
    "range without end": lambda a: range(10**12),
}


def meaning_of(name: str, kind: str) -> object:
    """What a value stands for in an argument of a kind, or `REFUSED`."""
    return MEANINGS[kind].get(name, REFUSED)
