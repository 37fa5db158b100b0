"""Words of the glossary on the page: marked once each, escaped around, the same in Python and in widgets."""

import html
import re

from hypothesis import given
from hypothesis import strategies as st

from sim.dashboard.gloss import MOST_MARKED, forms, forms_script, marked
from sim.labels.glossary import terms


def plain(text: str) -> str:
    return html.unescape(re.sub(r"<[^>]*>", "", text))


@given(st.lists(st.one_of(st.sampled_from(sorted(forms())), st.text(max_size=12)), max_size=12).map(" ".join))
def test_marking_changes_no_text_and_lets_no_markup_in(text: str):
    found = marked(text)
    assert plain(found) == text
    marks = re.findall(r'data-term="([^"]*)"', found)
    assert len(marks) == len(set(marks)) <= MOST_MARKED
    assert set(re.findall(r"<(/?\w+)", found)) <= {"span", "/span"}


def test_every_entry_is_marked_by_each_of_its_forms():
    for term in terms():
        for form in term.forms:
            assert f'data-term="{term.anchor}"' in marked(f"The {form.upper()} there"), form


def test_words_within_words_are_left_alone():
    assert marked("blockade, subtier1, blocs-wide") == "blockade, subtier1, blocs-wide"


def test_widgets_know_every_form_and_every_name():
    script = forms_script()
    for term in terms():
        for word in (*term.forms, term.name):
            assert f'"{word.lower()}": "{term.anchor}"' in script or "'" in word or not word.isascii()
