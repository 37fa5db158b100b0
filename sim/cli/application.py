"""The list of commands, their modules imported when one is called, and what a wrong call is told."""

from __future__ import annotations

import inspect
from importlib import import_module
from typing import Annotated, Any

import typer
from typer.core import TyperGroup
from typer.main import get_command

from sim._version import __version__
from sim.cli.shared import help_style
from sim.errors import did_you_mean

COMMANDS = {
    "run": "sim.cli.runs",
    "compare": "sim.cli.runs",
    "explain": "sim.cli.runs",
    "sweep": "sim.cli.sweeps",
    "analyze": "sim.cli.sweeps",
    "cheapest": "sim.cli.sweeps",
    "levers": "sim.cli.sweeps",
    "validate": "sim.cli.evidence",
    "calibrate": "sim.cli.evidence",
    "forecast": "sim.cli.evidence",
    "score": "sim.cli.evidence",
    "scenario": "sim.cli.scenario",
    "data": "sim.cli.reference",
    "plan": "sim.cli.reference",
    "verify": "sim.cli.runs",
    "report": "sim.cli.runs",
    "dashboard": "sim.cli.reference",
    "handouts": "sim.cli.rooms",
}
"""The module of each command, in the order of ``aiblocs --help``: its Typer application ``app`` holds the command, or is it."""


class Group(TyperGroup):
    """A group of commands that suggests the nearest one for an unknown word."""

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Return name, command and remaining arguments."""
        name = args[0]
        if not name.startswith("-") and self.get_command(ctx, name) is None:
            known = self.list_commands(ctx)
            hint = did_you_mean(name, known) or f"; commands: {', '.join(known)}"
            ctx.fail(f"there is no command {name!r}{hint}")
        return super().resolve_command(ctx, args)


class LazyGroup(Group):
    """The commands of `COMMANDS`, imported one by one as they are asked for."""

    def list_commands(self, ctx: Any) -> list[str]:
        """Return the names of all commands."""
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """Return a command, or None if there is none of that name."""
        if cmd_name not in COMMANDS:
            return None
        found: Any = get_command(import_module(COMMANDS[cmd_name]).app)
        command = found.commands.get(cmd_name, found)
        command.name = cmd_name
        for shown in (command, *getattr(command, "commands", {}).values()):
            shown.help = flowing(shown.help)
        return command


def flowing(text: str | None) -> str | None:
    """Return a help text with each paragraph on one line: a page of help breaks lines where the terminal does."""
    if text is None:
        return None
    return "\n\n".join(" ".join(part.split()) for part in inspect.cleandoc(text).split("\n\n"))


app = typer.Typer(
    cls=LazyGroup,
    add_completion=False,
    rich_markup_mode=help_style(),
    pretty_exceptions_enable=False,
    help="Which of the world's states align with a US-led or a China-led AI bloc, with both or with neither: "
    "a simulator of every state, from open data.",
    epilog="Start with: aiblocs run baseline",
)


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"aiblocs {__version__}")
        raise typer.Exit


@app.callback()
def options(
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """Options that stand before a command."""


def usage_text(error: typer.TyperException) -> str:
    """Return what is wrong with a call, on one line: the command, the mistake, the nearest option."""
    context: Any = getattr(error, "ctx", None)
    place = "aiblocs" if context is None else context.command_path
    option = getattr(error, "option_name", None)
    if option is not None and context is not None and hasattr(error, "possibilities"):
        known = [name for parameter in context.command.get_params(context) for name in parameter.opts]
        options = [name for name in known if name.startswith("--")]
        return (
            f"{place}: there is no option {option}{did_you_mean(option, options) or f'; see {place} --help'}"
        )
    message = " ".join(error.format_message().split()).removesuffix(".")
    return f"{place}: {message[:1].lower()}{message[1:]}; see {place} --help"
