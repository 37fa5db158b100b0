"""The one registry of parameters: name, unit, bounds, default, meaning, slider and prior of each.

Validation, the JSON schema for editors, the table in the documentation, the sliders and the columns of the
kernel all come from these models; nothing about a parameter is written anywhere else.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic import Field, create_model

from sim.registry.fields import (  # fmt: skip
    AID,
    BASE,
    BEHAVIOUR,
    CHIPS,
    DIVIDE,
    INSTITUTIONS,
    OFFER,
    WORLD,
    Section,
    number,
)
from sim.registry.priors import beta, cut_normal, lognormal, normal
from sim.registry.terms import TERMS

_NEUTRAL = "neutral: the mechanism is off until a scenario sets it"
_JUDGED = "centred on the default; the width is judgement"


def _tier(name: str, text: str, default: float, symbol: str) -> Any:
    return number(default, 0, 1, "share", text, symbol=f"{symbol}({name})", group=CHIPS,
                  slider=(0.0, 1.0, 0.05), affects=OFFER,
                  basis="open by default; the library's baseline states the rules in force")  # fmt: skip


def _reserved(name: str, text: str) -> Any:
    return number(0, 0, 1, "share", text, symbol=f"c({name})", group=CHIPS, slider=(0.0, 1.0, 0.05), affects=OFFER,
                  basis=_NEUTRAL)  # fmt: skip


class Access(Section):
    """Access that the leader's export policy gives to members, by tier."""

    tier1: float = _tier("tier1", "Access of members in tier 1 (the leader's closest partners)", 1, "access")
    tier2: float = _tier("tier2", "Access of members in tier 2 (no country-based licence)", 1, "access")
    tier2_licence: float = _tier(
        "tier2_licence", "Access of members that need a licence (presumption of approval)", 1, "access"
    )
    tier3: float = _tier("tier3", "Access of members under an arms embargo", 1, "access")


class Conditionality(Section):
    """What the leader reserves to members: of its chips, by tier, and of its development finance."""

    tier1: float = _reserved(
        "tier1", "Share of what tier 1 may have of the bloc's chips that only members may have"
    )
    tier2: float = _reserved("tier2", "Share of what tier 2 may have that only members may have")
    tier2_licence: float = _reserved(
        "tier2_licence", "Share of what licensed tier 2 may have that only members may have"
    )
    tier3: float = _reserved("tier3", "Share of what tier 3 may have that only members may have")
    aid: float = number(
        0.5, 0, 1, "share", "Share of a country's part of the bloc's finance that only members get",
        symbol="c_aid", group=AID, slider=(0, 1, 0.05), affects=OFFER,
        basis="judgement: neither side reserves finance to members; half is a middle value, to be varied",
        prior=beta(2, 2, _JUDGED))  # fmt: skip


TIERS: tuple[str, ...] = tuple(Access.model_fields)


def _weights() -> dict[str, Any]:
    """Return the field of the weight of every utility term."""
    fields: dict[str, Any] = {}
    for term in TERMS:
        extra: dict[str, Any] = {
            "unit": term.unit, "symbol": f"beta_{term.name}", "group": BEHAVIOUR, "slider": None, "affects": BASE,
            "basis": "estimated; see the calibration", "prior": None,
        }  # fmt: skip
        text = f"Weight of: {term.text}"
        weight = Field(default=None, ge=-25, le=25, description=text, json_schema_extra=extra)
        fields[term.name] = (float | None, weight)
    return fields


if TYPE_CHECKING:
    _Weights = Section
else:
    _Weights = create_model("_Weights", __base__=Section, **_weights())


class Coefficients(_Weights):
    """Weights of the utility terms; left out = the calibrated value of the bloc's family, drawn per run."""


