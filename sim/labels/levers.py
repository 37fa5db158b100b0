"""Labels of parameters and other factors of sweeps: the same in figures, reports and on the page."""

from __future__ import annotations

from collections.abc import Mapping

from sim.inputs.memberships import NO_TITLES, Titles, bloc_label
from sim.labels.terms import term_words
from sim.registry.columns import Parameter, registry
from sim.scenario.schema import CountryOverride

_WORDS = {
    "mu": "Precision of choice",
    "rules.choice": "Decision rule",
    "peers.trade": "Trade partners",
    "peers.region": "Neighbours and region",
    "peers.votes": "Like voters in the UN",
    "peers.network": "Network of peers",
    "peers.neighbours": "Peers of a country",
    "fund": "UN-led fund for all",
    "own_rate": "Divide closed unaided",
    "programme_rate": "Effect of a programme",
    "aid_share": "Effect of aid",
    "effect_scale": "Spread of country effects",
    "growth_long": "Chip growth, long run",
    "growth_halflife": "Half-life of growth",
    "depreciation": "Retirement of chips",
    "hedging_cost": "Cost of hedging",
    "lock_in": "Pull of machines in use",
    "sufficiency": "Compute that is enough",
    "grant_share": "Share given in grants",
    "digital_share": "Digital share of aid",
    "in_force": "Organization in force",
    "opening": "Founders' window",
    "dissolved": "Bloc dissolved",
    "rival": "Rival of other blocs",
    "appeal": "Appeal of the bloc",
    "drift": "Drift of weights",
    "opening_attention": "Attention to an opening",
    "opening_bonus": "Gain of founders",
    "before_force": "Delivered before in force",
    "signing_sd": "Spread of new organizations",
    "discrimination_sd": "Spread of how lists separate",
    "recorded": "Aid by record",
    "conditionality.aid": "Aid for members only",
}
_TIERS = {
    "tier1": "tier 1",
    "tier2": "tier 2",
    "tier2_licence": "tier 2 with licence",
    "tier3": "tier 3 (embargo)",
}
_WHO = {"access": "Members", "conditionality": "Members only"}


def lever_label(name: str) -> str:
    """Return the short name of a parameter, under a heading: ``blocs.us.access.tier2`` -> "Members, tier 2"."""
    if name in _WORDS:
        return _WORDS[name]
    *_, before, last = ("", *name.split("."))
    if f"{before}.{last}" in _WORDS:
        return _WORDS[f"{before}.{last}"]
    if before in _WHO:
        return f"{_WHO[before]}, {_TIERS[last]}"
    return _WORDS.get(last) or _head(last)


def lever_heading(name: str, titles: Titles = NO_TITLES) -> str:
    """Return whose parameter it is: a bloc's, or one for all."""
    parts = name.split(".")
    return f"{bloc_label(parts[1], titles)} bloc" if parts[0] == "blocs" else "All countries"


def full_label(name: str, titles: Titles = NO_TITLES) -> str:
    """Return owner and name of a parameter, without a heading: "US-led: Aid budget"."""
    parts = name.split(".")
    if parts[0] != "blocs":
        return lever_label(name)
    group, last = parts[-2:]
    label = lever_label(name)
    if group in _WHO and last in _TIERS:
        label = f"Chips for {_WHO[group].lower()}, {_TIERS[last]}"
    elif group == "coefficients":
        label = f"Weight of {term_words(last)}"
    elif group == "aid_rule" and last not in _WORDS:
        label = f"Aid by {last}"
    return f"{bloc_label(parts[1], titles)}: {label}"


def target_label(path: str, names: Mapping[str, str], titles: Titles = NO_TITLES) -> str:
    """Return what a path acts on, of a bloc or of a country: "Kenya: aid offer, China-led".

    ``names`` : of the countries, by code; one that is missing is shown by its code
    """
    if not path.startswith("countries."):
        return full_label(path, titles)
    _, code, *rest = path.split(".")
    words = [bloc_label(word, titles) if n else word.replace("_", " ") for n, word in enumerate(rest)]
    return f"{names.get(code, code)}: {', '.join(words)}"


def factor_words(name: str, titles: Titles = NO_TITLES) -> str:
    """Return in words, with its unit, what a sweep varies: "US-led: Aid budget (US$ bn/year)"."""
    if name.startswith("leaders."):
        return f"{bloc_label(name.removeprefix('leaders.'), titles)}: Leader"
    parameter, label = _parameter(name), target_label(name, {}, titles)
    return label if parameter is None or parameter.unit == "rule" else f"{label} ({parameter.unit})"


def factor_meaning(name: str) -> str:
    """Return what a factor is, by the registry or the schema of scenarios; nothing if neither has it."""
    if name.startswith("countries."):
        field = CountryOverride.model_fields.get(name.split(".")[2])
        return (field and field.description) or ""
    parameter = _parameter(name)
    return parameter.description if parameter else ""


def _parameter(name: str) -> Parameter | None:
    """Return what the registry knows of a name, under any name of its bloc; None if it is no parameter."""
    first, *rest = name.split(".")
    blocs = (rest[0],) if first == "blocs" else ()
    return next((parameter for parameter in registry(blocs) if parameter.name == name), None)


def _head(name: str) -> str:
    """Return a name as it stands at the head of a row."""
    return name.replace("_", " ").capitalize()


_ALSO_CALLED = {
    "chip": "GPU accelerators compute semiconductors export", "access": "GPU export controls licence diffusion",
    "conditionality": "GPU export controls strings attached only for members", "aid": "finance development money loans",
    "grant": "gifts loans", "capacity": "training skills centres education", "exclusivity": "choose us or them loyalty",
    "coercion": "pressure threat sanctions", "in_force": "WAICO organization treaty ratification", "fund": "UN United Nations",
    "attention": "how often states reconsider review", "leave_cost": "exit leaving withdrawal", "join_cost": "entry signing",
    "debt": "default loans", "peers": "neighbours influence diffusion", "mu": "noise randomness precision",
}  # fmt: skip
"""Other words that people search for, by a part of a parameter's name."""


def search_words(name: str) -> str:
    """Return other words for a parameter, by which it can be found."""
    return " ".join(words for part, words in _ALSO_CALLED.items() if part in name)
