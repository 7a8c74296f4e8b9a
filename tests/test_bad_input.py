"""Bad input from Python: the right answer, or an error that names the argument.

Every public function is called as it should be, but for one argument, and then for two. What a bad
value means, if it means anything, is in `tests.bad_values`: then the outcome is that of the value
that it stands for. All others are refused by a TypeError or a ValueError with the argument's name.
"""

import contextlib
import dataclasses
import html
import itertools
import random
import re
import tempfile
import tracemalloc
import warnings
from collections.abc import Callable, Mapping
from types import FunctionType
from typing import NamedTuple

import ipywidgets
import mistune
import numpy as np
import pytest

import convviz as cv
from convviz.expectations import expect, expect_error, expect_value
from convviz.receptive_field import cells_seen
from convviz.stills import axis_still_png, still_png
from convviz.stills.convolution import take_convolution
from convviz.summary import Row, Summary
from convviz.widgets import axis_explorer, image_explorer
from convviz.widgets import explorer as conv_explorer
from tests.bad_values import (
    DISGUISES,
    GUISES,
    LET_THROUGH,
    REFUSED,
    VALUES,
    Loud,
    meaning_of,
)

RNG = np.random.default_rng(5)
INPUT = RNG.integers(-4, 5, (4, 9, 11))
WEIGHT = RNG.integers(-4, 5, (6, 2, 3, 2))
BIAS = RNG.integers(-4, 5, 6)
ARRAYS = {"input": INPUT, "weight": WEIGHT, "bias": BIAS}
SHIFTS = {"stride": (2, 1), "padding": ((1, 0), (0, 2)), "dilation": (1, 2)}
SIZES = {"input_size": (9, 11), "kernel_size": (3, 2)}
LAYER = {**ARRAYS, **SHIFTS, "groups": 2, "padding_mode": "zeros"}

KINDS = {
    "input": "array",
    "weight": "array",
    "bias": "array or None",
    "input_size": "pair",
    "kernel_size": "pair",
    "stride": "pair",
    "dilation": "pair",
    "output_padding": "pair",
    "padding": "padding",
    "groups": "integer",
    "padding_mode": "padding_mode",
}


class Call(NamedTuple):
    """A function with arguments that are right, and what kind each of them is of."""

    function: Callable
    right: dict[str, object]
    kinds: dict[str, str]
    names: Mapping[str, str] = {}  # what an error calls an argument, if not by its name

    def kind(self, argument: str) -> str:
        return self.kinds.get(argument) or KINDS[argument]

    def name(self, argument: str) -> str:
        return self.names.get(argument, rf"\b{argument}\b")


def in_window(**settings):
    return cv.receptive_field([cv.Window(**settings)], input_size=(9, 11))


def in_mapping(**settings):
    return cv.receptive_field([{"kernel_size": 1}, settings])


def in_converted(input_size):
    return cv.ConvLayer(WEIGHT, stride=2, padding="same", groups=2).code(
        "torch", input_size=input_size
    )


def of_axis(**settings):
    axis = cv.Axis(**settings)
    return axis, axis.output, axis.padded < 1000 and axis.unread


def still(**settings):
    return still_png([[[1, 2, 3], [4, 5, 6]]], [[[[1]]]] * 2, [0, 1], **settings)


def save(path="walk.gif", **settings):
    with contextlib.chdir(FOLDER.name):
        saved = cv.save_gif(path, [[[1, 2]]], [[[[1]]]] * 2, **settings)
        return saved, saved.read_bytes()


def saved_convolution(**settings):
    return dataclasses.asdict(take_convolution(**settings))


EXPLORERS = cv.ConvExplorer, cv.AxisExplorer, cv.ImageExplorer
PICTURES = {
    kind: sorted(set(module._Picture.class_own_traits()) | {"position", "_last_position"})
    for kind, module in zip(EXPLORERS, (conv_explorer, axis_explorer, image_explorer), strict=True)
}
PAIRS = 100
FOLDER = tempfile.TemporaryDirectory()

