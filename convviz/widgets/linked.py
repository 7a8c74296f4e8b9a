"""A picture that the browser draws, and controls linked to it there, without a kernel."""

from __future__ import annotations

from collections.abc import Iterator

import anywidget
import ipywidgets
import traitlets

#: What is shown, or said of it, by MIME type.
_Bundle = dict[str, object]

_STYLE = {"description_width": "initial"}


class Picture(anywidget.AnyWidget):
    """The part of an explorer that the browser draws.

    Attributes
    ----------
    hearing : bool
        Whether a change comes from the browser just now. What the browser reports fits the
        settings that it reports with it, not those before.
    """

    hearing = False

    position = traitlets.Int(0).tag(sync=True)
    _last_position = traitlets.Int(0).tag(sync=True)
    _interval = traitlets.Int(700).tag(sync=True)
    _playing = traitlets.Bool(False).tag(sync=True)

    def __init__(self, **traits: object):
        self._links: list[ipywidgets.Widget] = []
        super().__init__(**traits)

    def link(self, trait: str, control: ipywidgets.Widget, name: str) -> None:
        """Keep a trait and a control's in step, in the browser."""
        self._links.append(ipywidgets.jslink((self, trait), (control, name)))

    def unlink(self) -> None:
        """End every link."""
        while self._links:
            self._links.pop().close()

    def set_state(self, sync_data: dict[str, object]) -> None:
        """Take what the browser reports, and say meanwhile that it is the browser speaking."""
        self.hearing = True
        try:
            super().set_state(sync_data)
        finally:
            self.hearing = False


class Explorer(ipywidgets.VBox):
    """A picture with its controls; closing it closes everything that it is made of."""

    def _still(self) -> bytes | None:
        """A PNG of the explorer as it stands, two pixels to a CSS pixel; None where it would tell.

        Drawing is imported only here: `import convviz` need not wait for it.
        """
        raise NotImplementedError

    def _repr_mimebundle_(self, **options: object) -> _Bundle | tuple[_Bundle, _Bundle]:
        """The widget, and a still picture of it for where a widget can't run."""
        bundle = super()._repr_mimebundle_(**options)
        still = self._still()
        if still is None:
            return bundle
        width = int.from_bytes(still[16:20])  # as the header of a PNG has it
        return {**bundle, "image/png": still}, {"image/png": {"width": width // 2}}

    def close(self) -> None:
        """Close the explorer, and every widget and link that it has made."""
        for part in _parts(self):
            if isinstance(part, Picture):
                part.unlink()
            part.layout.close()
            if style := getattr(part, "style", None):
                style.close()
            if part is not self:
                part.close()
        super().close()


def _parts(widget: ipywidgets.Widget) -> Iterator[ipywidgets.Widget]:
    yield widget
    for child in getattr(widget, "children", ()):
        yield from _parts(child)


def make_slider(
    picture: Picture, trait: str, name: str, least: int, most: int
) -> ipywidgets.IntSlider:
    """A slider called `name` for a whole number of the picture; it reaches at least to `most`."""
    value = getattr(picture, trait)
    slider = ipywidgets.IntSlider(
        value=value,
        min=least,
        max=max(most, value),
        description=name,
        style=_STYLE,
        layout=ipywidgets.Layout(width="auto", min_width="0"),
    )
    picture.link(trait, slider, "value")
    return slider


def make_checkbox(picture: Picture, trait: str, name: str) -> ipywidgets.Checkbox:
    """A checkbox called `name` for a yes or no of the picture."""
    checkbox = ipywidgets.Checkbox(
        value=getattr(picture, trait),
        description=name,
        indent=False,
        layout=ipywidgets.Layout(width="max-content"),
    )
    picture.link(trait, checkbox, "value")
    return checkbox


def make_walk(picture: Picture) -> ipywidgets.HBox:
    """What moves the kernel: play, stop and repeat buttons, and a slider."""
    value, last = picture.position, picture._last_position
    play = ipywidgets.Play(
        value=value,
        max=last,
        interval=picture._interval,
        layout=ipywidgets.Layout(flex="0 0 auto"),
    )
    slider = ipywidgets.IntSlider(
        value=value,
        max=last,
        description="position",
        style=_STYLE,
        layout=ipywidgets.Layout(flex="1 1 auto", width="auto", min_width="0"),
    )
    for control in (slider, play):
        picture.link("_last_position", control, "max")
        picture.link("position", control, "value")
    picture.link("_interval", play, "interval")
    picture.link("_playing", play, "playing")
    return ipywidgets.HBox([play, slider], layout=ipywidgets.Layout(width="auto", min_width="0"))
