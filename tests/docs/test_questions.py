"""The page of questions: short answers, each with something to type, to read or to look up; plain sentences are computed."""

import json
import re

import pytest
from script_modules import DOCS, load_tool

from sim.sensitivity.lever_effects import LeverTable

TEXT = (DOCS / "questions.md").read_text(encoding="utf-8")
ANSWERS = dict(re.findall(r"^## ([^\n]+\?)\n(.*?)(?=^## |\Z)", TEXT, re.MULTILINE | re.DOTALL))


@pytest.mark.parametrize("question", ANSWERS)
def test_an_answer_is_short_and_leads_on(question: str) -> None:
    prose = re.sub(
        r"<!-- .*? -->|^```.*?^```|`[^`]+`", "x", ANSWERS[question], flags=re.MULTILINE | re.DOTALL
    )
    assert 1 <= len(re.findall(r"[.:](?=\s|$)", prose)) <= 5
    assert re.search(r"`[^`]+`|\]\(", ANSWERS[question])


def test_there_are_thirteen() -> None:
    assert len(ANSWERS) == 13


def test_plain_evidence_says_the_numbers_of_the_validation() -> None:
    words, page = load_tool("plain_words"), (DOCS / "validation.md").read_text(encoding="utf-8")
    said = words.evidence()
    for name, joined, auc in re.findall(
        r"^- ([^:(]+?)(?: \([^)]*\))?, out of time: (\d+) joined.*?AUC ([\d.]+)", page, re.M
    ):
        assert re.search(rf"{name}: \d+ expected, {joined} joined", said)
        assert min(map(int, re.findall(r"(\d+)(?= to | times in 100)", said))) <= round(100 * float(auc))
    assert "AUC" not in said
    assert "Brier" not in said


def test_plain_evidence_that_cannot_be_read_is_a_mistake(monkeypatch: pytest.MonkeyPatch) -> None:
    words = load_tool("plain_words")
    monkeypatch.setattr(words, "_LISTS", re.compile("nothing like it"))
    with pytest.raises(ValueError, match="says otherwise"):
        words.evidence()


def test_what_moves_names_the_largest_lever_of_the_table() -> None:
    found = LeverTable.of_dict(json.loads((DOCS / "levers.json").read_text(encoding="utf-8")))
    sizes = {
        one.lever.words: max(abs(float(x)) for band in one.change.values() for x in band.mean)
        for one in found.effects
        if one.lever.front and not one.lever.parameters[0].startswith("behaviour.")
    }
    said = load_tool("plain_words").what_moves()
    top = max(sizes, key=lambda words: sizes[words])
    assert top[1:] in said.partition("most comes from")[2].partition(";")[0]
