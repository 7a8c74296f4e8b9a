"""The assignments' submissions, kept as what a learner changed, and a quick way to try them.

    python -m tests.course ASSIGNMENT [SUBMISSION ...]

puts each submission of an assignment into its source, runs it in one ordinary kernel, and prints
the test cells in which it loses.
"""

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import nbformat
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient
from nbformat import NotebookNode
from nbval.kernel import CURRENT_ENV_KERNEL_NAME, NbvalKernelspecManager

from tests.kernel_environment import use_kernel_environment

COURSE = Path(__file__).parent.parent / "assignments"
ASSIGNMENTS = sorted(path.stem for path in (COURSE / "source").glob("*/*.ipynb"))
SUBMISSIONS = Path(__file__).parent / "submissions"

CONFIG = """
load_subconfig({config!r})
c.CourseDirectory.root = {root!r}
c.CourseDirectory.db_url = "sqlite:///{root}/gradebook.db"
"""


@dataclass(frozen=True)
class Submission:
    """What a learner handed in.

    Attributes
    ----------
    assignment, name : str
    mistake : str
        What they did, in a line.
    loses : tuple of str
        The test cells that give nothing for it, the one about the mistake first.
    answers : dict of str to str
        The source of each answer cell that is not as in the assignment's own solution.
    """

    assignment: str
    name: str
    mistake: str
    loses: tuple[str, ...]
    answers: dict[str, str]

    def __str__(self) -> str:
        return f"{self.assignment}/{self.name}"


def read_submission(path: Path) -> Submission:
    """Read a submission from its file: a docstring, what it loses, and the cells."""
    head, *cells = re.split(r"^# %% (.*)\n", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    mistake = re.match(r'"""(.*?)"""', head, flags=re.DOTALL)
    loses = re.search(r"^# loses: (.*)$", head, flags=re.MULTILINE)
    if mistake is None or loses is None or not cells:
        raise ValueError(f"{path} needs a docstring, a line '# loses: ...', and '# %% cell' parts")
    lost = () if loses[1] == "nothing" else tuple(re.split(r",\s*|\s+", loses[1].strip()))
    names, sources = map(str.strip, cells[::2]), map(str.strip, cells[1::2])
    answers = dict(zip(names, sources, strict=True))
    return Submission(path.parent.name, path.stem, mistake[1], lost, answers)


def list_submissions(assignment: str = "*") -> list[Submission]:
    """All submissions of an assignment, or of all."""
    return [read_submission(path) for path in sorted(SUBMISSIONS.glob(f"{assignment}/*.py"))]


def read_source(assignment: str) -> NotebookNode:
    """The teacher's version of an assignment."""
    return nbformat.read(COURSE / "source" / assignment / f"{assignment}.ipynb", as_version=4)


def release_all(folder: Path) -> None:
    """Make a course in an empty folder, with every assignment in nbgrader's release/."""
    shutil.copytree(COURSE / "source", folder / "source")
    config = CONFIG.format(config=str(COURSE / "nbgrader_config.py"), root=str(folder))
    (folder / "nbgrader_config.py").write_text(config, encoding="utf-8")
    command = [sys.executable, str(COURSE / "grade.py"), "--course", str(folder)]
    outcome = subprocess.run(command, capture_output=True, text=True, check=False)
    if outcome.returncode != 0:
        raise RuntimeError(outcome.stdout + outcome.stderr)


def hand_in(submission: Submission, notebook: NotebookNode) -> NotebookNode:
    """Put a submission's answers into a notebook of its assignment, source or release."""
    answers = dict(submission.answers)
    for cell in notebook.cells:
        name = cell.metadata.get("nbgrader", {}).get("grade_id")
        if name in answers:
            cell.source = answers.pop(name)
    if answers:
        raise ValueError(f"{submission}: there is no cell {', '.join(answers)}")
    return notebook


def graded_cells(notebook: NotebookNode) -> Iterator[NotebookNode]:
    """The test cells, which give points without a teacher's hand."""
    for cell in notebook.cells:
        kind = cell.metadata.get("nbgrader", {})
        if kind.get("grade") and not kind.get("solution"):
            yield cell


def run(notebook: NotebookNode) -> dict[str, str]:
    """Run a notebook in one kernel; the test cells that fail, with what they say."""
    manager = AsyncKernelManager(
        kernel_name=CURRENT_ENV_KERNEL_NAME, kernel_spec_manager=NbvalKernelspecManager()
    )
    NotebookClient(notebook, km=manager, timeout=60, allow_errors=True).execute()
    failed = {}
    for cell in graded_cells(notebook):
        for output in cell.outputs:
            said = output.get("evalue") if output.output_type == "error" else output.get("text")
            failed.setdefault(cell.metadata.nbgrader.grade_id, said or str(output))
    return failed


def run_here(notebook: NotebookNode) -> dict[str, str]:
    """Run a notebook's code in this process; the test cells that fail, with what they say.

    Quicker than `run` by far, for code that is known to be harmless.
    """
    namespace = {"__name__": "__main__", "display": lambda *_: None}
    tests = {id(cell) for cell in graded_cells(notebook)}
    failed = {}
    for number, cell in enumerate(notebook.cells):
        if cell.cell_type != "code":
            continue
        try:
            exec(compile(cell.source, f"<cell {number}>", "exec"), namespace)
        except Exception as error:
            if id(cell) in tests:
                failed[cell.metadata.nbgrader.grade_id] = str(error)
    return failed


def main(assignment: str, *names: str) -> None:
    """Try submissions, and print in which test cells they lose."""
    use_kernel_environment()
    for submission in list_submissions(assignment):
        if names and submission.name not in names:
            continue
        failed = run(hand_in(submission, read_source(assignment)))
        as_said = set(failed) == set(submission.loses)
        print(f"{'as it says' if as_said else 'NOT AS IT SAYS'}: {submission.name}")
        for name, said in failed.items():
            print(f"    {name}: {said}")
        for name in sorted(set(submission.loses) - set(failed)):
            print(f"    {name}: passes")


if __name__ == "__main__":
    main(*sys.argv[1:])
