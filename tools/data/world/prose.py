"""The sentences of ``SOURCES.md``; every number in them is filled in by the script."""

from __future__ import annotations

HEAD = """\
# Sources of the world tables

Written by `python -m tools.data.world`; do not edit. {countries} countries: the {members} members of the
United Nations and Taiwan, Palestine, Kosovo and the Holy See. Names, codes and markers are for display and
take no position on any territory.

**Licence of these tables: CC BY-SA 4.0**, because two sources (V-Dem, Oxford Insights) ask that what is
made from them is shared alike. Credit: "aiblocs world tables", with the attributions listed under Sources.
The code of the project has its own licence.

What stands here: `countries.csv` (one row per country), `ties.csv` (pairs), `constants.csv` (figures about
a leader or a whole data set), `provenance.csv` (for every country and column: year, source, kind, note),
`sources.csv`, `addresses.csv` (where the publisher shows a source).

Kinds of values: **observed** (the source's own figure, or plain arithmetic on it), **derived** (made from
several sources or by a rule stated here), **imputed** (nobody saw it; filled by the rule for gaps),
**memory** (public knowledge written down from memory and not looked up again), **default** (in a custom
world: not stated, neutral).

Use: **estimate** columns rest only on what describes the world up to 25 July 2025 and may be covariates of
an estimate; **scenario** figures also use later publications and describe the start of a scenario, never an
estimate.
"""

METHODS = """\
### The rule for gaps

A missing number is the median of the countries of the same region and income group whose value was seen;
with fewer than {fewest} of them, of the same income group; with fewer still, of the world. GDP is filled
per head and multiplied by the population. Medians do not use values that were filled in themselves, nor a
leader's dealings with itself. A missing income group is the one whose median GDP per head (in logs) is
nearest; without GDP, the commonest group of the sub-region.

### Zeros

- `us_aid`, `trade_share_us`, `trade_share_cn`, `pact_cn`: a leader with itself is 0 (derived).
- `us_aid`: a country in the source without a recorded payment is 0 (observed); years without a record count
  as 0 in the mean.
- `cn_finance`: the source covers low- and middle-income countries. A covered country without a recorded
  commitment is 0 (derived); a high-income country outside the source is 0 and marked imputed. Palestine:
  the source gives a total for 2000-21 only; its mean is used.
- `notable_models`: 0 means none in the data set.

### us_tier

- `tier1`: the USA and the 18 partners of the AI Diffusion Framework of January 2025 (list from memory).
- `tier3`: country group D:5 (arms embargo) as it stood in July 2025, with Cambodia, which left it later.
- `tier2_licence`: country group D:1 or D:4, unless also A:5 or A:6: a licence with presumption of approval.
- `tier2`: all others.

The framework was withdrawn in May 2025 and its caps never bound; the country groups did. Groups were read
from a list of July 2026; changes between July 2025 and then that are not known to the compilers would be
missed.

### compute

World stock in mid-2025 = geometric mean of the US-designed AI chips shipped by the ends of 2024 and 2025
(Epoch AI). Chinese-made chips are left out of the stock: their yearly output is within its uncertainty. The
USA and China get the shares of cluster performance that Epoch AI located there in May 2025. The rest is
split: {cluster} by the clusters seen in each country at the end of 2024, the remainder by GDP x AI
readiness (the split is a judgement). Countries without a cluster in the data have only the second part, and
are marked imputed. The data set holds 10-20 % of the world's AI compute, by location, not by owner.

### Clubs

As of 25 July 2025, from public member lists as remembered, checked against the CIA World Factbook where it
has a list. Later changes are taken back (Timor-Leste in ASEAN, Laos as a partner of the SCO). `ldc`,
`lldc`, `sids` from the UN table; `ldc` without São Tomé and Príncipe, which left the list in December 2024.

### Other cautions

- GDP of 2024 comes from a later vintage than that of 2023; `gdp` mixes years where 2024 is missing (see
  `provenance.csv`).
- `trade_share_*`: for countries that had not yet reported in the 2022 product classification, the total is
  the larger of the sum of the matrix and merchandise trade in the World Development Indicators.
- `cn_finance` ends in 2021; communications projects are under-recorded, because national networks cannot be
  located.
- Trade of a country with all partners of `ties.csv` can add to more than 1 where flow and total come from
  different sources.
- Democracy indices are those of V-Dem v15, not mixed with later versions, which re-estimate the past.
"""

TIES = """\
## ties.csv

Pairs (a before b) with at least {least} of either side's goods trade of 2023, a common border, or a defence
pact.

- Trade: CEPII BACI HS22, 2023 (Etalab 2.0), with the USA and China also from IMF International Trade in
  Goods; a few flows from the CIA World Factbook (`imputed`) or from memory (`memory`). Flows between two
  countries that had both not reported in the 2022 classification are not known; such a pair has shares of 0
  and kind `default` if it is here for another reason.
- Border: outlines of Natural Earth (public domain, 1:50 million) that share at least one point; disputed
  borders as drawn there.
- Pact: ATOP v5.1 with later treaties, without pairs tied only by the charter of the Organization of
  American States; in force on 25 July 2025. Taken out: Pakistan and Saudi Arabia, Australia and Papua New
  Guinea (both later), and Burkina Faso, Mali and Niger with members of ECOWAS, which they left in January
  2025 (from memory).
- Language: CEPII GeoDist (Etalab 2.0); for six countries that it lacks, official languages.
- No agreement in UN votes is stored: likeness of votes is computed from ideal points.
"""

LEFT_OUT = """\
## Left out, and why

- IMF AI Preparedness Index: its terms forbid commercial redistribution. Oxford Insights' index is used
  instead.
- Freedom House, SIPRI arms transfers, Tortoise Global AI Index: no open licence. V-Dem covers the first.
- UN roll calls and agreement scores: the collected scores hold votes cast after 25 July 2025. Ideal points
  to 2024 are used.
- Own ideal points for 2025: an estimate with votes after that day.
- Land borders of the mledoze/countries collection: its licence (ODbL) asks for another kind of sharing
  alike. Natural Earth is used.
- Use of AI products by country: telemetry of single vendors, after the day.
"""
