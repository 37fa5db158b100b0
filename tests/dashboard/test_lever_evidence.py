"""The card of evidence behind "?" of a lever: what `aiblocs levers NAME` prints, in lines."""

from typing import get_args

import pytest

from sim.calibration.drawn import Grade
from sim.dashboard.compose import base_of
from sim.dashboard.lever_evidence import evidence_lines, of_parameter
from sim.dashboard.lever_items import columns_of, front_item
from sim.dashboard.state import Future
from sim.sensitivity.lever_card import card_of


@pytest.mark.parametrize("scenario", ["baseline", "eu-third-pole"])
def test_every_lever_says_what_its_effect_rests_on(scenario: str) -> None:
    base = base_of(Future(scenario))
    for levers in columns_of(base).values():
        for lever in levers:
            lines = evidence_lines(base, lever)
            cards = card_of(lever, base.loaded.scenario)
            assert len(lines) == 1 + len(cards), lever.name
            for line, card in zip(lines[1:], cards, strict=True):
                assert f"{card.grade}. Rests on {card.source}." in line
                assert line.endswith(f"Would change with {card.test}.")
                assert card.grade in get_args(Grade)
            if not lever.window:
                assert set(lines) <= set(front_item(base, lever)["help"]), lever.name


def test_every_parameter_has_its_card_too() -> None:
    base = base_of(Future())
    for parameter in base.parameters:
        if parameter.slider is not None:
            assert evidence_lines(base, of_parameter(parameter))[0] == "Evidence:", parameter.name
