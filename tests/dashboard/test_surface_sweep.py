"""Surfaces of two levers: each cell is an ensemble with the levers held there."""

import threading
from dataclasses import replace

import numpy as np
import pytest

from sim.dashboard.compose import base_of
from sim.dashboard.page.surface import smoothed
from sim.dashboard.solver import RunRequest, solve
from sim.dashboard.state import Edit, Future
from sim.dashboard.surface_sweep import (
    FinishedSweep,
    SurfaceRequest,
    lever_surface,
    read_sweep,
    sweep_folders,
)
from sim.engine.run import Cancelled
from sim.errors import InputError

QUARTER = "2033Q1"
APPEAL, FORCE = "blocs.china.appeal", "blocs.china.in_force"
REQUEST = SurfaceRequest(
    Future(), (APPEAL, (0.0, 1.5)), (FORCE, (0.2, 1.0)), "china", "count", QUARTER, 10, 2
)


def test_each_cell_is_the_ensemble_with_the_levers_held():
    seen, steps = [], []
    answer = lever_surface(
        REQUEST, lambda done, total: steps.append((done, total)), threading.Event(), seen.append
    )
    step = base_of(Future()).inputs.steps.index(QUARTER)
    held = Future().setting(APPEAL, 1.5).setting(FORCE, 0.2)
    expected = 100 * solve(RunRequest(held, 10, 2)).bloc_shares.mean[step, 0, 1]
    assert answer.share[0, 1] == pytest.approx(expected)
    assert answer.now == pytest.approx(100 * solve(RunRequest(Future(), 10, 2)).bloc_shares.mean[step, 0, 1])
    assert [part.done for part in seen] == [2, 4]
    assert steps[-1] == (4, 4)


def test_a_swept_lever_holds_whatever_is_dated_on_the_page():
    dated = Future().editing([Edit("2027-01-01", APPEAL, 1.5)]).setting(FORCE, 0.7)
    request = replace(REQUEST, future=dated, across=(APPEAL, (0.2,)), up=(FORCE, (0.7,)))
    answer = lever_surface(request, lambda done, total: None, threading.Event(), lambda part: None)
    step = base_of(Future()).inputs.steps.index(QUARTER)
    held = Future().setting(APPEAL, 0.2).setting(FORCE, 0.7)
    assert answer.share[0, 0] == pytest.approx(
        100 * solve(RunRequest(held, 10, 2)).bloc_shares.mean[step, 0, 1]
    )
    assert answer.now == pytest.approx(100 * solve(RunRequest(dated, 10, 2)).bloc_shares.mean[step, 0, 1])
    assert answer.now > answer.share[0, 0]


def test_a_sweep_can_be_stopped():
    cancel = threading.Event()
    with pytest.raises(Cancelled):
        lever_surface(REQUEST, lambda done, total: cancel.set(), cancel, lambda part: None)


def test_two_equal_levers_are_refused():
    same = SurfaceRequest(Future(), REQUEST.across, REQUEST.across, "china", "count", QUARTER, 10, 2)
    with pytest.raises(InputError, match="two different levers"):
        lever_surface(same, lambda done, total: None, threading.Event(), lambda part: None)


def test_only_folders_under_results_are_opened(tmp_path):
    (tmp_path / "results" / "broken").mkdir(parents=True)
    (tmp_path / "results" / "broken" / "design.parquet").write_bytes(b"no")
    assert sweep_folders(tmp_path / "results") == ("broken",)
    assert sweep_folders(tmp_path / "nowhere") == ()
    for name in ("../results/broken", "broken"):
        with pytest.raises(InputError):
            read_sweep(name, tmp_path / "results")


def test_a_finished_sweep_is_smoothed_over_what_else_varied():
    random = np.random.default_rng(2)
    x, y = random.random(300), random.random(300)
    finished = FinishedSweep({"a": x, "b": y}, {"z": x + 2 * y}, {"z": "Sum"})
    across, up, z = smoothed(finished, "a", "b", "z")
    assert np.nanmax(np.abs(z - (np.array(across)[None] + 2 * np.array(up)[:, None]))) < 0.02
    assert smoothed(finished, "a", "a", "z") == "Choose two different factors."
