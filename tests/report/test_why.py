"""Why a country stands where it stands, in sentences: none contradicts the numbers it was made from."""

from __future__ import annotations

import functools
import re
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.attribution.explain import Admission, Explanation, Term
from sim.labels.shares import percent
from sim.labels.terms import because_text, term_words
from sim.report.why import BlocWhy, logits, member_share, standing, why_bloc

STATES = ("non_aligned", "us", "china", "us+china")
NAMES = ("intercept", "affinity", "size", "peers", "effect")
number = st.floats(-8, 8).map(lambda x: round(x, 3))
share = st.floats(0, 1)


@functools.cache
def plain() -> Explanation:
    return Explanation(
        scenario="made-up", iso3="KEN", name="Kenya", quarter="2031Q4", runs=100, seed=1, leads=None, blocs=("us", "china"),
        states=STATES, steps=("2031Q3", "2031Q4"), terms={}, value={}, sets={state: {} for state in STATES},
        utility=dict.fromkeys(STATES, 0.0), chance=dict.fromkeys(STATES, 0.25), allowed=dict.fromkeys(STATES, 1.0),
        attention=0.1, path={}, offers={}, market=(0.0, 0.0), admission={}, peers=(), costs=(2.0, 6.0), joins={}, stays={},
    )  # fmt: skip


@st.composite
def explanations(draw: st.DrawFn) -> Explanation:
    """Return an explanation whose numbers are anything that the model could come to."""
    parts = np.array(draw(st.lists(st.integers(0, 100), min_size=4, max_size=4).filter(any)), float)
    path = {state: np.array([0.25, part]) for state, part in zip(STATES, parts / parts.sum(), strict=True)}
    terms, value, admission, joins, stays = {}, {}, {}, {}, {}
    for bloc in plain().blocs:
        means = draw(st.lists(number, min_size=len(NAMES), max_size=len(NAMES)))
        terms[bloc] = tuple(
            Term(name, mean, mean - 1, mean + 1, ()) for name, mean in zip(NAMES, means, strict=True)
        )
        value[bloc] = sum(means)
        closed, dissolved = draw(
            st.sampled_from([(0.0, 0.0), (0.0, 0.0), (1.0, 0.0), (0.2, 0.0), (0.0, 1.0)])
        )
        admission[bloc] = Admission(closed, dissolved, 0.0, 0.0, 0.0)
        joins[bloc] = 0.0 if max(closed, dissolved) == 1.0 else draw(share)
        stays[bloc] = 0.0 if dissolved == 1.0 else max(joins[bloc], draw(share))
    costs = (draw(st.floats(0, 6)), draw(st.floats(0, 9)))
    sets = {"us+china": {"exclusivity": draw(st.sampled_from([0.0, -0.5]))}}
    return replace(
        plain(), terms=terms, value=value, admission=admission, joins=joins, stays=stays, costs=costs, path=path,
        sets=plain().sets | sets, attention=draw(share),
    )  # fmt: skip


def claims(found: Explanation, why: BlocWhy) -> None:
    """Check every claim of the sentences about one bloc."""
    inside, bloc = member_share(found, why.bloc) >= 0.5, why.bloc
    worth, (joining, leaving) = found.value[bloc], found.costs
    shut = max(found.admission[bloc].closed, found.admission[bloc].dissolved) >= 0.5
    assert (" belongs to " in why.stays) == inside
    assert (" is outside " in why.stays) == (not inside)
    for shown in re.findall(r"worth ([+−]?\d+\.?\d*)", why.stays):
        assert shown == logits(worth)
    for text, cost in (
        ("joining costs ", joining),
        ("leaving costs ", leaving),
        ("leaving would cost ", leaving),
    ):
        for shown in re.findall(text + r"(\d+\.\d)", " ".join(why.sentences)):
            assert shown == f"{cost:.1f}"
    if "but leaving would cost" in why.stays:
        assert round(worth, 1) <= 0
    if "cost" in why.stays and "more." in why.stays:
        assert round(worth, 1) > 0
    if "would take it out" in why.stays:
        assert found.stays[bloc] < 0.5
    if "would bring it in" in why.stays:
        assert not inside
        assert found.joins[bloc] >= 0.5
    if "more than that" in why.outside:
        assert round(worth, 1) < round(joining, 1)
    assert ("would rather not join" in why.outside) == (inside and not shut and found.joins[bloc] < 0.5)
    assert ("would rather leave" in why.outside) == (
        not inside and found.admission[bloc].dissolved < 0.5 and found.stays[bloc] < 0.5
    )
    for shown in re.findall(r"bring it in with a chance of ([\d.]+) %", why.outside):
        assert shown == percent(found.joins[bloc])
    named = {term_words(term.name): term.mean for term in found.terms[bloc]}
    fors, _, against = why.terms.partition("against it")
    for text, sign in ((fors, "+"), (against, "−")):
        for words, mean in named.items():
            if f"{words} (" in text:
                assert f"{words} ({logits(mean)})" in text
                assert logits(mean).startswith(sign)
    if why.record:
        assert ("more lists" in why.record) == (named[term_words("effect")] > 0)


@settings(max_examples=400, deadline=None)
@given(explanations())
def test_no_sentence_contradicts_its_numbers(found: Explanation) -> None:
    for bloc in found.blocs:
        why = why_bloc(found, bloc)
        claims(found, why)
        for sentence in why.sentences:
            assert not re.search(r"[+−-]0\.0|nan|  |\d\.\d{3}", sentence)
            assert sentence.endswith(".")


@settings(max_examples=100, deadline=None)
@given(explanations())
def test_where_it_stands_is_the_likeliest_membership(found: Explanation) -> None:
    best = max(float(path[1]) for path in found.path.values())
    assert f"in {percent(best)} % of 100 futures" in standing(found)
    assert standing(found).startswith("At the end of 2031 Kenya is most often ")


def test_a_leader_does_not_choose() -> None:
    leads = replace(plain(), leads="us")
    assert why_bloc(leads, "us").sentences == ("Kenya leads its own bloc and does not choose.",)
    assert why_bloc(leads, "china").sentences == ("Kenya leads the US-led bloc and does not choose.",)


@pytest.mark.parametrize(("value", "words"), [(0.04, "0"), (-0.04, "0"), (-0.25, "−0.2"), (1.26, "+1.3")])
def test_a_value_is_written_as_people_write_it(value: float, words: str) -> None:
    assert logits(value) == words


def test_what_the_scenario_sets_is_not_called_what_the_data_do_not_explain() -> None:
    terms = {bloc: (Term("effect", 5.0, 4.0, 6.0, ()),) for bloc in plain().blocs}
    value = dict.fromkeys(plain().blocs, 5.0)
    path = {state: np.array([0.25, 0.25]) for state in STATES}
    admission = dict.fromkeys(plain().blocs, Admission(0.0, 0.0, 0.0, 0.0, 0.0))
    chances = dict.fromkeys(plain().blocs, 0.9)
    found = replace(
        plain(), terms=terms, value=value, path=path, admission=admission, joins=chances, stays=chances,
        effect_set=("us",),
    )  # fmt: skip
    assert "what the scenario itself sets of Kenya" in why_bloc(found, "us").record
    assert "has joined more lists" in why_bloc(found, "china").record
    assert because_text({"effect": 5.0}, 0.0) == "its own effect, as it is set +5.00"
