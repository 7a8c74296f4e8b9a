"""Where a framework's own layer answers otherwise than convviz: site/differences.md as a table.

Each difference says of which cases it is true. It is true of them all, and of no other case does
a framework refuse what convviz computes, or compute what convviz refuses.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.cases.convolutions import Case
from tests.cases.frameworks import has_stride_and_dilation

PAGE = Path(__file__).parent.parent.parent / "site" / "differences.md"


@dataclass(frozen=True)
class Difference:
    """Something that a framework's layer refuses, or computes although convviz refuses it."""

    section: str  # of the page
    framework: str
    is_about: Callable[[Case], bool]
    says: str | None  # a pattern for the framework's refusal; None if it computes


def is_wrong(case: Case) -> bool:
    return case.refused == "wrong setting"


def pads_by_side(case: Case) -> bool:
    padding = case.settings["padding"]
    return isinstance(padding, tuple) and isinstance(padding[0], tuple)


def has_stride(case: Case) -> bool:
    return any(axis.stride > 1 for axis in case.axes)


def is_cropped(case: Case) -> bool:
    return case.settings["padding"] == -1 and case.settings["padding_mode"] != "zeros"


DIFFERENCES = [
    Difference(
        'Padding "same" with a stride',
        "torch",
        lambda case: not is_wrong(case) and case.settings["padding"] == "same" and has_stride(case),
        "padding='same' is not supported for strided convolutions",
    ),
    Difference(
        "A padding for each side",
        "torch",
        lambda case: not is_wrong(case) and pads_by_side(case),
        "must be tuple of ints, but found element of type tuple|invalid combination of arguments",
    ),
    Difference("Padding below zero", "torch", is_cropped, None),
    Difference(
        "Padding by numbers",
        "keras",
        lambda case: not is_wrong(case) and not isinstance(case.settings["padding"], str),
        "has no attribute 'lower'|`padding` must be either `'valid'` or `'same'`",
    ),
    Difference(
        "Padding with anything but zeros",
        "keras",
        lambda case: not is_wrong(case) and case.settings["padding_mode"] != "zeros",
        "Unrecognized keyword arguments passed to Conv2D: {'padding_mode'",
    ),
    Difference(
        "A stride with a dilation",
        "keras",
        lambda case: not is_wrong(case) and has_stride_and_dilation(case),
        "`strides > 1` not supported in conjunction with `dilation_rate > 1`",
    ),
    Difference("Names in capitals", "keras", lambda case: case.settings["padding"] == "SAME", None),
]


def differences(framework: str, case: Case) -> list[Difference]:
    """What is known of a framework's own layer for this case; nothing where they are alike."""
    return [d for d in DIFFERENCES if d.framework == framework and d.is_about(case)]
