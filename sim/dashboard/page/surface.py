"""Response surface of two levers, computed live with progress; and finished sweeps from ``results/``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import solara

from sim.dashboard.charts import Axis, surface_option
from sim.dashboard.components import Chart, Working, plain_text, use_dark
from sim.dashboard.compose import base_of
from sim.dashboard.handout import caption_of_run
from sim.dashboard.page.cells import WEIGHT_UNITS, WEIGHTS_INSIDE, lever_choices
from sim.dashboard.session import Session
from sim.dashboard.solver import RunRequest
from sim.dashboard.state import Future
from sim.dashboard.surface_sweep import FinishedSweep, LeverSurface, SurfaceRequest, read_sweep, sweep_folders
from sim.errors import InputError
from sim.figures.world_exhibits import Surface
from sim.inputs.memberships import bloc_label
from sim.labels.dates import quarter_label
from sim.labels.events import time_words
from sim.labels.levers import factor_words, full_label
from sim.registry.columns import Parameter
from sim.sensitivity.surface import smooth_surface
from sim.types import Floats
from sim.words import capital, mark, tr

POINTS = (5, 7, 9, 11)
RUNS = (25, 50, 100, 200)
SMOOTHED = 24
TIPPING = 50.0
"""Share in per cent at which a bloc has half of the world."""
CLOSED = mark("none")


def values_of(parameter: Parameter, points: int) -> tuple[float, ...]:
    """Return evenly spaced values over the range of a parameter's slider."""
    assert parameter.slider is not None
    low, high, _ = parameter.slider
    return tuple(float(f"{value:.6g}") for value in np.linspace(low, high, points))


@solara.component
def SweepPanel(session: Session) -> None:  # noqa: N802
    """Show the form, the surface as it grows, and the folders there are."""
    future, shown = session.below.value.plan.future, session.below.value.shown
    if shown is None:
        return
    base, quarter = base_of(future), shown.now.steps[max(1, session.index(shown))]
    choices = lever_choices(base.parameters, base.inputs.titles)
    words = list(choices)
    blocs = {capital(bloc_label(bloc, base.inputs.titles)): bloc for bloc in base.inputs.blocs}
    across = solara.use_reactive(_start(choices, "aid_budget", 0))
    up = solara.use_reactive(_start(choices, "capacity_programme", 1))
    bloc = solara.use_reactive(list(blocs)[-1])
    points, runs = solara.use_reactive(POINTS[1]), solara.use_reactive(RUNS[1])
    if across.value not in choices or up.value not in choices or bloc.value not in blocs:
        solara.Info(tr("This scenario has other levers; choose again."))
        across.set(words[0])
        up.set(words[1])
        bloc.set(next(iter(blocs)))
        return

    def start() -> None:
        request = SurfaceRequest(
            session.future,
            (choices[across.value].name, values_of(choices[across.value], points.value)),
            (choices[up.value].name, values_of(choices[up.value], points.value)),
            blocs[bloc.value],
            session.weight.value,
            quarter,
            runs.value,
            session.plan.value.present.seed,
        )
        session.sweeper.ask(request)

    plain_text("h2", tr("What two levers do together"))
    with solara.Div(classes=["page-form"]):
        solara.Select(tr("Lever across"), values=words, value=across)
        solara.Select(tr("Lever up"), values=words, value=up)
        solara.Select(tr("Share of the bloc"), values=list(blocs), value=bloc)
        solara.Select(tr("Points along each"), values=list(POINTS), value=points)
        solara.Select(tr("Futures in each cell"), values=list(RUNS), value=runs)
    busy = session.sweeping.value
    with solara.Div(classes=["page-buttons"]):
        solara.Button(
            tr("Compute the surface"), on_click=start, disabled=busy is not None, outlined=True, small=True
        )
        if busy is not None:
            solara.Button(tr("Stop"), on_click=session.sweeper.stop, outlined=True, small=True)
        plain_text(
            "span",
            tr(
                "for {quarter}, by {weight}",
                quarter=quarter_label(quarter),
                weight=tr(WEIGHTS_INSIDE[session.weight.value]),
            ),
            classes=["page-small"],
        )
    Working(busy is not None, busy, session.sweep_problem.value)
    if session.surface.value is not None:
        SurfaceChart(session.surface.value)
    Folders()


def _start(choices: dict[str, Parameter], ending: str, other: int) -> str:
    words = list(choices)
    return next((word for word in reversed(words) if choices[word].name.endswith(ending)), words[other])


@solara.component
def SurfaceChart(answer: LeverSurface) -> None:  # noqa: N802
    """Show one surface, as far as it is computed."""
    dark, request = use_dark(), answer.request
    parameters = {p.name: p for p in base_of(request.future).parameters}
    titles = base_of(request.future).inputs.titles
    across, up = (
        Axis(full_label(name, titles), tr(parameters[name].unit), values)
        for name, values in (request.across, request.up)
    )
    title = tr(
        "Share of the {bloc} bloc, {time}",
        bloc=bloc_label(request.bloc, titles),
        time=time_words(request.quarter),
    )
    unit = tr(WEIGHT_UNITS[request.weight])
    stand = tuple(present_value(request.future, name) for name in (request.across[0], request.up[0]))
    ring = tuple(nearest(axis.values, value) for axis, value in zip((across, up), stand, strict=True))
    option = surface_option(
        across, up, answer.share, title=title, unit=unit, mark=(ring[0], ring[1]), dark=dark
    )

    def exhibit() -> Surface:
        axes = ((across.title, tuple(across.values)), (up.title, tuple(up.values)))
        return Surface(title, unit, *axes, answer.share, 1, (stand[0], stand[1]))

    caption = caption_of_run(RunRequest(request.future, request.runs, request.seed))
    Chart(option, height=440, exhibit=exhibit, caption=caption)
    plain_text("p", tipping_words(answer.share, unit), classes=["page-small", "page-tipping-line"])
    note = tr(
        "{done} of {cells} cells, each the mean of {runs} futures with equal draws; with the levers as they are it is "
        "{share:.1f} %. Both levers are held throughout. Ring: the cell nearest to where the levers stand.",
        done=answer.done,
        cells=answer.share.size,
        runs=request.runs,
        share=answer.now,
    )
    plain_text("p", note, classes=["page-small"])


