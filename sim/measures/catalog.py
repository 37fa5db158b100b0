"""All outcomes of a sweep by name, those kept by default, and those that a specification asks for."""

from __future__ import annotations

import fnmatch
from collections.abc import Iterable, Sequence

from sim.errors import InputError, did_you_mean
from sim.inputs.arrays import WEIGHTS
from sim.inputs.memberships import state_names
from sim.measures import outcomes as measures
from sim.measures.outcomes import Outcome
from sim.world import World


def common_blocs(scenarios: Sequence[tuple[str, ...]]) -> tuple[str, ...]:
    """Return the blocs of all scenarios, each once, in the order in which they first appear.

    In a scenario without one of them nobody belongs to it: its shares are 0 there.
    """
    return tuple(dict.fromkeys(bloc for blocs in scenarios for bloc in blocs))


def catalog(blocs: tuple[str, ...]) -> dict[str, Outcome]:
    """Return every outcome of scenarios with these blocs, by name (of some countries only: `restrict`)."""
    found: list[Outcome] = []
    for weight in WEIGHTS:
        for bloc in blocs:
            found += measures.shares("bloc", weight, bloc)
        for state in state_names(blocs):
            found += measures.shares("state", weight, state)
        found += [measures.effective_blocs(weight), measures.polarization(weight)]
        for bloc in blocs:
            found += [measures.majority(weight, bloc), measures.first_majority(weight, bloc)]
    found += [
        measures.switches(),
        measures.countries_switched(),
        measures.compute_gap(),
        measures.divide(False),
        measures.divide(True),
    ]
    for bloc in blocs:
        found += [measures.aid(bloc), measures.chips(bloc)]
    return {outcome.name: outcome for outcome in found}


def default_names(blocs: tuple[str, ...]) -> tuple[str, ...]:
    """Return the outcomes that are kept if a specification names none."""
    wanted = [f"bloc.{w}.{b}" for w in WEIGHTS for b in blocs]
    wanted += [f"state.{w}.{s}" for w in WEIGHTS for s in state_names(blocs)]
    wanted += [f"bloc.{w}.{b}{measures.MEAN}" for w in ("count", "gdp") for b in blocs]
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
        plain, at, selector = name.partition("@")
        matches = [key for key in known if fnmatch.fnmatchcase(key, plain)]
        if not matches:
            hint = did_you_mean(plain, known) or "; aiblocs sweep --outcomes lists them"
            problems.append(f"outcomes: there is no outcome {plain}{hint}")
        for match in matches:
            if not at:
                chosen[match] = known[match]
                continue
            try:
                outcome = measures.restrict(match, selector, worlds[0])
                chosen[outcome.name] = outcome
            except InputError as error:
                problems += [f"outcomes: {problem}" for problem in error.problems]
    if problems:
        raise InputError("\n".join(dict.fromkeys(problems)))
    return tuple(chosen.values())
