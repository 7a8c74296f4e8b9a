"""How long `import convviz` takes, and the memory that it holds, beside what it builds on.

    python benchmarks/imports.py [--rounds ROUNDS]

Every import is in a fresh process, whose clock starts when Python itself is up, and whose resident
memory is read after the import. The programs take turns in random order. The files have been read
and compiled before, as on every day but the first.
"""

import argparse
import json
import os
import random
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))  # for benchmarks

from benchmarks import harness

PACKAGES = ("numpy", "ipywidgets", "anywidget", "matplotlib", "torch", "tensorflow")

BASE = "numpy, ipywidgets"
WITH_CONVVIZ = "numpy, ipywidgets, convviz"

PROGRAMS = (
    BASE,
    WITH_CONVVIZ,
    "numpy, ipywidgets, matplotlib.pyplot",
    "numpy, ipywidgets, torch",
    "numpy, ipywidgets, tensorflow",
)

# What `import convviz` must leave to those who want it.
HEAVY = ("torch", "tensorflow", "keras", "matplotlib.pyplot", "scipy", "PIL")

PROGRAM = """
import time
start = time.perf_counter()
import {names}
milliseconds = 1e3 * (time.perf_counter() - start)

import json, sys
import psutil
heavy = [name for name in {heavy} if name in sys.modules]
megabytes = psutil.Process().memory_info().rss / 1e6
print(json.dumps({{"milliseconds": milliseconds, "megabytes": megabytes, "heavy": heavy}}))
"""


def measure(programs=PROGRAMS, rounds: int = 9) -> dict:
    """For each program: milliseconds and megabytes, whole and beyond those of `BASE`."""
    for names in programs:
        run(names)
    runs: dict[str, list[dict]] = {names: [] for names in programs}
    order = list(programs)
    shuffle = random.Random(0).shuffle
    for _ in range(rounds):
        shuffle(order)
        for names in order:
            runs[names].append(run(names))
    return {
        names: {
            "heavy": each[0]["heavy"],
            **{unit: whole(each, unit) for unit in ("milliseconds", "megabytes")},
            "beyond": {
                unit: beyond(each, runs[BASE], unit) for unit in ("milliseconds", "megabytes")
            },
        }
        for names, each in runs.items()
    }


def run(names: str) -> dict:
    """What one fresh process says."""
    program = PROGRAM.format(names=names, heavy=HEAVY)
    environment = os.environ | {"TF_CPP_MIN_LOG_LEVEL": "3", "CUDA_VISIBLE_DEVICES": "-1"}
    command = [sys.executable, "-c", program]
    root = Path(__file__).parent.parent
    finished = subprocess.run(
        command, env=environment, cwd=root, capture_output=True, check=True, text=True
    )
    return json.loads(finished.stdout)


def whole(runs: list[dict], unit: str) -> dict:
    """Of the import itself."""
    return harness.spread(run[unit] for run in runs)._asdict()


def beyond(runs: list[dict], base: list[dict], unit: str) -> dict:
    """What it adds to `BASE`, round by round."""
    pairs = zip(runs, base, strict=True)
    return harness.spread(run[unit] - other[unit] for run, other in pairs)._asdict()


def main() -> None:
    """Measure, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=9)
    from benchmarks.report import describe_imports

    print(describe_imports(measure(rounds=parser.parse_args().rounds)))


if __name__ == "__main__":
    main()
