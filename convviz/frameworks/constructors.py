"""Which constructors, with which arguments, make a `ConvLayer` in PyTorch and in Keras.

Both ``to_torch`` and ``code("torch")`` follow one list of `Call`, and likewise for Keras; so the
layer and the lines shown for it can't differ.
"""

from __future__ import annotations

from textwrap import indent
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from convviz.arguments import PaddingRule, Pair, Sides
from convviz.geometry import resolve_padding
from convviz.ops import PaddingMode

if TYPE_CHECKING:
    from convviz.frameworks.layer import ConvLayer

Activation = Literal["relu", "sigmoid", "tanh"]

NO_PADDING: Sides = ((0, 0), (0, 0))

#: PyTorch's padding layers by padding_mode, and its activation layers by Keras's names.
TORCH_PADS: dict[PaddingMode, str] = {
    "zeros": "ZeroPad2d",
    "reflect": "ReflectionPad2d",
    "replicate": "ReplicationPad2d",
    "circular": "CircularPad2d",
}
TORCH_ACTIVATIONS: dict[Activation, str] = {"relu": "ReLU", "sigmoid": "Sigmoid", "tanh": "Tanh"}

_TORCH_CASTS = {"float16": ".half()", "float32": "", "float64": ".double()"}

#: What ``numpy.pad`` calls the padding modes that Keras lacks.
_NUMPY_MODES = {"reflect": "reflect", "replicate": "edge", "circular": "wrap"}

_LINE = 79  # a longer call is written with one argument a line


class Call(NamedTuple):
    """The constructor of a layer, and what it is called with."""

    name: str
    positional: tuple[object, ...]
    named: dict[str, Any]

    def code(self, module: str) -> str:
        """The call as it is written, over several lines if it is long.

        Examples
        --------
        >>> Call("Conv2d", (3, 8), {"kernel_size": 3, "padding": "same"}).code("torch.nn")
        'torch.nn.Conv2d(3, 8, kernel_size=3, padding="same")'
        """
        named = [f"{name}={_literal(value)}" for name, value in self.named.items()]
        arguments = [*map(_literal, self.positional), *named]
        line = f"{module}.{self.name}({', '.join(arguments)})"
        return line if len(line) <= _LINE else f"{module}.{self.name}(\n{_lines(arguments)})"


def torch_calls(layer: ConvLayer, input_size: int | Pair | None) -> list[Call]:
    """A padding layer, Conv2d and an activation, as far as needed.

    Raises
    ------
    ValueError
        If the padding depends on the size of the input, and that is not given.
    """
    sides = _sides(layer, input_size)
    if sides is None:
        raise ValueError(_depends_on_size(layer))
    (top, bottom), (left, right) = sides
    alike = (top, left) == (bottom, right)
    rule = layer.padding == "same" and layer.stride == (1, 1)  # PyTorch has that "same"
    calls = []
    if not (alike or rule):
        pad = TORCH_PADS[layer.padding_mode]
        calls.append(Call(pad, ((left, right, top, bottom),), {}))
    named = _unusual(
        kernel_size=(_short(layer.kernel_size), None),
        stride=(_short(layer.stride), 1),
        padding=("same" if rule else 0 if calls else _short((top, left)), 0),
        dilation=(_short(layer.dilation), 1),
        groups=(layer.groups, 1),
        bias=(layer.bias is not None, True),
        padding_mode=("zeros" if calls else layer.padding_mode, "zeros"),
    )
    calls.append(Call("Conv2d", (layer.in_channels, layer.out_channels), named))
    if layer.activation is not None:
        calls.append(Call(TORCH_ACTIVATIONS[layer.activation], (), {}))
    return calls


