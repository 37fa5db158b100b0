"""The end of a game: moves over time, what each team caused, the world had nobody moved, and files to take away."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

import solara

from sim.dashboard.components import Files, Guard, Working, plain_text
from sim.dashboard.handout import HandedFile
from sim.dashboard.rooms.revealing import listed
from sim.dashboard.rooms.session import RoomSession
from sim.dashboard.rooms.world import World
from sim.dashboard.widgets import PrintButton
from sim.figures.palette import state_colours
from sim.inputs.memberships import bloc_label
from sim.report.html import page
from sim.report.outcome import points
from sim.rooms.board import board_of
from sim.rooms.debrief import debrief_of
from sim.rooms.points import value_now
from sim.rooms.said import decision_words, injection_words, label_of, move_words, value_words
from sim.rooms.scenario import scenario_text, up_to
from sim.rooms.sheet import debrief_document
from sim.rooms.state import FACILITATOR, STATES, Game
from sim.sensitivity.levers import Lever
from sim.words import capital, language, speaking, tr


@solara.component
def Debrief(session: RoomSession) -> None:  # noqa: N802 - components are named like classes
    """Show the whole game."""
    with solara.Div(classes=["room-debrief"]):
        with solara.Div():
            Guard(tr("What came of the game"), lambda: Came(session))
            Guard(tr("The moves"), lambda: Played(session))
            Guard(tr("Take away"), lambda: Taken(session))
        with solara.Div():
            plain_text("h2", tr("The world as it was played, and had nobody moved"))
            Guard(tr("The world"), lambda: World(session))


@dataclass(frozen=True)
class Effects:
    """What a game came to, in words: on the whole, by team (name, sentences), and as a table of points of states."""

    sentences: tuple[str, ...]
    teams: tuple[tuple[str, str], ...]
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    end: str


def effects_of(game: Game) -> Effects:
    """Return what a game came to, in the language of the reader; takes some seconds the first time."""
    found, board = debrief_of(game), board_of(game.setup)
    rows = []
    for team in board.teams:
        own = [one for one in (*found.rounds, *found.teams) if one.team == team]
        for bloc in board.blocs:
            shown = (points(one.changes[bloc]) if one.found is not None else "–" for one in own)
            rows.append((capital(board.role_words(team)), capital(bloc_label(bloc, board.titles)), *shown))
    rounds = (tr("Round {n}", n=number) for number in range(1, found.game.round + 1))
    teams = tuple((capital(board.role_words(one.team)), " ".join(one.sentences)) for one in found.teams)
    heads = (tr("Team"), tr("Changes"), *rounds, tr("In all"))
    return Effects(found.sentences, teams, heads, tuple(rows), found.end)


@solara.component
def Came(session: RoomSession) -> None:  # noqa: N802
    """Say what the game came to, and show what each team caused, round by round."""
    game = session.game
    question = ("debrief", game.setup, game.round, game.moves, game.decisions, game.injections)
    answer = session.room.answer(question, lambda: effects_of(game))
    with solara.Div(classes=["room-reveal"]):
        plain_text("h2", tr("What came of the game"))
        Working(answer.waiting, problem=answer.problem)
        if answer.waiting:
            plain_text("p", tr("Compared with the same futures in which it was not done …"))
        if answer.found is not None:
            for sentence in answer.found.sentences:
                plain_text("p", sentence)
    if answer.found is not None:
        ByTeam(answer.found)


@solara.component
def ByTeam(effects: Effects) -> None:  # noqa: N802
    """Show what each team caused."""
    for name, said in effects.teams:
        plain_text("h3", name)
        plain_text("p", said, classes=["room-said-of"])
    solara.HTML("div", unsafe_innerHTML=effects_table(effects), classes=["room-drawn"])
    text = tr(
        "Percentage points of states by {end}, against the same game without what that team did, all draws alike.",
        end=effects.end,
    )
    plain_text("p", text, classes=["page-small"])


def effects_table(effects: Effects) -> str:
    """Return the effects as a table in HTML."""
    heads = "".join(f'<th scope="col">{escape(head)}</th>' for head in effects.heads)
    rows = "".join(
        f'<tr><th scope="row">{escape(row[0])}</th>'
        + "".join(f"<td>{escape(cell)}</td>" for cell in row[1:])
        + "</tr>"
        for row in effects.rows
    )
    caption = escape(tr("What each team caused, round by round"))
    return f"<table><caption>{caption}</caption><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>"


@solara.component
def Played(session: RoomSession) -> None:  # noqa: N802
    """Draw the moves over time, a table for each team."""
    game, board = session.game, session.board
    colours = state_colours(board.inputs.states)
    for team in (*board.blocs, FACILITATOR):
        levers = moved_levers(game, team)
        if team == FACILITATOR and not levers:
            continue
        plain_text("h3", tr("Moves: {team}", team=board.role_words(team)))
        if not levers:
            plain_text("p", tr("Nothing moved in the whole game."), classes=["room-none"])
            continue
        colour = colours[board.inputs.states.index(team)] if team in board.blocs else ""
        solara.HTML("div", unsafe_innerHTML=moves_table(game, levers, colour), classes=["room-drawn"])
    for title, lines in (
        (tr("What countries decided by hand"), decided_lines(game) if STATES in board.teams else []),
        (tr("What the facilitator brought in"), injected_lines(game)),
    ):
        if lines:
            plain_text("h3", title)
            listed(tuple(lines), "")


def moved_levers(game: Game, team: str) -> list[Lever]:
    """Return the levers that a team moved in the game, in the order of the page."""
    moved = {one.lever for one in game.moves if one.team == team}
    return [lever for name, lever in board_of(game.setup).levers.items() if name in moved]


def decided_lines(game: Game) -> list[str]:
    """Return what the countries decided by hand, round by round."""
    return [
        tr("Round {n}: {what}", n=one.round, what=decision_words(game, one))
        for one in sorted(game.decisions, key=lambda one: one.round)
    ]


def injected_lines(game: Game) -> list[str]:
    """Return the events that were brought in, round by round."""
    return [tr("Round {n}: {what}", n=one.round, what=injection_words(one)) for one in game.injections]


def moves_table(game: Game, levers: list[Lever], colour: str) -> str:
    """Return levers over the rounds as a table: where each stands in a round, as number and bar, in bold where it was moved."""
    board = board_of(game.setup)
    heads = "".join(
        f'<th scope="col">{escape(_round_words(board.first_quarter(n)[:4], board.last_quarter(n)[:4], n))}</th>'
        for n in range(1, game.round + 1)
    )
    rows = "".join(
        f'<tr><th scope="row">{escape(label_of(lever))}</th>'
        + "".join(_cell(game, lever, n, colour) for n in range(1, game.round + 1))
        + "</tr>"
        for lever in levers
    )
    return f"<table><thead><tr><td></td>{heads}</tr></thead><tbody>{rows}</tbody></table>"


def _round_words(start: str, end: str, number: int) -> str:
    years = start if start == end else f"{start}–{end}"
    return tr("Round {n}, {years}", n=number, years=years)


def _cell(game: Game, lever: Lever, number: int, colour: str) -> str:
    """Return where a lever stands in a round; ``colour`` : of the bar, "" = that of the text."""
    first = lever.settings[0]
    moved = [one for one in game.moves if (one.round, one.lever) == (number, lever.name)]
    value = moved[0].value if moved else value_now(up_to(game, number), lever.name, number)
    share = 100.0 * (value - first.low) / (first.high - first.low)
    text = (tr("opened") if value else tr("none")) if lever.window else value_words(lever, value)
    title = escape(move_words(game, moved[0])) if moved else ""
    paint = f"; background: {colour}" if colour else ""
    bar = f'<i style="width: {share:.1f}%{paint}"></i>'
    shown = f"<b>{escape(text)}</b>" if moved else f"<span>{escape(text)}</span>"
    return f'<td title="{title}">{shown}<div class="room-bar" aria-hidden="true">{bar}</div></td>'


@solara.component
def Taken(session: RoomSession) -> None:  # noqa: N802
    """Hand out the game as a scenario that runs to the same numbers."""
    game, code = session.game, session.room.code
    name = f"aiblocs-game-{code}.yaml"
    plain_text("h2", tr("Take away"))
    spoken = language()

    def sheet() -> bytes:
        with speaking(spoken):
            return page(debrief_document(game, code)).encode()

    files = [
        HandedFile("YAML", name, "text/yaml", lambda: scenario_text(game, code).encode()),
        HandedFile(tr("Sheet"), f"aiblocs-game-{code}.html", "text/html", sheet),
    ]
    Files(files, tr("The whole game"))
    command = f"aiblocs run {name} --runs {game.setup.runs}"
    plain_text("p", tr("It runs to the same numbers: {command}", command=command), classes=["page-small"])
    PrintButton.element(label=tr("Print this page"))
