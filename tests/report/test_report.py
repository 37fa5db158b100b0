"""Reports: what they say comes from the folder, and they need nothing else."""

import html
import json
import re
import shutil
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest

from sim.api.ask import compare
from sim.api.run import run
from sim.api.verify import verify
from sim.errors import InputError
from sim.labels.shares import MEAN_OUTSIDE, signed
from sim.report.assumptions import assumptions
from sim.report.comparison import comparison_document, read_comparison_view
from sim.report.gloss import explained
from sim.report.html import inline
from sim.report.run_view import RunView, read_tables
from sim.report.write import report_html, write_report
from sim.results.manifest import seal_of
from sim.scenario.loader import load


@pytest.fixture(scope="module")
def run_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    result = run("waico-surge", 12, overrides={"blocs.us.aid_budget": 3.25}, until="2028Q4")
    return result.save(tmp_path_factory.mktemp("run") / "r", command="aiblocs run waico-surge --runs 12")


@pytest.fixture(scope="module")
def comparison_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    result = compare("baseline", "waico-surge", runs=12, until="2029Q4")
    return result.save(
        tmp_path_factory.mktemp("comparison") / "c", command="aiblocs compare baseline waico-surge"
    )


@pytest.fixture(scope="module")
def sweep_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from sweep_helpers import Waves, spec

    from sim.sensitivity.analyze import analyze
    from sim.sensitivity.kept import write_analysis
    from sim.sensitivity.question import Question
    from sim.sweeps.runner import Execution, run_sweep

    folder = tmp_path_factory.mktemp("sweep") / "s"
    asked = spec(24, 4, uncertainties={"hope": {"range": [0, 1]}})
    store = run_sweep(
        asked, Waves(), folder, execution=Execution(threads=1), provenance={"command": "aiblocs sweep x.yaml"}
    )
    write_analysis(analyze(store, Question("share")), folder / "analysis")
    return folder


class Words(HTMLParser):
    """Collects what a page shows and what it would fetch, and checks that elements close."""

    VOID = frozenset({"meta", "br", "link", "img", "input", "hr"})

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self.fetched: list[str] = []
        self.ids: list[str] = []
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in self.VOID:
            self.open.append(tag)
        given = dict(attrs)
        self.ids += [given["id"] or ""] if "id" in given else []
        targets = (given.get(name) for name in ("src", "href", "xlink:href", "data", "action"))
        self.fetched += [target for target in targets if target and not target.startswith("#")]

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in self.VOID:
            assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" not in self.open and "svg" not in self.open:
            self.words.append(data)


def read(page: str) -> Words:
    words = Words()
    words.feed(page)
    words.close()
    assert not words.open
    return words


@pytest.mark.parametrize("kind", ["run", "comparison", "sweep"])
def test_a_report_needs_no_other_file_and_is_the_same_again(
    kind: str, request: pytest.FixtureRequest
) -> None:
    folder = request.getfixturevalue(f"{kind}_folder")
    path = write_report(folder)
    page = path.read_text(encoding="utf-8")
    shown = read(page)
    assert shown.fetched == []
    assert not re.search(r"url\((?!#)|@import|<script|<link", page)
    assert len(shown.ids) == len(set(shown.ids))
    used = set(re.findall(r'href="#([^"]+)"|url\(#([^)]+)\)', page))
    assert {a or b for a, b in used} <= set(shown.ids)
    assert report_html(folder) == page
    assert page.count("<svg") >= 2


def test_the_answer_of_a_run_holds_the_numbers_of_its_tables(run_folder: Path) -> None:
    words = " ".join("".join(read(report_html(run_folder)).words).split())
    tables = read_tables(run_folder)
    for bloc in tables.blocs:
        band = tables.band("bloc_share", "count", bloc)
        mean, low, high = (100 * float(part[-1]) for part in (band.mean, band.p05, band.p95))
        assert f"are {mean:.0f} % of states ({low:.0f}–{high:.0f})" in words
    assert "Who joins the China-led side once its organization has money" in words
    assert "aiblocs run waico-surge --runs 12" in words
    assert "12 futures · 2026Q4 to 2028Q4 · seed 1" in words
    manifest = json.loads((run_folder / "manifest.json").read_text())
    assert manifest["provenance"]["inputs"] in words
    assert f"{100 * manifest['imputed_share']:.1f} % of the" in words
    assert "Bands of 12 futures are rough guesses" in words


def test_tables_read_back_are_those_of_the_result(run_folder: Path) -> None:
    result = run("waico-surge", 12, overrides={"blocs.us.aid_budget": 3.25}, until="2028Q4")
    tables = read_tables(run_folder)
    summary = result.summary
    assert (tables.steps, tables.states, tables.blocs) == (summary.steps, summary.states, summary.blocs)
    for state in summary.states:
        np.testing.assert_array_equal(tables.share("gdp", state).p95, summary.share("gdp", state).p95)
    for i, iso3 in enumerate(summary.iso3):
        np.testing.assert_array_equal(tables.ends[iso3], summary.state_probability[-1, i])
        assert tables.switched[iso3] == summary.switch_probability[i]
        assert tables.first[iso3] == summary.states[summary.initial[i]]


