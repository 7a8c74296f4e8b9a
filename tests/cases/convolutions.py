"""The convolutions of convolutions.json with their numbers, for all that is to agree on them."""

import json
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from convviz import conv2d, make_axes
from tests.cases.draw import FILE

GEOMETRY = ("stride", "padding", "dilation")
SETTINGS = (*GEOMETRY, "groups", "padding_mode")


@dataclass(frozen=True)
class Case:
    """One convolution: its settings, and what is known of its output."""

    seed: int
    shapes: dict[str, tuple[int, ...] | None]  # of input, weight and bias
    whole: bool  # whether its numbers are integers
    settings: dict[str, Any]
    output: tuple[int, ...] | None  # the shape
    refused: str | None  # why there is no output

    @cached_property
    def arrays(self) -> dict[str, np.ndarray | None]:
        """input, weight and bias, the same each time."""
        rng = np.random.default_rng(self.seed)

        def numbers(shape):
            return rng.integers(-9, 10, shape) if self.whole else rng.normal(size=shape)

        return {n: None if shape is None else numbers(shape) for n, shape in self.shapes.items()}

    @property
    def layer(self) -> dict[str, Any]:
        """Everything, as `conv2d` takes it."""
        return self.arrays | self.settings

    @property
    def image(self) -> dict[str, Any]:
        """The same on the first image only, as `trace` and the widgets take it."""
        return self.layer | {"input": self.images[0]}

    @property
    def images(self) -> np.ndarray:
        """The input as a batch, whether or not it is one."""
        return self.arrays["input"].reshape(-1, *self.shapes["input"][-3:])

    @property
    def axes(self):
        """Height and width, as `convviz.axis.Axis`."""
        sizes = self.shapes["input"][-2:], self.shapes["weight"][-2:]
        return make_axes(*sizes, **{name: self.settings[name] for name in GEOMETRY})

    @cached_property
    def rounding(self) -> np.ndarray | int:
        """How far two ways to add up each output number may be apart: for integers, not at all.

        A sum of n products in floats is off by less than n times half an epsilon of the products'
        absolute sum, in whatever order they are added.
        """
        if self.whole:
            return 0
        absolute = {n: None if a is None else np.abs(a) for n, a in self.arrays.items()}
        terms = self.arrays["weight"][0].size + 1
        return terms * np.finfo(float).eps * conv2d(**absolute, **self.settings)

    def agrees(self, one, other) -> bool:
        """Whether two outputs of this convolution are the same, but for rounding."""
        one, other = np.asarray(one), np.asarray(other)
        return one.shape == other.shape and bool((np.abs(one - other) <= self.rounding).all())


def as_tuples(value):
    """Lists as tuples, all the way down."""
    return tuple(map(as_tuples, value)) if isinstance(value, list) else value


def read_case(entry: dict[str, Any]) -> Case:
    shapes = {name: tuple(entry[name]) for name in ("input", "weight")}
    shapes["bias"] = shapes["weight"][:1] if entry["bias"] else None
    return Case(
        seed=entry["seed"],
        shapes=shapes,
        whole=entry["numbers"] == "integers",
        settings={name: as_tuples(entry[name]) for name in SETTINGS},
        output=as_tuples(entry.get("output")),
        refused=entry.get("refused"),
    )


CASES = [read_case(entry) for entry in json.loads(FILE.read_text(encoding="utf-8"))]
WITH_OUTPUT = [case for case in CASES if case.output]
