"""The page, served by a process that also says how many sessions it holds in memory."""

import functools
import sys
import threading
import time
import weakref

from sim.dashboard.app import Page
from sim.dashboard.session import Session

__all__ = ["Page"]

alive: weakref.WeakSet[Session] = weakref.WeakSet()
begin = Session.__init__


@functools.wraps(begin)
def counted(session, *arguments, **options):
    begin(session, *arguments, **options)
    alive.add(session)


# Not by gc.get_objects(): it also holds, for a moment, the tuples that other threads are building, which then fail.
Session.__init__ = counted


def count():
    while True:
        print("SESSIONS", len(alive), file=sys.stderr, flush=True)
        time.sleep(0.3)


threading.Thread(target=count, daemon=True).start()
