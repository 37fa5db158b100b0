"""Landscape theory on the European alliances of 1936 to 1939.

The paper does not print its 136 propensities. The "reconstructed" ones follow its coding rules, with doubtful
cases chosen such that the published pattern appears: they test the computation and are no evidence for the
theory. The "first draft" shows what the same rules give without such a choice.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from statistics import median

import numpy as np
from numpy.typing import NDArray

from sim.replications import citations as cite
from sim.replications.replication import Replication, compare, load
from sim.theory.landscape import Descent, Minimum, all_energies, local_minima

NAME = "Landscape: European alliances"
FIVE_POWERS = ("Britain", "France", "Germany", "Italy", "SovietUnion")
HISTORICAL_FIVE = ("Britain", "France", "SovietUnion")

_ROUNDING = 0.01  # the published sizes have two decimals
_JITTER_DRAWS = 50
_CHOSEN = "propensities reconstructed to give this pattern: tests the computation, not the theory"


def sizes(table: str, nations: Sequence[str] | None = None) -> list[float]:
    """Return sizes in per cent of world capabilities, of all seventeen nations or those named."""
    known = load("alliances")
    names = known["nations"]
    return [known["sizes"][table][names.index(nation)] for nation in nations or names]


def propensities(coding: str, year: int) -> NDArray[np.float64]:
    """Return the propensities ``[17, 17]`` of a coding; from 1938 Romania counts as authoritarian."""
    known = load("alliances")
    index = {nation: i for i, nation in enumerate(known["nations"])}
    matrix = np.zeros((len(index), len(index)))
    for one, other, before, after in known["propensities"][coding]:
        value = before if year < 1938 else after
        matrix[index[one], index[other]] = matrix[index[other], index[one]] = value
    return matrix


def rivals(nations: int) -> NDArray[np.int64]:
    """Return the realist propensities: each is every other's rival."""
    return -np.ones((nations, nations), dtype=np.int64)


def side_with(nation: str, minimum: Minimum, nations: Sequence[str]) -> str:
    """Return who stands on a nation's side, in alphabetical order."""
    one, other = minimum.sides(nations)
    return "+".join(sorted(one if nation in one else other))


def five_realist_powers() -> Replication:
    """Replicate the four minima of five powers that all are rivals."""
    minima = local_minima(sizes("published_1936", FIVE_POWERS), rivals(len(FIVE_POWERS)))
    expected = sorted("+".join(sorted(side)) for side in load("alliances")["known"]["realist_five_powers"])
    found = sorted(side_with("Britain", minimum, FIVE_POWERS) for minimum in minima)
    return compare(NAME, cite.AXELROD_BENNETT, "Britain's side in the minima of five rivals", expected, found)


def five_realist_powers_history() -> Replication:
    """Replicate that history's alignment of the five is none of the minima."""
    published = load("alliances")["published"]["realist_five_powers_minima"]
    minima = local_minima(sizes("published_1936", FIVE_POWERS), rivals(len(FIVE_POWERS)))
    history = "+".join(HISTORICAL_FIVE)
    unlike = sum(side_with("Britain", minimum, FIVE_POWERS) != history for minimum in minima)
    return compare(NAME, cite.AXELROD_BENNETT, "minima of five rivals unlike history", published, unlike)


def seventeen_realists(weak: bool) -> Replication:
    """Replicate the number of minima of seventeen rivals, from the sizes as printed."""
    known = load("alliances")
    table = sizes("published_1936")
    found = len(local_minima(table, rivals(len(table)), weak=weak))
    kind = "weak" if weak else "strict"
    paper = known["published"]["realist_minima"]
    return compare(
        NAME,
        cite.AXELROD_BENNETT,
        f"{kind} minima of seventeen rivals, sizes with two decimals",
        known["known"][f"realist_{kind}"],
        found,
        note=f"the paper has {paper} from sizes it does not print; rounding makes ties",
    )


def seventeen_realists_unrounded() -> Replication:
    """Replicate the published number of minima: draw the digits that are not printed."""
    known = load("alliances")
    paper = known["published"]["realist_minima"]
    low, high = known["known"]["realist_jittered_range"]
    table = np.array(sizes("published_1936"))
    draws = np.random.default_rng(1936).uniform(-_ROUNDING / 2, _ROUNDING / 2, (_JITTER_DRAWS, table.size))
    numbers = [len(local_minima(table + draw, rivals(table.size))) for draw in draws]
    return compare(
        NAME,
        cite.AXELROD_BENNETT,
        f"median number of minima of seventeen rivals, {_JITTER_DRAWS} draws of the digits not printed",
        paper,
        median(numbers),
        max(paper - low, high - paper),
        f"between {min(numbers)} and {max(numbers)}",
    )