def test_what_was_set_stands_among_the_assumptions(run_folder: Path) -> None:
    found = {one.path: one for one in assumptions(load(str(run_folder / "scenario.yaml")).scenario)}
    budget = found["blocs.us.aid_budget"]
    assert (budget.value, budget.default) == (3.25, 0)
    assert budget.baseline == load("baseline").scenario.blocs["us"].aid_budget
    assert found["horizon.end"].value == "2028Q4"
    assert not any(".coefficients." in path for path in found)
    words = "".join(read(report_html(run_folder)).words)
    assert "set by waico-surge or on the command line" in words
    assert "three ratifications by the end of 2026" in words  # the reference of a dated entry


def test_the_baseline_assumes_nothing_beyond_itself() -> None:
    assert all(one.value == one.baseline for one in assumptions(load("baseline").scenario))


def test_a_comparison_says_what_its_file_says(comparison_folder: Path) -> None:
    words = " ".join("".join(read(report_html(comparison_folder)).words).split())
    data = json.loads((comparison_folder / "comparison.json").read_text())
    band = data["bloc_change"]["count"]["china"]
    low, high = signed(band["p05"][-1]), signed(band["p95"][-1])
    assert (
        f"adds to the China-led bloc {100 * band['mean'][-1]:.1f} percentage points of states (90 % band {low} to {high}"
        in words
    )
    first = data["flips"][0]
    assert first["first_quarter"] in words
    for side in ("a-baseline", "b-waico-surge"):
        assert f"aiblocs verify DIR/runs/{side}" in words


def test_a_comparison_begins_with_what_came_of_it_and_counts_the_states_it_is_about(
    comparison_folder: Path,
) -> None:
    view = read_comparison_view(comparison_folder)
    document = comparison_document(view)
    part = next(part for part in document.parts if part.title == "What came of it")
    assert document.parts.index(part) < 2
    assert part.only == "screen"
    (came,) = part.blocks[0].items
    share = view.comparisons[0].bloc_change["count"]["china"].mean[-1]
    for reference in (view.runs[0], only(view.runs[0], 50)):
        (said,) = (
            comparison_document(replace(view, runs=(reference, *view.runs[1:]))).parts[1].blocks[0].items
        )
        number = round(abs(float(share)) * len(reference.tables.ends))
        assert f"the China-led bloc gains about {number} state" in said
    assert came != said


def only(run: RunView, countries: int) -> RunView:
    """Return a run that tells of its first countries alone."""
    ends = dict(list(run.tables.ends.items())[:countries])
    return replace(run, tables=replace(run.tables, ends=ends))


def test_a_mean_outside_its_band_is_explained_where_it_is_shown(
    comparison_folder: Path, tmp_path: Path
) -> None:
    shutil.copytree(comparison_folder, tmp_path / "c")
    path = tmp_path / "c" / "comparison.json"
    data = json.loads(path.read_text())
    for tree in (data["change"], data["bloc_change"]):
        for bands in tree.values():
            for band in bands.values():
                band["mean"][-1] = band["p05"][-1] = band["p95"][-1] = 0.01
    path.write_text(json.dumps(data | {"seal": seal_of(data)}))
    assert MEAN_OUTSIDE not in report_html(tmp_path / "c")
    data["change"]["gdp"]["us"]["mean"][-1] = 0.02
    path.write_text(json.dumps(data | {"seal": seal_of(data)}))
    assert MEAN_OUTSIDE in report_html(tmp_path / "c")


def test_only_a_change_without_any_effect_is_said_to_have_none(
    comparison_folder: Path, tmp_path: Path
) -> None:
    shutil.copytree(comparison_folder, tmp_path / "c")
    path = tmp_path / "c" / "comparison.json"
    data = json.loads(path.read_text())
    data["flips"] = []
    data["flows"]["countries"] = (np.eye(len(data["states"])) * 3).tolist()
    for tree in (data["change"], data["bloc_change"], data["unpaired_bloc_change"]):
        for bands in tree.values():
            for band in bands.values():
                band.update(
                    mean=[0.0] * len(data["steps"]),
                    p05=[0.0] * len(data["steps"]),
                    p95=[0.0] * len(data["steps"]),
                )
    path.write_text(json.dumps(data | {"seal": seal_of(data)}))
    assert data["parted"]["memberships"] > 0  # countries change places, or futures cancel out
    assert "the same futures, run by run" not in report_html(tmp_path / "c")
    data["parted"]["memberships"] = 0.0
    path.write_text(json.dumps(data | {"seal": seal_of(data)}))
    assert "No country's membership differs" in html.unescape(report_html(tmp_path / "c"))
    del data["parted"]  # a folder of before
    path.write_text(json.dumps(data | {"seal": seal_of(data)}))
    assert "the same futures, run by run" in report_html(tmp_path / "c")
    data["change"]["compute"]["us"]["mean"][1] = 0.01  # for a while, and in compute alone
    path.write_text(json.dumps(data | {"seal": seal_of(data)}))
    assert "the same futures, run by run" not in report_html(tmp_path / "c")


