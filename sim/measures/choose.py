"""Which outcomes a sweep keeps: the default ones, those that a specification asks for, shares of some countries."""

from __future__ import annotations

import fnmatch
from collections.abc import Iterable, Sequence

from sim.errors import InputError, Problem, did_you_mean
from sim.inputs.arrays import WEIGHTS
from sim.inputs.memberships import bloc_label, state_names
from sim.measures.catalog import AT_END, OVER_TIME, WEIGHT_WORDS, Outcome, catalog, state_phrase
from sim.measures.view import View
from sim.scenario.selectors import select
from sim.types import Floats
from sim.world import World


def common_blocs(scenarios: Sequence[tuple[str, ...]]) -> tuple[str, ...]:
    """Return the blocs of all scenarios, each once, in the order in which they first appear.

    In a scenario without one of them nobody belongs to it: its shares are 0 there.
    """
    return tuple(dict.fromkeys(bloc for blocs in scenarios for bloc in blocs))


def default_names(blocs: tuple[str, ...]) -> tuple[str, ...]:
    """Return the outcomes that are kept if a specification names none."""
    wanted = [f"bloc.{w}.{b}" for w in WEIGHTS for b in blocs]
    wanted += [f"state.{w}.{s}" for w in WEIGHTS for s in state_names(blocs)]
    wanted += [f"bloc.{w}.{b}{OVER_TIME.suffix}" for w in ("count", "gdp") for b in blocs]
    wanted += ["effective_blocs.gdp", "polarization.gdp", *(f"first_majority.gdp.{b}" for b in blocs)]
    return (*wanted, "switches", "countries_switched", "compute_gap", "divide", *(f"aid.{b}" for b in blocs))


def choose(
    wanted: Iterable[str] | None, blocs: tuple[str, ...], worlds: Sequence[World]
) -> tuple[Outcome, ...]:
    """Return the outcomes that a specification asks for; ``*`` in a name stands for anything.

    ``NAME@SELECTOR`` is a share of some countries only, as in ``state.count.non_aligned@region:Africa``.

    Raises
    ------
    InputError
        With every name that means nothing, and the nearest one.
    """
    known = catalog(blocs)
    names = default_names(blocs) if wanted is None else tuple(wanted)
    chosen: dict[str, Outcome] = {}
    problems = []
    for name in names:
        pattern, at, selector = name.partition("@")
        matches = [key for key in known if fnmatch.fnmatchcase(key, pattern)]
        if not matches:
            hint = did_you_mean(pattern, known) or "; aiblocs sweep --outcomes lists them"
            problems.append(f"outcomes: there is no outcome {pattern}{hint}")
        for match in matches:
            if not at:
                chosen[match] = known[match]
                continue
            try:
                outcome = restrict(match, selector, worlds[0])
                chosen[outcome.name] = outcome
            except InputError as error:
                problems += [f"outcomes: {problem}" for problem in error.problems]
    if problems:
        raise InputError([Problem(one) for one in dict.fromkeys(problems)])
    return tuple(chosen.values())


def restrict(name: str, selector: str, world: World) -> Outcome:
    """Return the outcome that takes a share among some countries only.

    Raises
    ------
    InputError
        If the outcome is not a share by count, GDP or population, or the selector names no countries.
    """
    reduction = OVER_TIME if name.endswith(OVER_TIME.suffix) else AT_END
    parts = name.removesuffix(OVER_TIME.suffix).split(".")
    if len(parts) != 3 or parts[0] not in ("bloc", "state") or parts[1] == "compute":
        allowed = "bloc.* and state.* by count, gdp or population"
        raise InputError(f"{name}@{selector}: only shares can be taken of some countries ({allowed})")
    kind, weight, key = parts
    countries = select(world, selector)
    if not countries.any():
        raise InputError(f"{name}@{selector}: names no country of this world")

    def path(view: View) -> Floats:
        return view.restricted(weight, view.states(key) if kind == "bloc" else view.state(key), countries)

    who = f"in the {bloc_label(key)} bloc" if kind == "bloc" else state_phrase(key)
    what = f"Share of {WEIGHT_WORDS[weight].removeprefix('world ')} of {selector} {who}"
    return Outcome(
        f"{name}@{selector}", "share", f"{what}, {reduction.when}", frozenset({"membership"}),
        lambda view: reduction.of(path, view),
    )  # fmt: skip
