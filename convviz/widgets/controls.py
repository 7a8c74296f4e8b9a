"""The explorer's sliders: ipywidgets linked to the picture in the browser, without a kernel.

A slider moves one whole number, a *knob* of the picture, which the browser turns into a setting.
A setting with a number for each axis or side gets sliders that the picture itself draws
(js/src/settings-controls.js), since their number changes in pages that have no kernel, too.
"""

from __future__ import annotations

import ipywidgets

from convviz.widgets.linked import Picture, make_slider, make_walk

# How far each slider reaches; a larger value set from Python moves the end.
_RANGES = {"stride": (1, 6), "dilation": (1, 4), "padding": (0, 4)}


class Controls(ipywidgets.Box):
    """The controls of one picture."""

    def __init__(self, picture: Picture):
        self._sliders: dict[str, ipywidgets.IntSlider] = {}
        for name, (least, most) in _RANGES.items():
            self._sliders[name] = make_slider(picture, f"_{name}", name, least, most)
            self._sliders[name].add_class(f"convviz-knob-{name}")
        children = [*self._sliders.values()]
        if (channels := len(picture.weight)) > 1:
            children.append(make_slider(picture, "out_channel", "out_channel", 0, channels - 1))
        super().__init__(children=[*children, make_walk(picture)])
        self.add_class("convviz-controls")
        self.add_class("convviz-explorer-controls")

    def reach(self, knobs: dict[str, int]) -> None:
        """Let the sliders reach as far as these knobs."""
        for name, slider in self._sliders.items():
            slider.max = max(slider.max, knobs[f"_{name}"])
