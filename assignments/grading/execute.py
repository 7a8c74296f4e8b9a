"""nbgrader's step that runs a notebook: the student's cells in one kernel, the tests in another."""

import contextlib
import json
import os
import select
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

from nbformat import NotebookNode, from_dict
from nbgrader.preprocessors import NbGraderPreprocessor
from nbgrader.utils import is_grade, is_locked, is_solution
from traitlets import Integer

from . import walls

SPARE_SECONDS = 60  # for the start and the end, on a busy machine
END_SECONDS = 5
MOST_BYTES = 64 * walls.MEGABYTE  # that a runner may say


class NotRun(RuntimeError):
    """The notebook could not be run, by no fault of the student."""


class ExecuteInTwoKernels(NbGraderPreprocessor):
    """Run the student's cells in a sandbox, and the tests outside of it."""

    cell_seconds = Integer(
        walls.Limits.cell,
        min=1,
        help="How long a cell may take, in seconds; a test cell with all that it calls.",
    ).tag(config=True)
    notebook_seconds = Integer(
        walls.Limits.notebook, min=1, help="How long a notebook may take, in seconds."
    ).tag(config=True)
    memory = Integer(
        walls.Limits.memory,
        min=256,
        help="Megabytes that each process of a student's may have.",
    ).tag(config=True)

    def preprocess(self, nb: NotebookNode, resources: dict) -> tuple[NotebookNode, dict]:
        """Run every code cell and put its outputs into it.

        Raises
        ------
        NotRun
        """
        walls.warn()
        own = resources["nbgrader"]
        cells = [cell for cell in nb.cells if cell.cell_type == "code"]
        limits = walls.Limits(self.cell_seconds, self.notebook_seconds, self.memory)
        request = {
            "cells": [{"kind": kind(c), "source": c.source, "name": name(c)} for c in cells],
            "limits": asdict(limits),
            "hidden": str(Path.cwd().resolve()),  # nbgrader works in the course's folder
            "confined": not walls.why_none(),
        }
        results = run(request, limits.notebook + SPARE_SECONDS)
        for number, cell in enumerate(cells, 1):
            cell.outputs = [from_dict(output) for output in next(results)]
            cell.execution_count = None if kind(cell) == "test" else number
            if cell.outputs == [BROKEN]:
                self.log.error("%s brought its tests down: look at it", own["student"])
        return nb, resources


def kind(cell: NotebookNode) -> str:
    """Whose a code cell is: the tests', given to both, or the student's.

    A locked cell with the tag "student" is given to the student's kernel alone: its functions call
    what the student writes.
    """
    if is_grade(cell) and not is_solution(cell):
        return "test"
    for_both = is_locked(cell) and "student" not in cell.metadata.get("tags", ())
    return "given" if for_both else "student"


def name(cell: NotebookNode) -> str:
    """A cell, as the end of a sentence has it."""
    known = cell.metadata.get("nbgrader", {}).get("grade_id")
    first = (cell.source.strip().splitlines() or [""])[0][:40]
    return f"the cell {known}" if known else f"the cell that begins with: {first}"


def run(request: dict, seconds: float) -> Iterator[list[dict]]:
    """The outputs of one code cell after another, in a process that runs no other submission.

    Raises
    ------
    NotRun
        When no kernel could be started, or this program has a fault.
    """
    # In /tmp, since the name of a socket in it must be short.
    with tempfile.TemporaryDirectory(prefix="cv-", dir="/tmp") as folder:
        runner = subprocess.Popen(
            [sys.executable, "-m", "grading.runner"],
            cwd=folder,
            env=_environment(folder),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
        try:
            runner.stdin.write(json.dumps(request).encode() + b"\n")
            runner.stdin.flush()
            lines = _lines(runner.stdout.fileno(), time.monotonic() + seconds)
            start = next(lines, {})
            if "started" not in start:
                runner.kill()
                raise NotRun(start.get("failure") or runner.stderr.read().decode())
            for _ in request["cells"]:
                line = next(lines, {"outputs": [BROKEN]})
                if "failure" in line:
                    raise NotRun(line["failure"])
                yield line["outputs"]
        finally:
            _end(runner)


# The runner ended without a word: what the student's kernel sent must have been too much for it.
BROKEN = {
    "output_type": "error",
    "ename": "NotRun",
    "evalue": "This cell could not be run: what came before it brought its kernel down.",
    "traceback": ["This cell could not be run: what came before it brought its kernel down."],
}


def _end(runner: subprocess.Popen) -> None:
    """End the runner, and with it the student's kernel; it has a moment to clear up."""
    with contextlib.suppress(OSError):
        runner.stdin.close()
    try:
        runner.wait(timeout=END_SECONDS)
    except subprocess.TimeoutExpired:
        runner.kill()
        runner.wait()
    runner.stdout.close()
    runner.stderr.close()


def _lines(pipe: int, deadline: float) -> Iterator[dict]:
    """What the runner says, line by line, until it ends or its time is over."""
    rest, total = b"", 0
    while total < MOST_BYTES:
        ready, _, _ = select.select([pipe], [], [], max(deadline - time.monotonic(), 0))
        read = os.read(pipe, 1 << 20) if ready else b""
        if not read:
            return
        total += len(read)
        *lines, rest = (rest + read).split(b"\n")
        yield from map(json.loads, lines)


def _environment(folder: str) -> dict[str, str]:
    """Ours, so that libraries are found, and nothing that changes what a number comes out as."""
    return {
        **os.environ,
        "PYTHONPATH": os.pathsep.join([str(walls.HERE.parent), os.environ.get("PYTHONPATH", "")]),
        "IPYTHONDIR": folder,
        "MPLBACKEND": "agg",
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "PYTHONWARNINGS": "ignore",
    }
