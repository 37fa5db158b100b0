"""Getting ready: the model is compiled once, in the background, while the page already answers."""

from __future__ import annotations

import threading
from functools import cache

from sim.attribution.compare import compare_ensembles
from sim.attribution.explain import explain_ensemble
from sim.dashboard.compose import base_of
from sim.dashboard.live import Ask, solve
from sim.dashboard.state import Future
from sim.errors import AiblocsError


@cache
def warm_up() -> threading.Event:
    """Begin to compile, once for all sessions, and return the event that says that ensembles can be run."""
    ready = threading.Event()
    threading.Thread(target=_compile, args=(ready,), daemon=True, name="warm-up").start()
    return ready


def _compile(ready: threading.Event) -> None:
    """Solve the baseline, then ask each kind of question once; a fault shows where it is asked in earnest."""
    try:
        result = solve(Ask(Future()))
    except AiblocsError:
        return
    finally:
        ready.set()
    base = base_of(Future())
    country = next(i for i, frozen in enumerate(base.inputs.countries.frozen) if not frozen)
    explain_ensemble(result.ensemble, base.world, base.loaded.scenario, base.inputs.iso3[country], 1)
    compare_ensembles(result.ensemble, result.ensemble, ("baseline", "baseline"))
