"""What a scenario calls its blocs is what people see: on the terminal, in reports and figures, and on the page."""

import re
from pathlib import Path

import pytest
from matplotlib.figure import Figure
from rich.console import Console

import sim
from sim.dashboard.compose import base_of
from sim.dashboard.lever_items import parameter_items
from sim.dashboard.page.cells import lever_choices
from sim.dashboard.state import Future
from sim.dashboard.widgets import describe_axes, describe_states
from sim.figures.country_charts import tile_chart
from sim.figures.explain_chart import explain_chart
from sim.figures.share_charts import run_chart
from sim.inputs.memberships import bloc_label, state_labels
from sim.labels.levers import factor_words, full_label, target_label
from sim.labels.shares import band_text, percent
from sim.registry.fields import AID
from sim.report.blocks import Document
from sim.report.comparison import comparison_document, comparison_view
from sim.report.explanation import explanation_document
from sim.report.run import run_document
from sim.report.run_view import view_of
from sim.report.terminal import on_screen
from sim.report.write import report_html
from sim.scenario.loader import load_text

TITLE = "Pax Pacifica"
TEXT = f"extends: baseline\nhorizon: {{end: 2027Q2}}\nblocs: {{us: {{title: {TITLE}}}}}\n"
TITLES = {"us": TITLE}


@pytest.fixture(scope="module")
def scenario(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("titles") / "mine.yaml"
    path.write_text(TEXT, encoding="utf-8")
    return path


def screen(document: Document) -> str:
    console = Console(width=200)
    with console.capture() as said:
        console.print(on_screen(document))
    return said.get()


def texts(figure: Figure) -> str:
    found = [text.get_text() for axes in figure.axes for text in (*axes.texts, axes.title)]
    found += [axes.get_title(loc="left") for axes in figure.axes]
    found += [
        t.get_text() for axes in figure.axes if axes.get_legend() for t in axes.get_legend().get_texts()
    ]
    return "\n".join(found)


def test_a_run_shows_the_title(scenario: Path, tmp_path: Path) -> None:
    result = sim.run(scenario, runs=2)
    shown = screen(run_document(view_of(result)))
    assert f"{TITLE}, in all" in shown
    assert f"{TITLE} only" in shown
    assert "US-led" not in shown
    assert TITLE in texts(run_chart(result.summary, result.runs))
    assert TITLE in repr(result)
    page = re.sub(r"</?abbr[^>]*>", "", report_html(result.save(tmp_path / "run")))
    assert f"All members of the {TITLE} bloc" in page
    assert "US-led only" not in page


def test_an_explanation_shows_the_title(scenario: Path) -> None:
    why = sim.explain(scenario, "KEN", runs=2, tipping=False)
    shown = screen(explanation_document(why))
    assert f"in {TITLE}" in shown
    assert "US-led" not in shown
    assert f"Value of belonging: {TITLE}" in texts(explain_chart(why.explanation))


def test_a_comparison_shows_the_title(scenario: Path, tmp_path: Path) -> None:
    other = scenario.with_name("other.yaml")
    other.write_text(TEXT.replace("Pax Pacifica", "Pax Borealis"), encoding="utf-8")
    found = sim.compare(scenario, other, runs=2)
    shown = screen(comparison_document(comparison_view(found)))
    assert "Pax Borealis, in all" in shown, "the title of the scenario that is compared"
    page = report_html(found.save(tmp_path / "pair"))
    assert "Pax Borealis, in all" in page


def test_a_bloc_of_one_scenario_alone_is_said_with_its_size(tmp_path: Path) -> None:
    found = sim.compare("baseline", "third-pole", runs=4, until="2027Q4")
    end = found.others[0].summary.bloc_share("count", "third")[-1]
    said = (
        f"is a bloc of third-pole alone: {percent(float(end.mean))} % of states end in it ({band_text(end)})."
    )
    assert said in " ".join(screen(comparison_document(comparison_view(found))).split())
    assert said.partition(":")[0] in report_html(found.save(tmp_path / "pair")), "a folder keeps it"


def test_the_page_shows_the_title() -> None:
    base = base_of(Future("mine", text=TEXT))
    assert {lever["heading"] for lever in parameter_items(base, AID)} >= {f"{TITLE} bloc", "China-led bloc"}
    assert f"{TITLE}: Aid budget" in lever_choices(base.parameters, base.inputs.titles)
    states = base.inputs.states
    assert describe_states(states, TITLES)[1]["label"] == f"{TITLE} only"
    assert TITLE in describe_axes(states, titles=TITLES)["axes"][0]["label"]


def test_a_map_of_tiles_shows_the_title() -> None:
    chart = tile_chart({"KEN": (0, 0)}, ("non_aligned", "us"), {"KEN": ("us", 0.9)}, TITLES)
    assert TITLE in texts(chart)


def test_a_bloc_without_a_title_is_shown_by_its_key() -> None:
    assert bloc_label("us", {"china": "X"}) == "US-led"
    assert state_labels(("non_aligned", "us", "new_pole", "us+new_pole"), TITLES)[1:3] == (TITLE, "New pole")
    assert full_label("blocs.us.aid_budget", TITLES) == f"{TITLE}: Aid budget"
    assert target_label("countries.KEN.access.us", {"KEN": "Kenya"}, TITLES) == f"Kenya: access, {TITLE}"
    assert factor_words("leaders.us", TITLES) == f"{TITLE}: Leader"


def test_a_title_that_two_blocs_state_tells_neither() -> None:
    twice = load_text(f"extends: baseline\nblocs: {{us: {{title: {TITLE}}}, china: {{title: {TITLE}}}}}\n")
    assert twice.scenario.titles == {}
