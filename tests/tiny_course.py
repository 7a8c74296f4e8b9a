"""A course of one small assignment, and ways to grade it: for tests of everything around grading.

Cells run in the grading process itself, without a kernel, so that hundreds of submissions take
seconds, and so that a submission can bring its worker down.
"""

import copy
import functools
import importlib.util
import io
import json
import os
import signal
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

from tests.lacking import POSIX, lacks, only_on

only_on(*POSIX, what="grading")

ASSIGNMENTS = Path(__file__).parent.parent / "assignments"
sys.path.insert(0, str(ASSIGNMENTS))

if importlib.util.find_spec("nbgrader") is None:
    lacks("no nbgrader: pip install -r assignments/requirements.txt")

from grade import read_arguments  # noqa: E402
from grading.command import main  # noqa: E402
from nbgrader import api  # noqa: E402

# nbgrader starts a program for every new gradebook, which takes seconds and always says the same.
api.get_alembic_version = functools.cache(api.get_alembic_version)

NAME = "doubling"

RIGHT = "def double(n):\n    return n + n"
WRONG = "def double(n):\n    return abs(n + n)"

CONFIG = """
import os
import sys
from pathlib import Path

load_subconfig({config!r})

COURSE = Path(__file__).parent
sys.path.insert(0, str(COURSE))

from run_here import RunHere
from grading.execute import ExecuteInTwoKernels

c.CourseDirectory.root = str(COURSE)
c.CourseDirectory.db_url = os.environ.get("CONVVIZ_GRADEBOOK") or f"sqlite:///{{COURSE}}/gradebook.db"
c.Autograde.autograde_preprocessors = [
    RunHere if step is ExecuteInTwoKernels else step for step in c.Autograde.autograde_preprocessors
]
"""

RUN_HERE = """
from nbformat.v4 import new_output
from nbgrader.preprocessors import NbGraderPreprocessor


class RunHere(NbGraderPreprocessor):
    def preprocess(self, nb, resources):
        names = {}
        for cell in nb.cells:
            if cell.cell_type == "code":
                try:
                    exec(cell.source, names)
                except Exception as error:
                    said = {"ename": type(error).__name__, "evalue": str(error)}
                    cell.outputs = [new_output("error", traceback=[str(error)], **said)]
        return nb, resources
"""


def cell(kind: str, source: str, name: str, **own: object) -> dict:
    metadata = {"schema_version": 3, "grade_id": name, "cell_type": kind, "task": False}
    metadata |= {"grade": False, "solution": False, "locked": True} | own
    made = {"cell_type": kind, "source": source, "metadata": {"nbgrader": metadata}}
    return made | ({"outputs": [], "execution_count": None} if kind == "code" else {})


SOURCE = {
    "nbformat": 4,
    "nbformat_minor": 4,
    "metadata": {"kernelspec": {"name": "python3", "display_name": "Python 3"}},
    "cells": [
        cell("code", "import math", "imports"),
        cell(
            "code",
            "def double(n):\n    ### BEGIN SOLUTION\n    return 2 * n\n    ### END SOLUTION",
            "double",
            solution=True,
            locked=False,
        ),
        cell(
            "code",
            "assert double(2) == 4\n"
            "### BEGIN HIDDEN TESTS\nassert double(-3) == -6\n### END HIDDEN TESTS",
            "double-values",
            grade=True,
            points=4,
        ),
        cell("code", "assert double(0) == 0", "double-zero", grade=True, points=1),
        cell("markdown", "Why?", "double-why", grade=True, solution=True, locked=False, points=3),
    ],
}


def make_course(folder: Path, *names: str) -> Path:
    """Write a course of one assignment, or of several alike."""
    for name in names or (NAME,):
        write_source(folder, SOURCE, name)
    config = CONFIG.format(config=str(ASSIGNMENTS / "nbgrader_config.py"))
    (folder / "nbgrader_config.py").write_text(config)
    (folder / "run_here.py").write_text(RUN_HERE)
    return folder


def write_source(folder: Path, notebook: dict, name: str = NAME) -> None:
    path = folder / "source" / name / f"{name}.ipynb"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(notebook))


def submission(code: str = RIGHT, why: str = "Because n + n is 2 n.") -> bytes:
    notebook = copy.deepcopy(SOURCE)
    notebook["cells"][1]["source"] = code
    notebook["cells"][4]["source"] = why
    return json.dumps(notebook).encode()


def hand_in(course: Path, student: str, data: bytes, name: str = NAME) -> Path:
    """Put a file into submitted/, as a teacher would."""
    path = course / "submitted" / student / name / f"{name}.ipynb"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


def environment(**more: str) -> dict[str, str]:
    """The environment of a teacher's shell, without the setting of a gradebook."""
    beside = str(Path(sys.executable).parent)
    clean = {name: value for name, value in os.environ.items() if name != "CONVVIZ_GRADEBOOK"}
    return clean | {"PATH": f"{beside}{os.pathsep}{os.environ['PATH']}"} | more


def command(course: Path, *arguments: object) -> list[str]:
    grade = str(ASSIGNMENTS / "grade.py")
    return [sys.executable, grade, "--course", str(course), *map(str, arguments)]


def grade(course: Path, *arguments: object) -> subprocess.CompletedProcess:
    """Run the grade command to its end, in this process: the imports are done once."""
    words = ["--course", str(course), *map(str, arguments)]
    said, complaints = io.StringIO(), io.StringIO()
    before = signal.getsignal(signal.SIGTERM)
    try:
        with redirect_stdout(said), redirect_stderr(complaints):
            code = main(read_arguments(words))
    finally:
        signal.signal(signal.SIGTERM, before)
    return subprocess.CompletedProcess(words, code, said.getvalue(), complaints.getvalue())


def nbgrader(course: Path, *arguments: str, **more: str) -> subprocess.CompletedProcess:
    """Run one of nbgrader's own commands in the course."""
    return subprocess.run(
        [sys.executable, "-m", "nbgrader", *arguments],
        cwd=course,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        env=environment(**more),
    )
