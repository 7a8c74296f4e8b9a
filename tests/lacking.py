"""What a test does on a machine that lacks what it needs.

It is skipped, with words. In CI everything is installed that the system can have, so there a test
that finds something missing fails.
"""

import os
import sys

import pytest

NAMES = {"linux": "Linux", "darwin": "macOS", "win32": "Windows"}
ALL = tuple(NAMES)
POSIX = ("linux", "darwin")


def lacks(reason: str, systems: tuple[str, ...] = ALL) -> None:
    """Skip the running test or file; in CI, on the systems that can have what is missing, fail."""
    if os.environ.get("CI") and sys.platform in systems:
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason, allow_module_level=True)


def only_on(*systems: str, what: str) -> None:
    """Skip a whole file, on every other system than these."""
    if sys.platform not in systems:
        names = " or ".join(NAMES[system] for system in systems)
        pytest.skip(f"{what} needs {names}", allow_module_level=True)
