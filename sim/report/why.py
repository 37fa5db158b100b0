"""Why a country stands where it stands, in sentences made from the numbers of its explanation.

Every comparison is made with numbers rounded as they are printed, so that no sentence can contradict what it shows.
"""

from __future__ import annotations

from dataclasses import dataclass

from sim.attribution.explain import Explanation, Term
from sim.inputs.memberships import bloc_label
from sim.labels.dates import at_end
from sim.labels.shares import percent, state_words
from sim.labels.terms import term_words
from sim.words import capital, listed, mark, number_text, speakable, tr

HALF = 0.5
WORTH_NAMING = 0.1
"""Logits below which no term is named."""
NAMED = 2
"""Terms named on either side."""
SCALE = mark(
    "Values are on the scale of the model's choices (logits): 0 is indifference, 2 is already a strong reason."
)
SET = mark("{label} holds what the scenario itself sets of {name}, beside what the data do not explain.")
MORE = mark(
    "{label} stands for what the data do not explain: {name} has joined more lists of this side than states with the same "
    "data."
)
FEWER = mark(
    "{label} stands for what the data do not explain: {name} has joined fewer lists of this side than states with the same "
    "data."
)


@dataclass(frozen=True)
class BlocWhy:
    """What is to be said of a country and one bloc.

    ``bloc`` : its name; ``stays`` : why it belongs or does not; ``outside`` : what it would do if it stood on the other side of
    the line; ``terms`` : what speaks most for and against; ``record`` : what its unexplained part means ("" if small)
    """

    bloc: str
    stays: str
    outside: str
    terms: str
    record: str

    @property
    def sentences(self) -> tuple[str, ...]:
        """All of it, in order."""
        return tuple(part for part in (self.stays, self.outside, self.terms, self.record) if part)


def logits(value: float) -> str:
    """Return a value on the scale of choices with its sign, one decimal: ``+1.2``, ``−0.2``, ``0``."""
    shown = round(value, 1)
    return "0" if shown == 0 else number_text(f"{'+' if shown > 0 else '−'}{abs(shown):.1f}")


def standing(found: Explanation) -> str:
    """Return where the country stands most often, and how sure that is."""
    t = found.steps.index(found.quarter)
    share = percent(float(found.path[found.now][t]))
    return tr(
        "{when} {name} is most often {state}, in {share} % of {runs:,} futures.",
        when=capital(at_end(found.quarter)), name=tr(found.name), state=_in_a_sentence(found), share=share, runs=found.runs,
    )  # fmt: skip


@speakable
def _in_a_sentence(found: Explanation) -> str:
    """Return the state that is most frequent as it stands in a sentence."""
    words = state_words(found.states, found.titles)[found.now]
    if words[:2].isupper() or words.startswith("China"):
        return words
    return words[:1].lower() + words[1:]


def member_share(found: Explanation, bloc: str) -> float:
    """Return the share of futures in which the country belongs to a bloc at the quarter."""
    t, k = found.steps.index(found.quarter), found.blocs.index(bloc)
    return float(sum(found.path[state][t] for s, state in enumerate(found.states) if s >> k & 1))


def why_bloc(found: Explanation, bloc: str) -> BlocWhy:
    """Return why the country belongs to a bloc, or does not; of one that leads a bloc, that it does not choose."""
    name = bloc_label(bloc, found.titles)
    if found.leads is not None:
        if found.leads == bloc:
            leads = tr("{name} leads its own bloc and does not choose.", name=tr(found.name))
        else:
            leads = tr(
                "{name} leads the {bloc} bloc and does not choose.",
                name=tr(found.name), bloc=bloc_label(found.leads, found.titles),
            )  # fmt: skip
        return BlocWhy(bloc, leads, "", "", "")
    inside = member_share(found, bloc) >= HALF
    stays = _inside(found, bloc, name) if inside else _outside(found, bloc, name)
    other = _were_it_outside(found, bloc, name) if inside else _were_it_inside(found, bloc, name)
    return BlocWhy(bloc, stays, other, _terms(found, bloc), _record(found, bloc))


def _worth(found: Explanation, bloc: str) -> float:
    return round(found.value[bloc], 1) + 0.0


def _inside(found: Explanation, bloc: str, name: str) -> str:
    worth, leaving = _worth(found, bloc), round(found.costs[1], 1)
    said = {
        "name": tr(found.name), "bloc": name, "share": percent(member_share(found, bloc)), "worth": logits(worth),
        "leaving": leaving, "leaves": percent(1.0 - found.stays[bloc]),
    }  # fmt: skip
    if found.stays[bloc] < HALF:
        return tr(
            "{name} belongs to the {bloc} bloc in {share} % of futures, yet membership is worth {worth} to it, and a review "
            "would take it out with a chance of {leaves} %.",
            **said,
        )
    if worth > 0:
        return tr(
            "{name} belongs to the {bloc} bloc in {share} % of futures: membership is worth {worth} to it, and leaving would "
            "cost {leaving:.1f} more.",
            **said,
        )
    return tr(
        "{name} belongs to the {bloc} bloc in {share} % of futures: membership is worth {worth} to it, but leaving would cost "
        "{leaving:.1f}.",
        **said,
    )


