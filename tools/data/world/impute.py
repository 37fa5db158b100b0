"""The one rule for gaps: the median of the countries of the same region and income group.

With fewer than three such countries the income group alone decides, then the world. Sums are filled per head.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable
from statistics import median

from sim.world.columns import INCOME_GROUPS, MEDIAN, NUMBERS, PER_HEAD
from tools.data.world.datum import Data, Datum

FEWEST_DONORS = 3


def fill_income(columns: dict[str, Data], codes: Iterable[str]) -> None:
    """Fill missing income groups: nearest median GDP per head, else the commonest group of the sub-region."""
    income, gdp, people = columns["income_group"], columns["gdp"], columns["population"]

    def per_head(code: str) -> float:
        return math.log(float(gdp[code].value) / float(people[code].value))

    typical = {
        group: median(per_head(c) for c, datum in income.items() if datum.value == group and c in gdp)
        for group in INCOME_GROUPS
    }
    for code in [code for code in codes if code not in income]:
        if code in gdp:
            group = min(INCOME_GROUPS, key=lambda g: abs(typical[g] - per_head(code)))
            note = "not classified by the source; group with the nearest median GDP per head"
        else:
            where = columns["subregion"][code].value
            known = [d.value for c, d in income.items() if columns["subregion"][c].value == where and d.donor]
            group = str(Counter(sorted(map(str, known))).most_common(1)[0][0])
            note = "not classified by the source; commonest group of the sub-region"
        income[code] = Datum(group, 2025, "rule", "imputed", note, donor=False)


def fill_numbers(columns: dict[str, Data], codes: Iterable[str]) -> None:
    """Fill the gaps of all numbers that follow the rule."""
    codes = list(codes)
    people = columns["population"]
    for spec in NUMBERS:
        if spec.missing.startswith(MEDIAN):
            _fill(columns, spec.name, codes, lambda code: 1.0)
        elif spec.missing == PER_HEAD:
            _fill(columns, spec.name, codes, lambda code: float(people[code].value))


def _fill(columns: dict[str, Data], name: str, codes: list[str], size: Callable[[str], float]) -> None:
    data = columns[name]
    donors = {code: float(datum.value) / size(code) for code, datum in data.items() if datum.donor}
    year = Counter(sorted(datum.year for datum in data.values() if datum.year)).most_common(1)[0][0]
    for code in [code for code in codes if code not in data]:
        value, group = _typical(columns, donors, code)
        note = f"median of {group}"
        if size(code) != 1.0:
            value, note = value * size(code), f"{note}, per head"
        data[code] = Datum(value, year, "rule", "imputed", note, donor=False)


def _typical(columns: dict[str, Data], donors: dict[str, float], code: str) -> tuple[float, str]:
    """Return the median of the nearest group with enough donors, and its name."""
    region, income = columns["region"], columns["income_group"]
    own_region, own_income = region[code].value, income[code].value
    same_income = [d for d in donors if income[d].value == own_income]
    same_both = [d for d in same_income if region[d].value == own_region]
    words = f"{str(own_income).replace('_', '-')}-income countries"
    for group, name in ((same_both, f"{words} of {own_region}"), (same_income, words)):
        if len(group) >= FEWEST_DONORS:
            return median(donors[d] for d in group), f"{len(group)} {name}"
    return median(donors.values()), f"{len(donors)} countries"
