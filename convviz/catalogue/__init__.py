"""Every sentence that a learner reads in a widget, an explanation or an error.

One whole sentence an entry, with named places for the values. ``en.json`` is also bundled with the
browser's code, so both speak in the same words; ``en-python.json`` has what only Python says.
"""

from __future__ import annotations

import html
import json
import re
from functools import cache
from importlib.resources import files


@cache
def sentences() -> dict[str, str]:
    """All entries of the catalogue, by key."""
    found: dict[str, str] = {}
    for name in ("en.json", "en-python.json"):
        found |= json.loads(files(__name__).joinpath(name).read_text(encoding="utf-8"))
    return found


def text(key: str, **places: object) -> str:
    """The sentence called `key`, with its named places filled.

    Examples
    --------
    >>> text("too_small", name="stride", value=0, minimum=1)
    'stride must be at least 1, but is 0.'
    """
    return sentences()[key].format(**places)


def as_markdown(words: str) -> str:
    r"""Words for a place in Markdown where they stay words, whoever wrote them.

    Examples
    --------
    >>> as_markdown("<b>3</b>, `4` or [5](there)")
    '&lt;b&gt;3&lt;/b&gt;, \\`4\\` or [5\\](there)'
    """
    return re.sub(r"([`*|]|\](?=[(\[]))", r"\\\1", html.escape(words, quote=False))
