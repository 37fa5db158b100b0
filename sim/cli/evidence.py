"""``aiblocs validate``, ``calibrate``, ``forecast``, ``score``: the model against what happened."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Annotated

import typer

from sim.calibration.dates import CUTOFF, CUTOFFS
from sim.cli.shared import (
    AsJson,
    help_style,
    print_document,
    print_files,
    print_text,
    progress_bar,
    stage_notes,
)
from sim.errors import InputError

app = typer.Typer(add_completion=False, rich_markup_mode=help_style())


def _day(text: str, option: str = "--cutoff") -> dt.date:
    """Return the day of an option, refused with words if it is none."""
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise InputError(f"{option} {text} is no day; write it as {CUTOFF}") from None


@app.command()
def validate(
    out: Annotated[
        Path | None,
        typer.Option(help="Folder for validation.html; default: results/validation.", metavar="DIR"),
    ] = None,
    docs: Annotated[
        Path | None,
        typer.Option(
            help="Write validation.md with its figures into this documentation folder, too.", metavar="DIR"
        ),
    ] = None,
    quick: Annotated[
        bool, typer.Option("--quick", help="Fewer simulated pasts and draws: a first look, less exact.")
    ] = False,
    rolling: Annotated[
        bool,
        typer.Option(
            "--rolling", help="Forecast anew from 15 past quarters, with what was known then, and score it."
        ),
    ] = False,
    resume: Annotated[
        bool, typer.Option("--resume", help="Of --rolling: go on with the origins that --out holds.")
    ] = False,
    origins: Annotated[
        str | None,
        typer.Option(help="Of --rolling: these quarters alone, as in 2023Q4,2025Q2.", metavar="QUARTERS"),
    ] = None,
    workers: Annotated[
        int | None,
        typer.Option(help="Of --rolling: processes; default: one per processor.", metavar="N", min=1),
    ] = None,
    write: Annotated[
        bool,
        typer.Option("--write", help="Of --rolling: replace the tables of the package by the new scores."),
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Test the model where it could be wrong: lists and regions left out, replays of the past, published results.

    Exit code 1 if a promise is broken; a missed goal is reported and is no failure. Writes validation.html
    (with --json only if --out names a folder).

    With --rolling instead: what would have been forecast at the end of every quarter from 2022Q4 to 2026Q2. It takes some
    minutes, one file for each origin stands in --out (default: results/rolling), and exit code 1 says that the scores are
    not those that the package ships.
    """
    import json

    if rolling:
        from sim.cli.rolling import validate_rolling

        validate_rolling(
            out, docs, origins, workers, quick=quick, resume=resume, write=write, as_json=as_json
        )
        return
    if resume or write or origins is not None or workers is not None:
        raise InputError("--resume, --origins, --workers and --write belong to --rolling")
    from sim.evidence.validate import QUICK, Sizes, run_validation
    from sim.report.validation.page import validation_document, write_report
    from sim.results import check_target

    for folder in (out, docs):
        if folder is not None:
            check_target(folder)
    if quick and docs is not None:
        raise typer.BadParameter("--docs needs the full validation, without --quick")
    with stage_notes() as say, progress_bar("Validating") as report:
        result = run_validation(QUICK if quick else Sizes(), say, report)
    if out is None and not as_json:
        out = Path("results") / "validation"
    page = None if out is None else out / "validation.html"
    written = write_report(result, page, docs)
    if as_json:
        print_text(json.dumps(result.as_json(), ensure_ascii=False))
    else:
        print_files(validation_document(result), written)
    if not all(result.promises().values()):
        raise typer.Exit(1)


@app.command()
def calibrate(
    write: Annotated[
        bool, typer.Option("--write", help="Replace the files of the package by the new estimate.")
    ] = False,
    out: Annotated[
        Path | None, typer.Option(help="Write the new estimate into this folder, too.", metavar="DIR")
    ] = None,
    cutoff: Annotated[
        str, typer.Option(help="Last day whose acts the estimate may see.", metavar="YYYY-MM-DD")
    ] = str(CUTOFF),
    as_json: AsJson = False,
) -> None:
    """Estimate the weights anew from who joined what, and report whether scenarios use the same (else exit code 1).

    The package brings the estimates on data to 2025-07-25 and to 2026-10-09; one to another day is only written with --out.
    Takes a few minutes. Writes nothing unless --write or --out asks for it.
    """
    import json

    from sim.calibration.posterior import estimate_folder
    from sim.evidence.calibrate import calibrate as run_calibration
    from sim.evidence.calibrate import dynamics_record, write_all, write_estimate
    from sim.evidence.calibration_check import against_shipped, is_shipped
    from sim.evidence.coefficients import coefficients_record
    from sim.report.validation.summary import calibration_document
    from sim.results import check_target

    if out is not None:
        check_target(out)
    day = _day(cutoff)
    if write:
        estimate_folder(day)
    with stage_notes() as say:
        result = run_calibration(say, cutoff=day)
        found = against_shipped(result) if day in CUTOFFS and is_shipped(day) else []
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
    missing = day in CUTOFFS and not found
    if not write and (missing or not all(one.same for one in found)):
        raise typer.Exit(1)


