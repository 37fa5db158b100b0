"""Who may talk to the page, under which names and under which path: an ASGI app around that of the framework."""

from __future__ import annotations

import ipaddress
import re
import secrets
from collections.abc import Awaitable, Callable, Collection
from typing import Any
from urllib.parse import urlsplit

from sim.errors import InputError

SERVER = secrets.token_hex(8)
"""Told with every answer, so that a page that was cut off knows whether this is the server of its session."""

CALLER = "aiblocs-caller"
"""Header in which the page is told who asks: the address of the network that the request came from."""

_NAME = re.compile(r"(?P<name>\[[0-9a-f:.]+\]|[a-z0-9._-]+)(?::(?P<port>\d{1,5}))?", re.IGNORECASE)
_ROOT = re.compile(r"(/[A-Za-z0-9._~-]+)+")

Scope = dict[str, Any]
Send = Callable[[Scope], Awaitable[None]]


def is_loopback(host: str) -> bool:
    """Return whether only this machine can reach ``host``."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def checked_name(text: str) -> str:
    """Return a name under which the page is reached, ``name`` or ``name:port``, as it was typed.

    Raises
    ------
    InputError
        If it is a whole address, or no name.
    """
    if _NAME.fullmatch(text):
        return text.lower()
    raise InputError(
        f"--allow-host {text} is not the name of a host; write the part of the address between // and the next /, "
        "as localhost:9000 or ministry.example"
    )


def checked_root(text: str) -> str:
    """Return a path under which a proxy serves the page, without the slash at its end; "" = at the top.

    Raises
    ------
    InputError
        If it does not start with a slash or holds letters that a path may not hold.
    """
    path = text.rstrip("/")
    if path and not _ROOT.fullmatch(path):
        raise InputError(
            f"--root-path {text} is not a path; write it as /x/y, with letters, digits, . _ ~ and -"
        )
    return path


class Gate:
    """An ASGI app so that other web sites open in the same browser cannot talk to the page.

    On loopback the ``Host`` header must name this machine or a name that was allowed; everywhere an ``Origin``,
    where the browser sends one, must be the host that is asked, or an allowed name.

    Attributes
    ----------
    app : the page's own ASGI app
    host, port : where it listens
    allowed : further names, ``name`` (with any port) or ``name:port``
    root : path that a proxy puts before those of the page; it is taken off where the proxy left it
    """

    def __init__(self, app: Any, host: str, port: int, allowed: Collection[str] = (), root: str = "") -> None:
        self.app, self.root, self.allowed = app, root, frozenset(allowed)
        names = {host, "127.0.0.1", "localhost", "[::1]"}
        self.own = {f"{name}:{port}" for name in names} if is_loopback(host) else None

    async def __call__(self, scope: Scope, receive: Any, send: Send) -> None:
        """Answer one request."""
        if scope["type"] not in {"http", "websocket"}:
            await self.app(scope, receive, send)
            return
        if problem := self.problem(dict(scope["headers"])):
            await _refuse(scope["type"], problem, send)
            return
        if scope["type"] == "websocket":
            await self.app(_with_caller(self._inside(scope)), receive, send)
            return
        if self.root and scope["path"] == self.root:
            await _redirect(f"{self.root}/", scope.get("query_string", b""), send)
            return

        async def named(message: Scope) -> None:
            if message["type"] == "http.response.start":
                headers = [*message.get("headers", ()), (b"aiblocs-server", SERVER.encode())]
                message = {**message, "headers": headers}
            await send(message)

        await self.app(self._inside(scope), receive, named)

    def _inside(self, scope: Scope) -> Scope:
        path = scope.get("path", "")
        if not self.root or not path.startswith(f"{self.root}/"):
            return scope
        inner = path.removeprefix(self.root)
        return {**scope, "path": inner, "raw_path": inner.encode()}

    def problem(self, headers: dict[bytes, bytes]) -> str:
        """Return why a request with these headers is refused, or ""."""
        host = headers.get(b"host", b"").decode("latin-1").lower()
        origin = headers.get(b"origin")
        if self.own is not None and host not in self.own and not self._knows(host):
            return (
                f"The page was asked for under the name {host or '(none)'}, which is not one of its own: "
                f"{', '.join(sorted({*self.own, *self.allowed}))}.\n"
                f"If a tunnel or a proxy of yours asks, start it with: aiblocs dashboard --allow-host {host or 'NAME'}\n"
            )
        if origin is None:
            return ""
        netloc = urlsplit(origin.decode("latin-1")).netloc.lower()
        if netloc == host or (netloc and self._knows(netloc)):
            return ""
        return (
            f"Another site ({netloc or 'unknown'}) asked for the page of {host}.\n"
            f"If this is a proxy of yours, start it with: aiblocs dashboard --allow-host {netloc or 'NAME'}\n"
        )

    def _knows(self, host: str) -> bool:
        found = _NAME.fullmatch(host)
        return host in self.allowed or (found is not None and found["name"] in self.allowed)


def _with_caller(scope: Scope) -> Scope:
    """Return a request that says who asks, whatever it said of that itself."""
    name = CALLER.encode()
    said = [(key, value) for key, value in scope["headers"] if key.lower() != name]
    host = (scope.get("client") or ("unknown",))[0]
    return {**scope, "headers": [*said, (name, str(host).encode())]}


async def _refuse(kind: str, problem: str, send: Send) -> None:
    if kind == "websocket":
        await send({"type": "websocket.close", "code": 1008})
        return
    plain = [(b"content-type", b"text/plain; charset=utf-8")]
    await send({"type": "http.response.start", "status": 403, "headers": plain})
    await send({"type": "http.response.body", "body": problem.encode()})


async def _redirect(path: str, query: bytes, send: Send) -> None:
    target = path.encode() + (b"?" + query if query else b"")
    await send({"type": "http.response.start", "status": 307, "headers": [(b"location", target)]})
    await send({"type": "http.response.body", "body": b""})
