"""The public two: a GIF of the kernel walking over its input, and a PNG of one position."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TypedDict

from numpy.typing import ArrayLike

from convviz.arguments import Padding, Pair, as_flag, as_int, shown
from convviz.catalogue import text
from convviz.frameworks import ConvLayer
from convviz.ops import PaddingMode
from convviz.stills.convolution import take_convolution
from convviz.stills.gif import encode_gif
from convviz.stills.layout import Layout, fit_layout
from convviz.stills.picture import Picture
from convviz.stills.png import DENSITY, encode_png
from convviz.stills.scene import Scene, Step

#: A GIF of more frames would take minutes to watch.
MAX_FRAMES = 1000

_PROGRESS_AFTER = 0.5  # seconds


class GifOptions(TypedDict, total=False):
    """What can be said of a GIF by name, beside what is in the picture."""

    out_channel: int | None
    milliseconds: int
    width: int
    loop: bool
    progress: bool | None


def still_png(
    input: ArrayLike | None = None,
    weight: ArrayLike | ConvLayer | None = None,
    bias: ArrayLike | None = None,
    *,
    stride: int | Pair = 1,
    padding: Padding = 0,
    dilation: int | Pair = 1,
    groups: int = 1,
    padding_mode: PaddingMode = "zeros",
    position: int = 0,
    out_channel: int = 0,
) -> bytes:
    r"""One position of the explorer as a PNG, for where the explorer itself can't run.

    It has two pixels to a CSS pixel, and at most 1600 across. A setting without an output gives a
    picture that says why; so does an input with too many cells to be drawn.

    Parameters
    ----------
    input, weight, bias, stride, padding, dilation, groups, padding_mode
        As for `ConvExplorer`.
    position : int
        Row-major index of the output cell that is taken apart.
    out_channel : int

    Returns
    -------
    bytes

    Raises
    ------
    TypeError, ValueError
        For an argument of the wrong form, shape or range; the message names it.

    Examples
    --------
    >>> still_png(stride=2, padding=1, position=2, out_channel=1)[:4]
    b'\x89PNG'
    """
    given = take_convolution(
        input,
        weight,
        bias,
        stride=stride,
        padding=padding,
        dilation=dilation,
        groups=groups,
        padding_mode=padding_mode,
    )
    scene = Scene(given)
    out_channel = as_int("out_channel", out_channel, 0, len(given.weight) - 1)
    if scene.fits:
        position = as_int("position", position, 0, scene.positions - 1)
    step = scene.step(scene.frame(position, out_channel))
    picture = Picture(Layout(scene, [step], DENSITY))
    return encode_png(picture.draw(step), picture.palette.colours)


def save_gif(
    path: str | os.PathLike[str],
    input: ArrayLike | None = None,
    weight: ArrayLike | ConvLayer | None = None,
    bias: ArrayLike | None = None,
    *,
    stride: int | Pair = 1,
    padding: Padding = 0,
    dilation: int | Pair = 1,
    groups: int = 1,
    padding_mode: PaddingMode = "zeros",
    out_channel: int | None = None,
    milliseconds: int = 700,
    width: int = 1200,
    loop: bool = True,
    progress: bool | None = None,
) -> Path:
    """Save an animation of the explorer: the kernel walks over the input, one output at a time.

    Parameters
    ----------
    path : str or path-like
        Where to; ends in ``.gif``. A file that is there already is replaced.
    input, weight, bias, stride, padding, dilation, groups, padding_mode
        As for `ConvExplorer`: arrays, an image with a ConvLayer, or nothing for the worked example.
    out_channel : int, optional
        The output channel that is made. By default all of them, one after the other.
    milliseconds : int
        How long each position stands, from 20 to 60 000; rounded to tens, as a GIF counts.
    width : int
        Pixels across, from 300 to 3200. A picture shown at half its width is sharp on any screen.
    loop : bool
        Whether to begin again after the last position.
    progress : bool, optional
        Whether to show a progress bar when it takes longer than half a second. By default only
        in a terminal; in a notebook, True shows it as a widget.

    Returns
    -------
    pathlib.Path
        `path`; ``IPython.display.Image(path)`` shows it in a notebook.

    Raises
    ------
    TypeError, ValueError
        For an argument of the wrong form, shape or range, a setting without an output, or more
        cells or frames than can be followed; the message says which.
    FileNotFoundError
        If there is no such folder.

    Examples
    --------
    >>> import tempfile
    >>> from PIL import Image
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = save_gif(f"{folder}/walk.gif", stride=2, padding=1)
    ...     with Image.open(path) as image:
    ...         image.n_frames, image.size[0]
    (8, 1200)
    """
    path = _gif_path(path)
    milliseconds = as_int("milliseconds", milliseconds, 20, 60_000)
    width = as_int("width", width, 300, 3200)
    loop = as_flag("loop", loop)
    progress = None if progress is None else as_flag("progress", progress)
    given = take_convolution(
        input,
        weight,
        bias,
        stride=stride,
        padding=padding,
        dilation=dilation,
        groups=groups,
        padding_mode=padding_mode,
    )
    scene = Scene(given)
    if scene.problems:
        raise ValueError(" ".join(scene.problems))
    channels = len(given.weight)
    if out_channel is not None:
        out_channel, channels = as_int("out_channel", out_channel, 0, channels - 1), 1
    if (count := channels * scene.positions) > MAX_FRAMES:
        raise ValueError(text("gif_too_many_frames", frames=count, most=MAX_FRAMES))
    steps = [scene.step(frame) for frame in scene.walk(out_channel)]
    picture = Picture(fit_layout(scene, steps, width))
    pages = (picture.draw(step) for step in _with_progress(steps, progress))
    gif = encode_gif(pages, picture.palette.colours, milliseconds=milliseconds, loop=loop)
    path.write_bytes(b"".join(gif))
    return path


def _gif_path(path: str | os.PathLike[str]) -> Path:
    try:
        checked = Path(path)
    except Exception:  # a stranger's __fspath__ may raise anything
        raise TypeError(text("gif_path_form", value=shown(path))) from None
    if checked.suffix.lower() != ".gif" or "\0" in str(checked):
        raise ValueError(text("gif_path_form", value=shown(str(checked))))
    if not checked.parent.is_dir():
        raise FileNotFoundError(text("gif_no_folder", folder=repr(str(checked.parent))))
    return checked


def _with_progress(steps: list[Step], progress: bool | None) -> Iterable[Step]:
    if progress is False or (progress is None and not sys.stderr.isatty()):
        return steps
    from tqdm.auto import tqdm

    return tqdm(steps, delay=_PROGRESS_AFTER, unit="frame", leave=False)
