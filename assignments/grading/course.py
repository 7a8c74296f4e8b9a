"""The course: its folders, nbgrader's settings for it, and its gradebook."""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from nbgrader.api import Gradebook
from nbgrader.coursedir import CourseDirectory
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError
from traitlets.config import Config
from traitlets.config.loader import PyFileConfigLoader

from .files import is_folder

SETTING = "CONVVIZ_GRADEBOOK"
CONFIG = "nbgrader_config.py"

# How long a process waits for another that writes in an SQLite gradebook; each writes for
# milliseconds.
LOCK_SECONDS = 120


class CourseError(Exception):
    """Nothing can be graded; the text says why, and what to do."""


@dataclass(frozen=True)
class Course:
    """A course in nbgrader's folders.

    Attributes
    ----------
    root : Path
        The folder with nbgrader_config.py in it.
    address : str
        Where the gradebook is, as SQLAlchemy has it.
    """

    root: Path
    address: str

    @property
    def config(self) -> Config:
        """The settings that a plain `nbgrader` in this folder reads."""
        config = _load_config(self.root)
        config.CourseDirectory.root = str(self.root)
        config.CourseDirectory.db_url = self.address
        return config

    @contextmanager
    def gradebook(self) -> Iterator[Gradebook]:
        """The gradebook, closed at the end."""
        course_id = CourseDirectory(config=self.config).course_id
        with Gradebook(self.address, course_id) as gradebook:
            yield gradebook

    @property
    def assignments(self) -> list[str]:
        """Every assignment that has a source: ``source/<name>/<name>.ipynb``."""
        return sorted(
            folder.name
            for folder in (self.root / "source").glob("*")
            if (folder / f"{folder.name}.ipynb").is_file()
        )

    def folder(self, step: str, student: str, assignment: str) -> Path:
        """A student's folder for an assignment in a step of nbgrader's: submitted, autograded..."""
        return self.root / step / student / assignment

    def notebook(self, step: str, student: str, assignment: str) -> Path:
        """The notebook in that folder."""
        return self.folder(step, student, assignment) / f"{assignment}.ipynb"

    def source(self, assignment: str) -> Path:
        """The teacher's version."""
        return self.notebook("source", ".", assignment)

    @property
    def work(self) -> Path:
        """Half-finished work, thrown away when grading starts again."""
        return self.root / ".grading" / "work"

    @property
    def logs(self) -> Path:
        """What went wrong, at length."""
        return self.root / ".grading" / "logs"

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Keep a second grading of the same course out.

        Raises
        ------
        CourseError
            When there is one already.
        """
        path = self.root / ".grading" / "lock"
        path.parent.mkdir(exist_ok=True)
        with path.open("w") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                raise CourseError("this course is being graded by another program") from None
            yield

    def students_who_submitted(self) -> list[str]:
        """The folders in ``submitted/``, whatever their names."""
        folder = self.root / "submitted"
        if not is_folder(folder):
            return []
        return sorted(entry.name for entry in folder.iterdir() if not entry.name.startswith("."))


def open_course(root: Path) -> Course:
    """The course in a folder.

    Its gradebook is where the environment's CONVVIZ_GRADEBOOK says, or else the course's
    configuration, or else in a file in the folder.

    Raises
    ------
    CourseError
        When the folder is no course, or the address of the gradebook is none.
    """
    config = _load_config(root)
    here = f"sqlite:///{root / 'gradebook.db'}"
    address = os.environ.get(SETTING) or config.CourseDirectory.get("db_url") or here
    try:
        url = make_url(address)
    except ArgumentError as error:
        raise CourseError(f"the gradebook's address is none ({SETTING}): {error}") from None
    if url.get_backend_name() == "sqlite" and "timeout" not in url.query:
        url = url.update_query_dict({"timeout": str(LOCK_SECONDS)})
    return Course(root, url.render_as_string(hide_password=False))


def _load_config(root: Path) -> Config:
    if not (root / CONFIG).is_file():
        raise CourseError(f"{root} is no course: there is no {CONFIG} in it")
    return PyFileConfigLoader(CONFIG, path=str(root)).load_config()


def time_stamp(seconds: float) -> str:
    """A time since 1970 as nbgrader writes it; never one to come."""
    moment = datetime.fromtimestamp(min(seconds, time.time()), UTC)
    return moment.strftime("%Y-%m-%d %H:%M:%S.%f %Z")
