"""The newest question wins, answers are shared and bounded, and nothing outlives its session."""

import threading

import numpy as np
import pytest
from patience import PATIENCE

from sim.dashboard import latest_only_worker as worker
from sim.dashboard.latest_only_worker import LatestOnlyWorker
from sim.dashboard.solver import PageResult, ResultCache, RunRequest, solve
from sim.dashboard.state import Future
from sim.engine.run import Cancelled
from sim.errors import InputError


class Watch:
    """Collects what a worker shows and tells, and waits for it."""

    def __init__(self):
        self.shown, self.told, self.changed = [], [], threading.Condition()

    def show(self, question, answer):
        with self.changed:
            self.shown.append((question, answer))
            self.changed.notify_all()

    def tell(self, share, message):
        with self.changed:
            self.told.append((share, message))
            self.changed.notify_all()

    def wait(self, condition):
        with self.changed:
            assert self.changed.wait_for(condition, PATIENCE)


def test_questions_in_between_are_dropped():
    watch, gate, begun = Watch(), threading.Event(), threading.Event()

    def answer(question, progress, cancel):
        begun.set()
        assert gate.wait(PATIENCE)
        return 10 * question

    latest = LatestOnlyWorker(answer, watch.show, watch.tell)
    latest.ask(1)
    assert begun.wait(PATIENCE)
    for question in (2, 3, 4):
        latest.ask(question)
    gate.set()
    watch.wait(lambda: len(watch.shown) == 2)
    assert watch.shown == [(1, 10), (4, 40)]
    latest.close()


def test_a_long_computation_is_stopped_for_a_newer_question(monkeypatch):
    monkeypatch.setattr(worker, "IMPATIENT", 0.0)
    watch, begun = Watch(), threading.Event()

    def answer(question, progress, cancel):
        begun.set()
        if question == "slow":
            assert cancel.wait(PATIENCE)
            raise Cancelled("stopped")
        return question

    latest = LatestOnlyWorker(answer, watch.show, watch.tell)
    latest.ask("slow")
    assert begun.wait(PATIENCE)
    latest.ask("quick")
    watch.wait(lambda: watch.shown)
    assert watch.shown == [("quick", "quick")]
    assert all(message == "" for _, message in watch.told)
    latest.close()


def test_mistakes_and_faults_are_told_and_the_worker_goes_on():
    watch = Watch()

    def answer(question, progress, cancel):
        if question == "mistake":
            raise InputError("there is no such thing")
        if question == "fault":
            raise ZeroDivisionError("oh")
        return question

    latest = LatestOnlyWorker(answer, watch.show, watch.tell)
    latest.ask("mistake")
    watch.wait(lambda: (None, "there is no such thing") in watch.told)
    latest.ask("fault")
    watch.wait(lambda: (None, "ZeroDivisionError: oh") in watch.told)
    latest.ask("fine")
    watch.wait(lambda: ("fine", "fine") in watch.shown)
    latest.close()


def test_nothing_is_shown_after_the_session_closed():
    watch, gate, begun, over = Watch(), threading.Event(), threading.Event(), threading.Event()

    def answer(question, progress, cancel):
        begun.set()
        gate.wait(PATIENCE)
        over.set()
        return question

    latest = LatestOnlyWorker(answer, watch.show, watch.tell, quiet=1.0)
    latest.ask(1)
    assert begun.wait(PATIENCE)
    latest.close()
    gate.set()
    assert over.wait(PATIENCE)
    latest.ask(2)
    for thread in threading.enumerate():
        if thread is not threading.current_thread() and thread.name.startswith("latest"):
            thread.join(PATIENCE)
    assert watch.shown == []


def test_fast_answers_tell_no_progress():
    watch = Watch()
    latest = LatestOnlyWorker(
        lambda q, progress, cancel: progress(1, 2) or q, watch.show, watch.tell, quiet=PATIENCE
    )
    latest.ask(1)
    watch.wait(lambda: watch.shown)
    assert watch.told == []
    latest.close()


def test_a_result_agrees_with_its_summary():
    result = solve(RunRequest(Future(), runs=20))
    np.testing.assert_allclose(result.shares.mean, result.summary.shares.mean, atol=1e-12)
    np.testing.assert_allclose(result.shares.p95, result.summary.shares.p95, atol=1e-12)
    np.testing.assert_allclose(result.bloc_shares.p05, result.summary.bloc_shares.p05, atol=1e-12)
    assert result.run.provenance["inputs"]
    both = result.shares.mean[:, :, 3]
    np.testing.assert_allclose(result.several.mean, both, atol=1e-12)


def test_the_store_forgets_the_oldest_and_never_grows_beyond_its_limit():
    first = solve(RunRequest(Future(), runs=5, seed=11))
    size = first.size
    store = ResultCache(limit=int(2.5 * size))
    results = [PageResult(RunRequest(Future(), 5, seed), first.ensemble) for seed in range(4)]
    for result in results[:2]:
        store.put(result)
    assert store.get(results[0].request) is results[0]
    store.put(results[2])
    assert store.get(results[1].request) is None
    assert store.get(results[0].request) is results[0]
    assert len(store) == 2
    assert store.size <= store.limit
    small = ResultCache(limit=10)
    small.put(first)
    assert len(small) == 0


def test_the_same_question_is_answered_from_the_store():
    ask = RunRequest(Future(), runs=6)
    assert solve(ask) is solve(ask)


def test_a_scenario_too_large_for_the_page_is_refused():
    text = "name: long\nextends: baseline\nhorizon: {start: 2025Q3, end: 2120Q4}\n"
    with pytest.raises(InputError, match="choose fewer futures"):
        solve(RunRequest(Future(text=text), runs=2000))