def _outside(found: Explanation, bloc: str, name: str) -> str:
    worth, joining = _worth(found, bloc), round(found.costs[0], 1)
    stands = tr(
        "{name} is outside the {bloc} bloc in {share} % of futures",
        name=tr(found.name), bloc=name, share=percent(1.0 - member_share(found, bloc)),
    )  # fmt: skip
    if found.admission[bloc].dissolved >= HALF:
        return tr("{stands}: the bloc is dissolved.", stands=stands)
    if found.admission[bloc].closed >= HALF:
        return tr("{stands}: the bloc does not take it.", stands=stands)
    said = {"stands": stands, "worth": logits(worth), "joining": joining}
    if found.joins[bloc] >= HALF:
        return tr(
            "{stands}: membership is worth {worth} to it and joining costs {joining:.1f}, yet a review, which has a chance of "
            "{attention} % in this quarter, would bring it in with one of {joins} %.",
            **said,
            attention=percent(found.attention),
            joins=percent(found.joins[bloc]),
        )
    if worth < joining:
        return tr("{stands}: membership is worth {worth} to it, and joining costs {joining:.1f}.", **said)
    return tr(
        "{stands}: membership is worth {worth} to it, joining costs {joining:.1f}, and {held_back}.",
        **said,
        held_back=_held_back(found, bloc),
    )


def _held_back(found: Explanation, bloc: str) -> str:
    """Return what may hold it back although the value covers the cost of joining."""
    k = found.blocs.index(bloc)
    rivals = [state for s, state in enumerate(found.states) if s >> k & 1 and s & (s - 1)]
    if any(found.sets[state].get("exclusivity", 0.0) < -WORTH_NAMING for state in rivals):
        return tr("holding two rivals has its price")
    return tr("other choices are worth as much")


def _were_it_outside(found: Explanation, bloc: str, name: str) -> str:
    chance = percent(found.joins[bloc])
    if found.admission[bloc].closed >= HALF or found.admission[bloc].dissolved >= HALF:
        if found.admission[bloc].dissolved >= HALF:
            return tr("Were it outside then, it could not join: the bloc is dissolved.")
        return tr("Were it outside then, it could not join: the bloc does not take it.")
    worth, joining = _worth(found, bloc), round(found.costs[0], 1)
    if found.joins[bloc] >= HALF:
        return tr(
            "Were it outside then, a review would bring it in with a chance of {chance} %.", chance=chance
        )
    if worth < joining:
        return tr(
            "Were it outside then, it would rather not join (a review would bring it in with a chance of {chance} %): joining "
            "costs {joining:.1f}, more than that.",
            chance=chance, joining=joining,
        )  # fmt: skip
    return tr(
        "Were it outside then, it would rather not join (a review would bring it in with a chance of {chance} %).",
        chance=chance,
    )


def _were_it_inside(found: Explanation, bloc: str, name: str) -> str:
    if found.admission[bloc].dissolved >= HALF:
        return ""
    said = {"chance": percent(found.stays[bloc]), "leaving": found.costs[1]}
    if found.stays[bloc] >= HALF:
        return tr(
            "Were it a member then, it would stay, with a chance of {chance} % at a review: leaving costs {leaving:.1f}.",
            **said,
        )
    return tr(
        "Were it a member then, it would rather leave, although leaving costs {leaving:.1f}: it would stay with a chance of "
        "{chance} % at a review.",
        **said,
    )


def _terms(found: Explanation, bloc: str) -> str:
    named = [term for term in found.terms[bloc] if abs(round(term.mean, 1)) >= WORTH_NAMING]
    speaks = sorted((t for t in named if t.mean > 0), key=lambda t: -t.mean)[:NAMED]
    against = sorted((t for t in named if t.mean < 0), key=lambda t: t.mean)[:NAMED]
    if speaks and against:
        return tr(
            "What speaks most for it: {speaks}; against it: {against}.",
            speaks=_listed(speaks), against=_listed(against),
        )  # fmt: skip
    if speaks:
        return tr("What speaks most for it: {speaks}.", speaks=_listed(speaks))
    return tr("What speaks most against it: {against}.", against=_listed(against)) if against else ""


def _listed(terms: list[Term]) -> str:
    return listed(
        [tr("{term} ({value})", term=term_words(term.name), value=logits(term.mean)) for term in terms]
    )


def _record(found: Explanation, bloc: str) -> str:
    effect = next((term.mean for term in found.terms[bloc] if term.name == "effect"), 0.0)
    if abs(round(effect, 1)) < WORTH_NAMING:
        return ""
    if bloc in found.effect_set:
        return tr(SET, label=capital(term_words("effect")), name=tr(found.name))
    return tr(MORE if effect > 0 else FEWER, label=capital(term_words("effect")), name=tr(found.name))
