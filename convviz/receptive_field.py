"""The receptive field: which cells of a network's input one cell of its output depends on.

Layer by layer, in two ways. `receptive_field` widens a `ReceptiveField` by the formulas of
`convviz.fields`: the first and the last cell, and everything in between. `cells_seen` follows the
index tables back from one output: only the cells that are read.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from convviz.arguments import AXIS_NAMES, Pair, as_int, as_pair, entries, is_text, shown
from convviz.axis import Axis
from convviz.catalogue import text
from convviz.fields import ReceptiveField, Window
from convviz.geometry import make_axes


def receptive_field(
    layers: Iterable[Window | Mapping[str, Any]], *, input_size: int | Pair | None = None
) -> ReceptiveField:
    """What a cell sees after a chain of layers.

    Layer by layer, with kernel F, stride S, padding P at the top or left and dilation D::

        size  := size + D (F - 1) jump
        start := start - P jump
        jump  := jump S

    Parameters
    ----------
    layers : iterable of Window or mapping
        From the input on. A mapping has the names of `Window`, ``{"kernel_size": 3, "stride": 2}``
        for instance. Layers without a window, as an activation, are left out.
    input_size : int or (height, width), optional
        Of the network. Only needed for padding "same", which depends on it.

    Returns
    -------
    ReceptiveField

    Raises
    ------
    TypeError, ValueError
        For a setting of the wrong form or range, "same" without `input_size`, or, with
        `input_size`, a kernel that does not fit. The message names the layer, from 0.

    See Also
    --------
    cells_seen : which of these cells exist, and are read.

    Examples
    --------
    Two 3 x 3 convolutions see as far as one of 5 x 5:

    >>> receptive_field([Window(3), Window(3)]).size
    (5, 5)

    With a pooling in between, further, and 2 cells further on for each output:

    >>> field = receptive_field([Window(3), Window(2, stride=2), Window(3)])
    >>> field
    ReceptiveField(size=(8, 8), jump=(2, 2), start=(0, 0))
    >>> field.of(0, 3)
    (range(0, 8), range(6, 14))
    """
    windows = _as_windows(layers)
    field = ReceptiveField()
    if input_size is None:
        for k, window in enumerate(windows):
            try:
                field = field.through(window)
            except (TypeError, ValueError) as error:
                raise type(error)(f"Layer {k}: {error}") from None
        return field
    for window, axes in zip(windows, _chain(windows, input_size), strict=True):
        field = field.through(window, (axes[0].input, axes[1].input))
    return field


def cells_seen(
    layers: Iterable[Window | Mapping[str, Any]], input_size: int | Pair, *, at: tuple[int, int]
) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """The rows and columns of the input on which output cell `at` depends, exactly.

    Unlike `ReceptiveField.of`, this leaves out what is outside of the input, what no kernel
    reaches, and what lies in the gaps of dilation or of a stride longer than the kernel.

    Parameters
    ----------
    layers : iterable of Window or mapping
        As for `receptive_field`.
    input_size : int or (height, width)
    at : (i, j)
        Row and column of the output.

    Returns
    -------
    rows, columns : tuple of int
        In ascending order; empty if the output cell sees nothing but padding.

    Raises
    ------
    TypeError, ValueError
        As `receptive_field` does, and if `at` is not a cell of the output.

    Examples
    --------
    >>> layers = [Window(3, stride=2, padding=1), Window(2, dilation=2)]
    >>> cells_seen(layers, (7, 9), at=(0, 2))
    ((0, 1, 3, 4, 5), (3, 4, 5, 7, 8))
    """
    chain = _chain(_as_windows(layers), input_size)
    place = entries(at)
    if place is None or len(place) != 2:
        raise ValueError(f"at must be the place of an output cell, (i, j), but is {shown(at)}.")
    outputs = [axis.output for axis in chain[-1]] if chain else as_pair("input_size", input_size, 1)
    seen = [
        np.array([as_int(f"at ({name})", index, 0, output - 1)])
        for name, index, output in zip("ij", place, outputs, strict=True)
    ]
    for axes in reversed(chain):
        for k, axis in enumerate(axes):
            cells = np.unique(axis.reads[seen[k]])
            seen[k] = cells[(cells >= 0) & (cells < axis.input)]
    return tuple(seen[0].tolist()), tuple(seen[1].tolist())


def _as_windows(layers: Iterable[Window | Mapping[str, Any]]) -> list[Window]:
    try:
        each = None if is_text(layers) else iter(layers)
    except Exception:  # a stranger's __iter__ may raise anything
        each = None
    if each is None:
        raise TypeError(text("no_layers", value=shown(layers)))
    return [_as_window(k, layer) for k, layer in enumerate(each)]


def _as_window(k: int, layer: object) -> Window:
    if type(layer) is not Window and isinstance(layer, Mapping):
        unknown = [name for name in layer if name not in Window._fields]
        if unknown or "kernel_size" not in layer:
            raise ValueError(
                f"Layer {k} must have kernel_size, and may have stride, padding and dilation, "
                f"but is {shown(dict(layer))}."
            )
        return Window(**layer)
    if not isinstance(layer, Window):
        raise TypeError(
            f"Layer {k} must be a Window, as Window(3, stride=2), or a mapping with its names, "
            f"but is {shown(layer)}."
        )
    return layer


def _chain(windows: list[Window], input_size: int | Pair) -> list[tuple[Axis, Axis]]:
    """Height and width of every layer, each layer's output being the next one's input."""
    size, chain = as_pair("input_size", input_size, 1), []
    for k, window in enumerate(windows):
        try:
            axes = make_axes(size, **window._asdict())
        except (TypeError, ValueError) as error:
            raise type(error)(f"Layer {k}: {error}") from None
        for name, axis in zip(AXIS_NAMES, axes, strict=True):
            if not axis.fits:
                raise ValueError(f"Layer {k}: {axis.misfit(name)}")
        chain.append(axes)
        size = axes[0].output, axes[1].output
    return chain
