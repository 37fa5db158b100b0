"""What came of a change, in sentences: random changes, and no sentence says what the numbers do not."""

import re
from dataclasses import replace

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from sim.attribution.compare import Comparison, Flip
from sim.labels.numbers import SAME
from sim.labels.shares import state_words
from sim.labels.terms import because_text
from sim.measures import Band
from sim.report.outcome import (
    LIKELY,
    MUCH_MORE,
    VISIBLE,
    WEIGHTS,
    WEIGHTY,
    Background,
    moves,
    outcome_sentences,
    points,
)

STATES = ("non_aligned", "us", "china", "us+china")
NAMES = {f"C{n:02d}": f"Country {n}" for n in range(60)}
LABELS = {
    "us": "the US-led bloc", "china": "the China-led bloc", "several": "the group in both blocs",
    "non_aligned": "the non-aligned group",
}  # fmt: skip

CHANGE = st.floats(-0.3, 0.3)
BAND = st.tuples(CHANGE, CHANGE, CHANGE).map(lambda three: (three[0], min(three[1:]), max(three[1:])))
TERMS = st.dictionaries(
    st.sampled_from(["grants", "chips", "divide", "leave_cost"]), st.floats(-2, 2), min_size=1
)
FLIP = st.builds(
    lambda iso3, probability, pair, because, timing, closed: Flip(
        iso3, probability, "2028Q1", *pair, because, sum(because.values()), timing, closed
    ),
    st.sampled_from(sorted(NAMES)), st.floats(0.01, 1), st.permutations(STATES).map(lambda states: states[:2]), TERMS,
    st.floats(0, 1), st.floats(0, 0.4),
)  # fmt: skip
FLIPS = st.lists(FLIP, max_size=8, unique_by=lambda flip: flip.iso3).map(
    lambda flips: tuple(sorted(flips, key=lambda flip: -flip.probability))
)


def comparison(us, china, both, flips=(), parted=1.0, compute=None):
    """Return a comparison with these changes of shares at the end, (mean, low, high) each."""

    def band(three):
        return Band(*(np.array([0.0, part]) for part in three))

    def least(three, other):
        return tuple(np.subtract(three, other))

    alone = {"us": least(us, both), "china": least(china, both), "us+china": both}
    alone["non_aligned"] = tuple(-np.sum(list(alone.values()), axis=0))
    alone["non_aligned"] = (alone["non_aligned"][0], *sorted(alone["non_aligned"][1:]))
    return Comparison(
        a="a", b="b", steps=("2028Q3", "2028Q4"), blocs=("us", "china"), states=STATES, seed=1, runs=100,
        change={"count": {name: band(three) for name, three in alone.items()}},
        bloc_change={"count": {"us": band(us), "china": band(china)}}
        | ({} if compute is None else {"compute": {bloc: band(three) for bloc, three in compute.items()}}),
        unpaired={}, flips=tuple(flips),
        flows=np.eye(4), parted=parted, compute_parted=parted,
    )  # fmt: skip


COMPUTE = st.one_of(st.none(), st.fixed_dictionaries({"us": BAND, "china": BAND}))
COMPARISONS = st.builds(comparison, BAND, BAND, BAND, FLIPS, compute=COMPUTE)
NOTHING = (0.0, 0.0, 0.0)


@given(COMPARISONS)
def test_sentences_never_contradict_the_numbers(found):
    lead, *rest = outcome_sentences(found, NAMES, ["Finance 1 → 2"])
    moved = {LABELS[one.name]: one for one in moves(found)}
    visible = [one for one in moved.values() if one.visible]
    assert ("no visible change" in lead) == (not visible)
    assert lead.startswith("Finance 1 → 2: ")
    for label, verb, change in re.findall(
        r"(the [\w\- ]+?(?:bloc|group(?: in both blocs)?)) (gains|loses) .*?\((\S+) points", lead
    ):
        one = moved[label]
        assert one.visible
        assert (verb == "gains") == (one.mean > 0)
        assert change == points(one.mean)
    for label in re.findall(r"(the [\w\-]+ bloc)(?: and the [\w\-]+ bloc)? hardly move", lead):
        assert not moved[label].visible
    for sentence in rest:
        if sentence.startswith("By weight"):
            said_of_weights(found, sentence)
        elif sentence.endswith("all the same."):
            assert not visible
            said_of_likely(found, sentence)
        else:
            said_of_countries(found, sentence)


def said_of_weights(found, sentence):
    """Every share that is told moves as it is told, and much more than that of states."""
    told = re.findall(r"(the [\w\-]+ bloc) by (\S+) points of ([\w ]+?)(?: and |, |\.$)", sentence)
    assert told, sentence
    for label, said, weight in told:
        key = next(key for key, words in WEIGHTS.items() if words == weight)
        bloc = next(bloc for bloc in found.blocs if LABELS[bloc] == label)
        mean = found.bloc_change[key][bloc].mean[-1]
        assert said == points(mean)
        assert abs(mean) >= WEIGHTY
        assert abs(mean) >= MUCH_MORE * abs(found.bloc_change["count"][bloc].mean[-1])


