"""The initiatives that serve as evidence, and the judgements made about each list.

Every judgement that an estimate or the initial-membership rule depends on is declared here, once, and written
to ``tables/initiatives.csv`` by :mod:`tools.data.participation.compile`.
"""

from __future__ import annotations

from dataclasses import dataclass

FAMILIES = ("us", "china")
"""Bloc families of the baseline, in the order of the blocs."""

LEADERS = {"us": "USA", "china": "CHN"}
"""Leading country of each family; a leader is no observation of its own family's pull, nor of its rival's."""


@dataclass(frozen=True)
class Initiative:
    """One list of states.

    Attributes
    ----------
    id, name, kind, opened
        Identity; ``opened`` is the (partial) date at which states could first join.
    family
        ``us``, ``china`` or ``neutral``.
    completeness
        ``complete``: a state that is not listed did not join. ``positives_only``: it may have joined.
        ``weak``: adopted by a regional body for its members, no national choice. ``excluded``: no usable
        list.
    absence
        Confidence (high, medium, low) that a state missing from a complete list did not join; for an
        auxiliary list, that it was not among those named.
    role
        Weight of the act in the initial-membership rule: ``ai``, ``digital``, ``institution``, ``background``
        or ``none`` (see :mod:`sim.calibration.initial`).
    estimate
        ``target``: the list enters the calibration and is forecast in the backtests (only complete lists
        may). ``auxiliary``: that a state is named in it tells how near it is to the leader; it may enter the
        calibration with being named as the outcome, and is never a target. ``no``: neither.
    note
        What a reader has to know about the list.
    """

    id: str
    name: str
    family: str
    kind: str
    opened: str
    completeness: str
    absence: str
    role: str
    estimate: str
    note: str


