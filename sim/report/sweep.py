"""What a sweep says: what was varied, what came of it, and what its analyses find; what the cheapest mix costs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np

from sim.errors import InputError
from sim.labels.levers import factor_meaning, factor_words
from sim.labels.numbers import plain_number
from sim.labels.shares import imputed_note, percent
from sim.report.blocks import Block, Bullets, Cell, Document, Grid, Part, Picture, Table, Text
from sim.report.origins import before_reading, limits, provenance
from sim.scenario.library import library
from sim.sensitivity.analyze import Analysis
from sim.sensitivity.question import Label
from sim.sensitivity.sentences import headline, sentences
from sim.sweeps.folder import SweepFolder
from sim.sweeps.mix_spec import MixSpec
from sim.sweeps.optimise import CheapestMix
from sim.types import Floats
from sim.world import load_world

_FIGURES = {
    "effects": "What each factor does to the outcome over its range, with the others at their sampled values.",
    "sobol": "Share of the variance between samples that each factor explains, alone and with its interactions.",
    "morris": "Mean effect of moving a factor through its range, and how much that effect varies.",
    "surface": "The mean outcome over two levers, and the line where it tips.",
    "box": "Scenario discovery: how many of the cases of interest a box of factors holds, and how pure it is.",
    "convergence": "How precise means and differences are with this many replicates.",
    "sources": "Where the differences between single futures come from.",
    "variance": "Where the variance comes from.",
}
_MOST, _SHOWN = 40, 12
"""Outcomes in the table, and those of them that a screen shows."""


def sweep_document(store: SweepFolder, analyses: Sequence[Analysis] = ()) -> Document:
    """Return what a sweep says, and these analyses of it."""
    done, chunks = store.progress
    outcomes = _outcomes(store) if store.complete else {}
    unfinished = (
        [] if store.complete else [f"Not finished: {done} of {chunks} chunks are computed; resume the sweep."]
    )
    about = limits(*_imputed(store))
    parts = [
        before_reading(store.said_before),
        Part(
            "Answer", (Bullets([*unfinished, *answer(analyses, bool(outcomes))]),), answer=True, only="page"
        ),
        *(
            _analysis(found, found.label, found.label(found.question.outcome), _figures(found))
            for found in analyses
        ),
        Part("What came of it", (_outcome_table(store, outcomes),)),
        Part("What was varied", (_factors(store),), only="page"),
        Part(about.title, about.blocks, only="page"),
        _provenance(store),
    ]
    facts = [
        f"{store.samples:,} samples × {store.replicates:,} replicates = {store.samples * store.replicates:,} futures",
        f"design: {(store.spec.design.method or 'table').replace('_', ' ')}",
        f"seed {store.spec.design.seed}",
    ]
    question = f"What moves the outcomes of {', '.join(store.spec.base)}, and by how much?"
    return Document(store.spec.name, parts, question, store.spec.description, facts)


def analyses_document(store: SweepFolder, analyses: Sequence[Analysis]) -> Document:
    """Return what analyses of a sweep find, for a screen: factors and outcomes by the names that commands take."""
    titles = {found.question.outcome: store.meaning(found.question.outcome) for found in analyses}
    parts = [
        _analysis(found, str, name if meaning == name else f"{name}: {meaning}")
        for found, (name, meaning) in zip(analyses, titles.items(), strict=True)
    ]
    return Document(store.spec.name, [before_reading(store.said_before), *parts])


def _analysis(found: Analysis, label: Label, title: str, *more: Grid) -> Part:
    """Return the findings about one outcome in sentences; ``label`` puts the factors into words."""
    said = Bullets([f"{sentence}." for sentence in sentences(found, label)])
    return Part(title, (said, *more, *(Text(f"Note: {note}", "note") for note in found.notes)))


def _figures(found: Analysis) -> Grid:
    outcome = found.question.outcome
    return Grid(
        [
            Picture(
                f"{outcome}-{kind}".replace(".", "-"),
                _FIGURES[kind.partition("-")[0]],
                partial(_drawn, found, kind),
            )
            for kind in found.printed
        ]
    )


def _drawn(found: Analysis, kind: str) -> str:
    return found.printed[kind].svg


def answer(analyses: Sequence[Analysis], varies: bool) -> list[str]:
    """Return what the sweep says: a sentence about each outcome."""
    if varies and not analyses:
        return ["No outcome varies: the factors of this sweep move none of them."]
    return [f"{found.label(found.question.outcome)}: {headline(found, found.label)}." for found in analyses]


def _outcomes(store: SweepFolder) -> dict[str, Floats]:
    """Return every outcome that is one number per run, float64[samples, replicates]."""
    found = {}
    for name in store.outcome_names[:_MOST]:
        try:
            found[name] = store.outcome(name)
        except InputError:  # a list per run, such as a path over time
            continue
    return found


def _outcome_table(store: SweepFolder, outcomes: Mapping[str, Floats]) -> Table:
    rows: list[list[str | Cell]] = []
    for name, runs in outcomes.items():
        means = runs.mean(axis=1)
        low, high = np.quantile(runs, (0.05, 0.95))
        meaning = store.meaning(name)
        cells = (
            " – ".join(_shown(float(value), store.unit(name)) for value in values)
            for values in ((runs.mean(),), (means.min(), means.max()), (low, high))
        )
        rows.append([Cell(f"`{name}`", "" if meaning == name else meaning), *cells])
    headings = ("Outcome", "Mean", "Means of samples", "90 % of all futures")
    return Table(
        headings, rows, 3, shown=_SHOWN, total=len(store.outcome_names), elsewhere="outcomes.parquet has all"
    )


def _shown(value: float, unit: str) -> str:
    """Return a value of an outcome; a share in per cent."""
    return f"{percent(value)} %" if unit == "share" else plain_number(value)


def _factors(store: SweepFolder) -> Table:
    rows = []
    for name in store.design.column_names[1:]:
        distinct: list[Any] = sorted(set(store.design.column(name).to_pylist()))
        if len(distinct) > 1:
            kind = (
                "lever" if name in store.spec.levers else
                "uncertainty" if name in store.spec.uncertainties else "scenario"
            )  # fmt: skip
            rows.append((factor_words(name), kind, _values(distinct), factor_meaning(name), f"`{name}`"))
    return Table(("Factor", "Kind", "Values", "Meaning", "Name in files and commands"), rows)


def _values(distinct: Sequence[Any]) -> str:
    if len(distinct) > 6 and all(isinstance(value, int | float) for value in distinct):
        return f"{plain_number(distinct[0])} to {plain_number(distinct[-1])} ({len(distinct)} values)"
    return ", ".join(plain_number(value) if isinstance(value, float) else str(value) for value in distinct)


def _imputed(store: SweepFolder) -> list[str]:
    """Return how much of the project's data was filled in, if the base is in the library, all of which plays in that world."""
    return [imputed_note(load_world())] if store.spec.base[0] in library() else []


