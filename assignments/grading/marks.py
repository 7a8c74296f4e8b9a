"""The marks as the gradebook has them, and marks.csv."""

import csv
import io
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from nbgrader.api import (
    Assignment,
    BaseCell,
    Comment,
    Grade,
    Gradebook,
    Notebook,
    Student,
    SubmittedAssignment,
    SubmittedNotebook,
)
from sqlalchemy import select

from .files import digest, write_whole
from .names import one_line

COLUMNS = ("student", "assignment", "status", "score", "maximum", "penalty", "waiting")
FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass
class Marks:
    """What the gradebook says of one submission.

    Attributes
    ----------
    cells : dict of float
        The score of each graded cell.
    waiting : dict of float
        The cells that wait for marking by hand, and what each can give at most.
    comments : dict of str
        The comments on answers.
    maximum, penalty : float
        What all cells give at most, and what is taken off for being late.
    """

    cells: dict[str, float] = field(default_factory=dict)
    waiting: dict[str, float] = field(default_factory=dict)
    comments: dict[str, str] = field(default_factory=dict)
    maximum: float = 0.0
    penalty: float = 0.0

    @property
    def score(self) -> float:
        """What the student has."""
        return max(0.0, sum(self.cells.values()) - self.penalty)

    @property
    def digest(self) -> str:
        """Of all that a student's feedback shows."""
        shown = self.cells, self.comments, self.maximum, self.penalty
        return digest(json.dumps(shown, sort_keys=True).encode())


def read_marks(gradebook: Gradebook, *only: str) -> dict[tuple[str, str], Marks]:
    """The marks of all submissions, or of one, by student and assignment.

    Parameters
    ----------
    gradebook : Gradebook
    *only : str
        A student and an assignment.
    """
    marks: dict[tuple[str, str], Marks] = {}
    grades = select(
        *(Student.id, Assignment.name, BaseCell.name, Grade.score, Grade.max_score),
        *(Grade.needs_manual_grade, SubmittedNotebook.late_submission_penalty),
    )
    for student, assignment, cell, score, most, waits, penalty in _rows(
        gradebook, grades, Grade, only
    ):
        each = marks.setdefault((student, assignment), Marks())
        each.cells[cell] = score
        each.maximum += most
        each.penalty = penalty or 0.0
        if waits:
            each.waiting[cell] = most
    comments = select(Student.id, Assignment.name, BaseCell.name, Comment.comment)
    for student, assignment, cell, comment in _rows(gradebook, comments, Comment, only):
        if comment and (student, assignment) in marks:
            marks[student, assignment].comments[cell] = comment
    return marks


def _rows(gradebook: Gradebook, statement, table, only: tuple[str, ...]) -> list:
    joined = (
        statement.select_from(table)
        .join(BaseCell, BaseCell.id == table.cell_id)
        .join(SubmittedNotebook, SubmittedNotebook.id == table.notebook_id)
        .join(Notebook, Notebook.id == SubmittedNotebook.notebook_id)
        .join(SubmittedAssignment, SubmittedAssignment.id == SubmittedNotebook.assignment_id)
        .join(Assignment, Assignment.id == SubmittedAssignment.assignment_id)
        .join(Student, Student.id == SubmittedAssignment.student_id)
        .order_by(Student.id, Assignment.name, BaseCell.name)
    )
    if only:
        joined = joined.where(Student.id == only[0], Assignment.name == only[1])
    found = gradebook.db.execute(joined).all()
    gradebook.db.rollback()
    return found


@dataclass(frozen=True)
class Line:
    """A submission in marks.csv; `marks` is None where none count."""

    student: str
    assignment: str
    status: str
    marks: Marks | None = None


def write_marks(path: Path, lines: Iterable[Line], cells: dict[str, list[str]]) -> None:
    """Write marks.csv, whole or not at all.

    Parameters
    ----------
    path : Path
    lines : iterable of Line
    cells : dict of list of str
        The graded cells of each assignment, in the notebook's order.
    """
    headings = [f"{assignment}/{cell}" for assignment in cells for cell in cells[assignment]]
    text = io.StringIO()
    table = csv.DictWriter(text, [*COLUMNS, *headings], restval="")
    table.writeheader()
    for line in sorted(lines, key=lambda line: (line.assignment, line.student)):
        row = {"student": line.student, "assignment": line.assignment, "status": line.status}
        if marks := line.marks:
            row |= {
                "score": number(marks.score),
                "maximum": number(marks.maximum),
                "penalty": number(marks.penalty),
                "waiting": " ".join(marks.waiting),
            }
            row |= {f"{line.assignment}/{cell}": number(marks.cells[cell]) for cell in marks.cells}
        table.writerow({name: harmless(value) for name, value in row.items()})
    # The mark at the start tells spreadsheets that it is UTF-8.
    write_whole(path, text.getvalue().encode("utf-8-sig"))


def harmless(text: str) -> str:
    """Text in which no spreadsheet sees a formula."""
    line = one_line(text)
    return f"'{line}" if line.startswith(FORMULA) else line


def number(value: float) -> str:
    """Points as one writes them: 3, 2.5."""
    return f"{value:g}"
