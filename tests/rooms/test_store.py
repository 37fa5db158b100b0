"""Rooms on disk: a kill loses at most the last move, a spoilt file is refused, links open what they should and no more."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from sim.errors import InputError
from sim.rooms import game as rules
from sim.rooms.room import bytes_of, room_of
from sim.rooms.state import FACILITATOR, STATES, Setup
from sim.rooms.store import CODE, DAY, FOLDER, MOVES_A_MINUTE, WRONG_A_MINUTE, Store, served

SETUP = Setup(runs=20, states="KEN,UGA")


class Clock:
    """A clock that is set."""

    def __init__(self):
        self.now = 1000.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def store(tmp_path, clock):
    return Store(tmp_path / "rooms", clock)


def played(room):
    return [(move.team, move.lever, move.value) for move in room.game.moves]


def started(store):
    room = store.open_room(SETUP)
    return store.update(room.code, FACILITATOR, rules.start_round)


def test_a_room_has_a_readable_code_and_a_key_for_each_role_that_opens_it(store):
    room = store.open_room(SETUP)
    assert CODE.fullmatch(room.code)
    assert not set("0O1I") & set(room.code)
    assert [role for role, _ in room.keys] == [FACILITATOR, "us", "china", STATES]
    assert len({key for _, key in room.keys}) == 4
    for role, key in room.keys:
        assert store.role_of(room.code.lower(), key) == role
        assert room.query(role) == f"room={room.code}&key={key}"


def test_links_stay_when_the_setup_changes_in_the_lobby_and_a_new_team_gets_one(store):
    room = store.open_room(Setup(runs=20))
    changed = store.update(room.code, FACILITATOR, lambda game: rules.set_up(game, SETUP))
    assert [role for role, _ in changed.keys] == [FACILITATOR, "us", "china", STATES]
    assert changed.key("us") == room.key("us")
    assert store.role_of(room.code, changed.key(STATES)) == STATES


def test_the_folder_is_its_owners_alone(store):
    assert store.folder.stat().st_mode & 0o777 == 0o700


def test_a_wrong_key_and_an_unknown_room_say_the_same_and_too_many_are_refused(store, clock):
    room = store.open_room(SETUP)
    said = set()
    for code, key in [(room.code, "wrong"), ("222222", room.key("us")), ("../etc", "x"), (room.code, "ü")]:
        with pytest.raises(InputError) as refused:
            store.role_of(code, key, "1.2.3.4")
        said.add(str(refused.value))
    assert said == {"This link opens no room: ask the facilitator for a new one"}
    for _ in range(WRONG_A_MINUTE - 4):
        with pytest.raises(InputError, match="opens no room"):
            store.role_of(room.code, "wrong", "1.2.3.4")
    with pytest.raises(InputError, match="Too many links"):
        store.role_of(room.code, "wrong", "1.2.3.4")
    with pytest.raises(InputError, match="opens no room"):
        store.role_of(room.code, "wrong", "5.6.7.8")
    assert store.role_of(room.code, room.key("us"), "1.2.3.4") == "us"
    clock.now += 61
    with pytest.raises(InputError, match="opens no room"):
        store.role_of(room.code, "wrong", "1.2.3.4")


def test_a_room_expires_after_its_last_move_and_is_cleared_away(store, clock):
    room = started(store)
    clock.now += 6 * DAY
    store.update(room.code, "us", lambda game: rules.play(game, "us", "finance.us", 50.0))
    clock.now += 6 * DAY
    assert store.role_of(room.code, room.key("us")) == "us"
    clock.now += 1.1 * DAY
    with pytest.raises(InputError, match="has expired: nothing was moved in it for 7 days"):
        store.role_of(room.code, room.key("us"))
    with pytest.raises(InputError, match="opens no room"):
        store.role_of(room.code, "wrong")
    other = store.open_room(SETUP)
    assert store.codes() == (other.code,)


def test_two_rooms_never_mix_and_another_store_reads_the_same(store, tmp_path, clock):
    one, two = started(store), started(store)
    store.update(one.code, "us", lambda game: rules.play(game, "us", "finance.us", 50.0))
    assert played(store.room(two.code)) == []
    with pytest.raises(InputError, match="opens no room"):
        store.role_of(two.code, one.key("us"))
    (store.folder / f"{two.code}.json").write_bytes((store.folder / f"{one.code}.json").read_bytes())
    found = store.room(two.code)  # its own state before, and not the other's
    assert found.code == two.code
    assert "of another room" in found.note
    assert Store(tmp_path / "rooms", clock).room(one.code) == store.room(one.code)


def test_a_refused_change_changes_nothing_and_too_many_moves_are_refused(store, clock):
    room = started(store)
    with pytest.raises(InputError, match="belongs to China-led"):
        store.update(room.code, "us", lambda game: rules.play(game, "us", "finance.china", 90.0))
    assert store.room(room.code) == room
    for n in range(MOVES_A_MINUTE - 1):
        store.update(room.code, "us", lambda game, n=n: rules.play(game, "us", "finance.us", 50.0 + n % 2))
    with pytest.raises(InputError, match="Too many moves"):
        store.update(room.code, "us", lambda game: rules.play(game, "us", "finance.us", 52.0))
    store.update(room.code, "china", lambda game: rules.play(game, "china", "finance.china", 90.0))
    clock.now += 61
    store.update(room.code, "us", lambda game: rules.play(game, "us", "finance.us", 52.0))


@pytest.mark.parametrize(
    ("spoil", "why"),
    [
        (lambda file: file[: len(file) // 2], "not whole"),
        (lambda file: b"", "not whole"),
        (lambda file: file.replace(b'"value": 50.0', b'"value": 51.0'), "altered by hand"),
        (lambda file: file.replace(b'"version": 1', b'"version": 9'), "of version 9"),
        (lambda file: b"[1, 2]", "no file of a room"),
    ],
)
def test_a_spoilt_file_is_refused_in_a_sentence_and_the_last_good_state_goes_on(store, spoil, why):
    room = started(store)
    store.update(room.code, "us", lambda game: rules.play(game, "us", "finance.us", 50.0))
    path = store.folder / f"{room.code}.json"
    spoilt = spoil(path.read_bytes())
    assert spoilt != path.read_bytes()
    path.write_bytes(spoilt)
    found = store.room(room.code)
    assert why in found.note
    assert played(found) == []  # the move is lost, the round goes on
    again = store.update(room.code, "us", lambda game: rules.play(game, "us", "grants.us", 0.5))
    assert (again.note, played(again)) == ("", [("us", "grants.us", 0.5)])
    assert store.room(room.code) == again
    (store.folder / f"{room.code}.json.last").write_bytes(b"")
    path.write_bytes(spoilt)
    with pytest.raises(InputError, match=f"Room {room.code} cannot be read"):
        store.room(room.code)


def test_a_file_says_no_more_than_a_room_has(store):
    room = started(store)
    assert room_of(bytes_of(room)) == room
    said = json.loads(bytes_of(room))
    said["room"]["more"] = 1
    from sim.rooms.room import _hash

    said["sha256"] = _hash(said["room"])
    with pytest.raises(ValueError, match="no usable more"):
        room_of(json.dumps(said).encode())


WRITER = """
import sys
from pathlib import Path
from sim.rooms import game as rules
from sim.rooms.store import Store
store, n = Store(Path(sys.argv[1])), 0
store._moves._most = 10**9
while True:
    n += 1
    store.update(sys.argv[2], "us", lambda game: rules.play(game, "us", "finance.us", 50.0 + n % 50 / 10))
    print(n, flush=True)
