"""Small worlds and scenarios for tests of the simulator."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from sim.inputs.arrays import Inputs
from sim.inputs.build import build_inputs
from sim.scenario.loader import load
from sim.scenario.schema import Scenario
from sim.scenario.yaml_io import parse_yaml
from sim.world import World, load_world, make_world

TRIAD = """
name: triad
horizon: {start: 2025Q3, end: 2029Q2}
blocs:
  us: {leader: A, family: us, members: [B, C], chip_supply: 5e5, chip_growth: 1, domestic_supply: 1e6,
       access: {tier2: 0.9}, conditionality: {tier1: 0.4, tier2: 0.8}, aid_budget: 4, capacity_programme: 0.2, drift: 0.4,
       exclusivity: 0.2}
  china: {leader: D, family: china, members: [E], chip_supply: 1e5, chip_growth: 0.5, domestic_supply: 2e5,
          conditionality: {tier1: 0.7}, aid_budget: 8, grant_share: 0.3, in_force: 0, capacity_programme: 0.6,
          exclusivity: 0.4}
  third: {founders: [F], members: [G], family: us, aid_budget: 2, conditionality: {aid: 0.9}, coercion: 0.4}
behaviour: {attention: 0.35, hedging_cost: 0.3}
timeline:
  - {name: ramp, date: 2026-05-01, over: 5, set: {blocs.china.in_force: 1}, attention: 0.3, reference: test}
  - {name: window, date: 2027Q1, until: 2027Q3, set: {blocs.us.opening: 0.7}, reference: test}
  - {name: signing, date: 2026Q2, until: 2026Q3, set: {blocs.china.opening: 1}, reference: test}
  - {name: plant, date: 2027Q2, set: {blocs.china.chip_supply: 4e5}, add: {blocs.us.chip_supply: 1e4}, reference: test}
  - {name: shut, date: 2027Q1, set: {countries.H.barred.us: 1, countries.B.barred.china: 1}, reference: test}
  - {name: end, date: 2028Q3, probability: 0.3, set: {blocs.china.dissolved: 1}, reference: test}
  - {name: spell, date: 2026Q2, until: 2027Q2, scale: {blocs.us.chip_supply: 0.2}, reference: test}
  - {name: surge, date: 2025Q3, probability: 0.5, lasts: 4, add: {blocs.us.aid_budget: 6}, reference: test}
  - {name: deal, date: 2026Q4, set: {countries.H.access.us: 1, countries.H.aid_offer.china: 300}, attention: 0.5,
     concerns: [H], reference: test}
  - {name: scare, date: 2027Q3, set: {blocs.us.coercion: 0.8, countries.income:low.effect.china: 0.7}, reference: test}
"""


def small_world(n: int = 12, seed: int = 3) -> World:
    """Return a world of n countries A, B, C, ... with random attributes and ties."""
    random = np.random.default_rng(seed)
    codes = [chr(39 + i) * 2 if i >= 26 else chr(65 + i) + "0" for i in range(n)]
    values = {
        "gdp": np.exp(random.normal(4, 1.5, n)), "population": np.exp(random.normal(2, 1, n)),
        "ai_readiness": random.uniform(15, 85, n), "ideal_point": random.normal(0, 1, n),
        "liberal_democracy": random.uniform(0, 1, n), "internet_users": random.uniform(0.1, 1, n),
        "electricity": random.uniform(0.3, 1, n), "compute": np.exp(random.normal(5, 2, n)),
    }  # fmt: skip
    pairs = [(i, j) for i in range(n) for j in range(i + 1, n) if random.random() < 0.4]
    share = random.uniform(0, 1.0 / n, (2, len(pairs)))
    ties = {
        "iso3_a": [codes[i] for i, _ in pairs], "iso3_b": [codes[j] for _, j in pairs],
        "trade_share_a": share[0], "trade_share_b": share[1], "contiguous": (random.random(len(pairs)) < 0.3).astype(float),
        "pact": (random.random(len(pairs)) < 0.2).astype(float),
    }  # fmt: skip
    labels = {"income_group": [("low", "lower_middle", "upper_middle", "high")[i % 4] for i in range(n)],
              "region": [("North", "South")[i % 2] for i in range(n)],
              "subregion": [("N1", "S1", "N2")[i % 3] for i in range(n)]}  # fmt: skip
    return make_world(codes, values, ties, labels)


def named(text: str) -> str:
    """Return a scenario text with the one-letter countries of this file as codes of `small_world`."""
    for letter in "ABCDEFGH":
        text = text.replace(f"[{letter}]", f"[{letter}0]").replace(f"[{letter},", f"[{letter}0,")
        text = text.replace(f", {letter}]", f", {letter}0]").replace(
            f"leader: {letter},", f"leader: {letter}0,"
        )
        text = text.replace(f"countries.{letter}.", f"countries.{letter}0.")
    return text


def scenario_of(text: str, overrides: Mapping[str, Any] | None = None) -> Scenario:
    """Return the scenario of a text, with overrides by dotted path, for a world made in a test."""
    data = parse_yaml(text, "test.yaml").data
    for path, value in (overrides or {}).items():
        here = data
        *parents, last = path.split(".")
        for key in parents:
            here = here.setdefault(key, {})
        here[last] = value
    return Scenario.model_validate(data)


def triad(overrides: Mapping[str, Any] | None = None, blocs: int = 3, timeline: bool = True) -> Inputs:
    """Return a small future with one to three blocs, with or without its timeline."""
    text = named(TRIAD)
    head, _, _events = text.partition("timeline:")
    if not timeline:
        text = head
    if blocs < 3:
        text = "\n".join(line for line in text.splitlines() if not line.startswith("  third:"))
    if blocs < 2:
        keep, skip = [], False
        for line in text.splitlines():
            skip = line.startswith("  china:") or (skip and line.startswith("      "))
            if not skip and not ("china" in line and "{name" in line):
                keep.append(line)
        text = "\n".join(keep).replace(
            "  - {name: scare, date: 2027Q3, set: {", "  - {name: scare, date: 2027Q3, set: {"
        )
        text = "\n".join(line for line in text.splitlines() if "concerns: [H0]" not in line)
    return build_inputs(small_world(), scenario_of(text, overrides))


def baseline(overrides: Mapping[str, Any] | None = None) -> Inputs:
    """Return the baseline on the real world."""
    return build_inputs(load_world(), load("baseline", overrides))
