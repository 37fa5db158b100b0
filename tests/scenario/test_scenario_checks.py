"""Each plausibility check finds its own kind of oddity, with grade, place and reason, and leaves good scenarios alone."""

import pytest

from sim.errors import InputError
from sim.plausibility import CHECKS, Finding, check_scenario, meaning, refuse
from sim.plausibility.chips import record_growth
from sim.scenario.library import library
from sim.scenario.loader import load, load_text


def findings(text: str, **overrides: object) -> list[Finding]:
    base = "" if "extends:" in text or text.startswith("name:") else "extends: baseline\n"
    loaded = load_text(base + text, "mine.yaml", overrides)  # type: ignore[arg-type]
    return check_scenario(loaded)


def entry(fields: str) -> str:
    return f"timeline:\n  - {{name: e, {fields}, reference: somebody}}\n"


CASES: list[tuple[str, str, str, str]] = [
    ("coin-tosses", "error", "behaviour: {mu: 0}\n", "behaviour.mu"),
    ("coin-tosses", "error", entry("date: 2027Q1, set: {behaviour.mu: 0}"), "timeline[e].set.behaviour.mu"),
    ("nearly-deterministic", "info", "behaviour: {mu: 20}\n", "behaviour.mu"),
    ("nobody-decides", "error", "behaviour: {attention: 0}\n", "behaviour.attention"),
    ("nobody-decides", "warning", "behaviour: {attention: 0}\n" + entry("date: 2028Q1, attention: 0.2"), "behaviour.attention"),
    ("restless", "warning", "behaviour: {attention: 0.6}\n", "behaviour.attention"),
    ("prohibitive-exclusivity", "warning", entry("date: 2027Q1, set: {blocs.us.exclusivity: 0.5}"), "timeline[e].set.blocs.us.exclusivity"),
    ("prohibitive-exclusivity", "warning", "behaviour: {hedging_cost: 11}\n", "behaviour.hedging_cost"),
    ("frozen-memberships", "warning", "behaviour: {join_cost: 9}\n", "behaviour.join_cost"),
    ("fixed-coefficient", "warning", "blocs: {us: {coefficients: {affinity: -9}}}\n", "blocs.us.coefficients.affinity"),
    ("fixed-coefficient", "info", "blocs: {china: {coefficients: {divide: 2}}}\n", "blocs.china.coefficients.divide"),
    ("nothing-drawn", "info", "uncertainties: {chance: false}\n", "uncertainties.chance"),
    ("uncalibrated-rule", "info", "rules: {choice: threshold}\n", "rules.choice"),
    ("long-horizon", "warning", "horizon: {end: 2045Q4}\n", "horizon.end"),
    ("long-horizon", "error", "horizon: {end: 2065Q4}\n", "horizon.end"),
    ("start-not-calibrated", "warning", "horizon: {start: 2026Q1}\n", "horizon.start"),
    ("start-not-calibrated", "warning", "estimate: 2025-07-25\n", "estimate"),
    ("start-not-calibrated", "info", "horizon: {start: 2027Q4}\nblocs: {us: {members: [JPN]}, china: {members: [PAK]}}\n", "horizon.start"),
    ("unread-parameter", "warning", "behaviour: {landscape_scale: 5}\n", "behaviour.landscape_scale"),
    ("unread-parameter", "warning", "rules: {choice: landscape}\nblocs: {us: {aid_budget: 60}}\n", "blocs.us.aid_budget"),
    ("unread-parameter", "warning", "rules: {choice: best_response}\nbehaviour: {mu: 2}\n", "behaviour.mu"),
    ("unread-parameter", "warning", "rules: {choice: landscape}\n" + entry("date: 2028Q1, set: {chips.growth_long: 0.4}"), "timeline[e].set.chips.growth_long"),
    ("window-never-open", "warning", "organizations: {signing_sd: 2, opening_bonus: 3}\n", "organizations.opening_bonus"),
    ("window-never-open", "warning", entry("date: 2028Q1, add: {organizations.opening_attention: -0.5}"), "timeline[e].add.organizations.opening_attention"),
    ("outside-horizon", "warning", entry("date: 1999-01-01, set: {blocs.us.exclusivity: 0.2}"), "timeline[e].date"),
    ("outside-horizon", "warning", entry("date: 2026Q2, attention: 0.2"), "timeline[e].date"),
    ("tier-order", "warning", "blocs: {us: {access: {tier3: 0.9}}}\n", "blocs.us.access.tier3"),
    ("tier-order", "warning", "blocs: {us: {conditionality: {tier1: 0.6}}}\n", "blocs.us.conditionality.tier1"),
    ("nothing-conditional", "info", "blocs: {us: {conditionality: {tier2: 0, tier2_licence: 0}}}\n", "blocs.us.conditionality.tier2"),
    ("reserved-from-nobody", "info", "blocs: {us: {conditionality: {tier3: 0.5}}}\n", "blocs.us.conditionality.tier3"),
    ("reserved-from-nobody", "info", entry("date: 2028Q1, set: {blocs.us.conditionality.tier1: 0.2}"), "timeline[e].set.blocs.us.conditionality.tier1"),
    ("access-without-supply", "info", "blocs: {eu: {founders: [FRA], access: {tier1: 0.5}}}\n", "blocs.eu.access"),
    ("empty-tier", "warning", "blocs: {china: {access: {tier3: 0.5}}}\n", "blocs.china.access.tier3"),
    ("deal-with-embargoed", "warning", "countries: {CUB: {access: {us: 0.5}}}\n", "countries.CUB.access.us"),
    ("deal-without-effect", "info", "countries: {IND: {access: {us: 0.5}}}\n", "countries.IND.access.us"),
    ("chips-without-need", "warning", "blocs: {us: {domestic_supply: 0}, china: {domestic_supply: 0}}\nwithout: [china-rents-abroad]\n", "blocs.us.domestic_supply"),
    ("supply-date", "warning", "blocs: {us: {supply_at: 2031Q1}}\n", "blocs.us.supply_at"),
    ("supply-date", "warning", "blocs: {china: {supply_at: 2015Q1}}\n", "blocs.china.supply_at"),
    ("supply-growth-above-record", "warning", entry("date: 2027Q1, scale: {blocs.us.domestic_supply: 4}"), "timeline[e].scale.blocs.us.domestic_supply"),
    ("supply-growth-above-record", "error", entry("date: 2027Q1, scale: {blocs.us.domestic_supply: 50}"), "timeline[e].scale.blocs.us.domestic_supply"),
    ("export-jump", "info", entry("date: 2027Q1, set: {blocs.china.chip_supply: 400000}"), "timeline[e].set.blocs.china.chip_supply"),
    ("supply-above-world", "warning", "blocs: {us: {chip_supply: 2.0e+7}}\n", "blocs.us.chip_supply"),
    ("supply-above-world", "error", "blocs: {us: {chip_growth: 5}}\nchips: {growth_long: 1}\n", "blocs.us.chip_growth"),
    ("quality-above-frontier", "info", "blocs: {china: {chip_quality: 1.1}}\n", "blocs.china.chip_quality"),
    ("quality-above-frontier", "warning", "blocs: {china: {chip_quality: 1.5}}\n", "blocs.china.chip_quality"),
    ("aid-above-leader", "warning", "blocs: {china: {aid_budget: 160}}\n", "blocs.china.aid_budget"),
    ("aid-above-leader", "error", entry("date: 2027Q1, set: {blocs.china.aid_budget: 500}"), "timeline[e].set.blocs.china.aid_budget"),
    ("aid-above-record", "info", "blocs: {us: {aid_budget: 68}}\n", "blocs.us.aid_budget"),
    ("aid-above-record", "warning", entry("date: 2027Q1, scale: {blocs.us.aid_budget: 3}"), "timeline[e].scale.blocs.us.aid_budget"),
    ("aid-without-donor", "warning", "blocs: {eu: {members: [FRA], aid_budget: 1}}\n", "blocs.eu.aid_budget"),
    ("finance-for-all", "info", "blocs: {us: {conditionality: {aid: 0}}}\n", "blocs.us.conditionality.aid"),
    ("never-in-force", "info", "blocs: {china: {in_force: 0}}\n", "blocs.china.in_force"),
    ("divide-too-fast", "warning", "divide: {own_rate: 0.2}\n", "divide.own_rate"),
    ("fund-of-full-size", "info", "divide: {fund: 0.9}\n", "divide.fund"),
    ("debt-without-loans", "warning", entry("date: 2027Q1, set: {blocs.us.debt_distress: 1}"), "timeline[e].set.blocs.us.debt_distress"),
    ("one-bloc", "info", "name: a\nblocs: {us: {leader: USA}}\n", "blocs"),
    ("empty-bloc", "warning", "blocs: {eu: {}}\n", "blocs.eu"),
    ("borrowed-weights", "info", "blocs: {eu: {founders: [FRA], family: china}}\n", "blocs.eu.family"),
    ("responsive-without-money", "warning", "leaders: {us: responsive}\nblocs: {us: {aid_reserve: 0}}\n", "leaders.us"),
    ("leader-moved", "warning", "countries: {CHN: {member_of: [us]}}\n", "countries.CHN.member_of"),
    ("leader-taken", "warning", "blocs: {eu: {leader: [FRA, DEU]}}\n", "blocs.eu.leader"),
    ("leader-never-chooses", "warning", "countries: {CHN: {aid_factor: {us: 3}}}\n", "countries.CHN.aid_factor.us"),
    ("offer-to-barred", "warning", "countries: {RUS: {effect: {us: 50}}}\n", "countries.RUS.effect.us"),
    ("offer-to-barred", "warning", entry("date: 2028Q1, set: {countries.RUS.aid_offer.us: 900}"), "timeline[e].set.countries.RUS.aid_offer.us"),
    ("barred-member", "info", "countries: {KEN: {barred: {us: 1}}}\n", "countries.KEN.barred.us"),
    ("leader-never-chooses", "warning", "countries: {USA: {attention: 5}}\n", "countries.USA.attention"),
    ("leader-never-chooses", "warning", entry("date: 2028Q1, add: {countries.CHN.effect.us: 20}"), "timeline[e].add.countries.CHN.effect.us"),
    ("covered-override", "warning", "countries: {KEN: {chip_need: 2}, region:Africa: {chip_need: 3}}\n", "countries.KEN"),
    ("large-country-effect", "warning", "countries: {KEN: {effect: {us: 8}}}\n", "countries.KEN.effect.us"),
    ("large-country-effect", "warning", entry("date: 2027Q1, add: {countries.KEN.effect.us: -8}"), "timeline[e].add.countries.KEN.effect.us"),
    ("outside-horizon", "warning", entry("date: 2040Q1, set: {divide.fund: 0.1}"), "timeline[e].date"),
    ("outside-horizon", "warning", entry("after: 2040Q1, median: 2041Q1, in_force: china"), "timeline[e].after"),
    ("outside-horizon", "warning", entry("date: 2020Q1, until: 2025Q2, set: {divide.fund: 0.1}"), "timeline[e].until"),
    ("outside-horizon", "warning", entry("date: 2026Q2, opens: us"), "timeline[e].opens"),
    ("no-change", "info", entry("date: 2027Q1, set: {blocs.us.coercion: 0}"), "timeline[e].set.blocs.us.coercion"),
    ("no-change", "info", entry("date: 2027Q1, in_force: us"), "timeline[e].in_force"),
    ("out-of-bounds", "warning", entry("date: 2027Q1, add: {blocs.us.grant_share: 0.9}"), "timeline[e].add.blocs.us.grant_share"),
    ("chance-of-event", "warning", entry("date: 2027Q1, probability: 0, lasts: 2, set: {divide.fund: 0.1}"), "timeline[e].probability"),
    ("chance-of-event", "info", entry("date: 2027Q1, probability: 1, lasts: 2, set: {divide.fund: 0.1}"), "timeline[e].probability"),
    ("chance-of-event", "info", entry("date: 2027Q1, probability: 0.8, lasts: 2, set: {divide.fund: 0.1}"), "timeline[e].probability"),
    ("chance-of-event", "warning", entry("date: 2027Q1, chance: 0, set: {divide.fund: 0.1}"), "timeline[e].chance"),
    ("chance-of-event", "info", entry("date: 2027Q1, chance: 1, set: {divide.fund: 0.1}"), "timeline[e].chance"),
    ("chance-of-event", "info", entry("after: 2027Q1, median: 2050Q1, set: {divide.fund: 0.1}"), "timeline[e].median"),
    ("random-for-good", "info", entry("date: 2027Q1, probability: 0.1, set: {divide.fund: 0.1}"), "timeline[e]"),
    ("random-without-name", "info", "timeline:\n  - {date: 2027Q1, probability: 0.1, lasts: 2, set: {divide.fund: 0.1}, reference: x}\n", "timeline[1]"),
    ("concerns-without-attention", "warning", entry("date: 2028Q1, concerns: [KEN], set: {divide.fund: 0.1}"), "timeline[e].concerns"),
    ("concerns-without-attention", "info", entry("date: 2028Q1, concerns: [KEN], attention: 0.5, set: {blocs.us.exclusivity: 0.2}"), "timeline[e].concerns"),
    ("window-for-nobody", "warning", "blocs: {us: {excludes: [all]}}\n" + entry("date: 2028Q1, opens: us"), "timeline[e].opens"),
    ("window-for-nobody", "warning", "organizations: {opening_attention: 0}\n" + entry("date: 2028Q1, opens: us"), "timeline[e].opens"),
    ("window-for-nobody", "warning", entry("date: 2028Q1, opens: us") + "  - {name: end, date: 2027Q1, dissolves: us, reference: somebody}\n", "timeline[e].opens"),
    ("in-force-before-signing", "warning", "extends: july-2025\n" + entry("after: 2026-01-01, median: 2027-05-15, in_force: china").replace("name: e", "name: waico-in-force"), "timeline[waico-in-force].in_force"),
    ("ramp-beyond-horizon", "info", entry("date: 2036Q1, over: 8, set: {divide.fund: 0.1}"), "timeline[e].over"),
    ("ramp-beyond-horizon", "info", entry("date: 2027Q1, over: 8, until: 2028Q1, set: {divide.fund: 0.1}"), "timeline[e].over"),
    ("attention-shock", "warning", entry("date: 2027Q1, attention: 0.9"), "timeline[e].attention"),
    ("assumptions", "info", "timeline:\n  - {name: e, date: 2027Q1, set: {divide.fund: 0.1}, reference: assumption}\n", "timeline[e].reference"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "grade", "text", "where"), CASES, ids=[f"{c[0]}-{n}" for n, c in enumerate(CASES)]
)
def test_a_check_finds_its_kind(name: str, grade: str, text: str, where: str) -> None:
    found = [c for c in findings(text) if c.name == name]
    assert [c.where for c in found] == [where]
    (finding,) = found
    assert finding.grade == grade
    assert finding.message
    assert finding.reason
    assert finding.place.file == "mine.yaml"
    assert str(finding).startswith(f"mine.yaml:{finding.place.line}:{finding.place.column}: {grade} {name}: ")


