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
from sim.labels.countries import country_names
from sim.labels.dates import quarter_label
from sim.labels.letters import plain_letters
from sim.labels.shares import doubtful, state_words
from sim.registry.parameters import TIERS
from sim.words import decimal, language, mark, tr
from sim.world import World
from sim.world.aliases import aliases

TIER_WORDS = {
    "tier1": mark("tier 1"), "tier2": mark("tier 2"), "tier2_licence": mark("tier 2, licence"), "tier3": mark("tier 3"),
}  # fmt: skip
TIERS_NOTE = mark(
    "In US export policy: tier 1 buys freely, tier 2 within limits or with a licence, tier 3 nothing"
)
FILLED_IN = mark("more than a quarter of its data is filled in")


@solara.component
def CountryPicker(session: Session) -> None:  # noqa: N802
    """Choose a country by its name, for those who do not use the map."""
    world = base_of(session.plan.value.present.future).world
    items = solara.use_memo(lambda: _choices(world), [world, language()])
    iso3 = session.selected.value
    now = iso3 if iso3 in world.iso3 else None

    def choose(code: str | None) -> None:
        session.selected.set(code or "")

    solara.v.Autocomplete(
        label=tr("Find a country"),
        no_data_text=tr("No data available"),
        items=items,
        v_model=now,
        on_v_model=choose,
        clearable=True,
        hide_details=True,
        auto_select_first=True,
    )


def _choices(world: World) -> list[dict[str, str]]:
    """Return all countries with their other names, in the order of the alphabet."""
    items = [
        {"text": f"{name} ({', '.join((code, *_other_names(code, english, name)))})", "value": code}
        for code, english, name in zip(world.iso3, world.names, country_names(world.names), strict=True)
    ]
    return sorted(items, key=lambda item: plain_letters(item["text"]))


def _other_names(code: str, english: str, shown: str) -> list[str]:
    """Return further names by which a country is found: its aliases, and its English name where another one is shown."""
    return [*aliases(code), *([english] if english != shown else [])]


def country_rows(shown: Shown, world: World, quarter: int) -> list[dict[str, Any]]:
    """Return one row for each country at a quarter: probabilities, switching, weight, doubt."""
    words = list(state_words(shown.now.states, shown.now.titles).values())
    now = shown.now.probability[quarter]
    switched = shown.now.summary.switched[quarter]
    holders = [states_with(len(shown.now.blocs), k) for k in range(len(shown.now.blocs))]
    unsure = doubtful(world)
    rows = []
    for i, (iso3, name) in enumerate(zip(world.iso3, country_names(world.names), strict=True)):
        best = int(now[i].argmax())
        members = (float(now[i, inside].sum()) for inside in holders)
        cells = [
            cell(f"{name} *", note=tr(FILLED_IN)) if iso3 in unsure else cell(name),
            cell(tr(world.region[i])),
            cell(words[best]),
            cell(tiers_of(shown, i), note=tr(TIERS_NOTE)),
            *(percent_cell(share) for share in members),
            percent_cell(float(now[i, 0])),
            percent_cell(float(switched[i])),
            cell(decimal(world.values["gdp"][i]), float(world.values["gdp"][i])),
            cell(decimal(world.values["population"][i], 1), float(world.values["population"][i])),
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
        found.append((bloc_label(bloc, inputs.titles), tr(TIER_WORDS[TIERS[tiers[country]]])))
    if len(found) == 1:
        return found[0][1]
    return "; ".join(tr("{bloc}: {label}", bloc=bloc, label=words) for bloc, words in found)


@solara.component
def CountryTable(session: Session) -> None:  # noqa: N802
    """Show every country at the quarter of the scrubber."""
    shown = session.below.value.shown
    if shown is None:
        return
    quarter = session.index(shown)
    world = shown.now.base.world
    rows = solara.use_memo(lambda: country_rows(shown, world, quarter), [shown, quarter])
    blocs = [
        column(tr("In {bloc}", bloc=bloc_label(bloc, shown.now.titles)), True) for bloc in shown.now.blocs
    ]
    columns = [
        column(tr("Country")),
        column(tr("Region")),
        column(tr("Most often")),
        column(tr("Tier")),
        *blocs,
        column(tr("In none"), True),
        column(tr("Has switched"), True),
        column(tr("GDP, US$ bn"), True),
        column(tr("People, m"), True),
    ]
    with solara.Div(classes=["page-scroll"]):
        DataTable.element(
            caption=tr("All countries, {quarter}", quarter=quarter_label(shown.now.steps[quarter])),
            about=list(caption_of(shown)),
            columns=columns,
            rows=rows,
            selected=session.selected.value,
            on_selected=session.selected.set,
        )
    note = tr("* More than a quarter of this country's numbers were not observed but filled in.")
    plain_text("p", note, classes=["page-small"])
