"""What closed sessions leave is freed soon and handed back to the system, instead of at some later moment."""

from __future__ import annotations

import ctypes
import gc
import sys
import threading

REST = 2.0
"""Seconds without a further session that closes before memory is tidied: closing takes a moment."""

_lock = threading.Lock()
_waiting: list[threading.Timer] = []


def give_back_soon() -> None:
    """Tidy up in the background once nobody has called this for a moment."""
    with _lock:
        while _waiting:
            _waiting.pop().cancel()
        timer = threading.Timer(REST, give_back)
        timer.daemon = True
        _waiting.append(timer)
        timer.start()


def keep_for_good() -> None:
    """Take all that is there now (modules and what they hold) for permanent: tidying need not look at it."""
    gc.collect()
    gc.freeze()


def give_back() -> None:
    """Free what hangs together in cycles, as components do, and return free memory to the system (with glibc)."""
    gc.collect()
    if sys.platform == "linux":
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)  # other C libraries have none
        if trim is not None:
            trim(0)
