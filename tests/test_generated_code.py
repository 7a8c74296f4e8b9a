"""The programs that the explorer shows to copy: they run as they stand, and give its numbers."""

import contextlib
import io
import re
import subprocess
import sys
import warnings

import numpy as np
import pytest
import torch

from convviz import conv2d, example
from tests.cases.convolutions import WITH_OUTPUT
from tests.npm import ask_javascript

MODES = ("zeros", "reflect", "replicate", "circular")
FRAMEWORKS = ("torch", "keras")


def worked_example(**settings):
    """The layer that the explorer starts with, at other settings."""
    input, weight, bias = example()
    usual = {"stride": 1, "padding": 0, "dilation": 1, "groups": 1, "padding_mode": "zeros"}
    return {"input": input, "weight": weight, "bias": bias} | usual | settings


def single(values, weight=((1,),)):
    """A layer on one channel."""
    return worked_example(input=np.array([values]), weight=np.array([[weight]]), bias=None)


LAYERS = {
    **{f"random {case.seed}": case.image for case in WITH_OUTPUT[::4]},
    **{
        f"{padding} {mode}": worked_example(padding=padding, padding_mode=mode, stride=(1, 2))
        for padding in ("valid", "same", 1, (0, 1), ((1, 0), (2, 1)))
        for mode in MODES
    },
    "digits": single([[0.1, 1 / 3, -1e-7], [1e-300, 6.02214076e23, -123456789.987654321]]),
    "whole floats": single([[1.0, 2.0, -3.0]], [[0.5]]),
    "large": single([[2**53, -(2**53), 2**40 + 1]]),
    "beyond int64": single([[1e20, -3e22, 1.0]]),
    "sums beyond 2**53": single([[2**52, 2**53, 7]], [[3]]),
    "more than is printed": single(np.arange(1200).reshape(30, 40)),
}


@pytest.fixture(scope="module")
def programs():
    """The programs of every layer above, by framework."""
    return dict(zip(LAYERS, ask_javascript("run-code.mjs", list(LAYERS.values())), strict=True))


def run(program):
    """What a program leaves in `output`, and what it prints. A warning is an error."""
    names = {}
    with contextlib.redirect_stdout(io.StringIO()) as printed, np.printoptions():
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            exec(compile(program, "<generated>", "exec"), names)
        torch.set_printoptions(profile="default")
    return np.asarray(names["output"]), printed.getvalue()


def is_whole(layer):
    arrays = [layer[name] for name in ("input", "weight", "bias") if layer[name] is not None]
    return all(array.dtype.kind == "i" for array in arrays)


@pytest.mark.parametrize("framework", FRAMEWORKS)
@pytest.mark.parametrize("name", LAYERS)
def test_it_runs_and_gives_the_numbers(name, framework, programs):
    layer = LAYERS[name]
    expected = conv2d(**layer)
    program = programs[name][framework]
    output, printed = run(program)
    assert output.dtype == np.float64
    assert output.shape == expected.shape
    if is_whole(layer):
        np.testing.assert_array_equal(output, expected, err_msg=program)
    else:
        np.testing.assert_allclose(output, expected, rtol=1e-12, atol=1e-12, err_msg=program)
    assert "..." not in printed
    if is_whole(layer) and np.abs(expected).max() < 2**53:
        printed_numbers = re.findall(r"-?\d+", printed)
        assert [int(n) for n in printed_numbers] == expected.ravel().tolist()
        assert "." not in printed


def test_enough_of_every_kind(programs):
    """Every way that a program can take is taken."""
    drawn = [programs[name] for name in LAYERS if name.startswith("random")]
    for framework, part in [
        ("torch", 'padding="same"'),
        ("torch", "ZeroPad2d"),
        ("torch", "ReflectionPad2d"),
        ("torch", "ReplicationPad2d"),
        ("torch", "CircularPad2d"),
        ("torch", 'padding_mode="reflect"'),
        ("torch", 'padding_mode="replicate"'),
        ("torch", 'padding_mode="circular"'),
        ("torch", "groups="),
        ("torch", "dilation="),
        ("torch", "bias=False"),
        ("keras", 'padding="same"'),
        ("keras", "ZeroPadding2D"),
        ("keras", 'mode="reflect"'),
        ("keras", 'mode="edge"'),
        ("keras", 'mode="wrap"'),
        ("keras", "DepthwiseConv2D("),
        ("keras", "depth_multiplier="),
        ("keras", "groups="),
        ("keras", "layer(images)[:, "),
        ("keras", "use_bias=False"),
    ]:
        count = sum(part in program[framework] for program in drawn)
        assert count >= 2, (framework, part, count)


