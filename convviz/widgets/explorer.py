"""`ConvExplorer`: one convolution layer on one small input, every number of it in sight."""

from __future__ import annotations

from pathlib import Path

import ipywidgets
import numpy as np
import traitlets

from convviz.arguments import as_int, as_padding, as_pair
from convviz.arrays import check_layer_shapes
from convviz.catalogue import text
from convviz.examples import example
from convviz.frameworks import ConvLayer
from convviz.geometry import make_axes
from convviz.ops import PADDING_MODES, conv2d
from convviz.widgets.arrays import check_drawable_size, drawable
from convviz.widgets.controls import Controls, knob_values
from convviz.widgets.linked import Picture

_STATIC = Path(__file__).parent / "static"
_LINKED = ("stride", "padding", "dilation", "position", "out_channel")


class ConvExplorer(ipywidgets.VBox):
    """A convolution that can be taken apart by hand: sliders above, every number below.

    The picture shows each input channel with its padding, the kernels of one output channel,
    the products and their sum for each input channel, the bias, and every output channel. The
    browser does the drawing and its arithmetic, so the sliders work without a kernel.

    Parameters
    ----------
    input : (C_in, H, W) array_like, optional
        Real, finite numbers; small integers are the easiest to follow. Without `input` and
        `weight`, an example with two channels in and two out.
    weight : (C_out, C_in / groups, kH, kW) array_like, or ConvLayer
        A layer from `from_torch` or `from_keras` brings its bias and settings along; what is
        shown is its convolution, before an activation.
    bias : (C_out,) array_like, optional
    stride, dilation : int or (height, width)
    padding : int, (height, width), ((top, bottom), (left, right)), "valid" or "same"
    groups : int
    padding_mode : "zeros", "reflect", "replicate" or "circular"

    Attributes
    ----------
    stride, padding, dilation
        As above; can be set and observed. A pair gets a slider for each of its numbers.
    position : int
        Row-major index of the output cell that the kernel stands on.
    out_channel : int
        The output channel whose kernels are shown.
    output : (C_out, H_out, W_out) ndarray
        The result for the present settings.

    Raises
    ------
    TypeError, ValueError
        For an argument of the wrong form, shape or range; the message names it.

    Examples
    --------
    >>> explorer = ConvExplorer()
    >>> explorer.stride = 2
    >>> explorer.padding = 1
    >>> explorer.output.tolist()
    [[[15, 10], [8, 19]], [[6, 21], [9, 21]]]
    """

    stride = traitlets.TraitType(1)
    padding = traitlets.TraitType(0)
    dilation = traitlets.TraitType(1)
    position = traitlets.TraitType(0)
    out_channel = traitlets.TraitType(0)

    def __init__(
        self,
        input=None,
        weight=None,
        bias=None,
        *,
        stride=1,
        padding=0,
        dilation=1,
        groups=1,
        padding_mode="zeros",
    ):
        if input is None and weight is None:
            input, weight, bias = example()
        if isinstance(weight, ConvLayer):
            settings = (stride, padding, dilation, groups, padding_mode)
            if bias is not None or settings != (1, 0, 1, 1, "zeros"):
                raise ValueError(text("layer_has_settings"))
            weight, bias, stride, padding, dilation, groups, padding_mode = _parts_of(weight)
        self._input = drawable("input", input)
        self._weight = drawable("weight", weight)
        self._bias = None if bias is None else drawable("bias", bias)
        self._groups = as_int("groups", groups, 1)
        self._padding_mode = padding_mode
        self._check_layer()
        self._picture = None
        super().__init__(stride=stride, padding=padding, dilation=dilation)
        self._picture = _Picture(
            input=self._input.tolist(),
            weight=self._weight.tolist(),
            bias=None if self._bias is None else self._bias.tolist(),
            groups=self._groups,
            padding_mode=padding_mode,
            _last_position=max(self._outputs() - 1, 0),
            **knob_values(self.stride, self.padding, self.dilation),
            **{name: getattr(self, name) for name in _LINKED},
        )
        for name in _LINKED:
            traitlets.link((self, name), (self._picture, name))
        self._controls = Controls(self._picture)
        self.children = (self._controls, self._picture)
        self.add_class("convviz")

    @property
    def output(self) -> np.ndarray:
        """The result for the present settings, of shape (C_out, H_out, W_out).

        Raises
        ------
        ValueError
            If the present setting has no output.
        """
        return conv2d(
            self._input,
            self._weight,
            self._bias,
            stride=self.stride,
            padding=self.padding,
            dilation=self.dilation,
            groups=self._groups,
            padding_mode=self._padding_mode,
        )

    def __repr__(self) -> str:
        shapes = f"input {self._input.shape}, weight {self._weight.shape}"
        return (
            f"ConvExplorer({shapes}, stride={self.stride}, padding={self.padding!r}, "
            f"dilation={self.dilation})"
        )

    def _check_layer(self):
        if self._input.ndim != 3:
            raise ValueError(text("one_image", shape=self._input.shape))
        bias = None if self._bias is None else self._bias.shape
        check_layer_shapes(self._input.shape, self._weight.shape, bias, self._groups)
        check_drawable_size(self._input, self._weight)
        if self._padding_mode not in PADDING_MODES:
            allowed, value = ", ".join(PADDING_MODES), repr(self._padding_mode)
            raise ValueError(text("unknown_padding_mode", allowed=allowed, value=value))

    @traitlets.validate("stride", "dilation")
    def _check_pair(self, proposal):
        pair = as_pair(proposal.trait.name, proposal.value, 1)
        return pair if isinstance(proposal.value, list | tuple) else pair[0]

    @traitlets.validate("padding")
    def _check_padding(self, proposal):
        value, sides = proposal.value, as_padding(proposal.value)
        if isinstance(value, str):
            return value
        if not isinstance(value, list | tuple):
            return sides[0][0]
        return sides if isinstance(value[0], list | tuple) else (sides[0][0], sides[1][0])

    @traitlets.validate("out_channel")
    def _check_out_channel(self, proposal):
        return as_int("out_channel", proposal.value, 0, len(self._weight) - 1)

    @traitlets.validate("position")
    def _check_position(self, proposal):
        # What the browser reports fits the settings it reports with it, not those before.
        if self._picture and self._picture.hearing:
            return proposal.value
        return as_int("position", proposal.value, 0, max(self._outputs() - 1, 0))

    @traitlets.observe("stride", "padding", "dilation")
    def _settings_changed(self, _change):
        if self._picture is None or self._picture.hearing:
            return
        last = self._outputs() - 1
        if last >= 0:
            self.position = min(self.position, last)
            self._picture._last_position = last
        self._controls.follow(self.stride, self.padding, self.dilation)

    def _outputs(self) -> int:
        height, width = make_axes(
            self._input.shape[1:],
            self._weight.shape[2:],
            stride=self.stride,
            padding=self.padding,
            dilation=self.dilation,
        )
        return height.output * width.output


