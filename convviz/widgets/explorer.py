"""`ConvExplorer`: one convolution layer on one small input, every number of it in sight."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NoReturn, Unpack

import numpy as np
import traitlets
from numpy.typing import ArrayLike

from convviz.arguments import (
    Padding,
    Pair,
    as_choice,
    as_flag,
    as_int,
    as_padding,
    as_pair,
    entries,
    given_per_axis,
)
from convviz.catalogue import text
from convviz.examples import example
from convviz.frameworks import ConvLayer
from convviz.geometry import make_axes
from convviz.ops import (
    PADDING_MODES,
    LayerSettings,
    PaddingMode,
    Settings,
    as_settings,
    conv2d,
)
from convviz.widgets.arrays import as_before, as_list, check_drawable_layer, drawable
from convviz.widgets.controls import Controls
from convviz.widgets.linked import Explorer, Picture

if TYPE_CHECKING:
    from convviz.stills.saving import GifOptions

Panel = Literal["settings", "values", "same", "code", "save"]
Prediction = Literal["output_size", "output_value"]

#: The arguments of `ConvExplorer` that a layer brings along, in their order.
_Parts = tuple[np.ndarray, np.ndarray | None, int | Pair, Padding, int | Pair, int, PaddingMode]

_STATIC = Path(__file__).parent / "static"
_ARRAYS = ("input", "weight", "bias")
_LINKED = (
    *("stride", "padding", "dilation", "padding_mode"),
    *("position", "out_channel", "panel", "heat_map", "predict"),
)
#: Settings with a slider, and where it stands while the setting is no single number.
_KNOBS = {"stride": 1, "dilation": 1, "padding": 0}
#: What can be opened under the sliders, one at a time.
PANELS: tuple[Panel, ...] = ("settings", "values", "same", "code", "save")
#: What a learner can be asked for before it is shown.
PREDICTIONS: tuple[Prediction, ...] = ("output_size", "output_value")


class ConvExplorer(Explorer):
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
    predict : "output_size", "output_value" or None
        What the learner is to predict before the picture shows it: the size of the output, or
        the number in the cell that the kernel stands on. A wrong answer is told why.
    panel : "settings", "values", "same", "code", "save" or None
        What is open under the sliders: the settings that have no slider of their own; kernels
        known by name, and cells that a click edits; "same" in Keras beside PyTorch's padding;
        the code in PyTorch and Keras; the picture as SVG and PNG.
    heat_map : bool
        Whether each input cell says how many cells of one output channel read it.

    Attributes
    ----------
    stride, padding, dilation, padding_mode, predict, panel, heat_map
        As above; can be set and observed. A pair gets a slider for each of its numbers.
    input, weight, bias : ndarray, read-only; `bias` may be None
        The numbers as they stand, also after a learner has edited them in the picture. Set a
        whole array to change them.
    groups : int
        Can be observed. It is the picture that changes it, together with the weight's shape.
    kernel_size : (height, width)
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

    input: traitlets.TraitType[np.ndarray, ArrayLike] = traitlets.TraitType()
    weight: traitlets.TraitType[np.ndarray, ArrayLike] = traitlets.TraitType()
    bias: traitlets.TraitType[np.ndarray | None, ArrayLike | None] = traitlets.TraitType(None)
    stride: traitlets.TraitType[int | Pair, int | Pair] = traitlets.TraitType(1)
    padding: traitlets.TraitType[Padding, Padding] = traitlets.TraitType(0)
    dilation: traitlets.TraitType[int | Pair, int | Pair] = traitlets.TraitType(1)
    groups: traitlets.TraitType[int, NoReturn] = traitlets.TraitType(1, read_only=True)
    padding_mode: traitlets.TraitType[PaddingMode, PaddingMode] = traitlets.TraitType("zeros")
    position: traitlets.TraitType[int, int] = traitlets.TraitType(0)
    out_channel: traitlets.TraitType[int, int] = traitlets.TraitType(0)
    predict: traitlets.TraitType[Prediction | None, Prediction | None] = traitlets.TraitType(None)
    panel: traitlets.TraitType[Panel | None, Panel | None] = traitlets.TraitType(None)
    heat_map: traitlets.TraitType[bool, bool] = traitlets.TraitType(False)

    def __init__(
        self,
        input: ArrayLike | None = None,
        weight: ArrayLike | ConvLayer | None = None,
        bias: ArrayLike | None = None,
        *,
        stride: int | Pair = 1,
        padding: Padding = 0,
        dilation: int | Pair = 1,
        groups: int = 1,
        padding_mode: PaddingMode = "zeros",
        predict: Prediction | None = None,
        panel: Panel | None = None,
        heat_map: bool = False,
    ):
        if input is None and weight is None:
            input, weight, bias = example()
        if isinstance(weight, ConvLayer):
            settings = as_settings(stride, padding, dilation, groups, padding_mode)
            if bias is not None or settings != Settings():
                raise ValueError(text("layer_has_settings"))
            weight, bias, stride, padding, dilation, groups, padding_mode = _parts_of(weight)
        self._picture: _Picture | None = None
        x, w = drawable("input", input), drawable("weight", weight)
        b = None if bias is None else drawable("bias", bias)
        groups = as_int("groups", groups, 1)
        check_drawable_layer(x, w, b, groups)
        super().__init__(
            input=x,
            weight=w,
            bias=b,
            stride=stride,
            padding=padding,
            dilation=dilation,
            padding_mode=padding_mode,
            predict=predict,
            panel=panel,
            heat_map=heat_map,
        )
        self.set_trait("groups", groups)
        self._picture = _Picture(
            **{name: as_list(getattr(self, name)) for name in _ARRAYS},
            groups=groups,
            _last_position=max(self._outputs() - 1, 0),
            **self._knobs(),
            **{name: getattr(self, name) for name in _LINKED},
        )
        for name in _LINKED:
            traitlets.link((self, name), (self._picture, name))
        self._picture.observe(self._hear_layer, [*_ARRAYS, "groups"])
        self._controls = Controls(self._picture)
        self.children = (self._controls, self._picture)
        self.add_class("convviz")

    @property
    def kernel_size(self) -> Pair:
        """Rows and columns of the kernel."""
        return self.weight.shape[2:]

    @property
    def output(self) -> np.ndarray:
        """The result for the present settings, of shape (C_out, H_out, W_out).

        Raises
        ------
        ValueError
            If the present setting has no output.
        """
        return conv2d(*self._arrays(), **self._settings())

    def save_gif(self, path: str | os.PathLike[str], **options: Unpack[GifOptions]) -> Path:
        """Save the kernel's walk over the output, for the present settings, as a GIF.

        Parameters
        ----------
        path : str or path-like
            Where to; ends in ``.gif``.
        **options
            out_channel, milliseconds, width, loop and progress, as for `convviz.save_gif`.

        Returns
        -------
        pathlib.Path

        Raises
        ------
        TypeError, ValueError, FileNotFoundError
            As `convviz.save_gif` does.
        """
        from convviz.stills import save_gif

        return save_gif(path, *self._arrays(), **self._settings(), **options)

    def _still(self) -> bytes | None:
        if self.predict is not None:
            return None
        from convviz.stills import still_png

        return still_png(
            *self._arrays(),
            **self._settings(),
            position=self.position,
            out_channel=self.out_channel,
        )

    def _arrays(self) -> tuple[np.ndarray, np.ndarray, np.ndarray | None]:
        return self.input, self.weight, self.bias

    def _settings(self) -> LayerSettings:
        return {
            "stride": self.stride,
            "padding": self.padding,
            "dilation": self.dilation,
            "groups": self.groups,
            "padding_mode": self.padding_mode,
        }

    def __repr__(self) -> str:
        shapes = f"input {self.input.shape}, weight {self.weight.shape}"
        return (
            f"ConvExplorer({shapes}, stride={self.stride}, padding={self.padding!r}, "
            f"dilation={self.dilation})"
        )

    @traitlets.validate(*_ARRAYS)
    def _check_array(self, proposal: traitlets.Bunch) -> np.ndarray | None:
        name, value = proposal.trait.name, proposal.value
        if self._picture is None or self._picture.hearing:
            return value
        parts: dict[str, Any] = {other: getattr(self, other) for other in _ARRAYS}
        parts[name] = None if name == "bias" and value is None else drawable(name, value)
        weight, filters = parts["weight"], len(self.weight)
        if weight.ndim == 4 and len(weight) != filters:
            raise ValueError(text("weight_keeps_filters", now=filters, shape=weight.shape))
        check_drawable_layer(**parts, groups=self.groups)
        return parts[name]

    @traitlets.validate("padding_mode")
    def _check_padding_mode(self, proposal: traitlets.Bunch) -> PaddingMode:
        return as_choice("padding_mode", proposal.value, PADDING_MODES)

    @traitlets.validate("predict")
    def _check_predict(self, proposal: traitlets.Bunch) -> Prediction | None:
        return as_choice("predict", proposal.value, (*PREDICTIONS, None))

    @traitlets.validate("panel")
    def _check_panel(self, proposal: traitlets.Bunch) -> Panel | None:
        return as_choice("panel", proposal.value, (*PANELS, None))

    @traitlets.validate("heat_map")
    def _check_heat_map(self, proposal: traitlets.Bunch) -> bool:
        return as_flag("heat_map", proposal.value)

    @traitlets.validate("stride", "dilation")
    def _check_pair(self, proposal: traitlets.Bunch) -> int | Pair:
        pair = as_pair(proposal.trait.name, proposal.value, 1)
        return pair if given_per_axis(proposal.value) else pair[0]

    @traitlets.validate("padding")
    def _check_padding(self, proposal: traitlets.Bunch) -> Padding:
        sides, given = as_padding(proposal.value), entries(proposal.value)
        if isinstance(sides, str):
            return sides
        if given is None:
            return sides[0][0]
        return sides if given_per_axis(*given) else (sides[0][0], sides[1][0])

    @traitlets.validate("out_channel")
    def _check_out_channel(self, proposal: traitlets.Bunch) -> int:
        return as_int("out_channel", proposal.value, 0, len(self.weight) - 1)

    @traitlets.validate("position")
    def _check_position(self, proposal: traitlets.Bunch) -> int:
        # What the browser reports fits the settings it reports with it, not those before.
        if self._picture and self._picture.hearing:
            return proposal.value
        return as_int("position", proposal.value, 0, max(self._outputs() - 1, 0))

    @traitlets.observe("stride", "padding", "dilation", "input", "weight")
    def _settings_changed(self, _change: traitlets.Bunch) -> None:
        if self._picture is None or self._picture.hearing:
            return
        last = self._outputs() - 1
        if last >= 0:
            self.position = min(self.position, last)
            self._picture._last_position = last
        self._controls.reach(self._knobs())

    @traitlets.observe(*_ARRAYS)
    def _tell_array(self, change: traitlets.Bunch) -> None:
        if change.new is not None:
            change.new.flags.writeable = False
        if self._picture is not None and not self._picture.hearing:
            setattr(self._picture, change.name, as_list(change.new))

    def _hear_layer(self, change: traitlets.Bunch) -> None:
        if not change.owner.hearing:
            return
        if change.name == "groups":
            self.set_trait("groups", change.new)
        else:
            setattr(self, change.name, as_before(change.new, getattr(self, change.name)))

    def _knobs(self) -> dict[str, int]:
        """Where the sliders stand."""
        values = {name: getattr(self, name) for name in _KNOBS}
        return {f"_{k}": v if isinstance(v, int) else _KNOBS[k] for k, v in values.items()}

    def _outputs(self) -> int:
        height, width = make_axes(
            self.input.shape[1:],
            self.weight.shape[2:],
            stride=self.stride,
            padding=self.padding,
            dilation=self.dilation,
        )
        return height.output * width.output


def _parts_of(layer: ConvLayer) -> _Parts:
    """What a layer consists of, its settings written as one number wherever that says it all."""
    padding: Padding = layer.padding
    if not isinstance(layer.padding, str):
        (top, bottom), (left, right) = layer.padding
        if top == bottom and left == right:
            padding = _one_number((top, left))
    stride, dilation = _one_number(layer.stride), _one_number(layer.dilation)
    return (layer.weight, layer.bias, stride, padding, dilation, layer.groups, layer.padding_mode)


def _one_number(pair: Pair) -> int | Pair:
    return pair[0] if pair[0] == pair[1] else pair


class _Picture(Picture):
    """The part that the browser draws. The knobs `_stride` ... are explained in controls.py."""

    _esm = _STATIC / "explorer.js"
    _css = _STATIC / "explorer.css"

    input: traitlets.List[Any] = traitlets.List().tag(sync=True)
    weight: traitlets.List[Any] = traitlets.List().tag(sync=True)
    bias: traitlets.List[Any] = traitlets.List(None, allow_none=True).tag(sync=True)
    groups = traitlets.Int(1).tag(sync=True)
    padding_mode = traitlets.Unicode("zeros").tag(sync=True)
    stride = traitlets.Any(1).tag(sync=True)
    padding = traitlets.Any(0).tag(sync=True)
    dilation = traitlets.Any(1).tag(sync=True)
    out_channel = traitlets.Int(0).tag(sync=True)
    predict = traitlets.Unicode(None, allow_none=True).tag(sync=True)
    panel = traitlets.Unicode(None, allow_none=True).tag(sync=True)
    heat_map = traitlets.Bool(False).tag(sync=True)

    _stride = traitlets.Int(1).tag(sync=True)
    _dilation = traitlets.Int(1).tag(sync=True)
    _padding = traitlets.Int(0).tag(sync=True)
    _padding_full = traitlets.Bool(False).tag(sync=True)
    _apart = traitlets.Bool(False).tag(sync=True)
    _revealed: traitlets.List[Any] = traitlets.List().tag(sync=True)
