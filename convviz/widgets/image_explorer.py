"""`ImageExplorer`: a photograph through a kernel, before and after."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

import ipywidgets
import numpy as np
import traitlets
from numpy.typing import ArrayLike

from convviz.arguments import (
    PaddingRule,
    as_choice,
    as_int,
    entries,
    is_text,
    padding_rule,
    shown,
)
from convviz.catalogue import text
from convviz.geometry import make_axes
from convviz.ops import conv2d
from convviz.pictures import photograph
from convviz.widgets.image_arrays import ArrayTrait, as_image, as_kernel
from convviz.widgets.linked import Explorer, Picture, make_checkbox, make_slider

Show = Literal["clip", "grey", "magnitude"]

_STATIC = Path(__file__).parent / "static"
_SHOWS: tuple[Show, ...] = ("clip", "grey", "magnitude")
_VERTICAL_EDGES = ((-1, 0, 1), (-2, 0, 2), (-1, 0, 1))
_LARGEST_DIVISOR = 10_000
# The least value, how far the slider reaches, and the most there may be.
_RANGES = {"stride": (1, 4, 64), "dilation": (1, 4, 64), "padding": (0, 8, 64)}
_LINKED = ("divisor", "show", *_RANGES)


class ImageExplorer(Explorer):
    """A picture through one kernel, before and after: the weights can be typed and dragged.

    Each colour channel goes through the kernel by itself. Pointing at a pixel of the result shows
    the window that it was made from, with every number. The browser does the arithmetic and the
    drawing, so all of it works without Python running.

    Parameters
    ----------
    image : (H, W) or (H, W, 3) array_like, optional
        uint8, or floats from 0 to 1, which are rounded to 256 levels; at most 512 x 512. Without
        one, `convviz.pictures.photograph`.
    kernel : (kH, kW) array_like, optional
        Weights, of at most 9 x 9. Without one, the Sobel kernel for vertical edges.
    divisor : int
        What each sum is divided by, so that the weights of a blur can stay whole numbers.
    stride, dilation : int
        At most 64.
    padding : int, "valid" or "same"
        Zeros around the image; "same" as in Keras.
    show : "clip", "grey" or "magnitude", optional
        How results, which may be negative or large, become 0 to 255: as they are; with 128 added,
        so that 0 is mid-grey; or without their sign. What then lies outside is cut off, and the
        picture says how much that is. Without one, "grey" for weights that add up to 0, else
        "clip".

    Attributes
    ----------
    image, kernel
        The present arrays, uint8 and as given; to be set as a whole and observed.
    divisor, stride, dilation, padding, show
        As above; can be set and observed.
    output : (H_out, W_out) or (H_out, W_out, 3) ndarray of float64
        The result for the present settings, on the scale of 0 to 255, nothing cut off.

    Raises
    ------
    TypeError, ValueError
        For an argument of the wrong form, shape or range; the message names it.

    Examples
    --------
    >>> explorer = ImageExplorer([[0.0, 0.2, 1.0], [0.0, 0.2, 1.0]], [[-1, 0, 1]])
    >>> explorer.output.tolist()
    [[51.0, 255.0, -51.0], [51.0, 255.0, -51.0]]
    >>> explorer.kernel = [[1, 1, 1]]
    >>> explorer.divisor = 3
    >>> explorer.output.tolist()
    [[17.0, 102.0, 102.0], [17.0, 102.0, 102.0]]
    """

    image = ArrayTrait(as_image)
    kernel = ArrayTrait(as_kernel)
    divisor: traitlets.TraitType[int, int] = traitlets.TraitType(1)
    stride: traitlets.TraitType[int, int] = traitlets.TraitType(1)
    padding: traitlets.TraitType[int | PaddingRule, int | PaddingRule]
    padding = traitlets.TraitType("same")
    dilation: traitlets.TraitType[int, int] = traitlets.TraitType(1)
    show: traitlets.TraitType[Show, Show] = traitlets.TraitType()

    def __init__(
        self,
        image: ArrayLike | None = None,
        kernel: ArrayLike | None = None,
        *,
        divisor: int = 1,
        stride: int = 1,
        padding: int | PaddingRule = "same",
        dilation: int = 1,
        show: Show | None = None,
    ):
        self._picture: _Picture | None = None
        optional = {"image": image, "kernel": kernel, "show": show}
        super().__init__(
            divisor=divisor,
            stride=stride,
            padding=padding,
            dilation=dilation,
            **{name: value for name, value in optional.items() if value is not None},
        )
        self._picture = _Picture(
            kernel=self.kernel.tolist(),
            **_transported(self.image),
            _padding=0 if isinstance(self.padding, str) else self.padding,
            _padding_same=self.padding == "same",
            **{name: getattr(self, name) for name in _LINKED},
        )
        for name in _LINKED:
            traitlets.link((self, name), (self._picture, name))
        self._picture.observe(self._kernel_edited, "kernel")
        knobs = {"stride": "stride", "dilation": "dilation", "padding": "_padding"}
        self._sliders = {
            name: make_slider(self._picture, knob, name, *_RANGES[name][:2])
            for name, knob in knobs.items()
        }
        same = make_checkbox(self._picture, "_padding_same", 'padding "same"')
        self._picture.link("_padding_same", self._sliders["padding"], "disabled")
        overlay = make_checkbox(self._picture, "_overlay", text("image_one_picture"))
        controls = ipywidgets.Box((*self._sliders.values(), same, overlay))
        controls.add_class("convviz-controls")
        controls.add_class("convviz-image-controls")
        self.children = (controls, self._picture)
        self.add_class("convviz")

    @property
    def output(self) -> np.ndarray:
        """The result for the present settings, colours last, as the image has them.

        Raises
        ------
        ValueError
            If the kernel does not fit.
        """
        # The channels are a batch of images with one channel each: none mixes with another.
        channels = np.atleast_3d(self.image).transpose(2, 0, 1)[:, None]
        sums = conv2d(
            channels,
            self.kernel[None, None],
            stride=self.stride,
            padding=self.padding,
            dilation=self.dilation,
        )
        result = sums[:, 0].transpose(1, 2, 0) / self.divisor
        return result if self.image.ndim == 3 else result[:, :, 0]

    def _still(self) -> bytes:
        from convviz.stills import image_still_png

        axes = make_axes(
            self.image.shape[:2],
            self.kernel.shape,
            stride=self.stride,
            padding=self.padding,
            dilation=self.dilation,
        )
        output = self.output if all(axis.fits for axis in axes) else None
        return image_still_png(
            self.image, self.kernel, output, axes, divisor=self.divisor, show=self.show
        )

    def __repr__(self) -> str:
        shapes = f"image {self.image.shape}, kernel {self.kernel.shape}"
        settings = ", ".join(f"{name}={getattr(self, name)!r}" for name in ("divisor", *_RANGES))
        return f"ImageExplorer({shapes}, {settings})"

    @traitlets.default("image")
    def _default_image(self) -> np.ndarray:
        return photograph()

    @traitlets.default("kernel")
    def _default_kernel(self) -> ArrayLike:
        return _VERTICAL_EDGES

    @traitlets.default("show")
    def _default_show(self) -> Show:
        # js/src/image-shades.js decides alike when a preset is chosen.
        return "grey" if self.kernel.sum() == 0 else "clip"

    @traitlets.validate("divisor")
    def _check_divisor(self, proposal: traitlets.Bunch) -> int:
        return as_int("divisor", proposal.value, 1, _LARGEST_DIVISOR)

    @traitlets.validate("stride", "dilation")
    def _check_whole_number(self, proposal: traitlets.Bunch) -> int:
        least, _, most = _RANGES[proposal.trait.name]
        return as_int(proposal.trait.name, proposal.value, least, most)

    @traitlets.validate("padding")
    def _check_padding(self, proposal: traitlets.Bunch) -> int | PaddingRule:
        padding = proposal.value
        if rule := padding_rule(padding):
            return rule
        if is_text(padding) or entries(padding) is not None:
            raise ValueError(text("padding_form_image", value=shown(padding)))
        least, _, most = _RANGES["padding"]
        return as_int("padding", padding, least, most)

    @traitlets.validate("show")
    def _check_show(self, proposal: traitlets.Bunch) -> Show:
        return as_choice("show", proposal.value, _SHOWS)

    @traitlets.observe("image")
    def _image_changed(self, _change: traitlets.Bunch) -> None:
        if self._picture is None:
            return
        with self._picture.hold_sync():  # a picture needs its bytes and its shape together
            for name, value in _transported(self.image).items():
                setattr(self._picture, name, value)

    @traitlets.observe("kernel")
    def _kernel_changed(self, _change: traitlets.Bunch) -> None:
        if self._picture is not None:
            self._picture.kernel = self.kernel.tolist()

    def _kernel_edited(self, change: traitlets.Bunch) -> None:
        self.kernel = change.new

    @traitlets.observe(*_RANGES)
    def _settings_changed(self, change: traitlets.Bunch) -> None:
        if self._picture is not None and not isinstance(change.new, str):
            slider = self._sliders[change.name]
            slider.max = max(slider.max, change.new)


def _transported(image: np.ndarray) -> dict[str, object]:
    """An image as it travels to the browser: its bytes, and (H, W, channels)."""
    return {"_pixels": image.tobytes(), "_shape": list(np.atleast_3d(image).shape)}


class _Picture(Picture):
    """The part that the browser draws."""

    _esm = _STATIC / "image.js"
    _css = _STATIC / "image.css"

    kernel: traitlets.List[Any] = traitlets.List().tag(sync=True)
    divisor = traitlets.Int(1).tag(sync=True)
    show = traitlets.Unicode("clip").tag(sync=True)
    stride = traitlets.Int(1).tag(sync=True)
    padding = traitlets.Any("same").tag(sync=True)
    dilation = traitlets.Int(1).tag(sync=True)

    _pixels = traitlets.Bytes().tag(sync=True)
    _shape: traitlets.List[int] = traitlets.List().tag(sync=True)
    _padding = traitlets.Int(0).tag(sync=True)
    _padding_same = traitlets.Bool(True).tag(sync=True)
    _overlay = traitlets.Bool(False).tag(sync=True)