def _parts_of(layer: ConvLayer) -> tuple:
    """What a layer consists of, its settings written as one number wherever that says it all."""
    padding = layer.padding
    if not isinstance(padding, str):
        (top, bottom), (left, right) = padding
        if top == bottom and left == right:
            padding = _one_number((top, left))
    stride, dilation = _one_number(layer.stride), _one_number(layer.dilation)
    return (layer.weight, layer.bias, stride, padding, dilation, layer.groups, layer.padding_mode)


def _one_number(pair):
    return pair[0] if pair[0] == pair[1] else pair


class _Picture(Picture):
    """The part that the browser draws. Knobs are explained in js/src/knobs.js."""

    _esm = _STATIC / "explorer.js"
    _css = _STATIC / "explorer.css"

    input = traitlets.List().tag(sync=True)
    weight = traitlets.List().tag(sync=True)
    bias = traitlets.List(None, allow_none=True).tag(sync=True)
    groups = traitlets.Int(1).tag(sync=True)
    padding_mode = traitlets.Unicode("zeros").tag(sync=True)
    stride = traitlets.Any(1).tag(sync=True)
    padding = traitlets.Any(0).tag(sync=True)
    dilation = traitlets.Any(1).tag(sync=True)
    position = traitlets.Int(0).tag(sync=True)
    out_channel = traitlets.Int(0).tag(sync=True)

    _last_position = traitlets.Int(0).tag(sync=True)
    _stride = traitlets.Int(1).tag(sync=True)
    _stride_height = traitlets.Int(1).tag(sync=True)
    _stride_width = traitlets.Int(1).tag(sync=True)
    _dilation = traitlets.Int(1).tag(sync=True)
    _dilation_height = traitlets.Int(1).tag(sync=True)
    _dilation_width = traitlets.Int(1).tag(sync=True)
    _padding = traitlets.Int(0).tag(sync=True)
    _padding_height = traitlets.Int(0).tag(sync=True)
    _padding_width = traitlets.Int(0).tag(sync=True)
    _padding_top = traitlets.Int(0).tag(sync=True)
    _padding_bottom = traitlets.Int(0).tag(sync=True)
    _padding_left = traitlets.Int(0).tag(sync=True)
    _padding_right = traitlets.Int(0).tag(sync=True)
    _padding_same = traitlets.Bool(False).tag(sync=True)
