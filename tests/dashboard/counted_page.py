"""The page, served by a process that also says how many sessions it holds in memory."""

import gc
import sys
import threading
import time

from sim.dashboard.app import Page
from sim.dashboard.session import Session

__all__ = ["Page"]


def count():
    while True:
        alive = sum(
            type(found) is Session for found in gc.get_objects()
        )  # isinstance would ask what a weak proxy stands for
        print("SESSIONS", alive, file=sys.stderr, flush=True)
        time.sleep(0.3)


threading.Thread(target=count, daemon=True).start()
