"""What levers do over their whole range: computed in the background while nobody waits, with the numbers of the command."""

import threading
import time

import numpy as np
import pytest

from sim.dashboard.effects import PatientEndings, ScenarioEffects
from sim.dashboard.page.lever_learned import effect_line, learned
from sim.dashboard.quiet import Quiet
from sim.dashboard.state import Future
from sim.engine.run import CHUNK, Cancelled
from sim.sensitivity.lever_cache import Endings
from sim.sensitivity.lever_effects import lever_table

RUNS = 20


@pytest.fixture(scope="module")
def effects(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        return ScenarioEffects(Future(), RUNS)


def known(effects, *names):
    return {name: effects.effect(effects.levers[name], threading.Event()) for name in names}


def test_it_is_quiet_a_moment_after_the_last_picture():
    quiet = Quiet(rest=0.05)
    assert quiet.now
    with quiet.working():
        time.sleep(0.06)
        assert not quiet.now
    assert not quiet.now
    quiet.wait(threading.Event())
    assert quiet.now


def test_waiting_for_quiet_ends_when_the_work_is_not_wanted_any_more():
    quiet, cancel = Quiet(), threading.Event()
    with quiet.working():
        threading.Timer(0.1, cancel.set).start()
        quiet.wait(cancel)
        assert not quiet.now


def test_the_numbers_are_those_of_the_command(effects):
    name = "training.us"
    mine = known(effects, name)[name]
    table = lever_table(
        effects.bench, [effects.levers[name]], Endings(RUNS, effects.bench.loaded.scenario.seed)
    )
    [theirs] = table.effects
    assert mine.size == theirs.size
    for share, band in theirs.change.items():
        np.testing.assert_array_equal(mine.change[share].mean, band.mean)
    assert mine.evidence == theirs.evidence


def test_work_that_is_disturbed_is_done_again_with_the_same_result(effects):
    inputs = effects.bench.inputs
    patient = PatientEndings(RUNS * 5, 3)
    patient.cancel, patient.quiet = threading.Event(), Quiet(rest=0.2)
    looks = []

    def look(done, total):
        looks.append(done)
        if len(looks) == 1:
            with patient.quiet.working():  # somebody moves a lever
                pass
        PatientEndings._look_up(patient, done, total)

    patient._look_up = look
    found = patient(inputs)
    assert len(looks) > RUNS * 5 / CHUNK  # more chunks than one computation has
    np.testing.assert_array_equal(found.shares, Endings(RUNS * 5, 3)(inputs).shares)


def test_work_that_is_not_wanted_any_more_stops(effects):
    stopped = threading.Event()
    stopped.set()
    with pytest.raises(Cancelled):
        effects.effect(effects.levers["fund-for-all"], stopped)
    patient = PatientEndings(RUNS, 9)
    patient.cancel = stopped
    with pytest.raises(Cancelled):
        patient(effects.bench.inputs)


def test_a_lever_says_how_far_it_goes_or_why_it_does_nothing(effects):
    found = known(effects, "training.us", "partners-only.china", "leaving")
    groups = {"behaviour.leave_cost": "Behaviour"}
    states, titles = effects.bench.inputs.states, effects.bench.inputs.titles
    shown = learned(found, [*found, "not known yet"], states, titles, groups)
    assert set(shown) == set(found)
    assert shown["training.us"]["text"].startswith("US-led ")
    assert shown["training.us"]["text"].endswith(" pp; weak")
    assert shown["leaving"]["length"] == 1.0  # assumptions have a scale of their own
    assert 0 < shown["training.us"]["length"] <= 1.0
    idle = found["partners-only.china"]
    assert shown["partners-only.china"]["idle"]
    assert effect_line(idle, titles) == "little: no chips abroad"
    assert idle.reason.words in effect_line(idle, titles, in_full=True)
    assert idle.reason.words in shown["partners-only.china"]["help"][0]
