"""Start the page: settings that keep it offline and small, a free port, this machine only by default."""

from __future__ import annotations

import os
import secrets
import socket
import sys
import threading
import warnings
import webbrowser
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from sim.dashboard.gate import Gate, checked_name, checked_root, is_loopback
from sim.dashboard.questions.library import add_questions
from sim.errors import InputError

if TYPE_CHECKING:
    import uvicorn

APP = "sim.dashboard.app"
LARGEST_MESSAGE = 2_000_000
"""Bytes of one message from the browser; a scenario file has a few thousand."""

# Read by Solara when it is first imported. No stray variable of the environment may change these: otherwise
# each makes the server or the page call out to the internet, or shows development tools.
FIXED = {
    "SOLARA_MODE": "production",
    "SOLARA_TELEMETRY_MIXPANEL_ENABLE": "False",
    "SOLARA_ASSETS_PROXY": "True",
    "SOLARA_ASSETS_CDN": "http://127.0.0.1:9/",
    "SOLARA_ASSETS_EXTRA_LOCATIONS": "sim.dashboard.assets",
    "SOLARA_ASSETS_FONTAWESOME_ENABLED": "False",
    "SOLARA_THEME_SHOW_BANNER": "False",
    "SOLARA_THEME_FORCE_REFRESH": "True",  # the address holds the state: a lost session is opened again from it
    "REACTON_FAST": "1",  # parts of the page that did not change are not walked through again
}
# Defaults that the environment of the server may replace.
DEFAULTS = {
    "SOLARA_THEME_TITLE": "AI blocs",
    "SOLARA_KERNEL_CULL_TIMEOUT": "10m",
    "SOLARA_KERNEL_MAX_PER_SESSION": "12",
    "SOLARA_SESSION_HTTP_ONLY": "True",
    "OPENBLAS_NUM_THREADS": "1",
}


def prepare_environment() -> None:
    """Set the environment that Solara reads when it is imported.

    Raises
    ------
    RuntimeError
        If the Solara server is already imported, since it would not see the settings.
    """
    if "solara.server.settings" in sys.modules:
        raise RuntimeError("the page must be started before solara.server is imported")
    os.environ.update(FIXED)
    for name, value in DEFAULTS.items():
        os.environ.setdefault(name, value)
    os.environ.setdefault("SOLARA_SESSION_SECRET_KEY", secrets.token_hex(32))
    # IPython would add the packages of an activated environment that is not the one running
    os.environ.pop("VIRTUAL_ENV", None)


def open_socket(host: str, port: int) -> socket.socket:
    """Return a socket bound to ``host`` and ``port`` (0 = any free one).

    Raises
    ------
    InputError
        If the address is in use or not of this machine, or the port is out of range.
    """
    if not 0 <= port <= 65535:
        raise InputError(f"port {port} does not exist; choose one between 1024 and 65535")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    bound = socket.socket(family, socket.SOCK_STREAM)
    try:
        if os.name == "posix":  # elsewhere this would let two servers share the port
            bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind((host, port))
    except OSError as error:
        bound.close()
        reason = error.strerror or str(error)
        raise InputError(
            f"cannot listen on {host} port {port} ({reason}); stop what uses it or choose another with --port"
        ) from error
    return bound


def serve(
    host: str = "127.0.0.1",
    port: int = 8765,
    open_browser: bool = True,
    *,
    allow_hosts: Sequence[str] = (),
    root_path: str = "",
    rooms: Path | str | None = None,
    questions: Path | None = None,
    app: str = APP,
    say: Callable[[str], object] = sys.stderr.write,
) -> None:
    """Serve the page until interrupted.

    Parameters
    ----------
    host, port : where to listen; port 0 takes any free one
    open_browser : show the page once it is ready
    allow_hosts : further names under which a tunnel or a proxy reaches the page, ``name`` or ``name:port``
    root_path : path under which a proxy serves it, as ``/x/y``
    rooms : folder that keeps the rooms of games; None = no rooms
    questions : TOML file of guided questions that are added to those of the page
    app : module or file with the Solara ``Page``
    say : takes each line for the user

    Raises
    ------
    InputError
        If the port cannot be had, a name or path is none, the folder of the rooms cannot be written, the packages of the page
        are not installed, or a question of the file cannot be asked.
    """
    allowed, root = [checked_name(name) for name in allow_hosts], checked_root(root_path)
    if find_spec("solara") is None or find_spec("anywidget") is None:
        raise InputError("the page needs more packages; install them with: pip install 'aiblocs[dashboard]'")
    if questions is not None:
        add_questions(questions)
    bound = open_socket(host, port)
    try:
        port = bound.getsockname()[1]
        shown = f"[{host}]" if ":" in host else host
        url = f"http://{'127.0.0.1' if host in {'0.0.0.0', '::'} else shown}:{port}"
        if not is_loopback(host):
            say(f"Warning: every user who can reach this machine under {host} can use the page.\n")
            if rooms is not None:
                say(
                    "Warning: the links of a room are its only lock there; unencrypted, others on the way can read them.\n"
                )
        say("Starting the page; this may take half a minute the first time.\n")
        warnings.filterwarnings("ignore", message="Cookies with samesite=none")  # said once per visitor
        prepare_environment()
        os.environ["SOLARA_APP"] = app
        _keep_rooms(rooms)
        if root:
            os.environ |= {"SOLARA_ROOT_PATH": root, "SOLARA_BASE_URL": f"{url}{root}/"}
        server = _server(host, port, allowed, root)
        ready = threading.Thread(target=_announce, args=(server, url, open_browser, say), daemon=True)
        ready.start()
        server.run(sockets=[bound])
    except KeyboardInterrupt:
        say("Stopped.\n")
    finally:
        bound.close()


def _keep_rooms(folder: Path | str | None) -> None:
    """Tell the page where rooms are kept, in the environment, or that none are. Raises InputError if they cannot be."""
    from sim.rooms.store import FOLDER, Store  # reads what was set in the environment

    os.environ.pop(FOLDER, None)
    if folder is not None:
        place = Path(folder).absolute()
        Store(place)
        os.environ[FOLDER] = str(place)


def _server(host: str, port: int, allowed: Sequence[str], root: str) -> uvicorn.Server:
    import uvicorn
    from solara.server.starlette import app

    config = uvicorn.Config(
        Gate(app, host, port, allowed, root),
        log_level="warning",
        ws_max_size=LARGEST_MESSAGE,
        timeout_graceful_shutdown=2,
        lifespan="on",
    )
    return uvicorn.Server(config)


def _announce(server: uvicorn.Server, url: str, open_browser: bool, say: Callable[[str], object]) -> None:
    """Tell the address once the server answers."""
    pause = threading.Event()
    while not server.started:
        if server.should_exit:
            return
        pause.wait(0.05)
    say(f"The page is at {url} (Ctrl+C stops it).\n")
    if open_browser:
        webbrowser.open(url)
