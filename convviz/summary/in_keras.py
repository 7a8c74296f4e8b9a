"""Go through a Keras model, along the graph that it keeps of its layers.

Nothing is computed: every layer is asked what it makes of an input of given shape.
"""

from __future__ import annotations

from math import prod
from typing import Any, NamedTuple

import keras

from convviz.arguments import Pair
from convviz.fields import ReceptiveField, Window
from convviz.summary.seen import Seen, merge, words
from convviz.summary.table import Row, Summary

_CONVOLUTIONS = words("Conv2D DepthwiseConv2D SeparableConv2D")
_POOLINGS = words("MaxPooling2D AveragePooling2D")
_GLOBAL_POOLINGS = words("GlobalAveragePooling2D GlobalMaxPooling2D")
_ADAPTIVE_POOLINGS = words("AdaptiveAveragePooling2D AdaptiveMaxPooling2D")
_RESHAPES = words("Flatten Reshape")
# Layers and functions that work on each number by itself, of one tensor or more; batch
# normalisation does so when it is not training.
_CELLWISE = words(
    "Activation Dropout SpatialDropout2D GaussianDropout GaussianNoise AlphaDropout Identity "
    "BatchNormalization Rescaling ReLU LeakyReLU PReLU ELU Relu Relu6 LeakyRelu Elu Selu Gelu Silu "
    "Sigmoid HardSigmoid HardSilu Softplus Softsign Tanh Mish Negative Absolute Square Sqrt Exp "
    "Log Power Clip Add Subtract Multiply Divide TrueDivide Average Maximum Minimum"
)
# No weight meets a number in these, but there is no one field for all outputs either.
_MIXING = words(
    "LayerNormalization GroupNormalization UnitNormalization UpSampling2D Cropping2D Resizing "
    "Permute RepeatVector GetItem Transpose ExpandDims Squeeze Mean Sum Max Min Stack Split"
)


def summarise(model: keras.Model, input_size: tuple[int, int, int] | None) -> Summary:
    """The table of a Keras model; `input_size` is (H, W, C), or None where the model knows it."""
    if isinstance(model, keras.Sequential) and not model.built:
        if input_size is None:
            raise ValueError("input_size must be given, as (H, W, C): model is not built yet.")
        model = keras.models.clone_model(model, input_tensors=keras.Input(input_size))
    size = _check_input(model, input_size)
    walk = _Walk()
    spec = keras.KerasTensor((None, *size), dtype=model.inputs[0].dtype)
    try:
        walk.follow(model, [_Followed(spec, Seen(ReceptiveField(), size[:2]))], "")
    except ValueError as error:
        raise ValueError(
            f"input_size {size}, as (H, W, C), does not go through the model: {error}"
        ) from error
    return Summary(tuple(walk.rows), "H, W, C", walk.statistics, {})


def _check_input(
    model: keras.Model, input_size: tuple[int, int, int] | None
) -> tuple[int, int, int]:
    if not _has_graph(model):
        raise ValueError(
            f"model must be a Sequential or functional model, but {type(model).__name__} is "
            "subclassed: it keeps no graph of its layers."
        )
    if len(model.inputs) != 1:
        names = ", ".join(tensor.name for tensor in model.inputs)
        raise ValueError(
            f"model must have one input, but {model.name} has {len(model.inputs)}: {names}."
        )
    known = tuple(model.inputs[0].shape[1:])
    if len(known) != 3:
        raise ValueError(f"model must take images, (H, W, C), but takes {known}.")
    if input_size is None:
        if None in known:
            raise ValueError(f"input_size must be given, as (H, W, C): model takes {known}.")
        return known
    if any(of_model not in (None, n) for of_model, n in zip(known, input_size, strict=True)):
        raise ValueError(
            f"input_size must agree with the model, which takes {known} as (H, W, C), "
            f"but is {input_size}."
        )
    return input_size


def _has_graph(layer: keras.Layer) -> bool:
    return isinstance(layer, keras.Model) and bool(getattr(layer, "inputs", None))


class _Followed(NamedTuple):
    """An array that is made of the model's input: its shape and dtype, and what its cells see."""

    spec: keras.KerasTensor
    seen: Seen | None


