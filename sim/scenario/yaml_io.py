"""Reading YAML that strangers wrote: plain data with the place of every key, within safe limits.

Only plain mappings, lists and scalars of YAML 1.2 are read. Anchors, aliases, tags and several documents are refused
(a scenario needs none of them, and they are how a small file becomes a huge one).
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import AliasEvent, CollectionStartEvent, DocumentStartEvent, NodeEvent
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from sim.errors import InputError, Problem

MAX_BYTES = 1_000_000
MAX_DEPTH = 20
MAX_NODES = 50_000

Path_ = tuple[str | int, ...]

_INTEGER = re.compile(r"[-+]?[0-9][0-9_]*$")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9][0-9_]*(\.[0-9]*)?)([eE][-+]?[0-9]+)?$")
_SPECIAL = re.compile(r"[-+]?\.?(inf|infinity|nan)$", re.IGNORECASE)
_WORDS = {"true": True, "false": False, "null": None, "~": None, "": None}


@dataclass
class Document:
    """Plain data read from a YAML text, with the line and column of every key and item.

    ``places[path]`` is ``(line, column)``, both from 1, of the value at that path of keys and positions.
    """

    data: Any
    source: str
    places: dict[Path_, tuple[int, int]] = field(default_factory=dict)

    def problem(self, path: Path_, message: str, hint: str | None = None) -> Problem:
        """Return a problem at a path; at the nearest enclosing place where the path itself is not in the text."""
        here = path
        while here and here not in self.places:
            here = here[:-1]
        line, column = self.places.get(here, (1, 1))
        return Problem(message, file=self.source, line=line, column=column, hint=hint)


def read_yaml(path: Path) -> Document:
    """Read one YAML file into plain data with places.

    Raises
    ------
    InputError
        If the file is missing, too large, not UTF-8, not YAML, or uses what is refused here.
    """
    source = str(path)
    try:
        if not path.is_file():
            kind = "is a folder" if path.is_dir() else "does not exist"
            raise InputError([Problem(f"{kind}, expected a YAML file", file=source)])
        if path.stat().st_size > MAX_BYTES:
            raise InputError([Problem(f"is larger than {MAX_BYTES:,} bytes, too large for a scenario", file=source)])
        raw = path.read_bytes()
    except OSError as error:
        raise InputError([Problem(f"cannot be read ({error.strerror})", file=source)]) from None
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise InputError([Problem("is not UTF-8 text", file=source, line=line)]) from None
    return parse_yaml(text, source)


def parse_yaml(text: str, source: str) -> Document:
    """Read YAML text; ``source`` names it in messages. Raises InputError as :func:`read_yaml` does."""
    if len(text.encode("utf-8", "surrogatepass")) > MAX_BYTES:
        raise InputError([Problem(f"is larger than {MAX_BYTES:,} bytes, too large for a scenario", file=source)])
    try:
        _check_events(text, source)
        yaml = YAML(typ="safe", pure=True)
        node = yaml.compose(text)
    except MarkedYAMLError as error:
        raise InputError([_syntax_problem(error, text, source)]) from None
    except (YAMLError, ValueError, RecursionError) as error:
        raise InputError([Problem(f"is not valid YAML ({_short(error)})", file=source, line=1, column=1)]) from None
    document = Document(data=None, source=source)
    problems: list[Problem] = []
    if node is not None:
        document.data = _build(node, (), document, problems)
    if problems:
        raise InputError(problems)
    return document


def _short(error: object) -> str:
    return " ".join(str(error).split())[:120]


def _syntax_problem(error: MarkedYAMLError, text: str, source: str) -> Problem:
    mark = error.problem_mark or error.context_mark
    line, column = (mark.line + 1, mark.column + 1) if mark is not None else (1, 1)
    lines = text.splitlines()
    if line <= len(lines) and "\t" in lines[line - 1]:
        return Problem("a tab is not allowed for indentation; use spaces", file=source, line=line, column=column)
    reason = _short(error.problem or error.context or "syntax error")
    return Problem(f"is not valid YAML: {reason}", file=source, line=line, column=column)


def _check_events(text: str, source: str) -> None:
    """Refuse what composing would expand or nest without limit, before composing it."""
    depth = nodes = documents = 0
    for event in YAML(typ="safe", pure=True).parse(text):
        place = {"file": source, "line": event.start_mark.line + 1, "column": event.start_mark.column + 1}
        if isinstance(event, DocumentStartEvent):
            documents += 1
            if documents > 1:
                raise InputError([Problem("holds several YAML documents; one is allowed", **place)])
        if isinstance(event, AliasEvent) or (isinstance(event, NodeEvent) and event.anchor):
            raise InputError([Problem("anchors and aliases (& and *) are not allowed; write the value out", **place)])
        if getattr(event, "tag", None) and not getattr(event, "implicit", True):
            raise InputError([Problem("tags (!) are not allowed; write plain values", **place)])
        if isinstance(event, CollectionStartEvent):
            depth += 1
        elif type(event).__name__ in ("MappingEndEvent", "SequenceEndEvent"):
            depth -= 1
        nodes += 1
        if depth > MAX_DEPTH or nodes > MAX_NODES:
            what = f"is nested deeper than {MAX_DEPTH} levels" if depth > MAX_DEPTH else f"holds over {MAX_NODES:,} values"
            raise InputError([Problem(what, **place)])


def _build(node: Node, path: Path_, document: Document, problems: list[Problem]) -> Any:
    document.places[path] = (node.start_mark.line + 1, node.start_mark.column + 1)
    if isinstance(node, MappingNode):
        result: dict[str, Any] = {}
        for key_node, value_node in node.value:
            if not isinstance(key_node, ScalarNode):
                problems.append(_at(key_node, document, "a key must be a plain word"))
                continue
            key = str(key_node.value)
            if key in result:
                problems.append(_at(key_node, document, f"key {key!r} appears twice"))
                continue
            if key == "<<":
                problems.append(_at(key_node, document, "merge keys (<<) are not allowed; use extends"))
                continue
            result[key] = _build(value_node, (*path, key), document, problems)
            document.places[(*path, key)] = (key_node.start_mark.line + 1, key_node.start_mark.column + 1)
        return result
    if isinstance(node, SequenceNode):
        return [_build(item, (*path, n), document, problems) for n, item in enumerate(node.value)]
    return _scalar(node, document, problems)


def _at(node: Node, document: Document, message: str) -> Problem:
    return Problem(message, file=document.source, line=node.start_mark.line + 1, column=node.start_mark.column + 1)


def _scalar(node: ScalarNode, document: Document, problems: list[Problem]) -> Any:
    text = str(node.value)
    if node.style in ("'", '"', "|", ">"):
        return text
    if text.lower() in _WORDS:
        return _WORDS[text.lower()]
    if _INTEGER.match(text) and not (len(text.lstrip("+-")) > 1 and text.lstrip("+-").startswith("0")):
        return int(text.replace("_", "")) if len(text) < 25 else float(text.replace("_", ""))
    if _SPECIAL.match(text):
        problems.append(_at(node, document, f"{text} is not a number that can be used here"))
        return None
    if _FLOAT.match(text):
        number = float(text.replace("_", ""))
        if not math.isfinite(number):
            problems.append(_at(node, document, f"{text} is not a finite number"))
            return None
        return number
    return text
