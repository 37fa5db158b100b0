"""Optional libraries: imported where they are used, missing ones explained."""

from __future__ import annotations

import importlib
from typing import Any

from sim.errors import AiblocsError


def need(module: str, extra: str) -> Any:
    """Import and return a module of an optional extra.

    Raises
    ------
    AiblocsError
        If it is not installed, saying how to install it.
    """
    try:
        return importlib.import_module(module)
    except ModuleNotFoundError as error:
        if error.name is None or not module.startswith(error.name):
            raise
        package = module.partition(".")[0]
        raise AiblocsError(
            f"{package} is not installed; install it with: pip install 'aiblocs[{extra}]'"
        ) from None
