import math

import numpy as np
import pytest
from evidence_data import world_of

from sim.evidence.covariates import correlations, family_design, variance_inflation
from sim.inputs.covariates import (
    aid_term,
    debt_to,
    digital_divide,
    security_tie,
    static_terms,
    tied_finance,
    trade_with,
)
from sim.registry.terms import TRAIT_NAMES
from sim.world import constants, load_world

ISO3 = ("CHN", "IND", "NAM", "USA")
VALUES = {
    "ideal_point": [-1.0, -0.4, -0.2, 2.0],
    "liberal_democracy": [0.1, 0.3, 0.6, 0.8],
    "pact_us": [0.0, 0.0, 1.0, 0.0],
    "mnna_us": [0.0, 1.0, 1.0, 0.0],
    "pact_cn": [0.0, 0.0, 1.0, 0.0],
    "trade_share_us": [0.2, 0.1, 0.05, 0.0],
    "trade_share_cn": [0.0, 0.15, 0.25, 0.2],
    "gdp": [18000.0, 4000.0, 12.0, 28000.0],
    "ai_readiness": [70.0, 60.0, 30.0, 90.0],
    "us_aid": [10.0, 100.0, -20.0, 0.0],
    "cn_finance": [0.0, 0.0, 50.0, 0.0],
    "internet_users": [0.8, 0.5, 0.6, 1.0],
    "electricity": [1.0, 1.0, 0.5, 1.0],
    "telecom_infrastructure": [0.8, 0.5, 0.4, 1.0],
    "human_capital": [0.8, 0.6, 0.5, 1.0],
}
# (i, j, share of i's trade with j, pact)
TIES = [(1, 2, 0.02, True), (2, 1, 0.30, True), (0, 1, 0.04, False), (1, 0, 0.15, False)]
WORLD = world_of(VALUES, ISO3, TIES)
CHN, IND, NAM, USA = range(4)


def test_terms_of_the_us_by_hand() -> None:
    terms = static_terms(WORLD, [USA], [CHN])
    assert tuple(terms) == TRAIT_NAMES
    np.testing.assert_allclose(terms["affinity"], [-3.0, -2.4, -2.2, 0.0])
    np.testing.assert_allclose(terms["regime"], [-0.7, -0.5, -0.2, 0.0])
    # India is a major ally (one half), Namibia has pacts with both sides, each leader is tied to itself.
    np.testing.assert_allclose(terms["security"], [-1.0, 0.5, 0.0, 1.0])
    np.testing.assert_allclose(terms["trade"], VALUES["trade_share_us"])
    np.testing.assert_allclose(terms["courtship"], np.log(VALUES["gdp"]))
    np.testing.assert_allclose(terms["readiness"], [0.7, 0.6, 0.3, 0.9])
    share = constants()["cn_finance_ict_share"].value
    assert terms["finance"][IND] == pytest.approx(math.log1p(100 * share * 0.1 / 4000.0))
    assert terms["finance"][NAM] == 0.0, "money returned is no aid"
    assert terms["need"][NAM] == pytest.approx(0.5)


def test_terms_of_china_by_hand() -> None:
    terms = static_terms(WORLD, [CHN], [USA])
    np.testing.assert_allclose(terms["affinity"], [0.0, -0.6, -0.8, -3.0])
    np.testing.assert_allclose(terms["security"], [1.0, -0.5, 0.0, -1.0])
    np.testing.assert_allclose(terms["trade"], VALUES["trade_share_cn"])
    share = constants()["cn_finance_ict_share"].value
    assert terms["finance"][NAM] == pytest.approx(math.log1p(100 * share * 0.05 / 12.0))


def test_a_third_pole_uses_the_ties_between_countries() -> None:
    terms = static_terms(WORLD, [IND], [USA, CHN])
    np.testing.assert_allclose(terms["trade"], [0.04, 0.0, 0.30, 0.0])
    # Namibia: pact with India (1) minus the strongest rival pact (1); the US as rival is tied to itself.
    np.testing.assert_allclose(terms["security"], [-1.0, 0.5, 0.0, -1.0])
    assert (terms["finance"] == 0.0).all()


def test_several_leaders_act_as_one() -> None:
    terms = static_terms(WORLD, [IND, NAM])
    np.testing.assert_allclose(terms["affinity"], -np.abs(np.array(VALUES["ideal_point"]) + 0.3))
    np.testing.assert_allclose(security_tie(WORLD, [IND, NAM]), [0.0, 1.0, 1.0, 0.0])
    np.testing.assert_allclose(trade_with(WORLD, [USA, IND]), [0.24, 0.1, 0.35, 0.0])


def test_trade_with_several_leaders_is_a_share() -> None:
    values = {**VALUES, "trade_share_us": [0.9] * 4, "trade_share_cn": [0.8] * 4}
    assert trade_with(world_of(values, ISO3, TIES), [USA, CHN]).max() == 1.0


def test_a_bloc_without_a_leader_is_refused() -> None:
    with pytest.raises(ValueError, match="leader"):
        static_terms(WORLD, [])


def test_small_formulas() -> None:
    np.testing.assert_allclose(aid_term(np.array([0.0, 1.0]), np.array([10.0, 100.0])), [0.0, math.log(2.0)])
    np.testing.assert_allclose(digital_divide(WORLD), [0.15, 0.35, 0.5, 0.0])
    assert tied_finance(WORLD, [IND]).sum() == 0.0
    assert debt_to(WORLD, [USA]).sum() == 0.0


def test_design_is_centred_scaled_and_keeps_its_constants() -> None:
    design = family_design(load_world(), "china")
    np.testing.assert_allclose(design.standardised.mean(axis=0), 0.0, atol=1e-12)
    np.testing.assert_allclose(design.standardised.std(axis=0), 1.0)
    np.testing.assert_allclose(design.raw, design.standardised * design.scale + design.centre, atol=1e-9)


def test_blocs_mirror_each_other_in_security_and_share_what_is_the_countrys_own() -> None:
    us, china = (family_design(load_world(), family) for family in ("us", "china"))
    column = {term: n for n, term in enumerate(TRAIT_NAMES)}
    np.testing.assert_allclose(us.raw[:, column["security"]], -china.raw[:, column["security"]])
    for term in ("courtship", "readiness", "need"):
        np.testing.assert_array_equal(us.raw[:, column[term]], china.raw[:, column[term]])


def test_collinearity_measures_by_hand() -> None:
    design = family_design(load_world(), "us", ("affinity", "readiness"))
    r = correlations(design)[0, 1]
    np.testing.assert_allclose(variance_inflation(design), 1.0 / (1.0 - r * r))
