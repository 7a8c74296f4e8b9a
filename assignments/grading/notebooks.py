"""From the bytes of a submission to a notebook that nbgrader can work on."""

import json

from .files import Refused, digest

MOST_CELLS = 2000
KINDS = {"code", "markdown", "raw"}

# How files begin that students hand in by mistake.
OTHERS = {
    b"\x89PNG": "a PNG picture",
    b"\xff\xd8\xff": "a JPEG picture",
    b"%PDF": "a PDF",
    b"PK\x03\x04": "a ZIP archive",
    b"<": "a web page",
}


def read_notebook(data: bytes) -> dict:
    """The notebook in a file's bytes: its cells' kinds, sources and metadata, and nothing else.

    Stored outputs count for nothing in grading, and are left out.

    Raises
    ------
    Refused
        When it is none that can be graded, with the reason.
    """
    book = _parse(data)
    if not isinstance(book, dict) or "nbformat" not in book:
        raise Refused("not a notebook: JSON of another kind")
    if book["nbformat"] != 4:
        raise Refused(
            f"a notebook of format {json.dumps(book['nbformat'])[:10]}, and format 4 is wanted: "
            "open it in JupyterLab and save it there"
        )
    cells = book.get("cells")
    if not isinstance(cells, list) or not cells:
        raise Refused("a notebook without cells")
    if len(cells) > MOST_CELLS:
        raise Refused(f"a notebook of {len(cells):,} cells; {MOST_CELLS:,} are graded at most")
    cells = [_read_cell(cell, count) for count, cell in enumerate(cells, 1)]
    return {"nbformat": 4, "nbformat_minor": 4, "metadata": {}, "cells": cells}


def _parse(data: bytes) -> object:
    if not data.strip():
        raise Refused("not a notebook: the file is empty")
    for start, kind in OTHERS.items():
        if data.lstrip().startswith(start):
            raise Refused(f"not a notebook: {kind}")
    try:
        return json.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise Refused("not a notebook: not text in UTF-8") from None
    except json.JSONDecodeError as error:
        raise Refused(f"not a notebook: JSON that breaks off in line {error.lineno}") from None
    except (ValueError, RecursionError, MemoryError):
        raise Refused("not a notebook: JSON that no notebook has") from None


def _read_cell(cell: object, count: int) -> dict:
    """What counts of a cell."""
    if not isinstance(cell, dict) or cell.get("cell_type") not in KINDS:
        raise Refused(f"a broken notebook: its cell {count} is of no known kind")
    source = cell.get("source", "")
    lines = source if isinstance(source, list) else [source]
    if not all(isinstance(line, str) for line in lines):
        raise Refused(f"a broken notebook: its cell {count} has no text")
    clean = {
        "cell_type": cell["cell_type"],
        "metadata": _read_metadata(cell.get("metadata")),
        # Half a character, as a broken editor leaves it, could not be written again.
        "source": "".join(lines).encode("utf-8", "replace").decode("utf-8"),
    }
    if cell["cell_type"] == "code":
        clean |= {"execution_count": None, "outputs": []}
    elif pictures := _read_attachments(cell.get("attachments")):
        clean["attachments"] = pictures
    return clean


def _read_attachments(attachments: object) -> dict:
    """Pictures that were dragged into a cell of text."""
    named = attachments.items() if isinstance(attachments, dict) else []
    return {
        name: kinds
        for name, kinds in named
        if isinstance(kinds, dict) and all(isinstance(data, str) for data in kinds.values())
    }


def _read_metadata(metadata: object) -> dict:
    """What nbgrader put there, if it names the cell: the one thing by which an answer is found."""
    own = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    if not isinstance(own, dict) or not isinstance(own.get("grade_id"), str):
        return {}
    return {"nbgrader": {key: value for key, value in own.items() if _is_simple(value)}}


def _is_simple(value: object) -> bool:
    return isinstance(value, str | bool | int | float)


def grade_ids(book: dict) -> list[str]:
    """The names of the cells that nbgrader knows, in order."""
    return [own["grade_id"] for own in _own_metadata(book)]


def graded_ids(book: dict) -> list[str]:
    """The names of the cells that give marks, in order."""
    return [own["grade_id"] for own in _own_metadata(book) if own.get("grade")]


def _own_metadata(book: dict) -> list[dict]:
    return [cell["metadata"]["nbgrader"] for cell in book["cells"] if cell["metadata"]]


def to_bytes(book: dict) -> bytes:
    """The notebook as a file holds it."""
    return json.dumps(book, ensure_ascii=False).encode("utf-8", "replace")


def rules_digest(data: bytes) -> str:
    """The digest of what decides marks in an assignment's source: not the stored outputs."""
    book = read_notebook(data)
    return digest(json.dumps(book["cells"], sort_keys=True).encode())
