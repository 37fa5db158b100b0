"""Labels of parameters and other factors of sweeps: the same in figures, reports and on the page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sim.inputs.memberships import NO_TITLES, Titles, bloc_label
from sim.labels.terms import term_words
from sim.registry.columns import Parameter, registry
from sim.scenario.schema import CountryOverride
from sim.words import joined, mark, tr

_WORDS = {
    "mu": mark("Precision of choice"),
    "rules.choice": mark("Decision rule"),
    "peers.trade": mark("Trade partners"),
    "peers.region": mark("Neighbours and region"),
    "peers.votes": mark("Like voters in the UN"),
    "peers.network": mark("Network of peers"),
    "peers.neighbours": mark("Peers of a country"),
    "fund": mark("UN-led fund for all"),
    "own_rate": mark("Divide closed unaided"),
    "programme_rate": mark("Effect of a programme"),
    "aid_share": mark("Effect of aid"),
    "effect_scale": mark("Spread of country effects"),
    "growth_long": mark("Chip growth, long run"),
    "growth_halflife": mark("Half-life of growth"),
    "depreciation": mark("Retirement of chips"),
    "hedging_cost": mark("Cost of hedging"),
    "lock_in": mark("Pull of machines in use"),
    "sufficiency": mark("Compute that is enough"),
    "grant_share": mark("Share given in grants"),
    "digital_share": mark("Digital share of aid"),
    "in_force": mark("Organization in force"),
    "opening": mark("Founders' window"),
    "dissolved": mark("Bloc dissolved"),
    "rival": mark("Rival of other blocs"),
    "appeal": mark("Appeal of the bloc"),
    "drift": mark("Drift of weights"),
    "opening_attention": mark("Attention to an opening"),
    "opening_bonus": mark("Gain of founders"),
    "before_force": mark("Delivered before in force"),
    "signing_sd": mark("Spread of new organizations"),
    "discrimination_sd": mark("Spread of how lists separate"),
    "recorded": mark("Aid by record"),
    "conditionality.aid": mark("Aid for members only"),
}
_TIERS = {
    "tier1": mark("tier 1"),
    "tier2": mark("tier 2"),
    "tier2_licence": mark("tier 2 with licence"),
    "tier3": mark("tier 3 (embargo)"),
}
_WHO = {"access": mark("Members"), "conditionality": mark("Members only")}
_CHIPS_FOR = {"access": mark("Chips for members"), "conditionality": mark("Chips for members only")}


def lever_label(name: str) -> str:
    """Return the short name of a parameter, under a heading: ``blocs.us.access.tier2`` -> "Members, tier 2"."""
    if name in _WORDS:
        return tr(_WORDS[name])
    *_, before, last = ("", *name.split("."))
    if f"{before}.{last}" in _WORDS:
        return tr(_WORDS[f"{before}.{last}"])
    if before in _WHO:
        return joined(", ", (tr(_WHO[before]), tr(_TIERS[last])))
    return tr(_WORDS.get(last) or _head(last))


def lever_heading(name: str, titles: Titles = NO_TITLES) -> str:
    """Return whose parameter it is: a bloc's, or one for all."""
    parts = name.split(".")
    return (
        tr("{bloc} bloc", bloc=bloc_label(parts[1], titles)) if parts[0] == "blocs" else tr("All countries")
    )


def full_label(name: str, titles: Titles = NO_TITLES) -> str:
    """Return owner and name of a parameter, without a heading: "US-led: Aid budget"."""
    parts = name.split(".")
    if parts[0] != "blocs":
        return lever_label(name)
    group, last = parts[-2:]
    label = lever_label(name)
    if group in _WHO and last in _TIERS:
        label = joined(", ", (tr(_CHIPS_FOR[group]), tr(_TIERS[last])))
    elif group == "coefficients":
        label = tr("Weight of {term}", term=term_words(last))
    elif group == "aid_rule" and last not in _WORDS:
        label = tr("Aid by {rule}", rule=tr(last))
    return tr("{bloc}: {label}", bloc=bloc_label(parts[1], titles), label=label)


def target_label(path: str, names: Mapping[str, str], titles: Titles = NO_TITLES) -> str:
    """Return what a path acts on, of a bloc or of a country: "Kenya: aid offer, China-led".

    ``names`` : of the countries, by code; one that is missing is shown by its code
    """
    if not path.startswith("countries."):
        return full_label(path, titles)
    _, code, *rest = path.split(".")
    words = [bloc_label(word, titles) if n else tr(word.replace("_", " ")) for n, word in enumerate(rest)]
    return tr("{country}: {label}", country=tr(names.get(code, code)), label=joined(", ", words))


def factor_words(name: str, titles: Titles = NO_TITLES) -> str:
    """Return in words, with its unit, what a sweep varies: "US-led: Aid budget (US$ bn/year)"."""
    if name.startswith("leaders."):
        return tr("{bloc}: Leader", bloc=bloc_label(name.removeprefix("leaders."), titles))
    parameter, label = _parameter(name), target_label(name, {}, titles)
    if parameter is None or parameter.unit == "rule":
        return label
    return tr("{label} ({unit})", label=label, unit=tr(parameter.unit))


def factor_meaning(name: str) -> str:
    """Return what a factor is, by the registry or the schema of scenarios; nothing if neither has it."""
    if name.startswith("countries."):
        field = CountryOverride.model_fields.get(name.split(".")[2])
        return (field and field.description) or ""
    parameter = _parameter(name)
    return parameter.description if parameter else ""


def standing_note(moves: Sequence[tuple[str, float]], *, varies: bool) -> str:
    """Return what the value in force of a lever that is to tip a country is not to be taken for, or "".

    ``moves`` : paths that it sets, with values; ``varies`` : whether an entry that comes by chance sets it in some futures
    """
    said = []
    if any(path.endswith(".chip_supply") for path, _ in moves):
        said.append(tr("as of the date of its figures, and grows from there"))
    if varies:
        said.append(tr("as it is in most futures; in others, an entry that comes by chance has set it"))
    return joined(", ", said)


def _parameter(name: str) -> Parameter | None:
    """Return what the registry knows of a name, under any name of its bloc; None if it is no parameter."""
    first, *rest = name.split(".")
    blocs = (rest[0],) if first == "blocs" else ()
    return next((parameter for parameter in registry(blocs) if parameter.name == name), None)


def _head(name: str) -> str:
    """Return a name as it stands at the head of a row."""
    return name.replace("_", " ").capitalize()


_ALSO_CALLED = {
    "chip": mark("GPU accelerators compute semiconductors export"),
    "access": mark("GPU export controls licence diffusion"),
    "conditionality": mark("GPU export controls strings attached only for members"),
    "aid": mark("finance development money loans"),
    "grant": mark("gifts loans"),
    "capacity": mark("training skills centres education"),
    "exclusivity": mark("choose us or them loyalty"),
    "coercion": mark("pressure threat sanctions"),
    "in_force": mark("WAICO organization treaty ratification"),
    "fund": mark("UN United Nations"),
    "attention": mark("how often states reconsider review"),
    "leave_cost": mark("exit leaving withdrawal"),
    "join_cost": mark("entry signing"),
    "debt": mark("default loans"),
    "peers": mark("neighbours influence diffusion"),
    "mu": mark("noise randomness precision"),
}
"""Other words that people search for, by a part of a parameter's name."""


def search_words(name: str) -> str:
    """Return other words for a parameter, by which it can be found: those in English, and in the reader's language."""
    found = [words for part, words in _ALSO_CALLED.items() if part in name]
    return " ".join(dict.fromkeys([*found, *map(tr, found)]))
