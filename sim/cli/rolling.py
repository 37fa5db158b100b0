"""``aiblocs validate --rolling``: forecasts from past quarters, scored, and compared with the scores that are shipped."""

from __future__ import annotations

import json
from pathlib import Path

import typer

from sim.cli.shared import print_files, print_text, progress_bar, stage_notes
from sim.errors import InputError


def validate_rolling(
    out: Path | None,
    docs: Path | None,
    origins: str | None,
    workers: int | None,
    *,
    quick: bool,
    resume: bool,
    write: bool,
    as_json: bool,
) -> None:
    """Run the command; options as of ``aiblocs validate``.

    Raises
    ------
    InputError
        If options contradict each other, or the folder cannot be used.
    typer.Exit
        With code 1 if the scores are not those shipped.
    """
    from sim.engine.parallel import usable_cores
    from sim.evidence.rolling import parse_origins, run_rolling
    from sim.evidence.rolling_origin import QUICK_ROLLING, RollingSizes
    from sim.evidence.rolling_tables import SHIPPED, compare_tables, read_tables, write_tables
    from sim.report.validation.rolling import rolling_document, write_page
    from sim.results import check_target

    if (quick or origins is not None) and (write or docs is not None):
        raise InputError("--write and --docs need all origins in full, without --quick and --origins")
    folder = Path("results") / "rolling" if out is None else out
    for target in (folder, docs):
        if target is not None:
            check_target(target)
    quarters = None if origins is None else parse_origins(origins)
    sizes = QUICK_ROLLING if quick else RollingSizes()
    with stage_notes() as say, progress_bar("Forecasting from past quarters") as report:
        found = run_rolling(
            folder,
            quarters,
            sizes,
            resume=resume,
            workers=workers or usable_cores(),
            log=say,
            progress=report,
        )
    written = write_tables(found, folder)
    found = read_tables(folder)  # as rounded there: what is shown is what the tables say
    if write:
        written += write_tables(found, SHIPPED)
    if docs is not None:
        written += write_page(found, docs)
    if as_json:
        print_text(json.dumps(found.to_dict(), ensure_ascii=False))
    else:
        print_files(rolling_document(found), written)
    if quick:
        return  # other sizes than those shipped
    compared = compare_tables(found, read_tables())
    if compared.same:
        said = f"the same as shipped (largest difference of a log score {compared.largest:.4f})"
    else:
        said = (
            f"NOT as shipped: {compared.missing} are not there, largest difference of a log score {compared.largest:.4f}"
            f"{', ' + compared.where if compared.where else ''}"
        )
    if not as_json:
        print_text(f"{compared.cases} scores: {said}")
    if not compared.same:
        raise typer.Exit(1)
