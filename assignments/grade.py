"""Collect, grade, write feedback and marks: one command for a teacher.

    python assignments/grade.py [ASSIGNMENT ...] [--from FOLDER]

Grades every submission in submitted/ that has no mark as it is now. It may be broken off at any
moment; called again, it goes on with what is missing. README.md beside this file tells the rest.
"""

import argparse
import os
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))


def read_arguments(words: list[str]) -> argparse.Namespace:
    """What the caller asks for."""
    parser = argparse.ArgumentParser(
        description=__doc__.partition("\n")[0],
        epilog="Called again, it goes on with what is missing.",
    )
    parser.add_argument(
        "assignments", nargs="*", metavar="ASSIGNMENT", help="which to grade (default: all)"
    )
    parser.add_argument(
        *("--from", "-f"),
        dest="places",
        metavar="FOLDER",
        type=Path,
        action="append",
        default=[],
        help="collect from there first: NAME.ipynb for each student, or a folder NAME for each; "
        "a .zip archive will do",
    )
    parser.add_argument(
        "--workers",
        metavar="N",
        type=at_least_one,
        default=cores(),
        help="how many submissions at once (default: as many as there are cores, %(default)s)",
    )
    parser.add_argument(
        "--again", action="store_true", help="grade also what has been graded as it is now"
    )
    parser.add_argument(
        "--seconds",
        metavar="S",
        type=at_least_one,
        default=600,
        help="give a submission up after that (default %(default)s)",
    )
    parser.add_argument(
        "--megabytes",
        metavar="M",
        type=at_least_one,
        default=20,
        help="refuse larger files (default %(default)s)",
    )
    parser.add_argument(
        "--course",
        metavar="FOLDER",
        type=Path,
        default=HERE,
        help="the folder with source/ and nbgrader_config.py (default: this program's)",
    )
    return parser.parse_args(words)


def cores() -> int:
    """How many this program may use."""
    allowed = getattr(os, "sched_getaffinity", None)  # not on macOS
    return len(allowed(0)) if allowed else os.cpu_count() or 1


def at_least_one(text: str) -> int:
    """An argument that is a number of things."""
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("1 is the least")
    return number


if __name__ == "__main__":
    arguments = read_arguments(sys.argv[1:])
    # nbgrader takes seconds to import; --help needn't wait.
    from grading.command import main

    sys.exit(main(arguments))
