"""The hub for a class: two students in a real browser, each with a server of their own.

The hub is the one of classroom/, with its real authenticator, spawner, sandboxes and proxy. Only
its addresses are the test's own, and JupyterLab shows the page its application object.
"""

import contextlib
import importlib.util
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import nbformat
import psutil
import pytest

from tests import npm
from tests.browser.conftest import NOTEBOOKS
from tests.browser.lab import _READY, DESKTOP, Lab
from tests.lacking import lacks, only_on

only_on("linux", what="the hub")

CLASSROOM = Path(__file__).parent.parent.parent / "classroom"
LESSON = "02-sliding-kernel.ipynb"

CONFIGURATION = """
load_subconfig({path!r})
c.JupyterHub.bind_url = "http://127.0.0.1:{port}"
c.JupyterHub.hub_port = {hub_port}
c.ConfigurableHTTPProxy.api_url = "http://127.0.0.1:{proxy_port}"
c.Spawner.args.append("--LabApp.expose_app_in_browser=True")
"""


def free_ports(count: int) -> list[int]:
    with contextlib.ExitStack() as stack:
        probes = [stack.enter_context(socket.socket()) for _ in range(count)]
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return [probe.getsockname()[1] for probe in probes]


def has_ended(process: psutil.Process) -> bool:
    """Whether a process is gone, or only waits for its parent to notice."""
    try:
        return process.status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


class Hub:
    """A hub in a folder of its own."""

    def __init__(self, folder: Path, environment: dict[str, str]):
        self.folder = folder
        self._environment = environment
        self._process: subprocess.Popen | None = None

    def start(self, timeout: float = 60) -> None:
        port, hub_port, proxy_port = free_ports(3)
        self.url = f"http://127.0.0.1:{port}"
        (self.folder / "jupyterhub_config.py").write_text(
            CONFIGURATION.format(
                path=str(CLASSROOM / "jupyterhub_config.py"),
                port=port,
                hub_port=hub_port,
                proxy_port=proxy_port,
            )
        )
        with (self.folder / "hub.log").open("w") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "jupyterhub"],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                cwd=self.folder,
                env=self._environment,
                start_new_session=True,
            )
        deadline = time.monotonic() + timeout
        while True:
            try:
                urllib.request.urlopen(f"{self.url}/hub/health", timeout=5).close()
                return
            except (urllib.error.URLError, ConnectionError, TimeoutError):
                if self._process.poll() is not None or time.monotonic() > deadline:
                    raise RuntimeError(f"the hub did not start:\n{self.log()}") from None
                time.sleep(0.1)

    def reset_settings(self) -> None:
        """Nothing: each student has settings of their own."""

    def processes(self) -> list[psutil.Process]:
        """The hub's process and all those below it."""
        hub = psutil.Process(self._process.pid)
        return [hub, *hub.children(recursive=True)]

    def log(self) -> str:
        return (self.folder / "hub.log").read_text(encoding="utf-8", errors="replace")

    def stop(self) -> list[psutil.Process]:
        """End the hub, which ends what it started; whatever was left, ended by its id."""
        if self._process is None:
            return []
        started = self.processes() if self._process.poll() is None else []
        self._process.send_signal(signal.SIGTERM)
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(timeout=30)
        self._process = None
        _, left = psutil.wait_procs(started, timeout=5)
        alive = [process for process in left if not has_ended(process)]
        for process in alive:
            with contextlib.suppress(psutil.NoSuchProcess):
                process.kill()
        return alive


class Student(Lab):
    """A student's JupyterLab, logged in to."""

    def __init__(self, context, hub: Hub, name: str):
        super().__init__(context, hub)
        self.name = name
        self.home = hub.folder / "students" / name

    def log_in(self, password: str, then: str = "/hub/spawn") -> None:
        self.page.goto(f"{self.server.url}/hub/login?next={then}")
        self.page.get_by_label("Username").fill(self.name)
        self.page.get_by_label("Password").fill(password)
        self.page.get_by_role("button", name="Sign in").click()
        self.page.wait_for_load_state()

    def open(self, notebook: str) -> None:
        self.page.wait_for_url(f"**/user/{self.name}/lab**", timeout=120_000)
        self.page.goto(f"{self.server.url}/user/{self.name}/lab/tree/{notebook}")
        self.page.wait_for_function(_READY, arg=notebook, timeout=90_000)
        self._wait_for_splash()

    def save(self) -> None:
        self._command("docmanager:save")

    def read(self, notebook: str) -> nbformat.NotebookNode:
        return nbformat.read(self.home / notebook, 4)


