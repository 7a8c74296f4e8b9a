"""Execute notebooks in place, under the environment in which the tests compare them.

Usage: ``python -m tests.execute_notebooks [notebook ...]``; without arguments, all of notebooks/.

What is written holds nothing of the machine or the moment: no widget state, no times, no version
of Python, and no widget views (their ids are random; a reader without a kernel sees the picture
stored beside them).
"""

import sys
from pathlib import Path

import nbformat
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient
from nbval.kernel import CURRENT_ENV_KERNEL_NAME, NbvalKernelspecManager

from tests.kernel_environment import use_kernel_environment

NOTEBOOKS = Path(__file__).parent.parent / "notebooks"

METADATA = {
    "kernelspec": {
        "display_name": "Python 3 (ipykernel)",
        "language": "python",
        "name": "python3",
    },
    "language_info": {"name": "python"},
}

WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"


def list_notebooks(directory: Path = NOTEBOOKS) -> list[Path]:
    """All notebooks below a directory, in order; no checkpoints."""
    return [
        path
        for path in sorted(directory.rglob("*.ipynb"))
        if ".ipynb_checkpoints" not in path.parts
    ]


def execute(path: Path) -> bool:
    """Execute one notebook in place; whether the file changed."""
    notebook = nbformat.read(path, as_version=4)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    # The kernel that nbval uses: this very Python's.
    manager = AsyncKernelManager(
        kernel_name=CURRENT_ENV_KERNEL_NAME, kernel_spec_manager=NbvalKernelspecManager()
    )
    NotebookClient(
        notebook,
        km=manager,
        timeout=300,
        startup_timeout=120,
        store_widget_state=False,
        record_timing=False,
        coalesce_streams=True,
        resources={"metadata": {"path": str(path.parent)}},
    ).execute()
    notebook.metadata.clear()
    notebook.metadata.update(METADATA)
    for cell in notebook.cells:
        cell.metadata.pop("execution", None)
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            if WIDGET_VIEW in data and len(data) > 1:
                del data[WIDGET_VIEW]
    nbformat.validate(notebook)
    before = path.read_text(encoding="utf-8")
    after = nbformat.writes(notebook) + "\n"
    if after != before:
        path.write_text(after, encoding="utf-8")
    return after != before


def main(arguments: list[str]) -> None:
    """Execute the notebooks named, or all."""
    use_kernel_environment()
    for path in [Path(argument) for argument in arguments] or list_notebooks():
        print(f"{path}: ", end="", flush=True)
        print("changed" if execute(path) else "as it was")


if __name__ == "__main__":
    main(sys.argv[1:])