class AidRule(Section):
    """How a bloc shares its aid pool: exponents of the claim (need^a x size^b x interest^c)."""

    need: float = Field(
        default=1.0, ge=0, le=3, description="Exponent of need (poverty, 0 for high-income countries)"
    )
    size: float = Field(default=0.5, ge=0, le=3, description="Exponent of population")
    interest: float = Field(
        default=0.5, ge=0, le=3, description="Exponent of strategic interest (share of world GDP)"
    )
    recorded: float = Field(
        default=0.9, ge=0, le=1,
        description="Part of the budget that goes to who got the leader's finance so far; the rest follows the claims, and "
        "all of it where nothing is recorded",
    )  # fmt: skip


class BlocParameters(Section):
    """What one bloc offers and demands; every number may change over time."""

    chip_supply: float = number(
        0, 0, 1e9, "H100e/year", "AI accelerators the bloc can export in a year, as of supply_at (the start)",
        symbol="supply_k", group=CHIPS, slider=(0, 6e6, 5e4), basis=_NEUTRAL)  # fmt: skip
    chip_growth: float = number(
        0, -0.9, 5, "1/year", "Growth of supply as of supply_at; decays to chips.growth_long", symbol="g_k",
        group=CHIPS, slider=(0, 3, 0.05), basis=_NEUTRAL)  # fmt: skip
    chip_quality: float = number(
        1, 0, 2, "ratio", "Performance of the bloc's chips relative to the frontier", symbol="quality_k",
        group=CHIPS, slider=(0, 1.5, 0.05), basis="1 = frontier")  # fmt: skip
    domestic_supply: float = number(
        0, 0, 1e9, "H100e/year",
        "Accelerators the leader installs at home in a year, as of supply_at; grows like exports", symbol="home_k",
        group=CHIPS, basis=_NEUTRAL)  # fmt: skip
    access: Access = Field(default=Access(), description="Access of members to the bloc's chips, by tier")
    conditionality: Conditionality = Field(
        default=Conditionality(), description="What only members get: of chips, by tier, and of finance"
    )
    aid_budget: float = number(
        0, 0, 500, "US$ bn/year", "Official development finance of the leader, all of it: grants and loans",
        symbol="aid_budget_k", group=AID, slider=(0, 200, 1), basis=_NEUTRAL)  # fmt: skip
    grant_share: float = number(
        1, 0, 1, "share", "Part of the finance that is given in grants; the rest are loans", symbol="grants_k",
        group=AID, slider=(0, 1, 0.05), basis="grants, until a scenario says otherwise")  # fmt: skip
    digital_share: float = number(
        0.029, 0, 1, "share", "Part of the finance that goes into networks and skills, and closes the divide",
        symbol="digital_k", group=AID, slider=(0, 0.5, 0.001),
        basis="recorded for China (constant cn_finance_ict_share); assumed alike for all",
        prior=beta(2, 60, _JUDGED))  # fmt: skip
    aid_reserve: float = number(
        0.2, 0, 1, "share", "Part of the budget earmarked, once a year, for countries outside the bloc",
        symbol="reserve_k", group=AID, slider=(0, 1, 0.05),
        basis="judgement: a minority of aid is uncommitted when a year begins",
        prior=beta(2, 8, _JUDGED))  # fmt: skip
    in_force: float = number(
        1, 0, 1, "share", "How far the bloc's organization is in force; 1 where it needs none", symbol="force_k",
        group=INSTITUTIONS, slider=(0, 1, 0.05), affects=OFFER,
        basis="in force, until a scenario says that it is only signed")  # fmt: skip
    opening: float = number(
        0, 0, 1, "share", "How wide the founders' window of the bloc's organization stands open (opens: on the timeline)",
        symbol="open_k", group=INSTITUTIONS, basis=_NEUTRAL)  # fmt: skip
    dissolved: float = number(
        0, 0, 1, "yes or no", "1 = the bloc is dissolved: nobody belongs to it or joins it (dissolves: on the timeline)",
        symbol="gone_k", group=INSTITUTIONS, basis=_NEUTRAL)  # fmt: skip
    appeal: float = number(
        0, -10, 10, "logit", "What the leader's interest adds to the value of the bloc for every country",
        symbol="appeal_k", group=INSTITUTIONS, slider=(-3, 3, 0.1), affects=BASE, basis=_NEUTRAL)  # fmt: skip
    drift: float = number(
        0, 0, 2, "logit per sd and sqrt(year)",
        "How far the weights of UN votes and regime likeness wander in a year (standard deviation)",
        symbol="drift_k", group=WORLD, slider=(0, 1, 0.05), basis=_NEUTRAL)  # fmt: skip
    capacity_programme: float = number(
        0, 0, 1, "share of a full programme",
        "Capacity building for members; a full programme closes the divide at divide.programme_rate",
        symbol="cap_k", group=DIVIDE, slider=(0, 1, 0.05), basis=_NEUTRAL)  # fmt: skip
    capacity_outsider_share: float = number(
        0.25, 0, 1, "share", "Part of the capacity programme that is open to non-members", symbol="cap_out_k",
        group=DIVIDE, slider=(0, 1, 0.05),
        basis="judgement: places in training are offered beyond the members",
        prior=beta(2, 6, _JUDGED))  # fmt: skip
    exclusivity: float = number(
        0, 0, 1, "1/year", "Chance in a year that the bloc tells a state that also belongs to a rival to choose",
        symbol="e_k", group=INSTITUTIONS, slider=(0, 0.3, 0.01), basis=_NEUTRAL)  # fmt: skip
    rival: float = number(
        1, 0, 1, "yes or no",
        "1 = the bloc is a rival of the others; 0 = it may be held beside any: no cost of hedging, no notice, no threat",
        symbol="rival_k", group=INSTITUTIONS, affects=BASE, basis="rivals, until a scenario says otherwise")  # fmt: skip
    coercion: float = number(
        0, 0, 1, "share",
        "Threat by the leader against members of rival blocs, in proportion to dependence on it",
        symbol="coercion_k", group=INSTITUTIONS, slider=(0, 1, 0.05), affects=BASE,
        basis=_NEUTRAL)  # fmt: skip
    debt_distress: float = number(
        0, 0, 1, "share", "How far lending by the leader is in distress; turns its loans into a burden",
        symbol="distress_k", group=AID, slider=(0, 1, 0.05), affects=BASE, basis=_NEUTRAL)  # fmt: skip