_US = (
    ("FOC", "Freedom Online Coalition", "club", "2011-12-09", "medium", "background", "target",
     "Internet-freedom club; 41 of 42 members found, 12 of them from memory."),
    ("OECD_AI", "OECD AI Principles", "standard", "2019-05-22", "high", "ai", "target",
     "Adherents up to May 2024; five later adherents from memory, two more are undated and hence unknown."),
    ("GPAI", "Global Partnership on AI", "club", "2020-06-15", "high", "ai", "target",
     "Sixteen members of July 2024 follow from the merger with the OECD work."),
    ("DFI", "Declaration for the Future of the Internet", "declaration", "2022-04-28", "high",
     "digital", "target",
     "Complete list of the 61 states of April 2022."),
    ("US_POLDECL_MIL", "Political Declaration on Responsible Military Use of AI", "declaration", "2023-02-16",
     "medium", "ai", "target",
     "59 names found for 58 claimed; the ten low-confidence names hold false positives."),
    ("HAIP_FG", "Hiroshima AI Process Friends Group", "club", "2024-05-02", "medium", "ai", "target",
     "Launch members; undated later members are unknown because they may have joined after the cut-off."),
    ("COE_AI", "Council of Europe Framework Convention on AI", "treaty", "2024-09-05", "medium", "ai", "target",
     "Signatories up to the cut-off, one name missing; the European Union does not sign for its members."),
)  # fmt: skip
_CHINA = (
    ("BRI", "Belt and Road Initiative (memorandum)", "memorandum", "2013-09-07", "high", "background", "target",
     "First national cooperation document; Italy (2023) and Panama (2025) left and count as outside."),
    ("AIIB", "Asian Infrastructure Investment Bank", "treaty", "2014-10-24", "high", "none", "no",
     "Approved members; China-led, but a bank that most US allies joined: a check, no calibration."),
    ("DSR_2017", "Belt and Road Digital Economy Cooperation Initiative", "declaration", "2017-12-03", "high",
     "digital", "target", "The eight founders of December 2017."),
    ("BRF3_DIGITAL", "Digital Economy and Green Development framework of the third Belt and Road Forum",
     "declaration", "2023-10-18", "medium", "digital", "target",
     "35 states; the source breaks off after Sierra Leone: later states are unknown and only "
     "those earlier in it count as absent."),
    ("BRICS_AI_2025", "BRICS leaders' statement on AI governance", "declaration", "2025-07-06", "high",
     "ai", "target",
     "Adopted by the ten members; Saudi Arabia's standing is ambiguous and unknown here."),
    ("SCO", "Shanghai Cooperation Organisation (members, observers, dialogue partners)", "club", "2001-06-15",
     "high", "none", "auxiliary", "Any tie by the summit of July 2024; security and economy, not AI."),
    ("IOMED", "International Organization for Mediation (convention)", "treaty", "2025-05-30", "low",
     "institution", "target", "23 of 33 founding signatories found: an absent name is weak evidence."),
)  # fmt: skip
_POSITIVES = (
    ("CHIP4", "Chip 4 dialogue", "us", "club", "2022", "ai",
     "Informal chip-supply dialogue, no signing act."),
    ("AISI_NET", "International Network of AI Safety Institutes", "us", "club", "2024-11-20", "ai",
     "By invitation among states with an institute: absence says nothing about alignment."),
    ("UNGA_78_265", "UN resolution 78/265 (trustworthy AI), early co-sponsors", "us", "un_cosponsor",
     "2024-03-14", "ai", "56 of about 123 co-sponsors: those in the joint statement read by the US mission."),
    ("US_AI_DEALS", "Bilateral US AI agreements", "us", "bilateral", "2025-05-15", "ai",
     "Agreements signed up to the cut-off."),
    ("GOF_AI_SD", "Group of Friends on AI for Sustainable Development (co-chairs)", "us", "club",
     "2024-06-21", "ai", "Only the two co-chairs are known."),
    ("UNGA_78_311", "UN resolution 78/311 (AI capacity-building), early co-sponsors", "china", "un_cosponsor",
     "2024-07-01", "ai", "20 of 143 co-sponsors: China and those for whom it spoke, then the United States."),
    ("GDI_FRIENDS", "Group of Friends of the Global Development Initiative (states named in China's reports)",
     "china", "club", "2022-01-20", "none",
     "22 of more than 80 members: those whom Chinese reports of 2022-24 name; attendance taken as membership."),
    ("CN_BILAT_AI_CENTRES", "Bilateral AI cooperation centres with China", "china", "bilateral",
     "2025-02-23", "ai", "Partners found up to the cut-off."),
    ("AICB_PLAN", "AI Capacity-Building Action Plan (leader and co-host)", "china", "declaration",
     "2024-09-25", "ai", "Leader and co-host only; attendance of the presentation is no commitment and is left out."),
    ("GAIGI", "Global AI Governance Initiative", "china", "declaration", "2023-10-18", "ai",
     "No signature exists; the known statements of support are undated and hence unknown."),
)  # fmt: skip
_WEAK = (
    ("FOCAC_AI", "China-Africa Forum plan 2025-27 (AI chapter)", "china", "bloc_text", "2024-09-05"),
    ("CN_CELAC_AI", "China-CELAC plan (AI chapter)", "china", "bloc_text", "2025-05-13"),
)
_EXCLUDED = (
    ("BLETCHLEY", "Bletchley Declaration", "declaration", "2023-11-01", "Signed by both leaders."),
    ("SEOUL_DECL", "Seoul Declaration", "declaration", "2024-05-21", "By invitation to eleven parties."),
    ("SEOUL_MIN", "Seoul Ministerial Statement", "declaration", "2024-05-22", "By invitation."),
    ("PARIS_2025", "Paris AI Action Summit statement", "declaration", "2025-02-11",
     "Signed by China and not by the United States: no act of either family."),
    ("REAIM_2023", "REAIM call to action", "declaration", "2023-02-16", "5 of about 60 endorsers found."),
    ("REAIM_2024", "REAIM blueprint", "declaration", "2024-09-10", "9 of about 61 endorsers found."),
)  # fmt: skip
_AUXILIARY = frozenset({"AISI_NET", "UNGA_78_265", "UNGA_78_311", "GDI_FRIENDS"})
"""Lists of positives that name the leader's nearest partners: who is named is informative, who is not as well."""