def said_of_likely(found, sentence):
    """A country that is named although no share moves ends elsewhere in as many futures as is said."""
    flips = {NAMES[flip.iso3]: flip for flip in found.flips}
    named = re.findall(r"(Country \d+) \((\d+) % of futures\)", sentence)
    assert named
    assert all(flips[name].probability >= LIKELY for name, _ in named)
    assert all(abs(100 * flips[name].probability - int(percent)) <= 0.5 for name, percent in named)


def said_of_countries(found, sentence):
    """Every country that is named adds to the change that is told first."""
    first = sorted(
        (one for one in moves(found) if one.visible),
        key=lambda one: (one.name not in found.blocs, -abs(one.mean)),
    )[0]
    flips = {NAMES[flip.iso3]: flip for flip in found.flips}
    named = re.findall(r"(Country \d+) \((\d+) %", sentence)
    assert named
    for name, percent in named:
        assert abs(100 * flips[name].probability - int(percent)) <= 0.5
        inside = [
            len(set(state.split("+")) - {"non_aligned"})
            for state in (flips[name].origin, flips[name].destination)
        ]
        if first.name in found.blocs:
            gained = first.name in flips[name].destination.split("+")
            assert gained == (first.mean > 0)
            assert (first.name in flips[name].origin.split("+")) != gained
        elif first.name == "non_aligned":
            assert (inside[1] == 0) == (first.mean > 0)
        else:
            assert (inside[1] == 2) == (first.mean > 0)


def test_it_says_who_gains_how_much_who_moves_and_through_what():
    flips = [
        Flip("C01", 0.4, "2028Q1", "non_aligned", "china", {"grants": 0.5, "loans": -0.1}, 0.4, 0.1),
        Flip("C02", 0.3, "2028Q1", "us", "us+china", {"grants": 0.2}, 0.2, 0.0),
        Flip("C03", 0.2, "2028Q1", "china", "non_aligned", {"chips": 0.9}, 0.9, 0.0),
    ]
    found = comparison(NOTHING, (0.05, 0.0, 0.1), NOTHING, flips)
    lead, who = outcome_sentences(found, NAMES, ["China-led: Finance 87 → 190 US$ bn a year"])
    assert lead == (
        "China-led: Finance 87 → 190 US$ bn a year: the China-led bloc gains about 3 states by the end of 2028 (+5.0 points; nine "
        "futures in ten: 0 to +6 states); the non-aligned group loses about 3 states (−5.0 points; −6 to 0 states); "
        "the US-led bloc hardly moves."
    )
    assert who == (
        "Most often Country 1 (40 % of futures) and Country 2 (30 %) end elsewhere; what tips them most is grants for members."
    )


def test_states_that_stay_while_compute_moves_and_a_country_that_moves_alone_are_told():
    """Controls lifted: hardly a state moves, and a fourteenth of compute does. One country leaves: it is named."""
    flips = [Flip("C01", 0.42, "2028Q1", "us+china", "us", {"effect": 5.0}, 5.0, 0.0)]
    compute = {"us": (-0.071, -0.08, -0.06), "china": (0.063, 0.05, 0.07)}
    lead, likely, weight = outcome_sentences(
        comparison(NOTHING, (-0.003, -0.01, 0.0), NOTHING, flips, compute=compute), NAMES, ["x"]
    )
    assert lead.startswith("x: no visible change, no share of states moves by half a point")
    assert likely == "Country 1 (42 % of futures) ends elsewhere all the same."
    assert weight == (
        "By weight it moves more: the US-led bloc by −7.1 points of AI compute and the China-led bloc by +6.3 points of AI "
        "compute."
    )


def test_those_who_end_elsewhere_more_often_on_another_way_are_not_passed_over():
    """The US-led bloc loses Country 2; Country 1, which stays in it and leaves the other, ends elsewhere more often."""
    flips = [
        Flip("C01", 0.5, "2028Q4", "us+china", "us", {"exclusivity": 1.4}, 1.4, 0.9),
        Flip("C02", 0.2, "2028Q4", "us+china", "china", {"exclusivity": 1.4}, 1.4, 0.0),
    ]
    [_, who] = outcome_sentences(comparison((-0.05, -0.1, 0.0), NOTHING, NOTHING, flips), NAMES, ["x"])
    assert who.startswith("Most often lost by the US-led bloc: Country 2 (20 % of futures); ")


@given(COMPARISONS)
def test_most_often_is_said_of_none_but_the_most_frequent(found):
    for sentence in outcome_sentences(found, NAMES, ["x"])[1:]:
        named = re.findall(r"(Country \d+) \((\d+) %", sentence)
        if sentence.startswith("Most often Country"):
            assert [NAMES[flip.iso3] for flip in found.flips[: len(named)]] == [name for name, _ in named]