class Behaviour(Section):
    """How countries decide."""

    attention: float = number(
        0.1, 0, 1, "1/quarter", "Probability that a country reconsiders its membership in a quarter",
        symbol="attention", group=BEHAVIOUR, slider=(0.01, 0.5, 0.01),
        basis="judgement until the joining-date evidence: a review every two to three years",
        prior=beta(4, 36, _JUDGED))  # fmt: skip
    mu: float = number(
        1, 0, 50, "1/logit", "Scale of the logit: 0 = coin tosses, large = best response", symbol="mu",
        group=BEHAVIOUR, slider=(0.2, 5, 0.1), basis="1 by construction of the estimate")  # fmt: skip
    join_cost: float = number(
        1, 0, 20, "logit", "Utility lost once per bloc joined", symbol="join_cost", group=BEHAVIOUR,
        slider=(0, 6, 0.1), basis="judgement until the joining-date evidence",
        prior=cut_normal(1, 0.5, 0, 20, _JUDGED))  # fmt: skip
    leave_cost: float = number(
        3, 0, 20, "logit", "Utility lost once per bloc left", symbol="leave_cost", group=BEHAVIOUR,
        slider=(0, 8, 0.1), basis="judgement until the joining-date evidence; exits are rare",
        prior=cut_normal(3, 1, 0, 20, _JUDGED))  # fmt: skip
    hedging_cost: float = number(
        0, 0, 20, "logit", "Standing cost of belonging to two rival blocs, whoever they are",
        symbol="hedging", group=INSTITUTIONS, slider=(0, 6, 0.1),
        basis="overlap of the lists of 2026: one state on both, 2.3 to 4.5 expected of independent choices",
        prior=cut_normal(1.0, 0.9, 0, 20, "overlap of the lists of 2026; the width is judgement"))  # fmt: skip
    lock_in: float = number(
        0, 0, 10, "logit per share of compute",
        "Pull of the bloc whose machines a country runs on, against the start", symbol="kappa", group=CHIPS,
        slider=(0, 3, 0.1), basis="association of vendors with lists; weak, an upper bound",
        prior=cut_normal(0.8, 0.7, 0, 10, "association of vendors with lists; weak, an upper bound"))  # fmt: skip
    effect_scale: float = number(
        1, 0, 5, "ratio", "Multiplies the spread of the persistent country effects", symbol="sigma_u scale",
        group=BEHAVIOUR, slider=(0, 2, 0.1), affects=BASE, basis="1 = as estimated",
        prior=lognormal(1, 1.25, _JUDGED))  # fmt: skip
    landscape_scale: float = number(
        10, 0, 100, "logit", "Landscape rule: utility of being attracted by the whole world", symbol="lambda",
        group=BEHAVIOUR, basis="judgement: attraction by everybody outweighs every cost",
        prior=lognormal(10, 2, _JUDGED))  # fmt: skip


