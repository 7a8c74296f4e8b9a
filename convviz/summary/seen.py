"""What the cells of an array inside a model see of the model's input."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from convviz.arguments import Pair
from convviz.fields import ReceptiveField, Window


class Seen(NamedTuple):
    """What an array's cells see; where that can't be told there is None in its place.

    Attributes
    ----------
    field : ReceptiveField
    places : (height, width)
        So many places lie side by side. A flattened array keeps the places that it is made of.
    """

    field: ReceptiveField
    places: Pair

    def through(self, window: Window, places: Pair) -> Seen:
        """Behind a layer with a window and so many places."""
        return Seen(self.field.through(window, self.places), places)

    def gathered(self) -> Seen:
        """Behind a layer each of whose outputs reads every place."""
        return self.through(Window(self.places), (1, 1))

    def pooled_to(self, places: Pair) -> Seen | None:
        """Behind adaptive pooling, whose windows are alike if they divide the places evenly."""
        (height, rows), (width, columns) = zip(self.places, places, strict=True)
        if height % rows or width % columns:
            return None
        size = height // rows, width // columns
        return self.through(Window(size, stride=size), places)


def merge(branches: Sequence[Seen | None]) -> Seen | None:
    """Where branches meet cell by cell, or channel by channel."""
    known = [branch for branch in branches if branch is not None]
    if not known or len(known) < len(branches):
        return None
    first, *others = known
    field = first.field
    for other in others:
        # Of a branch that is stretched over the other's places, every cell sees the same.
        if other.places != first.places or other.field.jump != field.jump:
            return None
        field = field.merged(other.field)
    return Seen(field, first.places)


def words(text: str) -> frozenset[str]:
    """The words of a text, for a long list of names."""
    return frozenset(text.split())
