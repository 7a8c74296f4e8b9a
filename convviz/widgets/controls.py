"""The explorer's sliders: ipywidgets linked to the picture in the browser, without a kernel.

A slider moves one whole number, a *knob* of the picture; js/src/knobs.js turns knobs into
settings and settings into knobs. Which knobs have a slider depends on the form of a setting:
``stride=2`` has one, ``stride=(2, 1)`` has one for the height and one for the width.
"""

from __future__ import annotations

import ipywidgets

from convviz.arguments import Padding, as_padding, as_pair
from convviz.widgets.linked import make_checkbox, make_slider, make_walk

# How far the sliders reach; a larger value set from Python moves the end.
_MOST = {"stride": 6, "dilation": 4, "padding": 4}
_LEAST = {"stride": 1, "padding": 0, "dilation": 1}
_MILLISECONDS_PER_POSITION = 700


def knob_values(stride: object, padding: Padding, dilation: object) -> dict[str, int | bool]:
    """Every knob as it stands when the settings are these; "same" leaves the numbers at 0."""
    (stride_height, stride_width), (dilation_height, dilation_width) = (
        as_pair("stride", stride, 1),
        as_pair("dilation", dilation, 1),
    )
    sides = as_padding(padding)
    (top, bottom), (left, right) = ((0, 0), (0, 0)) if isinstance(sides, str) else sides
    return {
        "_stride": stride_height,
        "_stride_height": stride_height,
        "_stride_width": stride_width,
        "_dilation": dilation_height,
        "_dilation_height": dilation_height,
        "_dilation_width": dilation_width,
        "_padding": top,
        "_padding_height": top,
        "_padding_width": left,
        "_padding_top": top,
        "_padding_bottom": bottom,
        "_padding_left": left,
        "_padding_right": right,
        "_padding_same": padding == "same",
    }


class Controls(ipywidgets.Box):
    """The controls of one picture."""

    def __init__(self, picture):
        self._picture = picture
        self._made = {}
        self._walk = [make_walk(picture, _MILLISECONDS_PER_POSITION)]
        if (channels := len(picture.weight)) > 1:
            self._walk.append(make_slider(picture, "out_channel", "out_channel", 0, channels - 1))
        super().__init__()
        self.add_class("convviz-controls")
        self.follow(picture.stride, picture.padding, picture.dilation)

    def follow(self, stride: object, padding: Padding, dilation: object) -> None:
        """Match the sliders to settings: which of them there are, and how far they reach."""
        values = knob_values(stride, padding, dilation)
        settings = {"stride": stride, "dilation": dilation, "padding": padding}
        knobs = [
            f"_{name}{part}" for name, value in settings.items() for part in _parts(name, value)
        ]
        for knob in knobs:
            if knob not in self._made:
                self._made[knob] = self._make(knob)
            if knob != "_padding_same":
                self._made[knob].max = max(self._made[knob].max, values[knob])
        self.children = [self._made[knob] for knob in knobs] + self._walk

    def _make(self, knob):
        if knob == "_padding_same":
            return make_checkbox(self._picture, knob, 'padding "same"')
        name, description = knob.split("_")[1], knob[1:].replace("_", " ")
        slider = make_slider(self._picture, knob, description, _LEAST[name], _MOST[name])
        if knob == "_padding":
            ipywidgets.jslink((self._picture, "_padding_same"), (slider, "disabled"))
        return slider


def _parts(name: str, value: object) -> tuple[str, ...]:
    """The parts that a setting of this form is moved by."""
    if not isinstance(value, list | tuple):
        return ("", "_same") if name == "padding" else ("",)
    if isinstance(value[0], list | tuple):
        return ("_top", "_bottom", "_left", "_right")
    return ("_height", "_width")