def test_terms_beside_a_decision_in_one_future_are_no_matter_of_timing():
    assert (
        because_text({"grants": 0.5}, 0.9) == "grants for members +0.50, and it decided in one of them only"
    )
    assert because_text({"grants": 0.001}, 0.9) == "timing only: it decided in another quarter"


def test_who_stands_elsewhere_from_the_start_did_not_decide_to():
    """A leader that a new bloc takes has costs of leaving in its terms, and never weighs them."""
    flips = [
        Flip("C01", 1.0, "2028Q3", "us", "non_aligned", {"leave_cost": 5.9}, 5.9, 0.0),
        Flip("C02", 0.3, "2028Q4", "us", "non_aligned", {"grants": 0.2}, 0.2, 0.0),
    ]
    change = ((-0.05, -0.1, 0.0), NOTHING, NOTHING)
    [_, who] = outcome_sentences(comparison(*change, flips), NAMES, ["x"])
    assert who.endswith("Country 2 (30 %) end elsewhere; what tips them most is grants for members.")
    [_, who] = outcome_sentences(comparison(*change, flips[:1]), NAMES, ["x"])
    assert (
        who
        == "Most often Country 1 (100 % of futures) ends elsewhere; what differs is where they stand at the start."
    )
    assert because_text({"leave_cost": 5.9}, 0.0, from_start=True) == "it stands elsewhere from the start"


def test_a_state_of_another_bloc_is_not_called_non_aligned():
    found = comparison(NOTHING, NOTHING, NOTHING)
    alone = replace(found, unshared={"india": "b"}, change={"count": found.change["count"] | {"non_aligned": Band(
        *(np.array([0.0, part]) for part in (0.05, 0.01, 0.1)))}})  # fmt: skip
    [lead] = outcome_sentences(alone, NAMES, ["x"])
    assert "the group outside these blocs gains about 3 states" in lead
    assert state_words(STATES, others=True)["non_aligned"] == "Outside these blocs"
    assert state_words(STATES)["non_aligned"] == "Non-aligned"


def test_switches_of_timing_alone_are_not_told_as_terms():
    flip = Flip("C01", 0.4, "2028Q1", "non_aligned", "us", {"grants": 0.5}, 0.5, 0.9)
    [_, who] = outcome_sentences(comparison((0.05, 0, 0.1), NOTHING, NOTHING, [flip]), NAMES, ["x"])
    assert who == "Most often Country 1 (40 % of futures) ends elsewhere; what differs is when they decide."


def test_a_change_without_effect_says_why_and_with_what_it_would_count():
    little = comparison((0.001, 0, 0.002), NOTHING, NOTHING)
    much = comparison((0.02, 0, 0.04), NOTHING, NOTHING)
    lead, joint = outcome_sentences(
        little, NAMES, ["x"], Background(because="nothing is conditional", joint=("Training", much))
    )
    assert lead == (
        "x: no visible change, no share of states moves by half a point by the end of 2028 (the most is the US-led bloc +0.1), "
        "because nothing is conditional."
    )
    assert (
        joint
        == "It would count with “Training” at its most: there the same change moves the US-led bloc by +2.0 points."
    )
    assert outcome_sentences(little, NAMES, ["x"], Background(joint=("Training", little)))[1:] == ()


def test_what_has_passed_by_the_end_is_said():
    found = comparison((0.001, 0, 0.002), NOTHING, NOTHING)
    found.bloc_change["count"]["us"].mean[0] = -0.03
    lead, passed = outcome_sentences(found, NAMES, ["x"])
    assert "no visible change" in lead
    assert passed == "In between it moved the US-led bloc by −3.0 points, by the end of September 2028."


def test_a_change_that_changes_nothing_says_so():
    same = comparison(NOTHING, NOTHING, NOTHING, parted=0.0)
    assert outcome_sentences(same, NAMES, ["x"]) == (
        "x: nothing changes. Every state stands where it stood, in every quarter of every future.",
    )


def test_several_changes_are_told_each_alone_and_together():
    both = comparison((0.05, 0, 0.1), NOTHING, NOTHING)
    alone = (
        ("one", comparison((0.02, 0, 0.1), NOTHING, NOTHING)),
        ("two", comparison((-0.01, -0.1, 0), NOTHING, NOTHING)),
    )
    told = outcome_sentences(both, NAMES, ["one", "two"], Background(alone=alone))
    assert told[0].startswith("one and two: the US-led bloc gains about 3 states")
    assert told[-1] == "Each alone, for the US-led bloc: one +2.0; two −1.0; together +5.0 points."


@given(CHANGE)
def test_points_have_the_sign_of_the_change_or_none(share):
    said = points(share)
    assert (said == SAME) == (abs(round(100 * share, 1)) == 0)
    if abs(share) >= VISIBLE:
        assert said.startswith("+" if share > 0 else "−")
