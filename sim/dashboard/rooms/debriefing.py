"""The end of a game: moves over time, what each team caused, the world had nobody moved, and files to take away."""

from __future__ import annotations

from html import escape

import solara

from sim.dashboard.components import Files, Guard, plain_text
from sim.dashboard.handout import HandedFile
from sim.dashboard.rooms.move_words import amount, decision_words, move_words
from sim.dashboard.rooms.session import RoomSession
from sim.dashboard.rooms.world import World
from sim.dashboard.widgets import PrintButton
from sim.figures.palette import state_colours
from sim.rooms.board import board_of
from sim.rooms.points import value_now
from sim.rooms.scenario import scenario_text, up_to
from sim.rooms.state import FACILITATOR, STATES, Game
from sim.sensitivity.levers import Lever
from sim.words import tr


@solara.component
def Debrief(session: RoomSession) -> None:  # noqa: N802 - components are named like classes
    """Show the whole game."""
    with solara.Div(classes=["room-debrief"]):
        with solara.Div():
            Guard(tr("The moves"), lambda: Played(session))
            Guard(tr("Take away"), lambda: Taken(session))
        with solara.Div():
            plain_text("h2", tr("The world as it was played, and had nobody moved"))
            Guard(tr("The world"), lambda: World(session))


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
            items = "".join(f"<li>{escape(line)}</li>" for line in lines)
            solara.HTML("ul", unsafe_innerHTML=items, classes=["room-moves"])


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
    return [tr("Round {n}: {what}", n=one.round, what=one.name.replace("-", " ")) for one in game.injections]


def moves_table(game: Game, levers: list[Lever], colour: str) -> str:
    """Return levers over the rounds as a table: where each stands in a round, as number and bar, in bold where it was moved."""
    board = board_of(game.setup)
    heads = "".join(
        f'<th scope="col">{escape(_round_words(board.first_quarter(n)[:4], board.last_quarter(n)[:4], n))}</th>'
        for n in range(1, game.round + 1)
    )
    rows = "".join(
        f'<tr><th scope="row">{escape(tr(lever.words))}</th>'
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
    text = (tr("opened") if value else tr("none")) if lever.window else amount(lever, value)
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
    files = [HandedFile("YAML", name, "text/yaml", lambda: scenario_text(game, code).encode())]
    Files(files, tr("The whole game as a scenario"))
    runs, seed = game.setup.runs, game.setup.seed
    command = f"aiblocs run {name} --runs {runs} --seed {seed}"
    plain_text("p", tr("It runs to the same numbers: {command}", command=command), classes=["page-small"])
    PrintButton.element(label=tr("Print this page"))
