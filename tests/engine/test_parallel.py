"""The one map over chunks: order, bounds, errors, cancellation, and how many processors there are."""

from __future__ import annotations

import os
import threading
import time

import pytest
from patience import PATIENCE

from sim.engine.parallel import ThreadWorkers, map_chunks, map_in_order, usable_cores


def test_processors_are_counted_where_the_system_has_no_affinity(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "cpu_count", lambda: 7)
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0, 2, 5}, raising=False)
    assert usable_cores() == 3
    monkeypatch.delattr(os, "sched_getaffinity")
    assert usable_cores() == 7
    assert map_in_order(lambda n: n * n, range(20)) == [n * n for n in range(20)]
    monkeypatch.setattr(os, "cpu_count", lambda: None)
    assert usable_cores() == 1


def test_results_come_with_their_parts_and_few_are_taken_at_once() -> None:
    taken: list[int] = []

    def parts() -> object:
        for n in range(30):
            taken.append(n)
            yield n

    with ThreadWorkers(2) as workers:
        found = {}
        for part, result in map_chunks(lambda n: -n, parts(), workers):
            found[part] = result
            assert len(taken) <= len(found) + 2 * 2 + 1
    assert found == {n: -n for n in range(30)}


def test_the_first_error_ends_the_map_unless_it_may_go_on() -> None:
    calls: list[int] = []

    def work(n: int) -> int:
        calls.append(n)
        if n == 3 and calls.count(3) < 3:
            raise RuntimeError("boom")
        return n

    with ThreadWorkers(1) as workers, pytest.raises(RuntimeError, match="boom"):
        list(map_chunks(work, range(10), workers))
    calls.clear()
    with ThreadWorkers(1) as workers:
        assert sorted(n for n, _ in map_chunks(work, range(5), workers, failed=lambda *_: True)) == list(
            range(5)
        )
    assert calls.count(3) == 3
    calls.clear()
    with ThreadWorkers(1) as workers:
        assert sorted(n for n, _ in map_chunks(work, range(5), workers, failed=lambda *_: False)) == [
            0,
            1,
            2,
            4,
        ]


def test_a_cancellation_is_felt_while_nothing_ends() -> None:
    stop, release = threading.Event(), threading.Event()
    with ThreadWorkers(1) as workers:
        threading.Timer(0.1, stop.set).start()
        before = time.monotonic()
        assert list(map_chunks(lambda _: release.wait(PATIENCE), range(3), workers, cancel=stop.is_set)) == []
        assert time.monotonic() - before < PATIENCE / 2
        release.set()
