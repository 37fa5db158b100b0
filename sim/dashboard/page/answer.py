"""What was asked last, answered beside the bar: what came of the change, or why the chosen country stands where it stands."""

from __future__ import annotations

import solara

from sim.dashboard.components import plain_text
from sim.dashboard.gloss import glossed
from sim.dashboard.page.outcomes import Came, said_of_change
from sim.dashboard.session import Session
from sim.dashboard.widgets import Reasons
from sim.labels.countries import country_name
from sim.report.why import standing, why_bloc
from sim.words import tr

CHANGE, COUNTRY = "change", "country"
FULL = ".page-inspector"
"""Where all reasons stand."""


@solara.component
def Answer(session: Session, narrow: bool) -> None:  # noqa: N802 - components are named like classes
    """Show what came of the change or, on wide screens, why the chosen country stands where it stands: what was asked last.

    It has one height, so that nothing moves on the page; what it says is announced to screen readers.
    """
    plan, iso3 = session.plan.value.present, session.selected.value
    country = "" if narrow else iso3
    asked = solara.use_reactive(COUNTRY if country else CHANGE)
    before = solara.use_ref((plan, country))

    def follow() -> None:
        old, before.current = before.current, (plan, country)
        if country != old[1]:
            asked.set(COUNTRY if country else CHANGE)
        elif plan != old[0]:
            asked.set(CHANGE)

    solara.use_effect(follow, [plan, country])
    about_country = asked.value == COUNTRY and bool(country)
    with solara.Div(classes=["page-answer"]):
        with solara.Div(classes=["page-answer-head"]):
            if country:
                with solara.ToggleButtonsSingle(value=asked.value, on_value=asked.set, dense=True):
                    solara.Button(tr("What came of it"), value=CHANGE, small=True)
                    solara.Button(
                        tr("Why {country}", country=name_of(session, iso3)), value=COUNTRY, small=True
                    )
            reasons = tr("All reasons") if about_country else ""
            # with a key, since it goes on when the buttons beside it come
            Reasons.element(label=reasons, subject=country, target=FULL).key("reasons")
        with solara.Div(classes=["page-came"]):
            if about_country:
                InBrief(session)
            else:
                Came(session)
    found = session.explained()
    spoken = said_of_change(session) if not about_country else standing(found[1]) if found else ""
    with solara.Div(classes=["page-spoken"], attributes={"aria-live": "polite", "role": "status"}):
        plain_text("p", spoken)


def name_of(session: Session, iso3: str) -> str:
    """Return the name of a country of the scenario at hand."""
    world = session.base.world
    return country_name(world.names[world.iso3.index(iso3)]) if iso3 in world.iso3 else iso3


@solara.component
def InBrief(session: Session) -> None:  # noqa: N802
    """Say why the chosen country stands where it stands: where that is, and for each bloc what speaks for and against it."""
    found = session.explained()
    if found is None:
        plain_text("p", tr("Why it stands where it stands …"), classes=["page-waiting"])
        return
    why = found[1]
    with solara.Div():
        plain_text("p", standing(why), classes=["page-came-first"])
        for bloc in why.blocs if why.leads is None else (why.leads,):
            said = why_bloc(why, bloc)
            glossed("p", " ".join(part for part in (said.stays, said.terms) if part))


@solara.component
def InBriefSheet(session: Session) -> None:  # noqa: N802
    """Show the same on a sheet of a small screen, with the way to all reasons."""
    with solara.Div(classes=["page-brief"]):
        InBrief(session)
        Reasons.element(label=tr("All reasons"), target=FULL)
