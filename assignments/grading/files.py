"""Files that others wrote are read with care; our own are written whole or not at all."""

import os
import shutil
import stat
import tempfile
from hashlib import sha256
from pathlib import Path


class Refused(Exception):
    """A submission that can't be taken or graded; the text is the sentence for the report."""


def read_regular(name: str | Path, limit: int, folder: int | None = None) -> bytes:
    """Read a plain file of at most `limit` bytes, never by way of a link.

    Parameters
    ----------
    name : str or Path
        The file; relative to `folder` if that is given.
    limit : int
        What the file may hold, in bytes.
    folder : int, optional
        Descriptor of an open folder.

    Raises
    ------
    Refused
        When it is a link, a folder, a device or a pipe, too large, or can't be read.
    """
    try:
        # Opening a device can have effects, so it is looked at first; and the file that was
        # opened is looked at again, in case another has taken its place.
        check_plain(os.stat(name, dir_fd=folder, follow_symlinks=False), limit)
        flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
        descriptor = os.open(name, flags, dir_fd=folder)
        with os.fdopen(descriptor, "rb") as file:
            status = os.fstat(descriptor)
            check_plain(status, limit)
            return file.read(status.st_size)
    except OSError as error:
        raise Refused(f"can't be read: {error.strerror}") from error


def check_plain(status: os.stat_result, limit: int) -> None:
    """Refuse what is not a plain file of at most `limit` bytes."""
    kinds = {
        stat.S_IFLNK: "a link, and links are not followed",
        stat.S_IFDIR: "a folder, not a file",
        stat.S_IFIFO: "a pipe, not a file",
        stat.S_IFREG: None,
    }
    trouble = kinds.get(stat.S_IFMT(status.st_mode), "a device or a socket, not a file")
    if trouble:
        raise Refused(trouble)
    if status.st_size > limit:
        raise Refused(too_large(limit))


def too_large(limit: int) -> str:
    """The sentence for a file of more bytes than that."""
    return f"too large: more than {limit / 1e6:g} MB"


def is_folder(path: Path) -> bool:
    """Whether it is a folder itself, and not a link to one."""
    try:
        return stat.S_ISDIR(path.lstat().st_mode)
    except OSError:
        return False


def write_whole(path: Path, data: bytes) -> None:
    """Write a file so that, whenever this is killed, it is the old one or the new one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(prefix=".new-", dir=path.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(descriptor)
        os.chmod(name, 0o644)
        os.replace(name, path)
    except BaseException:
        os.unlink(name)
        raise


def put_in_place(new: Path, place: Path, aside: Path) -> None:
    """Make a finished folder take the place of another, which ends in `aside` and is removed."""
    if place.exists():
        shutil.rmtree(aside, ignore_errors=True)
        aside.parent.mkdir(parents=True, exist_ok=True)
        os.rename(place, aside)
    place.parent.mkdir(parents=True, exist_ok=True)
    os.rename(new, place)
    shutil.rmtree(aside, ignore_errors=True)


def digest(data: bytes) -> str:
    """The SHA-256 of bytes."""
    return sha256(data).hexdigest()


def digest_of_file(path: Path) -> str | None:
    """The digest of one of our own files; None when it isn't there."""
    try:
        return digest(path.read_bytes())
    except OSError:
        return None
