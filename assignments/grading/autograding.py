"""One submission: from the file that a student handed in to marks in the gradebook."""

import os
import re
import shutil
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

import nbformat
from nbgrader.api import Gradebook, InvalidEntry
from nbgrader.converters import Autograde, BaseConverter, GenerateFeedback
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import AssignLatePenalties, SaveAutoGrades
from nbgrader.utils import (
    capture_log,
    compute_checksum,
    determine_grade,
    is_grade,
    is_solution,
    parse_utc,
)
from sqlalchemy.exc import SQLAlchemyError

from . import ledger
from .course import Course, time_stamp
from .files import Refused, digest, put_in_place, read_regular, write_whole
from .marks import Marks, read_marks
from .notebooks import grade_ids, read_notebook, rules_digest, to_bytes

R = TypeVar("R")

ATTEMPTS = 5
# The error at the end of a traceback.
ERROR = re.compile(r"^Traceback .*\n(?:[ \t].*\n)+(\S.*)$", re.MULTILINE)
# What goes by when one waits: a lock held by another process, a server that starts again.
PASSING = ("OperationalError", "InvalidEntry")


class NotGraded(Exception):
    """nbgrader could not grade; the text is its log."""


@dataclass(frozen=True)
class Job:
    """What is to be done for one submission."""

    student: str
    assignment: str
    grade: bool = True  # or only write the feedback


@dataclass(frozen=True)
class Result:
    """How it went: the marks, or a sentence that says why there are none."""

    seconds: float
    marks: Marks | None = None
    refused: str = ""


def do(course: Course, limit: int, job: Job) -> Result:
    """Grade a submission, and write its feedback.

    Runs in a worker. Nothing counts until it is complete: notebooks are made in a folder apart
    and put in place when they are finished; the ledger's entry comes last.

    Parameters
    ----------
    course : Course
    limit : int
        What a submitted file may hold, in bytes.
    job : Job
    """
    start = time.monotonic()
    work = course.work / str(os.getpid())
    work.mkdir(parents=True, exist_ok=True)
    tempfile.tempdir = str(work)  # so that what a killed worker leaves is found and removed
    try:
        if job.grade:
            _patiently(_grade, course, limit, job, work)
        marks = _patiently(_write_feedback, course, job, work)
    except Refused as error:
        return Result(time.monotonic() - start, refused=str(error))
    finally:
        shutil.rmtree(work, ignore_errors=True)
    return Result(time.monotonic() - start, marks)


def _patiently(step: Callable[..., R], *arguments: object) -> R:
    """Do a step again when the gradebook could not be written: each can be done twice."""
    for attempt in range(1, ATTEMPTS + 1):
        try:
            return step(*arguments)
        except (NotGraded, SQLAlchemyError, InvalidEntry) as error:
            described = f"{type(error).__name__} {error}"
            if attempt == ATTEMPTS or not any(name in described for name in PASSING):
                raise
        time.sleep(attempt)
    raise AssertionError("the last attempt returns or raises")


def _grade(course: Course, limit: int, job: Job, work: Path) -> None:
    """Run nbgrader's autograder on a clean copy of the submission, and save the marks."""
    where = job.student, job.assignment
    submitted = course.notebook("submitted", *where)
    data = read_regular(submitted, limit)
    book = read_notebook(data)
    source = course.source(job.assignment).read_bytes()
    if set(grade_ids(book)).isdisjoint(grade_ids(read_notebook(source))):
        raise Refused(f"another notebook: none of the cells of {job.assignment} is in it")
    apart = work / "submitted" / job.student / job.assignment
    write_whole(apart / f"{job.assignment}.ipynb", to_bytes(book))
    write_whole(apart / "timestamp.txt", _time_submitted(submitted).encode())

    autograde = _converter(Autograde, course, job, work, "submitted", "autograded")
    # These two write to the gradebook, cell by cell; here all at once, when all is known.
    later = {SaveAutoGrades, AssignLatePenalties}
    autograde.autograde_preprocessors = [
        each for each in autograde.autograde_preprocessors if each not in later
    ]
    _run(autograde)

    finished = work / "autograded" / job.student / job.assignment
    graded = (finished / f"{job.assignment}.ipynb").read_bytes()
    notebook = nbformat.reads(graded.decode(), as_version=4)
    answers = _digests_of_answers(notebook)
    with course.gradebook() as gradebook:
        before = ledger.read(gradebook, *where)
        _save(gradebook, notebook, where, answers, before.answers if before else {})
    _penalise(notebook, where, autograde)
    put_in_place(finished, course.folder("autograded", *where), work / "former")
    with course.gradebook() as gradebook:
        entry = ledger.Entry(digest(data), rules_digest(source), digest(graded), answers)
        ledger.write(gradebook, *where, entry)


