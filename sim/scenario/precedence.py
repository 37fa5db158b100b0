"""What a user sets holds: entries of the timeline that were there before leave it alone, and it is said which.

A value stated by a file holds against the entries of the files it extends; a value set on top of a scenario (``--set``,
overrides, a factor of a sweep, a lever of the page) against every entry of that scenario.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sim.scenario.library import in_library
from sim.scenario.merge import Merged
from sim.scenario.paths import CountryTarget, bloc_names, changes, country_target
from sim.scenario.selectors import EXCEPT, select
from sim.scenario.values import WORDS
from sim.scenario.yaml_io import Document
from sim.words import mark, tr
from sim.world import World

YOU = mark("you set it")
_USER = 1_000_000
"""Rank of what is set on top of a scenario: above every file of a chain."""
_SETS = mark('"{entry}" no longer sets {path}: {who}')
_ACTS = {
    "set": _SETS,
    "add": mark('"{entry}" no longer adds to {path}: {who}'),
    "scale": mark('"{entry}" no longer scales {path}: {who}'),
    **dict.fromkeys(WORDS, _SETS),
}


@dataclass(frozen=True)
class Stated:
    """A value that is set: ``rank`` grows with the files of a chain, ``who`` says who set it."""

    rank: int
    who: str


def stated_by_files(merged: Merged) -> dict[str, Stated]:
    """Return every value that the files of a chain state, by dotted path."""
    found = {}
    for path, document in merged.stated():
        rank = merged.rank(document)
        found[".".join(map(str, path))] = Stated(rank, _who(document, rank == len(merged.chain) - 1))
    return found


def _who(document: Document, last: bool) -> str:
    library = in_library(document.source)
    return YOU if last and not library else tr("{scenario} sets it", scenario=Path(document.source).stem)


def stated_on_top(values: Mapping[str, Any]) -> dict[str, Stated]:
    """Return every value that overrides set, by dotted path; those inside a mapping one by one."""
    return dict.fromkeys(_leaves(values), Stated(_USER, YOU))


def stated_names(names: Iterable[str], who: str = YOU) -> dict[str, Stated]:
    """Return names that are set on top of a scenario, to whatever value."""
    return dict.fromkeys(names, Stated(_USER, who))


def _leaves(values: Mapping[str, Any], above: str = "") -> Iterator[str]:
    for name, value in values.items():
        if isinstance(value, dict):
            yield from _leaves(value, f"{above}{name}.")
        elif value is not None:
            yield f"{above}{name}"


def ranks(merged: Merged, set_on_top: bool) -> list[int]:
    """Return the rank of every entry of the timeline; ``set_on_top``: the whole timeline is the user's own."""
    return [
        _USER if set_on_top or document is None else merged.rank(document) for document in merged.written_in()
    ]


def release(
    merged: Merged, world: World, stated: Mapping[str, Stated], entries: Sequence[int] | None = None
) -> list[str]:
    """Take out of the timeline what is stated by a file or a user of higher rank, and return what was taken out in words.

    An entry that names a group of countries leaves those alone for which a value is stated, and goes on acting on the
    others. An entry that is left with nothing to do is dropped.

    Parameters
    ----------
    merged : is changed in place; it has been checked
    stated : values by dotted path, as the functions above return them
    entries : rank of every entry; None = below everything that is stated
    """
    blocs = bloc_names(merged.data) or ()
    by_country: dict[tuple[str, str | None], list[tuple[str, Stated]]] = {}
    for name, one in stated.items():
        if name.startswith("countries."):
            target = country_target(name, blocs)
            if isinstance(target, CountryTarget):
                by_country.setdefault((target.attribute, target.bloc), []).append((target.selector, one))
    notes = []
    for place, verb, path, _ in list(changes(merged.data)):
        n = int(place[1])
        rank = -1 if entries is None else entries[n]
        target = country_target(path, blocs) if path.startswith("countries.") else ""
        if isinstance(target, CountryTarget):
            of_group = by_country.get((target.attribute, target.bloc), ())
            new, spared, who = _spared(world, target, [pair for pair in of_group if pair[1].rank > rank])
            if new == path:
                continue
        elif path in stated and stated[path].rank > rank:
            new, spared, who = None, "", stated[path].who
        else:
            continue
        whole = tr("{path} for {countries}", path=path, countries=spared) if spared else path
        notes.append(tr(_ACTS[verb], entry=merged.entry_name(n), path=whole, who=tr(who)))
        if verb in WORDS:
            merged.rename(("timeline", n), verb, None)
        else:
            merged.rename(("timeline", n, verb), path, new)
    merged.drop_idle_entries([*_ACTS])
    return notes


def _spared(
    world: World, target: CountryTarget, above: Sequence[tuple[str, Stated]]
) -> tuple[str | None, str, str]:
    """Return the path of an entry that spares countries (None if no others are left), whom it spares, and who set it."""
    left = select(world, target.selector)
    named: list[str] = []
    who = ""
    for other, one in sorted(above, key=lambda pair: pair[1].rank):
        both = select(world, other) & left
        if both.any():
            names = [code for code, chosen in zip(world.iso3, both, strict=True) if chosen]
            named += [other] if EXCEPT not in other else names
            left, who = left & ~both, one.who
    rest = [target.attribute] if target.bloc is None else [target.attribute, target.bloc]
    if not left.any():
        return None, "", who
    selector = EXCEPT.join([target.selector, *named])
    return ".".join(["countries", selector, *rest]), ", ".join(named), who
