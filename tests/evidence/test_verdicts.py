"""The frozen forecast of each list against who joined it, by name; and the sentence that says how it did."""

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.calibration.dates import TODAY
from sim.calibration.initiatives import LEADERS
from sim.calibration.participation import load_participation
from sim.evidence.scoreboard import score_forecasts
from sim.evidence.verdicts import ListVerdicts, Verdict, list_verdicts
from sim.report.skill import skill_sentence


def test_every_scored_list_has_its_verdicts_and_numbers():
    scored = {one.initiative: one for one in score_forecasts().scored}
    assert [one.initiative for one in list_verdicts()] == list(scored)
    for one in list_verdicts():
        assert one.joined == scored[one.initiative].joined
        assert one.expected == pytest.approx(scored[one.initiative].expected)
        assert one.count("unforeseen") == one.count("alarm"), "as many count as foreseen as joined"
        assert not set(one.states) & set(LEADERS.values())


def test_who_joined_is_who_the_tables_say():
    known = load_participation(cutoff=TODAY)
    for one in list_verdicts():
        row = known.item(one.initiative)
        joined = {known.iso3[n] for n in np.flatnonzero(known.y[row] == 1.0)} & set(one.states)
        assert {code for code, seen in one.states.items() if seen.kind in ("hit", "unforeseen")} == joined
        least = min(seen.probability for seen in one.states.values() if seen.kind in ("hit", "alarm"))
        most = max(seen.probability for seen in one.states.values() if seen.kind in ("unforeseen", "rest"))
        assert least >= most


@given(st.integers(0, 40), st.integers(0, 40), st.integers(1, 200), st.floats(0, 200))
def test_the_sentence_says_the_numbers(hits: int, missed: int, rest: int, expected: float):
    kinds = ["hit"] * hits + ["unforeseen"] * missed + ["alarm"] * missed + ["rest"] * rest
    states = {f"S{n}": Verdict(kind, 0.5) for n, kind in enumerate(kinds)}
    one = ListVerdicts("X", "A list", "us", "2025-07-25", "2026Q3", "2026-10-09", expected, states)
    said = skill_sentence(one)
    assert said.startswith(f"A list: {hits + missed} states joined, {expected:.1f} were expected")
    assert f"{hits} of the {hits + missed} were among its {hits + missed} likeliest" in said
    assert "on 25 July 2025" in said
    (chance,) = re.findall(r"by chance (\d+)", said)
    assert int(chance) <= hits + missed
