"""Before anything is graded: the assignments are in the gradebook, as their sources are now."""

import os
import shutil
import sys
from pathlib import Path

from nbgrader.api import Gradebook
from nbgrader.converters import GenerateAssignment
from nbgrader.coursedir import CourseDirectory
from nbgrader.utils import capture_log
from sqlalchemy.exc import SQLAlchemyError

from . import ledger
from .course import SETTING, Course, CourseError
from .files import Refused
from .names import one_line
from .notebooks import rules_digest

HAS_SUBMISSIONS = "Cannot add or remove cells"


def create_gradebook(course: Course) -> None:
    """Make the gradebook with all its tables, in this process alone.

    Raises
    ------
    CourseError
        When it can't be reached.
    """
    # nbgrader calls `alembic` by its name. It is installed beside Python, which may have been
    # started without that folder on PATH.
    if shutil.which("alembic") is None:
        beside = str(Path(sys.executable).parent)
        os.environ["PATH"] = os.pathsep.join([os.environ.get("PATH", os.defpath), beside])
    if shutil.which("alembic") is None:
        raise CourseError("the program alembic is missing: pip install nbgrader")
    course_id = CourseDirectory(config=course.config).course_id
    try:
        # Parts of nbgrader open the gradebook under its default course, which adds a row.
        for names in ([course_id], []):
            with Gradebook(course.address, *names) as gradebook:
                ledger.create(gradebook)
    except (SQLAlchemyError, ImportError) as error:
        reason = one_line(getattr(error, "orig", None) or error)
        raise CourseError(f"the gradebook can't be opened ({SETTING}): {reason}") from error


def release(course: Course, assignment: str) -> bool:
    """Generate the students' version and save the tests to the gradebook, if they aren't there.

    Returns
    -------
    bool
        Whether there was something to do.

    Raises
    ------
    CourseError
        When nbgrader refuses.
    """
    source = course.source(assignment)
    try:
        rules = rules_digest(source.read_bytes())
    except Refused as error:
        raise CourseError(f"{source}: {error}") from error
    with course.gradebook() as gradebook:
        known = assignment in {each.name for each in gradebook.assignments}
        released = ledger.read_released(gradebook).get(assignment)
    there = course.notebook("release", ".", assignment).is_file()
    if known and there and released == rules:
        return False
    config = course.config
    config.CourseDirectory.assignment_id = assignment
    directory = CourseDirectory(config=config)
    outcome = capture_log(GenerateAssignment(coursedir=directory, config=config, force=True))
    if not outcome["success"]:
        if KeyboardInterrupt.__name__ in outcome["error"]:  # which nbgrader has caught
            raise KeyboardInterrupt
        raise CourseError(_explain(assignment, outcome))
    with course.gradebook() as gradebook:
        ledger.write_released(gradebook, assignment, rules)
    return True


def _explain(assignment: str, outcome: dict) -> str:
    log = outcome.get("log", "") + outcome["error"]
    if HAS_SUBMISSIONS in log:
        return (
            f"{assignment}: its source has other cells than when submissions were first graded, "
            "which nbgrader does not allow. Take the cells' names back, or begin it anew, which "
            "loses the marks given by hand:\n"
            f"    nbgrader db assignment remove {assignment} --force"
        )
    return f"{assignment}: nbgrader could not generate the assignment.\n{log.strip()}"
