"""Work shared out to threads: NumPy lets go of Python's lock while it multiplies and copies."""

from __future__ import annotations

import contextvars
import itertools
import os
from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from concurrent.futures import ThreadPoolExecutor

# With fewer multiplications for each, threads that wait for each other take longer than one alone.
_WORTH_A_THREAD = 10_000_000


def share_out(work: Callable[[slice], None], count: int, shares: int) -> None:
    """Have `count` pieces of work done, by so many threads at the same time.

    Parameters
    ----------
    work : callable
        Does the pieces that a slice names.
    count : int
    shares : int
        See `count_shares`.
    """
    shares = min(shares, count)
    if shares <= 1:
        work(slice(count))
        return
    ends = [count * k // shares for k in range(shares + 1)]
    mine, *parts = (slice(*pair) for pair in itertools.pairwise(ends))
    # A context says what NumPy is not to warn about.
    others = [_pool().submit(contextvars.copy_context().run, work, part) for part in parts]
    work(mine)
    for other in others:
        other.result()


@cache
def _pool() -> ThreadPoolExecutor:
    """The other threads, which stay: to start one takes longer than a small share."""
    from concurrent.futures import ThreadPoolExecutor

    return ThreadPoolExecutor(count_threads(), "convviz")


if hasattr(os, "register_at_fork"):  # not on Windows; a forked process has none of the threads
    os.register_at_fork(after_in_child=_pool.cache_clear)


def count_shares(products: int) -> int:
    """How many threads are worth while for so many multiplications."""
    return min(count_threads(), max(products // _WORTH_A_THREAD, 1))


@cache
def count_threads() -> int:
    """How many threads to use at most: as many as NumPy's OpenBLAS does."""
    for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"):
        if os.environ.get(name, "").isdecimal():
            return max(int(os.environ[name]), 1)
    return count_cores()


def count_cores() -> int:
    """How many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
