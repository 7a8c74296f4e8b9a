"""How long the tests take, by part.

    python benchmarks/test_suite.py [--processes N] [--report FILE]

Runs every test, in N processes (default: as `make test`), or reads the report of such a run, which
pytest writes with `--junitxml=FILE`. The seconds of a part are those of its tests with what they
set up, divided by the number of processes; so all parts together are what one waits for. What is
left over is the time to collect the tests in each process, and to wait for the last one.
"""

import argparse
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ElementTree
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))  # for convviz

from convviz.threads import count_cores

ROOT = Path(__file__).parent.parent

# The beginnings of the names that a report gives to a part's tests; the first that fits counts.
PARTS = {
    "docstring examples": ("convviz.",),
    "site": ("tests.browser.test_site",),
    "browser": ("tests.browser.",),
    "JavaScript": ("tests.test_javascript",),
    "assignments and grading": (
        "tests.test_assignments",
        "tests.test_grad",
        "assignments.source.",
    ),
    "frameworks": (
        "tests.test_agreement",
        "tests.test_designs",
        "tests.test_frameworks",
        "tests.test_generated_code",
        "tests.test_same_comparison",
        "tests.test_search",
        "tests.test_summary",
    ),
    "still pictures": ("tests.test_figures", "tests.test_more_stills", "tests.test_stills"),
    "other Python tests": ("tests.",),
    "notebooks": ("notebooks.",),
}
PROCESSES = 2
ALL_PASSED, SOME_FAILED = 0, 1  # pytest's exit codes
REST = "to collect, and to wait for the last"


def part_of(case: ElementTree.Element) -> str:
    """The part that a test of a report belongs to."""
    name = case.get("classname", "").replace("/", ".") + "."
    for part, beginnings in PARTS.items():
        if name.startswith(beginnings):
            return part
    raise ValueError(f"the test {name}{case.get('name')} belongs to no part; add it to PARTS")


def read(report: Path, processes: int = PROCESSES) -> list[tuple[str, float, int]]:
    """(part, seconds, tests) of a report of pytest's, the longest first."""
    (suite,) = ElementTree.parse(report).getroot().iter("testsuite")
    seconds, tests = dict.fromkeys(PARTS, 0.0), dict.fromkeys(PARTS, 0)
    for case in suite.iter("testcase"):
        part = part_of(case)
        seconds[part] += float(case.get("time")) / processes
        tests[part] += 1
    rows = sorted(((part, seconds[part], tests[part]) for part in PARTS), key=lambda row: -row[1])
    return [*rows, (REST, float(suite.get("time")) - sum(seconds.values()), 0)]


def measure(processes: int = PROCESSES) -> list[tuple[str, float, int]]:
    """(part, seconds, tests) of a run of every test, the longest first."""
    with tempfile.TemporaryDirectory(prefix="suite-") as folder:
        report = Path(folder) / "report.xml"
        command = [sys.executable, "-m", "pytest", "--nbval", "--quiet", "-n", str(processes)]
        outcome = subprocess.run(
            [*command, f"--junitxml={report}"], cwd=ROOT, stdout=sys.stderr, check=False
        )
        if outcome.returncode not in (ALL_PASSED, SOME_FAILED):
            sys.exit("The tests broke off, so their times mean nothing.")
        return read(report, processes)


def main() -> None:
    """Print a row for each part."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--processes", type=int, default=PROCESSES, help=f"default {PROCESSES}")
    parser.add_argument("--report", type=Path, metavar="FILE", help="of an earlier run")
    options = parser.parse_args()
    if options.report:
        rows = read(options.report, options.processes)
    else:
        rows = measure(options.processes)
    print(f"{count_cores()} cores, {options.processes} processes\n")
    print("| part | time (s) | tests |")
    print("|---|---:|---:|")
    for part, seconds, tests in rows:
        print(f"| {part} | {seconds:.0f} | {tests or ''} |")
    print(f"| all | {sum(row[1] for row in rows):.0f} | {sum(row[2] for row in rows)} |")


if __name__ == "__main__":
    main()