def _converter(
    kind: type[BaseConverter], course: Course, job: Job, work: Path, *steps: str
) -> BaseConverter:
    """One of nbgrader's converters, for one submission, with some steps' folders in `work`."""
    config = course.config
    config.CourseDirectory.student_id = job.student
    config.CourseDirectory.assignment_id = job.assignment
    for step in steps:
        config.CourseDirectory[f"{step}_directory"] = str((work / step).relative_to(course.root))
    return kind(coursedir=CourseDirectory(config=config), config=config, force=True)


def _run(converter: BaseConverter) -> None:
    """Run one of nbgrader's converters.

    Raises
    ------
    NotGraded
        With nbgrader's log; its last line is the error that came first.
    """
    outcome = capture_log(converter)
    if not outcome["success"]:
        log = outcome.get("log", "") + outcome["error"]
        raise NotGraded(f"{log}\n{ERROR.search(log)[1]}")


def _time_submitted(path: Path) -> str:
    """The time stamp that nbgrader has of a submission; without one, the time of the file."""
    try:
        stamp = read_regular(path.with_name("timestamp.txt"), 100).decode().strip()
        parse_utc(stamp)
    except (Refused, ValueError, OverflowError):
        return time_stamp(path.stat().st_mtime)
    return stamp


def _digests_of_answers(notebook) -> dict[str, str]:
    """For each graded cell, the digest of what its mark is for.

    A mark by hand is for the answer in its own cell; the mark of a test is for everything that the
    student wrote, and for the test.
    """
    written = "\0".join(cell.source for cell in notebook.cells if not _is_test(cell))
    return {
        cell.metadata.nbgrader["grade_id"]: digest(
            ("" if is_solution(cell) else written).encode() + b"\0" + cell.source.encode()
        )
        for cell in notebook.cells
        if is_grade(cell)
    }


def _is_test(cell) -> bool:
    return is_grade(cell) and not is_solution(cell)


def _save(
    gradebook: Gradebook,
    notebook,
    where: tuple[str, str],
    answers: dict[str, str],
    before: dict[str, str],
) -> None:
    """Save the marks of every cell in one transaction.

    As nbgrader does it, marks given by hand are never touched. Only where the work that they are
    for has changed, nbgrader's flag asks the teacher to look again.
    """
    student, assignment = where
    for cell in notebook.cells:
        name = cell.metadata.get("nbgrader", {}).get("grade_id")
        at = name, assignment, assignment, student
        if is_grade(cell):
            mark = gradebook.find_grade(*at)
            mark.auto_score, _ = determine_grade(cell)
            if mark.manual_score is None:
                mark.needs_manual_grade = mark.auto_score is None
            elif before.get(name) != answers[name]:
                mark.needs_manual_grade = True
        if is_solution(cell):
            untouched = cell.metadata.nbgrader.get("checksum") == compute_checksum(cell)
            gradebook.find_comment(*at).auto_comment = "No response." if untouched else None
    gradebook.db.commit()


def _penalise(notebook, where: tuple[str, str], autograde: Autograde) -> None:
    """Let nbgrader take off what the course's settings say for a late submission."""
    student, assignment = where
    names = {"student": student, "assignment": assignment, "notebook": assignment}
    resources = {"nbgrader": names | {"db_url": autograde.coursedir.db_url}}
    AssignLatePenalties(parent=autograde).preprocess(notebook, resources)


def _write_feedback(course: Course, job: Job, work: Path) -> Marks:
    """Write the student's page with the marks and comments that are in the gradebook now."""
    where = job.student, job.assignment
    with course.gradebook() as gradebook:
        marks = read_marks(gradebook, *where)[where]
    _run(_converter(GenerateFeedback, course, job, work, "feedback"))
    finished = work / "feedback" / job.student / job.assignment
    put_in_place(finished, course.folder("feedback", *where), work / "former")
    with course.gradebook() as gradebook:
        entry = ledger.read(gradebook, *where)
        ledger.write(gradebook, *where, replace(entry, feedback=marks.digest))
    return marks
