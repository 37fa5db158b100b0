"""Starting the page: its port, its settings, and who may talk to it."""

import os
import re
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from patience import PATIENCE
from typer.testing import CliRunner

from sim.cli import reference
from sim.dashboard import launch
from sim.dashboard.gate import Gate, checked_name, checked_root, is_loopback
from sim.errors import InputError

PAGE = str(Path(__file__).with_name("widget_page.py"))


def test_busy_port_is_named_with_a_way_out():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(InputError, match=rf"127\.0\.0\.1 port {port} .*--port"):
            launch.open_socket("127.0.0.1", port)


@pytest.mark.parametrize(
    ("host", "port", "part"), [("127.0.0.1", 70000, "port 70000"), ("192.0.2.1", 0, "192.0.2.1")]
)
def test_impossible_addresses_are_refused(host, port, part):
    with pytest.raises(InputError, match=part):
        launch.open_socket(host, port)


def test_a_free_port_is_bound():
    with launch.open_socket("127.0.0.1", 0) as bound:
        assert bound.getsockname()[1] > 0


@pytest.mark.parametrize(
    ("host", "loopback"),
    [
        *((host, True) for host in ("127.0.0.1", "localhost", "::1", "127.9.9.9")),
        *((host, False) for host in ("0.0.0.0", "::", "10.1.2.3", "example.org")),
    ],
)
def test_loopback(host, loopback):
    assert is_loopback(host) is loopback


