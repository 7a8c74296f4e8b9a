"""How much memory a learner takes: kernels with more and more in them, and whole notebooks.

    python benchmarks/memory.py [notebook ...]

Every line is a kernel of its own, in the tests' environment (TensorFlow quiet, one thread), when
its last cell has run. The notebooks are 05 and 07, which use both frameworks, unless others are
named; in ``notebooks/`` or by path. Linux only: it reads /proc. In MB (10^6 bytes):

    PSS    what the kernel and the processes that it started hold in memory; a page that n
           processes share counts 1/n each, so the PSS of all learners add up
    RSS    the same, but shared pages count in full for each: what `top` shows
    peak   the most that the RSS of each has been so far, added
    own    the part of the RSS that no file stands behind, and that therefore can't be dropped when
           memory is short: less than this a container may not have
    data   private memory asked for, touched or not: what `ulimit -d` (RLIMIT_DATA) limits

The server is JupyterLab's, after it listed the files and started one idle kernel, without that.
"""

import argparse
import re
import sys
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import nbformat
import psutil
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient
from nbval.kernel import CURRENT_ENV_KERNEL_NAME, NbvalKernelspecManager

sys.path.insert(0, str(Path(__file__).parent.parent))  # for tests, benchmarks

from tests.browser.lab import LabServer
from tests.execute_notebooks import NOTEBOOKS
from tests.kernel_environment import use_kernel_environment

EXPLORERS = """
import numpy as np
import convviz
explorers = [convviz.ConvExplorer(*convviz.example()), convviz.AxisExplorer(224, 11, stride=4)]
display(*explorers)
"""
TORCH = "import torch; torch.nn.Conv2d(2, 3, 3)(torch.ones(1, 2, 8, 8))"
KERAS = "import keras, numpy; keras.layers.Conv2D(3, 3)(numpy.ones((1, 8, 8, 2)))"

PACKAGES = ("jupyterlab", "ipykernel", "numpy", "ipywidgets", "torch", "tensorflow")

KERNELS = {
    "idle": [],
    "NumPy and ipywidgets": ["import numpy, ipywidgets"],
    "NumPy and explorers": [EXPLORERS],
    "torch": [EXPLORERS, TORCH],
    "TensorFlow": [EXPLORERS, KERAS],
    "torch and TensorFlow": [EXPLORERS, TORCH, KERAS],
}


class Memory(NamedTuple):
    """What a process and all those below it hold, in bytes."""

    pss: int
    rss: int
    peak: int
    own: int
    data: int


def measure(kernels: Iterable[str] = KERNELS, notebooks: Iterable[Path] = ()) -> list[dict]:
    """Of JupyterLab's server, of kernels, and of executed notebooks, the bytes of `Memory`."""
    use_kernel_environment()
    rows = [{"process": "JupyterLab's server"} | measure_server()._asdict()]
    for name in kernels:
        notebook = nbformat.v4.new_notebook(
            cells=[nbformat.v4.new_code_cell(cell) for cell in KERNELS[name]]
        )
        rows.append({"process": f"kernel: {name}"} | measure_kernel(notebook)._asdict())
    for path in notebooks:
        rows.append({"process": path.name} | measure_kernel(nbformat.read(path, 4))._asdict())
    return rows


def measure_kernel(notebook: nbformat.NotebookNode) -> Memory:
    """The memory of a kernel that has run every cell, and of all processes that it started."""
    with executed(notebook) as pid:
        root = psutil.Process(pid)
        each = map(measure_process, [root, *root.children(recursive=True)])
        return Memory(*map(sum, zip(*each, strict=True)))


def measure_process(process: psutil.Process) -> Memory:
    information = process.memory_full_info()
    status = Path(f"/proc/{process.pid}/status").read_text()
    peak, own, data = (
        int(re.search(rf"^{name}:\s*(\d+) kB$", status, re.MULTILINE)[1]) * 1024
        for name in ("VmHWM", "RssAnon", "VmData")
    )
    return Memory(information.pss, information.rss, peak, own, data)


@contextmanager
def executed(notebook: nbformat.NotebookNode) -> Iterator[int]:
    """Every cell of a notebook run; the kernel, still alive, by its process id."""
    manager = AsyncKernelManager(
        kernel_name=CURRENT_ENV_KERNEL_NAME, kernel_spec_manager=NbvalKernelspecManager()
    )
    client = NotebookClient(
        notebook,
        km=manager,
        timeout=300,
        startup_timeout=120,
        resources={"metadata": {"path": str(NOTEBOOKS)}},
    )
    with client.setup_kernel():
        for index, cell in enumerate(client.nb.cells):
            client.execute_cell(cell, index)
        yield client.km.provisioner.pid


def measure_server() -> Memory:
    """A JupyterLab server's own memory."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as home:
        server = LabServer(Path(home), NOTEBOOKS)
        others = set(psutil.Process().children())
        try:
            server.start()
            server.request("GET", "api/contents")
            server.request("POST", "api/kernels")
            (process,) = set(psutil.Process().children()) - others
            return measure_process(process)
        finally:
            server.stop()


def main() -> None:
    """Measure, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("notebooks", nargs="*", type=Path)
    named = parser.parse_args().notebooks
    paths = [path if path.exists() else NOTEBOOKS / path for path in named]
    from benchmarks.report import describe_memory

    print(describe_memory(measure(notebooks=paths or large_notebooks())))


def large_notebooks() -> list[Path]:
    """Those that use both frameworks."""
    return sorted([*NOTEBOOKS.glob("05-*.ipynb"), *NOTEBOOKS.glob("07-*.ipynb")])


if __name__ == "__main__":
    main()