@pytest.fixture(scope="module")
def environment():
    """The environment variables for a hub, with its proxy installed."""
    if importlib.util.find_spec("jupyterhub") is None:
        lacks("no JupyterHub: pip install -r classroom/requirements.txt")
    for program, package in {"bwrap": "bubblewrap", "prlimit": "util-linux"}.items():
        if shutil.which(program) is None:
            lacks(f"no {program} for the students' sandboxes: apt-get install {package}")
    beside_python = str(Path(sys.executable).parent)
    variables = os.environ | {"PATH": os.pathsep.join([beside_python, os.environ["PATH"]])}
    variables.pop("IPYTHONDIR", None)  # the tests'; the hub's kernels have their own

    if not (CLASSROOM / "node_modules").exists():
        command = ("npm", "ci", "--prefix", CLASSROOM, "--ignore-scripts")
        if (outcome := npm.run(*command)).returncode != 0:
            lacks(f"npm ci could not install the hub's proxy: {outcome.stderr[-300:]}")
    return variables


@pytest.fixture(scope="module")
def hub(tmp_path_factory, environment):
    folder = tmp_path_factory.mktemp("class")
    (folder / "students.txt").write_text("ann\nBen\n\ncem\n")
    (folder / "teachers.txt").write_text("teacher\n")
    hub = Hub(folder, environment)
    try:
        hub.start()
        yield hub
    finally:
        hub.stop()


@pytest.fixture
def open_browser(browser):
    """A function that gives a browser context of its own, as another computer would be."""
    contexts = []

    def open_context():
        context = browser.new_context(
            viewport={"width": DESKTOP[0], "height": DESKTOP[1]}, locale="en-US"
        )
        context.set_default_timeout(30_000)
        contexts.append(context)
        return context

    yield open_context
    for context in contexts:
        context.close()


def outputs(notebook: nbformat.NotebookNode) -> list[str]:
    """The plain text of every output."""
    return [
        output.get("text") or output.get("data", {}).get("text/plain", "")
        for cell in notebook.cells
        for output in cell.get("outputs", [])
    ]


def test_two_students(hub, open_browser):
    students = [Student(open_browser(), hub, name) for name in ("ann", "ben")]
    for student in students:  # both servers start at the same time
        student.log_in(f"the password of {student.name}")
    for student in students:
        student.open(LESSON)

    # Each changes the notebook, and runs all of it.
    for student in students:
        student.page.evaluate(
            "words => window.jupyterapp.shell.currentWidget.content.model.cells.get(0)"
            ".sharedModel.setSource(words)",
            f"# The notebook of {student.name}",
        )
        student.run_all()
        student.execute(f"mine = {student.name!r}")
        student.execute(f"open('note.txt', 'w').write({student.name!r})")
        student.save()
    stored = nbformat.read(NOTEBOOKS / LESSON, 4)
    for student in students:
        saved = student.read(LESSON)
        assert saved.cells[0].source == f"# The notebook of {student.name}"
        assert outputs(saved) == outputs(stored)
        assert student.evaluate("mine") == student.name
        assert student.evaluate("open('note.txt').read()") == student.name

    # Neither is there for the other, nor is anything of the hub.
    ann, ben = students
    ann.execute("from pathlib import Path; import os, psutil, resource")
    assert not ann.evaluate(f"Path({str(ben.home)!r}).exists()")
    assert ann.evaluate(f"os.listdir({str(hub.folder / 'students')!r})") == ["ann"]
    assert ann.evaluate(f"os.listdir({str(hub.folder)!r})") == ["students"]
    assert not ann.evaluate("any('ben' in ' '.join(p.cmdline()) for p in psutil.process_iter())")
    # The kernel answers through files in the sandbox, not at ports where all could listen.
    ann.execute("from ipykernel.connect import get_connection_info")
    assert ann.evaluate("get_connection_info(unpack=True)['transport']") == "ipc"
    assert ann.evaluate("resource.getrlimit(resource.RLIMIT_DATA)[1]") == 2 * 10**9
    with pytest.raises(AssertionError, match="MemoryError"):
        ann.execute("bytearray(3 * 10**9)")
    assert ann.evaluate("mine") == "ann"  # the kernel lives
    # The quiet profile.
    assert not ann.evaluate("get_ipython().config.IPKernelApp.capture_fd_output")

    # Both servers end what is idle for an hour.
    assert hub.log().count("Culling kernels with idle durations > 3600 seconds") == 2
    assert hub.log().count("Culling kernels even with connected clients") == 2
    assert hub.log().count("Will shut down after 3600 seconds with no kernels") == 2

    for student in students:
        student.assert_no_errors()


def test_only_the_class_gets_in(hub, open_browser):
    Student(open_browser(), hub, "cem").log_in("the one cem chose", "/hub/home")
    for name, password in (("mallory", "a long password"), ("cem", "not the one cem chose")):
        student = Student(open_browser(), hub, name)
        student.log_in(password, "/hub/home")
        student.page.get_by_text("Invalid username or password").wait_for()
    assert not (hub.folder / "students" / "mallory").exists()


def test_it_stops_all_that_it_started(hub, open_browser):
    """Last: the hub is gone after it."""
    student = Student(open_browser(), hub, "cem")
    student.log_in("the one cem chose")
    student.open(LESSON)
    names = {process.name() for process in hub.processes()}
    assert "bwrap" in names
    assert len(hub.processes()) > 5  # hub, proxy, sandbox twice, server, kernel
    assert hub.stop() == []
