"""The tests' own Python, in which no student's code ever runs.

A name that a test uses and that is not given is a student's. It is asked for at that moment: plain
data comes over as it is; a function as a stand-in, which passes its arguments to the student's
kernel and gives what came of it there.
"""

import builtins
import re
import signal
import symtable
import time
import traceback
from collections.abc import Callable, Iterator

from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config

from .outputs import clean
from .plain import NotPlain, pack, unpack
from .student import Ended, Student, TimeUp

HIDDEN = "BEGIN HIDDEN TESTS"
LONGEST_MESSAGE = 2000
UNDEFINED = "is not defined: no cell above makes it, or that cell ended in an error."
SPARE_SECONDS = 10  # what a test itself may take beyond the time of what it calls


class Judge:
    """Runs test cells against a student's kernel."""

    def __init__(self, student: Student) -> None:
        self._student = student
        settings = Config()
        settings.HistoryManager.enabled = False
        settings.InteractiveShell.colors = "nocolor"
        self._shell = InteractiveShell.instance(config=settings)
        self._shell.showtraceback = self._shell.showsyntaxerror = lambda *_, **__: None
        self._names = self._shell.user_ns
        self._fetched: dict[str, object] = {}
        self._missing: set[str] = set()
        self._deadline = 0.0
        self._trouble = ""
        signal.signal(signal.SIGALRM, self._stop)

    def give(self, code: str) -> None:
        """Run a cell that is given: its names are the tests' own.

        Raises
        ------
        RuntimeError
            When it ends in an error: that is no fault of the student.
        """
        result = self._shell.run_cell(code, silent=True)
        if not result.success:
            error = result.error_before_exec or result.error_in_exec
            raise RuntimeError(f"a locked cell ends in an error: {error!r}, in:\n{code}")

    def test(self, code: str) -> tuple[str, str] | None:
        """Run a test cell; the kind of error that it ended with and a sentence, or None."""
        self._trouble = ""
        try:
            self._deadline = self._student.time_for_a_cell()
            self._forget()
            self._fetch(self._transformed(code))
            signal.setitimer(signal.ITIMER_REAL, self._deadline - time.monotonic() + SPARE_SECONDS)
            result = self._shell.run_cell(code, silent=True)
        except (Ended, TimeUp) as error:
            return type(error).__name__, str(error)
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
        error = result.error_before_exec or result.error_in_exec
        if self._trouble:  # whatever the test made of it
            return "NoAnswer", self._trouble
        if isinstance(error, NameError) and error.name in self._missing:
            return "NameError", f"{error.name} {UNDEFINED}"
        return None if error is None else (type(error).__name__, _sentence(error, code))

    # -- the student's names ----------------------------------------------------------------------

    def _transformed(self, code: str) -> str:
        return self._shell.transform_cell(code)

    def _forget(self) -> None:
        """Take the student's names away: they may have others by now."""
        for name, value in self._fetched.items():
            if self._names.get(name) is value:
                del self._names[name]
        self._fetched, self._missing = {}, set()

    def _fetch(self, code: str) -> None:
        for name in sorted(set(_free_names(code))):
            if name in self._names or hasattr(builtins, name):
                continue
            reply = self._student.ask("value_request", {"name": name}, self._deadline)
            if reply.get("kind") == "missing":
                self._missing.add(name)
                continue
            if reply.get("kind") == "function":
                value = self._stand_in(name)
            else:
                value = _received(reply, name)
            self._names[name] = self._fetched[name] = value

    def _stand_in(self, name: str) -> Callable:
        """A function that has the student's function called."""

        def function(*arguments, **settings):
            return self._call(name, arguments, settings, lines=False)

        def count_lines(*arguments, **settings):
            return self._call(name, arguments, settings, lines=True)

        function.__name__ = function.__qualname__ = name
        function.count_lines = count_lines
        return function

    def _call(self, name: str, arguments: tuple, settings: dict, lines: bool) -> object:
        request = {"name": name, "arguments": pack((arguments, settings)), "lines": lines}
        self._student.where = f"in a call of {name}"
        try:
            reply = self._student.ask("call_request", request, self._deadline)
        except TimeUp:
            self._trouble = f"{name} had not come to an end when the time for this cell was over."
            raise TimeUp(self._trouble) from None
        except Ended as error:
            self._trouble = str(error)
            raise
        if reply.get("kind") == "error":
            raise _error(reply)
        return _received(reply, f"{name}(...)")

    def _stop(self, *_: object) -> None:
        self._trouble = "The tests of this cell took too long."
        raise TimeUp(self._trouble)


