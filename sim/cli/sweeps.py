"""``aiblocs sweep``, ``analyze``, ``cheapest``, ``levers``: many scenarios at once, and what they teach."""

from __future__ import annotations

import json
import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli.shared import (
    AsJson,
    Runs,
    Seed,
    Sets,
    Strict,
    any_number,
    help_style,
    loaded_strictly,
    overrides_of,
    print_document,
    print_text,
    progress_bar,
    stop_if_found,
    whole_number,
)

if TYPE_CHECKING:
    from sim.api.sweep import Sweep

app = typer.Typer(add_completion=False, rich_markup_mode=help_style())


@app.command()
def sweep(
    spec: Annotated[
        str | None, typer.Argument(help="A sweep of the library, or the path of a YAML file.", metavar="SPEC")
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="Folder; default: results/sweep-NAME.", metavar="DIR")
    ] = None,
    resume: Annotated[
        bool, typer.Option("--resume", help="Go on with the sweep in the folder; nothing is done twice.")
    ] = False,
    samples: Annotated[
        int | None,
        typer.Option(
            help="Design size instead of the file's; with --resume: grow to it.",
            metavar="N",
            parser=whole_number,
        ),
    ] = None,
    replicates: Annotated[
        int | None,
        typer.Option(
            help="Futures per sample instead of the file's; with --resume: grow to it.",
            metavar="N",
            parser=whole_number,
        ),
    ] = None,
    workers: Annotated[
        int | None,
        typer.Option(
            help="Processes of a local Dask cluster, instead of threads.", metavar="N", parser=whole_number
        ),
    ] = None,
    scheduler: Annotated[
        str | None, typer.Option(help="Address of a running Dask scheduler.", metavar="tcp://HOST:PORT")
    ] = None,
    threads: Annotated[
        int | None,
        typer.Option(
            help="Threads; default: one per processor. Changes no number.", metavar="N", parser=whole_number
        ),
    ] = None,
    strict: Strict = None,
    as_json: AsJson = False,
    outcomes: Annotated[
        bool,
        typer.Option(
            "--outcomes",
            help="List the outcomes a sweep can keep and stop; with SPEC, mark those it keeps.",
        ),
    ] = False,
) -> None:
    """Run a parameter sweep: many samples of levers and uncertainties, many futures of each.

    Everything is kept in a folder as it comes; an interrupted sweep goes on with --resume.
    """
    if outcomes or spec is None:
        running = {"--out": out, "--resume": resume or None, "--samples": samples, "--replicates": replicates,
                   "--workers": workers, "--scheduler": scheduler, "--threads": threads, "--strict": strict}  # fmt: skip
        unread = [name for name, value in running.items() if value is not None]
        if unread:
            why = "--outcomes lists and runs nothing" if outcomes else "give the sweep to run"
            raise typer.BadParameter(f"{', '.join(unread)} without a sweep that is run: {why}")
        _list(spec, outcomes, as_json)
        return
    _run(spec, out, resume, samples, replicates, workers, scheduler, threads, strict, as_json)


def _list(spec: str | None, outcomes: bool, as_json: bool) -> None:
    """Print the outcomes that a sweep can keep (with a sweep: which it keeps), or the sweeps of the library."""
    from sim.report.lists import outcome_records, outcomes_document, sweep_records, sweeps_document
    from sim.sweeps.prepare import prepare

    if not outcomes:
        print_text(json.dumps(sweep_records(), ensure_ascii=False)) if as_json else print_document(
            sweeps_document()
        )
        return
    blocs: tuple[str, ...] = ("us", "china")
    kept = None
    if spec is not None:
        evaluator = prepare(spec).evaluator
        blocs, kept = evaluator.blocs, {one.name for one in evaluator.outcomes}
    if as_json:
        print_text(json.dumps(outcome_records(blocs, kept), ensure_ascii=False))
    else:
        print_document(outcomes_document(blocs, kept))


def _run(
    spec: str,
    out: Path | None,
    resume: bool,
    samples: int | None,
    replicates: int | None,
    workers: int | None,
    scheduler: str | None,
    threads: int | None,
    strict: list[str] | None,
    as_json: bool,
) -> None:
    from sim.api.sweep import run_prepared
    from sim.cli.progress import sweep_progress
    from sim.report.sweep import sweep_document
    from sim.results import default_folder
    from sim.sweeps.folder import before_sweep
    from sim.sweeps.prepare import prepare
    from sim.sweeps.runner import Execution

    Execution(workers=workers, scheduler=scheduler, threads=threads)  # what cannot be meant is said first
    prepared = prepare(spec, samples=samples, replicates=replicates)
    folder = out if out is not None else default_folder("sweep", prepared.spec.name)
    stop_if_found(dict.fromkeys(one for found in prepared.findings.values() for one in found), strict)
    for line in before_sweep(prepared.notes, prepared.findings):
        print(line, file=sys.stderr)
    extend = resume and (samples is not None or replicates is not None)
    try:
        with sweep_progress(prepared.spec.name) as progress:
            execution = Execution(
                workers=workers, scheduler=scheduler, threads=threads, progress=progress,
                headline=prepared.headline,
            )  # fmt: skip
            command = shlex.join(["aiblocs", *sys.argv[1:]])
            found = run_prepared(prepared, folder, execution, resume=resume, extend=extend, command=command)
    except KeyboardInterrupt:
        print(f"stopped; finished chunks are kept in {folder}, go on with --resume", file=sys.stderr)
        raise
    if as_json:
        print_text(_as_json(found))
        return
    print_document(sweep_document(found), f"Files: {found.path}   Next: aiblocs analyze {found.path}")


