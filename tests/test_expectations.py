"""What a learner is told by a test cell: the call, what came, what was wanted, and why."""

from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest

from convviz.expectations import count_lines, expect, expect_answer, expect_error, expect_value
from convviz.plain_data import is_plain, show, show_call


def returns(value):
    def answer(*arguments, **settings):
        return value

    return answer


class Liar:
    """Equal to everything, and everything about it is right."""

    shape, dtype = (2, 3), np.dtype(int)

    def __eq__(self, other):
        return True

    def __array__(self, *arguments, **settings):
        return np.zeros((2, 3), int)

    def __repr__(self):
        return "3"


class LyingArray(np.ndarray):
    def __eq__(self, other):
        return np.ones(self.shape, bool)


class LyingInteger(int):
    def __eq__(self, other):
        return True

    __hash__ = int.__hash__


def failure(value, wanted, **settings):
    """What is said of a value; None when it passes. A call says the same in other words."""
    said = []
    for check in (
        lambda: expect(returns(value), 1, gives=wanted, **settings),
        lambda: expect_value("size", value, wanted, **settings),
    ):
        try:
            check()
        except AssertionError as error:
            said.append(str(error))
    assert len(said) in (0, 2), said
    if not said:
        return None
    call, name = said
    assert call.replace("answer(1) gave", "size is") == name
    return name


@pytest.mark.parametrize(
    ("value", "wanted"),
    [
        (3, 3),
        (np.int64(3), 3),
        (3, np.int64(3)),
        (3, 3.0),
        (3 + 1e-10, 3.0),
        (np.float32(0.5), 0.5),
        ((2, 3), (2, 3)),
        ([2, 3], (2, 3)),
        (((0, 1), (2, 3)), [[0, 1], [2, 3]]),
        ({"a": 1, "b": (1.0,)}, {"b": (1.0,), "a": 1}),
        (None, None),
        ("same", "same"),
        (True, True),
        (np.arange(6).reshape(2, 3), np.arange(6).reshape(2, 3)),
        (np.arange(6.0), np.arange(6)),
        (np.arange(6), np.arange(6.0)),
        (np.arange(6) + 1e-12, np.arange(6.0)),
        (np.arange(6, dtype=np.uint8), np.arange(6)),
        (np.zeros((0, 3)), np.ones((0, 3))),
        ((np.arange(3), 4), (np.arange(3), 4)),
    ],
)
def test_right(value, wanted):
    assert failure(value, wanted) is None


@pytest.mark.parametrize(
    ("value", "wanted", "said"),
    [
        (4, 3, "size is 4, where 3 is right."),
        (np.int64(4), 3, "size is 4, where 3 is right."),
        (3.5, 3, "size is 3.5, where 3 is right."),
        (3.0, 3, "size is 3.0. That is right but for being a float: make it an integer."),
        (True, 1, "size is True, where 1 is right."),
        (1, True, "size is 1, where True is right."),
        ("3", 3, "size is '3', where 3 is right."),
        ("same", None, "size is 'same', where None is right."),
        (float("nan"), 3.0, "size is nan, where 3.0 is right."),
        ((3, 2), (2, 3), "size is (3, 2), where (2, 3) is right."),
        ((2, 3, 1), (2, 3), "size is (2, 3, 1), where (2, 3) is right."),
        (
            (2, [3.0, 4]),
            (2, [3, 4]),
            "size is (2, [3.0, 4]). That is right but for being a float: make it an integer.",
        ),
        ((2, 3.5), (2, 3), "size is (2, 3.5), where (2, 3) is right."),
        (float("inf"), 3, "size is inf, where 3 is right."),
        (5, (2, 3), "size is 5, where (2, 3) is right."),
        ({"a": 1}, {"b": 1}, "size is {'a': 1}, where {'b': 1} is right."),
        (3, np.arange(3), "size is 3, of type int. A NumPy array is wanted."),
        ([0, 1, 2], np.arange(3), "size is [0, 1, 2], of type list. A NumPy array is wanted."),
        (
            np.zeros((3, 2)),
            np.zeros((2, 3)),
            "size is an array of shape (3, 2), where the shape (2, 3) is right.",
        ),
        (
            np.array([[1, 2, 4], [1, 2, 4]]),
            np.array([[1, 2, 3], [1, 2, 3]]),
            "size is an array of the right shape, but at [0, 2] it has 4, where 3 is right."
            " Wrong in 2 of 6 places.",
        ),
        (
            np.array([1.0, np.nan]),
            np.array([1.0, 2.0]),
            "size is an array of the right shape, but at [1] it has nan, where 2.0 is right."
            " Wrong in 1 of 2 places.",
        ),
        (
            np.array([1.25, 2]),
            np.array([1, 2]),
            "size is an array of the right shape, but at [0] it has 1.25, where 1 is right."
            " Wrong in 1 of 2 places.",
        ),
        (
            np.arange(24).reshape(4, 6),
            5,
            "size is <array of shape (4, 6)>, where 5 is right.",
        ),
    ],
)
def test_wrong(value, wanted, said):
    assert failure(value, wanted) == said
    assert failure(value, wanted, because="Round down.") == f"{said} Round down."