# -- what comes over ------------------------------------------------------------------------------


class Foreign:
    """What is no plain data. It can be looked at, and nothing else: it is equal to nothing."""

    def __init__(self, subject: str) -> None:
        self._complaint = f"{subject} gave a {type(self).__name__}, which is no plain data"

    def __repr__(self) -> str:
        return f"a {type(self).__name__}"

    def _refuse(self, *_: object) -> None:
        raise TypeError(self._complaint)

    __bool__ = __eq__ = __ne__ = __lt__ = __le__ = __gt__ = __ge__ = _refuse
    __iter__ = __len__ = __contains__ = __getitem__ = __call__ = __array__ = _refuse
    __hash__ = None


def _received(reply: dict, subject: str) -> object:
    """The value that a reply has, made anew; what is none is a `Foreign` of the name it goes by."""
    kind = "value that can't be read"
    if reply.get("kind") == "value":
        try:
            return unpack(reply.get("value"))
        except NotPlain as refusal:
            kind = str(refusal)
    elif reply.get("kind") == "refused":
        kind = clean(reply.get("what"), 100)
    return type(kind, (Foreign,), {})(subject)


def _error(reply: dict) -> Exception:
    """The error that a call ended with, as one of the built-in kind that it is."""
    name = clean(reply.get("name"), 100)
    known = vars(builtins).get(str(reply.get("known")))
    if not (isinstance(known, type) and issubclass(known, Exception)) or known is ExceptionGroup:
        known = Exception
    kind = type(name if name.isidentifier() else "Error", (known,), {"__str__": _first})
    error = kind.__new__(kind)
    error.args = (clean(reply.get("message"), LONGEST_MESSAGE),)
    return error


def _first(error: Exception) -> str:
    return error.args[0]


# -- test cells -----------------------------------------------------------------------------------


def _free_names(code: str) -> Iterator[str]:
    """The names that a cell uses and does not make itself."""
    try:
        table = symtable.symtable(code, "<test>", "exec")
    except SyntaxError:
        return
    own = {s.get_name() for s in table.get_symbols() if s.is_assigned() or s.is_imported()}
    for symbol in _symbols(table):
        if symbol.is_referenced() and symbol.is_global() and symbol.get_name() not in own:
            yield symbol.get_name()


def _symbols(table: symtable.SymbolTable) -> Iterator[symtable.Symbol]:
    yield from table.get_symbols()
    for child in table.get_children():
        yield from _symbols(child)


def _sentence(error: BaseException, code: str) -> str:
    """What to tell a student of a failed test; nothing of the hidden ones but their message."""
    message = clean(str(error), LONGEST_MESSAGE)
    if message:
        return message
    lines = code.splitlines()
    public = next((n for n, line in enumerate(lines) if HIDDEN in line), len(lines))
    numbers = [
        frame.lineno
        for frame in traceback.extract_tb(error.__traceback__)
        if re.search(r"ipykernel|ipython-input|<ipython", frame.filename)
    ]
    failed = "does not hold" if isinstance(error, AssertionError) else "ends in an error"
    if numbers and numbers[0] <= public:
        return f"this {failed}: {lines[numbers[0] - 1].strip()}"
    return f"a hidden test of this cell {failed}."