class _Walk:
    """Writes a row for each call of a layer."""

    def __init__(self) -> None:
        self.rows: list[Row] = []
        self.statistics = 0
        self._counted: set[int] = set()

    def follow(self, model: keras.Model, inputs: list[_Followed], prefix: str) -> list[_Followed]:
        """Go through a model with its inputs; what it puts out."""
        if isinstance(model, keras.Sequential):
            for layer in model.layers:
                inputs = self._call(layer, (inputs[0].spec,), {}, inputs, prefix)
            return inputs
        known = {id(tensor): given for tensor, given in zip(model.inputs, inputs, strict=True)}
        for node in _find_nodes(model.outputs):
            tensors = node.arguments.keras_tensors
            if tensors:
                specs = {key: array.spec for key, array in known.items()}
                args, kwargs = node.arguments.fill_in(specs)
                given = [known[id(tensor)] for tensor in tensors]
                results = self._call(node.operation, args, kwargs, given, prefix)
                known |= {id(t): result for t, result in zip(node.outputs, results, strict=True)}
        return [known[id(tensor)] for tensor in model.outputs]

    def _call(
        self,
        layer: keras.Layer,
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
        inputs: list[_Followed],
        prefix: str,
    ) -> list[_Followed]:
        name = prefix + layer.name
        if _has_graph(layer):
            return self.follow(layer, inputs, f"{name}.")
        if getattr(layer, "data_format", None) == "channels_first":
            raise ValueError(f"{name} has data_format channels_first; only channels_last is known.")
        outputs = keras.tree.flatten(layer.compute_output_spec(*args, **kwargs))
        macs, seen = None, None
        if len(outputs) == 1 and type(layer).__module__.startswith("keras."):
            macs, seen = _effect(layer, inputs, tuple(outputs[0].shape[1:]))
        size = tuple(outputs[0].shape[1:]) if len(outputs) == 1 else None
        field = None if seen is None else seen.field.size
        kind = type(layer).__name__
        self.rows.append(Row(name, kind, size, self._count_new(layer), macs, field))
        return [_Followed(spec, seen) for spec in outputs]

    def _count_new(self, layer: keras.Layer) -> int:
        """Parameters that were not counted before; what a gradient never changes is set apart."""
        new = [w for w in getattr(layer, "weights", ()) if id(w) not in self._counted]
        self._counted |= set(map(id, new))
        count = sum(prod(weight.shape) for weight in new)
        if isinstance(layer, keras.layers.BatchNormalization):
            moving = {id(layer.moving_mean), id(layer.moving_variance)}
            statistics = sum(prod(weight.shape) for weight in new if id(weight) in moving)
            self.statistics += statistics
            count -= statistics
        return count


def _find_nodes(outputs: list[keras.KerasTensor]) -> list[Any]:
    """The calls that lead to `outputs`, each after those that it needs, branch by branch."""
    nodes: list[Any] = []  # Keras keeps their class to itself
    visited: set[int] = set()
    waiting = [(_node_of(tensor), False) for tensor in reversed(outputs)]
    while waiting:
        node, ready = waiting.pop()
        if ready:
            nodes.append(node)
        elif id(node) not in visited:
            visited.add(id(node))
            waiting.append((node, True))
            needed = reversed(node.arguments.keras_tensors)
            waiting += [(_node_of(tensor), False) for tensor in needed]
    return nodes


def _node_of(tensor: keras.KerasTensor) -> Any:
    history = tensor._keras_history
    return history.operation._inbound_nodes[history.node_index]


def _effect(
    layer: keras.Layer, inputs: list[_Followed], size: tuple[int, ...]
) -> tuple[int | None, Seen | None]:
    """Multiply-accumulates, and what the output sees; None for what is not known."""
    kind, (first, seen) = type(layer).__name__, inputs[0]
    given = tuple(first.shape[1:])
    if kind in _CONVOLUTIONS:
        window = Window(layer.kernel_size, layer.strides, layer.padding, layer.dilation_rate)
        macs = _macs_of_convolution(layer, given, size)
        return macs, seen and seen.through(window, _places(size))
    if kind == "Conv2DTranspose":
        return prod(given) * layer.filters * prod(layer.kernel_size), None
    if kind == "Dense":
        of_vector = len(given) == 1
        return prod(size) * given[-1], seen.gathered() if seen and of_vector else seen
    if kind in _POOLINGS:
        window = Window(layer.pool_size, layer.strides, layer.padding)
        return 0, seen and seen.through(window, _places(size))
    if kind in _GLOBAL_POOLINGS:
        return 0, seen and seen.gathered()
    if kind in _ADAPTIVE_POOLINGS:
        return 0, seen and seen.pooled_to(_places(size))
    if kind == "ZeroPadding2D":
        return 0, seen and seen.through(Window(1, padding=layer.padding), _places(size))
    if kind in _RESHAPES:
        return 0, seen if len(size) == 1 else None
    if kind == "Concatenate":
        of_channels = len(size) == 3 and layer.axis in (-1, 3)
        return 0, merge([seen for _, seen in inputs]) if of_channels else None
    if _is_softmax(layer):
        over_channels = len(size) == 3 and getattr(layer, "axis", -1) in (-1, 3)
        return 0, seen if over_channels else _mixed(seen, size)
    if kind in _CELLWISE:
        merged = merge([seen for _, seen in inputs])
        return 0, merged if size == given else None
    return (0, _mixed(seen, size)) if kind in _MIXING else (None, None)


def _places(size: tuple[int, ...]) -> Pair:
    return size[0], size[1]


def _macs_of_convolution(layer: keras.Layer, given: tuple[int, ...], size: tuple[int, ...]) -> int:
    channels, window = given[-1], prod(layer.kernel_size)
    kind = type(layer).__name__
    if kind == "DepthwiseConv2D":
        return prod(size) * window
    if kind == "SeparableConv2D":
        between = channels * layer.depth_multiplier
        return prod(size[:2]) * between * window + prod(size) * between
    return prod(size) * window * (channels // layer.groups)


def _is_softmax(layer: keras.Layer) -> bool:
    activation = getattr(getattr(layer, "activation", None), "__name__", "")
    return type(layer).__name__ in ("Softmax", "LogSoftmax") or activation.endswith("softmax")


def _mixed(seen: Seen | None, size: tuple[int, ...]) -> Seen | None:
    """Behind something that mixes numbers; with one place only, all see the same anyway."""
    return seen if seen and seen.places == (1, 1) and len(size) == 1 else None
