"""``aiblocs calibrate``: estimate everything anew, and compare with what scenarios use."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sim.cli.shared import AsJson, print_files, print_text, stage_notes

app = typer.Typer(add_completion=False)


@app.command()
def calibrate(
    write: Annotated[
        bool, typer.Option("--write", help="Replace the files of the package by the new estimate.")
    ] = False,
    out: Annotated[
        Path | None, typer.Option(help="Write the new estimate into this folder, too.", metavar="DIR")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Estimate the weights anew from who joined what, and report whether scenarios use the same (else exit code 1).

    Takes a few minutes. Writes nothing unless --write or --out asks for it.
    """
    import json

    from sim.evidence.calibrate import calibrate as run_calibration
    from sim.evidence.calibrate import dynamics_record, write_all, write_estimate
    from sim.evidence.calibration_check import against_shipped
    from sim.evidence.coefficients import coefficients_record
    from sim.report.validation.summary import calibration_document
    from sim.results import check_target

    if out is not None:
        check_target(out)
    with stage_notes() as say:
        result = run_calibration(say)
        found = against_shipped(result)
        written = []
        if out is not None:
            out.mkdir(parents=True, exist_ok=True)
            written += write_estimate(result, out)
        if write:
            written += write_all(result, say)
    if as_json:
        record = {
            "coefficients": coefficients_record(result.coefficients),
            "dynamics": dynamics_record(result),
            "files": [
                {"file": one.file, "identical": one.identical, "distance": one.distance} for one in found
            ],
        }
        print_text(json.dumps(record, ensure_ascii=False))
    else:
        print_files(calibration_document(result, found), written)
    if not write and not all(one.same for one in found):
        raise typer.Exit(1)
