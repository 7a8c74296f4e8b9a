"""Names of students, and other people's words in our report."""

import re
import unicodedata

from .files import Refused

LONGEST_NAME = 100  # nbgrader's gradebook holds 128 characters

# What learning management systems make of a student's name when they hand out all submissions.
MOODLE = re.compile(r"(?P<student>.+)_\d+_assignsubmission_file(_.*)?")
CANVAS = re.compile(r"(?P<student>[^_]+)_(LATE_)?\d+_\d+_.+")


def student_name(text: str) -> str:
    """The student's name that a file's or folder's name stands for.

    A name has letters and digits of any script, spaces, and ``. _ - @ '``; a letter or a digit
    comes first. So it is one folder's name, no pattern, and no formula in a spreadsheet.

    Raises
    ------
    Refused
        When it can't be a student's name.
    """
    # macOS spells an accented letter as two characters, other systems as one.
    name = unicodedata.normalize("NFC", text)
    for system in (MOODLE, CANVAS):
        if match := system.fullmatch(name):
            name = match["student"]
            break
    ordinary = name[:1].isalnum() and all(c.isalnum() or c in " ._-@'" for c in name)
    if not ordinary or name[-1] in " ." or len(name) > LONGEST_NAME:
        raise Refused(
            "not a student's name: letters, digits, spaces and . _ - @ ' are allowed, "
            f"{LONGEST_NAME} at most, a letter or digit first"
        )
    return name


def one_line(text: object, longest: int = 300) -> str:
    """Text that others wrote, on one line, without characters that would move the cursor."""
    line = " ".join("".join(c if c.isprintable() else " " for c in str(text)).split())
    return line if len(line) <= longest else line[: longest - 3] + "..."