"""


def test_a_server_that_is_killed_between_any_two_writes_loses_at_most_the_last_move(tmp_path):
    store = Store(tmp_path)
    code = started(store).code
    with subprocess.Popen(
        [sys.executable, "-c", WRITER, str(tmp_path), code], stdout=subprocess.PIPE, text=True
    ) as writer:
        assert writer.stdout is not None
        assert writer.stdout.readline() == "1\n"
        time.sleep(0.013)
        os.kill(writer.pid, signal.SIGKILL)
        done = 1 + len([line for line in writer.stdout.read().splitlines() if line])
    room = Store(tmp_path).room(code)  # the lock of the dead is gone, the file is whole
    assert room.note == ""
    assert played(room)[0][2] in {50.0 + n % 50 / 10 for n in (done - 1, done, done + 1)}


class Killed(BaseException):
    """Ends the process, as far as the store can see."""


@pytest.mark.parametrize(("module", "function"), [(Path, "replace"), (os, "fsync")])
@pytest.mark.parametrize("at", [1, 2])
def test_a_kill_at_any_step_of_a_write_leaves_the_move_before_or_the_new_one(
    store, monkeypatch, module, function, at
):
    room = started(store)
    store.update(room.code, "us", lambda game: rules.play(game, "us", "finance.us", 50.0))
    calls, real = [], getattr(module, function)

    def killed(*args):
        calls.append(args)
        if len(calls) == at:
            raise Killed
        return real(*args)

    with monkeypatch.context() as patch:
        patch.setattr(module, function, killed)
        with pytest.raises(Killed):
            store.update(room.code, "us", lambda game: rules.play(game, "us", "finance.us", 60.0))
    found = Store(store.folder, store._clock).room(room.code)
    assert found.note == ""
    assert played(found)[0][2] in (50.0, 60.0)


def test_a_server_keeps_rooms_only_where_it_is_told_a_folder(tmp_path, monkeypatch):
    monkeypatch.delenv(FOLDER, raising=False)
    assert served() is None
    monkeypatch.setenv(FOLDER, str(tmp_path / "served"))
    assert served() is served()
    assert served().folder == tmp_path / "served"
    (tmp_path / "file").write_text("x", encoding="utf-8")
    with pytest.raises(InputError, match="cannot be written"):
        Store(tmp_path / "file")
