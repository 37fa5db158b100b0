"""What is printed: a page for each role with its own levers only, and a sheet whose numbers are those of the game."""

import re

import pytest
from typer.testing import CliRunner

from sim.cli import rooms as command
from sim.errors import InputError
from sim.report.html import page
from sim.report.markdown import markdown
from sim.rooms.board import board_of
from sim.rooms.debrief import debrief_of
from sim.rooms.sheet import debrief_document, handout_document, write_handouts
from sim.rooms.state import FACILITATOR, STATES, Setup
from sim.words import speaking

SETUP = Setup(runs=30, states="KEN,NGA,EGY", budget=30.0)
"""Of the game that ``played`` is."""


@pytest.mark.parametrize("role", [FACILITATOR, "us", "china", STATES])
def test_a_handout_holds_the_levers_of_its_role_and_no_others(role):
    board, text = board_of(SETUP), markdown(handout_document(SETUP, role), "")
    rows = [line for line in text.splitlines() if line.startswith("| ") and "---" not in line][1:]
    assert len(rows) == len(board.levers_of(role))
    for heading in ("## How it goes", "## What you may not know"):
        assert heading in text
    assert ("Kenya" in text) == (role == STATES)
    assert ("30 points a round" in text) == (role in board.blocs)


def test_a_handout_says_where_levers_stand_what_they_cost_and_how_good_the_evidence_is():
    text = markdown(handout_document(SETUP, "us"), "")
    assert "| Finance | 0 to 200 US$ bn a year | 42 US$ bn a year | 40 | 150 US$ bn a year | weak |" in text
    assert "| Choose us or them | 0 to 30 % a year | 0 % | 10 | 30 % | weak |" in text
    assert "| Training | 0 to 100 % | 12 % | 10 | 100 % | weak |" in text
    assert "| Signing round | closed, open | closed | 5 | one round | weak |" in text
    advised, alone = (
        markdown(handout_document(Setup(states="KEN", advice=advice), STATES), "") for advice in (True, False)
    )
    assert "advice is shown" in advised
    assert "advice is hidden" in alone
    with pytest.raises(KeyError):
        handout_document(SETUP, "eu")


def test_the_sheet_holds_the_numbers_of_the_game(played):
    document = debrief_document(played, "ABCDEF")
    text, found = markdown(document, ""), debrief_of(played)
    assert text.startswith("# The game of room ABCDEF\n")
    for sentence in found.sentences:
        assert f"- {sentence}\n" in text
    moved = 100 * found.teams[0].changes["us"]
    assert f"{abs(moved):.1f}" in next(
        line for line in text.splitlines() if line.startswith("| US-led | US-led")
    )
    assert "| 1 | 2027Q1 | The states | Kenya → US-led | – |" in text
    assert "| 2 | 2029Q1 | US-led | Choose us or them from 0 % to 30 % a year | 10.0 |" in text
    assert "| 2 | 2029Q1 | Facilitator | Fund for all from 0 % to 50 % of a full programme | – |" in text
    assert "`aiblocs run game-ABCDEF.yaml --runs 30`" in text
    assert text.count("## Round ") == 3
    assert "<h1>The game of room ABCDEF</h1>" in page(document)
    for row in ("| As it was played |", "| Had no team moved |"):
        cells = [float(cell) for cell in text.partition(row)[2].partition("\n")[0].split("|")[:-1]]
        assert len(cells) == 3
        assert all(0 < cell < 100 for cell in cells)


def test_sheets_speak_the_readers_language(played):
    with speaking("fr"):
        text = markdown(debrief_document(played), "")
        assert text.startswith("# La partie\n")
        assert "## Coups" in text
        assert "## Vos leviers" in markdown(handout_document(SETUP, "us"), "")


def test_the_command_writes_a_page_for_each_role(tmp_path):
    done = CliRunner().invoke(
        command.app, ["handouts", "eu-third-pole", "--out", str(tmp_path / "a"), "--format", "md"]
    )
    assert done.exit_code == 0, done.output
    names = sorted(path.name for path in (tmp_path / "a").iterdir())
    assert len(names) == 4
    assert done.output.count("\n") == 4
    assert names[-1] == "handout-us.md"
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(InputError, match="cannot be written"):
        write_handouts(SETUP, tmp_path / "file")


ENGLISH_WORDS = re.compile(r"\b(the|of|and|with|would|which|that|from|by|to|are|is|it|its)\b", re.IGNORECASE)


def words_of(document):
    """Return the text of a document as a browser shows it, also what words of the glossary say under the pointer."""
    text = re.sub(r"<style.*?</style>|<code>.*?</code>|<pre>.*?</pre>", "", page(document), flags=re.DOTALL)
    return re.sub(r'<abbr title="([^"]*)">|<[^>]*>', r" \1 ", text)


def test_papers_of_a_french_room_have_no_english_left(played):
    with speaking("fr"):
        papers = [handout_document(SETUP, role) for role in board_of(SETUP).roles]
        for document in (*papers, debrief_document(played, "ABCDEF")):
            text = words_of(document)
            assert ENGLISH_WORDS.findall(text) == [], document.title
            assert not re.search(r"\d{4}Q\d", text), document.title
            assert '<html lang="fr">' in page(document)
        assert "6,03 logits" in words_of(handout_document(SETUP, "facilitator"))
        assert "Vocabulaire" in words_of(papers[1])