CALLS = {
    "output_size": Call(cv.output_size, {**SIZES, **SHIFTS}, {}),
    "output_size of one axis": Call(
        cv.output_size,
        {"input_size": 9, "kernel_size": 3, "stride": 2, "padding": 1, "dilation": 1},
        {},
    ),
    "explain_output_size": Call(cv.explain_output_size, {**SIZES, **SHIFTS}, {}),
    "make_axes": Call(cv.make_axes, {**SIZES, **SHIFTS}, {}),
    "Axis": Call(
        of_axis,
        {"input": 9, "kernel": 3, "stride": 2, "padding": (1, 0), "dilation": 2},
        {**dict.fromkeys(("input", "kernel", "stride", "dilation"), "integer"), "padding": "sides"},
    ),
    "conv2d": Call(cv.conv2d, LAYER, {}),
    "max_pool2d": Call(
        cv.max_pool2d,
        {"input": INPUT, "kernel_size": (3, 4), "ceil_mode": True, **SHIFTS},
        {"stride": "pair or None", "ceil_mode": "flag"},
    ),
    "avg_pool2d": Call(
        cv.avg_pool2d,
        {
            **{"input": INPUT, "kernel_size": (3, 4), "stride": 2, "padding": ((1, 0), (0, 2))},
            **{"ceil_mode": False, "count_include_pad": True},
        },
        {"stride": "pair or None", "ceil_mode": "flag", "count_include_pad": "flag or None"},
    ),
    "conv_transpose2d": Call(
        cv.conv_transpose2d,
        {
            **{"input": INPUT, "weight": WEIGHT[:4], "bias": BIAS[:4], "groups": 2},
            **{"stride": (2, 3), "padding": ((1, 0), (0, 2)), "output_padding": (0, 1)},
            "dilation": (1, 2),
        },
        {},
    ),
    "transposed_output_size": Call(
        cv.transposed_output_size, {**SIZES, **SHIFTS, "output_padding": (1, 0)}, {}
    ),
    "trace": Call(cv.trace, {**LAYER, "at": (5, 2, 3)}, {"at": "place of three"}),
    "check_output_size": Call(
        lambda **settings: cv.check_output_size((5, 11), **settings), {**SIZES, **SHIFTS}, {}
    ),
    "check_parameters": Call(
        lambda **settings: cv.check_parameters(78, **settings),
        {"in_channels": 4, "out_channels": 6, "kernel_size": (3, 2), "groups": 2, "bias": True},
        {"in_channels": "integer", "out_channels": "integer", "bias": "flag"},
    ),
    "check_output_value": Call(
        lambda **settings: cv.check_output_value(5, **settings),
        {**LAYER, "at": (5, 2, 3)},
        {"at": "place of three"},
    ),
    "receptive_field": Call(
        cv.receptive_field,
        {"layers": [cv.Window(3, 2, "same"), {"kernel_size": 2}], "input_size": (9, 11)},
        {"layers": "layers", "input_size": "pair"},
        {"layers": "[Ll]ayer"},
    ),
    "Window": Call(in_window, {"kernel_size": (3, 2), **SHIFTS}, {}),
    "layer as a mapping": Call(in_mapping, {"kernel_size": (3, 2), **SHIFTS}, {}),
    "cells_seen": Call(
        cells_seen,
        {"layers": [cv.Window(3, 2, "same")], "input_size": (9, 11), "at": (2, 3)},
        {"layers": "layers", "at": "place"},
        {"layers": "[Ll]ayer"},
    ),
    "ReceptiveField.of": Call(
        cv.ReceptiveField().of, {"i": 2, "j": 3}, {"i": "integer", "j": "integer"}
    ),
    "ReceptiveField.through": Call(
        cv.ReceptiveField().through,
        {"window": cv.Window(3, 2, "same"), "input_size": (9, 11)},
        {"window": "choice"},
    ),
    "ReceptiveField.merged": Call(
        cv.ReceptiveField().merged, {"other": cv.ReceptiveField()}, {"other": "choice"}
    ),
    "ConvLayer": Call(
        cv.ConvLayer,
        {name: value for name, value in LAYER.items() if name != "input"} | {"activation": "relu"},
        {"activation": "choice or None"},
    ),
    "ConvLayer()": Call(cv.ConvLayer(WEIGHT, BIAS, groups=2), {"input": INPUT}, {}),
    "ConvLayer.code": Call(
        cv.ConvLayer(WEIGHT, BIAS, groups=2).code, {"framework": "keras"}, {"framework": "choice"}
    ),
    "ConvLayer.code, size": Call(in_converted, {"input_size": (9, 11)}, {}),
    "from_torch": Call(
        cv.from_torch, {"layer": None}, {"layer": "choice"}, {"layer": "from_torch"}
    ),
    "from_keras": Call(
        cv.from_keras, {"layer": None}, {"layer": "choice"}, {"layer": "from_keras"}
    ),
    "summary": Call(cv.summary, {"model": None}, {"model": "choice"}),
    "stills": Call(saved_convolution, LAYER, {}),
    "still_png": Call(
        still,
        {"position": 2, "out_channel": 1},
        {"position": "integer", "out_channel": "integer"},
    ),
    "axis_still_png": Call(
        axis_still_png,
        {"axis": cv.Axis(3, 2), "position": 1},
        {"axis": "choice", "position": "integer"},
    ),
    "save_gif": Call(
        save,
        {
            **{"path": "walk.gif", "out_channel": 1, "milliseconds": 100, "width": 300},
            **{"loop": True, "progress": False},
        },
        {
            **{"path": "choice", "out_channel": "integer or None", "milliseconds": "integer"},
            **{"width": "integer", "loop": "flag", "progress": "flag or None"},
        },
    ),
    "ConvExplorer": Call(
        cv.ConvExplorer,
        {**LAYER, "predict": None, "panel": "values", "heat_map": True},
        {"predict": "choice or None", "panel": "panel or None", "heat_map": "flag"},
    ),
    "AxisExplorer": Call(
        cv.AxisExplorer,
        {"input_size": 9, "kernel_size": 3, "stride": 2, "padding": (1, 0), "dilation": 2},
        {
            **dict.fromkeys(("input_size", "kernel_size", "stride", "dilation"), "integer"),
            "padding": "padding of an axis",
        },
    ),
    "ImageExplorer": Call(
        cv.ImageExplorer,
        {
            **{"image": RNG.integers(0, 256, (9, 11), dtype=np.uint8), "kernel": WEIGHT[0, 0]},
            **{"divisor": 3, "stride": 2, "padding": 1, "dilation": 2, "show": "grey"},
        },
        {
            **dict.fromkeys(("divisor", "stride", "dilation"), "integer"),
            **{"image": "image", "kernel": "kernel", "padding": "padding of an image"},
            "show": "choice or None",
        },
    ),
}


