"""Memory of the server: cycles that died after they were put aside are found, and nobody who waits for a picture waits for it."""

import gc
import platform
import threading
import weakref

import pytest
from patience import PATIENCE

from sim.dashboard.memory import free_memory, share_arenas
from sim.dashboard.quiet import Quiet

A_WHILE = 0.3
"""Seconds in which nothing may happen."""


class Node:
    """Part of a cycle."""


@pytest.fixture
def thawed():
    yield
    gc.unfreeze()


def test_what_was_put_aside_alive_is_found_once_it_has_died(thawed):
    node = Node()
    node.itself = node
    found = weakref.ref(node)
    free_memory()
    assert gc.get_freeze_count()
    assert found() is node
    del node
    gc.collect()
    assert found() is not None  # put aside: no collection in the middle of a move looks at it
    free_memory()
    assert found() is None


def test_memory_is_freed_when_nobody_waits_for_a_picture(thawed):
    gc.unfreeze()
    quiet = Quiet(0.05)
    with quiet.working():
        freeing = threading.Thread(target=free_memory, args=(quiet,), daemon=True)
        freeing.start()
        freeing.join(A_WHILE)
        assert freeing.is_alive()
        assert not gc.get_freeze_count()
    freeing.join(PATIENCE)
    assert gc.get_freeze_count()


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="other C libraries have no arenas")
def test_threads_take_their_memory_from_few_places():
    assert share_arenas()
