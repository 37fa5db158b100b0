"""Write the generated parts of the documentation anew, from the code and the data.

    python docs/build.py            write them
    python docs/build.py --check    say what has drifted, and fail

A page marks a generated part with ``<!-- generated: NAME -->`` and ``<!-- end -->``; NAME is a key of `PARTS`.
"""

from __future__ import annotations

import ast
import inspect
import json
import re
import sys
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

DOCS = Path(__file__).resolve().parent
sys.path[:0] = [str(DOCS), str(DOCS.parent)]

import changes  # noqa: E402
import countries  # noqa: E402
import plain_words  # noqa: E402
import rooms  # noqa: E402
from glossary_links import linked  # noqa: E402

import sim.theory  # noqa: E402
from sim.calibration.dates import CUTOFF  # noqa: E402
from sim.calibration.drawn import DRAWN  # noqa: E402
from sim.cli.application import COMMANDS  # noqa: E402
from sim.evidence.board import score_board  # noqa: E402
from sim.inputs.drawn import parameter_of  # noqa: E402
from sim.labels.glossary import terms as glossary_terms  # noqa: E402
from sim.registry.columns import registry  # noqa: E402
from sim.registry.table import parameter_table  # noqa: E402
from sim.registry.terms import TERMS  # noqa: E402
from sim.report.levers import cards_markdown, levers_markdown  # noqa: E402
from sim.report.lists import plan_table  # noqa: E402
from sim.report.markdown import markdown  # noqa: E402
from sim.report.moved import moved_markdown  # noqa: E402
from sim.report.scoreboard import scoreboard_markdown  # noqa: E402
from sim.rooms.sheet import handout_document  # noqa: E402
from sim.rooms.state import Setup  # noqa: E402
from sim.scenario.library import library  # noqa: E402
from sim.scenario.loader import load  # noqa: E402
from sim.sensitivity.lever_effects import LeverTable  # noqa: E402
from sim.world import describe_columns, load_world  # noqa: E402

PICTURE = DOCS / "images" / "rooms.svg"
LEVERS = DOCS / "levers.json"
_PART = re.compile(r"(<!-- generated: ([a-z-]+) -->\n).*?(<!-- end -->)", re.DOTALL)


def table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table in Markdown."""
    lines = [headings, ["---"] * len(headings), *rows]
    cells = (" | ".join(str(cell).replace("|", "\\|").replace("\n", " ") for cell in line) for line in lines)
    return "".join(f"| {line} |\n" for line in cells)


def step_plan() -> str:
    """Return what happens in a quarter, as the command prints it."""
    plan = plan_table()
    return table(plan.headings, plan.rows)


def terms() -> str:
    """Return the terms of the utility with their weights, from the registry."""
    known = {parameter.name: parameter for parameter in registry()}
    rows = []
    for term in TERMS:
        parameter = known[f"blocs.us.coefficients.{term.name}"]
        rows.append((f"`{term.name}`", f"`{parameter.symbol}`", term.text, term.unit))
    return table(("Term", "Weight", "Meaning", "Unit of the weight"), rows)


def equations() -> str:
    """Return every function of the equations with what it computes, from their docstrings."""
    rows = []
    for info in sorted(iter_modules(sim.theory.__path__), key=lambda module: module.name):
        if info.name.startswith("_"):
            continue
        name = f"sim.theory.{info.name}"
        source = Path(inspect.getfile(import_module(name)))
        for node in ast.parse(source.read_text(encoding="utf-8")).body:
            words = ast.get_docstring(node) if isinstance(node, ast.FunctionDef) else None
            if words and not node.name.startswith("_"):  # type: ignore[attr-defined]
                rows.append((f"`{name}.{node.name}`", words.partition("\n\n")[0]))  # type: ignore[attr-defined]
    return table(("Function", "What it computes"), rows)


def data() -> str:
    """Return the columns of the world with their sources, from the tables themselves."""
    rows = []
    for column in describe_columns(load_world()):
        filled = column.counts.get("imputed", 0) + column.counts.get("default", 0)
        years = "" if column.years is None else "–".join(str(year) for year in dict.fromkeys(column.years))
        rows.append((f"`{column.column}`", column.description, column.unit, ", ".join(column.publishers), years,
                     str(filled), column.missing))  # fmt: skip
    return table(("Column", "Meaning", "Unit", "Publisher", "Years", "Filled in", "Rule for gaps"), rows)


def size() -> str:
    """Return how large the world and the baseline are, and when the estimates stop looking."""
    world, scenario = load_world(), load("baseline").scenario
    return (
        f"{len(world.iso3)} countries, {len(scenario.blocs)} blocs, {scenario.horizon.start} to {scenario.horizon.end}; "
        f"estimates use nothing dated after {CUTOFF.isoformat()}; {100 * world.imputed_share():.1f} % of the numbers on "
        "countries are filled in.\n"
    )


def scenarios() -> str:
    """Return the library with the question each scenario is about."""
    rows = [(f"`{name}`", load(name).scenario.question, load(name).scenario.look_at) for name in library()]
    return table(("Scenario", "Question", "Look at"), rows)


def commands() -> str:
    """Return the commands with what each does."""
    rows = []
    for name, module in COMMANDS.items():
        words = (import_module(module).__doc__ or "").partition("\n")[0]
        rows.append((f"`aiblocs {name}`", words.partition(": ")[2].rstrip(".")))
    return table(("Command", "What it does"), rows)


def country_paths() -> str:
    """Return where the countries that are read stand under the baseline, by year."""
    return table(*countries.paths(countries.baseline()))


def country_reasons() -> str:
    """Return the acts of the countries that are read, and what pulls them."""
    return table(*countries.reasons(countries.baseline()))


def departures() -> str:
    """Return who leaves a bloc most often under the baseline."""
    return countries.departures(countries.baseline())


def levers() -> str:
    """Return what moves the baseline, as the last `aiblocs levers baseline --json > docs/levers.json` found it."""
    return levers_markdown(LeverTable.of_dict(json.loads(LEVERS.read_text(encoding="utf-8"))))


def lever_cards() -> str:
    """Return the card of evidence of every lever of the baseline, effects as in `docs/levers.json`."""
    table_of_levers = LeverTable.of_dict(json.loads(LEVERS.read_text(encoding="utf-8")))
    return cards_markdown(table_of_levers, load("baseline").scenario)


def moved() -> str:
    """Return what moved the baseline since last time, as the last `python docs/changes.py` found it."""
    return moved_markdown(changes.editions())


def glossary() -> str:
    """Return the words of the project, from `sim/labels/glossary.toml`."""
    return "\n".join(f"### {term.name}\n\n{term.meaning} *{term.example}*\n" for term in glossary_terms())


def weights() -> str:
    """Return the numbers that every run draws although no list tells them: distribution, what it rests on, grade."""
    rows = [
        (f"`{name}`", str(parameter_of(name).prior), one.source, one.grade) for name, one in DRAWN.items()
    ]
    return table(("Number", "Distribution", "Rests on", "Grade"), rows)


def scoreboard() -> str:
    """Return the scores of every frozen register on the project's own outcomes."""
    return scoreboard_markdown(score_board())


