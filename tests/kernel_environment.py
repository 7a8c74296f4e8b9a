"""The environment in which tests run notebooks, and in which notebooks/ is executed.

The stored outputs of a notebook are compared character by character, so executing and comparing
need one and the same environment: ``conftest.py`` sets it for pytest, whatever way pytest was
started, and ``tests/execute_notebooks.py`` sets it for ``make notebooks``.

``python -m tests.kernel_environment`` makes the environment's own Jupyter kernel as quiet.
"""

import atexit
import os
import shutil
import sys
import tempfile
from pathlib import Path

from ipykernel import kernelspec

# Its kernels keep no history file, and do not capture what is written to the process's stderr from
# C++. TensorFlow logs there, where no log level reaches all of it; captured, it would become part
# of a cell's output, and no two runs would be alike.
PROFILE = Path(__file__).parent / "ipython"

VARIABLES = {
    "CUDA_VISIBLE_DEVICES": "-1",  # the CPU's numbers everywhere
    "TF_ENABLE_ONEDNN_OPTS": "0",  # oneDNN rounds in another order, and says so on stderr
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "OMP_NUM_THREADS": "1",  # sums in one order, whatever the number of cores
    "KERAS_BACKEND": "tensorflow",
    "PYTHONHASHSEED": "0",
}

# Whatever else would change what a kernel writes or draws.
UNSET = ("COLUMNS", "LINES", "FORCE_COLOR", "MPLBACKEND", "PYTHONWARNINGS", "PYTHONSTARTUP")


def use_kernel_environment() -> None:
    """Set this process's environment for the kernels (and other processes) that it will start."""
    for name in UNSET:
        os.environ.pop(name, None)
    os.environ.update(VARIABLES)
    # A copy, since IPython writes into its directory.
    ipython = Path(tempfile.mkdtemp(prefix="convviz-ipython-"))
    atexit.register(shutil.rmtree, ipython, ignore_errors=True)
    shutil.copytree(PROFILE, ipython, dirs_exist_ok=True)
    os.environ["IPYTHONDIR"] = str(ipython)


def install_quiet_kernel() -> None:
    """Give this Python environment's Jupyter kernel the profile above.

    TensorFlow's start-up messages then go to the terminal that runs JupyterLab, and not, in red,
    into a learner's notebook.
    """
    profile = Path(sys.prefix) / "share" / "convviz" / "ipython"
    shutil.copytree(PROFILE, profile, dirs_exist_ok=True)
    quiet = {"IPYTHONDIR": str(profile), "TF_CPP_MIN_LOG_LEVEL": "3"}
    kernelspec.install(prefix=sys.prefix, env=quiet)


if __name__ == "__main__":
    install_quiet_kernel()
