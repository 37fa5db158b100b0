"""All countries as a table, and a field to find one without the map."""

from __future__ import annotations

from typing import Any

import solara

from sim.dashboard.components import plain_text
from sim.dashboard.compose import base_of
from sim.dashboard.handout import caption_of
from sim.dashboard.page.cells import cell, column, percent_cell, row
from sim.dashboard.session import Session
from sim.dashboard.tasks import Shown
from sim.dashboard.widgets import DataTable
from sim.inputs.memberships import bloc_label, states_with
from sim.labels.shares import doubtful, state_words
from sim.registry.parameters import TIERS
from sim.world import World
from sim.world.aliases import aliases

TIER_WORDS = {"tier1": "tier 1", "tier2": "tier 2", "tier2_licence": "tier 2, licence", "tier3": "tier 3"}
TIERS_NOTE = "In US export policy: tier 1 buys freely, tier 2 within limits or with a licence, tier 3 nothing"
FILLED_IN = "more than a quarter of its data is filled in"


@solara.component
def CountryPicker(session: Session) -> None:  # noqa: N802
    """Choose a country by its name, for those who do not use the map."""
    world = base_of(session.plan.value.present.future).world
    items = [
        {"text": f"{name} ({', '.join((code, *aliases(code)))})", "value": code}
        for code, name in zip(world.iso3, world.names, strict=True)
    ]
    iso3 = session.selected.value
    now = iso3 if iso3 in world.iso3 else None

    def choose(code: str | None) -> None:
        session.selected.set(code or "")

    solara.v.Autocomplete(
        label="Find a country",
        items=sorted(items, key=lambda item: item["text"]),
        v_model=now,
        on_v_model=choose,
        clearable=True,
        hide_details=True,
        auto_select_first=True,
    )


def country_rows(shown: Shown, world: World, quarter: int) -> list[dict[str, Any]]:
    """Return one row for each country at a quarter: probabilities, switching, weight, doubt."""
    words = list(state_words(shown.now.states, shown.now.titles).values())
    now = shown.now.probability[quarter]
    switched = shown.now.summary.switched[quarter]
    holders = [states_with(len(shown.now.blocs), k) for k in range(len(shown.now.blocs))]
    unsure = doubtful(world)
    rows = []
    for i, (iso3, name) in enumerate(zip(world.iso3, world.names, strict=True)):
        best = int(now[i].argmax())
        members = (float(now[i, inside].sum()) for inside in holders)
        cells = [
            cell(f"{name} *", note=FILLED_IN) if iso3 in unsure else cell(name),
            cell(world.region[i]),
            cell(words[best]),
            cell(tiers_of(shown, i), note=TIERS_NOTE),
            *(percent_cell(share) for share in members),
            percent_cell(float(now[i, 0])),
            percent_cell(float(switched[i])),
            cell(f"{world.values['gdp'][i]:,.0f}", float(world.values["gdp"][i])),
            cell(f"{world.values['population'][i]:,.1f}", float(world.values["population"][i])),
        ]
        rows.append(row(*cells, iso3=iso3))
    return rows


def tiers_of(shown: Shown, country: int) -> str:
    """Return the tier of a country in the export policy of each bloc that sets tiers apart: "tier 2, with licence"."""
    inputs = shown.now.ensemble.inputs
    found = []
    for k, bloc in enumerate(inputs.blocs):
        tiers = inputs.countries.tier[k]
        if (tiers == tiers[0]).all():
            continue
        words = TIER_WORDS[TIERS[tiers[country]]]
        found.append(f"{bloc_label(bloc, inputs.titles)}: {words}")
    return found[0].partition(": ")[2] if len(found) == 1 else "; ".join(found)


@solara.component
def CountryTable(session: Session) -> None:  # noqa: N802
    """Show every country at the quarter of the scrubber."""
    shown = session.shown.value
    if shown is None:
        return
    quarter = session.index(shown)
    world = shown.now.base.world
    rows = solara.use_memo(lambda: country_rows(shown, world, quarter), [shown, quarter])
    blocs = [column(f"In {bloc_label(bloc, shown.now.titles)}", True) for bloc in shown.now.blocs]
    columns = [
        column("Country"),
        column("Region"),
        column("Most often"),
        column("Tier"),
        *blocs,
        column("In none", True),
        column("Has switched", True),
        column("GDP, US$ bn", True),
        column("People, m", True),
    ]
    with solara.Div(classes=["page-scroll"]):
        DataTable.element(
            caption=f"All countries, {shown.now.steps[quarter]}",
            about=list(caption_of(shown)),
            columns=columns,
            rows=rows,
            selected=session.selected.value,
            on_selected=session.selected.set,
        )
    note = "* More than a quarter of this country's numbers were not observed but filled in."
    plain_text("p", note, classes=["page-small"])
