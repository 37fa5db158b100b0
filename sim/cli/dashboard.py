"""``aiblocs dashboard``: the web page."""

from __future__ import annotations

from typing import Annotated

import typer

app = typer.Typer(add_completion=False)


@app.command()
def dashboard(
    host: Annotated[str, typer.Option(help="Where to listen; 127.0.0.1 = this machine only.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port; 0 takes any free one.", metavar="N")] = 8765,
    browser: Annotated[bool, typer.Option(help="Open the page in the browser.")] = True,
) -> None:
    """Open the page: move a lever, watch the world realign, ask why. Works offline; Ctrl+C stops it."""
    from sim.dashboard.launch import serve

    serve(host, port, browser)
