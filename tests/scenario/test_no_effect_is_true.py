"""Where a check says that something has no effect, the futures are the same without it, country by country."""

import numpy as np
import pytest

from sim.engine.run import simulate
from sim.inputs.build import build_inputs
from sim.plausibility import check_scenario
from sim.scenario.loader import load_text
from sim.types import Floats

BASE = "extends: baseline\nhorizon: {end: 2029Q4}\n"
LANDSCAPE = "rules: {choice: landscape}\n"


def entry(fields: str) -> str:
    return f"timeline:\n  - {{name: e, {fields}, reference: somebody}}\n"


CASES = [
    ("unread-parameter", "", "behaviour: {landscape_scale: 90}\n"),
    (
        "unread-parameter",
        LANDSCAPE,
        "blocs: {us: {aid_budget: 90, chip_supply: 100}}\nbehaviour: {mu: 5, lock_in: 9}\n",
    ),
    ("unread-parameter", LANDSCAPE, entry("date: 2027Q2, set: {chips.growth_long: 0.4, divide.fund: 1}")),
    ("unread-parameter", "rules: {choice: best_response}\n", "behaviour: {mu: 9}\n"),
    (
        "window-never-open",
        "",
        "organizations: {opening_attention: 0, opening_bonus: -9, signing_sd: 4, discrimination_sd: 2}\n",
    ),
    ("leader-never-chooses", "", "countries: {USA: {attention: 90, exclusivity: -9, effect: {china: 40}}}\n"),
    ("leader-never-chooses", "", "countries: {CHN: {aid_factor: {us: 500}, aid_offer: {us: 90000}}}\n"),
    ("offer-to-barred", "", "countries: {RUS: {effect: {us: 50}, aid_offer: {us: 90000}}}\n"),
    ("barred-member", "", "countries: {KEN: {barred: {us: 1}}}\nbehaviour: {leave_cost: 20}\n"),
    ("concerns-without-attention", "", entry("date: 2027Q2, concerns: [KEN], set: {divide.own_rate: 0.02}")),
    ("deal-without-effect", "", "countries: {DEU: {access: {us: 0.5}}}\n"),
    ("outside-horizon", "", entry("date: 2031Q1, set: {blocs.us.exclusivity: 0.3}, attention: 0.2")),
    ("outside-horizon", "", entry("date: 2026Q1, attention: 0.9")),
    ("no-change", "", entry("date: 2028Q1, set: {blocs.us.coercion: 0}")),
]
REST = {
    "barred-member": "behaviour: {leave_cost: 20}\n",
    "concerns-without-attention": entry("date: 2027Q2, set: {divide.own_rate: 0.02}"),
}
"""What the scenario without the doubted statement says, where that is not just the base."""


def memberships(text: str) -> Floats:
    loaded = load_text(BASE + text, "mine.yaml")
    found = simulate(build_inputs(loaded.world, loaded), 12, 3, threads=1).membership
    assert found is not None
    return found.astype(np.float64)


@pytest.mark.parametrize(("name", "base", "text"), CASES, ids=[f"{c[0]}-{n}" for n, c in enumerate(CASES)])
def test_what_is_said_to_have_no_effect_has_none(name: str, base: str, text: str) -> None:
    assert name in {one.name for one in check_scenario(load_text(BASE + base + text, "mine.yaml"))}
    np.testing.assert_array_equal(memberships(base + text), memberships(base + REST.get(name, "")))