class Chips(Section):
    """The chip market as a whole."""

    growth_long: float = number(
        0.2, -0.5, 2, "1/year", "Growth of chip supply in the long run", symbol="g_long", group=CHIPS,
        slider=(0, 1, 0.05), basis="judgement: industry growth once the build-out is over",
        prior=cut_normal(0.2, 0.1, -0.5, 2, _JUDGED))  # fmt: skip
    growth_halflife: float = number(
        1.5, 0.1, 20, "years", "Half-life of the excess of today's growth over the long run", symbol="h",
        group=CHIPS, slider=(0.5, 5, 0.25),
        basis="judgement; recorded growth fell from 5.5x to 3.0x a year in two years",
        prior=lognormal(1.5, 1.5, _JUDGED))  # fmt: skip
    sufficiency: float = number(
        0.1, 0.001, 10, "share of a year's need", "How much compute is nearly enough: less, and it is soon enough",
        symbol="h", group=CHIPS, slider=(0.01, 1, 0.01), basis="judgement, drawn over a wide range",
        prior=lognormal(0.1, 3, _JUDGED))  # fmt: skip
    depreciation: float = number(
        0.2, 0, 1, "1/year", "Share of installed compute that is retired in a year", symbol="delta",
        group=CHIPS, slider=(0, 0.5, 0.05), basis="judgement: about five years of service",
        prior=beta(8, 32, _JUDGED))  # fmt: skip
    compute_floor: float = number(
        1, 0.001, 1000, "H100e per million people", "Compute that everybody can rent abroad",
        symbol="epsilon", group=CHIPS,
        basis="judgement: keeps the logarithm finite where nothing is installed",
        prior=lognormal(1, 3, _JUDGED))  # fmt: skip


class Divide(Section):
    """How digital divides close."""

    own_rate: float = number(
        0.06, 0, 0.5, "1/year", "Share of its divide that a country closes by itself in a year",
        symbol="own rate", group=DIVIDE, slider=(0, 0.2, 0.01),
        basis="share of people offline fell by about 6 % a year, 2013-2023 (internet users panel)",
        prior=cut_normal(0.06, 0.02, 0, 0.5, "recorded rate; the width is judgement"))  # fmt: skip
    programme_rate: float = number(
        0.08, 0, 1, "1/year", "Extra share of the divide that a full programme closes in a year",
        symbol="programme rate", group=DIVIDE, slider=(0, 0.3, 0.01),
        basis="judgement: a full programme more than doubles the own rate",
        prior=cut_normal(0.08, 0.04, 0, 1, _JUDGED))  # fmt: skip
    aid_share: float = number(
        0.5, 0, 10, "effort per % of GDP", "Effort bought by digital finance of one per cent of GDP a year",
        symbol="infra share", group=DIVIDE, slider=(0, 2, 0.05),
        basis="judgement: two per cent of GDP a year pay for a full programme",
        prior=lognormal(0.5, 2, _JUDGED))  # fmt: skip
    fund: float = number(
        0, 0, 1, "share of a full programme",
        "Programme open to all, whatever their membership (a UN-led fund)", symbol="fund", group=DIVIDE,
        slider=(0, 1, 0.05), basis=_NEUTRAL)  # fmt: skip


