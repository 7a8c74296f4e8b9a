"""A `ConvLayer` built in PyTorch and in Keras: the constructors called, and the weights put in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from convviz.arguments import Pair
from convviz.frameworks.constructors import Call, keras_calls, torch_calls

if TYPE_CHECKING:
    import keras
    import torch

    from convviz.frameworks.layer import ConvLayer


def build_in_torch(
    layer: ConvLayer, input_size: int | Pair | None
) -> torch.nn.Conv2d | torch.nn.Sequential:
    """What ``ConvLayer.to_torch`` gives, which has the arguments and errors."""
    calls = torch_calls(layer, input_size)
    import torch

    def make(call: Call) -> Any:  # of the class that the call names
        kind = getattr(torch.nn, call.name)
        if call.name != "Conv2d":
            return kind(*call.positional, **call.named)
        # A layer without memory draws no weights, and takes the dtype of those it is given.
        conv: torch.nn.Conv2d = kind(*call.positional, **call.named, device="meta")
        conv.weight = torch.nn.Parameter(torch.tensor(layer.weight))
        if layer.bias is not None:
            conv.bias = torch.nn.Parameter(torch.tensor(layer.bias))
        return conv

    made = [make(call) for call in calls]
    return made[0] if len(made) == 1 else torch.nn.Sequential(*made)


def build_in_keras(
    layer: ConvLayer,
) -> keras.layers.Conv2D | keras.layers.DepthwiseConv2D | keras.Sequential:
    """What ``ConvLayer.to_keras`` gives, which has the errors."""
    calls = keras_calls(layer)
    import keras

    # Said outright, whatever the defaults are set to in this Keras.
    fixed = {"data_format": "channels_last", "dtype": layer.weight.dtype.name}
    made = [
        getattr(keras.layers, call.name)(*call.positional, **(call.named | fixed)) for call in calls
    ]
    built = made[0] if len(made) == 1 else keras.Sequential(made)
    built.build((None, None, None, layer.in_channels))
    if calls[-1].name == "DepthwiseConv2D":
        multiplier = layer.out_channels // layer.groups
        by_channel = layer.weight.reshape(layer.groups, multiplier, *layer.kernel_size)
        kernel = by_channel.transpose(2, 3, 0, 1)
    else:
        kernel = layer.weight.transpose(2, 3, 1, 0)
    built.set_weights([kernel] if layer.bias is None else [kernel, layer.bias])
    return built
