"""Jobs in several processes, of which any may die or hang without loss to the others."""

import multiprocessing
import os
import signal
import threading
import time
import traceback
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from typing import Generic, TypeVar

import psutil

J = TypeVar("J")
R = TypeVar("R")

# A process that is forked from one that has imported everything starts at once.
CONTEXT = multiprocessing.get_context("forkserver")
START_SECONDS = 120
ASK_SECONDS = 1


class CannotStart(Exception):
    """A worker ended before it had a job."""


@dataclass(frozen=True)
class Outcome(Generic[J, R]):
    """What became of a job: a result, or a sentence that says what happened instead."""

    job: J
    result: R | None = None
    trouble: str = ""
    details: str = ""
    lost: bool = False  # and the worker with it


class Worker:
    """A process that does one job after another."""

    def __init__(self, work: Callable):
        self.connection, other = CONTEXT.Pipe()
        # A daemon ends with this program even where Ctrl-C comes before anyone holds this worker.
        self.process = CONTEXT.Process(target=serve, args=(other, work), daemon=True)
        self.process.start()
        other.close()
        self.job = None
        self.deadline = time.monotonic() + START_SECONDS

    def give(self, job: object, seconds: float) -> None:
        """Let it do a job within so many seconds."""
        self.job = job
        self.deadline = time.monotonic() + seconds
        with suppress(OSError):  # it has just died, which take() will tell
            self.connection.send(job)

    def take(self) -> Outcome | None:
        """The outcome of the present job; None while it is at work.

        Of a worker that has just started, the outcome of no job says that it is ready.
        """
        try:
            if self.connection.poll():
                result, details = self.connection.recv()
                trouble = details.strip().splitlines()[-1] if details else ""
                return Outcome(self.job, result, trouble, details)
        except (EOFError, OSError):
            self.process.join(5)
            return Outcome(self.job, trouble=f"its worker died ({self._ending()})", lost=True)
        if time.monotonic() > self.deadline:
            return Outcome(self.job, trouble="not done in time; it was stopped", lost=True)
        return None

    def _ending(self) -> str:
        code = self.process.exitcode
        if code is not None and code < 0:
            return signal.Signals(-code).name
        return f"exit code {code}"

    def kill(self) -> None:
        """End the process and every process that it started."""
        try:
            started = psutil.Process(self.process.pid).children(recursive=True)
        except psutil.NoSuchProcess:
            started = []
        self.process.kill()
        for each in started:
            with suppress(psutil.NoSuchProcess):
                each.kill()
        self.process.join()
        self.connection.close()


def run(
    jobs: Iterable[J],
    work: Callable[[J], R],
    count: int,
    seconds: float,
    modules: list[str],
    stopped: Callable[[], bool],
) -> Iterator[Outcome[J, R]]:
    """Do jobs in `count` processes, and tell the outcome of each as it is known.

    Parameters
    ----------
    jobs : iterable
    work : callable
        Takes a job and gives its result. It and both of these go through pickle.
    count : int
    seconds : float
        How long a job may take.
    modules : list of str
        What every process imports, once for all of them.
    stopped : callable
        Whether Ctrl-C has come. Python loses the exception where it comes in the middle of a
        clean-up, so it is asked for, too.

    Raises
    ------
    CannotStart
        When no process comes up.
    KeyboardInterrupt
        When it is stopped.
    """
    CONTEXT.set_forkserver_preload(modules)
    waiting = list(jobs)[::-1]
    workers: list[Worker] = []
    try:
        while waiting or workers:
            while len(workers) < min(count, len(waiting) + sum(bool(each.job) for each in workers)):
                workers.append(Worker(work))
            left = min(worker.deadline for worker in workers) - time.monotonic()
            wait([worker.connection for worker in workers], max(0.0, min(left, ASK_SECONDS)))
            if stopped():
                raise KeyboardInterrupt
            for worker in list(workers):
                outcome = worker.take()
                if outcome is None:
                    continue
                if outcome.lost and outcome.job is None:
                    raise CannotStart(outcome.trouble)
                if waiting and not outcome.lost:
                    worker.give(waiting.pop(), seconds)
                else:
                    workers.remove(worker)
                    worker.kill()
                if outcome.job is not None:
                    yield outcome
    finally:
        for worker in workers:
            worker.kill()


def serve(connection: Connection, work: Callable) -> None:
    """Do jobs until there are no more; the main part of a worker's process."""
    # Ctrl-C in a terminal reaches every process; it is for the one that shares out the work. An
    # empty function rather than SIG_IGN, which kernels would inherit.
    signal.signal(signal.SIGINT, lambda *_: None)
    threading.Thread(target=_die_with_parent, daemon=True).start()
    # What kernels write past Jupyter would land in the teacher's terminal.
    nowhere = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(nowhere, descriptor)
    connection.send((None, ""))  # ready
    while True:
        try:
            job = connection.recv()
        except EOFError:
            return
        try:
            answer = work(job), ""
        except Exception:
            answer = None, traceback.format_exc()
        connection.send(answer)


def _die_with_parent() -> None:
    multiprocessing.parent_process().join()
    os._exit(1)
