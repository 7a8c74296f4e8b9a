"""The table of a model's layers, as numbers and as text."""

from __future__ import annotations

from dataclasses import dataclass

from convviz.catalogue import as_markdown

UNKNOWN = "—"


@dataclass(frozen=True)
class Row:
    """One call of a layer.

    Attributes
    ----------
    name : str
        Where the model has it, with dots for what is nested.
    kind : str
        Its class, or the function.
    output_size : tuple of int or None
        Without the batch, in the model's own order; None if it does not put out one array.
    parameters : int
        Those that no row above has counted.
    macs : int or None
        Multiply-accumulates for one image; None if the kind is not known.
    receptive_field : (int, int) or None
        Height and width in cells of the model's input; None where it is not known.
    """

    name: str
    kind: str
    output_size: tuple[int, ...] | None
    parameters: int
    macs: int | None
    receptive_field: tuple[int, int] | None


@dataclass(frozen=True)
class Summary:
    """A model's layers; shows itself as a table.

    Attributes
    ----------
    rows : tuple of Row
        In the order of the calls.
    convention : str
        The order of an image's axes: "C, H, W" or "H, W, C".
    statistics : int
        Running means and variances of batch normalisation. They are not parameters.
    not_called : dict of str to int
        Modules that hold parameters and were not called, with the number of these.
    """

    rows: tuple[Row, ...]
    convention: str
    statistics: int
    not_called: dict[str, int]

    @property
    def parameters(self) -> int:
        """Parameters of the whole model, those of modules that were not called included."""
        return sum(row.parameters for row in self.rows) + sum(self.not_called.values())

    @property
    def macs(self) -> int:
        """Multiply-accumulates of all layers of known kinds, for one image."""
        return sum(row.macs or 0 for row in self.rows)

    @property
    def not_counted(self) -> tuple[str, ...]:
        """The kinds whose multiply-accumulates are not known, each once."""
        return tuple(dict.fromkeys(row.kind for row in self.rows if row.macs is None))

    def __repr__(self) -> str:
        heading, *lines, total = self._cells()
        widths = [max(map(len, column)) for column in zip(heading, *lines, total, strict=True)]
        texts = [
            "  ".join(
                cell.ljust(width) if k < 3 else cell.rjust(width)
                for k, (cell, width) in enumerate(zip(line, widths, strict=True))
            ).rstrip()
            for line in (heading, *lines, total)
        ]
        rule = "-" * (sum(widths) + 2 * (len(widths) - 1))
        return "\n".join([texts[0], rule, *texts[1:-1], rule, texts[-1], *self._notes()])

    def _repr_markdown_(self) -> str:
        heading, *lines, total = self._cells()
        lines = [[_as_code(name), as_markdown(kind), *rest] for name, kind, *rest in lines]
        total = [f"**{cell}**" if cell else "" for cell in total]
        ruler = [":--", ":--", ":--", "--:", "--:", "--:"]
        table = [f"| {' | '.join(line)} |" for line in (heading, ruler, *lines, total)]
        return "\n\n".join(["\n".join(table), *map(as_markdown, self._notes())])

    def _cells(self) -> list[list[str]]:
        heading = ["layer", "kind", f"output ({self.convention})"]
        heading += ["parameters", "multiply-accumulates", "receptive field"]
        lines = [
            [
                row.name,
                row.kind,
                _sizes(row.output_size),
                f"{row.parameters:,}",
                UNKNOWN if row.macs is None else f"{row.macs:,}",
                _sizes(row.receptive_field),
            ]
            for row in self.rows
        ]
        at_least = "≥ " if self.not_counted else ""
        total = ["total", "", "", f"{self.parameters:,}", f"{at_least}{self.macs:,}", ""]
        return [heading, *lines, total]

    def _notes(self) -> list[str]:
        notes = []
        if self.not_counted:
            notes.append(f"multiply-accumulates not counted: {', '.join(self.not_counted)}")
        if self.not_called:
            held = ", ".join(f"{name} ({count:,})" for name, count in self.not_called.items())
            notes.append(f"not called, but in the total of parameters: {held}")
        if self.statistics:
            notes.append(f"running means and variances, not parameters: {self.statistics:,}")
        return notes


def _as_code(name: str) -> str:
    """A layer's name as code, in a table of Markdown; as plain words if code can't hold it."""
    return as_markdown(name) if not name or set(name) & set("`|") else f"`{name}`"


def _sizes(sizes: tuple[int, ...] | None) -> str:
    return UNKNOWN if sizes is None else " × ".join(map(str, sizes))
