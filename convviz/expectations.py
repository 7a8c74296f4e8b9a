"""Tests of a learner's function whose failures say what came, what was wanted, and why.

A test cell of an assignment is a few lines of `expect` and its relatives. What they compare is
plain data, of `convviz.plain_data`. Anything else is refused before it is compared, so that an
object cannot claim to be equal.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Mapping
from copy import deepcopy
from pathlib import Path
from types import FrameType
from typing import Any

from convviz.arguments import shown
from convviz.catalogue import text
from convviz.plain_data import Difference, find_difference, is_integer, is_plain, show, show_call

#: How far a number may be off where the wanted one is not an integer, unless `within` says.
ROUNDING = 1e-9


def expect(
    function: Callable[..., object],
    *arguments: object,
    gives: object,
    because: str = "",
    within: float = ROUNDING,
    **settings: object,
) -> None:
    """Call a function, and compare what it gives with what is wanted.

    Integers must be integers and equal; a tuple may come as a list. Where floats are wanted,
    integers will do.

    Parameters
    ----------
    function : callable
        The learner's.
    *arguments, **settings
        What to call it with. It gets copies.
    gives : plain data
        What is wanted.
    because : str
        A sentence for whom it is wrong: the reason of the right answer.
    within : float
        How far a number may be off where floats are wanted.

    Raises
    ------
    AssertionError
        When the function raises, gives something else, or something that is not plain data. The
        message is a sentence for the learner.

    Examples
    --------
    >>> def output_size(n, kernel_size, stride=1):
    ...     return (n - kernel_size) / stride + 1
    >>> expect(output_size, 8, 3, stride=2, gives=3, because="The third step does not fit.")
    Traceback (most recent call last):
        ...
    AssertionError: output_size(8, 3, stride=2) gave 3.5, where 3 is right. The third step does not fit.
    """  # noqa: E501
    _check_test(because, within, gives=gives)
    call = show_call(function, arguments, settings)
    try:
        came = function(*deepcopy(arguments), **deepcopy(settings))
    except Exception as error:
        failure = text("expect_raised", call=call, error=_show_error(error))
        raise AssertionError(_with_reason(failure, because)) from None
    _compare("call", call, came, gives, because, within)


def expect_value(
    name: str, value: object, wanted: object, because: str = "", within: float = ROUNDING
) -> None:
    """Compare a learner's value with what is wanted.

    Parameters
    ----------
    name : str
        What the learner calls it.
    value : plain data
    wanted, because, within
        As `gives`, `because` and `within` of `expect`.

    Raises
    ------
    AssertionError
        As for `expect`. None, where something else is wanted, is no answer yet.

    Examples
    --------
    >>> expect_value("stem_height", 112, 112)
    >>> expect_value("stem_height", None, 112)
    Traceback (most recent call last):
        ...
    AssertionError: stem_height has no answer yet: put yours in the place of None.
    """
    _check_test(because, within, name=name, wanted=wanted)
    if value is None and wanted is not None:
        raise AssertionError(text("expect_no_answer", name=name))
    _compare("value", name, value, wanted, because, within)


def expect_answer(name: str, value: object, hints: Mapping[int, str]) -> None:
    """Expect a whole number that is none of the usual mistakes, without telling which is right.

    Parameters
    ----------
    name : str
        What the learner calls it.
    value : plain data
        None is no answer yet.
    hints : mapping of int to str
        What to say of each usual mistake: a sentence about the step that it leaves out.

    Raises
    ------
    AssertionError
        When there is no answer yet, when it is no whole number, or one of `hints`. Any other
        number passes: whether it is right is for a hidden test to say.

    Examples
    --------
    >>> hints = {9: "Each filter has a kernel for every input channel."}
    >>> expect_answer("weights", 27, hints)
    >>> expect_answer("weights", 9, hints)
    Traceback (most recent call last):
        ...
    AssertionError: weights is not 9. Each filter has a kernel for every input channel.
    """
    if value is None:
        raise AssertionError(text("expect_no_answer", name=name))
    if not is_plain(value):
        kind = type(value).__name__
        raise AssertionError(text("expect_value_not_plain", name=name, kind=kind))
    if not is_integer(value):
        raise AssertionError(text("expect_no_whole_number", name=name, value=show(value)))
    if int(value) in hints:
        hint = hints[int(value)]
        raise AssertionError(text("expect_mistake", name=name, value=show(value), hint=hint))


def expect_error(
    function: Callable[..., object],
    *arguments: object,
    raises: type[Exception],
    because: str = "",
    **settings: object,
) -> None:
    """Call a function, and check that it raises an error of a kind.

    Parameters
    ----------
    function, *arguments, because, **settings
        As for `expect`.
    raises : type of Exception

    Raises
    ------
    AssertionError
        When it gives something, or raises an error of another kind.

    Examples
    --------
    >>> def output_size(n, kernel_size):
    ...     return n - kernel_size + 1
    >>> expect_error(output_size, 2, 3, raises=ValueError, because="A kernel of 3 does not fit.")
    Traceback (most recent call last):
        ...
    AssertionError: output_size(2, 3) gave 0, but a ValueError is wanted. A kernel of 3 does not fit.
    """  # noqa: E501
    _check_test(because)
    if not (isinstance(raises, type) and issubclass(raises, Exception)):
        raise TypeError(text("test_no_error", value=shown(raises)))
    call = show_call(function, arguments, settings)
    try:
        came = function(*deepcopy(arguments), **deepcopy(settings))
    except raises:
        return
    except Exception as error:
        failure = text(
            "expect_other_error",
            call=call,
            error=_show_error(error),
            wanted=raises.__name__,
        )
    else:
        failure = text("expect_no_error", call=call, value=show(came), wanted=raises.__name__)
    raise AssertionError(_with_reason(failure, because))


def count_lines(function: Callable[..., object], *arguments: object, **settings: object) -> int:
    """How many lines of the learner's Python run in one call of a function.

    The lines of the function and of all that is defined in the same file or notebook; not those
    within NumPy. A loop over output positions makes the count grow with the output.

    Parameters
    ----------
    function : callable
        One that has a ``count_lines`` of its own, as one in another process may, is asked for it.
    *arguments, **settings
        What to call it with.

    Returns
    -------
    int

    Examples
    --------
    >>> import numpy as np
    >>> def loops(n):
    ...     for i in range(n):
    ...         i * i
    >>> def no_loops(n):
    ...     return np.arange(n) ** 2
    >>> count_lines(loops, 100) - count_lines(loops, 10), count_lines(no_loops, 100)
    (180, 1)
    """
    counts_itself = getattr(function, "count_lines", None)
    if counts_itself is not None:
        return counts_itself(*arguments, **settings)
    lines = 0

    def trace(frame: FrameType, event: str, _: object) -> Callable[..., Any] | None:
        nonlocal lines
        if event == "call" and _is_of_a_library(frame.f_code.co_filename):
            return None
        lines += event == "line"
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        function(*arguments, **settings)
    finally:
        sys.settrace(before)
    return lines


def _check_test(because: object, within: object = ROUNDING, **wanted: object) -> None:
    """Refuse what a teacher has not meant; the learner's mistakes are another matter."""
    if not isinstance(because, str):
        raise TypeError(text("test_no_reason", value=shown(because)))
    if not isinstance(within, int | float) or not 0 <= within < math.inf:
        raise ValueError(text("test_no_tolerance", value=shown(within)))
    for name, value in wanted.items():
        if not is_plain(value):
            raise TypeError(text("test_not_plain", name=name, value=shown(value)))


def _is_of_a_library(file: str) -> bool:
    return file.startswith("<frozen") or any(
        part in ("site-packages", "dist-packages") or part.startswith("python3")
        for part in Path(file).parts
    )


def _show_error(error: Exception) -> str:
    """An error as a learner would write it: ValueError('does not fit')."""
    try:
        said = str(error)
    except Exception:  # an error of the learner's own
        said = ""
    return f"{type(error).__name__}({show(said) if said else ''})"


def _compare(
    subject: str, name: str, came: object, wanted: object, because: str, within: float
) -> None:
    """Compare what came of a call, or a value; `subject` is which of them, `name` says it."""
    difference: Difference | None
    if not is_plain(came):
        difference = ("not_plain", {"kind": type(came).__name__})
    else:
        difference = find_difference(came, wanted, within)
    if difference is not None:
        problem, places = difference
        failure = text(f"expect_{subject}_{problem}", name=name, **places)
        raise AssertionError(_with_reason(failure, because))


def _with_reason(failure: str, because: str) -> str:
    return f"{failure} {because}".rstrip()
