"""The glossary: one sentence each, nothing said twice, and the pages that show it."""

import re
from collections import Counter

import pytest

from sim.labels.glossary import GlossaryTerm, terms

ASKED_FOR = {
    "member", "tier 1", "tier 2", "tier 3", "conditionality", "bloc", "both", "non-aligned", "future", "90 % band", "logit",
    "h100e", "intercept", "taste", "exclusivity", "leader", "founders' window", "review", "attention",
}  # fmt: skip


@pytest.mark.parametrize("term", terms(), ids=lambda term: term.name)
def test_a_term_has_one_sentence_and_one_example(term: GlossaryTerm) -> None:
    for sentence in (term.meaning, term.example):
        assert sentence[0].isupper() or not sentence[0].isalpha() or sentence.startswith(term.name), sentence
        assert sentence.endswith("."), sentence
        assert not re.search(r"[.!?] [A-Z]", sentence), sentence
        assert sentence.count("`") % 2 == 0
    assert term.forms
    assert all(form == form.strip() for form in term.forms)


def test_no_word_has_two_meanings() -> None:
    assert {term.name.lower() for term in terms()} >= ASKED_FOR
    for words in (
        [term.name.lower() for term in terms()],
        [term.anchor for term in terms()],
        [form.lower() for term in terms() for form in term.forms],
    ):
        assert [word for word, times in Counter(words).items() if times > 1] == []
