"""What the report says about the frozen register and what happened since."""

from __future__ import annotations

from collections.abc import Sequence

from sim.evidence.out_of_time import OutOfTime
from sim.evidence.scoreboard import Scored
from sim.report.blocks import Block, Bullets, Cell, Table, Text
from sim.report.validation.charts import METHOD_NAMES
from sim.report.validation.summary import number


def out_of_time(result: OutOfTime) -> tuple[Block, ...]:
    """Return the scores of the frozen register, its misses by name, and what they teach."""
    return (
        Text(
            f"The register of forecasts was frozen on estimates from what was known on {result.cutoff} "
            "(`results/reference/forecast-2026.csv`). Here it meets the lists that opened since, as known on "
            f"{result.known_until}; the two leaders are left out, and whoever is not on a list counts as outside. "
            "Log score, size given: once all forecasts are shifted alike until the true number is expected. "
            "Slope: of the model's calibration, 1 is perfect."
        ),
        _scores(result.scored),
        Bullets(tuple(f"Not resolved yet: {one}." for one in result.waiting)),
        Text(
            "Which statement stands for a list was chosen by its kind: an organization founded by treaty, a club on "
            "technology by invitation; a broad statement of intent may be any kind of US-led club. For the last, "
            "`aiblocs score` named `club:us:declaration` until the outcomes were in the tables. Every other statement "
            "of the same leader, with `bloc:...` as a forecast of the lists, scores as follows.",
            only="page",
        ),
        _alternatives(result),
        *_misses(result),
        Text(
            "What the misses have in common, given how many joined; z ignores that states move together and that both "
            "US-led lists have signatories in common, so that values near 2 are common.",
            only="page",
        ),
        Bullets([one.text for one in result.terms] + [one.text for one in result.groups], only="page"),
    )


def comparison(one: Scored, result: OutOfTime) -> str:
    """Say how many joined and were expected, and how the model did against the best baseline."""
    model, *others = one.methods
    best = max(others, key=lambda method: method.auc)
    sized = max(others, key=lambda method: method.sized)
    return (
        f"{result.names[one.initiative]}, out of time: {one.joined} joined, {one.expected:.1f} expected; AUC {model.auc:.3f} "
        f"(best baseline: {METHOD_NAMES[best.method]}, {best.auc:.3f}), log score, size given, {model.sized:.3f} "
        f"({METHOD_NAMES[sized.method]}, {sized.sized:.3f}), calibration slope {number(one.calibration.slope, 2)}."
    )


def losses_out_of_time(result: OutOfTime) -> list[str]:
    """Return where a baseline scored better than the frozen register, in words."""
    out = []
    for one in result.scored:
        model, *others = one.methods
        for name, key in (("AUC", "auc"), ("log score, size given", "sized")):
            lost = [
                METHOD_NAMES[other.method] for other in others if getattr(other, key) > getattr(model, key)
            ]
            if lost:
                out.append(f"out of time, {one.initiative}, {name}: {', '.join(lost)}")
    return out


def _scores(scored: Sequence[Scored]) -> Table:
    rows: list[tuple[str | Cell, ...]] = []
    for one in scored:
        about: tuple[str | Cell, ...] = (
            Cell(one.initiative, one.statement),
            f"{one.joined} ({one.expected:.1f})",
        )
        slope = number(one.calibration.slope, 2)
        for method in one.methods:
            numbers = (number(method.auc, 3), f"{method.log_score:.3f}", f"{method.sized:.3f}")
            rows.append((*about, METHOD_NAMES[method.method], *numbers, slope))
            about, slope = ("", ""), ""
        rows.append(())
    headings = ("list, statement", "joined (expected)", "method", "AUC", "log score", "size given", "slope")
    return Table(headings, rows[:-1], (1, 3, 4, 5, 6))


def _alternatives(result: OutOfTime) -> Table:
    rows = []
    for one in result.alternatives:
        model = one.methods[0]
        rows.append(
            (
                one.initiative, f"`{one.statement}`", f"{one.expected:.1f}", number(model.auc, 3), f"{model.log_score:.3f}",
                f"{model.sized:.3f}", number(one.calibration.slope, 2),
            )
        )  # fmt: skip
    headings = ("list", "statement", "expected", "AUC", "log score", "size given", "slope")
    return Table(headings, rows, 5, "The same lists by other statements", only="page")


def _misses(result: OutOfTime) -> tuple[Block, ...]:
    items = []
    for one in result.scored:
        for came, words in ((True, "joined, at the lowest forecasts"), (False, "stayed out, at the highest")):
            named = [
                f"{result.names[code]} ({_percent(chance)})"
                for code, chance, joined in one.misses
                if joined == came
            ]
            items.append(f"{one.initiative}: {words}: {', '.join(named)}.")
    return (Text("Misses by name, with what was forecast:"), Bullets(tuple(items)))


def _percent(chance: float) -> str:
    return "under 1 %" if chance < 0.01 else f"{100.0 * chance:.0f} %"
