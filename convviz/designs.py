"""A network's design, as a learner hands it in: a list of plain dicts, checked and judged.

A design is a chain of convolutions, each a dict with the names of ``torch.nn.Conv2d``.
`read_design` says which layer is not possible, and why; the `Design` that it gives knows sizes,
parameters, multiply-accumulates and receptive field. The functions called expect_... compare these
with what is wanted, and say in a sentence by how much a design misses it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, fields

from convviz.arguments import Pair, as_int, as_pair, entries, shown
from convviz.catalogue import text
from convviz.networks import Design, Layer, Size

#: A design of more layers is a slip, such as ``[...] * 1000``.
MOST_LAYERS = 40


def read_design(design: object, picture: Size) -> Design:
    """Check a design layer by layer.

    Two rules keep padding from taking the picture's place: a kernel, with its gaps, spans at most
    the rows and columns of its input, padding apart; and padding at most keeps the size, which is
    (span - 1) / 2, rounded down, on each side.

    Parameters
    ----------
    design : list of dict
        From the picture on, at most `MOST_LAYERS`. Each has ``in_channels``, ``out_channels`` and
        ``kernel_size``, and may have ``stride``, ``padding``, ``dilation``, ``groups`` and
        ``bias``; see `Layer`.
    picture : (channels, height, width)

    Returns
    -------
    Design

    Raises
    ------
    TypeError, ValueError
        If it is no such list, or a layer is not possible. The message begins with the layer,
        ``design[0]`` for the first.

    Examples
    --------
    >>> read_design([{"in_channels": 3, "out_channels": 8, "kernel_size": 5}], (3, 12, 20)).sizes
    ((3, 12, 20), (8, 8, 16))
    >>> read_design([{"in_channels": 1, "out_channels": 8, "kernel_size": 5}], (3, 12, 20))
    Traceback (most recent call last):
        ...
    ValueError: design[0]: in_channels must be 3, the number of channels that come in, but is 1.
    """
    sizes = [_as_size("picture", picture)]
    if design is None:
        raise TypeError(text("expect_no_answer", name="design"))
    if not isinstance(design, list | tuple):
        raise TypeError(text("design_form", value=shown(design)))
    if not 1 <= len(design) <= MOST_LAYERS:
        raise ValueError(text("design_length", most=MOST_LAYERS, value=len(design)))
    layers = []
    for k, settings in enumerate(design):
        try:
            layer = _as_layer(settings)
            size = layer.size_behind(sizes[-1])
        except (TypeError, ValueError) as error:
            raise type(error)(text("design_layer", k=k, error=error)) from None
        layers.append(layer)
        sizes.append(size)
    return Design(tuple(layers), tuple(sizes))


def expect_features(design: Design, features: Size) -> None:
    """Expect that the last layer puts out feature maps of a certain size.

    Parameters
    ----------
    design : Design
    features : (channels, height, width)

    Raises
    ------
    AssertionError
        If it does not. The message says along which axis, and by how much.

    Examples
    --------
    >>> layers = [{"in_channels": 3, "out_channels": 8, "kernel_size": 5}]
    >>> expect_features(read_design(layers, (3, 12, 20)), (8, 8, 16))
    >>> expect_features(read_design(layers, (3, 12, 20)), (8, 6, 10))
    Traceback (most recent call last):
        ...
    AssertionError: The output has a height of 8, where 6 is wanted: 2 too high.
    """
    wanted = _as_size("features", features)
    names = ("channels", "height", "width")
    for name, came, right in zip(names, design.sizes[-1], wanted, strict=True):
        if came != right:
            key = f"design_{name}_{'many' if came > right else 'few'}"
            raise AssertionError(text(key, value=came, wanted=right, by=abs(came - right)))


def expect_field(design: Design, least: Pair) -> None:
    """Expect that a number of the output sees at least so many rows and columns of the picture.

    Parameters
    ----------
    design : Design
    least : (height, width)

    Raises
    ------
    AssertionError
        If it sees less. The message says along which axis, and by how much.

    Examples
    --------
    >>> layers = [{"in_channels": 3, "out_channels": 8, "kernel_size": (5, 3)}]
    >>> expect_field(read_design(layers, (3, 12, 20)), (5, 5))
    Traceback (most recent call last):
        ...
    AssertionError: The receptive field has a width of 3. At least 5 is wanted: 2 more.
    """
    wanted = as_pair("least", least, 1)
    for name, cells, right in zip(("rows", "columns"), design.field.size, wanted, strict=True):
        if cells < right:
            key = f"design_sees_{name}"
            raise AssertionError(text(key, cells=cells, wanted=right, by=right - cells))


def expect_all_read(design: Design) -> None:
    """Expect that some number of the output depends on each row and each column of the picture.

    Parameters
    ----------
    design : Design

    Raises
    ------
    AssertionError
        If none does. The message says which is the first, and how many there are.

    Examples
    --------
    >>> layers = [{"in_channels": 3, "out_channels": 8, "kernel_size": 1, "stride": (1, 2)}]
    >>> expect_all_read(read_design(layers, (3, 12, 20)))
    Traceback (most recent call last):
        ...
    AssertionError: No number of the output reads column 1 of the picture. Left unread: 10 of 20 \