class Organizations(Section):
    """How organizations open, are signed and come into force."""

    opening_attention: float = number(
        0.96, 0, 1, "probability", "Chance that an open founders' window makes an outsider decide on joining",
        symbol="omega", group=INSTITUTIONS, slider=(0, 1, 0.02),
        basis="estimated from the joining dates of six lists, 0.91 to 0.99")  # fmt: skip
    opening_bonus: float = number(
        2.2, -10, 10, "logit", "What founders gain by joining while the window is open", symbol="b_open",
        group=INSTITUTIONS, slider=(0, 4, 0.1), basis="18 outsiders signed in July 2026; no test of it",
        prior=normal(2.2, 0.5, "18 outsiders signed in July 2026"))  # fmt: skip
    before_force: float = number(
        1 / 3, 0, 1, "share", "Part of what membership delivers that members get before the organization is in force",
        symbol="s", group=INSTITUTIONS, slider=(0, 1, 1 / 30), affects=OFFER,
        basis="judgement: programmes begin before ratification, on a smaller scale",
        prior=beta(2, 4, _JUDGED))  # fmt: skip
    signing_sd: float = number(
        1, 0, 5, "logit", "Spread of what a new organization is worth to single countries", symbol="sigma_sign",
        group=INSTITUTIONS, basis="as the country effects of other lists")  # fmt: skip
    discrimination_sd: float = number(
        0.5, 0, 3, "log", "How differently lists separate countries: sd of the log of their discrimination",
        symbol="sigma_lambda", group=INSTITUTIONS, basis="lists of 2013-2026; docs/levers.md")  # fmt: skip


class PeerWeights(Section):
    """Mix of the three peer networks (relative weights)."""

    trade: float = number(
        1, 0, 100, "weight", "Weight of trade partners among a country's peers", symbol="w_trade",
        group=WORLD, slider=(0, 3, 0.1), basis="judgement: equal weights",
        prior=lognormal(1, 2, _JUDGED))  # fmt: skip
    region: float = number(
        1, 0, 100, "weight", "Weight of neighbours and the region among a country's peers", symbol="w_region",
        group=WORLD, slider=(0, 3, 0.1), basis="judgement: equal weights",
        prior=lognormal(1, 2, _JUDGED))  # fmt: skip
    votes: float = number(
        1, 0, 100, "weight", "Weight of countries that vote alike in the UN", symbol="w_votes", group=WORLD,
        slider=(0, 3, 0.1), basis="judgement: equal weights", prior=lognormal(1, 2, _JUDGED))  # fmt: skip


RULES: tuple[str, ...] = ("logit", "best_response", "threshold", "landscape")
GLOBAL_SECTIONS: dict[str, type[Section]] = {
    "behaviour": Behaviour,
    "chips": Chips,
    "divide": Divide,
    "organizations": Organizations,
    "peers": PeerWeights,
}

RENAMED: dict[str, str] = {
    "outsider_access": "conditionality, the share that only members may have (outsiders get access x (1 - conditionality))",
    "aid_outsider_share": "conditionality.aid, the share of a country's part that only members get (1 - aid_outsider_share)",
    "institution": "in_force (how far the organization is in force), and opens: and in_force: on the timeline",
    "aid": "grants and loans: their weights differ",
}
"""Names of version 0.1 that are no more, and what stands in their place."""