@pytest.mark.parametrize(
    "value",
    [
        Liar(),
        LyingInteger(4),
        np.zeros((2, 3), int).view(LyingArray),
        np.full((2, 3), Liar(), object),
        np.ma.zeros((2, 3)),
        np.array([1j]),
        np.array(["a"]),
        1j,
        Fraction(3),
        Decimal(3),
        (n for n in [3]),
        {3},
        (3, Liar()),
        {"a": [Liar()]},
        {(1, 2): 3},
        np.zeros(3, ">i4"),
    ],
)
@pytest.mark.parametrize("wanted", [3, (3, 3), np.zeros((2, 3), int)])
def test_what_is_not_plain_is_not_compared(value, wanted):
    assert "an object of type" in failure(value, wanted)
    assert not is_plain(value)


def test_a_list_in_itself_is_not_plain():
    deep = []
    deep.append(deep)
    assert not is_plain(deep)


def test_within():
    assert failure(0.51, 0.5, within=0.05) is None
    assert failure(np.array([0.51]), np.array([0.5]), within=0.05) is None
    assert failure(4, 3, within=5) == "size is 4, where 3 is right."


@pytest.mark.parametrize("wanted", [3, 0, (2, 3), "same", np.arange(3)])
def test_none_is_no_answer_yet(wanted):
    with pytest.raises(AssertionError) as raised:
        expect_value("size", None, wanted, because="Round down.")
    assert str(raised.value) == "size has no answer yet: put yours in the place of None."
    with pytest.raises(AssertionError, match=r"^answer\(1\) gave None, "):
        expect(returns(None), 1, gives=wanted)


HINTS = {0: "A kernel stands on each cell.", 9: "Every filter counts."}


@pytest.mark.parametrize("value", [27, -9, 10**30, np.int64(27), np.uint8(27)])
def test_an_answer_that_is_no_usual_mistake(value):
    expect_answer("weights", value, HINTS)


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (None, "weights has no answer yet: put yours in the place of None."),
        (9, "weights is not 9. Every filter counts."),
        (np.int64(9), "weights is not 9. Every filter counts."),
        (0, "weights is not 0. A kernel stands on each cell."),
        (False, "weights is False. A whole number is wanted."),
        (9.0, "weights is 9.0. A whole number is wanted."),
        ("9", "weights is '9'. A whole number is wanted."),
        ((9,), "weights is (9,). A whole number is wanted."),
        (np.array(9), "weights is array(9). A whole number is wanted."),
        (
            LyingInteger(4),
            "weights is an object of type LyingInteger."
            " A plain Python value or a NumPy array of numbers is wanted.",
        ),
    ],
)
def test_an_answer_that_is_not(value, said):
    with pytest.raises(AssertionError) as raised:
        expect_answer("weights", value, HINTS)
    assert str(raised.value) == said


def test_a_function_that_raises():
    def halves(n):
        raise NotImplementedError("write this one")

    with pytest.raises(AssertionError) as raised:
        expect(halves, 3, gives=1, because="Half of 3, rounded down.")
    assert str(raised.value) == (
        "halves(3) raised NotImplementedError('write this one'). Half of 3, rounded down."
    )
    assert raised.value.__suppress_context__


def test_arguments_are_handed_over_as_copies():
    x, layers = np.zeros(3), [{"stride": 1}]

    def spoils(x, layers):
        x += 1
        layers.pop()["stride"] = 2
        return 1

    expect(spoils, x, layers=layers, gives=1)
    assert not x.any()
    assert layers == [{"stride": 1}]


def test_an_error_that_is_wanted():
    def strict(n):
        if n < 0:
            raise ValueError("n must not be negative")
        return n

    expect_error(strict, -1, raises=ValueError)
    with pytest.raises(AssertionError, match=r"^strict\(1\) gave 1, but a ValueError is wanted\.$"):
        expect_error(strict, 1, raises=ValueError)
    with pytest.raises(
        AssertionError,
        match=r"^strict\(-1\) raised ValueError\('.*'\), but a TypeError is wanted\. Why\.$",
    ):
        expect_error(strict, -1, raises=TypeError, because="Why.")


def test_calls_are_shown_as_they_are_written():
    x = np.arange(24).reshape(2, 3, 4)
    call = show_call(failure, (x, np.array([1, 2])), {"stride": (1, 2), "padding": "same"})
    assert call == (
        "failure(<array of shape (2, 3, 4)>, array([1, 2]), stride=(1, 2), padding='same')"
    )
    assert show(np.float32(0.5)) == "0.5"
    assert len(show("x" * 10_000)) < 150


def test_lines_are_counted_where_the_learner_wrote_them():
    def inner(n):
        return n * n

    def loops(x, times=1):
        total = 0
        for _ in range(times):
            total += sum(inner(n) for n in x.ravel())
        return total

    def vectorised(x):
        return np.tensordot(x, x, axes=2)

    small, large = np.ones((3, 4)), np.ones((30, 40))
    assert count_lines(loops, large) > 50 * count_lines(loops, small)
    assert count_lines(loops, small, times=3) > 2 * count_lines(loops, small)
    assert count_lines(vectorised, large) == count_lines(vectorised, small) == 1


def test_lines_are_counted_by_a_function_that_can():
    def elsewhere(x, times=1):
        raise AssertionError("not here")

    elsewhere.count_lines = lambda x, times=1: 7 * times
    assert count_lines(elsewhere, 3, times=2) == 14
