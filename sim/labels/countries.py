"""Names of the countries and regions of the shipped world in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable

from sim.words import mark, spoken_cache, tr

REGIONS = (
    mark("Africa"), mark("Americas"), mark("Asia"), mark("Europe"), mark("Oceania"),
    mark("Australia and New Zealand"), mark("Central Asia"), mark("Eastern Asia"), mark("Eastern Europe"),
    mark("Latin America and the Caribbean"), mark("Melanesia"), mark("Micronesia"), mark("Northern Africa"),
    mark("Northern America"), mark("Northern Europe"), mark("Polynesia"), mark("South-eastern Asia"), mark("Southern Asia"),
    mark("Southern Europe"), mark("Sub-Saharan Africa"), mark("Western Asia"), mark("Western Europe"),
)  # fmt: skip
"""Regions and subregions, by their names in the world's table."""


def country_name(name: str) -> str:
    """Return what a country of the shipped world is called in the language of the reader; any other name as it is.

    Parameters
    ----------
    name : as the world's table has it, in English
    """
    return tr(name)


def country_names(names: Iterable[str]) -> tuple[str, ...]:
    """Return `country_name` of each."""
    return _names(tuple(names))


@spoken_cache()
def _names(names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(map(country_name, names))
