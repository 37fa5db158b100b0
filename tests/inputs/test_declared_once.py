"""Adding an attribute of countries, or a term of the utility, touches few files: it is really done here, in a copy."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

import sim

PACKAGE = Path(sim.__file__).parent
MOST_FILES = 3
Edits = Mapping[str, tuple[tuple[str, str], ...]]

ATTRIBUTE: Edits = {
    "registry/attributes.py": (
        ("ATTRIBUTES: tuple[Attribute, ...] = (\n",
         "ATTRIBUTES: tuple[Attribute, ...] = (\n"
         '    Attribute("vigilance", 0, 1, 0.0, False, "", "Added to the probability of reconsidering"),\n'),
        ("READINESS = ", 'VIGILANCE = OF_COUNTRY.index("vigilance")\nREADINESS = '),
    ),
    "engine/occasions.py": (
        ("import ATTENTION_FACTOR\n", "import ATTENTION_FACTOR, VIGILANCE\n"),
        ("attention * attributes[ATTENTION_FACTOR, i]",
         "attention * attributes[ATTENTION_FACTOR, i] + attributes[VIGILANCE, i]"),
    ),
}  # fmt: skip
TERM: Edits = {
    "registry/terms.py": (
        ('    Term("need", "trait"',
         '    Term("wealth", "trait", "GDP a head", "wealth", ("gdp", "population"),\n'
         '         prior=_prior((0.0, 1.0), (0.0, 1.0)), high_low=("rich", "poor")),\n'
         '    Term("need", "trait"'),
    ),
    "inputs/covariates.py": (
        ('        "need": digital_divide(world),',
         '        "wealth": np.log(values["gdp"] / values["population"]),\n'
         '        "need": digital_divide(world),'),
    ),
}  # fmt: skip

WORLD = "iso3,gdp,population\nAAA,9000,300\nBBB,8000,1400\nCCC,900,10\nDDD,10,50\nEEE,200,60\n"
SCENARIO = """
name: try
world: w
horizon: {{start: 2025Q3, end: 2026Q4}}
blocs:
  us: {{leader: AAA{us}}}
  china: {{leader: BBB, family: china}}
uncertainties: {{coefficients: false, country_effects: false}}
{more}
"""
RUN = """
import json, sys
import sim
from sim.scenario.json_schema import json_schema

counts = [sim.run("try.yaml", runs=30, engine=engine).ensemble.state_count for engine in ("ensemble", "mesa")]
why = sim.explain("try.yaml", "CCC", runs=5).explanation.to_json()
found = {"schema": json.dumps(json_schema()), "equal": bool((counts[0] == counts[1]).all()),
         "before": counts[0][2].tolist(), "end": counts[0][-1].tolist(), "terms": why["terms"]["us"]}
json.dump(found, sys.stdout)
"""


def changed(folder: Path, edits: Edits, scenario: str, us: str = "") -> dict[str, Any]:
    """Copy the package, edit it, and return what a small scenario does in both engines."""
    copy = folder / "sim"
    shutil.copytree(PACKAGE, copy, ignore=shutil.ignore_patterns("__pycache__"))
    for name, replacements in edits.items():
        text = (copy / name).read_text(encoding="utf-8")
        for old, new in replacements:
            assert text.count(old) == 1, f"{name} does not hold {old!r} once"
            text = text.replace(old, new)
        (copy / name).write_text(text, encoding="utf-8")
    (folder / "w").mkdir()
    (folder / "w" / "countries.csv").write_text(WORLD, encoding="utf-8")
    (folder / "try.yaml").write_text(SCENARIO.format(more=scenario, us=us), encoding="utf-8")
    environment = {**os.environ, "PYTHONPATH": str(folder), "AIBLOCS_NO_COMPILE": "1"}
    command = [sys.executable, "-W", "ignore", "-c", RUN]
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


@pytest.mark.parametrize("edits", [ATTRIBUTE, TERM], ids=["attribute", "term"])
def test_adding_one_touches_few_files(edits: Edits) -> None:
    assert len(edits) <= MOST_FILES


def test_an_attribute_is_declared_and_acts_in_both_engines(tmp_path: Path) -> None:
    """Nobody reconsiders but the country that is vigilant, and only from the quarter in which it is."""
    found = changed(
        tmp_path, ATTRIBUTE,
        "behaviour: {attention: 0, mu: 0}\ncountries: {DDD: {vigilance: 1}}\n"
        "timeline: [{date: 2026Q2, set: {countries.EEE.vigilance: 1}, reference: test}]\n",
    )  # fmt: skip
    assert found["equal"]
    assert found["before"][4][0] == 30
    ccc, ddd, eee = found["end"][2:]
    assert ccc[0] == 30
    assert min(ddd) > 0
    assert min(eee) > 0
    assert "Added to the probability of reconsidering" in found["schema"]
    assert "|vigilance" in found["schema"] or "vigilance|" in found["schema"]


def test_a_term_is_declared_and_acts_in_both_engines(tmp_path: Path) -> None:
    """A large weight on GDP a head draws the rich country in and keeps the poor one out."""
    found = changed(
        tmp_path, TERM,
        "behaviour: {attention: 1, join_cost: 0, leave_cost: 0}", us=", coefficients: {wealth: 20}",
    )  # fmt: skip
    assert found["equal"]
    us = [sum(count[s] for s in (1, 3)) for count in found["end"]]
    assert us[2] == 30
    assert us[3] == 0
    wealth = next(term for term in found["terms"] if term["term"] == "wealth")
    assert wealth["mean"] > 5
    assert [record["column"] for record in wealth["inputs"]] == ["gdp", "population"]
    assert "Weight of: GDP a head" in found["schema"]