class Outcome(NamedTuple):
    """What came of a call: a description of the result, or an error."""

    result: str = ""
    error: Exception | None = None


def outcome_of(function: Callable, arguments: Mapping[str, object]) -> Outcome:
    """What came of a call in which a warning is an error like any other."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            result = function(**arguments)
        except Exception as error:
            return Outcome(error=error)
        return Outcome(described(result))


def described(result: object) -> str:
    """A result in words; two that differ in anything have two descriptions."""
    if isinstance(result, np.ndarray):
        return f"{result.dtype.str} {result.tolist()}"
    if isinstance(result, tuple | list):
        return f"{type(result).__name__} {[*map(described, result)]}"
    if isinstance(result, dict):
        return described(list(result.items()))
    if isinstance(result, EXPLORERS):
        try:
            return described(state_of(result))
        finally:
            result.close()
    if dataclasses.is_dataclass(result) and not isinstance(result, type):
        parts = [getattr(result, field.name) for field in dataclasses.fields(result)]
        return f"{result!r} {[*map(described, parts)]}"
    return repr(result)


def state_of(explorer) -> list:
    """All that an explorer holds, here and for the browser."""
    traits = {name: getattr(explorer, name) for name in explorer.class_own_traits()}
    picture = {name: getattr(explorer._picture, name) for name in PICTURES[type(explorer)]}
    sliders = [
        (slider.description, slider.max)
        for slider in parts_of(explorer)
        if isinstance(slider, ipywidgets.IntSlider)
    ]
    return [traits, picture, sliders]


def parts_of(widget):
    yield widget
    for child in getattr(widget, "children", ()):
        yield from parts_of(child)


def judge(outcome: Outcome, clean: Outcome | None, names: list[str]) -> str | None:
    """What is wrong with an outcome; `clean` is that of the right value, None if it is refused."""
    result, error = outcome
    if error is not None and type(error) not in (TypeError, ValueError):
        return f"raised {type(error).__name__}: {first_words(error)}"
    if error is not None and len(str(error)) > 1000:
        return f"has a message of {len(str(error))} characters"
    if clean is not None:
        return None if told(outcome) == told(clean) else f"{told(outcome)} instead of {told(clean)}"
    if error is None:
        return f"was taken, and gave {result:.200}"
    if not any(re.search(name, str(error)) for name in names):
        return f"is not named: {first_words(error)}"
    return None


def told(outcome: Outcome) -> str:
    return outcome.result if outcome.error is None else repr(outcome.error)


def first_words(error: Exception) -> str:
    with contextlib.suppress(Exception):
        return str(error)[:300]
    return "(no words)"


def problem_with(call: Call, values: Mapping[str, str]) -> str | None:
    """What is wrong with a call in which arguments get values, both by name."""
    given = {argument: VALUES[value]() for argument, value in values.items()}
    meant = {a: meaning_of(value, call.kind(a)) for a, value in values.items()}
    refused = [a for a in values if meant[a] is REFUSED]
    taken = call.right | {a: meaning for a, meaning in meant.items() if meaning is not REFUSED}
    outcome = outcome_of(call.function, call.right | given)
    if any(type(outcome.error) is LET_THROUGH.get((call.kind(a), v)) for a, v in values.items()):
        return None
    clean = None if refused else outcome_of(call.function, taken)
    problem = judge(outcome, clean, [call.name(a) for a in refused])
    # Of two bad values, either may be told of first.
    if problem and len(refused) == 1 < len(values):
        other = outcome_of(call.function, taken).error
        problem = None if other is not None and told(outcome) == repr(other) else problem
    return problem and f"{values}: {problem}"


@pytest.fixture(autouse=True)
def quiet(capfd):
    """Nothing is written to stderr, not even by the C library."""
    yield
    assert capfd.readouterr().err == ""


def fail_with(problems) -> None:
    problems = list(problems)
    found = [problem for problem in problems if problem]
    if found:
        pytest.fail(f"{len(found)} of {len(problems)}:\n" + "\n".join(found), pytrace=False)


@pytest.mark.parametrize("name", CALLS)
def test_one_bad_argument(name):
    call = CALLS[name]
    fail_with(problem_with(call, {a: value}) for a in call.right for value in VALUES)


@pytest.mark.parametrize("name", [name for name, call in CALLS.items() if len(call.right) > 1])
def test_two_bad_arguments(name):
    call, draw = CALLS[name], random.Random(name)
    pairs = [draw.sample(sorted(call.right), 2) for _ in range(PAIRS)]
    values = [draw.choices(sorted(VALUES), k=2) for _ in pairs]
    fail_with(
        problem_with(call, dict(zip(pair, two, strict=True)))
        for pair, two in zip(pairs, values, strict=True)
    )


# The arrays of calls, as other things that hold the same numbers, and as things that do not.

ARRAY_ARGUMENTS = [
    (name, argument)
    for name, call in CALLS.items()
    for argument in call.right
    if call.kind(argument) in ("array", "array or None", "kernel")
]
OF_ARRAYS = list(dict(ARRAY_ARGUMENTS))


@pytest.mark.parametrize("name", OF_ARRAYS)
def test_the_same_numbers_in_other_clothes(name):
    call = CALLS[name]

    def problem_in(argument, guise):
        array, (dress, dtype) = call.right[argument], GUISES[guise]
        clean = outcome_of(call.function, call.right | {argument: array.astype(dtype)})
        problem = judge(outcome_of(call.function, call.right | {argument: dress(array)}), clean, [])
        problem = problem or (clean.error and first_words(clean.error))
        return problem and f"{argument}, {guise}: {problem}"

    fail_with(problem_in(a, guise) for n, a in ARRAY_ARGUMENTS if n == name for guise in GUISES)


@pytest.mark.parametrize("name", OF_ARRAYS)
def test_what_is_no_array_of_numbers(name):
    call = CALLS[name]

    def problem_in(argument, disguise):
        given = DISGUISES[disguise](call.right[argument])
        outcome = outcome_of(call.function, call.right | {argument: given})
        problem = judge(outcome, None, [call.name(argument)])
        return problem and f"{argument}, {disguise}: {problem}"

    fail_with(problem_in(a, d) for n, a in ARRAY_ARGUMENTS if n == name for d in DISGUISES)


# What is set on an explorer that is there already.

TRAITS = {
    "ConvExplorer": (
        {"position": 0, "out_channel": 1},
        {"position": "integer", "out_channel": "integer"},
    ),
    "AxisExplorer": ({"position": 1}, {"position": "integer"}),
    "ImageExplorer": ({}, {}),
}
ASSIGNABLE = [
    (name, trait)
    for name, (more, _) in TRAITS.items()
    for trait in CALLS[name].right | more
    if trait != "groups"
]


@pytest.mark.parametrize(("name", "trait"), ASSIGNABLE)
def test_bad_trait(name, trait):
    """A value that is refused changes nothing; one that is taken is as good as its meaning."""
    more, kinds = TRAITS[name]
    call = CALLS[name]
    kind = kinds.get(trait) or call.kind(trait)
    made = call.function(**call.right)
    right = (call.right | more)[trait]
    twin = call.function(**call.right)

    def set_on(explorer):
        def set_to(value):
            setattr(explorer, trait, value)
            return state_of(explorer)

        return set_to

    def problem_with_value(value):
        for explorer in (made, twin):
            setattr(explorer, trait, right)
        before = described(state_of(made))
        meaning = meaning_of(value, kind)
        if meaning is None and trait in ("image", "kernel", "show"):
            meaning = REFUSED  # which None stands for only while there is nothing
        clean = None if meaning is REFUSED else outcome_of(set_on(twin), {"value": meaning})
        outcome = outcome_of(set_on(made), {"value": VALUES[value]()})
        problem = judge(outcome, clean, [rf"\b{trait}\b"])
        if outcome.error and described(state_of(made)) != before:
            problem = "was refused, but something has changed"
        return problem and f"{value}: {problem}"

    try:
        fail_with(map(problem_with_value, VALUES))
    finally:
        made.close()
        twin.close()


# Predictions, and what a learner's own function gives: whatever it is, there is an answer to it.

PREDICTIONS = {
    "output_size": (
        lambda value: cv.check_output_size(value, (9, 5), 3, stride=(4, 1)),
        "size",
        (2, 3),
    ),
    "parameters": (lambda value: cv.check_parameters(value, 1, 1, (1, 2)), "integer", 3),
    "output_value": (lambda value: cv.check_output_value(value, [[[3]]], [[[[1]]]]), "number", 3),
}


@pytest.mark.parametrize("name", PREDICTIONS)
def test_every_prediction_gets_an_answer(name):
    check, kind, right = PREDICTIONS[name]

    def problem_with_prediction(value):
        meaning = meaning_of(value, kind)
        outcome = outcome_of(lambda value: vars(check(value)), {"value": VALUES[value]()})
        if outcome.error:
            return f"{value}: raised {type(outcome.error).__name__}: {first_words(outcome.error)}"
        answer = check(VALUES[value]())
        is_right = meaning is not REFUSED and meaning == right
        if answer.right != is_right or not 10 < len(answer.message) < 300:
            return f"{value}: {answer.right}: {answer.message}"
        if meaning is REFUSED and "prediction" not in answer.message:
            return f"{value}: {answer.message}"
        return None

    fail_with(map(problem_with_prediction, VALUES))


#: What is wanted, and the values that are it.
WANTED = {
    "an integer": (3, {"np.int8"}),
    "a float": (2.5, {"2.5"}),
    "a whole float": (3.0, {"3.0", "np.float64", "np.float16", "np.int8"}),
    "infinity": (np.inf, {"inf"}),
    "a tuple": ((2, 3), {"(2, 3)", "[2, 3]"}),
    "a list": ([], {"()", "[]"}),
    "an array": (np.array([2, 3]), {"array [2, 3]", "array [2., 3.]"}),
    "an array of floats": (np.array([2.0, 3.0]), {"array [2, 3]", "array [2., 3.]"}),
    "an array in a tuple": ((np.array([2, 3]),), set()),
    "a text": ("abc", {"'abc'"}),
    "a dict": ({2: 3, 3: 4}, {"dict"}),
    "True": (True, {"True"}),
}


@pytest.mark.parametrize("wanted", WANTED)
def test_what_a_learner_gives_is_right_or_told(wanted):
    gives, right = WANTED[wanted]

    def problem_in(value):
        for test in (
            lambda: expect(lambda n: VALUES[value](), 3, gives=gives),
            lambda: expect_value("answer", VALUES[value](), gives),
        ):
            with warnings.catch_warnings():
                warnings.simplefilter("error")
                try:
                    test()
                    problem = None if value in right else "passed"
                except AssertionError as failure:
                    short = re.match(r"(<lambda>\(3\)|answer) .{5,400}$", str(failure), re.DOTALL)
                    problem = None if short and value not in right else f"told {failure}"
                except Exception as error:
                    problem = f"raised {type(error).__name__}: {first_words(error)}"
            if problem:
                return f"{value}: {problem}"
        return None

    fail_with(map(problem_in, VALUES))


def test_what_a_learner_raises_is_told():
    class Wordless(Exception):
        def __str__(self):
            raise Loud

    errors = [Loud("x" * 10**4), Wordless(), RecursionError(), MemoryError(), StopIteration()]
    for error in [*errors, KeyError("{name}"), ValueError(10**5000), OSError(2, "no file")]:

        def function(n, error=error):
            raise error

        for test in (
            lambda function=function: expect(function, 3, gives=3),
            lambda function=function: expect_error(function, 3, raises=ZeroDivisionError),
        ):
            with pytest.raises(AssertionError, match=r"^function\(3\) raised .{5,300}$"):
                test()
        expect_error(function, 3, raises=type(error))
    for value in VALUES:  # in the function's place
        if value not in ("type", "lambda"):
            with pytest.raises(AssertionError, match="raised"):
                expect(VALUES[value](), 3, gives=-3)


def test_a_test_of_a_teachers_is_checked():
    for value in ("object", "set", "complex", "objects", "dates", "Hostile", "lambda"):
        with pytest.raises(TypeError, match="gives must be plain data"):
            expect(lambda: 3, gives=VALUES[value]())
        with pytest.raises(TypeError, match="wanted must be plain data"):
            expect_value("answer", 3, VALUES[value]())
        with pytest.raises(TypeError, match="because must be a text"):
            expect_value("answer", 3, 3, VALUES[value]())
        with pytest.raises(TypeError, match="raises must be a kind of Exception"):
            expect_error(lambda: 3, raises=VALUES[value]())
        with pytest.raises((TypeError, ValueError), match="within must be a number"):
            expect_value("answer", 3, 3, within=VALUES[value]())
    for within in (-1, float("nan"), float("inf"), "1"):
        with pytest.raises(ValueError, match="within must be a number"):
            expect(lambda: 3.0, gives=3.0, within=within)


# Sizes, sums and numbers at the ends of their ranges.

HUGE = ("2**31 - 1", "2**31", "2**63", "10**30", "10**5000", "(2, 10**30)")
SIZES_OF = {"integer", "integer or None", "pair", "pair or None", "padding", "sides"}


@pytest.mark.parametrize(
    "name", [n for n, call in CALLS.items() if SIZES_OF & set(map(call.kind, call.right))]
)
def test_huge_sizes_are_refused_before_memory_is_asked_for(name):
    call = CALLS[name]
    call.function(**call.right)  # so that nothing is made for the first time
    sizes = [argument for argument in call.right if call.kind(argument) in SIZES_OF]
    tracemalloc.start()
    try:
        for argument, value in itertools.product(sizes, HUGE):
            outcome = outcome_of(call.function, call.right | {argument: VALUES[value]()})
            assert judge(outcome, outcome, []) is None, (argument, value)
            assert tracemalloc.get_traced_memory()[1] < 2**24, (argument, value)
    finally:
        tracemalloc.stop()


def test_long_axes_are_explained_without_a_table():
    most = 2**31 - 1
    told = repr(cv.explain_output_size(most, 3, stride=5, dilation=7))
    assert "= 429496727" in told
    assert "Remainder 2" in told
    assert "858993464 cells that the kernel steps over" in told
    with pytest.raises(ValueError, match="too many cells to list"):
        _ = cv.Axis(most, 3).reads
    with pytest.raises(ValueError, match="too many cells to list"):
        _ = cv.Axis(most, 3, stride=most).unread


SMALL_TYPES = [np.int8, np.uint8, np.int16, np.uint16, np.int32, np.uint32]


@pytest.mark.parametrize("dtype", SMALL_TYPES)
@pytest.mark.parametrize("name", ["conv2d", "conv_transpose2d", "trace", "avg_pool2d"])
def test_small_integers_never_wrap(name, dtype):
    """The extremes of a type, among others: as wide integers would have it."""
    function, right = CALLS[name].function, CALLS[name].right
    rng, range_of = np.random.default_rng(7), np.iinfo(dtype)
    ends = np.array([range_of.min, range_of.max, range_of.max, 0, 1], dtype)
    arrays = {a: v for a, v in right.items() if isinstance(v, np.ndarray)}
    for filled in ("extremes", "highest", "lowest"):
        extreme = {"highest": range_of.max, "lowest": range_of.min}.get(filled)
        given = {
            a: rng.choice(ends, v.shape) if extreme is None else np.full(v.shape, extreme, dtype)
            for a, v in arrays.items()
        }
        wide = {a: v.astype(object) for a, v in given.items()}
        # int32's products fill int64 but for what 18 terms add to it.
        outcome = outcome_of(function, right | given)
        if outcome.error:
            assert isinstance(outcome.error, ValueError)
            assert "could leave int64's range" in str(outcome.error)
            assert 12 * (range_of.max - 1) ** 2 + range_of.max >= 2**63
        else:
            as_floats = {a: v.astype(float) for a, v in wide.items()}
            came, floats = function(**right | given), function(**right | as_floats)
            if name == "trace":
                came, floats = came.output, floats.output
            assert np.allclose(np.asarray(came, float), floats, rtol=1e-12)


@pytest.mark.parametrize("name", ["conv2d", "conv_transpose2d"])
def test_wide_integers_are_right_or_refused(name):
    function, right = CALLS[name].function, CALLS[name].right
    arrays = {
        a: np.zeros(v.shape, np.uint64) for a, v in right.items() if isinstance(v, np.ndarray)
    }
    arrays["bias"][:] = 2**63 - 1
    assert function(**right | arrays).min() == 2**63 - 1
    arrays["bias"][0] = 2**63
    with pytest.raises(ValueError, match="could leave int64's range"):
        function(**right | arrays)
    arrays["bias"][0], arrays["input"][:], arrays["weight"][:] = 0, 2**32, 2**32
    with pytest.raises(ValueError, match="could leave int64's range"):
        function(**right | arrays)


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64, np.longdouble])
@pytest.mark.parametrize("large", ["nan", "inf", "-inf", "largest"])
def test_nan_and_infinity_are_quiet_and_right(dtype, large):
    """As a convolution taken apart by hand has them; without a word on stderr."""
    value = np.finfo(dtype).max if large == "largest" else dtype(large)
    right = LAYER | {name: array.astype(dtype) for name, array in ARRAYS.items()}
    right["input"][1, 2:4, 3], right["weight"][:, 0, 1, 1] = value, 2
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        output = cv.conv2d(**right)
        assert not np.isfinite(output).all()
        for at in np.ndindex(output.shape):
            taken = cv.trace(**right, at=at)
            assert repr(taken)
            touched = not np.isfinite(taken.window).all() or np.abs(taken.window).max() == value
            assert np.isfinite(output[at]) or touched
        assert cv.check_output_value(float("nan"), **right, at=(0, 1, 1)).message
        for call in ("max_pool2d", "avg_pool2d", "conv_transpose2d"):
            given = CALLS[call].right | {"input": right["input"]}
            assert CALLS[call].function(**given).dtype == dtype or call == "conv_transpose2d"
        layer = cv.ConvLayer(WEIGHT, BIAS, groups=2, activation="sigmoid")
        layer(right["input"])


def test_explorers_refuse_what_a_browser_cannot_show():
    for name, array in ARRAYS.items():
        for value in (np.nan, np.inf, -np.inf):
            spoilt = array.astype(float)
            spoilt.flat[-1] = value
            for function in (cv.ConvExplorer, still_png):
                with pytest.raises(ValueError, match=f"{name} must be finite"):
                    function(**ARRAYS | {name: spoilt}, groups=2)
        with pytest.raises(ValueError, match=f"{name} must hold integers of at most"):
            cv.ConvExplorer(**ARRAYS | {name: array + 2**54}, groups=2)


@pytest.mark.parametrize("setting", ["stride", "padding", "dilation"])
def test_a_still_of_a_huge_setting_says_so(setting):
    explorer = cv.ConvExplorer()
    setattr(explorer, setting, 2**31 - 1)
    data, _ = explorer._repr_mimebundle_()
    assert data["image/png"][:4] == b"\x89PNG"
    explorer.close()


def test_an_empty_batch_goes_in_and_comes_out():
    for name in ("conv2d", "max_pool2d", "avg_pool2d", "conv_transpose2d"):
        function, right = CALLS[name].function, CALLS[name].right
        full = function(**right | {"input": right["input"][None]})
        for dtype in (np.int64, np.float32):
            empty = np.empty((0, *right["input"].shape), dtype)
            assert function(**right | {"input": empty}).shape == (0, *full.shape[1:])


# Tensors

TENSOR_CALLS = ("conv2d", "max_pool2d", "conv_transpose2d", "trace", "ConvLayer", "ConvExplorer")


def problems_with_tensors(call: Call, guises: dict, bad: dict):
    """What is wrong where an array comes as a tensor.

    A guise is (make, plain): a function of an array, and what its tensor means, an array's dtype
    or a function of the array. A bad one has no meaning.
    """
    for argument, array in call.right.items():
        if not isinstance(array, np.ndarray):
            continue
        for guise, (make, plain) in guises.items():
            meant = plain(array) if isinstance(plain, FunctionType) else array.astype(plain)
            clean = outcome_of(call.function, call.right | {argument: meant})
            outcome = outcome_of(call.function, call.right | {argument: make(array)})
            problem = judge(outcome, clean, []) or (clean.error and first_words(clean.error))
            yield problem and f"{argument}, {guise}: {problem}"
        for guise, make in bad.items():
            outcome = outcome_of(call.function, call.right | {argument: make(array)})
            problem = judge(outcome, None, [call.name(argument)])
            yield problem and f"{argument}, {guise}: {problem}"


@pytest.mark.parametrize("name", TENSOR_CALLS)
def test_tensors_of_pytorch(name):
    torch = pytest.importorskip("torch")
    call = CALLS[name]
    guises = {
        "int64": (torch.tensor, np.int64),
        "uint8": (
            lambda a: torch.tensor(abs(a)).to(torch.uint8),
            lambda a: abs(a).astype(np.uint8),
        ),
        "a gradient": (lambda a: torch.tensor(a * 1.0, requires_grad=True), np.float64),
        "Parameter": (lambda a: torch.nn.Parameter(torch.tensor(a).float()), np.float32),
        "half": (lambda a: torch.tensor(a).half(), np.float16),
        "bfloat16": (lambda a: torch.tensor(a).bfloat16().requires_grad_(), np.float32),
        "computed": (lambda a: torch.tensor(a * 1.0, requires_grad=True) * 1, np.float64),
        "transposed": (lambda a: torch.tensor(a.T.copy()).permute(*range(a.ndim)[::-1]), np.int64),
        "expanded": (
            lambda a: torch.tensor(a[:1]).expand(a.shape),
            lambda a: np.broadcast_to(a[:1], a.shape),
        ),
    }
    bad = {
        "bool": lambda a: torch.tensor(a > 0),
        "complex": lambda a: torch.tensor(a * 1j),
        "meta": lambda a: torch.empty(a.shape, device="meta"),
        "sparse": lambda a: torch.tensor(a).to_sparse(),
        "flat": lambda a: torch.tensor(a).ravel().repeat(2),
        "Module": lambda a: torch.nn.Conv2d(2, 2, 1),
    }
    fail_with(problems_with_tensors(call, guises, bad))


def test_settings_that_are_tensors():
    torch = pytest.importorskip("torch")
    assert cv.output_size(torch.tensor(9), torch.tensor(3)) == 7
    for value in (torch.tensor(2.0), torch.tensor(True), torch.tensor([2, 3]), torch.tensor([2])):
        with pytest.raises(TypeError, match="stride must be an integer"):
            cv.output_size(9, 3, stride=value)
    assert cv.output_size(9, 3, stride=torch.tensor([1, 2]).tolist()) == (7, 4)
    assert cv.output_size(torch.zeros(1, 9, 8).shape[1:], 3) == (7, 6)


@pytest.fixture(scope="module")
def tensorflow():
    return pytest.importorskip("tensorflow")


@pytest.mark.parametrize("name", TENSOR_CALLS)
def test_tensors_of_tensorflow(tensorflow, name):
    call, tf = CALLS[name], tensorflow
    guises = {
        "int64": (tf.constant, np.int64),
        "Variable": (lambda a: tf.Variable(a * 1.0), np.float64),
        "half": (lambda a: tf.constant(a, tf.float16), np.float16),
        "bfloat16": (lambda a: tf.cast(tf.constant(a), tf.bfloat16), np.float32),
    }
    bad = {
        "bool": lambda a: tf.constant(a > 0),
        "text": lambda a: tf.constant(a.astype(str)),
        "ragged": lambda a: tf.ragged.constant([[1, 2], [3]]),
        "sparse": lambda a: tf.sparse.from_dense(a),
    }
    fail_with(problems_with_tensors(call, guises, bad))


def test_models_that_are_none_and_sizes_too_large():
    torch = pytest.importorskip("torch")
    model = torch.nn.Conv2d(1, 1, 1)
    sizes = {name: value() for name, value in VALUES.items() if name != "None"}
    problems = []
    for name, size in sizes.items():
        outcome = outcome_of(cv.summary, {"model": model, "input_size": size})
        taken = name == "(2, 3, 4)"
        problem = judge(outcome, None, ["input_size"])
        problems.append(None if taken and outcome.error else problem and f"{name}: {problem}")
    fail_with(problems)
    with pytest.raises(ValueError, match=r"input_size is of shape .* at most"):
        cv.summary(model, (1, 2**20, 2**20))
    with pytest.raises(ValueError, match="input_size must be given"):
        cv.summary(model)


# Markup in what a program names or a learner answers: shown as text.

MARKUP = (
    "<img src=x onerror=alert(1)>",
    "a`<img src=x>`b",
    "``<b>x</b>``",
    "[x](javascript:alert(1))",
    "![x][y]",
    "a | b",
    "*a* **b**",
    "</td></table><script>x</script>",
    "&lt;b&gt;",
)
ELEMENT = re.compile(r"<(?!/?(?:table|thead|tbody|tr|th|td|p|code|strong)\b[^<>]*>)")


def in_markdown(shown) -> str:
    """As a notebook draws it: tables, and HTML let through."""
    draw = mistune.create_markdown(escape=False, plugins=["table"])
    return draw(shown._repr_markdown_())


@pytest.mark.parametrize("markup", MARKUP)
def test_markup_in_a_prediction_is_shown_as_text(markup):
    drawn = in_markdown(cv.check_output_size(markup, 7, 3))
    assert not ELEMENT.search(drawn)
    assert repr(markup) in html.unescape(drawn)


@pytest.mark.parametrize("markup", MARKUP)
def test_markup_in_the_names_of_layers_is_shown_as_text(markup):
    row = Row(markup, markup, (1,), 1, None, None)
    drawn = in_markdown(Summary((row,), "C, H, W", 0, {markup: 3}))
    assert not ELEMENT.search(drawn)
    assert drawn.count("<td") == 12  # a | in a name begins no cell
    assert html.unescape(drawn).count(markup) == 4
