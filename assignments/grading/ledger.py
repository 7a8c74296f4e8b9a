"""What has been graded, as it was: a table of ours beside nbgrader's in the gradebook.

A row is written last, when marks and files are there. So whatever was broken off has no row that
fits, and is graded again.
"""

import json
from dataclasses import dataclass, field

from nbgrader.api import Gradebook
from sqlalchemy import Column, MetaData, String, Table, Text, delete, insert, select

METADATA = MetaData()

GRADED = Table(
    "convviz_graded",
    METADATA,
    Column("student", String(128), primary_key=True),
    Column("assignment", String(128), primary_key=True),
    Column("submission", String(64), nullable=False),
    Column("rules", String(64), nullable=False),
    Column("autograded", String(64), nullable=False),
    Column("answers", Text, nullable=False),
    Column("feedback", String(64), nullable=False),
)

RELEASED = Table(
    "convviz_released",
    METADATA,
    Column("assignment", String(128), primary_key=True),
    Column("rules", String(64), nullable=False),
)


@dataclass(frozen=True)
class Entry:
    """How a submission was when it was graded; every digest is SHA-256.

    Attributes
    ----------
    submission, rules, autograded : str
        Digests of the submitted file, of the assignment, of the graded notebook.
    answers : dict of str
        For each graded cell, the digest of the work that its mark is for.
    feedback : str
        Digest of the marks and comments that the feedback shows; "" when there is none yet.
    """

    submission: str
    rules: str
    autograded: str
    answers: dict[str, str] = field(default_factory=dict)
    feedback: str = ""


def create(gradebook: Gradebook) -> None:
    """Make the tables, if they aren't there."""
    METADATA.create_all(gradebook.engine)


def read_all(gradebook: Gradebook) -> dict[tuple[str, str], Entry]:
    """Every entry, by student and assignment."""
    return {
        (row.student, row.assignment): _to_entry(row) for row in _rows(gradebook, select(GRADED))
    }


def read(gradebook: Gradebook, student: str, assignment: str) -> Entry | None:
    """A submission's entry; None when there is none."""
    wanted = select(GRADED).where(*_at(student, assignment))
    found = _rows(gradebook, wanted)
    return _to_entry(found[0]) if found else None


def write(gradebook: Gradebook, student: str, assignment: str, entry: Entry) -> None:
    """Replace a submission's entry, and with it commit whatever else is pending."""
    values = vars(entry) | {"answers": json.dumps(entry.answers)}
    gradebook.db.execute(delete(GRADED).where(*_at(student, assignment)))
    gradebook.db.execute(insert(GRADED).values(student=student, assignment=assignment, **values))
    gradebook.db.commit()


def read_released(gradebook: Gradebook) -> dict[str, str]:
    """For each assignment, the digest of what was released."""
    return {row.assignment: row.rules for row in _rows(gradebook, select(RELEASED))}


def write_released(gradebook: Gradebook, assignment: str, rules: str) -> None:
    """Note what was released of an assignment."""
    gradebook.db.execute(delete(RELEASED).where(RELEASED.c.assignment == assignment))
    gradebook.db.execute(insert(RELEASED).values(assignment=assignment, rules=rules))
    gradebook.db.commit()


def _at(student: str, assignment: str) -> tuple:
    return GRADED.c.student == student, GRADED.c.assignment == assignment


def _rows(gradebook: Gradebook, statement) -> list:
    found = gradebook.db.execute(statement).all()
    gradebook.db.rollback()  # a transaction left open would hold others up
    return found


def _to_entry(row) -> Entry:
    values = row._asdict()
    del values["student"], values["assignment"]
    return Entry(**values | {"answers": json.loads(row.answers)})