def packages() -> str:
    """Return the packages in the order of imports with the purpose of each."""
    rows = [
        (layer, f"`{rooms.location(package)}`", rooms.purpose(package))
        for layer, members in rooms.LAYERS.items()
        for package in members
    ]
    return table(("Layer", "Package", "What it is for"), rows)


def handout(role: str) -> str:
    """Return what a role of a room reads before the game: the baseline, Africa deciding by hand."""
    return markdown(handout_document(Setup(states="region:Africa"), role), "../images")


PARTS: dict[str, Callable[[], str]] = {
    "commands": commands,
    "country-paths": country_paths,
    "country-reasons": country_reasons,
    "data": data,
    "departures": departures,
    "equations": equations,
    "evidence": plain_words.evidence,
    "glossary": glossary,
    **{f"handout-{role}": partial(handout, role) for role in ("china", "facilitator", "states", "us")},
    "lever-cards": lever_cards,
    "levers": levers,
    "moved": moved,
    "packages": packages,
    "parameters": parameter_table,
    "scenarios": scenarios,
    "scoreboard": scoreboard,
    "size": size,
    "step-plan": step_plan,
    "terms": terms,
    "weights": weights,
    "what-moves": plain_words.what_moves,
}


def filled(text: str) -> str:
    """Return a page with its generated parts written anew; a part that nobody knows is a mistake."""
    return _PART.sub(lambda found: f"{found[1]}{PARTS[found[2]]()}{found[3]}", text)


def wanted() -> dict[Path, str]:
    """Return every generated file with what it should hold."""
    paths = [DOCS.parent / "README.md", *sorted(DOCS.rglob("*.md"))]
    pages = {path: linked(filled(path.read_text(encoding="utf-8")), path) for path in paths}
    return {**pages, PICTURE: rooms.picture()}


def drifted() -> list[Path]:
    """Return the files that do not hold what they should."""
    return [
        path
        for path, content in wanted().items()
        if not path.is_file() or path.read_text(encoding="utf-8") != content
    ]


def main() -> int:
    """Write or check, and return the exit code."""
    late = drifted()
    if "--check" in sys.argv[1:]:
        for path in late:
            sys.stdout.write(f"{path.relative_to(DOCS.parent)}: has drifted; run python docs/build.py\n")
        return int(bool(late))
    for path in late:
        path.parent.mkdir(exist_ok=True)
        path.write_text(wanted()[path], encoding="utf-8")
        sys.stdout.write(f"{path.relative_to(DOCS.parent)}: written\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
