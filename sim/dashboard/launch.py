"""Start the page: settings that keep it offline and small, a free port, this machine only by default."""

from __future__ import annotations

import ipaddress
import os
import secrets
import socket
import sys
import threading
import warnings
import webbrowser
from collections.abc import Callable
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from sim.errors import InputError

if TYPE_CHECKING:
    import uvicorn

APP = "sim.dashboard.app"
SERVER = secrets.token_hex(8)
"""Told with every answer, so that a page that was cut off knows whether this is the server of its session."""
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


def is_loopback(host: str) -> bool:
    """Return whether only this machine can reach ``host``."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


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


def same_site_only(app: Any, host: str, port: int) -> Any:
    """Wrap an ASGI app so that other web sites open in the same browser cannot talk to it.

    On loopback the ``Host`` header must name this machine; everywhere an ``Origin``, where the browser sends
    one, must be the host that is asked.
    """
    names = {host, "127.0.0.1", "localhost", "[::1]"}
    allowed = {f"{name}:{port}" for name in names} if is_loopback(host) else None

    async def guarded(scope: dict[str, Any], receive: Any, send: Any) -> None:
        async def named(message: dict[str, Any]) -> None:
            if message["type"] == "http.response.start":
                headers = [*message.get("headers", ()), (b"aiblocs-server", SERVER.encode())]
                message = {**message, "headers": headers}
            await send(message)

        if scope["type"] in {"http", "websocket"} and not _friendly(dict(scope["headers"]), allowed):
            await _refuse(scope["type"], send)
            return
        await app(scope, receive, named if scope["type"] == "http" else send)

    return guarded


def _friendly(headers: dict[bytes, bytes], allowed: set[str] | None) -> bool:
    host = headers.get(b"host", b"").decode("latin-1")
    origin = headers.get(b"origin")
    if allowed is not None and host not in allowed:
        return False
    return origin is None or urlsplit(origin.decode("latin-1")).netloc == host


async def _refuse(kind: str, send: Any) -> None:
    if kind == "websocket":
        await send({"type": "websocket.close", "code": 1008})
        return
    plain = [(b"content-type", b"text/plain")]
    await send({"type": "http.response.start", "status": 403, "headers": plain})
    await send({"type": "http.response.body", "body": b"This address is not served here."})


def serve(
    host: str = "127.0.0.1",
    port: int = 8765,
    open_browser: bool = True,
    *,
    app: str = APP,
    say: Callable[[str], object] = sys.stderr.write,
) -> None:
    """Serve the page until interrupted.

    Parameters
    ----------
    host, port : where to listen; port 0 takes any free one
    open_browser : show the page once it is ready
    app : module or file with the Solara ``Page``
    say : takes each line for the user

    Raises
    ------
    InputError
        If the port cannot be had, or the packages of the page are not installed.
    """
    if find_spec("solara") is None or find_spec("anywidget") is None:
        raise InputError("the page needs more packages; install them with: pip install 'aiblocs[dashboard]'")
    bound = open_socket(host, port)
    try:
        port = bound.getsockname()[1]
        shown = f"[{host}]" if ":" in host else host
        url = f"http://{'127.0.0.1' if host in {'0.0.0.0', '::'} else shown}:{port}"
        if not is_loopback(host):
            say(f"Warning: every user who can reach this machine under {host} can use the page.\n")
        warnings.filterwarnings("ignore", message="Cookies with samesite=none")  # said once per visitor
        prepare_environment()
        os.environ["SOLARA_APP"] = app
        server = _server(host, port)
        ready = threading.Thread(target=_announce, args=(server, url, open_browser, say), daemon=True)
        ready.start()
        server.run(sockets=[bound])
    except KeyboardInterrupt:
        say("Stopped.\n")
    finally:
        bound.close()


def _server(host: str, port: int) -> uvicorn.Server:
    import uvicorn
    from solara.server.starlette import app

    config = uvicorn.Config(
        same_site_only(app, host, port),
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
