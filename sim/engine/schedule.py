"""The schedule of a quarter: one object that both engines execute, the command prints and the documentation shows.

The compiled kernel runs through :data:`ORDER`, the Mesa model through :data:`SCHEDULE`; neither has an order of its own.
"""

from __future__ import annotations

from dataclasses import dataclass

(EVENTS, STATIC_UTILITY, CLAIMS, OFFERS, RESERVES, REVIEWS, CHOICE, MOVES, DELIVERY, RECORD) = range(10)


@dataclass(frozen=True)
class Phase:
    """One phase of a quarter.

    ``code`` : by which the engines know it; ``name``; ``does`` : what happens; ``who`` acts
    ``functions`` : dotted names of what computes it: first the function that carries out the phase, then its equations
    """

    code: int
    name: str
    does: str
    who: str
    functions: tuple[str, ...]


SCHEDULE: tuple[Phase, ...] = (
    Phase(EVENTS, "events", "dated and random events change parameters and attributes; chip supply grows, two weights drift",
          "the scenario",
          ("sim.engine.events.apply_events", "sim.theory.timeline.apply", "sim.theory.chips.log_growth",
           "sim.theory.organizations.drift_step")),
    Phase(STATIC_UTILITY, "static utility", "what each bloc is worth whatever others do: traits, coercion, debt, own effect",
          "countries", ("sim.engine.events.update_static_utility", "sim.theory.value.static_utility")),
    Phase(CLAIMS, "claims", "claims on chips and aid are added up as memberships stand: what others take is gone",
          "countries", ("sim.engine.market.update_claims", "sim.theory.chips.demand_weight", "sim.theory.aid.claim")),
    Phase(OFFERS, "offers", "leaders state what their blocs have to give: chips, aid, programmes", "bloc leaders",
          ("sim.engine.market.fill_offers", "sim.theory.chips.building_rate", "sim.theory.organizations.member_share")),
    Phase(RESERVES, "reserves", "once a year, leaders earmark the reserve of their aid for single countries", "bloc leaders",
          ("sim.engine.leadership.plan_reserves", "sim.theory.leaders.earmark_by_rule",
           "sim.theory.leaders.earmark_by_response")),
    Phase(REVIEWS, "reviews", "chance decides who reviews its membership, and events, open windows and exclusive blocs do",
          "countries",
          ("sim.engine.occasions.draw_reviews", "sim.theory.draws.choice_draws", "sim.theory.organizations.woken",
           "sim.theory.rivalry.notice_hazard")),
    Phase(CHOICE, "choice",
          "who has an occasion values every bloc (chips, finance, divide, machines, peers) and picks a membership by "
          "the rule, on last quarter's memberships", "countries",
          ("sim.engine.decision.decide_all", "sim.engine.values.fill_values", "sim.theory.chips.chip_leverage",
           "sim.theory.value.policy_value", "sim.theory.choice.set_utilities",
           "sim.theory.choice.logit_choice")),
    Phase(MOVES, "moves", "all take the memberships they picked at once; peers and claims are counted anew", "countries",
          ("sim.engine.moves.move_all",)),
    Phase(DELIVERY, "delivery", "chips are installed, aid is paid and divides close for the memberships just taken",
          "countries", ("sim.engine.delivery.deliver_all", "sim.theory.sharing.share_rate",
                        "sim.theory.chips.compute_next", "sim.theory.divide.divide_next")),
    Phase(RECORD, "record", "memberships, shares and flows are written down", "the model",
          ("sim.engine.recorder.write_quarter",)),
)  # fmt: skip
"""The phases of a quarter in the order in which they happen."""

ORDER: tuple[int, ...] = tuple(phase.code for phase in SCHEDULE)
"""The codes of :data:`SCHEDULE`, for compiled code."""
