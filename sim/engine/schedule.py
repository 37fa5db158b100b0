"""The step plan: what happens in a quarter, in order. One object, printed by a command and used by the documentation."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Phase:
    """One phase of a quarter: its name, what it does, who acts, and the function of the equations behind it."""

    name: str
    does: str
    who: str
    where: str


PLAN: tuple[Phase, ...] = (
    Phase("timeline", "dated and random events change parameters and countries' attributes", "the scenario",
          "sim.theory.timeline"),
    Phase("leaders", "leaders state their offers; once a year they earmark the reserve of their aid", "bloc leaders",
          "sim.engine.market.fill_offers, sim.engine.leadership.plan_reserves"),
    Phase("allocation", "claims on chips and aid are added up as memberships stand: what others take is gone", "bloc leaders",
          "sim.engine.market.fill_claims, sim.engine.market.total_claims"),
    Phase("utilities", "each country that reconsiders values every bloc: traits, chips, aid, divide, peers, pressure",
          "countries", "sim.engine.decision.policy_terms, sim.engine.decision.inclination"),
    Phase("choice", "it takes a membership by the rule; all move at once, from last quarter's memberships", "countries",
          "sim.engine.decision.choose"),
    Phase("delivery", "chips are installed, aid is paid and divides close for the memberships just taken", "countries",
          "sim.engine.delivery.close_quarter"),
    Phase("record", "memberships, shares and flows are written down", "the model", "sim.engine.state.Record"),
)  # fmt: skip
