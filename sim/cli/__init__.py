"""The command ``aiblocs``: commands by subject, each file imported when one of its commands is called."""

from __future__ import annotations

import contextlib
import gc
import os
import sys
import warnings
from collections.abc import Callable, Sequence
from typing import Any

from sim.errors import AiblocsError, ScenarioWarning, WorkerWarning
from sim.figures.start import leave_help_out
from sim.labels.letters import HANDLER

INTERRUPTED = 130
CLOSED_PIPE = 141
_GC = (500_000, 20, 20)
"""Collections of cycles are rarer than usual: a start makes hundreds of thousands of objects that stay."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code: 0 ok, 1 a check failed, 2 bad input, 130 interrupted.

    Errors go to the standard error stream, one line for each mistake, never as a traceback
    (the environment variable ``AIBLOCS_TRACEBACK`` asks for one).
    """
    if arguments is not None:
        return _answer(list(arguments))
    gc.set_threshold(*_GC)
    leave_help_out()
    try:
        return _answer(sys.argv[1:])
    finally:
        gc.freeze()  # else Python looks through all that is left for cycles, several times, before it ends


def _answer(given: list[str]) -> int:
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors=HANDLER)  # a terminal that knows ASCII only still gets its table
    try:
        code = _run(given or ["--help"])
        sys.stdout.flush()
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:  # `aiblocs ... | head`: the reader has seen enough
        _discard_output()
        return CLOSED_PIPE
    return code


def _run(arguments: list[str]) -> int:
    import typer
    from typer.main import get_command

    from sim.cli.application import app, usage_text

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ScenarioWarning)  # every document begins with them
            warnings.simplefilter("always", WorkerWarning)
            warnings.showwarning = _show(warnings.showwarning)
            code = get_command(app).main(arguments, prog_name="aiblocs", standalone_mode=False)
    except AiblocsError as error:
        return _say(str(error), error.exit_code)
    except typer.TyperException as error:
        return _say(usage_text(error), error.exit_code)
    except typer.Abort:
        return INTERRUPTED
    except (BrokenPipeError, KeyboardInterrupt):
        raise
    except SystemExit as stop:
        if isinstance(stop.__context__, BrokenPipeError):  # what Rich makes of a reader that has gone
            raise stop.__context__ from None
        return stop.code if isinstance(stop.code, int) else 1
    except Exception as error:
        if os.environ.get("AIBLOCS_TRACEBACK"):
            raise
        text = " ".join(f"{type(error).__name__}: {error}".split())
        return _say(f"aiblocs: a fault of the program ({text}); please report it. "
                    "AIBLOCS_TRACEBACK=1 shows where it happened.", 1)  # fmt: skip
    return code if isinstance(code, int) else 0


def _show(others: Callable[..., None]) -> Callable[..., None]:
    """Return what shows a warning about a worker on one line, and every other one as before."""

    def show(message: Warning | str, category: type[Warning], *more: Any, **named: Any) -> None:
        if issubclass(category, WorkerWarning):
            _say(str(message), 0)
        else:
            others(message, category, *more, **named)

    return show


def _say(text: str, code: int) -> int:
    with contextlib.suppress(BrokenPipeError):
        print(text, file=sys.stderr, flush=True)
    return code


def _discard_output() -> None:
    """Send what is still buffered nowhere, so that closing the stream at exit does not fail again."""
    with contextlib.suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)
