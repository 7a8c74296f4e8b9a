"""The sandbox of a student's kernel, and the command that starts the kernel in it."""

import functools
import importlib.util
import os
import site
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
REPOSITORY = HERE.parent.parent
MEGABYTE = 2**20
PROCESSES = 100  # threads count too; in the sandbox only, or the teacher's own would be counted

WORK = "/tmp/work"  # of the student's, in the sandbox

# What Python and its libraries read in /etc. Not the rest: it may hold keys and passwords.
ETC = ("ld.so.cache", "ld.so.conf", "ld.so.conf.d", "alternatives", "localtime", "nsswitch.conf")

WARNING = """
********************************************************************************
WARNING: students' code runs WITHOUT A SANDBOX.
{reason}
A submission can read and change whatever you can: the gradebook, the sources
with the hidden tests, other students' work, your own files, the network.
Grade only work of people whom you trust, or grade on a Linux machine (or in
WSL on Windows) where bubblewrap runs: apt-get install bubblewrap
********************************************************************************
"""
WARNED = "CONVVIZ_SANDBOX_WARNED"


@dataclass(frozen=True)
class Limits:
    """What a submission may use.

    Attributes
    ----------
    cell : int
        Seconds for a cell; in a test cell, for all that it calls.
    notebook : int
        Seconds for the whole notebook.
    memory : int
        Megabytes that each process of a student's may have.
    """

    cell: int = 30
    notebook: int = 180
    memory: int = 1024


def _load_sandbox():
    """The hub's sandbox module, whose words for bubblewrap are ours too."""
    path = REPOSITORY / "classroom" / "sandbox.py"
    specification = importlib.util.spec_from_file_location("convviz_classroom_sandbox", path)
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


sandbox = _load_sandbox()


@functools.cache
def why_none() -> str:
    """Why there can be no sandbox on this machine; an empty text when there can."""
    try:
        sandbox.check_programs(network=False)
    except sandbox.SandboxError as error:
        return str(error)
    return ""


def warn(**_: object) -> None:
    """Say loudly, on stderr, that there is no sandbox, if there is none.

    It is said once, by the first of a program and the programs that it starts.
    """
    if why_none() and WARNED not in os.environ:
        os.environ[WARNED] = "yes"
        print(WARNING.format(reason=why_none()), file=sys.stderr, flush=True)


def command(sockets: list[int], limits: Limits, hidden: Path, confined: bool) -> list[str]:
    """The command that starts a student's kernel.

    Parameters
    ----------
    sockets : list of int
        Descriptors of the kernel's listening sockets, which the process inherits.
    limits : Limits
    hidden : Path
        The course's folder. No student's process may see it, wherever it is.
    confined : bool
        Whether in a sandbox.
    """
    if not confined:
        return [*_kernel(HERE, limits.memory, 0, sockets)]
    size = ("--size", str(64 * MEGABYTE))
    return [
        *sandbox.BUBBLE,
        *_disable_nesting(),
        *(*size, "--tmpfs", "/tmp", *size, "--tmpfs", "/dev/shm"),
        *(*sandbox.show(_programs(), hidden), "--remount-ro", str(hidden)),
        *_etc(),
        *("--dir", WORK, "--chdir", WORK),
        *("--ro-bind", str(HERE / "student_kernel.py"), "/kernel/student_kernel.py"),
        *("--ro-bind", str(HERE / "plain.py"), "/kernel/plain.py"),
        *("--remount-ro", "/dev", "--remount-ro", "/", "--"),
        *_kernel(Path("/kernel"), limits.memory, PROCESSES, sockets),
    ]


def environment(key: str, folder: str) -> dict[str, str]:
    """All that a student's process finds in its environment: nothing of the teacher's.

    Parameters
    ----------
    key : str
        Of the messages between the kernel and the tests.
    folder : str
        For what it writes.
    """
    return {
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), "/usr/bin", "/bin"]),
        "HOME": folder,
        "LANG": "C.UTF-8",
        "TMPDIR": folder,
        "OMP_NUM_THREADS": "1",  # submissions are graded side by side: a core each
        "OPENBLAS_NUM_THREADS": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONHASHSEED": "0",
        "CONVVIZ_KEY": key,
    }


def _kernel(folder: Path, memory: int, processes: int, sockets: list[int]) -> list[str]:
    program = [sys.executable, str(folder / "student_kernel.py")]
    return [*program, *map(str, (memory, processes, *sockets))]


def _programs() -> set[Path]:
    """What Python needs: the system, Python's own folders, and this package."""
    python = [sys.prefix, sys.base_prefix, *site.getsitepackages()]
    if site.ENABLE_USER_SITE:
        python.append(site.getusersitepackages())
    package = Path(importlib.util.find_spec("convviz").origin).parent
    system = [path for path in sandbox.SYSTEM if path != "/etc"]
    return {Path(path) for path in (*system, *python, package)}


def _etc() -> list[str]:
    words = []
    for path in (Path("/etc", name) for name in ETC):
        if path.exists():
            words += ["--ro-bind", str(path), str(path)]
    return words


@functools.cache
def _disable_nesting() -> tuple[str, ...]:
    """A sandbox within the sandbox could have a /tmp without limit; old bwraps can't forbid it."""
    known = subprocess.run(["bwrap", "--help"], capture_output=True, text=True, check=False)
    able = "--disable-userns" in known.stdout + known.stderr
    return ("--unshare-user", "--disable-userns") if able else ()
