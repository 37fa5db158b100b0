"""Memory of the server: what visitors leave behind is freed when they have left, and nobody waits for it."""

from __future__ import annotations

import ctypes
import gc
import sys
import threading
from typing import Any

from sim.dashboard.quiet import QUIET, Quiet

QUIET_TIME = 2.0
"""Seconds without another session closing before memory is freed: closing takes a moment."""
ARENAS = 2
"""Places from which threads take memory; glibc gives eight to each processor, and every worker is a thread of its own."""
_M_ARENA_MAX = -8  # of mallopt, malloc.h

_lock = threading.Lock()
_waiting: list[threading.Timer] = []


def _of_glibc(name: str) -> Any:
    """Return a function of the C library; None where there is none of that name: others than glibc have neither."""
    return getattr(ctypes.CDLL(None), name, None) if sys.platform == "linux" else None


def share_arenas() -> bool:
    """Have all threads take their memory from few places, else each keeps what it has freed; return whether this was done."""
    mallopt = _of_glibc("mallopt")
    return mallopt is not None and bool(mallopt(_M_ARENA_MAX, ARENAS))


def free_memory_soon() -> None:
    """Free memory in the background once no session has closed for ``QUIET_TIME``."""
    with _lock:
        while _waiting:
            _waiting.pop().cancel()
        timer = threading.Timer(QUIET_TIME, free_memory)
        timer.daemon = True
        _waiting.append(timer)
        timer.start()


def free_memory(quiet: Quiet = QUIET) -> None:
    """Collect reference cycles, which components form, and return free memory to the system, while nobody waits for a picture.

    What is alive then is put aside, so that no collection in the middle of a move looks through it; the next time, what has
    died of it is found.
    """
    quiet.wait(threading.Event())
    gc.unfreeze()
    gc.collect()
    gc.freeze()
    trim = _of_glibc("malloc_trim")
    if trim is not None:
        trim(0)
