"""Words in the reader's language: English as it stands in the code, others from one file per language.

A text in the code is its own key. ``languages/LANGUAGE.po`` holds what it is called elsewhere; ``python -m tools.words``
brings those files up to date with the code, and a test fails where one lacks a text or holds one that is gone.
What prints for a terminal or a file speaks English; the page sets the language of each visitor.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache, partial, wraps
from gettext import NullTranslations
from importlib.resources import files
from string import Formatter
from typing import TYPE_CHECKING, ParamSpec, TypeVar

if TYPE_CHECKING:
    from babel.messages.catalog import Catalog

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")

ENGLISH = "en"
LANGUAGES: dict[str, str] = {ENGLISH: "English", "fr": "Français"}
"""Languages by code, each by its own name."""

_spoken: ContextVar[str] = ContextVar("spoken", default="")
_inside: ContextVar[bool] = ContextVar("inside", default=False)
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


class Said(str):
    """Words that can be spoken again in another language: what a worker, who knows no reader, makes for the page.

    ``again`` : makes the words anew, in the language of the reader at hand
    """

    again: Callable[[], str]

    @classmethod
    def by(cls, again: Callable[[], str], text: str) -> Said:
        """Return words with what makes them."""
        made = cls(text)
        made.again = again
        return made


def spoken(text: str) -> str:
    """Return words in the language of the reader at hand, whichever they were made in; other texts as they are."""
    return text.again() if isinstance(text, Said) else text


class _Manner(Formatter):
    """Puts values into a text: words in the reader's language, numbers with the reader's marks."""

    def format_field(self, value: object, format_spec: str) -> str:
        if isinstance(value, Said):
            token = _inside.set(True)
            try:
                value = spoken(value)
            finally:
                _inside.reset(token)
        text: str = super().format_field(value, format_spec)
        return _with_marks(text) if isinstance(value, int | float) else text


_MANNER = _Manner()


def tr(text: str, /, **values: object) -> str:
    """Return a text in the language of the reader, with ``values`` at its {names}; ``{name:.1f}`` formats a number.

    In other languages than English, words of ours at the head of a text begin with a capital, unless it is itself a value.
    """
    said = catalog(language()).gettext(text) if text else ""
    made = _MANNER.vformat(said, (), values) if values else said
    if language() != ENGLISH and not _inside.get() and _begins_with_words(said, values):
        made = made[:1].upper() + made[1:]
    return Said.by(partial(tr, text, **values), made)


def _begins_with_words(text: str, values: Mapping[str, object]) -> bool:
    """Return whether a text begins with a value that is words of ours, and no name or number."""
    literal, name, _, _ = next(iter(_MANNER.parse(text)), ("", None, None, None))
    return not literal and isinstance(values.get(name or ""), Said)


def trn(one: str, many: str, number: int, /, **values: object) -> str:
    """Return the text for a number of things; ``{n}`` in it is the number, in the reader's manner."""
    said = catalog(language()).ngettext(one, many, number)
    made = _MANNER.vformat(said, (), {"n": decimal(number), **values})
    return Said.by(partial(trn, one, many, number, **values), made)


def listed(parts: Sequence[str]) -> str:
    """Return parts as a list in a sentence: "a", "a and b", "a, b and c"."""
    *first, last = parts
    return tr("{first} and {last}", first=joined(", ", first), last=last) if first else last


def joined(between: str, parts: Iterable[str]) -> str:
    """Return parts one behind the other, each in the language of the reader."""
    kept = tuple(parts)
    return Said.by(partial(joined, between, kept), spoken(between).join(map(spoken, kept)))


def head(text: str) -> str:
    """Return words as they stand at the head of a line: those of other languages than English with a capital."""
    made = spoken(text) if language() == ENGLISH else capital(text)
    return Said.by(partial(head, text), made)


def capital(text: str) -> str:
    """Return a text with a capital at its head."""
    made = spoken(text)
    return Said.by(partial(capital, text), made[:1].upper() + made[1:])


def speakable(function: Callable[Arguments, str]) -> Callable[Arguments, str]:
    """Have the words that a function makes be made again where they are `spoken` in another language."""

    @wraps(function)
    def wrapped(*args: Arguments.args, **kwargs: Arguments.kwargs) -> str:
        return Said.by(partial(wrapped, *args, **kwargs), function(*args, **kwargs))

    return wrapped


def mark(text: str) -> str:
    """Return a text as it is: marks words that are kept in a table and spoken later, by ``tr``."""
    return text


def decimal(value: float, digits: int = 0) -> str:
    """Return a number with so many digits behind the point and thousands in groups, as the reader writes them."""
    return number_text(f"{value:z,.{digits}f}")


def number_text(plain: str) -> str:
    """Return a number that is written in the English manner as the reader writes it."""
    return Said.by(partial(number_text, plain), _with_marks(plain))


def _with_marks(plain: str) -> str:
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
    from babel.support import Translations

    binary = io.BytesIO()
    write_mo(binary, _written(code))
    binary.seek(0)
    return Translations(binary)


def messages_of(code: str, places: Collection[str]) -> dict[str, str | list[str]]:
    """Return what the texts of some files are called in a language, by the text; of things that are counted, both forms.

    Parameters
    ----------
    places : files as the catalogs name them, ``sim/dashboard/widgets/common.js``
    """
    if code == ENGLISH:
        return {}
    found: dict[str, str | list[str]] = {}
    for message in _written(code):
        if message.id and any(file in places for file, _ in message.locations):
            text = message.id if isinstance(message.id, str) else message.id[0]
            found[text] = message.string if isinstance(message.string, str) else list(message.string or ())
    return found


@lru_cache
def _written(code: str) -> Catalog:
    from babel.messages.pofile import read_po

    with files("sim").joinpath("languages", f"{code}.po").open("rb") as text:
        return read_po(text, locale=code)
