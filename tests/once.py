"""What is made once in a run, however many processes the tests are shared out to."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from filelock import FileLock  # PyTorch brings it


def make_once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], None]) -> Path:
    """A folder of this run, made by the process that is the first to ask for it.

    Parameters
    ----------
    factory : pytest.TempPathFactory
    name : str
    make : callable
        Takes the empty folder.
    """
    run = factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:  # this one's is inside that of the run
        run = run.parent
    folder, made = run / name, run / f"{name}.made"
    with FileLock(run / f"{name}.lock"):
        if not made.exists():
            folder.mkdir(exist_ok=True)
            make(folder)
            made.touch()
    return folder
