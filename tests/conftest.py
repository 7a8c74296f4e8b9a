"""Fixtures of all tests."""

import pytest

from tests.npm import install


@pytest.fixture(scope="session")
def node_modules():
    """The directory of what package-lock.json names, installed."""
    return install()
