"""What a still says around its grids: the formula, what is read, what does not fit.

The twin of the browser's formula.js and words.js.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from convviz.axis import Axis
from convviz.catalogue import text
from convviz.explanation import left_over
from convviz.stills.convolution import Convolution
from convviz.stills.numerals import short, signed


class Token(NamedTuple):
    """A piece of the formula: a sign, or a term that has a colour (O, P, F, D or S)."""

    text: str
    term: str | None = None
    sub: str = ""


class FormulaLine(NamedTuple):
    """The steps of the formula, each of which starts with "=", and what is never read."""

    steps: list[list[Token]]
    remark: str


class Summand(NamedTuple):
    """A number of the sum, with the operator in front of it and where it comes from."""

    operator: str
    number: str
    label: str


def formula_lines(height: Axis, width: Axis) -> list[FormulaLine]:
    """One line if height and width are alike, else one for each."""
    if height == width:
        return [_formula_line(width, "W", "", "both")]
    return [
        _formula_line(height, "H", "H", "height"),
        _formula_line(width, "W", "W", "width"),
    ]


def axis_formula(axis: Axis) -> FormulaLine:
    """The line of a picture that has one axis only."""
    return _formula_line(axis, "W", "", "axis")


def _formula_line(axis: Axis, size: str, sub: str, name: str) -> FormulaLine:
    sides = ("top", "bottom") if size == "H" else ("left", "right")
    before, after = axis.padding
    if before == after:
        padding = [[Token(" + 2"), Token("P", "P")], [Token(" + 2·"), Token(str(before), "P")]]
    else:
        first, second = (Token("P", "P", text(side)) for side in sides)
        padding = [
            [Token(" + "), first, Token(" + "), second],
            [Token(" + "), Token(str(before), "P"), Token(" + "), Token(str(after), "P")],
        ]
    symbols = [Token("D", "D"), Token("("), Token("F", "F")]
    numbers = [Token(str(axis.dilation), "D"), Token("·("), Token(str(axis.kernel), "F")]
    spans = [
        pieces[-1:] if axis.dilation == 1 else [Token("("), *pieces, Token(" − 1) + 1)")]
        for pieces in (symbols, numbers)
    ]
    sizes, strides = (size, str(axis.input)), ("S", str(axis.stride))
    divisions = [
        [
            Token("= ⌊("),
            Token(sizes[k], "W"),
            *padding[k],
            Token(" − "),
            *spans[k],
            Token(") / "),
            Token(strides[k], "S"),
            Token("⌋ + 1"),
        ]
        for k in (0, 1)
    ]
    room = axis.padded - axis.span
    steps = [
        [Token("O", "O", sub), Token(" "), *divisions[0]],
        divisions[1],
        [
            Token("= ⌊"),
            Token(signed(str(room))),
            Token(" / "),
            Token(strides[1], "S"),
            Token("⌋ + 1"),
        ],
        [Token("= "), Token(signed(str(room // axis.stride + 1)), "O")],
    ]
    return FormulaLine(steps, left_over(name, axis) if axis.fits else "")


def problems(height: Axis, width: Axis, padding_mode: str = "zeros") -> list[str]:
    """Why a setting has no output, and what would have one; empty if it has an output."""
    axes = (("height", height), ("width", width))
    misfits: list[tuple[str | None, Axis]] = [(name, axis) for name, axis in axes if not axis.fits]
    if len(misfits) == 2 and height == width:
        misfits = [(None, width)]
    found = [axis.misfit(name) for name, axis in misfits]
    for name, axis in axes:
        most = {"reflect": axis.input - 1, "circular": axis.input}.get(padding_mode, axis.padded)
        if (padding := max(axis.padding)) > most:
            places = {"mode": padding_mode, "most": most, "input": axis.input, "padding": padding}
            found.append(text(f"unfillable_{name}", **places))
    return found


def reads_sentence(
    convolution: Convolution, height: Axis, width: Axis, at: tuple[int, int, int]
) -> str:
    """Which input cells an output cell reads."""
    c_out, i, j = at
    rows, columns = height.reads[i].tolist(), width.reads[j].tolist()
    inside = [
        sum(0 <= k < axis.input for k in indices)
        for axis, indices in ((height, rows), (width, columns))
    ]
    padding = len(rows) * len(columns) - inside[0] * inside[1]
    key = {0: "reads", 1: "reads_one_padding"}.get(padding, "reads_padding")
    places = {"rows": index_range(rows), "columns": index_range(columns), "padding": padding}
    sentence = text(key, c_out=c_out, i=i, j=j, **places)
    if convolution.groups == 1:
        return sentence
    channels = index_range(convolution.channels_read(c_out))
    return f"{sentence} {text('reads_group', channels=channels, groups=convolution.groups)}"


def index_range(indices: Sequence[int]) -> str:
    """Evenly spaced indices in words.

    Examples
    --------
    >>> index_range([-1, 0, 1]), index_range([1, 3, 5]), index_range([0, 2, 4, 6, 8])
    ('−1 to 1', '1, 3, 5', '0, 2, ... 8')
    """
    shown = [signed(str(k)) for k in indices]
    if len(shown) == 1:
        return shown[0]
    places = {"first": shown[0], "second": shown[1], "last": shown[-1]}
    if indices[1] - indices[0] == 1:
        return text("range", **places)
    return ", ".join(shown) if len(shown) <= 4 else text("range_stepped", **places)


def summands(
    channels: Sequence[int], sums: Sequence[int | float], bias: int | float | None
) -> list[Summand]:
    """What is added to make an output: a sum for each input channel that it reads, and the bias."""
    parts = [
        (value, text("partial_channel", channel=channel))
        for value, channel in zip(sums, channels, strict=True)
    ]
    if bias is not None:
        parts.append((bias, text("bias")))
    (first, label), *rest = parts
    return [
        Summand("", short(first), label),
        *(Summand("−" if value < 0 else "+", short(abs(value)), name) for value, name in rest),
    ]
