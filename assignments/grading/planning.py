"""Which submissions there are, and what is to be done for each."""

from dataclasses import dataclass, replace

from . import ledger
from .autograding import Job
from .course import Course, CourseError
from .files import Refused, digest, digest_of_file, is_folder, read_regular
from .marks import Marks, read_marks
from .names import one_line, student_name
from .notebooks import graded_ids, read_notebook, rules_digest

NOT_YET = "not graded yet"
CHANGED = "changed since it was graded"


@dataclass(frozen=True)
class Submission:
    """A submission, and how it stands.

    Attributes
    ----------
    student, assignment : str
    trouble : str
        Why it has no mark that counts; "" when it has one.
    marks : Marks, optional
        The marks, when they are for the submission as it is now.
    job : Job, optional
        What is left to do for it.
    """

    student: str
    assignment: str
    trouble: str = ""
    marks: Marks | None = None
    job: Job | None = None


def survey(course: Course, limit: int) -> list[Submission]:
    """Every submission in ``submitted/``, and how it stands.

    Parameters
    ----------
    course : Course
    limit : int
        What a submitted file may hold, in bytes.
    """
    with course.gradebook() as gradebook:
        entries = ledger.read_all(gradebook)
        marks = read_marks(gradebook)
    rules = {name: rules_digest(_read_source(course, name)) for name in course.assignments}
    found = []
    for student in course.students_who_submitted():
        for assignment in _handed_in(course, student):
            known = (student, assignment)
            each = Submission(student, assignment)
            try:
                data = _read_submission(course, student, assignment, limit)
            except Refused as error:
                found.append(replace(each, trouble=str(error)))
                continue
            entry = entries.get(known)
            job = Job(student, assignment)
            if entry is None or known not in marks:
                each = replace(each, trouble=NOT_YET, job=job)
            elif _is_outdated(course, job, entry, digest(data), rules[assignment]):
                each = replace(each, trouble=CHANGED, job=job)
            elif _lacks_feedback(course, job, entry, marks[known]):
                each = replace(each, marks=marks[known], job=replace(job, grade=False))
            else:
                each = replace(each, marks=marks[known])
            found.append(each)
    return found


def _handed_in(course: Course, student: str) -> list[str]:
    """The assignments that a student has a folder for."""
    if not is_folder(course.root / "submitted" / student):
        return []
    folders = {name: course.folder("submitted", student, name) for name in course.assignments}
    return [name for name, folder in folders.items() if is_folder(folder)]


def _read_submission(course: Course, student: str, assignment: str, limit: int) -> bytes:
    if student_name(student) != student:
        raise Refused(f"not a student's name; rename the folder to {student_name(student)}")
    place = course.notebook("submitted", student, assignment)
    try:
        place.lstat()
    except FileNotFoundError:
        others = sorted(one_line(path.name) for path in place.parent.glob("*.ipynb"))
        there = f", but {', '.join(others[:3])}" if others else ""
        raise Refused(f"there is no {place.name}{there}") from None
    return read_regular(place, limit)


def _is_outdated(
    course: Course, job: Job, entry: ledger.Entry, submission: str, rules: str
) -> bool:
    """Whether submission, assignment or graded notebook are not those of the ledger."""
    graded = course.notebook("autograded", job.student, job.assignment)
    now = submission, rules, digest_of_file(graded)
    return now != (entry.submission, entry.rules, entry.autograded)


def _lacks_feedback(course: Course, job: Job, entry: ledger.Entry, marks: Marks) -> bool:
    page = course.folder("feedback", job.student, job.assignment) / f"{job.assignment}.html"
    return entry.feedback != marks.digest or not page.is_file()


def misplaced(course: Course) -> list[str]:
    """Sentences about what lies in ``submitted/`` and is no student's folder."""
    sentences = []
    for name in course.students_who_submitted():
        if not is_folder(course.root / "submitted" / name):
            sentences.append(f"submitted/{one_line(name)}: no student's folder; it was passed over")
    return sentences


def graded_cells(course: Course) -> dict[str, list[str]]:
    """The names of each assignment's graded cells, in the notebook's order."""
    return {
        name: graded_ids(read_notebook(_read_source(course, name))) for name in course.assignments
    }


def _read_source(course: Course, assignment: str) -> bytes:
    data = course.source(assignment).read_bytes()
    try:
        read_notebook(data)
    except Refused as error:
        raise CourseError(f"source/{assignment}: {error}") from error
    return data
