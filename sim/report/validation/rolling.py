"""What the rolling origins say, as a page: every number is computed, every sentence with a number is filled in."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from sim.evidence.rolling import Rolling
from sim.evidence.rolling_lists import AHEAD
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
    lists_chart,
    outside_goal,
    skill_chart,
)
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
        Part("Skill against horizon", _skill(found)),
        Part("Coverage against horizon", _coverage(found)),
        Part("Where the model loses", _losses(found)),
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


def _of(found: Rolling, kind: str) -> list[Case]:
    return [case for case in found.cases if kind in ("all", case.kind)]


def _short(found: Rolling) -> tuple[Block, ...]:
    questions = sum(case.questions for case in found.cases)
    sentences = [
        f"{len(found.origins)} origins, {found.origins[0]} to {found.origins[-1]}; up to {AHEAD} quarters ahead; "
        f"{len(found.cases):,} forecasts of a list or a bloc, {questions:,} questions about a state."
    ]
    for kind in KINDS:
        own = _of(found, kind)
        if own:
            sentences.append(_sentence(kind, own))
    shares = coverage(found)
    inside, cases = (sum(numbers) for numbers in zip(*shares.values(), strict=True))
    missed = outside_goal(shares)
    goal = f"{100 * GOOD[0]:.0f} to {100 * GOOD[1]:.0f} %"
    where = f"outside of {goal} at {_quarters(missed)} ahead" if missed else f"within {goal} at every horizon"
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


def _quarters(found: Sequence[int]) -> str:
    words = ", ".join(map(str, found))
    return f"{words} quarter{'s' if list(found) != [1] else ''}"


def _skill(found: Rolling) -> tuple[Block, ...]:
    tables = [_by_horizon(found, kind) for kind in KINDS if _of(found, kind)]
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
    for horizon in sorted({case.horizon for case in _of(found, kind)}):
        own = [case for case in _of(found, kind) if case.horizon == horizon]
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


def _losses(found: Rolling) -> tuple[Block, ...]:
    said = []
    for kind in KINDS:
        for baseline in BASELINES:
            worse = [gap for gap in horizon_gaps(found, kind, SIMULATOR, baseline) if gap.high < 0.0]
            if worse:
                at = _quarters([int(gap.value) for gap in worse])
                low = min(worse, key=lambda gap: gap.mean)
                said.append(
                    f"{KIND_NAMES[kind].capitalize()}: {baseline} has the better log score at {at} ahead "
                    f"(by up to {-low.mean:.3f})."
                )
    worse = [gap for gap in best_baselines(found, "list") if gap.high < 0.0]
    said += [
        f"{gap.value}: {gap.baseline} is better by {-gap.mean:.3f} ({-gap.high:.3f} to {-gap.low:.3f})."
        for gap in sorted(worse, key=lambda gap: gap.mean)
    ]
    said += [text for kind in KINDS for text in _other_losses(kind, _of(found, kind))]
    said += _narrow(found)
    head = Text(
        "Differences of log scores whose 90 % interval lies wholly below 0, by horizon, then by list (all origins and horizons "
        "together, against the baseline that did best there); then ranking, counts and bands."
    )
    picture = Picture(
        "rolling-lists",
        "Log score gained by the simulator on the best baseline of each list, with 90 % intervals over countries",
        lambda: lists_chart(found),
    )
    return head, Bullets(tuple(said or ["Nowhere."]), shown=12), picture


def _other_losses(kind: str, own: Sequence[Case]) -> list[str]:
    """Return where a baseline ranks or counts better than the simulator, in words."""
    said = []
    if own:
        better = {
            name: mean_auc(own, name) for name in BASELINES if mean_auc(own, name) > mean_auc(own, SIMULATOR)
        }
        if better:
            ranked = ", ".join(f"{name} {auc:.3f}" for name, auc in better.items())
            said.append(
                f"{KIND_NAMES[kind].capitalize()}, who of those outside joins: AUC {mean_auc(own, SIMULATOR):.3f}; better: "
                f"{ranked}."
            )
        closer = {
            name: mean_crps(own, name)
            for name in BASELINES
            if mean_crps(own, name) < mean_crps(own, SIMULATOR)
        }
        if closer:
            counted = ", ".join(f"{name} {error:.2f}" for name, error in closer.items())
            said.append(
                f"{KIND_NAMES[kind].capitalize()}, how many belong: CRPS {mean_crps(own, SIMULATOR):.2f}; better: {counted}."
            )
    return said


def _narrow(found: Rolling) -> list[str]:
    """Return the lists and blocs whose numbers lie in the 90 % band too seldom, in words."""
    worst = []
    for name in dict.fromkeys(case.name for case in found.cases):
        inside = [case.inside(SIMULATOR) for case in found.cases if case.name == name]
        if np.mean(inside) < GOOD[0]:
            worst.append((float(np.mean(inside)), f"{name} {sum(inside)} of {len(inside)}"))
    if not worst:
        return []
    return [f"Bands that are too narrow: {', '.join(text for _, text in sorted(worst))}."]


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
                found.specifications[quarter_name(origin)],
            )
        )  # fmt: skip
    headings = (
        "Origin", "Forecasts", "Log score", "Best baseline", "Against it", "AUC", "CRPS", "In the 90 % band",
        "Specification",
    )  # fmt: skip
    return (Table(headings, rows, (1, 2, 4, 5, 6, 7)),)


def _register(found: Rolling) -> tuple[Block, ...]:
    own = _of(found, "new")
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
        f"Cut: {sizes.runs} futures of each list (the register uses 2,000), {sizes.draws} draws of the dynamics, no history "
        "matching of the draws, and no widening of coefficients by a bootstrap. So many futures cost at most "
        f"{1.0 / (4.0 * sizes.runs):.4f} of the Brier score, by chance; what the rest costs is not measured.",
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
