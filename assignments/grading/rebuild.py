"""nbgrader's first step with a submission: the assignment anew, with the student's answers in it.

From the submission come nothing but sources: those of the answer cells, found by name, and the
student's own cells, which go where they were. Whatever else was edited, deleted, copied or forged
has no effect.
"""

import copy
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from nbformat import NotebookNode
from nbgrader.api import Gradebook
from nbgrader.preprocessors import NbGraderPreprocessor

from .outputs import BASE64, PICTURES
from .skeleton import Skeleton, read_skeleton

LONGEST_CELL = 100_000  # characters
MOST_OWN_CELLS = 300
MOST_OWN_TEXT = 500_000  # characters of all of them
LARGEST_PICTURE = 3_000_000  # characters, in an answer

TOO_LONG = "What was here has been left out: it is longer than 100,000 characters."
TOO_MANY = "Further cells have been left out: there are too many of them."


@dataclass(frozen=True)
class Part:
    """What counts of a cell that was handed in."""

    kind: str
    source: str
    name: str
    pictures: dict[str, dict[str, str]]


class Rebuild(NbGraderPreprocessor):
    """Make every submission the assignment, with the student's work in it."""

    def preprocess(self, nb: NotebookNode, resources: dict) -> tuple[NotebookNode, dict]:
        """Rebuild a notebook.

        Raises
        ------
        SourceError
            When the assignment's source is missing, or other than when it was released.
        """
        own = resources["nbgrader"]
        folder = self.config.CourseDirectory.get("source_directory", "source")
        path = Path(folder, own["assignment"], f"{own['notebook']}.ipynb")
        with Gradebook(own["db_url"]) as gradebook:
            skeleton = read_skeleton(path, self.config, gradebook)
        return rebuild(skeleton, read_parts(nb)), resources


def read_parts(notebook: object) -> list[Part]:
    """The cells of a notebook that may be wrong in any way."""
    cells = notebook.get("cells") if isinstance(notebook, dict) else None
    return [_part(cell) for cell in cells if isinstance(cell, dict)] if cells else []


def rebuild(skeleton: Skeleton, parts: list[Part]) -> NotebookNode:
    """The skeleton with a student's parts in it."""
    notebook = copy.deepcopy(skeleton.notebook)
    answers, own = _sorted(skeleton, parts)
    for place, part in answers.items():
        cell = notebook.cells[place]
        # As it was given out, it is no answer. The gradebook has its own text for that, which
        # differs where hidden lines were taken out.
        if part.source.strip() != skeleton.released[place].strip():
            cell.source = _whole(part, cell.cell_type)
            if part.pictures and cell.cell_type == "markdown":
                cell.attachments = part.pictures
    cells = list(_limited(own.get(-1, []), budget := Budget()))
    for place, cell in enumerate(notebook.cells):
        cells += [cell, *_limited(own.get(place, []), budget)]
    for number, cell in enumerate(cells):
        cell.id = f"cell-{number}"
    notebook.cells = cells
    notebook.nbformat, notebook.nbformat_minor = 4, 5
    return notebook


def _sorted(skeleton: Skeleton, parts: list[Part]) -> tuple[dict[int, Part], dict[int, list[Part]]]:
    """The answers by their places, and the student's own cells by the places that they follow."""
    answers, named = skeleton.answers, skeleton.named
    last = {part.name: part for part in parts if part.name in answers}
    texts = [source.strip() for source in skeleton.released]
    found, own, after = {}, {}, -1
    for part in parts:
        if last.get(part.name) is part:
            after = answers[part.name]
            found[after] = part
        elif part.name in named and part.name not in answers:
            after = named[part.name]  # the assignment's, whatever has become of it
        elif part.source.strip() in texts:
            after = _next(texts, part.source.strip(), after)
        elif part.source.strip():
            own.setdefault(after, []).append(part)
    return found, own


def _next(texts: list[str], text: str, after: int) -> int:
    """The next place of a text, or its only one."""
    return texts.index(text, after + 1) if text in texts[after + 1 :] else texts.index(text)


class Budget:
    """How much of a student's own cells there may yet be."""

    def __init__(self) -> None:
        self.cells, self.text = MOST_OWN_CELLS, MOST_OWN_TEXT

    def allows(self, part: Part) -> bool:
        """Whether there is room for another cell, which takes it."""
        self.cells -= 1
        self.text -= len(part.source)
        return self.cells >= 0 and self.text >= 0


def _limited(parts: Iterable[Part], budget: Budget) -> Iterator[NotebookNode]:
    """Cells of the student's own, while there is room for them."""
    for part in parts:
        if not budget.allows(part):
            yield _cell("markdown", TOO_MANY)
            return
        yield _cell(part.kind, _whole(part, part.kind))


def _whole(part: Part, kind: str) -> str:
    if len(part.source) <= LONGEST_CELL:
        return part.source
    return f"# {TOO_LONG}" if kind == "code" else TOO_LONG


def _cell(kind: str, source: str) -> NotebookNode:
    cell = NotebookNode(cell_type=kind, metadata=NotebookNode(), source=source)
    if kind == "code":
        cell.update(outputs=[], execution_count=None)
    return cell


def _part(cell: dict) -> Part:
    kind, source = cell.get("cell_type"), cell.get("source")
    lines = source if isinstance(source, list) else [source]
    text = "".join(line for line in lines if isinstance(line, str))
    metadata = cell.get("metadata")
    own = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    name = own.get("grade_id") if isinstance(own, dict) else None
    return Part(
        kind=kind if kind in ("code", "raw") else "markdown",
        # Half a character can't be written to a file; no source has a zero in it.
        source=text.encode("utf-8", "replace").decode("utf-8").replace("\0", ""),
        name=name if isinstance(name, str) else "",
        pictures=_pictures(cell.get("attachments")),
    )


def _pictures(attachments: object) -> dict[str, dict[str, str]]:
    """Pictures that a student dragged into an answer."""
    pictures = {}
    for name, kinds in attachments.items() if isinstance(attachments, dict) else ():
        for kind, data in kinds.items() if isinstance(kinds, dict) else ():
            fits = isinstance(data, str) and len(data) <= LARGEST_PICTURE
            if kind in PICTURES and fits and BASE64.fullmatch(data):
                pictures[str(name)] = {kind: data}
    return pictures
