"""What a cell shows, kept short and clean as it comes in, whoever sends it."""

import re

MOST_TEXT = 10_000  # characters of a cell's text
MOST_PICTURES = 300_000  # characters of a cell's pictures
MOST_PARTS = 50
MOST_TRACEBACK = 30  # lines

PICTURES = ("image/png", "image/jpeg")
BASE64 = re.compile(r"[A-Za-z0-9+/\s]*=*\s*")

LEFT_OUT = "\n[The rest of this cell's output was left out: it is too long.]\n"


class Outputs:
    """The outputs of one cell, from its kernel's messages.

    Text and pictures are kept up to a length, with a sentence that says so; what a browser would
    run (HTML, JavaScript, SVG, widgets) is not kept at all.

    Attributes
    ----------
    kept : list of dict
        As nbformat has them.
    """

    def __init__(self) -> None:
        self.kept: list[dict] = []
        self._text, self._pictures, self._parts = MOST_TEXT, MOST_PICTURES, MOST_PARTS
        self._cut = False

    def add(self, kind: object, content: object) -> None:
        """Take in a message of the kernel; one that makes no sense is passed over."""
        if not isinstance(content, dict) or (self._cut and kind != "error"):
            return
        if kind == "stream":
            self._add_stream(content)
        elif kind in ("display_data", "execute_result"):
            self._add_data(kind, content)
        elif kind == "error":
            self._add_error(content)
        elif kind == "clear_output":
            self.kept.clear()

    def add_error(self, name: str, message: str) -> None:
        """Add an error of our own."""
        line = f"{name}: {message}"
        self.kept.append(
            {"output_type": "error", "ename": name, "evalue": message, "traceback": [line]}
        )

    def _add_stream(self, content: dict) -> None:
        name = "stderr" if content.get("name") == "stderr" else "stdout"
        text = self._take_text(content.get("text"))
        last = self.kept[-1] if self.kept else {}
        if last.get("output_type") == "stream" and last["name"] == name:
            last["text"] += text
        elif text and self._take_part():
            self.kept.append({"output_type": "stream", "name": name, "text": text})

    def _add_data(self, kind: str, content: dict) -> None:
        given = content.get("data")
        if not isinstance(given, dict) or not self._take_part():
            return
        data = {"text/plain": self._take_text(given.get("text/plain"))}
        for key in PICTURES:
            picture = given.get(key)
            if isinstance(picture, str) and BASE64.fullmatch(picture):
                if len(picture) <= self._pictures:
                    self._pictures -= len(picture)
                    data[key] = picture
                else:
                    data["text/plain"] = "[A picture was left out: it is too large.]"
        output = {"output_type": kind, "data": data, "metadata": {}}
        if kind == "execute_result":
            output["execution_count"] = None
        self.kept.append(output)

    def _add_error(self, content: dict) -> None:
        if len([output for output in self.kept if output["output_type"] == "error"]) >= 3:
            return
        lines = content.get("traceback")
        lines = [clean(line, MOST_TEXT // 4) for line in lines] if isinstance(lines, list) else []
        if len(lines) > MOST_TRACEBACK:
            lines = [*lines[: MOST_TRACEBACK // 2], "...", *lines[-MOST_TRACEBACK // 2 :]]
        name, message = clean(content.get("ename"), 100), clean(content.get("evalue"), 2000)
        self.kept.append(
            {"output_type": "error", "ename": name, "evalue": message, "traceback": lines}
        )

    def _take_text(self, text: object) -> str:
        """As much of a text as there is still room for."""
        if not isinstance(text, str) or self._cut:
            return ""
        if len(text) <= self._text:
            self._text -= len(text)
            return clean(text, len(text))
        text, self._text = clean(text, self._text), 0
        self._cut = True
        return text + LEFT_OUT

    def _take_part(self) -> bool:
        self._parts -= 1
        if self._parts == 0 and not self._cut:
            self._cut = True
            self.kept.append({"output_type": "stream", "name": "stdout", "text": LEFT_OUT})
        return self._parts > 0


def clean(text: object, longest: int) -> str:
    """Text that every file and page can hold: cut, without characters that control a terminal."""
    text = str(text)[:longest] if isinstance(text, str | int | float) else ""
    text = text.encode("utf-8", "replace").decode("utf-8")
    return "".join(c for c in text if c >= " " or c in "\n\t\r\b")
