"""A chain of convolutions before there is a network: its sizes, what it costs and what it sees.

A `Layer` knows its settings, what it makes of an input's size, and how many weights and products
that takes; a `Design` adds this up along a chain. Integers only; there are no weights yet.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from math import prod

import numpy as np

from convviz.arguments import Pair, as_flag, as_int, as_pair
from convviz.axis import Axis
from convviz.catalogue import text
from convviz.fields import ReceptiveField, Window
from convviz.geometry import make_axes
from convviz.receptive_field import receptive_field

Size = tuple[int, int, int]


@dataclass(frozen=True, init=False)
class Layer:
    """A convolution, with all its settings.

    Attributes
    ----------
    in_channels, out_channels : int
        At least 1.
    kernel_size, stride, dilation : int or (height, width)
        Each at least 1. Kept as pairs.
    padding : int or (height, width)
        Cells added on each side. Kept as a pair.
    groups : int
        Divides both `in_channels` and `out_channels`.
    bias : bool

    Raises
    ------
    TypeError, ValueError
        For a setting of the wrong form or range.

    Examples
    --------
    >>> layer = Layer(8, 12, (3, 5), padding=(1, 2), groups=4)
    >>> layer.stride, layer.parameters
    ((1, 1), 372)
    """

    in_channels: int
    out_channels: int
    kernel_size: Pair
    stride: Pair = (1, 1)
    padding: Pair = (0, 0)
    dilation: Pair = (1, 1)
    groups: int = 1
    bias: bool = True

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel_size: int | Pair,
        stride: int | Pair = 1,
        padding: int | Pair = 0,
        dilation: int | Pair = 1,
        groups: int = 1,
        bias: bool = True,
    ):
        checked = {
            "in_channels": as_int("in_channels", in_channels, 1),
            "out_channels": as_int("out_channels", out_channels, 1),
            "groups": as_int("groups", groups, 1),
            "kernel_size": as_pair("kernel_size", kernel_size, 1),
            "stride": as_pair("stride", stride, 1),
            "padding": as_pair("padding", padding, 0),
            "dilation": as_pair("dilation", dilation, 1),
            "bias": as_flag("bias", bias),
        }
        for name, value in checked.items():
            object.__setattr__(self, name, value)
        if self.in_channels % self.groups or self.out_channels % self.groups:
            raise ValueError(text("design_groups", **asdict(self)))

    @property
    def window(self) -> Window:
        """What it reads of each channel."""
        return Window(self.kernel_size, self.stride, self.padding, self.dilation)

    @property
    def weights(self) -> int:
        """The number of its weights. A filter reads the input channels of its group only."""
        return self.out_channels * (self.in_channels // self.groups) * prod(self.kernel_size)

    @property
    def parameters(self) -> int:
        """The number of its weights and biases."""
        return self.weights + self.out_channels * self.bias

    def axes(self, size: Size) -> tuple[Axis, Axis]:
        """Its height and its width, on an input of a size."""
        return make_axes(size[1:], **self.window._asdict())

    def size_behind(self, size: Size) -> Size:
        """The size that it makes of an input's size.

        Parameters
        ----------
        size : (channels, height, width)

        Returns
        -------
        (channels, height, width)

        Raises
        ------
        ValueError
            If other channels come in than it reads, or the input is too small for a kernel that
            spans so much, or for so much padding; see `convviz.designs.read_design`.

        Examples
        --------
        >>> Layer(3, 16, 3, stride=2, padding=1).size_behind((3, 32, 120))
        (16, 16, 60)
        """
        if self.in_channels != size[0]:
            raise ValueError(text("design_in_channels", channels=size[0], value=self.in_channels))
        axes = self.axes(size)
        for name, axis in zip(("rows", "columns"), axes, strict=True):
            if axis.span > axis.input:
                sentence = text(f"design_span_{name}", span=axis.span, cells=axis.input)
                raise ValueError(sentence)
            padding, most = axis.padding[0], (axis.span - 1) // 2
            if padding > most:
                sentence = text(f"design_padding_{name}", value=padding, span=axis.span, most=most)
                raise ValueError(sentence)
        return self.out_channels, axes[0].output, axes[1].output

    def multiply_accumulates(self, size: Size) -> int:
        """One for each product of a weight and a number; those with the padding count as well.

        Parameters
        ----------
        size : (channels, height, width)
            Of its input.

        Raises
        ------
        ValueError
            As `size_behind` does.

        Examples
        --------
        >>> Layer(2, 4, 3, stride=(2, 1), padding=(1, 0)).multiply_accumulates((2, 6, 10))
        1728
        """
        _, height, width = self.size_behind(size)
        return self.weights * height * width


@dataclass(frozen=True)
class Design:
    """A chain of layers that a picture goes through, as `convviz.designs.read_design` gives it.

    Attributes
    ----------
    layers : tuple of Layer
    sizes : tuple of (channels, height, width)
        The picture's, and behind every layer: one more than there are layers.

    Examples
    --------
    >>> halving = {"kernel_size": 3, "stride": 2, "padding": 1}
    >>> layers = Layer(3, 8, **halving), Layer(8, 8, **halving, groups=8)
    >>> design = Design(layers, ((3, 12, 20), (8, 6, 10), (8, 3, 5)))
    >>> design.parameters, design.multiply_accumulates
    ((224, 80), (12960, 1080))
    >>> design.field.size, design.unread
    ((7, 7), ((), ()))
    """

    layers: tuple[Layer, ...]
    sizes: tuple[Size, ...]

    @property
    def parameters(self) -> tuple[int, ...]:
        """The weights and biases of each layer."""
        return tuple(layer.parameters for layer in self.layers)

    @property
    def multiply_accumulates(self) -> tuple[int, ...]:
        """The multiply-accumulates of each layer, for one picture."""
        inputs = self.sizes[:-1]
        pairs = zip(self.layers, inputs, strict=True)
        return tuple(layer.multiply_accumulates(size) for layer, size in pairs)

    @property
    def field(self) -> ReceptiveField:
        """What a number of the output sees of the picture."""
        return receptive_field(layer.window for layer in self.layers)

    @property
    def unread(self) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """The rows and the columns of the picture on which no number of the output depends.

        Raises
        ------
        ValueError
            If the picture is so large that ``Axis.reads`` is not made.
        """
        layers = zip(self.layers, self.sizes[:-1], strict=True)
        heights, widths = zip(*(layer.axes(size) for layer, size in layers), strict=True)
        return _unread(heights), _unread(widths)


def _unread(axes: tuple[Axis, ...]) -> tuple[int, ...]:
    """The cells of the first axis's input on which no cell of the last one's output depends."""
    read = np.arange(axes[-1].output)
    for axis in reversed(axes):
        cells = np.unique(axis.reads[read])
        read = cells[(cells >= 0) & (cells < axis.input)]
    return tuple(np.setdiff1d(np.arange(axes[0].input), read).tolist())
