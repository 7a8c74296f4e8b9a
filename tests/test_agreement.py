"""The same convolutions through NumPy, PyTorch, Keras and the browser's JavaScript: one answer.

tests/cases/ has the convolutions; site/differences.md tells in what the frameworks differ.
"""

import doctest
import itertools
import re

import numpy as np
import pytest

from convviz import ConvExplorer, conv2d, trace
from convviz.explanation import left_over
from tests.cases.convolutions import CASES, WITH_OUTPUT
from tests.cases.differences import DIFFERENCES, PAGE, differences
from tests.cases.draw import FILE, draw_all, write
from tests.cases.frameworks import (
    has_stride_and_dilation,
    in_keras,
    in_torch,
    round_about_in_keras,
    round_about_in_torch,
    uncompiled,
)
from tests.npm import ask_javascript

# PyTorch says that it copies the input for "same" padding with unequal sides.
pytestmark = pytest.mark.filterwarnings("ignore:Using padding=.same. with even kernel")

REASONS = ("no output", "padding too wide", "wrong setting")
# What is said of each; a padding that is too wide may be too narrow for the kernel all the same.
OURS = {
    "no output": "does not fit",
    "padding too wide": "can add at most|does not fit",
    "wrong setting": "must ",
}
TORCHS = {
    "no output": "Kernel size can't be greater than actual input size",
    "padding too wide": "Padding size should be less than|wrapping around more than once",
    "wrong setting": "",
}
# Keras leaves it to TensorFlow, which says it in several ways.
KERAS = {"no output": "(?i)output|negative|dimension", "wrong setting": ""}


def answer(run, case):
    """An output, or the words of a refusal."""
    try:
        return run(case)
    except Exception as error:  # of whatever kind the framework has
        return f"{type(error).__name__}: {error}"


def ours(case):
    return conv2d(**case.layer)


# ---------------------------------------------------------------------------------- the cases


def test_drawing_again_gives_the_file():
    assert write(draw_all()) == FILE.read_text(encoding="utf-8")
    assert FILE.stat().st_size < 300_000


def kinds_of(case):
    """What kind of case it is, in every respect in which a mistake could hide."""
    height, width = case.axes
    settings, (c_out, per_group, *kernel) = case.settings, case.shapes["weight"]
    padding, groups = settings["padding"], settings["groups"]
    form = padding if isinstance(padding, str) else str(np.shape(padding))

    def of_two(first, second):
        return "more" if first > second else "less" if first < second else "alike"

    return {
        "batch": case.shapes["input"][:-3],
        "image": of_two(height.input, width.input),
        "kernel": "one cell" if kernel == [1, 1] else of_two(*kernel),
        "stride": of_two(height.stride, width.stride),
        "padding": form,
        "dilation": of_two(height.dilation, width.dilation),
        "groups": "one" if groups == 1 else "several" if per_group > 1 else c_out // groups > 1,
        "padding mode": settings["padding_mode"],
        "bias": case.shapes["bias"] is not None,
        "whole": case.whole,
    }


def test_any_two_kinds_come_together():
    """Every batch with every kind of padding, every kind of groups with every stride, ..."""
    kinds = [kinds_of(case) for case in WITH_OUTPUT]
    for one, other in itertools.combinations(kinds[0], 2):
        together = {(kind[one], kind[other]) for kind in kinds}
        each = ({kind[name] for kind in kinds} for name in (one, other))
        assert together == set(itertools.product(*each)), (one, other)


def test_there_are_enough():
    assert len(WITH_OUTPUT) == 400
    assert {case.refused for case in CASES} == {None, *REASONS}
    assert {case.shapes["input"][-3] for case in WITH_OUTPUT} == set(range(1, 9))
    unread = [[a.counts.min() == 0 for a in case.axes] for case in WITH_OUTPUT]
    assert np.mean(unread) > 0.2


# ---------------------------------------------------------------------------------- NumPy


def test_numpy_gives_the_outputs_that_were_counted_out():
    for case in WITH_OUTPUT:
        output = ours(case)
        assert output.shape == case.output, case
        assert output.dtype == (np.int64 if case.whole else np.float64)


@pytest.mark.parametrize("reason", REASONS)
def test_numpy_refuses(reason):
    for case in CASES:
        if case.refused == reason:
            with pytest.raises((ValueError, TypeError), match=OURS[reason]):
                ours(case)


# ---------------------------------------------------------------------------------- JavaScript


@pytest.fixture(scope="module")
def in_javascript():
    """What the browser shows of each case, image by image; it is never asked for wrong settings."""
    cases = [case for case in CASES if case.refused != "wrong setting"]
    layers = [[case.layer | {"input": image} for image in case.images] for case in cases]
    shown = iter(ask_javascript("run-layers.mjs", list(itertools.chain(*layers))))
    return [(case, list(itertools.islice(shown, len(case.images)))) for case in cases]


def test_javascript_gives_the_same_numbers(in_javascript):
    for case, shown in in_javascript:
        assert {one["fits"] for one in shown} == {case.output is not None}, case
        if case.output:
            assert shown[0]["size"] == list(case.output[-2:])
            output = np.array([one["output"] for one in shown]).reshape(case.output)
            assert case.agrees(output, ours(case)), case


