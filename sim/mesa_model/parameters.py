"""Names of parameters as Python keywords: ``us_aid_budget`` for ``blocs.us.aid_budget``, ``attention`` and so on."""

from __future__ import annotations

from collections.abc import Mapping

from sim.errors import InputError, Problem
from sim.registry.columns import column_index
from sim.registry.renamed import name_hint


def keyword_of(name: str) -> str:
    """Return the keyword of a parameter: the dotted name with underscores, without the leading ``blocs``."""
    return name.removeprefix("blocs.").replace(".", "_")


def overrides_of(keywords: Mapping[str, float | str], blocs: tuple[str, ...]) -> dict[str, float | str]:
    """Return dotted overrides for keywords (or dotted names) of an ``AlignmentModel``.

    Raises
    ------
    InputError
        If a keyword is no parameter; names the nearest, or what an old name has become.
    """
    known = {keyword_of(name): name for name in column_index(blocs)}
    known |= {name: name for name in column_index(blocs)}
    wrong = [key for key in keywords if key not in known]
    if wrong:
        raise InputError(
            [Problem(f"{key!r} is not a parameter of the model", hint=name_hint(key, known)) for key in wrong]
        )
    return {known[key]: value for key, value in keywords.items()}