def present_value(future: Future, name: str) -> float:
    """Return where a lever stands: held by the user, else as the scenario has it (the middle, if it is drawn)."""
    inputs = base_of(future).inputs
    return dict(future.overrides).get(name, float(inputs.params[inputs.columns[name]]))


def nearest(values: Sequence[float], value: float) -> int:
    """Return the position of the value that is nearest to another one."""
    return int(np.abs(np.asarray(values) - value).argmin())


def tipping_words(share: Floats, unit: str) -> str:
    """Return whether the share of half lies between the ends of a surface, and where it stands else."""
    known = share[np.isfinite(share)]
    if not known.size:
        return ""
    low, high = float(known.min()), float(known.max())
    said = {"half": TIPPING, "unit": unit, "low": low, "high": high}
    if low < TIPPING <= high:
        return tr(
            "Tipping line: somewhere in it the bloc passes {half:g} {unit} (it spans {low:.1f} to {high:.1f} {unit}).",
            **said,
        )
    if high < TIPPING:
        return tr(
            "No tipping line between these ends: all of it lies below {half:g} {unit} ({low:.1f} to {high:.1f} {unit}).",
            **said,
        )
    return tr(
        "No tipping line between these ends: all of it lies above {half:g} {unit} ({low:.1f} to {high:.1f} {unit}).",
        **said,
    )


@solara.component
def Folders() -> None:  # noqa: N802
    """Open a finished sweep and look at two of its factors."""
    folders = solara.use_memo(sweep_folders, [])
    opened: solara.Reactive[tuple[str, FinishedSweep] | None] = solara.use_reactive(None)
    problem = solara.use_reactive("")
    plain_text("h3", tr("Finished sweeps"))
    if not folders:
        text = tr(
            "There is none under results/: “aiblocs sweep SPEC.yaml” makes one, and it can be opened here."
        )
        plain_text("p", text, classes=["page-small"])
        return

    def choose(name: str) -> None:
        problem.set("")
        if name == tr(CLOSED):
            opened.set(None)
            return
        try:
            opened.set((name, read_sweep(name)))
        except InputError as error:
            opened.set(None)
            problem.set(str(error))

    now = opened.value[0] if opened.value is not None else tr(CLOSED)
    solara.Select(tr("Results folder"), values=[tr(CLOSED), *folders], value=now, on_value=choose)
    if problem.value:
        solara.Error(problem.value, dense=True)
    if opened.value is not None:
        FinishedSurface(*opened.value).key(opened.value[0])


@solara.component
def FinishedSurface(name: str, finished: FinishedSweep) -> None:  # noqa: N802
    """Show the smoothed surface of two factors of a finished sweep."""
    dark = use_dark()
    factors = {factor_words(factor): factor for factor in finished.factors}
    outcomes = {tr(finished.meanings[name]): name for name in finished.outcomes}
    labels, meanings = list(factors), list(outcomes)
    across, up = solara.use_reactive(labels[0]), solara.use_reactive(labels[1])
    outcome = solara.use_reactive(meanings[0])
    with solara.Div(classes=["page-form"]):
        solara.Select(tr("Factor across"), values=labels, value=across)
        solara.Select(tr("Factor up"), values=labels, value=up)
        solara.Select(tr("Outcome"), values=meanings, value=outcome)
    chosen = (factors[across.value], factors[up.value], outcomes[outcome.value])
    drawn = solara.use_memo(lambda: smoothed(finished, *chosen), [finished, chosen])
    if isinstance(drawn, str):
        solara.Info(drawn)
        return
    x, y, z = drawn
    option = surface_option(
        Axis(across.value, "", x),
        Axis(up.value, "", y),
        z,
        title=f"{name}: {outcome.value}",
        unit=tr("mean over replicates, smoothed over the other factors"),
        digits=3,
        dark=dark,
    )
    axes = ((across.value, tuple(x)), (up.value, tuple(y)))
    title = f"{name}: {outcome.value}"
    note = tr(
        "Finished sweep “{name}” of results/: mean over replicates, smoothed over the other factors.",
        name=name,
    )
    Chart(
        option,
        height=440,
        exhibit=lambda: Surface(title, tr("mean, smoothed"), *axes, np.asarray(z), 3),
        caption=(note,),
    )


def smoothed(finished: FinishedSweep, across: str, up: str, outcome: str) -> str | tuple[Any, Any, Any]:
    """Return values across, values up and the smoothed surface; or why there is none."""
    if across == up:
        return tr("Choose two different factors.")
    try:
        surface = smooth_surface(
            finished.factors[across], finished.factors[up], finished.outcomes[outcome], points=SMOOTHED
        )
    except InputError as error:
        return str(error)
    return surface.x.tolist(), surface.y.tolist(), surface.z
