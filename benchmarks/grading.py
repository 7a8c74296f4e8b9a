"""How long grading takes: a submission, and a class of 200.

    python benchmarks/grading.py [--submissions N] [--workers N ...] [ASSIGNMENT ...]

Right and wrong submissions in turn (the assignments' own, from tests/submissions), handed in by as
many students as N says for each assignment, and graded by `assignments/grade.py` in a course of its
own: collected, run in their sandboxes, marked, with feedback. For each number of workers a fresh
course. The seconds of one more submission are what the command took, without what it takes when
there is nothing left to do, divided by N; those of 200 are that times 200, with the start.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from itertools import cycle, islice
from pathlib import Path

import nbformat

sys.path.insert(0, str(Path(__file__).parent.parent))  # for tests, benchmarks

from convviz.threads import count_cores
from tests.course import COURSE, hand_in, list_submissions, read_source

PACKAGES = ("nbgrader", "nbconvert", "ipykernel", "sqlalchemy")
STUDENTS = 200  # of a large class

CONFIG = """
load_subconfig({config!r})
c.CourseDirectory.root = {root!r}
c.CourseDirectory.db_url = "sqlite:///" + {root!r} + "/gradebook.db"
"""


def make_course(folder: Path, assignment: str, count: int) -> None:
    """A course of one assignment, with as many submissions in inbox/ as that."""
    shutil.copytree(COURSE / "source" / assignment, folder / "source" / assignment)
    config = CONFIG.format(config=str(COURSE / "nbgrader_config.py"), root=str(folder))
    (folder / "nbgrader_config.py").write_text(config)
    (folder / "inbox").mkdir()
    submissions = islice(cycle(list_submissions(assignment)), count)
    for number, submission in enumerate(submissions):
        notebook = hand_in(submission, read_source(assignment))
        nbformat.write(notebook, folder / "inbox" / f"s{number:03}.ipynb")


def grade(folder: Path, *words: str) -> float:
    """Seconds of the grade command."""
    environment = {k: v for k, v in os.environ.items() if k != "CONVVIZ_GRADEBOOK"}
    command = [sys.executable, str(COURSE / "grade.py"), "--course", str(folder), *words]
    start = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env=environment)
    return time.perf_counter() - start


def measure(
    assignments: Iterable[str] | None = None,
    submissions: int = 10,
    workers: Iterable[int] = (1, 2),
) -> list[dict]:
    """For each assignment and number of workers, seconds (see `time_course`)."""
    known = sorted(path.name for path in (COURSE / "source").iterdir())
    workers = [count for count in workers if count <= count_cores()]
    return [
        {"assignment": assignment, "workers": count, "submissions": submissions}
        | time_course(assignment, submissions, count)
        for assignment in (known if assignments is None else assignments)
        for count in workers
    ]


def time_course(assignment: str, count: int, workers: int) -> dict[str, float]:
    """Seconds of a submission, of a run that finds nothing to do, and of a large class."""
    with tempfile.TemporaryDirectory(prefix="grading-") as name:
        folder = Path(name)
        make_course(folder, assignment, count)
        grade(folder)  # releases it
        words = ("--workers", str(workers))
        whole = grade(folder, assignment, "--from", str(folder / "inbox"), *words)
        nothing = grade(folder, assignment, *words)
    each = (whole - nothing) / count
    return {"each": each, "nothing": nothing, "class": STUDENTS * each + nothing}


def main() -> None:
    """Measure, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("assignments", nargs="*", metavar="ASSIGNMENT", help="(default: all)")
    parser.add_argument("--submissions", type=int, default=10, help="of each (default 10)")
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 2], help="(default: 1 2)")
    options = parser.parse_args()
    from benchmarks.report import describe_grading

    assignments = options.assignments or None
    print(describe_grading(measure(assignments, options.submissions, options.workers)))


if __name__ == "__main__":
    main()