@app.command()
def forecast(
    as_of: Annotated[
        str | None,
        typer.Option("--as-of", help="Freeze the register of a month, as of this day.", metavar="YYYY-MM-DD"),
    ] = None,
    check: Annotated[
        bool,
        typer.Option("--check", help="Make every register again and compare; exit code 1 if one differs."),
    ] = False,
    replace: Annotated[
        bool, typer.Option("--replace", help="Make anew a first register that has not been published.")
    ] = False,
    out: Annotated[
        Path | None, typer.Option(help="Another file than the reference register.", metavar="FILE.csv")
    ] = None,
) -> None:
    """Freeze a register of forecasts (who belongs to what by when), or make the registers again and compare.

    With --as-of, the register of a month: one line per state, organization or bloc, and quarter, and dated questions.
    Without, the first register, on new lists. A register is written once, so that it can be scored later (`aiblocs score`).
    """
    from sim.evidence.forecast import publish
    from sim.evidence.monthly import check_register, freeze
    from sim.evidence.statements import REGISTER, registers

    if as_of is not None and (check or replace):
        raise InputError("--as-of freezes a new register: it goes with neither --check nor --replace")
    if check and replace:
        raise InputError("--check makes registers again and writes nothing: leave out --replace")
    if not check:
        if as_of is None:
            written = publish(REGISTER if out is None else out, replace_unpublished=replace)
        else:
            written = freeze(_day(as_of, "--as-of"), dt.date.today(), out)
        for file in written:
            print_text(f"{file}: written")
        return
    differ = False
    for path in registers() if out is None else [out]:
        found = check_register(path)
        differ = differ or not found.same
        if found.made:
            where = f"largest difference {found.largest:.4f}, in {found.statement} by {found.date}"
            print_text(f"{path}: {'reproduced' if found.same else 'NOT reproduced'} ({where})")
        if found.left:
            print_text(f"{path}: {found.left}")
    if differ:
        raise typer.Exit(1)


@app.command()
def score(
    outcomes: Annotated[
        Path | None,
        typer.Argument(
            help="CSV of who joined: columns iso3, date, and initiative or bloc; default: the project's own tables.",
            metavar="FILE.csv",
        ),
    ] = None,
    register: Annotated[
        Path | None,
        typer.Option(help="Score this register alone, list by list; default: all.", metavar="FILE.csv"),
    ] = None,
    entrants: Annotated[
        Path | None,
        typer.Option(help="Folder of forecasts by others, in the form of a register.", metavar="DIR"),
    ] = None,
    date: Annotated[
        str | None,
        typer.Option(
            help="Judge the statements by this quarter; default: the first that is not before the last outcome.",
            metavar="QUARTER",
        ),
    ] = None,
    meanings: Annotated[
        list[str] | None,
        typer.Option(
            "--as",
            help="What an initiative stands for, as in WAICO=bloc:china. May be repeated.",
            metavar="NAME=STATEMENT",
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Score the forecasts: every register, and the entries of others, against the baselines on one scoreboard.

    With --register, one of them list by list: AUC, Brier, log score, hits and misses by name.
    Exit code 1 if nothing is resolved yet.
    """
    import json

    from sim.evidence.board import score_board
    from sim.evidence.scoreboard import score_forecasts
    from sim.evidence.statements import REGISTER
    from sim.report.scoreboard import scoreboard_document
    from sim.report.validation.summary import scores_document

    said = {}
    for text in meanings or []:
        name, equals, meaning = text.partition("=")
        if not equals:
            raise InputError(f"--as {text}: write NAME=STATEMENT, as in --as WAICO=club:china:treaty")
        said[name] = meaning
    if register is None and date is None and not said:
        board = score_board(outcomes, entrants=entrants)
        if as_json:
            print_text(json.dumps(board.to_dict(), ensure_ascii=False))
        else:
            print_document(scoreboard_document(board))
        return
    if entrants is not None:
        raise InputError(
            "--entrants belongs to the scoreboard of all registers: leave out --register, --date and --as"
        )
    results = score_forecasts(outcomes, REGISTER if register is None else register, date, said)
    if as_json:
        print_text(json.dumps([one.to_dict() for one in results.scored], ensure_ascii=False))
        return
    print_document(scores_document(results))
