"""The words of the page in several languages: none missing, none stale, each with its values."""

import pickle
from gettext import NullTranslations

import pytest

import sim.words as module
from sim.words import (
    ENGLISH,
    LANGUAGES,
    capital,
    decimal,
    head,
    language,
    listed,
    speaking,
    spoken,
    spoken_cache,
    tr,
    trn,
)
from tools import words

FRENCH = """
msgid "Share of {bloc}"
msgstr "{wrong}"

msgid "Gone"
msgstr "Parti"

msgid "Map"
msgstr ""
"""


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_text_of_the_code_has_words_and_no_word_is_stale(code):
    assert list(words.problems(code, words.said_in_code())) == []


@pytest.mark.parametrize("code", LANGUAGES)
def test_the_files_are_as_the_tool_writes_them(code):
    said = words.said_in_code()
    assert (words.FOLDER / f"{code}.po").read_bytes() == words.text_of(words.renewed(code, said))


def test_what_is_missing_stale_or_has_other_values_is_named(monkeypatch):
    said = words.written_text(
        'msgid "Share of {bloc}"\nmsgstr ""\n\nmsgid "Map"\nmsgstr ""\n\nmsgid "New"\nmsgstr ""\n', "en"
    )
    monkeypatch.setattr(words, "written", lambda code: words.written_text(FRENCH, code))
    assert sorted(words.problems("fr", said)) == [
        "fr.po has no words for: Map",
        "fr.po holds what the code no longer says: Gone",
        "fr.po lacks: New",
        "fr.po: 'Share of {bloc}' has the values ['bloc'], its words have ['wrong']",
    ]


def test_numbers_are_written_as_the_reader_writes_them():
    assert (decimal(1234.56, 1), decimal(-0.01, 1)) == ("1,234.6", "0.0")
    with speaking("fr"):
        assert decimal(1234.56, 1) == "1\u202f234,6"
        assert trn("{n} future", "{n} futures", 2000).startswith("2\u202f000")


def test_english_is_spoken_where_nobody_asks_and_a_cache_keeps_languages_apart():
    said = []

    @spoken_cache()
    def word(n):
        said.append(language())
        return f"{language()} {n}"

    assert [word(1), word(1)] == ["en 1", "en 1"]
    with speaking("fr"):
        assert word(1) == "fr 1"
    assert said == ["en", "fr"]
    assert language() == ENGLISH
    assert tr("{one} of {two}", one=1, two=2) == "1 of 2"
    with pytest.raises(KeyError), speaking("xx"):
        pass


def test_words_that_a_worker_made_can_be_spoken_in_the_language_of_a_reader(monkeypatch):
    french = words.written_text(
        'msgid "{who} gains {share:.1f} %: {why}"\nmsgstr "{who} gagne {share:.1f} % : {why}"\n\n'
        'msgid "the others"\nmsgstr "les autres"\n\nmsgid "{first} and {last}"\nmsgstr "{first} et {last}"\n',
        "fr",
    )
    monkeypatch.setattr(module, "catalog", lambda code: Known(french if code == "fr" else None))
    made = tr("{who} gains {share:.1f} %: {why}", who=tr("the others"), share=1234.5, why=listed(["a", "b"]))
    assert made == "the others gains 1234.5 %: a and b"
    for kept in (made, pickle.loads(pickle.dumps(made))):
        with speaking("fr"):
            assert spoken(kept) == "Les autres gagne 1234,5 % : a et b"
    assert spoken("as it is") == "as it is"
    with speaking("fr"):
        assert spoken(decimal(0.5, 1)) == "0,5"
        assert capital(tr("the others")) == head(tr("the others")) == "Les autres"
    assert (capital(tr("the others")), head(tr("the others"))) == ("The others", "the others")


class Known(NullTranslations):
    """What a catalog says, without a file of its own."""

    def __init__(self, catalog):
        super().__init__()
        self.found = catalog

    def gettext(self, message):
        known = self.found.get(message) if self.found is not None else None
        return known.string if known is not None else message


def test_a_text_within_another_call_is_found(tmp_path, monkeypatch):
    (tmp_path / "sim").mkdir()
    (tmp_path / "sim" / "page.py").write_text(
        'tr("{a} of {b}", a=tr("inner"), b=trn("{n} future", "{n} futures", 2))', encoding="utf-8"
    )
    monkeypatch.setattr(words, "ROOT", tmp_path)
    monkeypatch.setattr(words, "said_in_data", lambda: [("a.toml", "of data")])
    found = {message.id for message in words.said_in_code.__wrapped__() if message.id}
    assert found == {"{a} of {b}", "inner", ("{n} future", "{n} futures"), "of data"}


def test_french_words_keep_their_spaces_together():
    assert (
        words.spaced("fr", "a : « b » ; 5 % ? {x:.1f}")
        == "a\u00a0: «\u00a0b\u00a0»\u202f; 5\u00a0%\u202f? {x:.1f}"
    )
    assert words.spaced("en", "a : b") == "a : b"
