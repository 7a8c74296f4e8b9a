"""A student's kernel: IPython's, with two requests more, which ask for names and call functions.

It runs in the student's sandbox. Whatever is in here can be undone by the student's code, so
nothing here protects: it is for honest mistakes, such as a million lines of output, to end well.

    CONVVIZ_KEY=... python student_kernel.py MEGABYTES PROCESSES SOCKET...
"""

import builtins
import contextlib
import os
import resource
import sys

sys.modules["debugpy"] = None  # saves a tenth of a second: nobody debugs here

import zmq  # noqa: E402
from ipykernel.iostream import OutStream  # noqa: E402
from ipykernel.ipkernel import IPythonKernel  # noqa: E402
from ipykernel.kernelapp import IPKernelApp  # noqa: E402
from jupyter_client.session import Session  # noqa: E402
from plain import NotPlain, pack, unpack  # noqa: E402
from traitlets import Type, default  # noqa: E402

MOST_OUTPUT = 100_000  # characters of one message
MOST_DATA = 1_000_000  # characters of one picture


class FrugalSession(Session):
    """Sends no more output than anyone would read: what is too long is cut before it is sent."""

    def send(self, stream, msg_or_type, content=None, *arguments, **named):
        """Send a message, with less in it where it is too much."""
        if isinstance(content, dict):
            if msg_or_type == "stream" and len(content.get("text", "")) > MOST_OUTPUT:
                content = {**content, "text": content["text"][:MOST_OUTPUT]}
            elif isinstance(content.get("data"), dict):
                data = {kind: _short(value) for kind, value in content["data"].items()}
                content = {**content, "data": data}
            elif msg_or_type == "error":
                lines = [str(line)[:MOST_OUTPUT] for line in content["traceback"][-50:]]
                value = str(content["evalue"])[:MOST_OUTPUT]
                content = {**content, "evalue": value, "traceback": lines}
        return super().send(stream, msg_or_type, content, *arguments, **named)


class FrugalStream(OutStream):
    """Takes in no line that nobody would read to its end."""

    def write(self, string: str) -> int | None:
        """Write text, or the beginning of it."""
        return super().write(string[:MOST_OUTPUT] if isinstance(string, str) else string)


def _short(value: object) -> object:
    return value[:MOST_DATA] if isinstance(value, str) else value


class StudentKernel(IPythonKernel):
    """Answers what the tests ask, in plain data."""

    msg_types = [*IPythonKernel.msg_types, "value_request", "call_request"]  # noqa: RUF012

    async def value_request(self, stream, ident, parent):
        """A name's value; or that it is a function, or no plain data, or not there."""
        names = self.shell.user_ns
        name = parent["content"]["name"]
        if name not in names:
            content = {"kind": "missing"}
        elif callable(names[name]):
            content = {"kind": "function"}
        else:
            content = self._answer(lambda: names[name])
        self.session.send(stream, "value_reply", content, parent, ident=ident)

    async def call_request(self, stream, ident, parent):
        """What a function gives for some arguments."""

        def call() -> object:
            request = parent["content"]
            arguments, named = unpack(request["arguments"])
            function = self.shell.user_ns[request["name"]]
            if request["lines"]:
                from convviz.expectations import count_lines

                return count_lines(function, *arguments, **named)
            return function(*arguments, **named)

        self.session.send(stream, "call_reply", self._answer(call), parent, ident=ident)

    def _answer(self, work) -> dict[str, str]:
        try:
            return {"kind": "value", "value": pack(work())}
        except NotPlain as refusal:
            return {"kind": "refused", "what": str(refusal)[:200]}
        except BaseException as error:
            kinds = [kind.__name__ for kind in type(error).__mro__]
            known = next(kind for kind in kinds if hasattr(builtins, kind))
            message = str(error)[:MOST_OUTPUT]
            return {"kind": "error", "name": kinds[0], "known": known, "message": message}


class StudentApp(IPKernelApp):
    """The kernel, at sockets that its parent has made: so it shares no folder with anyone."""

    kernel_class = Type(StudentKernel, klass=IPythonKernel)

    @default("session")
    def _session(self) -> Session:
        return FrugalSession(parent=self, key=os.environ.pop("CONVVIZ_KEY").encode())

    def _try_bind_socket(self, s, port):
        s.setsockopt(zmq.USE_FD, int(sys.argv[2 + port]))
        return super()._try_bind_socket(s, port)

    def init_heartbeat(self):
        """None: who started this process sees whether it lives."""


def limit(megabytes: int, processes: int) -> None:
    """Set the system's limits for this process and all that it starts, for good."""
    limits = {
        resource.RLIMIT_DATA: megabytes * 2**20,
        resource.RLIMIT_FSIZE: 64 * 2**20,
        resource.RLIMIT_CORE: 0,
    }
    if processes:
        limits[resource.RLIMIT_NPROC] = processes
    for kind, most in limits.items():
        with contextlib.suppress(ValueError, OSError):  # one that is lower already
            resource.setrlimit(kind, (most, most))
    # Where memory runs out for the whole machine, the system is to end this process first.
    with contextlib.suppress(OSError), open("/proc/self/oom_score_adj", "w") as score:
        score.write("1000")


SETTINGS = [
    "--HistoryManager.enabled=False",
    "--InteractiveShell.colors=nocolor",
    "--IPKernelApp.outstream_class=__main__.FrugalStream",
    "--IPKernelApp.capture_fd_output=False",
    "--transport=ipc",
    "--ip=/tmp/student",
    *("--shell=1", "--iopub=2", "--stdin=3", "--control=4"),
]

if __name__ == "__main__":
    limit(int(sys.argv[1]), int(sys.argv[2]))
    app = StudentApp.instance()
    app.initialize(SETTINGS)
    app.start()