QUIET: list[tuple[str, str]] = [
    ("prohibitive-exclusivity", "blocs: {us: {exclusivity: 0.3}}\n"),
    ("start-not-calibrated", "estimate: 2025-07-25\nhorizon: {start: 2025Q3}\n"),
    ("unread-parameter", "rules: {choice: landscape}\nbehaviour: {landscape_scale: 5, leave_cost: 2}\nblocs: {us: {exclusivity: 0.2}}\n"),
    ("unread-parameter", "rules: {choice: threshold}\nbehaviour: {mu: 2}\n"),
    ("tier-order", "blocs: {us: {conditionality: {tier2: 0.5}}}\n"),
    ("nothing-conditional", "blocs: {us: {conditionality: {tier2: 0}}}\n"),
    ("nothing-drawn", "uncertainties: {given_members: false}\n"),
    ("nothing-conditional", "blocs: {us: {chip_supply: 0, conditionality: {tier2: 0, tier2_licence: 0}}}\n"),
    ("reserved-from-nobody", "blocs: {us: {conditionality: {tier2: 1}}}\n"),
    ("chips-without-need", "blocs: {us: {domestic_supply: 0}}\n"),
    ("supply-date", "blocs: {us: {supply_at: 2026Q1}}\n"),
    ("supply-above-world", "blocs: {us: {supply_at: 2026Q4, chip_supply: 8000000, domestic_supply: 2.4e+7}}\n"),
    ("supply-growth-above-record", entry("date: 2028Q1, set: {blocs.china.chip_supply: 1000000}")),
    ("aid-above-record", "blocs: {us: {aid_budget: 51.3}, china: {aid_budget: 100}}\n"),
    ("aid-above-leader", "blocs: {china: {aid_budget: 110}}\n"),
    ("finance-for-all", "blocs: {us: {aid_budget: 0, conditionality: {aid: 0}}}\n"),
    ("never-in-force", "blocs: {eu: {founders: [FRA]}}\n"),
    ("leader-taken", "blocs: {eu: {leader: [KWT]}}\n"),
    ("leader-never-chooses", "countries: {KEN: {attention: 5}, USA: {chip_need: 2}}\n"),
    ("large-country-effect", "countries: {USA: {effect: {us: -20}}}\n"),
    ("large-country-effect", "countries: {RUS: {effect: {us: 50}}}\n"),
    ("offer-to-barred", "countries: {RUS: {effect: {china: 3}}, KEN: {aid_offer: {us: 5}}}\n"),
    ("offer-to-barred", "countries: {RUS: {effect: {us: 3}}}\n" + entry("date: 2028Q1, set: {countries.RUS.barred.us: 0}")),
    ("barred-member", "countries: {BRA: {barred: {us: 0}}, 'region:Africa': {barred: {china: 1}}}\n"),
    ("outside-horizon", entry("date: 2028Q1, opens: us")),
    ("outside-horizon", "horizon: {end: 2027Q1}\n"),
    ("outside-horizon", entry("date: 2025Q1, until: 2027Q2, opens: us")),
    ("outside-horizon", entry("date: 2025Q1, chance: 0.5, set: {blocs.us.exclusivity: 0.2}")),
    ("outside-horizon", entry("date: 2026Q2, set: {blocs.us.exclusivity: 0.2}")),
    ("ramp-beyond-horizon", "horizon: {end: 2027Q1}\n"),
    ("window-never-open", "organizations: {opening_bonus: 3}\n" + entry("date: 2028Q1, opens: us")),
    ("window-never-open", "organizations: {before_force: 0.5, opening_bonus: 2.2}\n"),
    ("unread-parameter", "behaviour: {landscape_scale: 10}\n"),
    ("no-change", entry("after: 2027Q1, median: 2028Q1, in_force: us")),
    ("chance-of-event", entry("date: 2027Q1, chance: 0.9, set: {divide.fund: 0.1}")),
    ("random-for-good", entry("date: 2027Q1, chance: 0.5, set: {divide.fund: 0.1}")),
    ("concerns-without-attention", entry("date: 2028Q1, concerns: [KEN], attention: 0.5, add: {countries.KEN.effect.us: 1}")),
    ("window-for-nobody", entry("date: 2028Q1, opens: us")),
    ("window-for-nobody", entry("date: 2028Q1, opens: us") + "  - {name: end, date: 2029Q1, dissolves: us, reference: somebody}\n"),
    ("in-force-before-signing", "extends: july-2025\n"),
    ("in-force-before-signing", entry("date: 2030Q1, opens: china")),
]  # fmt: skip


