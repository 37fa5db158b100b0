"""Live progress of sweeps and searches on the standard error stream; nothing where that is no terminal."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Iterator
from typing import Any

from sim.sweeps.progress import Progress, ProgressCallback


@contextlib.contextmanager
def sweep_progress(name: str) -> Iterator[ProgressCallback | None]:
    """Give a function that draws a bar with rate, remaining time and the first means."""
    if not sys.stderr.isatty():
        yield None
        return
    with _bar() as bar:
        task = bar.add_task(f"Sweeping {name}", total=None, text="")

        def show(state: Progress) -> None:
            bar.update(task, completed=state.runs_done, total=state.runs, text=progress_text(state))

        yield show


@contextlib.contextmanager
def search_progress(name: str, unit: str) -> Iterator[Callable[[int, float | None], None] | None]:
    """Give a function that counts tried mixes and shows the cost of the best that reaches the goal."""
    if not sys.stderr.isatty():
        yield None
        return
    with _bar() as bar:
        task = bar.add_task(f"Searching {name}", total=None, text="")

        def show(tried: int, cost: float | None) -> None:
            best = "none reaches the goal yet" if cost is None else f"best so far {cost:.4g} {unit}"
            bar.update(task, completed=tried, text=f"{tried:,} mixes; {best}")

        yield show


def progress_text(state: Progress) -> str:
    """Return rate, remaining time and partial means, as shown behind the bar."""
    parts = [f"{state.runs_done:,} of {state.runs:,} runs", f"{state.rate:,.0f}/s"]
    if state.remaining is not None:
        minutes, seconds = divmod(round(state.remaining), 60)
        parts.append(f"{minutes}:{seconds:02d} left")
    parts += [f"{name} {mean:.3f}" for name, mean in state.headline.items()]
    return "  ".join(parts)


def _bar() -> Any:
    from rich.console import Console
    from rich.progress import BarColumn, TextColumn
    from rich.progress import Progress as Bar

    columns = (TextColumn("{task.description}"), BarColumn(bar_width=24), TextColumn("{task.fields[text]}"))
    return Bar(*columns, console=Console(stderr=True), transient=True)
