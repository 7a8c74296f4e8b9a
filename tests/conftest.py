"""Fixtures of all tests."""

import pytest

from tests.npm import install

# Parts of notebooks, which nothing but a notebook can run.
collect_ignore_glob = ["submissions/*"]


@pytest.fixture(scope="session")
def node_modules():
    """The directory of what package-lock.json names, installed."""
    return install()