def keras_calls(layer: ConvLayer) -> list[Call]:
    """ZeroPadding2D, if needed, and Conv2D or DepthwiseConv2D.

    Raises
    ------
    ValueError
        For what Keras lacks: padding with anything but zeros, and a stride and a dilation above 1
        in one layer, unless each channel is by itself.
    """
    sides = _sides(layer)
    if layer.padding_mode != "zeros" and sides != NO_PADDING:
        raise ValueError(
            f"padding_mode {layer.padding_mode!r} has no equal in Keras, whose layers pad with "
            "zeros only. Pad the images before the layer, with numpy.pad and "
            f"mode={_NUMPY_MODES[layer.padding_mode]!r}, and convert "
            "dataclasses.replace(layer, padding=0)."
        )
    alone = layer.groups == layer.in_channels  # each channel by itself
    strided, dilated = max(layer.stride) > 1, max(layer.dilation) > 1
    if strided and dilated and not alone:
        raise ValueError(_stride_and_dilation(layer, sides))
    rule = layer.padding == "same" or sides == _sides(layer, padding="same") != NO_PADDING
    dtype = layer.weight.dtype.name
    calls = []
    if not rule and sides != NO_PADDING:
        calls.append(Call("ZeroPadding2D", (sides,), _unusual(dtype=(dtype, "float32"))))
    # On a CPU, TensorFlow may have no depthwise convolution with two different strides; with
    # dilation, Keras takes another way.
    usual = layer.groups > 1 and layer.stride[0] == layer.stride[1]
    depthwise = alone and (usual or (strided and dilated))
    named = _unusual(
        kernel_size=(_short(layer.kernel_size), None),
        depth_multiplier=(layer.out_channels // layer.groups if depthwise else 1, 1),
        strides=(_short(layer.stride), 1),
        padding=("same" if rule else "valid", "valid"),
        dilation_rate=(_short(layer.dilation), 1),
        groups=(1 if depthwise else layer.groups, 1),
        activation=(layer.activation, None),
        use_bias=(layer.bias is not None, True),
        dtype=(dtype, "float32"),
    )
    if depthwise:
        calls.append(Call("DepthwiseConv2D", (), named))
    else:
        calls.append(Call("Conv2D", (layer.out_channels,), named))
    return calls


def torch_code(layer: ConvLayer, input_size: int | Pair | None) -> str:
    """The lines that make the layer in PyTorch."""
    steps = [call.code("torch.nn") for call in torch_calls(layer, input_size)]
    made = steps[0] if len(steps) == 1 else f"torch.nn.Sequential(\n{_lines(steps)})"
    return f"import torch\n\nlayer = {made}{_TORCH_CASTS[layer.weight.dtype.name]}"


def keras_code(layer: ConvLayer) -> str:
    """The lines that make the layer in Keras."""
    steps = [call.code("keras.layers") for call in keras_calls(layer)]
    made = steps[0]
    if len(steps) > 1:
        made = f"keras.Sequential(\n    [\n{indent(_lines(steps), '    ')}    ]\n)"
    return f"import keras\n\nlayer = {made}"


def _sides(
    layer: ConvLayer,
    input_size: int | Pair | None = None,
    padding: Sides | PaddingRule | None = None,
) -> Sides | None:
    """The padding per side; None if it depends on the size of the input, which is not given.

    "same" adds D(F - 1) cells at stride 1, and none to a kernel of one cell: for any size.
    """
    padding = layer.padding if padding is None else padding
    if input_size is None:
        axes = zip(layer.stride, layer.kernel_size, strict=True)
        if padding == "same" and any(stride > 1 and kernel > 1 for stride, kernel in axes):
            return None
        input_size = 1
    return resolve_padding(padding, input_size, layer.kernel_size, layer.stride, layer.dilation)


def _depends_on_size(layer: ConvLayer) -> str:
    small = 4 * layer.stride[0], 4 * layer.stride[1]
    large = small[0] + 1, small[1] + 1
    return (
        f'padding "same" with stride {layer.stride} has no equal in PyTorch that fits every input: '
        f"it adds {_sides(layer, small)}, as ((top, bottom), (left, right)), to an input of "
        f"{small}, but {_sides(layer, large)} to one of {large}. "
        "Give input_size=(height, width) to get the layer for that size."
    )


def _stride_and_dilation(layer: ConvLayer, sides: Sides | None) -> str:
    refusal = (
        f"stride {layer.stride} with dilation {layer.dilation} has no equal in Keras, which "
        "refuses strides > 1 together with dilation_rate > 1."
    )
    if sides is None:
        return refusal
    rows, columns = layer.stride
    return (
        f"{refusal} The same numbers are among those of stride 1: "
        f"dataclasses.replace(layer, stride=1).to_keras()(images)[:, ::{rows}, ::{columns}]."
    )


def _unusual(**arguments: tuple[Any, Any]) -> dict[str, Any]:
    """Of arguments given as (value, default), those with a value of their own."""
    return {name: value for name, (value, default) in arguments.items() if value != default}


def _short(pair: Pair) -> int | Pair:
    """One number for two that are alike."""
    return pair[0] if pair[0] == pair[1] else pair


def _literal(value: object) -> str:
    return f'"{value}"' if isinstance(value, str) else repr(value)


def _lines(items: list[str]) -> str:
    """One item a line, indented, each with its comma."""
    return indent("".join(f"{item},\n" for item in items), "    ")
