"""Bring a student's copy of the notebooks up to date, then start what is named after it.

    python lessons.py HOME NOTEBOOKS... -- COMMAND...

A file that the student has not touched becomes the new version. One that they have worked in stays
theirs, and the new version comes beside it: ``02-sliding-kernel (new version).ipynb``. One that
they deleted or renamed comes back as it was. Nothing that a student wrote is ever overwritten.
"""

import hashlib
import itertools
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

# What was last given under each name, by its digest: how an untouched file is known.
RECORD = ".lessons.json"


def update(notebooks: Path, home: Path) -> None:
    """Bring the copy of ``notebooks`` in ``home`` up to date."""
    record = home / RECORD
    try:
        given = json.loads(record.read_text(encoding="utf-8"))
        given = {str(name): str(digest) for name, digest in given.items()}
    except (OSError, ValueError, AttributeError):  # none yet, or a student wrote in it
        given = {}
    for source in sorted(notebooks.rglob("*")):
        if source.is_file() and ".ipynb_checkpoints" not in source.parts:
            _deliver(source.read_bytes(), source.relative_to(notebooks), home, given)
    _write(record, json.dumps(given, indent=1, sort_keys=True).encode())


def _deliver(content: bytes, name: Path, home: Path, given: dict[str, str]) -> None:
    new = _digest(content)
    for candidate in _names(name):
        path, key = home / candidate, candidate.as_posix()
        exists = path.exists()
        if given.get(key) == new and (exists or candidate != name):
            return  # they have had it
        if not exists or (path.is_file() and given.get(key) == _digest(path.read_bytes())):
            _write(path, content)
            given[key] = new
            return


def _names(name: Path) -> Iterator[Path]:
    """The names under which a file may be given, the first free one first."""
    yield name
    for number in itertools.count(1):
        suffix = "" if number == 1 else f" {number}"
        yield name.with_name(f"{name.stem} (new version{suffix}){name.suffix}")


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _write(path: Path, content: bytes) -> None:
    """Write a file whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}.partial")
    partial.write_bytes(content)
    partial.replace(path)


if __name__ == "__main__":
    end = sys.argv.index("--")
    home, *folders = map(Path, sys.argv[1:end])
    for folder in folders:
        update(folder, home)
    # Matplotlib looks for fonts once for each student, and says so, in red, if that takes long.
    subprocess.run([sys.executable, "-c", "import matplotlib.font_manager"], check=False)
    os.execvp(sys.argv[end + 1], sys.argv[end + 1 :])
