"""Predict, then check: answers that tell a learner what went wrong, and explain what is right."""

from __future__ import annotations

import math
from dataclasses import dataclass
from numbers import Real
from typing import Unpack

import numpy as np
from numpy.typing import ArrayLike

from convviz.arguments import Padding, Pair, as_flag, as_int, as_pair, entries, plain_int, shown
from convviz.arrays import as_array, check_layer_shapes, quietly
from convviz.axis import Axis
from convviz.catalogue import as_markdown, text
from convviz.explanation import OutputSizeExplanation, explain_output_size
from convviz.mistakes import wrong_counts, wrong_sizes, wrong_values
from convviz.ops import LayerSettings
from convviz.trace import Trace, trace

_Number = int | float | np.floating

#: How far a predicted number may be off where not all numbers are whole: three digits will do.
ROUNDING = 0.005


@dataclass(frozen=True)
class Feedback:
    """What to say to a prediction.

    Attributes
    ----------
    right : bool
    message : str
    explanation : OutputSizeExplanation, Trace or None
        The way to the answer; only with a right one.
    """

    right: bool
    message: str
    explanation: OutputSizeExplanation | Trace | None = None

    def __repr__(self) -> str:
        return self.message if self.explanation is None else f"{self.message}\n{self.explanation}"

    def _repr_markdown_(self) -> str:
        if self.explanation is None:
            return as_markdown(self.message)
        if isinstance(self.explanation, OutputSizeExplanation):
            shown = self.explanation._repr_markdown_()
        else:
            shown = f"`{self.explanation}`"
        return f"**✓ {as_markdown(self.message)}**\n\n{shown}"


def check_output_size(
    prediction: object,
    input_size: int | Pair,
    kernel_size: int | Pair,
    *,
    stride: int | Pair = 1,
    padding: Padding = 0,
    dilation: int | Pair = 1,
) -> Feedback:
    """Check a predicted output size; a wrong one is told which step it leaves out.

    Parameters
    ----------
    prediction : int, (height, width) or None
        None stands for no prediction yet. 0 along an axis where the kernel does not fit, or 0 for
        both, says that there is no output.
    input_size, kernel_size, stride, padding, dilation
        As for `output_size`.

    Returns
    -------
    Feedback

    Raises
    ------
    TypeError, ValueError
        For a setting of the wrong form or range. A prediction of the wrong form gets an answer.

    Examples
    --------
    >>> check_output_size(2, 7, 3, stride=2)
    2 counts the steps that the kernel takes. It also has a place before its first step: add 1.
    >>> check_output_size(3, 7, 3, stride=2).right
    True
    """
    explanation = explain_output_size(
        input_size, kernel_size, stride=stride, padding=padding, dilation=dilation
    )
    axes = tuple(explanation.axes.values())
    if prediction is None:
        return Feedback(False, text("predict_first"))
    given = entries(prediction)
    numbers = [plain_int(number) for number in ([prediction] if given is None else given)]
    predicted = tuple(number for number in numbers if number is not None)
    if len(predicted) < len(numbers) or len(predicted) not in (1, 2):
        return Feedback(False, text("prediction_size_form", value=shown(prediction)))
    words = _in_words(predicted[0] if given is None else predicted)
    expected = tuple(axis.output for axis in axes)
    if len(predicted) == 1 and (len(set(expected)) == 1 or 0 in expected):
        predicted = predicted * len(expected)
    if len(expected) == 1 and len(set(predicted)) == 1:
        predicted = predicted[:1]
    if predicted == expected and all(expected):
        return Feedback(True, text("prediction_right", prediction=words), explanation)
    if _says_no_output(predicted, axes):
        return Feedback(True, text("prediction_right_no_output", prediction=words), explanation)
    return Feedback(False, text(_size_mistake(predicted, axes), prediction=words))


def _says_no_output(predicted: tuple[int, ...], axes: tuple[Axis, ...]) -> bool:
    """Whether there is no output, and 0 is predicted where the kernel does not fit."""
    if len(predicted) != len(axes):
        return False
    misfits = [n for n, axis in zip(predicted, axes, strict=True) if not axis.fits]
    return bool(misfits) and not any(misfits)


def _size_mistake(predicted: tuple[int, ...], axes: tuple[Axis, ...]) -> str:
    """The key of the sentence about the mistake that leads to `predicted`."""
    if len(predicted) < len(axes):
        return "mistake_one_number"
    if len(predicted) == 2 and tuple(predicted[::-1]) == tuple(axis.output for axis in axes):
        return "mistake_swapped"
    for number, axis in zip(predicted, axes, strict=False):
        for mistake, value in wrong_sizes(axis):
            if number == value != axis.output:
                return f"mistake_{mistake}"
    return "prediction_wrong"


