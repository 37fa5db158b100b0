"""What is said while the model is compiled: once for each part, and which; nothing of what is quick."""

import time
from pathlib import Path

import pytest

from sim.engine.record import Optional, in_words
from sim.theory._announce import Announcement


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(time, "process_time", clock)
    return clock


def compile_one(announcement: Announcement, clock: Clock, seconds: float) -> None:
    """Compile two functions that take so long together, and then what Python calls."""
    announcement.compiled(Path("kept"), True)
    clock.now += seconds
    announcement.compiled(Path("kept"), True)
    announcement.finished()


def test_each_part_is_said_once_and_by_name(clock: Clock, capsys: pytest.CaptureFixture[str]) -> None:
    announcement = Announcement()
    for optional in ((None, None, None), (None, None, None), (None, True, None), (True, None, True)):
        with announcement.about(in_words(Optional(*optional))):
            compile_one(announcement, clock, 10.0)
    compile_one(announcement, clock, 10.0)
    said = [line.partition(", once: ")[0] for line in capsys.readouterr().err.splitlines()]
    assert said == [
        "Compiling the model",
        "Compiling the model with leaders that respond",
        "Compiling the model with rules of choice other than the logit and decisions written down in full",
    ]


def test_many_small_functions_are_said_and_a_few_are_not(
    clock: Clock, capsys: pytest.CaptureFixture[str]
) -> None:
    announcement = Announcement()
    compile_one(announcement, clock, 0.4)
    compile_one(announcement, clock, 0.4)
    assert capsys.readouterr().err == ""
    compile_one(announcement, clock, 0.4)
    assert capsys.readouterr().err.startswith("Compiling the model, once: ")
    with announcement.about("leaders that respond"):  # said of what is compiled then, not of what was before
        compile_one(announcement, clock, 0.4)
    assert capsys.readouterr().err == ""


def test_every_part_has_words() -> None:
    words = [
        in_words(Optional(**{name: True if name == part else None for name in Optional._fields}))
        for part in Optional._fields
    ]
    assert all(words)
    assert len(set(words)) == len(Optional._fields)
