"""The grade command: prepare, collect, grade, report."""

import argparse
import shutil
import signal
import sys
import threading
import time
from collections import Counter
from contextlib import closing
from functools import partial
from pathlib import Path

from tqdm import tqdm

from . import autograding, release, walls, workers
from .autograding import Job
from .collecting import collect
from .course import Course, CourseError, open_course
from .marks import Line, Marks, number, write_marks
from .names import one_line
from .planning import Submission, graded_cells, misplaced, survey

PRELOADED = ["nbgrader.converters", "nbgrader.preprocessors"]
STOPPED = 130  # as shells have it for Ctrl-C
asked_to_stop = threading.Event()


def main(arguments: argparse.Namespace) -> int:
    """Do it all; the program's exit code."""
    asked_to_stop.clear()
    for each in (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, stop)
    try:
        course = open_course(arguments.course.resolve())
        with course.locked():
            return grade(course, arguments)
    except CourseError as error:
        print(f"Nothing was graded: {error}", file=sys.stderr)
        return 1
    except workers.CannotStart as error:
        print(f"No worker can be started: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        again = " ".join(["python", *sys.argv])
        print(f"\nStopped. What was graded is kept. To go on with the rest:\n    {again}")
        return STOPPED


def stop(*_: object) -> None:
    """What Ctrl-C does."""
    asked_to_stop.set()
    raise KeyboardInterrupt


def grade(course: Course, arguments: argparse.Namespace) -> int:
    """Grade what is chosen and left to do."""
    start = time.monotonic()
    chosen = choose(course, arguments.assignments)
    limit = arguments.megabytes * 10**6
    shutil.rmtree(course.work, ignore_errors=True)
    prepare(course, chosen)
    for place in arguments.places:
        report_collection(course, place, chosen, limit)
    for sentence in misplaced(course):
        print(sentence)

    plan = survey(course, limit)
    for each in plan:
        if each.trouble and not each.job and each.assignment in chosen:
            print(line_of(each.student, each.assignment, each.trouble))
    jobs = [job for each in plan if (job := job_of(each, chosen, arguments.again))]
    enrol(course, jobs)
    troubles, failed = carry_out(course, jobs, arguments)

    plan = survey(course, limit)
    lines = [to_line(each, troubles) for each in plan]
    write_marks(course.root / "marks.csv", [*lines, *missing(course, plan)], graded_cells(course))
    summarise(course, plan, chosen, time.monotonic() - start)
    shutil.rmtree(course.work, ignore_errors=True)
    return 1 if failed else 0


def choose(course: Course, names: list[str]) -> list[str]:
    """The assignments to grade."""
    there = course.assignments
    if not there:
        raise CourseError(f"there is no assignment in {course.root / 'source'}")
    for name in names:
        if name not in there:
            raise CourseError(f"there is no assignment {name}; there are {', '.join(there)}")
    return list(dict.fromkeys(names)) or there


def prepare(course: Course, chosen: list[str]) -> None:
    """All that must be there before several processes begin."""
    walls.warn()
    release.create_gradebook(course)
    for assignment in chosen:
        if release.release(course, assignment):
            print(f"{assignment}: the students' version is in release/{assignment}")


def report_collection(course: Course, place: Path, chosen: list[str], limit: int) -> None:
    """Collect, and say what came of it."""
    counts = Counter()
    for what, sentence in collect(course, place, chosen, limit):
        counts[what] += 1
        if sentence:
            print(sentence)
    print(
        f"Collected from {one_line(place)}: {counts['new']} new, "
        f"{counts['later']} in place of a former one (kept in earlier/), "
        f"{counts['same']} as before, {counts['']} not collected"
    )


def job_of(each: Submission, chosen: list[str], again: bool) -> Job | None:
    """What is to be done now for a submission."""
    if each.assignment not in chosen:
        return None
    if again and each.marks:
        return Job(each.student, each.assignment)
    return each.job


def enrol(course: Course, jobs: list[Job]) -> None:
    """Enter the students into the gradebook, which two workers could not do for the same one."""
    with course.gradebook() as gradebook:
        known = {student.id for student in gradebook.students}
        for student in sorted({job.student for job in jobs} - known):
            gradebook.add_student(student)


def carry_out(
    course: Course, jobs: list[Job], arguments: argparse.Namespace
) -> tuple[dict[tuple[str, str], str], set[tuple[str, str]]]:
    """Do the jobs, a line for each as it ends.

    Returns
    -------
    troubles : dict of str
        Why a submission got no mark.
    failed : set
        Those of them that are not the student's fault.
    """
    troubles, failed = {}, set()
    work = partial(autograding.do, course, arguments.megabytes * 10**6)
    outcomes = workers.run(
        jobs,
        work,
        min(arguments.workers, len(jobs)),
        arguments.seconds,
        PRELOADED,
        asked_to_stop.is_set,
    )
    # disable=None: no bar where the output is no terminal.
    bar = tqdm(total=len(jobs), unit="submission", disable=None, leave=False)
    with bar, closing(outcomes):
        for outcome in outcomes:
            job = outcome.job
            whose = job.student, job.assignment
            if outcome.result is None:
                failed.add(whose)
                sentence = f"grading broke off: {one_line(outcome.trouble)}{log(course, outcome)}"
            else:
                sentence = outcome.result.refused
            if sentence:
                troubles[whose] = sentence
            else:
                sentence = f"{describe(outcome.result.marks)}  {outcome.result.seconds:.1f} s"
            tqdm.write(line_of(*whose, sentence))
            bar.update()
    return troubles, failed


def log(course: Course, outcome: workers.Outcome) -> str:
    """Write down the details of what went wrong, and say where."""
    if not outcome.details:
        return ""
    path = course.logs / f"{outcome.job.student}-{outcome.job.assignment}.txt"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(outcome.details, encoding="utf-8", errors="replace")
    return f" (see {path.relative_to(course.root)})"


def describe(marks: Marks) -> str:
    """As in "14 of 20, 3 wait for marking by hand"."""
    score = f"{number(marks.score)} of {number(marks.maximum)}"
    if not marks.waiting:
        return score
    return f"{score}, {number(sum(marks.waiting.values()))} wait for marking by hand"


def line_of(student: str, assignment: str, sentence: str) -> str:
    """A submission's line in the report."""
    return f"{one_line(student)}  {assignment}  {sentence}"


def to_line(each: Submission, troubles: dict[tuple[str, str], str]) -> Line:
    """A submission's line in marks.csv."""
    graded = "waits for marking by hand" if each.marks and each.marks.waiting else "graded"
    status = troubles.get((each.student, each.assignment)) or each.trouble or graded
    return Line(each.student, each.assignment, status, each.marks)


def missing(course: Course, plan: list[Submission]) -> list[Line]:
    """A line for each student of the gradebook who has not handed in an assignment."""
    there = {(each.student, each.assignment) for each in plan}
    with course.gradebook() as gradebook:
        students = [student.id for student in gradebook.students]
    return [
        Line(student, assignment, "no submission")
        for student in students
        for assignment in course.assignments
        if (student, assignment) not in there
    ]


def summarise(course: Course, plan: list[Submission], chosen: list[str], seconds: float) -> None:
    """The last lines."""
    plan = [each for each in plan if each.assignment in chosen]
    if not plan:
        print("There is nothing to grade in submitted/ yet; --from FOLDER collects.")
        return
    graded = [each for each in plan if each.marks]
    waiting = sum(bool(each.marks.waiting) for each in graded)
    print(
        f"{len(graded)} of {len(plan)} submissions have marks; {waiting} of these wait for marking "
        f"by hand. {seconds:.0f} s.\nThe marks are in {course.root / 'marks.csv'}"
    )
