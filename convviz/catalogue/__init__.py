"""Every sentence that a learner reads in a widget, an explanation or an error.

The sentences live in ``en.json``, one whole sentence an entry, with named places for the
values. The browser's code is bundled with the same file, so both speak in the same words.
"""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files


@cache
def sentences() -> dict[str, str]:
    """All entries of the catalogue, by key."""
    return json.loads(files(__name__).joinpath("en.json").read_text(encoding="utf-8"))


def text(key: str, **places: object) -> str:
    """The sentence called `key`, with its named places filled.

    Examples
    --------
    >>> text("too_small", name="stride", value=0, minimum=1)
    'stride must be at least 1, but is 0.'
    """
    return sentences()[key].format(**places)
