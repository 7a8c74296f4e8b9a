"""The assignments: the student's version tells nothing, and every submission gets what it deserves.

tests/submissions/ has what learners hand in. All of it is run here, and compared with what each
file says that it loses. What is right is graded for real as well, by the grade command, and so is
one mistake for every test cell: several in one notebook where they are in different answers.
"""

import csv
import re
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from tests.course import (
    ASSIGNMENTS,
    COURSE,
    Submission,
    graded_cells,
    hand_in,
    list_submissions,
    read_source,
    run_here,
)
from tests.test_notebooks import OF_ONE_MACHINE, code_cells, texts

EVERY_SUBMISSION = list_submissions()
RIGHT = [submission for submission in EVERY_SUBMISSION if not submission.loses]
# One mistake about each test cell.
MISTAKES = list(
    {(s.assignment, s.loses[0]): s for s in reversed(EVERY_SUBMISSION) if s.loses}.values()
)


def share_notebooks(mistakes: list[Submission]) -> list[list[Submission]]:
    """The mistakes, with those together that can be in one notebook: they are in other answers."""
    shared: list[list[Submission]] = []
    for mistake in mistakes:
        for others in shared:
            taken = {answer for other in others for answer in other.answers}
            if others[0].assignment == mistake.assignment and not taken & mistake.answers.keys():
                others.append(mistake)
                break
        else:
            shared.append([mistake])
    return shared


def combine(mistakes: list[Submission], number: int) -> Submission:
    """A submission with several mistakes; `loses` says only which cells they are about."""
    return Submission(
        mistakes[0].assignment,
        f"mistakes-{number}",
        " ".join(mistake.mistake for mistake in mistakes),
        tuple(mistake.loses[0] for mistake in mistakes),
        {answer: source for mistake in mistakes for answer, source in mistake.answers.items()},
    )


WRONG = [combine(mistakes, number) for number, mistakes in enumerate(share_notebooks(MISTAKES), 1)]
GRADED = [*RIGHT, *WRONG]

TOTAL, BY_HAND = 20, 3

every_assignment = pytest.mark.parametrize("assignment", ASSIGNMENTS)


def read_release(course: Path, assignment: str) -> nbformat.NotebookNode:
    return nbformat.read(course / "release" / assignment / f"{assignment}.ipynb", as_version=4)


def points(notebook) -> dict[str, float]:
    return {
        cell.metadata.nbgrader.grade_id: cell.metadata.nbgrader.points
        for cell in notebook.cells
        if cell.metadata.get("nbgrader", {}).get("grade")
    }


# ------------------------------------------------------------------------- the teacher's version


def test_there_are_three():
    assert ASSIGNMENTS == ["conv2d-from-scratch", "one-by-one-budget", "output-sizes"]


@every_assignment
def test_the_source_is_executed_and_clean(assignment):
    notebook = read_source(assignment)
    nbformat.validate(notebook)
    cells = code_cells(notebook)
    assert [cell.execution_count for cell in cells] == list(range(1, len(cells) + 1))
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            assert output.output_type != "error"
            assert output.get("name") != "stderr"
            assert not any(OF_ONE_MACHINE.search(text) for text in texts(output))
    assert all(not cell.outputs for cell in graded_cells(notebook) if cell.cell_type == "code")


@every_assignment
def test_the_points_add_up(assignment):
    notebook = read_source(assignment)
    assert sum(points(notebook).values()) == TOTAL
    tests = {cell.metadata.nbgrader.grade_id for cell in graded_cells(notebook)}
    assert sum(p for name, p in points(notebook).items() if name not in tests) == BY_HAND
    assert f"{TOTAL} points" in notebook.cells[0].source
    headings = [cell.source for cell in notebook.cells if cell.cell_type == "markdown"]
    said = re.findall(r"^## .*\((\d+) points?\b", "\n".join(headings), flags=re.MULTILINE)
    assert sum(map(int, said)) == TOTAL


# ------------------------------------------------------------------------- the student's version


@every_assignment
def test_the_release_tells_nothing(course, assignment):
    """No line of a solution, a hidden test or a rubric is in it, in whatever place."""
    [file] = [path for path in (course / "release" / assignment).rglob("*") if path.is_file()]
    given = file.read_text(encoding="utf-8")
    source = read_source(assignment)
    kinds = ("SOLUTION", "HIDDEN TESTS", "MARK SCHEME")
    blocks = re.compile(rf"BEGIN ({'|'.join(kinds)}).*?\n(.*?)\n[^\n]*END \1", re.DOTALL)
    text = "\n".join(cell.source for cell in source.cells)
    secrets = {line.strip() for _, block in blocks.findall(text) for line in block.splitlines()}
    # What the student is given anyway: short words such as `return output`, and public lines.
    public = blocks.sub("", text)
    secrets = {line for line in secrets if len(line) > 25 and line not in public}
    assert len(secrets) > 50
    shown = "\n".join(cell.source for cell in read_release(course, assignment).cells)
    assert not {line for line in secrets if line in shown}
    assert not any(f"{edge} {kind}" in given for kind in kinds for edge in ("BEGIN", "END"))
    notebook = read_release(course, assignment)
    assert all(not cell.outputs and not cell.execution_count for cell in code_cells(notebook))
    assert points(notebook) == points(source)
    allowed = {"nbgrader", "deletable", "editable", "tags"}
    assert all(set(cell.metadata) <= allowed for cell in notebook.cells)
    assert set(notebook.metadata) <= {"kernelspec", "language_info"}