@pytest.mark.parametrize(("name", "text"), QUIET, ids=[f"{c[0]}-{n}" for n, c in enumerate(QUIET)])
def test_a_check_leaves_alone_what_is_only_like_its_kind(name: str, text: str) -> None:
    assert name in CHECKS
    assert [str(c) for c in findings(text) if c.name == name] == []


def test_runs_that_are_all_the_same_are_said_to_be() -> None:
    (found,) = (
        c
        for c in findings("uncertainties: {coefficients: false, country_effects: false, chance: false}\n")
        if c.name == "nothing-drawn"
    )
    assert found.reason == "every run is the same; one is enough"


def test_odds_are_those_of_the_number() -> None:
    (found,) = findings("countries: {KEN: {effect: {us: 8}}}\n")
    assert "odds of 2,981 to 1" in found.reason


def test_every_check_has_a_case_and_says_what_it_is_for() -> None:
    assert {case[0] for case in CASES} == set(CHECKS)
    for name in CHECKS:
        assert meaning(name)
        assert not meaning(name).startswith("Find")


def test_the_baseline_raises_no_doubt() -> None:
    loaded = load("baseline")
    assert check_scenario(loaded) == []


@pytest.mark.parametrize("name", list(library()))
def test_the_library_is_plausible(name: str) -> None:
    loaded = load(name)
    found = check_scenario(loaded)
    assert [str(c) for c in found if c.grade != "info"] == []
    refuse(found)