def test_environment_is_set_before_solara_and_keeps_choices(monkeypatch):
    for name in (*launch.FIXED, *launch.DEFAULTS, "SOLARA_SESSION_SECRET_KEY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.delitem(sys.modules, "solara.server.settings", raising=False)
    monkeypatch.setenv("VIRTUAL_ENV", "/somewhere/else")
    monkeypatch.setenv("SOLARA_TELEMETRY_MIXPANEL_ENABLE", "True")
    monkeypatch.setenv("SOLARA_KERNEL_CULL_TIMEOUT", "1h")
    launch.prepare_environment()
    assert "VIRTUAL_ENV" not in os.environ
    assert os.environ["SOLARA_TELEMETRY_MIXPANEL_ENABLE"] == "False"
    assert os.environ["SOLARA_KERNEL_CULL_TIMEOUT"] == "1h"
    assert len(os.environ["SOLARA_SESSION_SECRET_KEY"]) >= 32


def test_too_late_is_an_error(monkeypatch):
    monkeypatch.setitem(sys.modules, "solara.server.settings", object())
    with pytest.raises(RuntimeError, match=r"before solara\.server is imported"):
        launch.prepare_environment()


def ask(app, kind, headers, path="/"):
    """Return what an ASGI app sends."""
    sent = []

    async def send(message):
        sent.append(message)

    scope = {"type": kind, "path": path, "query_string": b"seed=3"}
    scope["headers"] = [(k.encode(), v.encode()) for k, v in headers.items()]
    with pytest.raises(StopIteration):  # nothing here waits, so the first step is the last
        app(scope, None, send).send(None)
    return sent


@pytest.mark.parametrize(
    ("headers", "passes"),
    [
        ({"host": "127.0.0.1:8765"}, True),
        ({"host": "localhost:8765", "origin": "http://localhost:8765"}, True),
        ({"host": "evil.example:8765"}, False),  # a name of the attacker that points here
        ({"host": "127.0.0.1:8765", "origin": "http://evil.example"}, False),
        ({"host": "127.0.0.1:8765", "origin": "null"}, False),
        ({"host": "127.0.0.1:9999"}, False),
        ({}, False),
    ],
)
@pytest.mark.parametrize("kind", ["http", "websocket"])
def test_other_sites_cannot_talk_to_a_local_page(headers, passes, kind):
    async def app(scope, receive, send):
        await send({"type": "passed"})

    sent = ask(Gate(app, "127.0.0.1", 8765), kind, headers)
    assert (sent[0]["type"] == "passed") is passes
    if not passes:
        assert sent[0].get("status", sent[0].get("code")) in {403, 1008}


@pytest.mark.parametrize(
    ("allowed", "headers", "passes"),
    [
        (["localhost:9000"], {"host": "localhost:9000"}, True),  # an ssh tunnel from another port
        (["localhost:9000"], {"host": "localhost:9001"}, False),
        (["ministry.example"], {"host": "ministry.example:8080"}, True),
        (["ministry.example"], {"host": "Ministry.Example", "origin": "https://ministry.example"}, True),
        (["ministry.example"], {"host": "127.0.0.1:8765", "origin": "https://ministry.example"}, True),
        (["ministry.example"], {"host": "127.0.0.1:8765", "origin": "https://evil.example"}, False),
        (["ministry.example"], {"host": "evil.ministry.example"}, False),
        (["ministry.example"], {"host": "evil.example:8765"}, False),
    ],
)
@pytest.mark.parametrize("kind", ["http", "websocket"])
def test_names_that_were_allowed_pass_and_no_others(allowed, headers, passes, kind):
    async def app(scope, receive, send):
        await send({"type": "passed"})

    sent = ask(Gate(app, "127.0.0.1", 8765, allowed), kind, headers)
    assert (sent[0]["type"] == "passed") is passes


def test_a_refusal_names_the_option_that_allows_it():
    sent = ask(Gate(None, "127.0.0.1", 8811), "http", {"host": "localhost:9000"})
    text = sent[1]["body"].decode()
    assert "aiblocs dashboard --allow-host localhost:9000" in text
    assert "127.0.0.1:8811" in text


@pytest.mark.parametrize(
    ("path", "inner"),
    [("/x/y/", "/"), ("/x/y/static/a.js", "/static/a.js"), ("/", "/"), ("/x/yes", "/x/yes")],
)
def test_the_path_of_a_proxy_is_taken_off_where_it_left_it(path, inner):
    async def app(scope, receive, send):
        await send({"type": "passed", "path": scope["path"]})

    sent = ask(Gate(app, "127.0.0.1", 8765, root="/x/y"), "http", {"host": "127.0.0.1:8765"}, path)
    assert sent == [{"type": "passed", "path": inner}]


def test_a_path_without_its_slash_leads_to_the_page():
    sent = ask(Gate(None, "127.0.0.1", 8765, root="/x/y"), "http", {"host": "127.0.0.1:8765"}, "/x/y")
    assert (sent[0]["status"], sent[0]["headers"]) == (307, [(b"location", b"/x/y/?seed=3")])


@pytest.mark.parametrize(
    ("check", "text", "part"),
    [
        (checked_name, "http://localhost:9000", "between // and the next /"),
        (checked_name, "a b", "is not the name of a host"),
        (checked_root, "x/y", "write it as /x/y"),
        (checked_root, "/x?y", "is not a path"),
    ],
)
def test_names_and_paths_that_are_none_are_refused(check, text, part):
    with pytest.raises(InputError, match=re.escape(part)):
        check(text)
    assert checked_root("/x/y/") == "/x/y"
    assert checked_name("[::1]:9000") == "[::1]:9000"


def test_a_public_page_answers_to_any_name_but_not_to_other_origins():
    async def app(scope, receive, send):
        await send({"type": "passed"})

    guarded = Gate(app, "0.0.0.0", 8765)
    assert ask(guarded, "http", {"host": "ministry.example"})[0]["type"] == "passed"
    refused = ask(guarded, "websocket", {"host": "ministry.example", "origin": "http://evil.example"})
    assert refused == [{"type": "websocket.close", "code": 1008}]


def test_missing_packages_are_named(monkeypatch):
    monkeypatch.setattr(launch, "find_spec", lambda name: None)
    with pytest.raises(InputError, match=r"pip install 'aiblocs\[dashboard\]'"):
        launch.serve(port=0, open_browser=False)


def test_served_page_answers_refuses_strangers_and_stops(serve_page):
    server = serve_page(PAGE)
    with urllib.request.urlopen(server.url) as answer:
        text = answer.read().decode()
        assert answer.status == 200
    assert "font-awesome" not in text
    with urllib.request.urlopen(f"{server.url}/static/assets/custom.js") as answer:
        assert "ANYWIDGET_PATIENCE" in answer.read().decode()
    assert re.findall(r'<(?:script|link|img)[^>]*"((?:https?:)?//[^"]*)"', text) == []
    stranger = urllib.request.Request(server.url, headers={"Host": "evil.example"})
    with pytest.raises(urllib.error.HTTPError, match="403"):
        urllib.request.urlopen(stranger)


def test_the_time_that_a_widget_has_to_start_is_the_one_that_the_page_lengthens():
    import anywidget

    theirs = Path(anywidget.__file__).parent.joinpath("nbextension", "index.js").read_text(encoding="utf-8")
    ours = Path(launch.__file__).parent.joinpath("assets", "custom.js").read_text(encoding="utf-8")
    assert "AbortSignal.timeout(2e3)" in theirs
    assert "ANYWIDGET_PATIENCE = 2_000" in ours


def test_ctrl_c_stops_the_server_without_a_traceback(serve_page, tmp_path):
    server = type(serve_page(PAGE))(PAGE, tmp_path)
    urllib.request.urlopen(server.url).close()
    server.process.send_signal(signal.SIGINT)
    assert server.process.wait(PATIENCE) == 0
    server.stop()
    assert server.lines[-1] == "Stopped."
    assert not any("Traceback" in line for line in server.lines)


def test_a_host_that_others_can_reach_is_warned_about(monkeypatch):
    class Server:
        started = False
        should_exit = True

        def run(self, sockets):
            assert sockets

    said = []
    monkeypatch.setattr(launch, "prepare_environment", lambda: None)
    monkeypatch.setattr(launch, "_server", lambda *where: Server())
    monkeypatch.setenv("SOLARA_APP", "")
    launch.serve("0.0.0.0", 0, open_browser=False, say=said.append)
    assert said[0] == "Warning: every user who can reach this machine under 0.0.0.0 can use the page.\n"
    assert said[1].startswith("Starting the page")
    launch.serve("127.0.0.1", 0, open_browser=False, say=said.append)
    assert said[2:] == said[1:2]


def test_the_command_says_where_rooms_are_kept(monkeypatch):
    served = []
    monkeypatch.setattr(launch, "serve", lambda *args, **given: served.append(given["rooms"]))
    for words in ([], ["--rooms"], ["--rooms-dir", "mine"]):
        assert CliRunner().invoke(reference.app, ["dashboard", *words]).exit_code == 0
    assert served == [None, Path("results/rooms"), Path("mine")]


def test_the_page_is_told_its_rooms_and_who_opens_them_to_others_what_locks_them(monkeypatch, tmp_path):
    class Server:
        started = False
        should_exit = True

        def run(self, sockets):
            kept.append(os.environ.get("AIBLOCS_ROOMS"))

    kept, said = [], []
    monkeypatch.setattr(launch, "prepare_environment", lambda: None)
    monkeypatch.setattr(launch, "_server", lambda *where: Server())
    monkeypatch.setenv("SOLARA_APP", "")
    monkeypatch.setenv("AIBLOCS_ROOMS", "left from before")
    launch.serve(port=0, open_browser=False, say=said.append)
    assert said[0].startswith("Starting")
    launch.serve("0.0.0.0", 0, open_browser=False, rooms=tmp_path / "rooms", say=said.append)
    assert said[2] == (
        "Warning: the links of a room are its only lock there; unencrypted, others on the way can read them.\n"
    )
    assert kept == [None, str(tmp_path / "rooms")]
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(InputError, match="file: cannot be written"):
        launch.serve(port=0, open_browser=False, rooms=tmp_path / "file", say=said.append)


def test_the_page_starts_without_what_only_some_of_its_tabs_need():
    heavy = ("mesa", "scipy.stats", "matplotlib", "pandas")
    script = (
        f"import sys, sim.dashboard.page.layout; print([name for name in {heavy} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
