"""Reading YAML from any source: plain data with the place of every key, within safe limits.

Only plain mappings, lists and scalars of YAML 1.2 are read. Anchors, aliases, tags, merge keys and several
documents are refused: a scenario needs none of them, and they are how a small file becomes a huge one.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
)
from ruamel.yaml.reader import ReaderError

from sim.errors import InputError, Problem
from sim.types import Brief

MAX_BYTES = 256_000
MAX_DEPTH = 20
MAX_VALUES = 20_000

Path_ = tuple[str | int, ...]

_INTEGER = re.compile(r"[-+]?[0-9]+")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_SPECIAL = re.compile(r"[-+]?\.?(inf|infinity|nan)", re.IGNORECASE)
_WORDS = {"true": True, "false": False, "null": None, "~": None, "": None}
_SHOWN = 60


@dataclass(repr=False)
class Document(Brief):
    """Plain data read from a YAML text, with the line and column of every key and item.

    ``places[path]`` is ``(line, column)``, both from 1, of the value at that path of keys and positions.
    ``problems`` are the mistakes found in reading; a value that could not be read is None.
    """

    data: Any
    source: str
    places: dict[Path_, tuple[int, int]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def problem(self, path: Path_, message: str, hint: str | None = None) -> Problem:
        """Return a problem at a path, or at the nearest place around it that is in the text."""
        here = path
        while here and here not in self.places:
            here = here[:-1]
        line, column = self.places.get(here, (1, 1))
        return Problem(message, file=self.source, line=line, column=column, hint=hint)


def shown(text: str, length: int = _SHOWN) -> str:
    """Return a text of the user as it may be printed: no control characters, not longer than useful."""
    clean = "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text[: length + 1])
    return clean if len(clean) <= length else clean[: length - 3] + "..."


def quoted(text: str) -> str:
    """Return a text of the user between quotes, as :func:`shown`."""
    return f"'{shown(text)}'"


def read_yaml(path: Path) -> Document:
    """Read one YAML file into plain data with places.

    Raises
    ------
    InputError
        With all mistakes found, if the file is missing, too large, not UTF-8, not YAML, or uses what is
        refused here.
    """
    return _whole(read_document(path))


def parse_yaml(text: str, source: str) -> Document:
    """Read YAML text; ``source`` names it in messages. Raises InputError as :func:`read_yaml` does."""
    return _whole(parse_document(text, source))


def _whole(document: Document) -> Document:
    if document.problems:
        raise InputError(document.problems)
    return document


def read_document(path: Path) -> Document:
    """Read one YAML file as far as it can be read; ``problems`` of the document names what could not.

    Raises
    ------
    InputError
        If there is no such file, or nothing of it can be read.
    """
    source = str(path)
    try:
        if not path.is_file():
            kind = (
                "is a folder" if path.is_dir() else "is no plain file" if path.exists() else "does not exist"
            )
            raise InputError([Problem(f"{kind}, expected a YAML file", file=source)])
        with path.open("rb") as stream:
            raw = stream.read(MAX_BYTES + 1)
    except OSError as error:
        raise InputError([Problem(f"cannot be read ({error.strerror})", file=source)]) from None
    if len(raw) > MAX_BYTES:
        raise InputError([_too_large(source)])
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = raw[: error.start]
        column = error.start - before.rfind(b"\n")
        line = before.count(b"\n") + 1
        raise InputError([Problem("is not UTF-8 text", file=source, line=line, column=column)]) from None
    return parse_document(text, source)


def parse_document(text: str, source: str) -> Document:
    """Read YAML text as far as it can be read; ``problems`` of the document names what could not.

    Raises
    ------
    InputError
        If it is too large or too deeply nested.
    """
    if len(text.encode("utf-8", "surrogatepass")) > MAX_BYTES:
        raise InputError([_too_large(source)])
    document = Document(data=None, source=source)
    try:
        _Reader(text, document).read()
    except ReaderError as error:
        document.problems.append(_unreadable(error, text, source))
    except MarkedYAMLError as error:
        document.problems.append(_syntax_problem(error, text, source))
    except (YAMLError, ValueError) as error:
        reason = shown(" ".join(str(error).split()), 120)
        document.problems.append(Problem(f"is not valid YAML ({reason})", file=source, line=1, column=1))
    return document


def _too_large(source: str) -> Problem:
    return Problem(f"is larger than {MAX_BYTES:,} bytes, too large for a scenario", file=source)


def _unreadable(error: ReaderError, text: str, source: str) -> Problem:
    before = text[: int(error.position)]
    line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
    code = f"U+{ord(text[len(before)]):04X}" if len(before) < len(text) else "a character"
    return Problem(f"holds {code}, which no text file may hold", file=source, line=line, column=column)


def _syntax_problem(error: MarkedYAMLError, text: str, source: str) -> Problem:
    mark = error.problem_mark or error.context_mark
    line, column = (mark.line + 1, mark.column + 1) if mark is not None else (1, 1)
    lines = text.split("\n")
    indent = (
        lines[line - 1][: len(lines[line - 1]) - len(lines[line - 1].lstrip())] if line <= len(lines) else ""
    )
    if "\t" in indent:
        message = "a tab is not allowed for indentation; use spaces"
        return Problem(message, file=source, line=line, column=indent.index("\t") + 1)
    reason = shown(" ".join(str(error.problem or error.context or "syntax error").split()), 120)
    return Problem(f"is not valid YAML: {reason}", file=source, line=line, column=column)


class _Reader:
    """One pass over the events of a YAML text: data, places and problems into a document."""

    def __init__(self, text: str, document: Document) -> None:
        self._events: Iterator[Any] = YAML(typ="safe", pure=True).parse(text)
        self._document = document
        self._values = 0
        self._depth = 0

    def read(self) -> None:
        documents = 0
        for event in self._events:
            if isinstance(event, DocumentStartEvent):
                documents += 1
                if documents > 1:
                    self._wrong(event, "holds several YAML documents; one is allowed")
                    return
            elif isinstance(event, NodeEvent):
                self._document.data = self._value(event, ())
            elif isinstance(event, StreamEndEvent):
                return

    def _wrong(self, event: Any, message: str) -> None:
        self._document.problems.append(self._problem(event, message))

    def _problem(self, event: Any, message: str) -> Problem:
        line, column = event.start_mark.line + 1, event.start_mark.column + 1
        return Problem(message, file=self._document.source, line=line, column=column)

    def _value(self, event: Any, path: Path_) -> Any:
        self._document.places[path] = (event.start_mark.line + 1, event.start_mark.column + 1)
        self._values += 1
        if self._values > MAX_VALUES:
            raise InputError(
                [self._problem(event, f"holds over {MAX_VALUES:,} values, too many for a scenario")]
            )
        if isinstance(event, AliasEvent) or event.anchor:
            self._wrong(event, "anchors and aliases (& and *) are not allowed; write the value out")
        elif event.tag is not None:
            self._wrong(event, "tags (!) are not allowed; write plain values")
        if isinstance(event, MappingStartEvent | SequenceStartEvent):
            self._depth += 1
            if self._depth > MAX_DEPTH:
                raise InputError([self._problem(event, f"is nested deeper than {MAX_DEPTH} levels")])
            inner = self._mapping(path) if isinstance(event, MappingStartEvent) else self._sequence(path)
            self._depth -= 1
            return inner
        return self._scalar(event) if isinstance(event, ScalarEvent) else None

    def _sequence(self, path: Path_) -> list[Any]:
        items: list[Any] = []
        while not isinstance(event := next(self._events), SequenceEndEvent):
            items.append(self._value(event, (*path, len(items))))
        return items

    def _mapping(self, path: Path_) -> dict[str, Any]:
        result: dict[str, Any] = {}
        while not isinstance(event := next(self._events), MappingEndEvent):
            if self._decimal_comma(event, result):
                continue
            key = self._key(event, path, result)
            if key is None:  # read over what belongs to it
                self._value(next(self._events), (*path, "?"))
                continue
            result[key] = self._value(next(self._events), (*path, key))
            self._document.places[(*path, key)] = (event.start_mark.line + 1, event.start_mark.column + 1)
        return result

    def _decimal_comma(self, event: Any, before: dict[str, Any]) -> bool:
        """Tell whether a key is what stands behind a decimal comma, as in ``{aid_budget: 1,5}``, and read over it."""
        digits = isinstance(event, ScalarEvent) and event.style is None and str(event.value).isdigit()
        last = next(reversed(before.items()), None) if digits else None
        if last is None or not isinstance(last[1], int) or isinstance(last[1], bool):
            return False
        following = next(self._events)
        if isinstance(following, ScalarEvent) and following.value == "" and following.style is None:
            number = f"{last[1]}.{event.value}"
            self._wrong(event, f"{last[0]}: {last[1]},{event.value} has a decimal comma; write {number}")
            return True
        self._events = chain([following], self._events)
        return False

    def _key(self, event: Any, path: Path_, known: dict[str, Any]) -> str | None:
        """Return a key as text, or None if it cannot be one."""
        if not isinstance(event, ScalarEvent):
            self._value(event, (*path, "?"))
            self._wrong(event, "a key must be a plain word")
            return None
        self._value(event, (*path, "?"))
        key = str(event.value)
        if key == "<<":
            self._wrong(event, "merge keys (<<) are not allowed; use extends")
        elif key in known:
            self._wrong(event, f"key {quoted(key)} appears twice")
        else:
            return key
        return None

    def _scalar(self, event: Any) -> Any:
        text = str(event.value)
        if event.style in ("'", '"', "|", ">"):
            if any("\ud800" <= c <= "\udfff" for c in text):
                self._wrong(event, "holds half of a character (a surrogate), which no text may hold")
                return None
            return text
        if text.lower() in _WORDS:
            return _WORDS[text.lower()]
        if _SPECIAL.fullmatch(text):
            self._wrong(event, f"{text} is not a number that can be used here")
            return None
        if not _FLOAT.fullmatch(text):
            return text
        number = float(text)
        if not math.isfinite(number):
            self._wrong(event, f"{shown(text)} is too large a number")
            return None
        if _INTEGER.fullmatch(text) and abs(number) < 2**63:
            return int(text)
        return number