def _as_json(found: Sweep) -> str:
    record = found.manifest.outcomes
    data = {
        "name": found.spec.name, "folder": str(found.path), "samples": found.samples, "replicates": found.replicates,
        "means": found.means(), "notes": list(found.notes), "findings": found.manifest.provenance.get("findings", {}),
        "identity": found.manifest.identity,
        "outcomes_sha256": None if record is None else record.sha256,
    }  # fmt: skip
    return json.dumps(data, ensure_ascii=False)


@app.command()
def analyze(
    folder: Annotated[Path, typer.Argument(help="Folder of a finished sweep.", metavar="DIR")],
    outcomes: Annotated[
        list[str] | None,
        typer.Option("--outcome", help="An outcome to explain. May be repeated.", metavar="NAME"),
    ] = None,
    level: Annotated[
        float | None,
        typer.Option(help="Where the outcome tips; default: its median.", metavar="X", parser=any_number),
    ] = None,
    below: Annotated[
        bool, typer.Option("--below", help="Look for the futures below the level, not above it.")
    ] = False,
    surface: Annotated[
        tuple[str, str] | None,
        typer.Option(help="The two levers of the response surface; default: the strongest.", metavar="A B"),
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="Where the report goes; default: DIR itself.", metavar="DIR")
    ] = None,
    strict: Strict = None,
    as_json: AsJson = False,
) -> None:
    """Show which lever matters, where outcomes tip, whether runs are enough, and where the spread comes from.

    Writes report.html (one self-contained page) and a folder analysis (PNG, SVG, JSON) into DIR or the folder of --out.
    """
    import json

    from sim.figures.start import import_matplotlib

    import_matplotlib()
    from sim.api.analyze import analyze as analyze_sweep
    from sim.report.sweep import analyses_document
    from sim.report.write import findings_in
    from sim.sensitivity.plain_data import json_values

    if strict:
        stop_if_found(findings_in(folder), strict)
    found = analyze_sweep(folder, outcomes, level=level, above=not below, surface=surface)
    report = found.save(out)
    if as_json:
        said = {"findings": found.store.manifest.provenance.get("findings", {})}
        print_text(json.dumps([json_values(one) | said for one in found.analyses], ensure_ascii=False))
        return
    print_document(analyses_document(found.store, found.analyses), f"Report: {report}")


@app.command()
def cheapest(
    goal: Annotated[
        str, typer.Argument(help="A search of the library, or the path of a YAML file.", metavar="GOAL")
    ],
    out: Annotated[
        Path | None, typer.Option(help="Folder for the scenario; default: results/mix-NAME.", metavar="DIR")
    ] = None,
    resume: Annotated[
        bool,
        typer.Option("--resume", help="Go on with the search in the folder; nothing is simulated twice."),
    ] = False,
    strict: Strict = None,
    as_json: AsJson = False,
) -> None:
    """Search the cheapest mix of levers that reaches a goal in the wanted share of the futures.

    Writes a scenario that can be edited and run, and the mix with its cost and robustness (with --json only
    if --out names a folder). Every simulated mix is kept as it comes; an interrupted search goes on with --resume.
    """
    from sim.api.cheapest import search_mix
    from sim.cli.progress import search_progress
    from sim.plausibility import lines_of
    from sim.report.sweep import mix_document
    from sim.results import default_folder
    from sim.sweeps.bases import base_findings, load_bases
    from sim.sweeps.mix_spec import read_mix_spec

    asked, path = read_mix_spec(goal)
    if strict:
        stop_if_found(base_findings(load_bases((asked.base,), path)[0], asked.levers), strict)
    folder = out if out is not None or as_json else default_folder("mix", asked.name)
    try:
        with search_progress(asked.name, asked.cost_unit) as progress:
            found = search_mix(goal, progress, folder, resume=resume)
    except KeyboardInterrupt:
        kept = (
            "nothing was kept"
            if folder is None
            else f"what was tried is kept in {folder}, go on with --resume"
        )
        print(f"stopped; {kept}", file=sys.stderr)
        raise
    if as_json:
        print_text(found.to_json())
        return
    file = None if folder is None else folder / "scenario.yaml"
    more = [] if file is None else [f"Scenario: {file}   Next: aiblocs run {file}"]
    print_document(
        mix_document(found.spec, found.mix, found.reference, found.notes, lines_of((), found.findings)), *more
    )


@app.command()
def levers(
    scenario: Annotated[
        str, typer.Argument(help="A scenario of the library, or the path of a YAML file.")
    ] = "baseline",
    name: Annotated[
        str | None,
        typer.Argument(help="One lever in detail, as in finance.us or blocs.us.aid_budget.", metavar="NAME"),
    ] = None,
    runs: Runs = 200,
    seed: Seed = None,
    sets: Sets = None,
    strict: Strict = None,
    as_json: AsJson = False,
) -> None:
    """Show what moves a scenario and what does not: every lever over its whole range, its evidence, why it is small.

    One lever comes with its card of evidence; without a scenario, it is that of the baseline.
    What is finished is kept in the user's cache folder: a second call goes on where the first was stopped.
    """
    from sim.api.levers import levers as try_levers
    from sim.report.levers import lever_document, levers_document
    from sim.scenario.library import library
    from sim.sensitivity.levers import is_lever

    if name is None and scenario not in library() and is_lever(scenario):
        scenario, name = "baseline", scenario
    loaded = loaded_strictly(scenario, overrides_of(sets), strict)
    try:
        with progress_bar(f"Trying the levers of {loaded.scenario.name}") as progress:
            found = try_levers(loaded, name, runs, seed, progress=progress)
    except KeyboardInterrupt:
        print("stopped; what is finished is kept, the same command goes on", file=sys.stderr)
        raise
    if as_json:
        print_text(found.to_json())
        return
    print_document(levers_document(found) if name is None else lever_document(found, loaded))