def check_parameters(
    prediction: object,
    in_channels: int,
    out_channels: int,
    kernel_size: int | Pair,
    *,
    groups: int = 1,
    bias: bool = True,
) -> Feedback:
    """Check a predicted number of parameters; a wrong one is told what it leaves out.

    Parameters
    ----------
    prediction : int or None
        None stands for no prediction yet.
    in_channels, out_channels, kernel_size, groups, bias
        As for ``torch.nn.Conv2d``.

    Returns
    -------
    Feedback

    Raises
    ------
    TypeError, ValueError
        For a setting of the wrong form or range. A prediction of the wrong form gets an answer.

    Examples
    --------
    >>> check_parameters(36, 2, 2, 3)
    36 counts the weights only. Each filter also has a bias.
    >>> check_parameters(38, 2, 2, 3)
    38 is right: 2 filters of 2 x 3 x 3 weights make 36, and each has a bias.
    """
    filters = as_int("out_channels", out_channels, 1)
    in_channels, groups = as_int("in_channels", in_channels, 1), as_int("groups", groups, 1)
    height, width = as_pair("kernel_size", kernel_size, 1)
    bias = as_flag("bias", bias)
    check_layer_shapes(
        (in_channels, 1, 1), (filters, max(in_channels // groups, 1), 1, 1), None, groups
    )
    if prediction is None:
        return Feedback(False, text("predict_first"))
    predicted = plain_int(prediction)
    if predicted is None:
        return Feedback(False, text("prediction_count_form", value=shown(prediction)))
    channels, cells = in_channels // groups, height * width
    weights = filters * channels * cells
    places = {
        "prediction": _in_words(predicted),
        "filters": filters,
        "channels": channels,
        "height": height,
        "width": width,
        "weights": weights,
    }
    if predicted == weights + filters * bias:
        key = "parameters_right" if bias else "parameters_right_no_bias"
        return Feedback(True, text(key, **places))
    mistakes = wrong_counts(filters, in_channels, groups, cells, bias)
    made = [mistake for mistake, value in mistakes if value == predicted]
    return Feedback(False, text(f"mistake_{made[0]}" if made else "parameters_wrong", **places))


def check_output_value(
    prediction: object,
    input: ArrayLike,
    weight: ArrayLike,
    bias: ArrayLike | None = None,
    *,
    at: tuple[int, int, int] = (0, 0, 0),
    **settings: Unpack[LayerSettings],
) -> Feedback:
    """Check a predicted output number; a wrong one is told which step it leaves out.

    Parameters
    ----------
    prediction : number or None
        None stands for no prediction yet. A number rounded to three digits will do, unless all
        of `input`, `weight` and `bias` are whole.
    input : (C_in, H, W) array_like
    weight : (C_out, C_in / groups, kH, kW) array_like
    bias : (C_out,) array_like, optional
    at : (c_out, i, j)
        Output channel, row and column.
    **settings
        stride, padding, dilation, groups and padding_mode, as for `conv2d`.

    Returns
    -------
    Feedback

    Raises
    ------
    TypeError, ValueError
        As `trace` does. A prediction of the wrong form gets an answer.

    Examples
    --------
    >>> check_output_value(110, [[[1, 2], [3, 4]]], [[[[10, 20]]]], [5], at=(0, 1, 0))
    110 leaves out the bias.
    >>> check_output_value(115, [[[1, 2], [3, 4]]], [[[[10, 20]]]], [5], at=(0, 1, 0))
    115 is right.
    output[0, 1, 0] = 110 (channel 0) + 5 (bias) = 115
    """
    input, weight = as_array("input", input), as_array("weight", weight)
    bias = None if bias is None else as_array("bias", bias)
    taken = trace(input, weight, bias, at=at, **settings)
    if prediction is None:
        return Feedback(False, text("predict_first"))
    number = _plain_number(prediction)
    if number is None:
        return Feedback(False, text("prediction_value_form", value=shown(prediction)))
    predicted, words = _as_float(number), _in_words(number)
    rounding = 0 if _all_whole(input, weight, bias) else ROUNDING
    if np.isclose(predicted, float(taken.output), rtol=rounding):
        return Feedback(True, text("prediction_right", prediction=words), taken)
    _, i, j = taken.at
    mode = settings.get("padding_mode", "zeros")
    places = {"prediction": words, "i": i, "j": j, "padding_mode": mode}
    with quietly():
        for mistake, value in wrong_values(taken, input, weight, bias, settings):
            if np.isclose(predicted, float(value), rtol=rounding):
                return Feedback(False, text(f"mistake_{mistake}", **places))
    return Feedback(False, text("prediction_wrong_value", prediction=words))


def _plain_number(prediction: object) -> _Number | None:
    """The number that is predicted; None if it is none."""
    if (whole := plain_int(prediction)) is not None:
        return whole
    try:
        if isinstance(prediction, np.floating):
            return prediction  # float32 is shown in its own few digits
        if isinstance(prediction, bool | np.timedelta64) or not isinstance(prediction, Real):
            return None
        return float(prediction)
    except Exception:  # a stranger's __float__ may raise anything
        return None


def _as_float(number: _Number) -> float:
    try:
        return float(number)
    except OverflowError:
        return math.inf if number > 0 else -math.inf


def _all_whole(*arrays: np.ndarray | None) -> bool:
    return all((np.rint(array) == array).all() for array in arrays if array is not None)


def _in_words(prediction: _Number | tuple[int, ...]) -> str:
    """A prediction as a sentence shows it, the same in Python and in the browser.

    Examples
    --------
    >>> _in_words((2, 3)), _in_words(-3), _in_words(19.0), _in_words(1e-7)
    ('(2, 3)', '\N{MINUS SIGN}3', '19', '1e\N{MINUS SIGN}7')
    """
    if isinstance(prediction, tuple):
        return f"({', '.join(map(_in_words, prediction))})"
    if isinstance(prediction, int):
        words = shown(prediction)
    elif prediction == 0 or 1e-6 <= abs(float(prediction)) < 1e21:
        words = np.format_float_positional(prediction + 0, trim="-")  # -0.0 is 0
    else:
        words = np.format_float_scientific(prediction, trim="-", exp_digits=1)
    return words.replace("-", "\N{MINUS SIGN}")
