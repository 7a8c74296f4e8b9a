"""An output size explained: the formula, the numbers put in, and what is left over."""

from __future__ import annotations

from dataclasses import dataclass

from convviz.arguments import Padding, Pair, given_per_axis
from convviz.axis import Axis
from convviz.catalogue import text
from convviz.geometry import make_axes


@dataclass(frozen=True)
class OutputSizeExplanation:
    """How an output size comes about; shows itself as mathematics in a notebook.

    Attributes
    ----------
    axes : dict of str to Axis
        By name: "axis" where one number was given for both, else "height" and "width".
    """

    axes: dict[str, Axis]

    def _repr_markdown_(self) -> str:
        return "\n\n".join(
            paragraph
            for name, axis in self.axes.items()
            for paragraph in (_mathematics(name, axis), _in_words(name, axis))
            if paragraph
        )

    def __repr__(self) -> str:
        lines = []
        for name, axis in self.axes.items():
            lines.append(_plain(name, axis))
            if words := _in_words(name, axis):
                lines.append(words)
        return "\n".join(lines)


def explain_output_size(
    input_size: int | Pair,
    kernel_size: int | Pair,
    *,
    stride: int | Pair = 1,
    padding: Padding = 0,
    dilation: int | Pair = 1,
) -> OutputSizeExplanation:
    """The output size step by step, with the numbers put in.

    Parameters
    ----------
    input_size, kernel_size, stride, padding, dilation
        As for `output_size`. A kernel that does not fit is explained, not refused.

    Returns
    -------
    OutputSizeExplanation
        Displayed as mathematics in a notebook, as text elsewhere.

    Raises
    ------
    TypeError, ValueError
        For an argument of the wrong form or range; the message names it.

    Examples
    --------
    >>> explain_output_size(4, 3, stride=2, padding=1)
    O = floor((W + 2 P - F) / S) + 1
      = floor((4 + 2 * 1 - 3) / 2) + 1
      = floor(3 / 2) + 1
      = 2
    Remainder 1: the last cell of the padded input is never read.
    """
    height, width = make_axes(
        input_size, kernel_size, stride=stride, padding=padding, dilation=dilation
    )
    if given_per_axis(input_size, kernel_size, stride, padding, dilation):
        return OutputSizeExplanation({"height": height, "width": width})
    return OutputSizeExplanation({"axis": width})


def _in_words(name: str, axis: Axis) -> str:
    return left_over(name, axis) if axis.fits else axis.misfit(None if name == "axis" else name)


def left_over(name: str, axis: Axis) -> str:
    """What is never read along an axis, in a sentence or two; empty if all is read.

    Examples
    --------
    >>> left_over("width", Axis(input=9, kernel=2, stride=3))
    'Remainder 1: the last column of the padded input is never read. \
2 columns that the kernel steps over are never read.'
    """
    counts = {"remainder": axis.remainder, "skipped": axis.unread_count - axis.remainder}
    return " ".join(
        text(f"{what}_{'one' if count == 1 else 'many'}_{name}", count=count)
        for what, count in counts.items()
        if count
    )


def _steps(name: str, axis: Axis) -> tuple[list[str], list[str]]:
    """The formula's pieces in symbols and in numbers: size, padding, kernel span, stride."""
    before, after = axis.padding
    size = "H" if name == "height" else "W"
    sides = ("top", "bottom") if name == "height" else ("left", "right")
    if before == after:
        padding = ("2 P", f"2 * {before}")
    else:
        padding = (
            " + ".join(f"P_{text(side)}" for side in sides),
            f"{before} + {after}",
        )
    if axis.dilation == 1:
        span = ("F", str(axis.kernel))
    else:
        span = ("(D (F - 1) + 1)", f"({axis.dilation} * ({axis.kernel} - 1) + 1)")
    symbols = [size, padding[0], span[0], "S"]
    return symbols, [str(axis.input), padding[1], span[1], str(axis.stride)]


def _plain(name: str, axis: Axis) -> str:
    lines = ["floor(({} + {} - {}) / {}) + 1".format(*pieces) for pieces in _steps(name, axis)]
    room = axis.padded - axis.span
    lines.append(f"floor({room} / {axis.stride}) + 1")
    lines.append(str(room // axis.stride + 1))
    symbol = {"axis": "O", "height": "O_H", "width": "O_W"}[name]
    indent = "\n" + " " * (len(symbol) + 1) + "= "
    return f"{symbol} = " + indent.join(lines)


def _mathematics(name: str, axis: Axis) -> str:
    symbol = {"axis": "O", "height": "O_H", "width": "O_W"}[name]
    room = axis.padded - axis.span
    lines = []
    for pieces in _steps(name, axis):
        size, padding, span, stride = (_latex(piece) for piece in pieces)
        lines.append(
            rf"\left\lfloor \frac{{{size} + {padding} - {span}}}{{{stride}}} \right\rfloor + 1"
        )
    lines.append(rf"\left\lfloor \frac{{{room}}}{{{axis.stride}}} \right\rfloor + 1")
    lines.append(str(room // axis.stride + 1))
    body = " \\\\\n".join(f"&= {line}" for line in lines)
    return f"$$\n\\begin{{aligned}}\n{symbol} {body}\n\\end{{aligned}}\n$$"


def _latex(piece: str) -> str:
    for side in ("top", "bottom", "left", "right"):
        piece = piece.replace(f"P_{text(side)}", rf"P_\text{{{text(side)}}}")
    return piece.replace("*", r"\cdot").replace("D (", "D(")