def test_javascript_adds_up_the_same_channels(in_javascript):
    for case, shown in in_javascript:
        if case.output:
            at = tuple(n - 1 for n in case.output[-3:])
            parts = trace(**case.image, at=at).partial_sums
            assert np.shape(shown[0]["lastParts"]) == parts.shape
            assert (np.abs(parts - shown[0]["lastParts"]) <= np.max(case.rounding)).all(), case


def test_javascript_counts_and_says_the_same(in_javascript):
    for case, shown in in_javascript:
        axes = dict(zip(("height", "width"), case.axes, strict=True))
        if all(axis.fits for axis in axes.values()):
            assert shown[0]["counts"] == [axis.counts.tolist() for axis in axes.values()]
            assert shown[0]["leftOver"] == [left_over(*item) for item in axes.items()]
        if case.refused:
            misfits = [axis.misfit(name) for name, axis in axes.items() if not axis.fits]
            if len(misfits) == 2 and axes["height"] == axes["width"]:
                misfits = [axes["width"].misfit("axis")]
            assert shown[0]["problems"][: len(misfits)] == misfits
            assert answer(ours, case).removeprefix("ValueError: ") in shown[0]["problems"]


def test_javascript_is_exact_up_to_2_to_the_53():
    layer = WITH_OUTPUT[0].layer | {"stride": 1, "padding": 0, "dilation": 1, "groups": 1}
    layer |= {"weight": np.array([[[[1, 1]]]]), "bias": None}
    most, beyond = (layer | {"input": np.array([[[2**53 - 1, n]]])} for n in (1, 2))
    shown = ask_javascript("run-layers.mjs", [most, beyond])
    assert [one["output"] for one in shown] == [[[[2**53]]], [[[2**53]]]]
    assert [conv2d(**one).item() for one in (most, beyond)] == [2**53, 2**53 + 1]


def test_the_browser_is_spared_wrong_settings():
    for case in CASES:
        if case.refused == "wrong setting":
            with pytest.raises((ValueError, TypeError), match="must "):
                ConvExplorer(**case.image)


# ---------------------------------------------------------------------------------- frameworks


def compare(framework, run, refusals):
    """Whether a framework's layer answers as convviz does, but for the known differences."""
    seen = set()
    for case in CASES:
        output, known = answer(run, case), differences(framework, case)
        if not known and case.output:
            assert not isinstance(output, str), (case, output)
            assert case.agrees(output, ours(case)), case
        elif not known:
            assert isinstance(output, str), case
            assert re.search(refusals[case.refused], output), (case, output)
        elif known[0].says is None:
            assert case.refused and not isinstance(output, str), (case, output)
        else:
            assert isinstance(output, str), case
            assert any(re.search(one.says, output) for one in known), (case, output)
        if len(known) == 1:
            seen.add(known[0].section)
    assert seen == {one.section for one in DIFFERENCES if one.framework == framework}


def test_torch_answers_the_same():
    compare("torch", in_torch, TORCHS)


def test_keras_answers_the_same():
    with uncompiled():
        compare("keras", in_keras, KERAS)


def test_torch_computes_all_of_them_round_about():
    for case in CASES:
        if case.refused != "wrong setting":
            output = answer(round_about_in_torch, case)
            if case.output:
                assert case.agrees(output, ours(case)), (case, output)
            else:
                assert re.search(TORCHS[case.refused], output), case


def test_keras_computes_all_of_them_round_about():
    with uncompiled():
        for case in CASES:
            if case.output:
                assert case.agrees(round_about_in_keras(case), ours(case)), case
            elif case.refused == "no output":
                assert re.search(KERAS["no output"], answer(round_about_in_keras, case)), case


def test_keras_compiled_gives_the_same_numbers():
    """As it comes: uncompiled is only quicker."""
    grouped = [case for case in WITH_OUTPUT if case.settings["groups"] > 1]
    strided = [case for case in grouped if not has_stride_and_dilation(case)]
    for case in strided[::12]:
        assert case.agrees(round_about_in_keras(case), ours(case)), case


# ---------------------------------------------------------------------------------- the page


def examples_in(text):
    return "\n".join(re.findall(r"```pycon\n(.*?)```", text, flags=re.DOTALL))


INTRODUCTION, *PARTS = re.split(r"^## (.*)\n", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE)
SECTIONS = dict(zip(PARTS[::2], map(examples_in, PARTS[1::2]), strict=True))


def test_every_difference_is_on_the_page():
    assert {one.section for one in DIFFERENCES} <= SECTIONS.keys()


@pytest.mark.parametrize("heading", SECTIONS)
def test_the_page_is_true(heading):
    assert SECTIONS[heading], "nothing shows that this is true"
    program = f"{examples_in(INTRODUCTION)}\n{SECTIONS[heading]}"
    examples = doctest.DocTestParser().get_doctest(program, {}, heading, None, None)
    said = []
    runner = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE)
    runner.run(examples, out=said.append)
    assert not said, "".join(said)


def test_links_within_the_page_lead_to_its_sections():
    anchors = {
        re.sub(r"[^a-z0-9 -]", "", heading.lower()).replace(" ", "-") for heading in SECTIONS
    }
    links = set(re.findall(r"\]\(#(.*?)\)", INTRODUCTION))
    assert links <= anchors
