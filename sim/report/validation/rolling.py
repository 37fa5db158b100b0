"""What the rolling origins say, as a page: every number is computed, every sentence with a number is filled in."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from sim.evidence.calibrate import CANDIDATES
from sim.evidence.coefficients import RESAMPLES
from sim.evidence.monthly import RUNS
from sim.evidence.rolling import Rolling
from sim.evidence.rolling_methods import BASELINES, METHODS, REGISTER, SIMULATOR, STAYS
from sim.evidence.rolling_scores import (
    KINDS,
    Case,
    Gap,
    mean_auc,
    mean_crps,
    pooled_brier,
    pooled_log,
)
from sim.report.blocks import Block, Bullets, Cell, Document, Part, Picture, Row, Table, Text
from sim.report.markdown import markdown, save_pictures
from sim.report.validation.rolling_charts import (
    GOOD,
    KIND_NAMES,
    best_baselines,
    coverage,
    coverage_chart,
    horizon_gaps,
    outside_goal,
    skill_chart,
)
from sim.report.validation.rolling_losses import kind_cases, losses, quarters_words
from sim.scenario.quarters import quarter_name

PAGE = "rolling.md"
TITLE = "Rolling origins"
LEAD = (
    "How well the model would have forecast, had it been asked at the end of every quarter with what was known then. Written "
    "by `aiblocs validate --rolling`; every number is computed."
)


def rolling_document(found: Rolling) -> Document:
    """Return what the rolling origins say; a screen shows the summary, the horizons and where the model loses."""
    parts = (
        Part("In short", _short(found)),
        Part("By quarters ahead", (_overview(found),), only="screen"),
        Part("Skill against horizon", _skill(found), only="page"),
        Part("Coverage against horizon", _coverage(found), only="page"),
        Part("Where the model loses", losses(found)),
        Part("By list", _lists(found), only="page"),
        Part("By origin", _origins(found), only="page"),
        Part("The register's way with new lists", _register(found), only="page"),
        Part("What was not scored", _left_out(found), only="page"),
        Part("How it is done, and what was cut", _method(found), only="page"),
    )
    return Document(TITLE, parts, description=LEAD)


def write_page(found: Rolling, docs: Path) -> list[Path]:
    """Write the page with its figures into a documentation folder; return the files."""
    document = rolling_document(found)
    docs.mkdir(parents=True, exist_ok=True)
    page = docs / PAGE
    page.write_text(markdown(document, "images"), encoding="utf-8")
    return [page, *save_pictures(document.parts, docs / "images")]


def _short(found: Rolling) -> tuple[Block, ...]:
    questions = sum(case.questions for case in found.cases)
    furthest = max(case.horizon for case in found.cases)
    sentences = [
        f"{len(found.origins)} origins, {found.origins[0]} to {found.origins[-1]}; up to {furthest} quarters ahead; "
        f"{len(found.cases):,} forecasts of a list or a bloc, {questions:,} questions about a state."
    ]
    for kind in KINDS:
        own = kind_cases(found, kind)
        if own:
            sentences.append(_sentence(kind, own))
    shares = coverage(found)
    inside, cases = (sum(numbers) for numbers in zip(*shares.values(), strict=True))
    missed = outside_goal(shares)
    goal = f"{100 * GOOD[0]:.0f} to {100 * GOOD[1]:.0f} %"
    where = (
        f"outside of {goal} at {quarters_words(missed)} ahead"
        if missed
        else f"within {goal} at every horizon"
    )
    sentences.append(
        f"The number of members lies in the 90 % band of the simulator in {inside:,} of {cases:,} forecasts "
        f"({100 * inside / cases:.0f} %); {where}."
    )
    return (Bullets(tuple(sentences)),)


def _sentence(kind: str, own: Sequence[Case]) -> str:
    best = max(BASELINES, key=lambda name: pooled_log(own, name))
    ranked = max(BASELINES, key=lambda name: np.nan_to_num(mean_auc(own, name)))
    text = (
        f"{KIND_NAMES[kind].capitalize()}: log score {pooled_log(own, SIMULATOR):.4f} (best baseline: {best}, "
        f"{pooled_log(own, best):.4f}), Brier {pooled_brier(own, SIMULATOR):.4f} ({pooled_brier(own, best):.4f})"
    )
    if np.isfinite(mean_auc(own, SIMULATOR)):
        text += (
            f"; AUC among those outside {mean_auc(own, SIMULATOR):.3f} (best baseline: {ranked}, "
            f"{mean_auc(own, ranked):.3f})"
        )
    counted = min(BASELINES, key=lambda name: mean_crps(own, name))
    return (
        f"{text}; error of the number of members (CRPS) {mean_crps(own, SIMULATOR):.2f} (best baseline: {counted}, "
        f"{mean_crps(own, counted):.2f})."
    )


def _overview(found: Rolling) -> Table:
    """Return log scores and coverage by horizon, everything together."""
    rows = []
    for horizon, (inside, cases) in coverage(found).items():
        own = [case for case in found.cases if case.horizon == horizon]
        best = max(BASELINES, key=lambda name: pooled_log(own, name))
        rows.append(
            (str(horizon), f"{pooled_log(own, SIMULATOR):.4f}", best, f"{pooled_log(own, best):.4f}", f"{inside} of {cases}")
        )  # fmt: skip
    return Table(("Ahead", "Log score", "Best baseline", "its", "In the band"), rows, (0, 1, 3, 4))


def _skill(found: Rolling) -> tuple[Block, ...]:
    tables = [_by_horizon(found, kind) for kind in KINDS if kind_cases(found, kind)]
    return (
        Picture(
            "rolling-skill",
            "Log score of the simulator minus that of each baseline, by quarters ahead, with 90 % intervals over "
            "countries; above 0 the simulator is better",
            lambda: skill_chart(found),
            wide=True,
        ),
        *tables,
    )


def _by_horizon(found: Rolling, kind: str) -> Table:
    rows: list[Row] = []
    for horizon in sorted({case.horizon for case in kind_cases(found, kind)}):
        own = [case for case in kind_cases(found, kind) if case.horizon == horizon]
        gaps = [
            next(gap for gap in horizon_gaps(found, kind, SIMULATOR, baseline) if int(gap.value) == horizon)
            for baseline in BASELINES
        ]
        rows.append(
            (
                str(horizon), f"{sum(case.questions for case in own):,}", f"{sum(case.came for case in own):,}",
                f"{pooled_log(own, SIMULATOR):.4f}", f"{pooled_brier(own, SIMULATOR):.4f}", _plain(mean_auc(own, SIMULATOR), 3),
                f"{mean_crps(own, SIMULATOR):.2f}", *(_gap(gap) for gap in gaps),
            )
        )  # fmt: skip
    headings = (
        "Ahead", "Questions", "Joined since", "Log score", "Brier", "AUC", "CRPS",
        *(f"against {name}" for name in BASELINES),
    )  # fmt: skip
    return Table(headings, rows, len(headings), title=KIND_NAMES[kind].capitalize())


def _plain(value: float, digits: int) -> str:
    return f"{value:.{digits}f}" if np.isfinite(value) else "–"


def _gap(gap: Gap) -> Cell:
    return Cell(f"{gap.mean:+z.3f}", f"{gap.low:+z.3f} to {gap.high:+z.3f}")


def _coverage(found: Rolling) -> tuple[Block, ...]:
    shares = coverage(found)
    rows = []
    for horizon, (inside, cases) in shares.items():
        by_kind = [coverage(found, kind).get(horizon) for kind in KINDS]
        right = "yes" if horizon not in outside_goal(shares) else "NO"
        cells = ["–" if one is None else f"{one[0]} of {one[1]}" for one in by_kind]
        rows.append((str(horizon), f"{inside} of {cases}", f"{100 * inside / cases:.0f} %", right, *cells))
    headings = ("Ahead", "Inside", "Share", "85 to 95 %", *(KIND_NAMES[kind] for kind in KINDS))
    return (
        Picture(
            "rolling-coverage",
            "Share of forecasts whose number of members lies in the simulator's 90 % band, by quarters ahead",
            lambda: coverage_chart(found),
        ),
        Table(headings, rows, len(headings)),
        Text(
            "A count is a whole number: where hardly anybody joins, a band holds more than 90 % whatever its width. "
            "Forecasts of one list from neighbouring origins share their outcome.",
            "quiet",
        ),
    )


def _lists(found: Rolling) -> tuple[Block, ...]:
    best = {gap.value: gap for gap in best_baselines(found, "list")}
    rows: list[Row] = []
    for name in dict.fromkeys(case.name for case in found.cases):
        own = [case for case in found.cases if case.name == name]
        inside = sum(case.inside(SIMULATOR) for case in own)
        rows.append(
            (
                name, str(len(own)), f"{pooled_log(own, SIMULATOR):.4f}", Cell(best[name].baseline), _gap(best[name]),
                _plain(mean_auc(own, SIMULATOR), 3), f"{mean_crps(own, SIMULATOR):.2f}",
                f"{min(mean_crps(own, one) for one in BASELINES):.2f}", f"{inside} of {len(own)}",
                str(sum(case.unknown for case in own)),
            )
        )  # fmt: skip
    headings = (
        "List", "Forecasts", "Log score", "Best baseline", "Against it", "AUC", "CRPS", "Best baseline's", "In the 90 % band",
        "Questions unknown",
    )  # fmt: skip
    return (Table(headings, rows, (1, 2, 4, 5, 6, 7, 8, 9)),)


def _origins(found: Rolling) -> tuple[Block, ...]:
    best = {gap.value: gap for gap in best_baselines(found, "origin")}
    rows: list[Row] = []
    for origin in sorted({case.origin for case in found.cases}):
        own = [case for case in found.cases if case.origin == origin]
        inside = sum(case.inside(SIMULATOR) for case in own)
        gap = best[str(origin)]
        rows.append(
            (
                quarter_name(origin), str(len(own)), f"{pooled_log(own, SIMULATOR):.4f}", gap.baseline, _gap(gap),
                _plain(mean_auc(own, SIMULATOR), 3), f"{mean_crps(own, SIMULATOR):.2f}", f"{inside} of {len(own)}",
                str(found.survivors[quarter_name(origin)]), found.specifications[quarter_name(origin)],
            )
        )  # fmt: skip
    headings = (
        "Origin", "Forecasts", "Log score", "Best baseline", "Against it", "AUC", "CRPS", "In the 90 % band",
        "Draws kept", "Specification",
    )  # fmt: skip
    return (Table(headings, rows, (1, 2, 4, 5, 6, 7, 8)),)


def _register(found: Rolling) -> tuple[Block, ...]:
    own = kind_cases(found, "new")
    if not own:
        return (Text("No list opened within reach of these origins."),)
    rows: list[Row] = [
        (
            method, f"{pooled_log(own, method):.4f}", f"{pooled_brier(own, method):.4f}", _plain(mean_auc(own, method), 3),
            f"{mean_crps(own, method):.2f}", _inside(own, method),
        )
        for method in METHODS
    ]  # fmt: skip
    return (
        Text(
            "The register forecasts a list that has not opened from the coefficients, the country effects and the sizes of the "
            "lists of before, without a simulation; lists that are open, and blocs, it takes from the simulator."
        ),
        Table(("New lists", "Log score", "Brier", "AUC", "CRPS", "In the 90 % band"), rows, 5),
    )


def _inside(own: Sequence[Case], method: str) -> str:
    if method not in (SIMULATOR, REGISTER):
        return "–"
    return f"{sum(case.inside(method) for case in own)} of {len(own)}"


def _left_out(found: Rolling) -> tuple[Block, ...]:
    reasons: dict[str, list[str]] = {}
    for name, reason in found.left_out.items():
        reasons.setdefault(reason, []).append(name)
    said = [f"{', '.join(names)}: {reason}." for reason, names in reasons.items()]
    unknown = sum(case.unknown for case in found.cases)
    no_auc = sum(not np.isfinite(case.methods[SIMULATOR].auc) for case in found.cases)
    said += [
        f"{unknown:,} questions, on states whose membership is unknown at the origin or in the quarter: an act without a date, "
        "one whose year or month lies on both sides of a quarter's end, or a state that is not invited.",
        f"{no_auc:,} forecasts have no AUC: nobody outside joined, so that there is nothing to rank.",
        *(f"{text}." for text in found.unscored),
    ]
    return (Bullets(tuple(said)),)


def _method(found: Rolling) -> tuple[Block, ...]:
    sizes = found.sizes
    said = (
        "An origin is the last day of a quarter. Who had joined by then, the covariates recorded to the end of the year before "
        "and nothing else enter the estimate, the members at the start and the world; a test plants later rows.",
        "A covariate that was not recorded by then is imputed: the median of the region and income group (the groups of "
        "today), or, where less than half of a column was known, the same for all, so that its term says nothing.",
        "That a list opens, and in which quarter, is given; who joins, and how many, is forecast. The level of a new list is "
        "drawn from those of the lists of before, of China's side from their sizes.",
        "The simulator runs each list as the only bloc of a world, and both blocs together; without offers and policies, whose "
        "dates nobody knew. A bloc is what the rule on acts says.",
        f"Baselines take members to stay ({STAYS:.2f}). Outsiders join at the rate of the side's dated lists (joining hazard), "
        "spread over them by UN votes, GDP or a plain logistic regression; a new list has the level of the lists of before.",
        "Blocs take the whole estimate of `aiblocs calibrate --cutoff`: coefficients widened to their spread over resampled "
        "countries, and draws that the joining curves of the past do not rule out. Lists take it as the replays do.",
        f"Cut: {sizes.runs} futures of each list instead of the {RUNS:,} of a register, which costs at most "
        f"{1.0 / (4.0 * sizes.runs):.4f} of the Brier score; {sizes.draws} joint draws instead of {CANDIDATES:,} and "
        f"{sizes.resamples} resamples instead of {RESAMPLES}, which costs noise that is not measured.",
        "Each specification is chosen anew at every origin from those of the first estimate, by lists left out. Which "
        "specifications there are, priors and equations were written in 2025 and 2026, after most of these quarters.",
    )
    rows = [
        (origin, *(str(counts.get(name, 0)) for name in _imputed_columns(found)))
        for origin, counts in found.imputed.items()
    ]
    headings = ("Origin", *(f"`{name}`" for name in _imputed_columns(found)))
    return (
        Bullets(said),
        Table(
            headings,
            rows,
            len(headings),
            title="Countries without a value, by origin; where less than half had one, all",
        ),
    )


def _imputed_columns(found: Rolling) -> list[str]:
    names = dict.fromkeys(name for counts in found.imputed.values() for name in counts)
    return [name for name in names if any(counts.get(name, 0) for counts in found.imputed.values())]
