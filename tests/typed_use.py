"""What a type checker knows of convviz's interface. test_style.py checks this file by mypy.

Nothing here is run. A call that has to be refused says so: mypy reports an ignore without an error.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Any, assert_type

import numpy as np

import convviz as cv
from convviz.arguments import Padding, Pair

if TYPE_CHECKING:
    import torch

INPUT = np.ones((2, 4, 6))
WEIGHT = [[[[1, 2, 3]], [[4, 5, 6]]]]


def sizes(either: int | Pair) -> None:
    """One number for both axes gives one number; a pair of sizes gives a pair."""
    assert_type(cv.output_size(224, 11), int)
    assert_type(cv.output_size(224, 11, stride=4, padding="same"), int)
    assert_type(cv.output_size((224, 192), 11), tuple[int, int])
    assert_type(cv.output_size(224, (11, 3)), tuple[int, int])
    assert_type(cv.output_size(224, 11, stride=(1, 2)), int | tuple[int, int])
    assert_type(cv.output_size(either, 11), int | tuple[int, int])
    assert_type(cv.transposed_output_size(4, 3, output_padding=1), int)
    assert_type(cv.transposed_output_size((4, 5), 3, output_padding=1), tuple[int, int])
    cv.output_size(224, 11, padding="sane")  # type: ignore[call-overload]
    cv.output_size(224, 11.0)  # type: ignore[call-overload]
    cv.output_size((224, 192, 3), 11)  # type: ignore[arg-type]
    cv.transposed_output_size(4, None)  # type: ignore[call-overload]

    height, width = cv.make_axes((4, 6), 3, padding=(1, 2))
    assert_type(height, cv.Axis)
    assert_type(width.padding, tuple[int, int])
    assert_type(width.reads, np.ndarray)
    cv.Axis(input=4, kernel="3")  # type: ignore[arg-type]
    cv.explain_output_size(4, 3, dilatation=2)  # type: ignore[call-arg]


def layers(padding: Padding) -> None:
    """Whatever NumPy reads goes in, arrays come out."""
    assert_type(cv.conv2d(INPUT, WEIGHT, [1], stride=(1, 2), padding=padding), np.ndarray)
    assert_type(cv.conv2d(torch.ones(2, 4, 6), WEIGHT, padding_mode="reflect"), np.ndarray)
    assert_type(cv.max_pool2d(INPUT, 2, stride=(1, 2)), np.ndarray)
    assert_type(cv.avg_pool2d(INPUT, 2, count_include_pad=False), np.ndarray)
    assert_type(cv.conv_transpose2d(INPUT, WEIGHT, output_padding=1), np.ndarray)
    cv.conv2d(INPUT, WEIGHT, padding_mode="mirror")  # type: ignore[arg-type]
    cv.conv2d(INPUT, WEIGHT, None, 2)  # type: ignore[call-arg]
    cv.conv2d(INPUT)  # type: ignore[call-arg]
    cv.max_pool2d(INPUT, 2, ceil_mode="yes")  # type: ignore[arg-type]
    cv.conv_transpose2d(INPUT, WEIGHT, padding=1.5)  # type: ignore[arg-type]

    taken = cv.trace(INPUT, WEIGHT, at=(0, 1, 2))
    assert_type(taken, cv.Trace)
    assert_type(taken.products, np.ndarray)
    assert_type(taken.output, int | float)
    cv.trace(INPUT, WEIGHT, at=(1, 2))  # type: ignore[arg-type]


def frameworks() -> None:
    """A layer gives its parts in one form, whichever form they came in."""
    layer = cv.ConvLayer(WEIGHT, stride=2, padding="same", activation="relu")
    assert_type(layer.weight, np.ndarray)
    assert_type(layer.bias, np.ndarray | None)
    assert_type(layer.stride, tuple[int, int])
    assert_type(layer.kernel_size, tuple[int, int])
    assert_type(layer(INPUT), np.ndarray)
    assert_type(layer.to_torch(), torch.nn.Conv2d | torch.nn.Sequential)
    assert_type(layer.to_keras(), Any)  # Keras ships no types
    assert_type(layer.code("torch", input_size=28), str)
    assert_type(cv.conv2d(INPUT, layer.weight, **layer.settings), np.ndarray)
    assert_type(cv.from_torch(torch.nn.Conv2d(2, 4, 3)), cv.ConvLayer)
    cv.ConvLayer(WEIGHT, activation="gelu")  # type: ignore[arg-type]
    cv.from_torch("Conv2d")  # type: ignore[arg-type]
    layer.code("jax")  # type: ignore[arg-type]
    layer.groups = 2  # type: ignore[misc]


def models() -> None:
    """Tables and receptive fields."""
    table = cv.summary(torch.nn.Sequential(), (1, 28, 28))
    assert_type(table.macs, int)
    assert_type(table.rows[0].receptive_field, tuple[int, int] | None)
    field = cv.receptive_field([cv.Window(3), {"kernel_size": 2, "stride": 2}])
    assert_type(field, cv.ReceptiveField)
    assert_type(field.size, tuple[int, int])
    assert_type(field.of(0, 3), tuple[range, range])
    cv.summary(torch.nn.Sequential(), (28, 28))  # type: ignore[arg-type]
    cv.receptive_field([3])  # type: ignore[list-item]
    cv.Window(3, strides=2)  # type: ignore[call-arg]


def answers() -> None:
    """A prediction may be anything; the settings that it is about may not."""
    assert_type(cv.check_output_size("three", 7, 3, stride=2).right, bool)
    assert_type(cv.check_parameters(38, 2, 2, (3, 5)).message, str)
    assert_type(cv.check_output_value(115, INPUT, WEIGHT, stride=2, groups=1), cv.Feedback)
    cv.check_output_size(3, "7", 3)  # type: ignore[arg-type]
    cv.check_output_value(115, INPUT, WEIGHT, strides=2)  # type: ignore[call-arg]
    cv.check_output_value(115, INPUT, WEIGHT, groups="2")  # type: ignore[arg-type]


def explorers() -> None:
    """Settings can be read and set, each in its type."""
    explorer = cv.ConvExplorer(INPUT, WEIGHT, stride=(1, 2), panel="code")
    assert_type(explorer.input, np.ndarray)
    assert_type(explorer.stride, int | tuple[int, int])
    assert_type(explorer.position, int)
    assert_type(explorer.output, np.ndarray)
    assert_type(explorer.save_gif("walk.gif", loop=False), Path)
    explorer.weight = WEIGHT
    explorer.padding = "same"
    explorer.stride = "2"  # type: ignore[assignment]
    explorer.panel = "colour"  # type: ignore[assignment]
    explorer.groups = 2  # type: ignore[assignment]  # read-only
    explorer.save_gif("walk.gif", fps=3)  # type: ignore[call-arg]
    assert_type(cv.save_gif("walk.gif", INPUT, WEIGHT, out_channel=1), Path)
    cv.save_gif("walk.gif", milliseconds="700")  # type: ignore[arg-type]
    assert_type(cv.AxisExplorer(224, 11, padding=(0, 1)).output_size, int)
    cv.AxisExplorer((224, 224))  # type: ignore[arg-type]
    assert_type(cv.ImageExplorer(kernel=[[1, 2, 1]]).output, np.ndarray)
    cv.ImageExplorer(show="sepia")  # type: ignore[arg-type]
    cv.PixelExplorer()  # type: ignore[attr-defined]
