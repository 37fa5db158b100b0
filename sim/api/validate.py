"""Every test of the evidence, from Python."""

from __future__ import annotations

from collections.abc import Callable

from sim.api.arguments import check_arguments
from sim.api.progress import AskedProgress, Cancel, progress_of
from sim.evidence.validate import Sizes, Validation, run_validation


def validate(
    sizes: Sizes | None = None,
    log: Callable[[str], None] = lambda text: None,
    *,
    progress: AskedProgress = None,
    cancel: Cancel = None,
) -> Validation:
    """Run every test of the evidence.

    Parameters
    ----------
    sizes
        How much to compute; default: the report's.
    log
        Called with a line at each stage.
    progress
        True: a bar. False: nothing. A function: called with (stages done, stages). Default: a bar in notebooks.
    cancel
        An event that is set, or a function that returns True, to stop after the present stage.

    Raises
    ------
    InputError
        If progress or cancel is something else.
    Cancelled
        If it was stopped.
    """
    check_arguments(progress=progress, cancel=cancel)
    with progress_of(progress, "Validating", cancel, "stages") as report:
        return run_validation(sizes, log, report)
