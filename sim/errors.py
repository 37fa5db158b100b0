"""Exceptions and the messages that users see.

Errors are raised where the mistake is known and shown once, at the edge (the command line or the page).
A reader of a file reports all mistakes of that file at once: it collects `Problem` objects and raises one
`InputError` that holds them.
"""

from __future__ import annotations

import difflib
import functools
import importlib
import inspect
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

_SIMILAR_ENOUGH = 0.6
"""Share of letters in common (difflib's ratio) from which a known word is offered as a correction."""

_FEW = 3
"""Known words that are offered for their beginning."""


@dataclass(frozen=True)
class Problem:
    """One mistake in something a user wrote.

    Parameters
    ----------
    message
        What is wrong, with the allowed values where there are few.
    file
        The file it stands in, as the user named it.
    line, column
        Where in the file, counted from 1. A column without a line is not shown.
    hint
        How to correct it. The text of `did_you_mean` may be passed as it is.
    """

    message: str
    file: str | None = None
    line: int | None = None
    column: int | None = None
    hint: str | None = None

    def __str__(self) -> str:
        """Return one line: ``file.yaml:12:5: message; hint``."""
        hint = (self.hint or "").removeprefix("; ")
        text = f"{self.message}; {hint}" if hint else self.message
        place = self._place()
        return _one_line(f"{place}: {text}" if place else text)

    def _place(self) -> str:
        if self.line is None:
            return self.file or ""
        if self.file is None:
            return f"line {self.line}" if self.column is None else f"line {self.line}, column {self.column}"
        return ":".join(str(part) for part in (self.file, self.line, self.column) if part is not None)


class AiblocsError(Exception):
    """An expected failure, to be shown as its message alone, without a traceback."""

    exit_code = 1
    """What the command line returns: 1, a check failed or a result could not be made."""


class InputError(AiblocsError):
    """Something the user gave (a file, an option, an argument) cannot be used.

    Parameters
    ----------
    problems
        A sentence, one problem, or all the problems found.

    Attributes
    ----------
    problems : tuple of Problem
        Every mistake found, in the order it was found.

    Raises
    ------
    ValueError
        If there is no problem to report.
    """

    exit_code = 2

    def __init__(self, problems: str | Problem | Sequence[Problem]) -> None:
        if isinstance(problems, str):
            problems = Problem(problems)
        if isinstance(problems, Problem):
            problems = (problems,)
        if not problems:
            raise ValueError("an InputError needs at least one problem")
        self.problems = tuple(problems)
        super().__init__(self.problems)

    def __str__(self) -> str:
        """Return one line for each problem."""
        return "\n".join(str(problem) for problem in self.problems)


class ScenarioWarning(UserWarning):
    """Something about a scenario that is allowed and probably not meant, or that does nothing (`sim.plausibility`).

    ``warnings.simplefilter("error", sim.ScenarioWarning)`` makes a mistake of it, ``"ignore"`` silences it.
    """


class WorkerWarning(UserWarning):
    """A worker of a cluster is left out of a sweep; the others go on."""


def nearest(word: str, allowed: Iterable[str]) -> str | None:
    """Return the allowed word most similar to `word`, ignoring case, or None if none is similar."""
    by_folded: dict[str, str] = {}
    for candidate in allowed:
        by_folded.setdefault(candidate.casefold(), candidate)
    found = difflib.get_close_matches(word.casefold(), by_folded, n=1, cutoff=_SIMILAR_ENOUGH)
    return by_folded[found[0]] if found else None


def did_you_mean(word: str, allowed: Iterable[str]) -> str:
    """Return ``"; did you mean X?"`` to put behind a message, or ``""`` if nothing allowed is like `word`.

    Where none is, those that begin with it are named: of ``aid``, ``aid_budget`` is the rest.
    """
    allowed = list(allowed)
    match = nearest(word, allowed)
    longer = [one for one in allowed if word and one.casefold().startswith(f"{word.casefold()}_")]
    found = longer[:_FEW] if match is None else [match]
    return f"; did you mean {' or '.join(found)}?" if found else ""


def naming_keywords(function: Callable[..., Any], module: str, public: str) -> Callable[..., Any]:
    """Return a public function that names the nearest keyword where it is called with one it does not have.

    ``module`` and ``public`` say where users find it: the function that is returned can be pickled from there.

    Raises
    ------
    TypeError
        By the function that is returned, as Python does, with the nearest keyword or all of them.
    """
    known = inspect.signature(function).parameters
    if any(one.kind is inspect.Parameter.VAR_KEYWORD for one in known.values()):
        return function
    words = [name for name, one in known.items() if one.kind is not inspect.Parameter.VAR_POSITIONAL]

    @functools.wraps(function)
    def called(*args: Any, **keywords: Any) -> Any:
        for word in keywords:
            if word not in words:
                hint = did_you_mean(word, words) or f"; it takes {', '.join(words) or 'none'}"
                raise TypeError(f"{module}.{public}() got an unexpected keyword argument {word!r}{hint}")
        return function(*args, **keywords)

    called.__module__, called.__name__, called.__qualname__ = module, public, public
    return called


def _one_line(text: str) -> str:
    """Join the lines of a text, because a message is one line."""
    return " ".join(line.strip() for line in text.splitlines())


def import_extra(module: str, extra: str) -> Any:
    """Import and return a module of an optional extra.

    Raises
    ------
    AiblocsError
        If it is not installed; the message names the command that installs it.
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
