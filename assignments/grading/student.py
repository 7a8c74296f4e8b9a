"""A student's kernel as the tests see it: it runs cells, and answers what is asked of it.

Everything that comes from it may be a lie, and is looked at with care. It has a time for
everything; when that is over it is interrupted, and ended if that does not help.
"""

import contextlib
import os
import secrets
import shlex
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path

from .walls import WORK, Limits, command, environment

CHANNELS = 4  # shell, iopub, stdin, control
START_SECONDS = 60
GRACE_SECONDS = 4  # what an interrupted kernel has to come to an end
IDLE_SECONDS = 1  # how long to wait for the last output after a cell's end
LOOK_SECONDS = 0.2  # how often to look whether the process lives


class Ended(BaseException):
    """The kernel is no more. No test can catch it by mistake, as it is no `Exception`."""


class TimeUp(BaseException):
    """What was asked took too long, and was interrupted; the kernel goes on."""


class Student:
    """The kernel of one submission.

    Parameters
    ----------
    limits : Limits
    hidden : Path
        The course's folder.
    confined : bool
        Whether in a sandbox.

    Its sockets are made in the present folder, whose name must be short.

    Attributes
    ----------
    ended : str
        A sentence that says when and why the kernel ended; empty while it runs.
    where : str
        What is being done, as the end of that sentence: ``in the cell conv2d``.
    """

    def __init__(self, limits: Limits, hidden: Path, confined: bool) -> None:
        self.ended = ""
        self.where = "at its start"
        self._limits = limits
        self._folder = tempfile.mkdtemp(prefix="s-", dir=Path.cwd())
        self._key = secrets.token_hex(32)
        self._client = None
        self._deadline = time.monotonic() + limits.notebook
        self._start(hidden, confined)

    def _start(self, hidden: Path, confined: bool) -> None:
        """Start the process, with sockets that are listened to already."""
        with contextlib.ExitStack() as listening:
            sockets = [
                listening.enter_context(socket.socket(socket.AF_UNIX)) for _ in range(CHANNELS)
            ]
            for number, each in enumerate(sockets, 1):
                each.bind(f"{self._folder}/s-{number}")
                each.listen(16)
            numbers = [each.fileno() for each in sockets]
            self._process = subprocess.Popen(
                command(numbers, self._limits, hidden, confined),
                env=environment(self._key, WORK if confined else self._folder),
                cwd=self._folder,
                pass_fds=numbers,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )

    def connect(self) -> None:
        """Wait until the kernel answers.

        Raises
        ------
        RuntimeError
            When it does not.
        """
        # Imported here, while the kernel starts.
        from jupyter_client.blocking import BlockingKernelClient

        client = BlockingKernelClient(transport="ipc", ip=f"{self._folder}/s")
        client.shell_port, client.iopub_port, client.stdin_port, client.control_port = 1, 2, 3, 4
        client.session.key = self._key.encode()
        client.start_channels(stdin=False, hb=False)
        client.control_channel.start()
        self._client = client
        # Until it has been heard from, its output could be missed.
        deadline = time.monotonic() + START_SECONDS
        heard = []
        try:
            while not heard:
                self._ask("kernel_info_request", {}, deadline, lambda kind, _: heard.append(kind))
        except (Ended, TimeUp):
            command = shlex.join(self._process.args)
            raise RuntimeError(f"no kernel starts; this should say why: {command}") from None

    def run(self, code: str, outputs) -> None:
        """Run a cell; its outputs are added to `outputs`.

        Raises
        ------
        Ended, TimeUp
        """
        deadline = self.time_for_a_cell()
        request = {
            "code": code,
            "silent": False,
            "store_history": True,
            "user_expressions": {},
            "allow_stdin": False,
            "stop_on_error": False,
        }
        self._ask("execute_request", request, deadline, outputs.add)

    def ask(self, kind: str, content: dict, deadline: float) -> dict:
        """What the kernel answers to a request of ours: always a dict, of whatever.

        Raises
        ------
        Ended, TimeUp
        """
        return self._ask(kind, content, deadline, lambda *_: None)

    def time_for_a_cell(self) -> float:
        """When a cell that begins now must be finished, by the clock `time.monotonic`."""
        now = time.monotonic()
        if now > self._deadline and not self.ended:
            used = f"all cells together had taken more than {self._limits.notebook} seconds"
            self._end(f"{self.where}: {used}")
        return min(now + self._limits.cell, self._deadline)

    def close(self) -> None:
        """End the kernel, and all that it has started."""
        self._kill()
        if self._client is not None:
            self._client.stop_channels()
        shutil.rmtree(self._folder, ignore_errors=True)

    # -- messages ---------------------------------------------------------------------------------

    def _ask(self, kind: str, content: dict, deadline: float, show) -> dict:
        """Send a request, show what the kernel sends meanwhile, and wait for its reply."""
        if self.ended:
            raise Ended(self.ended)
        message = self._client.session.msg(kind, content)
        self._client.shell_channel.send(message)
        ours = message["header"]["msg_id"]
        interrupted, reply, idle = False, None, False
        while reply is None or not idle:
            if time.monotonic() > deadline:
                if reply is not None:
                    break  # only the end of its output is missing
                if interrupted:
                    self._end(f"{self.where}, which could not be interrupted")
                self._interrupt()
                interrupted, deadline = True, time.monotonic() + GRACE_SECONDS
            for channel, came in self._messages(deadline):
                if channel == "shell":
                    reply = _content(came, ours) if reply is None else reply
                    if reply is not None and not interrupted:
                        deadline = min(deadline, time.monotonic() + IDLE_SECONDS)
                elif (shown := _content(came, ours)) is not None:
                    show(came["msg_type"], shown)
                    idle = idle or shown.get("execution_state") == "idle"
        if interrupted:
            # Until this is answered the interrupt may yet come, and hit what is asked next.
            with contextlib.suppress(Exception):
                self._client.control_channel.get_msg(timeout=GRACE_SECONDS)
            raise TimeUp
        return reply

    def _messages(self, deadline: float):
        """Messages that have come, with the names of their channels; waits a moment for one."""
        import zmq

        channels = {"shell": self._client.shell_channel, "iopub": self._client.iopub_channel}
        poller = zmq.Poller()
        for channel in channels.values():
            poller.register(channel.socket, zmq.POLLIN)
        wait = min(max(deadline - time.monotonic(), 0), LOOK_SECONDS)
        ready = dict(poller.poll(wait * 1000))
        if not ready and self._process.poll() is not None:
            self._end(self.where)
        for name, channel in channels.items():
            if channel.socket in ready:
                try:
                    yield name, channel.get_msg(timeout=0)
                except Exception:
                    continue  # not a message; an honest kernel sends none of these

    def _interrupt(self) -> None:
        message = self._client.session.msg("interrupt_request", {})
        self._client.control_channel.send(message)

    def _end(self, where: str) -> None:
        self.ended = f"The notebook's kernel had ended {where}."
        self._kill()
        raise Ended(self.ended)

    def _kill(self) -> None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            if self._process.poll() is None:
                os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()


def _content(message: dict, ours: str) -> dict | None:
    """A message's content, if it belongs to the request."""
    parent, content = message.get("parent_header"), message.get("content")
    if isinstance(parent, dict) and parent.get("msg_id") == ours and isinstance(content, dict):
        return content
    return None