columns.
    """
    cells = design.sizes[0][1:]
    for name, unread, all_of_them in zip(("row", "column"), design.unread, cells, strict=True):
        if unread:
            places = {"first": unread[0], "count": len(unread), "cells": all_of_them}
            raise AssertionError(text(f"design_unread_{name}", **places))


def expect_parameters(design: Design, most: int) -> None:
    """Expect that a design has at most so many parameters.

    Parameters
    ----------
    design : Design
    most : int

    Raises
    ------
    AssertionError
        If it has more. The message says how many more, and which layer has the most.

    Examples
    --------
    >>> layers = [{"in_channels": 3, "out_channels": 8, "kernel_size": 5}]
    >>> expect_parameters(read_design(layers, (3, 12, 20)), 500)
    Traceback (most recent call last):
        ...
    AssertionError: The design has 608 parameters, 108 more than the 500 allowed. design[0] has \
the most, 608.
    """
    _expect_at_most("parameters", design.parameters, most)


def expect_multiply_accumulates(design: Design, most: int) -> None:
    """Expect that a design takes at most so many multiply-accumulates for one picture.

    Parameters
    ----------
    design : Design
    most : int

    Raises
    ------
    AssertionError
        If it takes more. The message says how many more, and which layer takes the most.

    Examples
    --------
    >>> layers = [{"in_channels": 3, "out_channels": 8, "kernel_size": 5}]
    >>> expect_multiply_accumulates(read_design(layers, (3, 12, 20)), 76_800)
    """
    _expect_at_most("multiply_accumulates", design.multiply_accumulates, most)


def _expect_at_most(name: str, counts: tuple[int, ...], most: int) -> None:
    total, largest = sum(counts), max(counts)
    if total > as_int("most", most, 0):
        k = counts.index(largest)
        places = {"total": total, "by": total - most, "most": most, "k": k, "largest": largest}
        raise AssertionError(text(f"design_{name}", **places))


def _as_size(name: str, value: object) -> Size:
    sizes = entries(value)
    if sizes is None or len(sizes) != 3:
        raise ValueError(text("design_size_form", name=name, value=shown(value)))
    axes = zip(("channels", "height", "width"), sizes, strict=True)
    channels, height, width = (as_int(f"{name} ({axis})", size, 1) for axis, size in axes)
    return channels, height, width


def _as_layer(settings: object) -> Layer:
    if not isinstance(settings, Mapping):
        raise TypeError(text("design_layer_form", value=shown(settings)))
    known = {field.name: field.default is MISSING for field in fields(Layer)}
    for name in settings:
        if name not in known:
            allowed = ", ".join(known)
            raise ValueError(text("design_unknown", name=shown(name), allowed=allowed))
    for name, needed in known.items():
        if needed and name not in settings:
            raise ValueError(text("design_missing", name=name))
    return Layer(**settings)
