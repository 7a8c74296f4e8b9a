"""A student's server in a sandbox of its own, made with bubblewrap.

All students' servers run as one user of the system, the one that started the hub. What keeps them
apart is what each can see: the programs and the notebooks, read-only; the student's own folder; a
/tmp of its own; no process but its own. The hub's files and the other students' are not there.
"""

import importlib.util
import shutil
import subprocess
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

HERE = Path(__file__).resolve().parent
NOTEBOOKS = HERE.parent / "notebooks"
LESSONS = HERE / "lessons.py"

SYSTEM = ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/etc")

# Alone in every respect, the network too; gone when the process that started it is gone.
BUBBLE = (
    *("bwrap", "--unshare-all", "--uid", "1000", "--gid", "1000"),
    *("--die-with-parent", "--new-session", "--proc", "/proc", "--dev", "/dev"),
)

# The quiet profile's own place, as `python -m tests.kernel_environment` installs it.
PROFILE = Path(sys.prefix) / "share" / "convviz" / "ipython"


class SandboxError(RuntimeError):
    """The sandbox can't be made on this machine; says why."""


def check() -> None:
    """Check that a student's server can be put into a sandbox.

    Raises
    ------
    SandboxError
        When a program or the quiet kernel is missing, or the system forbids sandboxes.
    """
    if not PROFILE.is_dir():
        raise SandboxError("the quiet kernel is missing: python -m tests.kernel_environment")
    check_programs(network=True)


def check_programs(network: bool) -> None:
    """Check that a sandbox can be made.

    Parameters
    ----------
    network : bool
        Whether it is to have the machine's network. Some systems allow only that.

    Raises
    ------
    SandboxError
        When a program is missing, or the system forbids sandboxes.
    """
    for program, package in {"bwrap": "bubblewrap", "prlimit": "util-linux"}.items():
        if shutil.which(program) is None:
            raise SandboxError(f"{program} is missing: apt-get install {package}, or the like")
    share = ("--share-net",) if network else ()
    try_out = ["bwrap", "--unshare-all", *share, "--ro-bind", "/", "/", "true"]
    outcome = subprocess.run(try_out, capture_output=True, text=True, check=False)
    if outcome.returncode != 0:
        raise SandboxError(f"this system allows no sandbox: {outcome.stderr.strip()}")


def confine(
    command: Sequence[str], home: Path, hidden: Path, handouts: Path, memory: int
) -> list[str]:
    """The command that runs another command in a student's sandbox.

    Parameters
    ----------
    command : sequence of str
    home : Path
        The one folder that the student can write in.
    hidden : Path
        A folder to hide, wherever it is: the class's, with the other students' folders.
    handouts : Path
        A folder that the student may read, in the hidden one too.
    memory : int
        What each process in the sandbox may have of its own, in bytes. More is a ``MemoryError``.

    Returns
    -------
    list of str
    """
    return [
        *("prlimit", f"--data={memory}", "--core=0"),
        *(*BUBBLE, "--share-net", "--tmpfs", "/dev/shm", "--tmpfs", "/tmp"),
        *show({*_readable(), handouts}, hidden),
        *_quiet_profile(),
        *("--bind", str(home), str(home), "--chdir", str(home)),
        *("--", *command),
    ]


def show(readable: Iterable[Path], hidden: Path) -> list[str]:
    """What a sandbox shows, read-only, and what it hides: a folder before those inside it.

    Parameters
    ----------
    readable : iterable of Path
        Those that do not exist are passed over.
    hidden : Path
        A folder that is empty in the sandbox, wherever it is.
    """
    words = []
    for path in sorted({hidden} | {path for path in readable if path.exists()}):
        words += ["--tmpfs", str(path)] if path == hidden else ["--ro-bind", str(path), str(path)]
    return words


def _readable() -> set[Path]:
    package = Path(importlib.util.find_spec("convviz").origin).parent
    python = [sys.prefix, sys.base_prefix, *filter(None, sys.path)]
    return {Path(path) for path in (*SYSTEM, *python, package, NOTEBOOKS, LESSONS)}


def _quiet_profile() -> list[str]:
    """IPython writes beside its profile, so each sandbox has a writable place for it."""
    words = ["--tmpfs", str(PROFILE)]
    for source in sorted(path for path in PROFILE.rglob("*_config.*") if path.is_file()):
        words += ["--dir", str(source.parent), "--ro-bind", str(source), str(source)]
    return words