def test_random_events_are_looked_at_as_if_they_happened() -> None:
    text = entry("date: 2027Q1, probability: 0.01, lasts: 4, set: {blocs.us.exclusivity: 0.9}")
    assert "prohibitive-exclusivity" in {c.name for c in findings(text)}


def test_a_recovery_is_no_record() -> None:
    text = entry(
        "date: 2027Q1, until: 2029Q1, scale: {blocs.us.domestic_supply: 0.1, blocs.us.chip_supply: 0.1}"
    )
    assert "supply-growth-above-record" not in {c.name for c in findings(text)}


def test_the_record_is_that_of_the_data() -> None:
    assert 3 < record_growth() < 5


def test_the_gravest_comes_first() -> None:
    grades = [
        c.grade
        for c in findings(
            "behaviour: {mu: 0}\nrules: {choice: logit}\nuncertainties: {chance: false}\nleaders: {us: responsive}\nblocs: {us: {aid_reserve: 0}}\n"
        )
    ]
    assert grades == sorted(grades, key=("error", "warning", "info").index)
    assert set(grades) == {"error", "warning", "info"}


def test_findings_become_errors_by_name() -> None:
    found = findings("behaviour: {mu: 20, attention: 0.6}\n")
    assert {c.name: c.grade for c in found} == {"nearly-deterministic": "info", "restless": "warning"}
    refuse(found, ["tier-order"])
    with pytest.raises(InputError, match="nearly-deterministic"):
        refuse(found, ["nearly-deterministic", "tier-order"])
    for names in ([], ["all"]):
        with pytest.raises(InputError) as error:
            refuse(found, names)
        assert [p.message.split(":")[0] for p in error.value.problems] == ["restless"]
    with pytest.raises(InputError, match="there is no check 'tier-ordr'; did you mean tier-order"):
        refuse([], ["tier-ordr"])
    refuse([c for c in found if c.grade == "info"])


def test_a_deal_that_ends_a_better_one_is_not_said_to_do_nothing() -> None:
    """The Emirates and Saudi Arabia have a deal of 0.95 in the baseline; the tier of the Gulf gives 0.8."""
    quota = entry('date: 2027Q1, set: {"countries.club:gcc.access.us": 0.3}')
    [said] = [one.message for one in findings(quota) if one.name == "deal-without-effect"]
    assert said == "this ends the better deal of ARE, SAU and changes nothing for others"
    [said] = [
        one.message for one in findings(quota.replace("club:gcc", "OMN")) if one.name == "deal-without-effect"
    ]
    assert said == "members have 0.8 or more without a deal: one of 0.3 gives nothing"
    assert not [one for one in findings(quota.replace("0.3", "0.9")) if one.name == "deal-without-effect"]


def test_a_section_in_an_entry_is_answered_with_the_way_to_write_it() -> None:
    with pytest.raises(InputError, match=r"countries is not a known key; write set: \{countries\. "):
        findings(entry("date: 2027Q1, countries: {BRA: {effect: {china: -5}}}"))
