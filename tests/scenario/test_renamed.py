"""Names of version 0.1 are refused wherever a name can be written, with what to write in their place."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from sim.errors import InputError
from sim.registry.columns import BLOC_NAMES, GLOBAL_NAMES, registry
from sim.registry.parameters import RENAMED
from sim.registry.renamed import name_hint, renamed
from sim.scenario.loader import load_text
from sim.sweeps.names import Variables
from sim.sweeps.spec import check_factors, read_spec
from sim.sweeps.table import read_design_table

BLOCS = ("us", "china")
OLD = {
    "outsider_access.tier2": "conditionality",
    "aid_outsider_share": "conditionality.aid",
    "institution": "in_force",
    "coefficients.aid": "grants and loans",
}
"""Every name that is gone, as it stood below a bloc, and what its message must name."""
SCENARIO = "name: a\nblocs:\n  us: {leader: USA}\n  china: {leader: CHN, family: china}\n"


def in_a_file(name: str) -> None:
    section, _, key = name.rpartition(".")
    inner = f"{section}: {{{key}: 0.5}}" if section else f"{key}: 0.5"
    load_text(f"name: a\nblocs:\n  us: {{leader: USA, {inner}}}\n")


def on_the_command_line(name: str) -> None:
    load_text(SCENARIO, overrides={f"blocs.us.{name}": 0.5})


def on_the_timeline(name: str) -> None:
    load_text(f"{SCENARIO}timeline:\n  - {{date: 2027Q1, add: {{blocs.us.{name}: 0.1}}, reference: x}}\n")


def as_a_source(name: str) -> None:
    load_text(f"{SCENARIO}sources: {{blocs.us.{name}: a report}}\n")


def as_a_factor(name: str) -> None:
    data = {
        "name": "s",
        "base": "a",
        "levers": {f"blocs.us.{name}": {"range": [0, 1]}},
        "design": {"method": "grid", "size": 2},
    }
    check_factors(read_spec(data), Variables(BLOCS))


@pytest.mark.parametrize("name", OLD)
@pytest.mark.parametrize("write", [in_a_file, on_the_command_line, on_the_timeline, as_a_source, as_a_factor])
def test_an_old_name_is_refused_with_the_new_one(write: Callable[[str], None], name: str) -> None:
    with pytest.raises(InputError, match=r"since version 0\.2 it is") as error:
        write(name)
    assert len(error.value.problems) == 1
    assert OLD[name] in str(error.value.problems[0])


@pytest.mark.parametrize("name", OLD)
def test_a_column_of_a_design_table_with_an_old_name_is_refused_with_the_new_one(
    name: str, tmp_path: Path
) -> None:
    table = tmp_path / "design.csv"
    table.write_text(f"blocs.us.{name}\n0.5\n", encoding="utf-8")
    spec = read_spec({"name": "s", "base": "a", "design": {"table": table.name}})
    with pytest.raises(InputError, match=f"it is {OLD[name]}"):
        read_design_table(table, spec, Variables(BLOCS))


def test_an_override_with_an_old_name_is_said_to_be_of_the_command_line() -> None:
    with pytest.raises(InputError) as error:
        on_the_command_line("outsider_access.tier2")
    assert str(error.value).startswith(
        "--set blocs.us.outsider_access is not a known key; since version 0.2 it is conditionality"
    )


def test_every_old_name_is_tried_and_no_name_of_now_is_taken_for_an_old_one() -> None:
    assert {old for old in RENAMED if any(renamed(f"blocs.us.{name}") for name in OLD if old in name)} == set(
        RENAMED
    )
    now = [*GLOBAL_NAMES, *BLOC_NAMES, *(p.name for p in registry(BLOCS))]
    assert not [
        name for name in now if renamed(name) or renamed(name.removeprefix("blocs.").replace(".", "_"))
    ]


def test_a_name_that_was_never_there_gets_the_nearest_one() -> None:
    assert name_hint("blocs.us.aid_budgte", ["blocs.us.aid_budget"]) == "; did you mean blocs.us.aid_budget?"
    assert name_hint("quite_else", ["blocs.us.aid_budget"]) == ""
