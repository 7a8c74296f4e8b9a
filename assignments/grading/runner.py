"""The process that runs one submission: the tests' Python is in it, the student's is its child.

    python -m grading.runner

Its first line of input says what to run; it writes a line with the outputs of each cell when that
is done. When its input ends it ends too, so it never outlives who started it. Nobody but that
process depends on it: where a submission brings it down, only that submission is lost.
"""

import json
import os
import resource
import sys
import threading
import traceback
from pathlib import Path

from .outputs import Outputs
from .student import Ended, Student, TimeUp
from .walls import MEGABYTE, Limits

MOST_MEMORY = 2048 * MEGABYTE


def main() -> None:
    """Run the cells that the input names."""
    resource.setrlimit(resource.RLIMIT_DATA, (MOST_MEMORY, MOST_MEMORY))
    request = json.loads(sys.stdin.readline())
    report = _take_output_away()
    student = Student(
        Limits(**request["limits"]), Path(request["hidden"]), confined=request["confined"]
    )
    threading.Thread(target=_end_with_parent, args=(student,), daemon=True).start()
    try:
        # While the student's kernel starts, ours does.
        from .judge import Judge

        judge = Judge(student)
        student.connect()
        report({"started": True})
        for cell in request["cells"]:
            report({"outputs": run(cell, student, judge).kept})
    except BaseException:
        report({"failure": traceback.format_exc()})
    finally:
        student.close()


def run(cell: dict[str, str], student: Student, judge) -> Outputs:
    """Run a cell where it belongs.

    Parameters
    ----------
    cell : dict
        ``kind`` (given, student or test), ``source`` and ``name``.
    student : Student
    judge : Judge

    Returns
    -------
    Outputs
        Of a test, nothing but the error, if there is one.
    """
    outputs = Outputs()
    student.where = f"in {cell['name']}"
    if cell["kind"] == "test":
        failure = judge.test(cell["source"])
        if failure is not None:
            outputs.add_error(*failure)
        return outputs
    other = None
    if cell["kind"] == "given":
        other = threading.Thread(target=_run, args=(cell["source"], student, outputs))
        other.start()
        judge.give(cell["source"])
        other.join()
    else:
        _run(cell["source"], student, outputs)
    return outputs


def _run(code: str, student: Student, outputs: Outputs) -> None:
    try:
        student.run(code, outputs)
    except Ended as error:
        outputs.add_error("KernelEnded", str(error))
    except TimeUp:
        outputs.add_error("TimeUp", "This cell took too long, and was stopped.")


def _take_output_away():
    """The way to report; nothing else of what this process prints gets there."""
    lines = os.fdopen(os.dup(1), "w", encoding="utf-8", buffering=1)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for descriptor in (1, 2):
        os.dup2(nowhere, descriptor)
    return lambda line: print(json.dumps(line), file=lines, flush=True)


def _end_with_parent(student: Student) -> None:
    sys.stdin.buffer.read()
    student.close()
    os._exit(1)


if __name__ == "__main__":
    main()