def test_a_change_that_rounds_to_nothing_has_no_sign() -> None:
    assert [signed(x) for x in (-0.0004, 0.0004, -0.0006, 0.012)] == ["0.0", "0.0", "-0.1", "+1.2"]


def test_a_sweep_names_what_was_varied_and_found(sweep_folder: Path) -> None:
    words = " ".join("".join(read(report_html(sweep_folder)).words).split())
    assert "24 samples × 4 replicates = 96 futures" in words
    assert re.search(r"Budget lever [\d.]+ to [\d.]+ \(24 values\) budget", words)
    assert re.search(r"(Budget|Hope) matters most: from \S+ to \S+ it (adds|takes) [\d.]+ \(", words)
    assert "The spread over runs comes from parameters" in words
    assert "aiblocs verify DIR, aiblocs sweep x.yaml" in words


def test_texts_of_a_scenario_are_no_markup(tmp_path: Path) -> None:
    scenario = tmp_path / "odd.yaml"
    scenario.write_text(
        'extends: baseline\nname: odd\nquestion: "<script>alert(1)</script> & more?"\nhorizon: {end: 2027Q3}\n'
    )
    folder = run(str(scenario), 2).save(tmp_path / "r")
    page = report_html(folder)
    assert "<script" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; more?" in page


def test_what_is_no_results_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="is not a folder of results"):
        write_report(tmp_path)
    with pytest.raises(InputError, match="no such folder"):
        write_report(tmp_path / "none")
    assert not list(tmp_path.iterdir())


def test_an_inline_figure_keeps_its_names_to_itself() -> None:
    svg = '<?xml version="1.0"?><svg width="10pt" height="9pt" viewBox="0 0 10 9" xmlns="http://www.w3.org/2000/svg">' \
          '<g id="a"/><g clip-path="url(#a)"/></svg>'  # fmt: skip
    found = ElementTree.fromstring(inline(svg, "f1", "words"))
    assert found.attrib == {"viewBox": "0 0 10 9", "role": "img"}
    assert [child.attrib for child in found][1:] == [{"id": "f1-a"}, {"clip-path": "url(#f1-a)"}]


@pytest.mark.parametrize("kind", ["run", "comparison"])
def test_a_results_folder_is_described_for_machines(kind: str, request: pytest.FixtureRequest) -> None:
    pytest.importorskip("rocrate", reason="the extra `report` is not installed")
    folder = request.getfixturevalue(f"{kind}_folder")
    write_report(folder)
    crate = json.loads((folder / "ro-crate-metadata.json").read_text())
    entities = {entity["@id"]: entity for entity in crate["@graph"]}
    files = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    described = {part["@id"] for part in entities["./"]["hasPart"]}
    assert described == {name for name in files if not name.endswith("ro-crate-metadata.json")}
    assert entities["#seed"]["value"] == "1"
    assert entities["#making"]["instrument"] == {"@id": "#aiblocs"}
    text = (folder / "ro-crate-metadata.json").read_bytes()
    write_report(folder)
    assert (folder / "ro-crate-metadata.json").read_bytes() == text


def test_a_report_leaves_a_run_verifiable(run_folder: Path) -> None:
    write_report(run_folder)
    assert verify(run_folder).identical


def test_words_are_explained_where_they_first_stand_and_listed_at_the_end(run_folder: Path) -> None:
    page = report_html(run_folder)
    body, words = page.partition("<h2>Words</h2>")[::2]
    explained = re.findall(r'<abbr title="([^"]+)">([^<]+)</abbr>', body)
    assert len(explained) == len({meaning for meaning, _ in explained}) > 5
    listed = re.findall(r"<dd>(.*?)</dd>", words)
    assert len(listed) == len(explained)
    assert re.search(r"<abbr[^>]*>non-aligned</abbr>", body, re.IGNORECASE)
    assert "<abbr" not in "".join(
        re.findall(r"<(?:svg|code|h1|h2)\b.*?</(?:svg|code|h1|h2)>", body, re.DOTALL)
    )


def test_what_is_explained_says_the_same_words_and_escapes() -> None:
    text = '<p>A member &lt;b&gt; of a bloc &amp; its <code>leader</code> and a member "x"</p>'
    shown, terms = explained(text)
    assert [term.name for term in terms] == ["bloc", "member"]
    assert re.sub(r"</?abbr[^>]*>", "", shown) == text
    assert shown.count("<abbr") == 2