# ------------------------------------------------------------------------- what is handed in


@pytest.fixture(scope="module")
def marks(course):
    """All submissions graded: a row of marks.csv by assignment and student."""
    handed_in = course / "handed-in"
    for assignment in ASSIGNMENTS:
        blank = handed_in / "blank" / f"{assignment}.ipynb"
        blank.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(course / "release" / assignment / f"{assignment}.ipynb", blank)
        solution = handed_in / "solution" / f"{assignment}.ipynb"
        solution.parent.mkdir(exist_ok=True)
        nbformat.write(with_solutions(course, assignment), solution)
    for submission in GRADED:
        notebook = hand_in(submission, with_solutions(course, submission.assignment))
        path = handed_in / submission.name / f"{submission.assignment}.ipynb"
        path.parent.mkdir(exist_ok=True)
        nbformat.write(notebook, path)
    command = [sys.executable, COURSE / "grade.py", "--course", course, "--from", handed_in]
    outcome = subprocess.run(command, capture_output=True, text=True, check=False)
    assert outcome.returncode == 0, outcome.stdout[-5000:] + outcome.stderr[-5000:]
    with (course / "marks.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    return {(row["assignment"], row["student"]): row for row in rows}


def with_solutions(course: Path, assignment: str) -> nbformat.NotebookNode:
    """The released notebook, with the source's own answers in it."""
    released = read_release(course, assignment)
    for given, cell in zip(released.cells, read_source(assignment).cells, strict=True):
        if given.metadata.get("nbgrader", {}).get("solution"):
            given.source = cell.source
    return released


def lost_cells(row: dict[str, str], assignment: str) -> set[str]:
    tests = [cell.metadata.nbgrader for cell in graded_cells(read_source(assignment))]
    scores = {test.grade_id: float(row[f"{assignment}/{test.grade_id}"]) for test in tests}
    assert all(scores[test.grade_id] in (0, test.points) for test in tests)
    return {name for name, score in scores.items() if score == 0}


@every_assignment
def test_the_solution_has_full_marks(marks, assignment):
    row = marks[assignment, "solution"]
    assert lost_cells(row, assignment) == set()
    assert float(row["score"]) == TOTAL - BY_HAND
    assert row["waiting"]


@every_assignment
def test_a_blank_has_nothing(marks, assignment):
    row = marks[assignment, "blank"]
    assert float(row["score"]) == 0
    assert not row["waiting"]


@pytest.mark.parametrize("submission", EVERY_SUBMISSION, ids=str)
def test_a_submission_loses_where_its_mistake_is(submission):
    notebook = hand_in(submission, read_source(submission.assignment))
    assert set(run_here(notebook)) == set(submission.loses)


@pytest.mark.parametrize("submission", GRADED, ids=str)
def test_it_loses_there_when_it_is_graded(marks, submission):
    """As it does here, where its cells are run without a wall between them and the tests."""
    row = marks[submission.assignment, submission.name]
    expected = run_here(hand_in(submission, read_source(submission.assignment)))
    assert lost_cells(row, submission.assignment) == set(expected)
    assert set(submission.loses) <= set(expected)


@every_assignment
def test_there_are_right_answers_and_wrong_ones(assignment):
    submissions = list_submissions(assignment)
    assert sum(not submission.loses for submission in submissions) >= 1
    assert sum(bool(submission.loses) for submission in submissions) >= 10
    # Every test cell is the first that some mistake loses, so none is there for show.
    about = {submission.loses[0] for submission in submissions if submission.loses}
    assert about == {
        cell.metadata.nbgrader.grade_id for cell in graded_cells(read_source(assignment))
    }


# ------------------------------------------------------------------------- what a student is told


@every_assignment
def test_feedback_has_the_messages_and_no_hidden_test(course, marks, assignment):
    submission = next(s for s in GRADED if s.assignment == assignment and s.loses)
    page = course / "feedback" / submission.name / assignment / f"{assignment}.html"
    html = page.read_text(encoding="utf-8")
    assert "AssertionError" in html
    assert "HIDDEN TESTS" not in html
    assert "<script>" not in html.partition("<body")[2]
