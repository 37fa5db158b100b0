"""What is printed: one page for each team before the game, and the sheet of the whole game after it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from sim.inputs.memberships import NON_ALIGNED, bloc_label
from sim.labels.dates import quarter_label
from sim.report.blocks import Bullets, Document, Part, Row, Table, Text
from sim.report.html import page
from sim.report.markdown import markdown
from sim.report.origins import limits
from sim.report.outcome import points
from sim.results.files import os_errors_as_input_errors, write_atomically
from sim.results.run import RunResult
from sim.rooms.board import Board, board_of
from sim.rooms.debrief import Contribution, Debrief, debrief_of
from sim.rooms.effects import reveal_of
from sim.rooms.game import new_game
from sim.rooms.points import cost_of, value_now
from sim.rooms.said import decision_words, injection_words, label_of, move_words, range_words, short_value
from sim.rooms.state import FACILITATOR, STATES, Game, Move, Setup
from sim.scenario.stories import stories
from sim.sensitivity.lever_evidence import evidence_of
from sim.sensitivity.levers import Lever
from sim.words import decimal, head, mark, tr

GOALS: dict[str, str] = {
    FACILITATOR: mark("Keep time, ask before every reveal who expects what and why, and hold the answers against the result."),
    STATES: mark("Belong where your countries gain most. You may join one side, both, or none, and you may leave again."),
    "": mark("Have as many states as possible in your bloc at the end, for few points, and be able to say what did it."),
}  # fmt: skip
"""What each role is after; "" = the team of a bloc."""
HIDDEN: dict[str, tuple[str, ...]] = {
    FACILITATOR: (
        mark("You see all moves. Tell nobody before the reveal."),
        mark("What the model draws by chance is known to nobody: results are averages over many futures, with their band."),
    ),
    STATES: (
        mark("What the sides do in this round: you decide before you know it."),
        mark("Which events the facilitator holds ready, and what chance brings."),
    ),
    "": (
        mark("What the other side and the states do in this round: all is revealed at once."),
        mark("Which events the facilitator holds ready, and what chance brings."),
    ),
}  # fmt: skip
GRADED = mark("Evidence: of the weakest weight through which the lever acts on states.")
NO_FORECAST = mark("What will happen: this is a simulation of stated assumptions, not a forecast.")
ENDINGS = ("html", "md")
"""Of the files that are written."""


def handout_document(setup: Setup, role: str) -> Document:
    """Return the page that a role reads before the game: goal, rules, levers with ranges, costs and evidence.

    Raises
    ------
    InputError
        If the setup cannot be played.
    KeyError
        If there is no such role.
    """
    board, game = board_of(setup), new_game(setup)
    if role not in board.roles:
        raise KeyError(role)
    kind = role if role in GOALS else ""
    parts = (
        Part(tr("How it goes"), (Bullets(list(_rules(board, role))),)),
        Part(tr("Your levers"), (_levers(board, game, role), Text(tr(GRADED), "note")) if role != STATES else ()),
        Part(tr("Your countries"), (Text(", ".join(board.country(iso3) for iso3 in board.countries)),)
             if role == STATES else ()),
        Part(tr("What you may not know"), (Bullets([*(tr(text) for text in HIDDEN[kind]), tr(NO_FORECAST)]),)),
    )  # fmt: skip
    return Document(head(board.role_words(role)), parts, question=tr(GOALS[kind]), facts=_facts(board))


def _facts(board: Board) -> list[str]:
    setup = board.setup
    story = None if setup.text else stories().get(setup.scenario)
    return [
        tr("{n} rounds of {years} years", n=setup.rounds, years=setup.years),
        tr(
            "{start} to {end}",
            start=quarter_label(board.first_quarter(1)),
            end=quarter_label(board.last_quarter(setup.rounds)),
        ),
        tr("story: {name}", name=tr(story.question) if story else board.loaded.scenario.name),
    ]


def _rules(board: Board, role: str) -> Iterator[str]:
    setup = board.setup
    if role == FACILITATOR:
        yield tr(
            "You start and end each round, may bring an event of the library into it, and reveal what came of it."
        )
        yield tr("You alone move what belongs to no side; it costs nothing.")
    elif role == STATES:
        yield tr(
            "Each round you may decide for each of your countries; it decides so as the round begins, and holds it."
        )
        yield tr("A country that you leave alone is decided by the model.")
        yield tr("A bloc may tell a country in two blocs to choose; then it keeps one.")
        yield (
            tr("The model's advice is shown to you.")
            if setup.advice
            else tr("The model's advice is hidden from you.")
        )
    else:
        yield tr("You have {points} points a round. Moving a lever costs the share of its range times its cost, up or down.",
                 points=_points_of(setup))  # fmt: skip
        yield (
            tr("What you do not spend is kept for the next round.")
            if setup.carry_over
            else tr("What you do not spend is lost.")
        )
        yield tr("A move holds from the round's first quarter until you move the lever again.")
    yield tr("After each round all see the map, what each team's moves caused, and who switched and why.")


def _levers(board: Board, game: Game, role: str) -> Table:
    rows: list[Row] = [_lever(board, game, name, lever) for name, lever in board.levers_of(role).items()]
    heads, evidence = (tr("Lever"), tr("Range"), tr("Stands at")), tr("Evidence")
    if role == FACILITATOR:
        return Table((*heads, evidence), rows, (1, 2))
    reach = tr("{points} points move it by", points=_points_of(board.setup))
    return Table((*heads, tr("Points for all of it"), reach, evidence), rows, (1, 2, 3, 4))


def _lever(board: Board, game: Game, name: str, lever: Lever) -> Row:
    range_, now = range_words(lever), short_value(lever, value_now(game, name, 1))
    if lever.window:
        range_, now = tr("closed, open"), tr("closed")
    grade = tr(evidence_of(lever, board.loaded.scenario).grade)
    if lever.bloc is None:
        return (label_of(lever), range_, now, grade)
    return (label_of(lever), range_, now, decimal(board.costs[name]), _reach(board, name, lever), grade)


def _reach(board: Board, name: str, lever: Lever) -> str:
    """Return how far the points of a round move a lever, if all of them go there."""
    first, cost = lever.settings[0], board.costs[name]
    share = 1.0 if cost <= board.setup.budget else board.setup.budget / cost
    if lever.window:
        return tr("one round") if share == 1.0 else "–"
    return short_value(lever, share * (first.high - first.low))


def _points_of(setup: Setup) -> str:
    return decimal(setup.budget, 0 if setup.budget.is_integer() else 1)


def debrief_document(game: Game, code: str = "") -> Document:
    """Return the sheet of a game up to its last revealed round: result, moves, effects by team and round, nobody moving.

    Raises
    ------
    InputError
        If no round was revealed yet.
    """
    found = debrief_of(game)
    board = board_of(game.setup)
    parts = (
        Part(tr("What came of it"), (Bullets(found.sentences),), answer=True),
        Part(tr("Where states stand at the end"), (_stands(board, found),)),
        Part(
            tr("What each team caused in all"), (Bullets([" ".join(one.sentences) for one in found.teams]),)
        ),
        Part(tr("Effects by round"), (_effects(board, found), Text(_how_to_read(found), "note"))),
        Part(tr("Moves"), (_moves(board, found.game),)),
        *(_round(found.game, number) for number in range(1, found.game.round + 1)),
        Part(tr("To run it again"), (Text(_again(board, code)),)),
        limits(),
    )
    title = tr("The game of room {code}", code=code) if code else tr("The game")
    return Document(title, parts, question=tr(board.loaded.scenario.question), facts=_facts(board))


def _stands(board: Board, found: Debrief) -> Table:
    rows: list[Row] = [
        (words, *_shares(board, result))
        for words, result in ((tr("As it was played"), found.result), (tr("Had no team moved"), found.nobody))
    ]
    heads = (
        tr("% of states"),
        *(head(bloc_label(bloc, board.titles)) for bloc in board.blocs),
        tr("Non-aligned"),
    )
    return Table(heads, rows, len(board.blocs) + 1)


def _shares(board: Board, result: RunResult) -> list[str]:
    """Return the share of states of each bloc with all its members, and of those in none, at the end, in per cent."""
    assert result.ensemble is not None
    states, last = board.inputs.states, result.ensemble.shares[:, -1, 0].mean(axis=0)
    held = [
        sum(last[s] for s, state in enumerate(states) if bloc in state.split("+")) for bloc in board.blocs
    ]
    return [decimal(100 * float(one), 1) for one in (*held, last[states.index(NON_ALIGNED)])]


def _effects(board: Board, found: Debrief) -> Table:
    """Return each team's effect on every bloc, by round and in all, in points of states."""
    rows: list[Row] = []
    for team in board.teams:
        own = [one for one in (*found.rounds, *found.teams) if one.team == team]
        for n, bloc in enumerate(board.blocs):
            name = head(board.role_words(team)) if n == 0 else ""
            rows.append((name, head(bloc_label(bloc, board.titles)), *(_points(one, bloc) for one in own)))
    rounds = [tr("Round {n}", n=number) for number in range(1, found.game.round + 1)]
    return Table((tr("Team"), tr("Changes"), *rounds, tr("In all")), rows, len(rounds) + 1)


