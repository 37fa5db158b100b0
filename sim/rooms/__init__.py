"""Rooms: a game of several teams around one scenario, round by round; rules, scenario, effects, and rooms kept on disk.

Who plays: the facilitator, one team for each bloc of the scenario (by the bloc's key), and, if there is one, the team of the
``states`` that decide by hand. All of a game is in one immutable `state.Game`; functions take one and return the next, or
raise `InputError` with one sentence:

- `state` : the dataclasses `Setup`, `Move`, `Decision`, `Injection`, `Game`; `game.seen_by(role)` hides what is still secret
- `board` : what a setup means: `board_of(setup)` has roles, levers of each role, quarters of each round
- `game` : `new_game(setup)`, `set_up`, `set_costs`, `start_round`, `play`, `take_back`, `decide`, `take_back_decision`,
  `inject`, `withdraw`, `ready`, `end_round`, `reopen`, `reveal`, `end_game`, `asked_to_choose`
- `points` : `value_now`, `cost_of`, `budget_of(game, team)`
- `scenario` : `scenario_of(game, code)` is the game as a loaded scenario, `scenario_text` as YAML;
  `without`, `only`, `up_to` are games of which a part was not played
- `said` : moves, decisions and events in words
- `effects` : `reveal_of(game)` with each team's sentences and who switched and why; `advice_of(game)` for the states
- `debrief` : `debrief_of(game)`: effects by team and round, nobody moving, interaction
- `futures` : `ensemble_of`, `result_of`, `caused(game, against)`; all kept, so that asking again costs nothing
- `room`, `store` : `served()` is the `Store` of this server or None: `open_room`, `room`, `update(code, role, change)`,
  `role_of(code, key, who)`; a `Room` has `code`, `game`, `query(role)` for its link, `note`

How a game goes: lobby, then in each round open, closed, revealed; ended. Nothing here knows the page.
"""