def reconstructed_minima(year: int) -> Replication:
    """Replicate the published minima of a year."""
    published = load("alliances")["published"]
    expected = published["minima_1936" if year < 1938 else f"minima_{year}"]
    found = _soviet_sides("reconstructed", "published_1936" if year == 1936 else f"cinc_{year}", year)
    quantity = f"Soviet side in the minima of {year}, deepest first"
    return compare(NAME, cite.AXELROD_BENNETT, quantity, _joined(expected), found, note=_CHOSEN)


def reconstructed_basins(descent: Descent) -> Replication:
    """Compare the basins of the two minima of 1936 with an independent computation."""
    known = load("alliances")
    key = "basin" if descent == "energy" else "basin_own_frustration"
    expected = [minimum[key] for minimum in known["known"]["reconstructed"]["published_1936"]]
    matrix = propensities("reconstructed", 1936)
    found = [minimum.basin for minimum in local_minima(sizes("published_1936"), matrix, descent=descent)]
    paper = " and ".join(f"{basin:,}" for basin in known["published"]["basins_1936"])
    return compare(
        NAME,
        cite.AXELROD_BENNETT,
        f"basins in 1936 of 65,536 configurations, steepest descent in {descent.replace('_', ' ')}",
        expected,
        found,
        note=f"independent computation with the same propensities; the paper has {paper} with its own",
    )


def reconstructed_energies() -> Replication:
    """Compare the energies of all minima of all years with an independent computation."""
    known = load("alliances")["known"]
    cases = [(coding, table) for coding in ("reconstructed", "first_draft") for table in known[coding]]
    expected = [minimum["energy"] for coding, table in cases for minimum in known[coding][table]]
    found = [m.energy for coding, table in cases for m in _minima(coding, table, int(table[-4:]))]
    quantity = f"energies of the minima in {len(cases)} cases, 1936 to 1939"
    note = "independent computation with the same propensities"
    return compare(NAME, cite.AXELROD_BENNETT, quantity, expected, found, 5.1e-5, note)


def first_draft_minima(year: int) -> Replication:
    """Show what the coding rules give before doubtful cases are chosen."""
    table = "published_1936" if year == 1936 else f"cinc_{year}"
    expected = [m["with_soviet_union"] for m in load("alliances")["known"]["first_draft"][table]]
    found = _soviet_sides("first_draft", table, year)
    quantity = f"Soviet side in the minima of {year}, first draft of the coding"
    note = "not the published pattern: agrees with an independent computation only"
    return compare(NAME, cite.AXELROD_BENNETT, quantity, _joined(expected), found, note=note)


def size_share_right() -> Replication:
    """Replicate how much of total size the deepest minimum of 1936 puts on its historical side."""
    known = load("alliances")
    side = side_with("SovietUnion", _minima("reconstructed", "published_1936", 1936)[0], known["nations"])
    weights = sizes("published_1936")
    right = sum(
        size
        for nation, history, size in zip(known["nations"], known["historical_side"], weights, strict=True)
        if history == ("allied_side" if nation in side.split("+") else "axis_side")
    )
    published = known["published"]
    return compare(
        NAME,
        cite.AXELROD_BENNETT,
        "share of size on the historical side in the deepest minimum of 1936",
        published["size_share_right"],
        right / sum(weights),
        published["size_share_tolerance"],
        _CHOSEN,
    )


def near_misses() -> Replication:
    """Replicate how few of all configurations have at most one or two nations wrong."""
    published = load("alliances")["published"]
    table = sizes("published_1936")
    wrong = np.bitwise_count(np.arange(all_energies(table, rivals(len(table))).size))
    errors = np.minimum(wrong, len(table) - wrong)
    found = [int((errors <= limit).sum()) for limit in (1, 2)]
    expected = [published["within_one_error"], published["within_two_errors"]]
    quantity = "configurations with at most one and at most two nations wrong"
    return compare(NAME, cite.AXELROD_BENNETT, quantity, expected, found)


def _minima(coding: str, table: str, year: int) -> list[Minimum]:
    return local_minima(sizes(table), propensities(coding, year))


def _soviet_sides(coding: str, table: str, year: int) -> list[str]:
    nations = load("alliances")["nations"]
    return [side_with("SovietUnion", minimum, nations) for minimum in _minima(coding, table, year)]


def _joined(sides: Sequence[Sequence[str]]) -> list[str]:
    return ["+".join(sorted(side)) for side in sides]


CASES: tuple[Callable[[], Replication], ...] = (
    five_realist_powers,
    five_realist_powers_history,
    functools.partial(seventeen_realists, weak=False),
    functools.partial(seventeen_realists, weak=True),
    seventeen_realists_unrounded,
    *(functools.partial(reconstructed_minima, year) for year in (1936, 1937, 1938, 1939)),
    functools.partial(reconstructed_basins, "energy"),
    functools.partial(reconstructed_basins, "own_frustration"),
    reconstructed_energies,
    size_share_right,
    near_misses,
    *(functools.partial(first_draft_minima, year) for year in (1936, 1937, 1938, 1939)),
)
