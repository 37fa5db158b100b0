"""Every term of the utility, declared once: meaning, unit, data behind it, prior, words.

The weights of a bloc (``blocs.*.coefficients``), the order in which the compiled code adds the terms up, the covariates
of the estimate, the data an explanation names and the words of tables and figures all follow from `TERMS`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Kind = Literal["intercept", "trait", "policy", "peers", "pressure"]
Normal = tuple[float, float]


@dataclass(frozen=True)
class Term:
    """What is known of one term of the value of belonging to a bloc.

    ``kind`` : ``trait`` (standing, standardised, estimated from the cross-section; computed in
    `sim.inputs.covariates.static_terms`), ``policy`` (what only members get), or neither
    ``text, words`` : its meaning, and the short words of figures and tables
    ``columns`` : of the world, behind it
    ``unit`` : of its weight
    ``prior`` : of its weight, by family of blocs: mean and standard deviation. Of a trait it is normal; any other is cut
    at zero, because a cross-section cannot tell these weights (allies were given chips and money because they are allies)
    ``per_unit`` : whether a trait's prior is stated per unit and not per standard deviation
    ``high_low`` : what a high and a low value of a trait means
    ``both_sides`` : whether data on the rival's family count as well
    ``may_repel`` : whether its weight may be negative although no cross-section tells it
    """

    name: str
    kind: Kind
    text: str
    words: str
    columns: tuple[str, ...] = ()
    unit: str = "logit per sd"
    prior: Mapping[str, Normal] = field(default_factory=dict)
    per_unit: bool = False
    high_low: tuple[str, str] = ("", "")
    both_sides: bool = False
    may_repel: bool = False


def _prior(us: Normal, china: Normal) -> dict[str, Normal]:
    return {"us": us, "china": china}


_DIVIDE = ("internet_users", "electricity", "telecom_infrastructure", "human_capital")

TERMS: tuple[Term, ...] = (
    Term("intercept", "intercept", "standing appeal of the bloc to a country that is average in everything",
         "standing appeal", unit="logit"),
    # Traits: what the priors rest on is said in sim.evidence.priors.
    Term("affinity", "trait", "closeness of UN voting ideal points to the leader", "UN votes", ("ideal_point",),
         prior=_prior((0.8, 0.4), (0.8, 0.4)),
         high_low=("votes close to the leader in the UN", "votes far from the leader in the UN")),
    Term("regime", "trait", "similarity of the political regime to the leader's", "regime likeness",
         ("liberal_democracy",), prior=_prior((0.7, 0.4), (0.7, 0.4)),
         high_low=("a political regime like the leader's", "a political regime unlike the leader's")),
    Term("security", "trait", "defence pact or major-ally status with the leader, minus the same with the rival",
         "defence ties", ("pact_us", "mnna_us", "pact_cn"), prior=_prior((1.2, 0.6), (1.0, 0.6)), per_unit=True,
         high_low=("close defence ties with the leader", "no close defence ties with the leader"), both_sides=True),
    Term("trade", "trait", "share of the country's trade that is with the leader", "trade",
         ("trade_share_us", "trade_share_cn"), prior=_prior((0.1, 0.3), (0.3, 0.3)),
         high_low=("much trade with the leader", "little trade with the leader")),
    Term("courtship", "trait", "how much the leader wants this country (size)", "size", ("gdp",),
         prior=_prior((0.0, 1.0), (0.0, 1.0)), high_low=("a large economy", "a small economy")),
    Term("readiness", "trait", "readiness for AI", "AI readiness", ("ai_readiness",),
         prior=_prior((0.3, 0.5), (0.3, 0.5)), high_low=("high AI readiness", "low AI readiness")),
    Term("finance", "trait", "development finance from the leader in the years before", "past finance",
         ("us_aid", "cn_finance", "gdp"), prior=_prior((0.3, 0.2), (0.0, 0.3)),
         high_low=("much finance from the leader", "little finance from the leader")),
    Term("need", "trait", "how far behind the country is (its digital divide)", "digital divide", _DIVIDE,
         prior=_prior((0.2, 0.2), (0.2, 0.2)), high_low=("a wide digital divide", "a narrow digital divide")),
    # Prior only: exports by tier, date and list (a triple difference) exclude nothing but weights above 3.
    Term("chips", "policy", "chips that only members get, set against what the country gets without joining anybody",
         "chips for members", ("us_tier", "ai_readiness", "gdp", "compute", "population"),
         "logit per usable log unit of compute", _prior((0.3, 0.8), (0.3, 0.8))),
    # Panel of finance and lists, per log unit of 1 + finance in per cent of GDP.
    Term("grants", "policy", "grants that only members get, against the reference offer", "grants for members",
         ("us_aid", "cn_finance", "gdp", "population", "income_group"), "logit per log unit of 1 + grants in % of GDP",
         _prior((0.2, 0.23), (0.65, 0.42))),
    Term("loans", "policy", "loans that only members get, against the reference offer", "loans for members",
         ("us_aid", "cn_finance", "gdp", "population", "income_group"), "logit per log unit of 1 + loans in % of GDP",
         _prior((0.1, 0.18), (0.1, 0.18)), may_repel=True),
    # States further behind join less of everything but relatively more of what builds capacity: weak.
    Term("divide", "policy", "how much of its digital divide the bloc would close for members only",
         "closing the divide", _DIVIDE, "logit per unit of divide closed", _prior((2.2, 2.5), (2.2, 2.5))),
    # The literature's N(1, 0.7) per share of peers, which joining dates inform.
    Term("peers", "peers", "weighted share of its neighbours that are members (gamma)", "peers",
         unit="logit per share of peers", prior=_prior((1.0, 0.7), (1.0, 0.7))),
    # Judgement, wide on purpose.
    Term("coercion", "pressure", "expected punishment by rival leaders, times dependence on them", "coercion by rivals",
         ("trade_share_us", "trade_share_cn"), "logit per unit of threat", _prior((2.0, 1.0), (2.0, 1.0))),
    Term("debt", "pressure", "debt to the leader relative to GDP, felt when lending is in distress", "debt distress",
         ("cn_finance", "gdp"), "logit per debt/GDP", _prior((0.0, 0.1), (0.5, 0.5))),
)  # fmt: skip

FURTHER_PARTS: tuple[str, ...] = ("effect", "lock_in", "appeal", "drift", "opening")
"""Parts of the value of a bloc that have no weight of their own: the country effect, the machines a country runs on, the
leader's appeal, what wandered of the weights, and an open founders' window."""

TERM_BY_NAME: dict[str, Term] = {term.name: term for term in TERMS}
TERM_NAMES: tuple[str, ...] = tuple(TERM_BY_NAME)
TRAIT_NAMES: tuple[str, ...] = tuple(term.name for term in TERMS if term.kind == "trait")
POLICY_NAMES: tuple[str, ...] = tuple(term.name for term in TERMS if term.kind == "policy")

FAMILY_COLUMNS: dict[str, tuple[str, ...]] = {
    "us": ("pact_us", "mnna_us", "trade_share_us", "us_aid", "us_tier"),
    "china": ("pact_cn", "trade_share_cn", "cn_finance"),
}
"""Columns of the world that concern one family of blocs only."""


def columns_behind(term: str, family: str) -> tuple[str, ...]:
    """Return the columns of the world behind a term of a bloc of this family; nothing for what is no term."""
    known = TERM_BY_NAME.get(term)
    if known is None:
        return ()
    foreign = {column for other, columns in FAMILY_COLUMNS.items() if other != family for column in columns}
    return tuple(column for column in known.columns if known.both_sides or column not in foreign)
