"""`AxisExplorer`: one axis of a convolution as a strip, for inputs too large for a grid."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import ipywidgets
import traitlets

from convviz.arguments import PaddingRule, Pair, as_int, entries, is_text, padding_rule, shown
from convviz.axis import Axis
from convviz.catalogue import text
from convviz.geometry import make_axes
from convviz.widgets.linked import Explorer, Picture, make_checkbox, make_slider, make_walk

#: One number for both sides, (before, after), or a rule.
AxisPadding = int | Pair | PaddingRule

_STATIC = Path(__file__).parent / "static"
# The least value, how far the slider reaches, and the most that can be drawn.
_RANGES = {
    "input_size": (1, 256, 1024),
    "kernel_size": (1, 16, 128),
    "stride": (1, 16, 128),
    "padding": (0, 8, 128),
    "dilation": (1, 8, 32),
}
_WHOLE_NUMBERS = ("input_size", "kernel_size", "stride", "dilation")
_LINKED = (*_RANGES, "position")
_MILLISECONDS_PER_POSITION = 300


class AxisExplorer(Explorer):
    """One axis of a convolution, to scale: which input cells each output cell reads.

    The picture shows the output formula with its numbers, the whole padded input with the
    kernel on it, the output below, and the cells around the kernel enlarged. The browser does
    the drawing, so the sliders work without a kernel.

    Parameters
    ----------
    input_size, kernel_size : int
        Cells along the axis, at most 1024 and 128.
    stride, dilation : int
        At most 128 and 32.
    padding : int, (before, after), "valid" or "same"
        Cells added on each side, at most 128; "same" as in Keras.

    Attributes
    ----------
    input_size, kernel_size, stride, padding, dilation
        As above; can be set and observed.
    position : int
        Index of the output cell that the kernel stands on.
    output_size : int
        Cells of the output for the present settings.

    Raises
    ------
    TypeError, ValueError
        For an argument of the wrong form or range; the message names it.

    Examples
    --------
    >>> explorer = AxisExplorer(224, 11)
    >>> explorer.output_size
    214
    >>> explorer.kernel_size = 4
    >>> explorer.stride = 4
    >>> explorer.output_size
    56
    """

    input_size: traitlets.TraitType[int, int] = traitlets.TraitType(224)
    kernel_size: traitlets.TraitType[int, int] = traitlets.TraitType(11)
    stride: traitlets.TraitType[int, int] = traitlets.TraitType(1)
    padding: traitlets.TraitType[AxisPadding, AxisPadding] = traitlets.TraitType(0)
    dilation: traitlets.TraitType[int, int] = traitlets.TraitType(1)
    position: traitlets.TraitType[int, int] = traitlets.TraitType(0)

    def __init__(
        self,
        input_size: int = 224,
        kernel_size: int = 11,
        *,
        stride: int = 1,
        padding: AxisPadding = 0,
        dilation: int = 1,
    ):
        self._picture: _Picture | None = None
        super().__init__(
            input_size=input_size,
            kernel_size=kernel_size,
            stride=stride,
            padding=padding,
            dilation=dilation,
        )
        self._picture = _Picture(
            _last_position=max(self._axis.output - 1, 0),
            _interval=_MILLISECONDS_PER_POSITION,
            **_padding_knobs(self.padding),
            **{name: getattr(self, name) for name in _LINKED},
        )
        for name in _LINKED:
            traitlets.link((self, name), (self._picture, name))
        self._controls = _Controls(self._picture)
        self.children = (self._controls, self._picture)
        self.add_class("convviz")

    @property
    def output_size(self) -> int:
        """Cells of the output for the present settings.

        Raises
        ------
        ValueError
            If the kernel does not fit.
        """
        axis = self._axis
        if not axis.fits:
            raise ValueError(axis.misfit())
        return axis.output

    def _still(self) -> bytes:
        from convviz.stills import axis_still_png

        return axis_still_png(self._axis, self.position)

    def __repr__(self) -> str:
        settings = ", ".join(f"{name}={getattr(self, name)!r}" for name in _RANGES)
        return f"AxisExplorer({settings})"

    @traitlets.validate(*_WHOLE_NUMBERS)
    def _check_whole_number(self, proposal: traitlets.Bunch) -> int:
        least, _, most = _RANGES[proposal.trait.name]
        return as_int(proposal.trait.name, proposal.value, least, most)

    @traitlets.validate("padding")
    def _check_padding(self, proposal: traitlets.Bunch) -> AxisPadding:
        return _as_axis_padding(proposal.value)

    @traitlets.validate("position")
    def _check_position(self, proposal: traitlets.Bunch) -> int:
        if self._picture and self._picture.hearing:
            return proposal.value
        return as_int("position", proposal.value, 0, max(self._axis.output - 1, 0))

    @traitlets.observe(*_RANGES)
    def _settings_changed(self, _change: traitlets.Bunch) -> None:
        if self._picture is None or self._picture.hearing:
            return
        last = self._axis.output - 1
        if last >= 0:
            self.position = min(self.position, last)
            self._picture._last_position = last
        self._controls.follow({name: getattr(self, name) for name in _RANGES})

    @property
    def _axis(self) -> Axis:
        padding = self.padding
        return make_axes(
            self.input_size,
            self.kernel_size,
            stride=self.stride,
            padding=(padding, padding) if isinstance(padding, tuple) else padding,
            dilation=self.dilation,
        )[0]


def _as_axis_padding(padding: object) -> AxisPadding:
    """Check the padding of one axis: an int, (before, after), "valid" or "same"."""
    least, _, most = _RANGES["padding"]
    if rule := padding_rule(padding):
        return rule
    sides = entries(padding)
    if sides is None and not is_text(padding):
        return as_int("padding", padding, least, most)
    if sides is None or len(sides) != 2:
        raise ValueError(text("padding_form_axis", value=shown(padding)))
    before, after = sides
    return (
        as_int("padding (before)", before, least, most),
        as_int("padding (after)", after, least, most),
    )


def _padding_knobs(padding: AxisPadding) -> dict[str, int | bool]:
    """The numbers that the sliders move, as they stand when the padding is this."""
    sides = (0, 0) if isinstance(padding, str) else padding
    before, after = sides if isinstance(sides, tuple) else (sides, sides)
    return {
        "_padding": before,
        "_padding_before": before,
        "_padding_after": after,
        "_padding_same": padding == "same",
    }


class _Controls(ipywidgets.Box):
    """A slider for each setting; two for the padding where its sides are set apart."""

    def __init__(self, picture: _Picture):
        self._whole_numbers = {
            name: make_slider(picture, name, name, *_RANGES[name][:2]) for name in _WHOLE_NUMBERS
        }
        reach = _RANGES["padding"][:2]
        self._padding = {
            knob: make_slider(picture, knob, knob[1:].replace("_", " "), *reach)
            for knob in ("_padding", "_padding_before", "_padding_after")
        }
        self._same = make_checkbox(picture, "_padding_same", 'padding "same"')
        picture.link("_padding_same", self._padding["_padding"], "disabled")
        self._walk = make_walk(picture)
        super().__init__()
        self.add_class("convviz-controls")
        self.add_class("convviz-axis-controls")
        self.follow({name: getattr(picture, name) for name in _RANGES})

    def follow(self, settings: dict[str, Any]) -> None:
        """Match the sliders to the settings: which of them there are, and how far they reach."""
        for name, slider in self._whole_numbers.items():
            slider.max = max(slider.max, settings[name])
        for knob, slider in self._padding.items():
            slider.max = max(slider.max, _padding_knobs(settings["padding"])[knob])
        if isinstance(settings["padding"], tuple):
            padding = [self._padding["_padding_before"], self._padding["_padding_after"]]
        else:
            padding = [self._padding["_padding"], self._same]
        input_size, kernel_size, stride, dilation = self._whole_numbers.values()
        self.children = [input_size, kernel_size, stride, dilation, *padding, self._walk]


class _Picture(Picture):
    """The part that the browser draws."""

    _esm = _STATIC / "strip.js"
    _css = _STATIC / "strip.css"

    input_size = traitlets.Int(224).tag(sync=True)
    kernel_size = traitlets.Int(11).tag(sync=True)
    stride = traitlets.Int(1).tag(sync=True)
    padding = traitlets.Any(0).tag(sync=True)
    dilation = traitlets.Int(1).tag(sync=True)

    _padding = traitlets.Int(0).tag(sync=True)
    _padding_before = traitlets.Int(0).tag(sync=True)
    _padding_after = traitlets.Int(0).tag(sync=True)
    _padding_same = traitlets.Bool(False).tag(sync=True)
