"""Submissions that break out, break down, cheat or lie, graded for real with plain `nbgrader`.

Each is a student of one course with a small assignment, graded once for all the tests here.
"""

import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import nbformat
import psutil
import pytest

from tests.hostile import (
    CHANGED,
    MARKER,
    POINTS,
    SOLUTION,
    SPY,
    SUBMISSIONS,
    WRONG,
    hand_in,
    make_source,
)
from tests.lacking import POSIX, lacks, only_on

only_on(*POSIX, what="grading")
pytest.importorskip("nbgrader", reason="grading: pip install -r assignments/requirements.txt")

from nbgrader.api import Gradebook  # noqa: E402

ROOT = Path(__file__).parent.parent
NBGRADER = [sys.executable, "-m", "nbgrader"]

# -- grading them ---------------------------------------------------------------------------------


def nbgrader(course: Path, *words: str, **environment: str):
    return subprocess.run(
        [*NBGRADER, *words],
        cwd=course,
        env=os.environ | {"SECRET": "secret-of-the-teacher"} | environment,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


@pytest.fixture(scope="module")
def released_course(tmp_path_factory):
    """A course with its assignment released and nothing handed in, to be copied."""
    course = tmp_path_factory.mktemp("released")
    (course / "source" / "small").mkdir(parents=True)
    nbformat.write(make_source(), course / "source" / "small" / "small.ipynb")
    write_settings(course)
    outcome = nbgrader(course, "generate_assignment", "small")
    assert outcome.returncode == 0, outcome.stderr
    return course


@pytest.fixture(scope="module")
def make_course(released_course):
    """A function that makes a course of its own, with the real one's settings."""

    def make(course: Path, cell_seconds: int = 4) -> Path:
        shutil.copytree(released_course, course)
        write_settings(course, cell_seconds)
        return course

    return make


def write_settings(course: Path, cell_seconds: int = 4) -> None:
    (course / "nbgrader_config.py").write_text(f"""
load_subconfig({str(ROOT / "assignments" / "nbgrader_config.py")!r})
c = get_config()
c.CourseDirectory.root = {str(course)!r}
c.CourseDirectory.db_url = "sqlite:///{course}/gradebook.db"
c.ExecuteInTwoKernels.cell_seconds = {cell_seconds}
c.ExecuteInTwoKernels.memory = 512
""")


def write_submission(course: Path, student: str, notebook) -> None:
    folder = course / "submitted" / student / "small"
    folder.mkdir(parents=True)
    text = json.dumps(notebook)
    (folder / "small.ipynb").write_text(text, encoding="utf-8")
    # What a notebook is handed in with must not get near the tests.
    (folder / "numpy.py").write_text("raise RuntimeError('a student's numpy')")
    (folder / "gradebook.txt").symlink_to(course / "gradebook.db")


@pytest.fixture(scope="module")
def course(tmp_path_factory, make_course, with_sandbox):
    """The course, with everything graded; two programs grade half of the students each."""
    course = make_course(tmp_path_factory.mktemp("grading") / "course")
    released = nbformat.read(course / "release" / "small" / "small.ipynb", as_version=4)
    write_submission(course, "blank", released)
    for student, (answers, after, _) in SUBMISSIONS.items():
        write_submission(course, student, hand_in(released, SOLUTION | answers, after))
    for student, (change, _) in CHANGED.items():
        answers = SOLUTION | WRONG if student.endswith("wrong") else SOLUTION
        write_submission(course, student, change(hand_in(released, answers)))
    with subprocess.Popen(
        [sys.executable, "-m", "http.server", "--bind", "127.0.0.1", "0"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=os.environ | {"PYTHONUNBUFFERED": "1"},
        text=True,
        cwd=course / "release",
    ) as server:
        port = re.search(r"port (\d+)", server.stdout.readline())[1]
        places = f"COURSE, REPOSITORY, PORT = {str(course)!r}, {str(ROOT)!r}, {port}\n"
        spy = hand_in(released, SOLUTION, ("last", places + SPY))
        write_submission(course, "spy", spy)
        with ThreadPoolExecutor() as pool:
            halves = ("[a-l]*", "[m-z]*")
            grade = lambda half: nbgrader(course, "autograde", "small", f"--student={half}")  # noqa: E731
            outcomes = list(pool.map(grade, halves))
        server.kill()
    assert all(outcome.returncode == 0 for outcome in outcomes), outcomes
    course.joinpath("stderr.txt").write_text("".join(outcome.stderr for outcome in outcomes))
    return course


@pytest.fixture(scope="module")
def with_sandbox():
    if shutil.which("bwrap") is None:
        lacks("no bwrap for the sandboxes: apt-get install bubblewrap", systems=("linux",))


def marks(course: Path, student: str) -> dict[str, float | None]:
    """A student's marks by the tests, as the gradebook has them; None for what waits."""
    with Gradebook(f"sqlite:///{course}/gradebook.db") as gradebook:
        (notebook,) = gradebook.find_submission("small", student).notebooks
        return {grade.name: grade.auto_score for grade in notebook.grades}


def graded(course: Path, student: str):
    path = course / "autograded" / student / "small" / "small.ipynb"
    return nbformat.read(path, as_version=4)


def said(course: Path, student: str, cell: str) -> str:
    """What a cell shows: its text, or its error."""
    for each in graded(course, student).cells:
        if each.metadata.get("nbgrader", {}).get("grade_id") == cell:
            return "".join(o.get("text", "") + o.get("evalue", "") for o in each.outputs)
    raise LookupError(cell)


EXPECTED = {name: loses for name, (_, _, loses) in SUBMISSIONS.items()}
EXPECTED |= {name: set(loses.split()) for name, (_, loses) in CHANGED.items()}
EXPECTED |= {"blank": set(POINTS), "spy": set()}


@pytest.mark.parametrize("student", EXPECTED)
def test_every_submission_gets_the_marks_that_it_deserves(course, student):
    marked = {k.removesuffix("-test"): v for k, v in marks(course, student).items() if k != "why"}
    lost = {name for name, mark in marked.items() if mark == 0}
    assert lost == EXPECTED[student]
    assert {name: mark for name, mark in marked.items() if name not in lost} == {
        name: points for name, points in POINTS.items() if name not in lost
    }


def test_the_gradebook_is_whole(course):
    with sqlite3.connect(course / "gradebook.db") as database:
        assert database.execute("pragma integrity_check").fetchall() == [("ok",)]
    outcome = nbgrader(course, "export", "--to", "marks.csv")
    assert outcome.returncode == 0, outcome.stderr
    lines = (course / "marks.csv").read_text().splitlines()
    assert len(lines) == 1 + len(EXPECTED)
    assert all(line.endswith(",18.0") for line in lines[1:])


def test_the_question_marked_by_hand_waits_for_the_teacher(course):
    assert marks(course, "right")["why"] is None
    assert marks(course, "blank")["why"] == 0


def test_no_process_of_a_student_is_left(course):
    lines = [process.info["cmdline"] for process in psutil.process_iter(["cmdline"])]
    assert not [line for line in lines if line and MARKER in line]


def test_a_spy_finds_nothing(course):
    (report,) = [
        cell.outputs[0].text
        for cell in graded(course, "spy").cells
        if cell.source.startswith("COURSE") and cell.outputs
    ]
    assert "FILES []" in report
    assert "ENVIRONMENT []" in report and "ENVIRONMENTS []" in report
    assert "PROCESSES 2" in report
    assert "SHADOW False" in report
    assert "NETWORK" not in report
    assert "WRITTEN" not in report
    assert "HISTORY False" in report and "OBJECTS False" in report
    assert "LOOKED" in report


def test_a_student_learns_what_happened(course):
    assert "took too long" in said(course, "endless-cell", "size")
    assert "double had not come to an end" in said(course, "endless-call", "double-test")
    assert "could not be interrupted" in said(course, "stubborn", "scale-test")
    assert "ended in a call of scale" in said(course, "stubborn", "last-test")
    ended = "The notebook's kernel had ended in the cell that begins with: import os."
    assert said(course, "exit-in-a-cell", "last-test") == ended
    assert said(course, "exit-in-a-call", "size") == said(course, "exit-in-a-call", "size-test")
    assert "gave an object of type Liar" in said(course, "liar", "double-test")
    assert "gave an object of type Array" in said(course, "liar", "scale-test")
    assert "gave an object of type generator" in said(course, "odd-replies", "last-test")
    assert "array of shape (3000, 3000), too large" in said(course, "odd-replies", "scale-test")
    assert "MemoryError" in said(course, "memory", "scale-test")
    assert "is not defined: no cell above makes it" in said(course, "blank", "size-test")
    assert "double is not defined" in said(course, "blank", "double-test")


def test_output_is_kept_short_and_says_so(course):
    for student in ("floods", "kernel-tricks", "tears-at-messages"):
        path = course / "autograded" / student / "small" / "small.ipynb"
        assert path.stat().st_size < 200_000
    text = (course / "autograded" / "floods" / "small" / "small.ipynb").read_text()
    assert text.count("was left out: it is too long") >= 3
    assert "<script>" not in json.dumps(
        [cell.get("outputs") for cell in graded(course, "floods").cells]
    )


def test_nothing_but_the_notebook_is_taken(course):
    for folder in (course / "autograded").glob("*/small"):
        assert [path.name for path in folder.iterdir()] == ["small.ipynb"]


def test_feedback_shows_messages_but_no_hidden_tests_and_no_scripts(course):
    outcome = nbgrader(course, "generate_feedback", "small", "--student=[ms]*")
    assert outcome.returncode == 0, outcome.stderr
    pages = {
        path.parent.parent.name: path.read_text() for path in course.glob("feedback/*/*/*.html")
    }
    assert {"malformed", "stubborn", "spy"} <= pages.keys()
    for page in pages.values():
        assert "Hidden tests ran here" in page
        assert "hidden_secret" not in page.replace("&quot;hidden&quot;", "")
        assert "secret rubric" not in page
        assert "alert(" not in re.sub(r"&lt;script&gt;alert\(2\)", "", page)
    assert "could not be interrupted" in pages["stubborn"]
    assert 'href="javascript:' not in pages["malformed"]
    assert "\\href" not in pages["malformed"]


def test_the_release_holds_no_answer(course):
    text = (course / "release" / "small" / "small.ipynb").read_text()
    for secret in ("2 * n", "112\\n", "hidden", "HIDDEN", "rubric", "Because", "SOLUTION"):
        assert secret not in text
    assert [path.name for path in (course / "release" / "small").iterdir()] == ["small.ipynb"]


def is_kernel(process: psutil.Process) -> bool:
    try:
        return "/kernel/student_kernel.py" in process.cmdline()
    except psutil.Error:
        return False  # it has just ended


def test_when_the_grader_is_killed_no_process_is_left(tmp_path, make_course, with_sandbox):
    course = make_course(tmp_path / "course", cell_seconds=100)
    released = nbformat.read(course / "release" / "small" / "small.ipynb", as_version=4)
    write_submission(course, "ann", hand_in(released, {"double": "while True:\n    pass"}))
    with subprocess.Popen(
        [*NBGRADER, "autograde", "small"], cwd=course, stderr=subprocess.DEVNULL
    ) as grader:
        deadline = time.monotonic() + 100
        started = []
        while not any(map(is_kernel, started)):
            assert time.monotonic() < deadline and grader.poll() is None
            started = psutil.Process(grader.pid).children(recursive=True)
        grader.kill()
    _, alive = psutil.wait_procs(started, timeout=60)
    assert not alive


def test_without_a_sandbox_it_is_said_loudly_and_once_and_grading_goes_on(tmp_path, make_course):
    course = make_course(tmp_path / "course", cell_seconds=30)
    released = nbformat.read(course / "release" / "small" / "small.ipynb", as_version=4)
    for student in ("ann", "ben"):
        write_submission(course, student, hand_in(released, SOLUTION))
    outcome = nbgrader(course, "autograde", "small", PATH=str(tmp_path))
    assert outcome.returncode == 0, outcome.stderr
    assert outcome.stderr.count("students' code runs WITHOUT A SANDBOX") == 1
    assert outcome.stderr.index("WITHOUT A SANDBOX") < outcome.stderr.index("Sanitizing")
    assert sum(marks(course, "ben")[f"{name}-test"] for name in POINTS) == 15


def test_a_source_that_has_changed_since_its_release_is_not_graded_with(tmp_path, make_course):
    course = make_course(tmp_path / "course")
    released = nbformat.read(course / "release" / "small" / "small.ipynb", as_version=4)
    write_submission(course, "ann", hand_in(released, SOLUTION))
    source = make_source()
    source.cells[4].metadata.nbgrader.grade_id = "another-name"
    nbformat.write(source, course / "source" / "small" / "small.ipynb")
    outcome = nbgrader(course, "autograde", "small")
    assert outcome.returncode != 0
    assert "has other cells than when it was released" in outcome.stderr
