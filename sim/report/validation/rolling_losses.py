"""Where the model loses, from rolling origins: by horizon, by list, and bands that are too narrow."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from sim.evidence.rolling import Rolling
from sim.evidence.rolling_methods import BASELINES, SIMULATOR
from sim.evidence.rolling_scores import KINDS, Case, mean_auc, mean_crps
from sim.report.blocks import Block, Bullets, Picture, Text
from sim.report.validation.rolling_charts import (
    GOOD,
    KIND_NAMES,
    best_baselines,
    horizon_gaps,
    lists_chart,
)


def kind_cases(found: Rolling, kind: str) -> list[Case]:
    """Return the cases of a kind, or all."""
    return [case for case in found.cases if kind in ("all", case.kind)]


def quarters_words(found: Sequence[int]) -> str:
    """Return quarters ahead in words."""
    words = ", ".join(map(str, found))
    return f"{words} quarter{'s' if list(found) != [1] else ''}"


def losses(found: Rolling) -> tuple[Block, ...]:
    """Return where baselines score, rank or count better, and which bands are too narrow."""
    said = []
    for kind in KINDS:
        for baseline in BASELINES:
            worse = [gap for gap in horizon_gaps(found, kind, SIMULATOR, baseline) if gap.high < 0.0]
            if worse:
                at = quarters_words([int(gap.value) for gap in worse])
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
    said += [text for kind in KINDS for text in _other_losses(kind, kind_cases(found, kind))]
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
