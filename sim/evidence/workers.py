"""How a process that computes for another one ends. Imports nothing heavy: it is the first thing that such a process does."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading

INTERRUPTED = 130
"""Exit code of a process that was interrupted."""


def end_with_parent() -> None:
    """End this process when it is interrupted, and as soon as the one that started it has ended, however it did."""
    signal.signal(signal.SIGINT, lambda *_: os._exit(INTERRUPTED))
    threading.Thread(target=_wait_and_end, daemon=True).start()


def _wait_and_end() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(INTERRUPTED)
