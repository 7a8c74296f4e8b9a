"""The widgets' JavaScript: its types, its own tests, and that the built files are its sources'."""

import re
import subprocess
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest

from tests.npm import JAVASCRIPT, run

ROOT = Path(__file__).parent.parent
STATIC = ROOT / "convviz" / "widgets" / "static"
SOURCES = JAVASCRIPT / "src"


def succeed(outcome: subprocess.CompletedProcess) -> None:
    if outcome.returncode != 0:
        pytest.fail(outcome.stdout + outcome.stderr, pytrace=False)


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


# Which folders of the sources import from which; arithmetic is apart from what draws it, and one
# widget from the others.
BELOW = {
    "core": set(),
    "page": {"core"},
    "export": set(),
    "explorer": {"core", "page", "export"},
    "axis": {"core", "page"},
    "image": {"core", "page"},
}


def test_imports_only_from_below():
    paths = sorted(SOURCES.rglob("*.js"))
    assert {path.parent.name for path in paths} == set(BELOW)
    for path in paths:
        text = path.read_text(encoding="utf-8")
        imported = set(re.findall(r'^(?:import|\}) .*from "\.\./(\w+)/', text, flags=re.MULTILINE))
        assert imported <= BELOW[path.parent.name], path


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
