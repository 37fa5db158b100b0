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

HALF = 0.5
WORTH_NAMING = 0.1
"""Logits below which no term is named."""
NAMED = 2
"""Terms named on either side."""
SCALE = "Values are on the scale of the model's choices (logits): 0 is indifference, 2 is already a strong reason."
OWN_RECORD = (
    "{label} stands for what the data do not explain: {name} has joined {more} lists of this side than states with the same "
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
    return "0" if shown == 0 else f"{'+' if shown > 0 else '−'}{abs(shown):.1f}"


def standing(found: Explanation) -> str:
    """Return where the country stands most often, and how sure that is."""
    t = found.steps.index(found.quarter)
    share = percent(float(found.path[found.now][t]))
    words = state_words(found.states, found.titles)[found.now]
    words = words if words[:2].isupper() or words.startswith("China") else words[:1].lower() + words[1:]
    when = at_end(found.quarter)
    return f"{when[:1].upper()}{when[1:]} {found.name} is most often {words}, in {share} % of {found.runs:,} futures."


def member_share(found: Explanation, bloc: str) -> float:
    """Return the share of futures in which the country belongs to a bloc at the quarter."""
    t, k = found.steps.index(found.quarter), found.blocs.index(bloc)
    return float(sum(found.path[state][t] for s, state in enumerate(found.states) if s >> k & 1))


def why_bloc(found: Explanation, bloc: str) -> BlocWhy:
    """Return why the country belongs to a bloc, or does not; of one that leads a bloc, that it does not choose."""
    name = bloc_label(bloc, found.titles)
    if found.leads is not None:
        own = "its own" if found.leads == bloc else f"the {bloc_label(found.leads, found.titles)}"
        return BlocWhy(bloc, f"{found.name} leads {own} bloc and does not choose.", "", "", "")
    inside = member_share(found, bloc) >= HALF
    stays = _inside(found, bloc, name) if inside else _outside(found, bloc, name)
    other = _were_it_outside(found, bloc, name) if inside else _were_it_inside(found, bloc, name)
    return BlocWhy(bloc, stays, other, _terms(found, bloc), _record(found, bloc))


def _worth(found: Explanation, bloc: str) -> float:
    return round(found.value[bloc], 1) + 0.0


def _inside(found: Explanation, bloc: str, name: str) -> str:
    worth, leaving = _worth(found, bloc), round(found.costs[1], 1)
    belongs = f"{found.name} belongs to the {name} bloc in {percent(member_share(found, bloc))} % of futures"
    value = f"membership is worth {logits(worth)} to it"
    if found.stays[bloc] < HALF:
        leaves = percent(1.0 - found.stays[bloc])
        return f"{belongs}, yet {value}, and a review would take it out with a chance of {leaves} %."
    if worth > 0:
        return f"{belongs}: {value}, and leaving would cost {leaving:.1f} more."
    return f"{belongs}: {value}, but leaving would cost {leaving:.1f}."


def _outside(found: Explanation, bloc: str, name: str) -> str:
    worth, joining = _worth(found, bloc), round(found.costs[0], 1)
    stands = (
        f"{found.name} is outside the {name} bloc in {percent(1.0 - member_share(found, bloc))} % of futures"
    )
    if found.admission[bloc].dissolved >= HALF:
        return f"{stands}: the bloc is dissolved."
    if found.admission[bloc].closed >= HALF:
        return f"{stands}: the bloc does not take it."
    value = f"membership is worth {logits(worth)} to it"
    if found.joins[bloc] >= HALF:
        reviewing = f"a review, which has a chance of {percent(found.attention)} % in this quarter"
        ends = f"{reviewing}, would bring it in with one of {percent(found.joins[bloc])} %"
        return f"{stands}: {value} and joining costs {joining:.1f}, yet {ends}."
    if worth < joining:
        return f"{stands}: {value}, and joining costs {joining:.1f}."
    return f"{stands}: {value}, joining costs {joining:.1f}, and {_held_back(found, bloc)}."


def _held_back(found: Explanation, bloc: str) -> str:
    """Return what may hold it back although the value covers the cost of joining."""
    k = found.blocs.index(bloc)
    rivals = [state for s, state in enumerate(found.states) if s >> k & 1 and s & (s - 1)]
    if any(found.sets[state].get("exclusivity", 0.0) < -WORTH_NAMING for state in rivals):
        return "holding two rivals has its price"
    return "other choices are worth as much"


def _were_it_outside(found: Explanation, bloc: str, name: str) -> str:
    chance = percent(found.joins[bloc])
    if found.admission[bloc].closed >= HALF or found.admission[bloc].dissolved >= HALF:
        return f"Were it outside then, it could not join: the bloc {_shut(found, bloc)}."
    worth, joining = _worth(found, bloc), round(found.costs[0], 1)
    if found.joins[bloc] >= HALF:
        return f"Were it outside then, a review would bring it in with a chance of {chance} %."
    dear = f": joining costs {joining:.1f}, more than that" if worth < joining else ""
    return f"Were it outside then, it would rather not join (a review would bring it in with a chance of {chance} %){dear}."


def _shut(found: Explanation, bloc: str) -> str:
    return "is dissolved" if found.admission[bloc].dissolved >= HALF else "does not take it"


def _were_it_inside(found: Explanation, bloc: str, name: str) -> str:
    if found.admission[bloc].dissolved >= HALF:
        return ""
    chance, leaving = percent(found.stays[bloc]), f"leaving costs {found.costs[1]:.1f}"
    if found.stays[bloc] >= HALF:
        return f"Were it a member then, it would stay, with a chance of {chance} % at a review: {leaving}."
    stays = f"it would stay with a chance of {chance} % at a review"
    return f"Were it a member then, it would rather leave, although {leaving}: {stays}."


def _terms(found: Explanation, bloc: str) -> str:
    named = [term for term in found.terms[bloc] if abs(round(term.mean, 1)) >= WORTH_NAMING]
    sides = []
    for words, chosen in (
        ("for it", sorted((t for t in named if t.mean > 0), key=lambda t: -t.mean)),
        ("against it", sorted((t for t in named if t.mean < 0), key=lambda t: t.mean)),
    ):
        if chosen:
            sides.append(f"{words}: {_listed(chosen[:NAMED])}")
    return f"What speaks most {'; '.join(sides)}." if sides else ""


def _listed(terms: list[Term]) -> str:
    return " and ".join(f"{term_words(term.name)} ({logits(term.mean)})" for term in terms)


def _record(found: Explanation, bloc: str) -> str:
    effect = next((term.mean for term in found.terms[bloc] if term.name == "effect"), 0.0)
    if abs(round(effect, 1)) < WORTH_NAMING:
        return ""
    words = term_words("effect")
    label = f"{words[:1].upper()}{words[1:]}"
    return OWN_RECORD.format(label=label, name=found.name, more="more" if effect > 0 else "fewer")
