"""``aiblocs sweep``: a sweep from its specification, live, resumable, on threads or on a cluster."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path
from typing import Annotated

import typer

from sim.cli.shared import AsJson, output, print_text

app = typer.Typer(add_completion=False)


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
        typer.Option(help="Design size instead of the file's; with --resume: grow to it.", metavar="N"),
    ] = None,
    replicates: Annotated[
        int | None,
        typer.Option(
            help="Futures per sample instead of the file's; with --resume: grow to it.", metavar="N"
        ),
    ] = None,
    workers: Annotated[
        int | None, typer.Option(help="Processes of a local Dask cluster, instead of threads.", metavar="N")
    ] = None,
    scheduler: Annotated[
        str | None, typer.Option(help="Address of a running Dask scheduler.", metavar="tcp://HOST:PORT")
    ] = None,
    threads: Annotated[
        int | None, typer.Option(help="Threads; default: one per processor. Changes no number.", metavar="N")
    ] = None,
    as_json: AsJson = False,
    outcomes: Annotated[
        bool,
        typer.Option("--outcomes", help="List the outcomes that a sweep can keep, with units, and stop."),
    ] = False,
) -> None:
    """Run a parameter sweep: many samples of levers and uncertainties, many futures of each.

    Everything is kept in a folder as it comes; an interrupted sweep goes on with --resume.
    """
    from sim.cli.screens.sweep import library_of_sweeps, outcome_table

    if outcomes:
        output().print(outcome_table(("us", "china")))
        return
    if spec is None:
        output().print(library_of_sweeps())
        return
    _run(spec, out, resume, samples, replicates, workers, scheduler, threads, as_json)


def _run(
    spec: str,
    out: Path | None,
    resume: bool,
    samples: int | None,
    replicates: int | None,
    workers: int | None,
    scheduler: str | None,
    threads: int | None,
    as_json: bool,
) -> None:
    from sim.api.sweep import default_sweep_folder, run_prepared
    from sim.cli.screens.sweep import sweep_document, sweep_report
    from sim.cli.screens.sweep_progress import sweep_progress
    from sim.sweeps.prepare import prepare
    from sim.sweeps.runner import Execution

    prepared = prepare(spec, samples=samples, replicates=replicates)
    folder = out if out is not None else default_sweep_folder(prepared.spec.name)
    for note in prepared.notes:
        print(f"note: {note}", file=sys.stderr)
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
        print_text(sweep_document(found))
        return
    output().print(sweep_report(found))
