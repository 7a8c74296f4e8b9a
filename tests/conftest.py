"""Fixtures of all tests."""

import importlib.util
import sys

import pytest

from tests.course import release_all
from tests.lacking import POSIX, lacks
from tests.npm import NODE_MODULES, install
from tests.once import make_once

# Parts of notebooks, which nothing but a notebook can run.
collect_ignore_glob = ["submissions/*"]


@pytest.fixture(scope="session")
def node_modules(tmp_path_factory):
    """The directory of what package-lock.json names, installed."""
    make_once(tmp_path_factory, "node_modules", lambda _: install())
    return NODE_MODULES


@pytest.fixture(scope="session")
def course(tmp_path_factory):
    """A course with the assignments released, the same for all processes of a run."""
    if importlib.util.find_spec("nbgrader") is None:
        lacks("no nbgrader: pip install -r assignments/requirements.txt", systems=POSIX)
    if sys.platform not in POSIX:
        pytest.skip("grading needs Linux or macOS")
    return make_once(tmp_path_factory, "course", release_all)
