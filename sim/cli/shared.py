"""What several commands need: options of a run, a progress bar, printing of results."""

from __future__ import annotations

import contextlib
import math
import re
import shutil
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from sim.errors import InputError

if TYPE_CHECKING:
    from pathlib import Path

    from sim.plausibility import Finding
    from sim.report.blocks import Document
    from sim.results.run import Progress
    from sim.scenario.loader import Loaded, Override

_PANELS = 80
"""Columns of a terminal below which the panels of a help page would cut words."""


def whole_number(text: str) -> int:
    """Return what an option of a whole number says. Raises BadParameter with how to write it."""
    given = str(text).strip()
    if re.fullmatch(r"[-+]?\d+", given):
        return int(given)
    try:
        number = float(re.sub(r"(?<=\d)[,_' ](?=\d{3})", "", given))
    except ValueError:
        number = math.nan
    hint = f"; write {number:.0f}" if number.is_integer() else ""
    raise typer.BadParameter(f"{given} is not a whole number{hint}")


def any_number(text: str) -> float:
    """Return what an option of a number says. Raises BadParameter with how to write it."""
    given = str(text).strip()
    with contextlib.suppress(ValueError):
        if math.isfinite(number := float(given)):
            return number
    comma = re.fullmatch(r"[-+]?\d+,\d+", given)
    hint = f"; write {given.replace(',', '.')}, with a decimal point" if comma else ""
    raise typer.BadParameter(f"{given} is not a number{hint}")


ScenarioName = Annotated[str, typer.Argument(help="A scenario of the library, or the path of a YAML file.")]
Runs = Annotated[int, typer.Option(help="How many futures.", metavar="N", parser=whole_number)]
Seed = Annotated[
    int | None,
    typer.Option(
        help="Seed of all draws; default: the scenario's own, usually 1.", metavar="N", parser=whole_number
    ),
]
Sets = Annotated[
    list[str] | None,
    typer.Option(
        "--set", help="Set a value, as in blocs.us.aid_budget=5. May be repeated.", metavar="PATH=VALUE"
    ),
]
Strict = Annotated[
    list[str] | None,
    typer.Option(
        help="Stop if this check of the scenario finds something; all = every warning and error. May be repeated.",
        metavar="NAME",
    ),
]
Among = Annotated[
    str | None,
    typer.Option(
        help="Only these countries count: region:Africa, income:low, club:gcc, or codes, as in KEN,UGA.",
        metavar="COUNTRIES",
    ),
]
At = Annotated[
    str | None,
    typer.Option(
        help="Show the results of this quarter, as in 2029Q4; default: the last.", metavar="QUARTER"
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object and nothing else.")]


def help_style() -> Literal["rich"] | None:
    """Return how help is laid out: in panels where there is room for them, else in plain lines that cut no word."""
    return "rich" if shutil.get_terminal_size().columns >= _PANELS else None


def overrides_of(sets: list[str] | None) -> dict[str, Override]:
    """Return what ``--set PATH=VALUE`` asks for; the value is read as YAML.

    Raises
    ------
    InputError
        If there is no ``=``, no path, or the value is not YAML.
    """
    from sim.scenario.yaml_io import parse_yaml

    overrides: dict[str, Override] = {}
    for text in sets or []:
        path, equals, value = text.partition("=")
        path = path.strip()
        if not equals or not path:
            raise InputError(f"--set {text}: write PATH=VALUE, as in --set blocs.us.aid_budget=5")
        overrides[path] = parse_yaml(value, f"--set {path}").data
    return overrides


def loaded_strictly(scenario: str, overrides: dict[str, Override], strict: list[str] | None) -> Loaded:
    """Load a scenario, and stop if a check that ``--strict`` names finds something.

    Raises
    ------
    InputError
        If the scenario has mistakes, or such a check found something, or there is no check of that name.
    """
    from sim.plausibility import check_scenario
    from sim.scenario.loader import load

    stop_if_found((), strict)  # a name that is none is told before anything else
    loaded = load(scenario, overrides)
    if strict:
        stop_if_found(check_scenario(loaded), strict)
    return loaded


def stop_if_found(findings: Iterable[Finding], strict: list[str] | None) -> None:
    """Raise InputError if checks that ``--strict`` names found something."""
    if strict:
        from sim.plausibility import refuse

        refuse(list(findings), strict)


def print_document(document: Document, *more: str) -> None:
    """Print what a terminal shows of a result, and lines that stand below it, such as where the files are."""
    from rich.console import Console

    from sim.report.terminal import on_screen

    Console(highlight=False, emoji=False).print(on_screen(document, *more))


def print_files(document: Document, written: Sequence[Path]) -> None:
    """Print a result as `print_document` does, and the files that were written, if any."""
    print_document(document, *([f"Files: {', '.join(map(str, written))}"] if written else []))


def print_text(text: str) -> None:
    """Print text as it is on the standard output."""
    sys.stdout.write(text if text.endswith("\n") else f"{text}\n")


@contextlib.contextmanager
def progress_bar(what: str) -> Iterator[Progress | None]:
    """Give a progress function that draws a bar on the standard error stream; None if that is no terminal."""
    if not sys.stderr.isatty():
        yield None
        return
    from sim.api.progress import terminal_bar

    with terminal_bar(what) as report:
        yield report


@contextlib.contextmanager
def stage_notes() -> Iterator[Callable[[str], None]]:
    """Give a function that logs each stage to the standard error stream, with the time since the start."""
    start = time.monotonic()

    def say(text: str) -> None:
        sys.stderr.write(f"{time.monotonic() - start:5.0f} s  {text}\n")
        sys.stderr.flush()

    yield say
