"""Measure, and write benchmarks/results.md, its plots, and README's lines about speed.

    python benchmarks/run.py [PART ...]

or `make bench`, `make bench ARGS="conv2d imports"`. A part that is named is measured again, all of
them if none is, each in a process of its own; the figures are kept in benchmarks/results/PART.json.
What is written is made of the figures there, whenever they were measured. With --no-measuring it is
only written again.
"""

import argparse
import datetime
import importlib
import json
import re
import subprocess
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))  # for benchmarks

from benchmarks import harness, report

ROOT = Path(__file__).parent.parent
RESULTS = ROOT / "benchmarks" / "results"
README = ROOT / "README.md"
BEGIN, END = "<!-- make bench writes this -->\n", "<!-- until here -->"


def measure(part: str) -> dict:
    """The figures of a part, with everything that one must know to doubt them."""
    load = harness.load()  # before the run adds to it
    module = importlib.import_module(f"benchmarks.{part}")
    start = time.perf_counter()
    figures = module.measure()
    return {
        "part": part,
        "command": f'make bench ARGS="{part}"',
        "date": datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%d %H:%M UTC"),
        "seconds": round(time.perf_counter() - start, 1),
        "load": load,
        "machine": harness.machine(),
        "versions": harness.versions(getattr(module, "PACKAGES", ())),
        "figures": figures,
    }


def keep(record: dict) -> None:
    """Write a part's figures, with no more digits than they have."""
    RESULTS.mkdir(exist_ok=True)
    text = json.dumps(shorten(record), indent=1, ensure_ascii=False)
    # One line for each innermost list or dict, which a diff then shows as one.
    inner = r"[\[{][^\[\]{}]*[\]}]"
    text = re.sub(inner, lambda found: re.sub(r"\s*\n\s*", " ", found[0]), text)
    (RESULTS / f"{record['part']}.json").write_text(text + "\n", encoding="utf-8")


def shorten(value):
    """The same with four digits in every float."""
    if isinstance(value, float):
        return float(f"{value:.4g}")
    if isinstance(value, dict):
        return {key: shorten(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [shorten(item) for item in value]
    return value


def read_records() -> dict[str, dict]:
    """What is kept, by part, in the order of the report."""
    paths = {part: RESULTS / f"{part}.json" for part in report.PARTS}
    return {
        part: json.loads(path.read_text(encoding="utf-8"))
        for part, path in paths.items()
        if path.exists()
    }


def write(records: dict[str, dict]) -> None:
    """Write results.md, the plots, and the lines of README."""
    from benchmarks import plots

    (ROOT / "benchmarks" / "results.md").write_text(report.results(records), encoding="utf-8")
    plots.draw(records, RESULTS)
    text = README.read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    if after:
        text = before + BEGIN + report.readme(records) + END + after
        README.write_text(text, encoding="utf-8")


def main() -> None:
    """Measure what is named, in turn, and write everything."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "parts", nargs="*", metavar="PART", help=f"of {', '.join(report.PARTS)} (default: all)"
    )
    parser.add_argument("--no-measuring", action="store_true", help="only write again")
    parser.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if unknown := set(options.parts) - set(report.PARTS):
        parser.error(f"no such part: {', '.join(unknown)}; there are {', '.join(report.PARTS)}")
    if options.here:
        keep(measure(*options.parts))
        write(read_records())  # at once, for the tests, which are a part too, compare them
        return
    if options.no_measuring:
        write(read_records())
        return
    failed = []
    for part in options.parts or report.PARTS:
        print(f"measuring {part}", flush=True)
        command = [sys.executable, __file__, "--here", part]
        if subprocess.run(command, check=False).returncode:
            failed.append(part)
    if failed:
        sys.exit(f"not measured, for an error above: {', '.join(failed)}")


if __name__ == "__main__":
    main()
