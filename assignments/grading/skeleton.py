"""An assignment as it was released, with its hidden tests: what every submission is rebuilt on."""

import copy
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbgrader import preprocessors as steps
from nbgrader.api import Gradebook
from nbgrader.utils import is_grade, is_locked, is_solution, is_task
from traitlets.config import Config

from . import pages

# What `nbgrader generate_assignment` does to a source before it saves the cells to the gradebook,
# and after it.
BEFORE = (steps.IncludeHeaderFooter, pages.ClearSolutions, steps.ClearOutput)
AFTER = (steps.ClearHiddenTests, steps.ClearMarkScheme)


class SourceError(RuntimeError):
    """The assignment's source is missing, or other than when it was released."""


@dataclass(frozen=True)
class Skeleton:
    """An assignment's cells, twice.

    Attributes
    ----------
    notebook : NotebookNode
        As the gradebook has it: without solutions, with hidden tests and the mark scheme.
    released : list of str
        Each cell's source as the students got it.
    """

    notebook: NotebookNode
    released: list[str]

    @property
    def answers(self) -> dict[str, int]:
        """The answer cells: which cell of the notebook each name is."""
        return {name: k for name, k in self.named.items() if is_answer(self.notebook.cells[k])}

    @property
    def named(self) -> dict[str, int]:
        """All cells with a name of nbgrader's."""
        cells = enumerate(self.notebook.cells)
        return {cell.metadata.nbgrader.grade_id: k for k, cell in cells if is_known(cell)}


def read_skeleton(path: Path, config: Config, gradebook: Gradebook) -> Skeleton:
    """Read an assignment from its source, as the gradebook knows it.

    Parameters
    ----------
    path : Path
        ``source/<assignment>/<notebook>.ipynb``
    config : Config
        nbgrader's settings.
    gradebook : Gradebook

    Raises
    ------
    SourceError
    """
    if not path.is_file():
        raise SourceError(f"the assignment's source is missing: {path}")
    notebook = _processed(nbformat.read(path, as_version=4), BEFORE, config)
    _take_saved(notebook, path, gradebook)
    after = _processed(copy.deepcopy(notebook), AFTER, config)
    return Skeleton(notebook, [cell.source for cell in after.cells])


def is_known(cell: NotebookNode) -> bool:
    """Whether nbgrader keeps the cell in the gradebook."""
    return bool(is_grade(cell) or is_solution(cell) or is_locked(cell) or is_task(cell))


def is_answer(cell: NotebookNode) -> bool:
    """Whether the cell is the student's to fill in."""
    return bool(is_solution(cell) or is_task(cell))


def _processed(notebook: NotebookNode, classes: tuple, config: Config) -> NotebookNode:
    for step in classes:
        notebook, _ = step(config=config).preprocess(notebook, {})
    return notebook


def _take_saved(notebook: NotebookNode, path: Path, gradebook: Gradebook) -> None:
    """Put the gradebook's cells into the notebook: marks are for what was released."""
    saved = {
        cell.name: cell
        for cell in gradebook.find_notebook(path.stem, path.parent.name).source_cells
    }
    known = [cell for cell in notebook.cells if is_known(cell)]
    if {cell.metadata.nbgrader.grade_id for cell in known} != saved.keys():
        raise SourceError(
            f"{path} has other cells than when it was released; nbgrader generate_assignment "
            f"{path.parent.name} --force brings the gradebook up to date"
        )
    for cell in known:
        cell.source = saved[cell.metadata.nbgrader.grade_id].source
