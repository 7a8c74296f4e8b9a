"""Fixtures of all tests."""

import importlib.util
import os

import pytest

from tests.course import release_all
from tests.npm import install

# Parts of notebooks, which nothing but a notebook can run.
collect_ignore_glob = ["submissions/*"]


@pytest.fixture(scope="session")
def node_modules():
    """The directory of what package-lock.json names, installed."""
    return install()


@pytest.fixture(scope="session")
def course(tmp_path_factory):
    """A course with the assignments released."""
    if importlib.util.find_spec("nbgrader") is None:
        message = "no nbgrader: pip install -r assignments/requirements.txt"
        pytest.fail(message) if os.environ.get("CI") else pytest.skip(message)
    folder = tmp_path_factory.mktemp("course")
    release_all(folder)
    return folder