def _register() -> tuple[Initiative, ...]:
    rows: list[Initiative] = []
    for family, block in (("us", _US), ("china", _CHINA)):
        for key, name, kind, opened, absence, role, estimate, note in block:
            rows.append(
                Initiative(key, name, family, kind, opened, "complete", absence, role, estimate, note)
            )
    for key, name, family, kind, opened, role, note in _POSITIVES:
        absence, estimate = ("medium", "auxiliary") if key in _AUXILIARY else ("low", "no")
        rows.append(
            Initiative(key, name, family, kind, opened, "positives_only", absence, role, estimate, note)
        )
    for key, name, family, kind, opened in _WEAK:
        note = "Adopted for all members of a regional body: no national choice."
        rows.append(Initiative(key, name, family, kind, opened, "weak", "low", "none", "no", note))
    for key, name, kind, opened, note in _EXCLUDED:
        rows.append(Initiative(key, name, "neutral", kind, opened, "excluded", "low", "none", "no", note))
    return tuple(rows)


INITIATIVES = _register()
"""Every initiative with at least one usable row before the first cut-off."""

_LATER = (
    ("WAICO", "World AI Cooperation Organization (agreement)", "china", "treaty", "2026-07-16", "complete", "high",
     "institution", "target",
     "37 signatories with China by 31 July 2026, when the list closed; no ratification seen. An observer, a state "
     "invited and one that welcomed the plan have not signed."),
    ("PAX_SILICA", "Pax Silica (AI supply-chain declaration)", "us", "declaration", "2025-12-12", "complete", "medium",
     "ai", "target",
     "24 states with the United States. States that only the European Union represents, observers and participants "
     "that did not sign are outside."),
    ("AI_OPPORTUNITY", "AI Opportunity statement", "us", "declaration", "2026-06-26", "complete", "high", "ai",
     "target", "35 states. Not the bilateral India-US partnership of the same name."),
    ("FRONTIER_CALL", "Call for control of frontier AI models", "neutral", "declaration", "2026-09-21", "complete",
     "medium", "none", "no", "29 to 30 states; neither leader took part: evidence for a third pole, no act of either."),
    ("DELHI_2026", "New Delhi AI Impact Summit declaration", "neutral", "declaration", "2026-02-21", "complete",
     "medium", "none", "no", "Signed by both leaders: no act of either family."),
    ("NAAIMES", "International Network for Advanced AI Measurement, Evaluation and Science", "us", "club", "2025-12",
     "positives_only", "low", "none", "no",
     "The network of AI safety institutes under a new name, which counts already."),
    ("CN_ASEAN_AI", "China-ASEAN AI cooperation centre", "china", "bloc_text", "2025-09-18", "weak", "low", "none",
     "no", "Adopted for all members of a regional body: no national choice."),
    ("SCO_AI_2025", "Shanghai Cooperation Organisation texts on AI, 2025", "china", "bloc_text", "2025-09-01", "weak",
     "low", "none", "no", "Adopted for all members of a regional body: no national choice."),
    ("REAIM_2026", "REAIM summit text of 2026", "neutral", "declaration", "2026-02-05", "excluded", "low", "none", "no",
     "8 of about 35 endorsers found; both leaders declined."),
)  # fmt: skip
LATER_INITIATIVES = tuple(Initiative(*row) for row in _LATER)
"""Initiatives that opened between the first cut-off and today's."""

ORGANIZATIONS = {"us": ("PAX_SILICA", "AI_OPPORTUNITY"), "china": ("WAICO",)}
"""Lists whose signatories are the members of a bloc where a scenario says ``members: signatories``."""

SHARED_SIGNERS = (("PAX_SILICA", "AI_OPPORTUNITY"),)
"""Lists that most of the same states signed, two of the year's summits apart: in a test out of sample left out together."""
REGIME_SINCE = "2025-12-01"
"""Day from which the US side's lists belong to the regime of today."""
