"""From a folder or an archive full of students' files to ``submitted/``."""

import os
import stat
import time
import zipfile
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path, PurePosixPath

from .course import Course, CourseError, time_stamp
from .files import Refused, digest, is_folder, read_regular, too_large, write_whole
from .names import one_line, student_name

DEEPEST = 8  # folders between a student's own and the notebook


@dataclass(frozen=True)
class Candidate:
    """A notebook that was found, or something else under a notebook's name.

    Attributes
    ----------
    path : PurePosixPath
        Where, below the folder that is collected from.
    seconds : float
        When it was last changed, since 1970.
    read : callable
        Gives its bytes, or raises Refused.
    """

    path: PurePosixPath
    seconds: float
    read: Callable[[], bytes]


def collect(
    course: Course, place: Path, assignments: list[str], limit: int
) -> Iterator[tuple[str, str]]:
    """Copy the students' notebooks to ``submitted/``.

    Parameters
    ----------
    course : Course
    place : Path
        A folder, or a .zip archive: a notebook for each student (``ann.ipynb``), or a folder for
        each with the notebooks in it (``ann/output-sizes.ipynb``, or deeper).
    assignments : list of str
        Whose notebooks are looked for.
    limit : int
        What a notebook may hold, in bytes.

    Yields
    ------
    what : str
        "new", "later", "same", or "" for what was not collected.
    sentence : str
        For the report, if there is something to say.
    """
    found = defaultdict(list)
    for candidate in candidates(place, assignments, limit):
        try:
            whose = identify(candidate.path, assignments)
        except Refused as error:
            yield "", f"{one_line(candidate.path)}: {error}"
        else:
            found[whose].append(candidate)
    for (student, assignment), places in sorted(found.items()):
        try:
            chosen, sentence = choose(places)
            what = keep(course, student, assignment, chosen.read(), chosen.seconds)
        except Refused as error:
            what, sentence = "", str(error)
        yield what, sentence and f"{student}  {assignment}: {sentence}"


def candidates(place: Path, assignments: list[str], limit: int) -> Iterator[Candidate]:
    """Everything under a wanted name, in a folder or an archive."""
    if place.is_dir():
        return _in_folder(place.resolve(), assignments, limit)
    if zipfile.is_zipfile(place):
        return _in_archive(place, assignments, limit)
    raise CourseError(f"--from {place}: neither a folder nor a .zip archive")


def is_wanted(path: PurePosixPath, assignments: list[str]) -> bool:
    """Whether it may be a submission: at the top under any name, below under an assignment's."""
    hidden = any(part.startswith((".", "__MACOSX")) for part in path.parts)
    right = len(path.parts) == 1 or path.stem in assignments
    return path.suffix == ".ipynb" and right and not hidden and not path.is_absolute()


def _in_folder(top: Path, assignments: list[str], limit: int) -> Iterator[Candidate]:
    # fwalk goes by descriptors of open folders, so that none can be swapped for a link on the way.
    for folder, folders, files, descriptor in os.fwalk(top):
        place = PurePosixPath(Path(folder).relative_to(top).as_posix())
        for name in sorted(files + folders):
            if is_wanted(place / name, assignments):
                seconds = os.stat(name, dir_fd=descriptor, follow_symlinks=False).st_mtime
                yield Candidate(place / name, seconds, _outcome_of(name, limit, descriptor))
        deep = len(place.parts) > DEEPEST
        folders[:] = [] if deep else sorted(name for name in folders if not name.startswith("."))


def _outcome_of(name: str, limit: int, descriptor: int) -> Callable[[], bytes]:
    """Read now, while the folder is open; give the bytes, or the refusal, later."""
    try:
        data = read_regular(name, limit, descriptor)
    except Refused as error:
        return partial(_refuse, str(error))
    return lambda: data


def _refuse(sentence: str) -> bytes:
    raise Refused(sentence)


def _in_archive(archive: Path, assignments: list[str], limit: int) -> Iterator[Candidate]:
    with zipfile.ZipFile(archive) as opened:
        members = opened.infolist()
    for member in members:
        path = PurePosixPath(member.filename)
        if is_wanted(path, assignments):
            seconds = time.mktime((*member.date_time, 0, 0, -1))
            yield Candidate(path, seconds, partial(_read_member, archive, member, limit))


def _read_member(archive: Path, member: zipfile.ZipInfo, limit: int) -> bytes:
    """Read a file in an archive; nothing is ever unpacked to the disk."""
    kind = stat.S_IFMT(member.external_attr >> 16)
    if member.is_dir() or kind not in (0, stat.S_IFREG):
        raise Refused("not a plain file")
    try:
        with zipfile.ZipFile(archive) as opened, opened.open(member) as file:
            data = file.read(limit + 1)
    except (RuntimeError, NotImplementedError, zipfile.BadZipFile, OSError, EOFError) as error:
        raise Refused(f"can't be unpacked: {one_line(error)}") from error
    if len(data) > limit:
        raise Refused(too_large(limit))
    return data


def identify(path: PurePosixPath, assignments: list[str]) -> tuple[str, str]:
    """Whose notebook it is, and of which assignment.

    Raises
    ------
    Refused
        When the student's name is none.
    """
    if len(path.parts) > 1:
        return student_name(path.parts[0]), path.stem
    if path.stem in assignments:
        raise Refused("whose is it? It bears the name of the assignment, and no student's")
    if len(assignments) != 1:
        raise CourseError(
            "a file for each student can be of one assignment only: name it, as in\n"
            f"    grade.py {assignments[0]} --from FOLDER"
        )
    return student_name(path.stem), assignments[0]


def choose(places: list[Candidate]) -> tuple[Candidate, str]:
    """The one that lies highest, and a sentence about the others."""
    places.sort(key=lambda each: (len(each.path.parts), str(each.path)))
    first, *others = places
    listed = ", ".join(one_line(each.path) for each in places)
    if others and len(others[0].path.parts) == len(first.path.parts):
        raise Refused(f"there more than once ({listed}), so none was collected")
    return first, f"there more than once ({listed}); the first was collected" if others else ""


def keep(course: Course, student: str, assignment: str, data: bytes, seconds: float) -> str:
    """Make it the student's submission; the former one goes to ``earlier/``."""
    place = course.notebook("submitted", student, assignment)
    for folder in (course.root / "submitted", place.parent.parent, place.parent):
        if folder.is_symlink() or (folder.exists() and not is_folder(folder)):
            raise Refused(f"not collected: {folder.relative_to(course.root)} is no folder")
    what = "new"
    if os.path.lexists(place):
        former = read_regular(place, place.lstat().st_size)
        if former == data:
            return "same"
        put_earlier(course, student, assignment, former)
        what = "later"
    # The time first: as long as the old notebook is there, the next run collects again.
    write_whole(place.with_name("timestamp.txt"), time_stamp(seconds).encode())
    write_whole(place, data)
    return what


def put_earlier(course: Course, student: str, assignment: str, data: bytes) -> None:
    """Keep a former submission, under the time when it was last changed and its digest."""
    changed = course.notebook("submitted", student, assignment).stat().st_mtime
    stamp = time.strftime("%Y-%m-%dT%H-%M-%SZ", time.gmtime(changed))
    folder = course.folder("earlier", student, assignment) / f"{stamp}-{digest(data)[:8]}"
    write_whole(folder / f"{assignment}.ipynb", data)
