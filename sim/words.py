"""Words in the reader's language: English as it stands in the code, others from one file per language.

A text in the code is its own key. ``languages/LANGUAGE.po`` holds what it is called elsewhere; ``python -m tools.words``
brings those files up to date with the code, and a test fails where one lacks a text or holds one that is gone.
What prints for a terminal or a file speaks English; the page sets the language of each visitor.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache, wraps
from gettext import NullTranslations
from importlib.resources import files
from typing import ParamSpec, TypeVar

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")

ENGLISH = "en"
LANGUAGES: dict[str, str] = {ENGLISH: "English", "fr": "Français"}
"""Languages by code, each by its own name."""

_spoken: ContextVar[str] = ContextVar("spoken", default="")
_askers: list[Callable[[], str]] = []


def language() -> str:
    """Return the language that words are wanted in: that of `speaking`, else of who asks, else English."""
    found = _spoken.get() or next((said for ask in _askers if (said := ask())), ENGLISH)
    return found if found in LANGUAGES else ENGLISH


def ask_language(asker: Callable[[], str]) -> None:
    """Have ``asker`` tell the language of the reader at hand, by code; "" where it knows of none."""
    _askers.append(asker)


@contextmanager
def speaking(code: str) -> Iterator[None]:
    """Speak a language within a block.

    Raises
    ------
    KeyError
        If the language is not known.
    """
    if code not in LANGUAGES:
        raise KeyError(code)
    token = _spoken.set(code)
    try:
        yield
    finally:
        _spoken.reset(token)


def tr(text: str, /, **values: object) -> str:
    """Return a text in the language of the reader, with ``values`` at its {names}."""
    said = catalog(language()).gettext(text)
    return said.format(**values) if values else said


def trn(one: str, many: str, number: int, /, **values: object) -> str:
    """Return the text for a number of things; ``{n}`` in it is the number, in the reader's manner."""
    said = catalog(language()).ngettext(one, many, number)
    return said.format(n=decimal(number), **values)


def mark(text: str) -> str:
    """Return a text as it is: marks words that are kept in a table and spoken later, by ``tr``."""
    return text


def decimal(value: float, digits: int = 0) -> str:
    """Return a number with so many digits behind the point and thousands in groups, as the reader writes them."""
    plain = f"{value:z,.{digits}f}"
    if language() == ENGLISH:
        return plain
    from babel import Locale

    symbols = Locale.parse(language()).number_symbols["latn"]
    marks = {",": symbols["group"], ".": symbols["decimal"]}
    return "".join(marks.get(letter, letter) for letter in plain)


def spoken_cache(
    size: int | None = 128,
) -> Callable[[Callable[Arguments, Result]], Callable[Arguments, Result]]:
    """Return a cache for a function that returns words: one answer for each language."""

    def decorate(function: Callable[Arguments, Result]) -> Callable[Arguments, Result]:
        @lru_cache(size)
        def kept(_: str, *args: Arguments.args, **kwargs: Arguments.kwargs) -> Result:
            return function(*args, **kwargs)

        @wraps(function)
        def wrapped(*args: Arguments.args, **kwargs: Arguments.kwargs) -> Result:
            return kept(language(), *args, **kwargs)  # type: ignore[arg-type]

        return wrapped

    return decorate


@lru_cache
def catalog(code: str) -> NullTranslations:
    """Return the texts of a language; those of English are the code's own."""
    if code == ENGLISH:
        return NullTranslations()
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po
    from babel.support import Translations

    path = files("sim").joinpath("languages", f"{code}.po")
    binary = io.BytesIO()
    with path.open("rb") as text:
        write_mo(binary, read_po(text, locale=code))
    binary.seek(0)
    return Translations(binary)
