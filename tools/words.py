"""Bring the files of words up to date with the code: ``python -m tools.words``; ``--check`` only says what is amiss.

``sim/languages/en.po`` lists every text that is spoken to readers of the page. The other files hold what each is
called in their language: what the code gained is added without words, what it lost is dropped.
"""

from __future__ import annotations

import argparse
import ast
import io
import re
import sys
from collections.abc import Collection, Iterator, Sequence
from functools import cache
from pathlib import Path
from string import Formatter
from typing import IO, Any

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from sim.words import ENGLISH, LANGUAGES
from tools.words_of_data import said_in_data

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "sim" / "languages"
KEYWORDS = {"tr": None, "mark": None, "trn": (1, 2)}
WIDTH = 110
MOST_PLACES = 3


def _in_python(
    file: IO[bytes], keywords: Collection[str], tags: object, options: object
) -> Iterator[tuple[int, str, tuple[str | None, ...], list[str]]]:
    """Yield the texts of every call that speaks, those within another call too: line, function, texts, no comments."""
    for node in ast.walk(ast.parse(file.read())):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in keywords:
            texts = tuple(
                one.value if isinstance(one, ast.Constant) and isinstance(one.value, str) else None
                for one in node.args
            )
            yield node.lineno, node.func.id, texts, []


METHODS: list[tuple[str, Any]] = [("**.py", _in_python), ("**.js", "javascript")]


@cache
def said_in_code() -> Catalog:
    """Return every text that the code and its data speak, with the files it stands in."""
    catalog = _empty(ENGLISH)
    found = extract_from_dir(ROOT / "sim", METHODS, keywords=KEYWORDS)
    for file, _, message, _, context in sorted(found, key=lambda one: (one[0], one[1])):
        catalog.add(message, None, locations=[(f"sim/{file}", 0)], context=context)
    for place, text in said_in_data():
        catalog.add(text, None, locations=[(place, 0)])
    return catalog


def written(code: str) -> Catalog:
    """Return the file of a language; an empty one if there is none."""
    path = FOLDER / f"{code}.po"
    return written_text(path.read_text(encoding="utf-8"), code) if path.exists() else _empty(code)


def renewed(code: str, said: Catalog) -> Catalog:
    """Return the file of a language with the texts of the code, in their order, and what is known of them."""
    known, made = written(code), _empty(code)
    for message in _messages(said):
        old = known.get(message.id, message.context)
        made.add(
            message.id,
            _spaced_words(code, old.string) if old is not None and code != ENGLISH else None,
            locations=_places(message),
            context=message.context,
            user_comments=old.user_comments if old is not None else (),
        )
    return made


def _places(message: Message) -> list[tuple[str, int]]:
    """Return the files that a text stands in; their folders if they are many."""
    files = dict.fromkeys(file for file, _ in message.locations)
    many = len(files) > MOST_PLACES
    return [(one, 0) for one in dict.fromkeys(f"{Path(file).parent}/*" if many else file for file in files)]


def problems(code: str, said: Catalog) -> Iterator[str]:
    """Return what is amiss in the file of a language: texts that are missing, gone, or have other values in them."""
    known = written(code)
    for message in _messages(said):
        old = known.get(message.id, message.context)
        if old is None:
            yield f"{code}.po lacks: {message.id}"
        elif code != ENGLISH:
            yield from _of_words(code, old)
    for message in _messages(known):
        if said.get(message.id, message.context) is None:
            yield f"{code}.po holds what the code no longer says: {message.id}"


SPACES = {"fr": ((r" (?=[:%»])", "\u00a0"), (r" (?=[;?!](?:\s|$))", "\u202f"), (r"« ", "«\u00a0"))}
"""Spaces of a language that no line may break at."""


def spaced(code: str, text: str) -> str:
    """Return a text with the spaces that its language keeps together."""
    for pattern, space in SPACES.get(code, ()):
        text = re.sub(pattern, space, text)
    return text


def _spaced_words(code: str, words: Any) -> Any:
    if isinstance(words, str):
        return spaced(code, words)
    return tuple(spaced(code, one) for one in words) if words else words


def _of_words(code: str, message: Message) -> Iterator[str]:
    ids, strings = (_parts(message.id), _parts(message.string))
    wanted = {name for text in ids for name in names_in(text)}
    for string in strings:
        if not string:
            yield f"{code}.po has no words for: {ids[0]}"
        elif (given := names_in(string)) - wanted or (len(ids) == 1 and given != wanted):
            yield f"{code}.po: {ids[0]!r} has the values {sorted(wanted)}, its words have {sorted(given)}"


def _parts(value: str | Sequence[str] | None) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value or ())


def names_in(text: str) -> set[str]:
    """Return the names of the values in a text."""
    try:
        return {name for _, name, _, _ in Formatter().parse(text) if name}
    except ValueError:  # a brace that is none of ours
        return set()


def text_of(catalog: Catalog) -> bytes:
    """Return the file of a catalog: the same bytes for the same words."""
    out = io.BytesIO()
    write_po(out, catalog, width=WIDTH, omit_header=True, include_lineno=False)
    return (
        HEADER.format(language=catalog.locale, plural=PLURAL[str(catalog.locale)]).encode() + out.getvalue()
    )


PLURAL = {"en": "nplurals=2; plural=(n != 1);", "fr": "nplurals=2; plural=(n > 1);"}
HEADER = """# What the page says, in one language. Brought up to date with the code by: python -m tools.words
msgid ""
msgstr ""
"Language: {language}\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: {plural}\\n"

"""


def _empty(code: str) -> Catalog:
    return written_text(HEADER.format(language=code, plural=PLURAL[code]), code)


def written_text(text: str, code: str) -> Catalog:
    """Return the catalog of a text."""
    return read_po(io.BytesIO(text.encode()), locale=code)


def _messages(catalog: Catalog) -> Iterator[Message]:
    return (message for message in catalog if message.id)


def main(argv: list[str] | None = None) -> int:
    """Write the files, or check them."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument(
        "--check", action="store_true", help="write nothing; exit 1 where a word is missing or stale"
    )
    asked = parser.parse_args(argv)
    said = said_in_code()
    if not asked.check:
        for code in LANGUAGES:
            (FOLDER / f"{code}.po").write_bytes(text_of(renewed(code, said)))
    found = [problem for code in LANGUAGES for problem in problems(code, said)]
    sys.stdout.write("".join(f"{line}\n" for line in found))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