def _provenance(store: SweepFolder) -> Part:
    rows = [("identity", store.manifest.identity), *store.manifest.context.items()]
    rows += [
        (
            key,
            value if isinstance(value, str) else ", ".join(f"{name} {text}" for name, text in value.items()),
        )
        for key, value in store.manifest.provenance.items()
        if isinstance(value, str) or key == "tools"  # the rest is said elsewhere, or in the manifest
    ]
    command = store.manifest.provenance.get("command", "")
    return provenance(rows, ["aiblocs verify DIR", str(command)])


def mix_document(
    spec: MixSpec, mix: CheapestMix, reference: Mapping[str, float], notes: Sequence[str], said: Sequence[str]
) -> Document:
    """Return what the cheapest mix says: levers, cost, and how robust it is.

    ``reference`` : values of the levers in the base scenario
    ``said`` : what is doubted of the base, as lines
    """
    low, high = mix.interval
    after = f"{percent(mix.base)} % of them do in the base"
    mean, met = sum(mix.fresh) / len(mix.fresh), sum(value >= mix.wanted for value in mix.fresh)
    facts = (
        f"goal {'reached' if mix.reached else 'not reached by any mix that was tried'}",
        f"{percent(mean)} % of fresh futures reach it (90 %: {percent(low)} to {percent(high)} %; wanted "
        f"{percent(mix.wanted)} %); {after}",
        f"enough of them in {met} of {len(mix.fresh)} repetitions with new draws",
    )
    rows = [
        (
            f"`{name}`",
            "as it is" if value == reference[name] else plain_number(value),
            plain_number(reference[name]),
        )
        for name, value in mix.levers.items()
    ]
    blocks: tuple[Block, ...] = (
        Table(("Lever", "Mix", "Base"), rows, 2, f"Cost: {plain_number(mix.cost)} {spec.cost_unit}"),
        *(Text(f"Note: {note}", "note") for note in notes),
        Text(
            f"{mix.evaluations:,} mixes tried (budget {spec.budget:,}), {spec.runs:,} futures each; {mix.judged:,} of them "
            f"judged under {len(mix.fresh)} fresh sets of draws each"
        ),
    )
    return Document(spec.name, (before_reading(said), Part("", blocks)), facts=facts)