def _points(one: Contribution, bloc: str) -> str:
    return "–" if one.found is None else points(one.changes[bloc])


def _how_to_read(found: Debrief) -> str:
    return tr(
        "Percentage points of states by {end}, against the same game without that team's moves, all draws alike; mean of {n} "
        "futures. A bloc counts all its members.", end=found.end, n=decimal(found.game.setup.runs),
    )  # fmt: skip


def _moves(board: Board, game: Game) -> Table:
    rows: list[Row] = []
    for number in range(1, game.round + 1):
        done = [(FACILITATOR, injection_words(one), "–") for one in game.injections if one.round == number]
        done += [
            (one.team, move_words(game, one, whose=False), _cost(game, one))
            for one in game.moves
            if one.round == number
        ]
        done += [(STATES, decision_words(game, one), "–") for one in game.decisions if one.round == number]
        when = quarter_label(board.first_quarter(number))
        rows += [(str(number), when, head(board.role_words(role)), what, cost) for role, what, cost in done]
    return Table((tr("Round"), tr("From"), tr("Team"), tr("What"), tr("Points")), rows, (4,))


def _cost(game: Game, one: Move) -> str:
    return "–" if one.team == FACILITATOR else decimal(cost_of(game, one.lever, one.value, one.round), 1)


def _round(game: Game, number: int) -> Part:
    found = reveal_of(game, number)
    said = [" ".join((f"**{head(one.words)}.**", *one.sentences)) for one in found.teams]
    return Part(
        tr("Round {n}, to {end}", n=number, end=quarter_label(found.end)),
        (Bullets(said), Bullets(found.reasons())),
    )


def _again(board: Board, code: str) -> str:
    name = f"game-{code}.yaml" if code else "game.yaml"
    return tr("With the file of the game: `aiblocs run {file} --runs {n}`. It gives these numbers.", file=name,
              n=board.setup.runs)  # fmt: skip


def write_handouts(setup: Setup, folder: Path, ending: str = "html") -> list[Path]:
    """Write the page of every role into a folder, and return the files.

    Parameters
    ----------
    ending : one of `ENDINGS`

    Raises
    ------
    InputError
        If the setup cannot be played, or the folder cannot be written.
    """
    with os_errors_as_input_errors(folder):
        folder.mkdir(parents=True, exist_ok=True)
    written = []
    for role in board_of(setup).roles:
        path, sheet = folder / f"handout-{role}.{ending}", handout_document(setup, role)
        write_atomically(path, (page(sheet) if ending == "html" else markdown(sheet, "")).encode())
        written.append(path)
    return written
