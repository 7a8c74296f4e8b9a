"""`Axis`: the height or the width of a convolution, and which cell reads which along it.

Integers only; no array of data ever comes in here. One small index table says everything about
the mapping: every highlight, count and formula follows from it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from convviz.arguments import MAX_LENGTH, Pair, as_int, entries, shown
from convviz.catalogue import text

#: What MAX_LENGTH cells with a stride of MAX_LENGTH, or a kernel as far apart, may need.
_LONGEST = 4 * MAX_LENGTH**2

#: An index table has no more entries: 2 GiB.
MAX_ENTRIES = 2**28


@dataclass(frozen=True)
class Axis:
    """One axis of a convolution: its settings, and all that follows from them.

    Attributes
    ----------
    input, kernel, stride, dilation : int
        Cells of the input and of the kernel, the step, and the kernel's spacing.
    padding : (before, after)
        Cells added before the first and after the last input cell.

    Raises
    ------
    TypeError, ValueError
        For one of the wrong form or range.

    Examples
    --------
    The axis of a 3-cell kernel over 4 cells with stride 2 and padding 1:

    >>> axis = Axis(input=4, kernel=3, stride=2, padding=(1, 1))
    >>> axis.output, axis.remainder
    (2, 1)
    >>> axis.reads
    array([[-1,  0,  1],
           [ 1,  2,  3]])
    >>> axis.unread
    (4,)
    """

    input: int
    kernel: int
    stride: int = 1
    padding: Pair = (0, 0)
    dilation: int = 1

    def __post_init__(self) -> None:
        for name in ("kernel", "stride", "dilation"):
            object.__setattr__(self, name, as_int(name, getattr(self, name), 1))
        object.__setattr__(self, "input", as_int("input", self.input, 1, _LONGEST))
        sides = entries(self.padding)
        if sides is None or len(sides) != 2:
            raise ValueError(text("not_before_and_after", value=shown(self.padding)))
        before, after = sides
        checked = (
            as_int("padding (before)", before, 0, _LONGEST),
            as_int("padding (after)", after, 0, _LONGEST),
        )
        object.__setattr__(self, "padding", checked)

    @property
    def span(self) -> int:
        """Cells from the kernel's first to its last: ``D (F - 1) + 1``."""
        return self.dilation * (self.kernel - 1) + 1

    @property
    def padded(self) -> int:
        """Cells of the input with its padding."""
        return self.padding[0] + self.input + self.padding[1]

    @property
    def fits(self) -> bool:
        """Whether there is any output at all."""
        return self.span <= self.padded

    @property
    def output(self) -> int:
        """Cells of the output; 0 if the kernel does not fit."""
        return (self.padded - self.span) // self.stride + 1 if self.fits else 0

    @property
    def remainder(self) -> int:
        """What the division leaves over: cells at the end that no kernel reaches."""
        return (self.padded - self.span) % self.stride if self.fits else 0

    @cached_property
    def reads(self) -> np.ndarray:
        """Which input cell output i reads with kernel cell u, as ``reads[i, u]``.

        Shape (output, kernel), int64. An index below 0 or from `input` on is padding.

        Raises
        ------
        ValueError
            If that is more than memory should be asked for, as of `counts` and `unread`.
        """
        _check_entries(self.output * self.kernel)
        if not self.fits:
            return np.empty((0, self.kernel), np.int64)
        starts = np.arange(self.output, dtype=np.int64) * self.stride - self.padding[0]
        return starts[:, None] + np.arange(self.kernel, dtype=np.int64) * self.dilation

    @cached_property
    def counts(self) -> np.ndarray:
        """How many outputs read each cell of the padded input.

        Shape (padded,), int64; entry 0 is input index ``-padding[0]``.
        """
        _check_entries(self.padded)
        return np.bincount((self.reads + self.padding[0]).ravel(), minlength=self.padded)

    @property
    def unread(self) -> tuple[int, ...]:
        """Indices that no output reads, padding among them (index -1 is left of cell 0)."""
        return tuple(int(k) - self.padding[0] for k in np.flatnonzero(self.counts == 0))

    @property
    def unread_count(self) -> int:
        """How many indices no output reads, also where they are too many to list."""
        # A cell that several pairs (i, u) read is counted for the last i of them: from one to the
        # next, i grows by dilation / common and u falls by stride / common.
        common = math.gcd(self.stride, self.dilation)
        later = max(self.output - self.dilation // common, 0)
        again = later * max(self.kernel - self.stride // common, 0)
        return self.padded - (self.output * self.kernel - again)

    def misfit(self, name: str | None = None) -> str:
        """In words: why the kernel does not fit, and which values would.

        Parameters
        ----------
        name : "height", "width" or None
            Which axis to speak of; None where there is only one.
        """
        before, after = self.padding
        kind = "misfit" if self.dilation == 1 else "misfit_dilated"
        sentences = [
            text(
                f"{kind}_{name or 'axis'}",
                span=self.span,
                kernel=self.kernel,
                dilation=self.dilation,
                room=self.padded,
                input=self.input,
                before=before,
                after=after,
            ),
            text("fits_kernel", kernel_size=(self.padded - 1) // self.dilation + 1),
        ]
        if self.dilation > 1 and self.padded >= self.kernel:
            widest = (self.padded - 1) // (self.kernel - 1)
            sentences.append(text("fits_dilation", dilation=widest))
        missing = self.span - self.padded
        if before == after:
            sentences.append(text("fits_padding", padding=before + -(-missing // 2)))
        else:
            sentences.append(text("fits_padding_total", padding=before + after + missing))
        return " ".join(sentences)


def _check_entries(entries: int) -> None:
    if entries > MAX_ENTRIES:
        raise ValueError(text("too_many_entries", entries=entries, most=MAX_ENTRIES))
