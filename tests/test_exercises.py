"""Predictions, right and wrong: every mistake is told by its own sentence."""

import pytest

from convviz import check_output_size, check_output_value, check_parameters, example

LESSON = {"input_size": 10, "kernel_size": 4, "stride": 3, "padding": 1}


@pytest.mark.parametrize(
    ("prediction", "settings", "words"),
    [
        (2, LESSON, "add 1"),
        (4, LESSON, "round down"),
        (112, {"input_size": 224, "kernel_size": 7, "stride": 2, "padding": 3}, "is right"),
        (111, {"input_size": 224, "kernel_size": 7, "stride": 2, "padding": 3}, "add 1"),
        (113, {"input_size": 224, "kernel_size": 7, "stride": 2, "padding": 3}, "round down"),
        (218, {"input_size": 224, "kernel_size": 7, "padding": 3}, "leaves out the padding"),
        (221, {"input_size": 224, "kernel_size": 7, "padding": 3}, "counts the padding once"),
        (9, LESSON, "leaves out the stride"),
        (14, {"input_size": 16, "kernel_size": 3, "dilation": 4}, "leaves out the dilation"),
        (5, {"input_size": 16, "kernel_size": 3, "dilation": 4}, "times kernel_size"),
        (77, LESSON, "once more"),
        (None, LESSON, "in place of None"),
        ("six", LESSON, "whole number"),
        (2.5, LESSON, "whole number"),
        (0, {"input_size": 3, "kernel_size": 4}, "is right"),
        (
            (5, 6),
            {"input_size": (5, 12), "kernel_size": (3, 2), "padding": (1, 0), "stride": (1, 2)},
            "is right",
        ),
        (5, {"input_size": (5, 12), "kernel_size": (3, 2)}, "one number"),
        ((11, 3), {"input_size": (5, 12), "kernel_size": (3, 2)}, "swapped"),
        ((3, 11), {"input_size": (5, 12), "kernel_size": (3, 2)}, "is right"),
        ([3, 10], {"input_size": (5, 12), "kernel_size": (3, 2)}, "add 1"),
        ((3, 3), {"input_size": 5, "kernel_size": 3}, "is right"),
        (3, {"input_size": (5, 5), "kernel_size": 3}, "is right"),
        ((1, 2, 3), {"input_size": 5, "kernel_size": 3}, "whole number"),
    ],
)
def test_sizes(prediction, settings, words):
    answer = check_output_size(prediction, **settings)
    assert words in answer.message
    assert answer.right == ("is right" in answer.message)


def test_a_right_size_is_explained():
    answer = check_output_size(3, **LESSON)
    assert "floor((10 + 2 * 1 - 4) / 3) + 1" in repr(answer)
    assert r"\frac{10 + 2 \cdot 1 - 4}{3}" in answer._repr_markdown_()


@pytest.mark.parametrize(
    ("prediction", "at", "words"),
    [
        (19, (0, 1, 1), "is right"),
        (18, (0, 1, 1), "leaves out the bias"),
        (14, (0, 1, 1), "180 degrees"),
        (4, (0, 1, 1), "one input channel"),
        (34, (1, 0, 1), "row 1, column 0"),
        (1000, (0, 1, 1), "cell by cell"),
        (None, (0, 1, 1), "in place of None"),
        ("19", (0, 1, 1), "A prediction is a number"),
        (19.0, (0, 1, 1), "is right"),
    ],
)
def test_values(prediction, at, words):
    answer = check_output_value(prediction, *example(), at=at)
    assert words in answer.message
    assert answer.right == ("is right" in words)


def test_a_transposed_kernel_is_told():
    input, weight = [[[1, 2], [3, 4]]], [[[[1, 10], [100, 1000]]]]
    assert "rows and columns swapped" in check_output_value(4231, input, weight).message
    assert check_output_value(4321, input, weight).right


def test_a_right_value_is_taken_apart():
    answer = check_output_value(19, *example(), at=(0, 1, 1))
    assert "output[0, 1, 1] = 15 (channel 0) + 3 (channel 1) + 1 (bias) = 19" in repr(answer)
    assert "output[0, 1, 1]" in answer._repr_markdown_()


@pytest.mark.parametrize(
    ("prediction", "layer", "words"),
    [
        (1792, (3, 64, 3), "is right: 64 filters of 3 x 3 x 3 weights make 1728"),
        (1728, (3, 64, 3), "counts the weights only"),
        (1920, (3, 64, 3), "gives every kernel a bias"),
        (640, (3, 64, 3), "one kernel"),
        (28, (3, 64, 3), "what one filter has. There are 64"),
        (7, (3, 64, 3), "Count one filter first"),
        (124, (6, 4, (5, 1), {"groups": 2, "bias": True}), "leaves out the groups"),
        (64, (6, 4, (5, 1), {"groups": 2}), "is right: 4 filters of 3 x 5 x 1 weights"),
        (60, (6, 4, (5, 1), {"groups": 2, "bias": False}), "and no bias"),
        (64, (6, 4, (5, 1), {"groups": 2, "bias": False}), "this layer has none"),
        (None, (3, 64, 3), "in place of None"),
        (1.5, (3, 64, 3), "whole number"),
    ],
)
def test_parameters(prediction, layer, words):
    *sizes, settings = layer if isinstance(layer[-1], dict) else (*layer, {})
    answer = check_parameters(prediction, *sizes, **settings)
    assert words in answer.message
    assert answer.right == (" is right" in answer.message)
    if answer.right:
        import torch

        own = torch.nn.Conv2d(*sizes, **settings)
        assert prediction == sum(p.numel() for p in own.parameters())


def test_groups_that_do_not_divide_are_refused():
    with pytest.raises(ValueError, match="groups must divide"):
        check_parameters(1, 3, 4, 3, groups=2)