def test_a_setting_without_output_has_no_program():
    layers = [
        worked_example(dilation=2),
        worked_example(padding=4, padding_mode="reflect"),
    ]
    assert ask_javascript("run-code.mjs", layers) == [{"torch": None, "keras": None}] * 2


def test_a_program_as_it_stands_in_a_fresh_python(programs):
    """With nothing imported and nothing on stderr: what a reader sees who copies the text."""
    outcome = subprocess.run(
        [sys.executable, "-c", programs["same zeros"]["torch"]],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    expected = torch.tensor(conv2d(**LAYERS["same zeros"]))
    assert outcome.stdout == f"{expected}\n"
    assert outcome.stderr == ""


TORCH_EXAMPLE = """\
import torch

layer = torch.nn.Conv2d(2, 2, kernel_size=3, stride=2, padding=1).double()

# float64 here and in the layer, as in the picture: the default, float32, keeps fewer digits.
image = torch.tensor(  # (C_in, H, W)
    [[[1, 2, 3, 0],
      [2, 0, 1, 2],
      [0, 1, 2, 0],
      [0, 0, 3, 1]],

     [[0, 2, 1, 3],
      [1, 1, 0, 1],
      [2, 2, 3, 2],
      [3, 1, 0, 0]]],
    dtype=torch.float64,
)
weight = torch.tensor(  # (C_out, C_in / groups, kH, kW)
    [[[[0, 1, 0],
       [2, 0, 3],
       [0, 4, 0]],

      [[0, 0, 0],
       [0, 1, 0],
       [0, 0, 0]]],

     [[[2, 0, 1],
       [0, 1, 0],
       [1, 0, 3]],

      [[1, 0, 0],
       [0, 2, 3],
       [2, 0, 0]]]],
    dtype=torch.float64,
)
bias = torch.tensor([1, -1], dtype=torch.float64)  # (C_out,)

with torch.no_grad():
    layer.weight.copy_(weight)
    layer.bias.copy_(bias)
    output = layer(image)

# Every number is whole: print it without a decimal point.
print(output.long())
"""

TORCH_PRINTS = """\
tensor([[[15, 10],
         [ 8, 19]],

        [[ 6, 21],
         [ 9, 21]]])
"""

KERAS_EXAMPLE = """\
import keras
import numpy as np

layer = keras.layers.Conv2D(1, kernel_size=(1, 2), use_bias=False, dtype="float64")

# float64 here and in the layer, as in the picture: the default, float32, keeps fewer digits.
image = np.array(  # (C_in, H, W)
    [[[ 1.0,  0.5, -2.0],
      [0.25, -1.0,  3.0]]],
    dtype="float64",
)
weight = np.array([[[[2, -1]]]], dtype="float64")  # (C_out, C_in / groups, kH, kW)

# Keras has the channels last, and a batch of images: (N, H, W, C_in).
images = image.transpose(1, 2, 0)[np.newaxis]
# Keras pads with zeros only, so NumPy pads: replicate is its mode "edge".
images = np.pad(images, ((0, 0), (0, 0), (2, 0), (0, 0)), mode="edge")
layer.build(images.shape)
# Keras has the axes of the weight in this order: (kH, kW, C_in / groups, C_out).
layer.set_weights([weight.transpose(2, 3, 1, 0)])

outputs = layer(images)
# Back to one image, channels first: (C_out, H_out, W_out).
output = keras.ops.convert_to_numpy(outputs)[0].transpose(2, 0, 1)
print(output)
"""

KERAS_PRINTS = """\
[[[ 1.    1.    1.5   3.  ]
  [ 0.25  0.25  1.5  -5.  ]]]
"""


def test_examples_in_full():
    layers = [
        worked_example(stride=2, padding=1),
        single([[1, 0.5, -2], [0.25, -1, 3]], [[2, -1]])
        | {"padding": ((0, 0), (2, 0)), "padding_mode": "replicate"},
    ]
    first, second = ask_javascript("run-code.mjs", layers)
    assert first["torch"] == TORCH_EXAMPLE
    assert run(first["torch"])[1] == TORCH_PRINTS
    assert second["keras"] == KERAS_EXAMPLE
    assert run(second["keras"])[1] == KERAS_PRINTS
