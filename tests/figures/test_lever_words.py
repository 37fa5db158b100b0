"""Names of parameters and of what sweeps vary, in words."""

import pytest

from sim.labels.levers import factor_meaning, factor_words, full_label, lever_label, target_label
from sim.registry.columns import registry

WORDS = {
    "behaviour.attention": "Attention (1/quarter)",
    "rules.choice": "Decision rule",
    "scenario": "Scenario",
    "peers.network": "Network of peers",
    "leaders.china": "China-led: Leader",
    "leaders": "Leaders",
    "blocs.us.aid_budget": "US-led: Aid budget (US$ bn/year)",
    "blocs.eu.aid_budget": "EU: Aid budget (US$ bn/year)",
    "blocs.us.access.tier2_licence": "US-led: Chips for members, tier 2 with licence (share)",
    "blocs.us.conditionality.tier3": "US-led: Chips for members only, tier 3 (embargo) (share)",
    "blocs.china.conditionality.aid": "China-led: Aid for members only (share)",
    "blocs.us.in_force": "US-led: Organization in force (share)",
    "behaviour.lock_in": "Pull of machines in use (logit per share of compute)",
    "blocs.china.coefficients.affinity": "China-led: Weight of UN votes (logit per sd)",
    "blocs.china.aid_rule.need": "China-led: Aid by need",
    "countries.KEN.aid_offer.china": "KEN: aid offer, China-led",
    "countries.region:Africa.attention": "region:Africa: attention",
}


@pytest.mark.parametrize(("name", "words"), WORDS.items(), ids=WORDS)
def test_what_varies_has_words(name: str, words: str) -> None:
    assert factor_words(name) == words


def test_no_two_parameters_have_the_same_words() -> None:
    names = [parameter.name for parameter in registry()]
    assert len({full_label(name) for name in names}) == len(names)
    assert all("_" not in full_label(name) and "." not in lever_label(name) for name in names)


def test_countries_are_named_where_names_are_known() -> None:
    assert target_label("countries.KEN.divide", {"KEN": "Kenya"}) == "Kenya: divide"


def test_what_varies_has_a_meaning() -> None:
    assert "US$ million a year" in factor_meaning("countries.KEN.aid_offer.china")
    assert factor_meaning("blocs.eu.aid_budget") == factor_meaning("blocs.us.aid_budget") != ""
    assert factor_meaning("hope") == ""
