"""Many futures: designs, execution, storage and analysis of parameter sweeps.

The package is also the function that runs a sweep: ``sim.sweep("chips-aid-divide")`` calls
`sim.sweep.api.sweep`.
"""

from __future__ import annotations

import sys
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.sweep.api import Sweep


class _Callable(ModuleType):
    """A package that can be called: the name ``sim.sweep`` serves both."""

    def __call__(self, *arguments: Any, **options: Any) -> Sweep:
        """Run a sweep; see `sim.sweep.api.sweep`."""
        from sim.sweep.api import sweep

        return sweep(*arguments, **options)


sys.modules[__name__].__class__ = _Callable
