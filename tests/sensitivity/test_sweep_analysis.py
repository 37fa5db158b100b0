"""What an analysis says: effects in every future, tipping points, the sources of the variance, and sentences."""

from __future__ import annotations

import dataclasses
import json
import math
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from matplotlib.text import Text
from sweep_helpers import Waves
from sweep_helpers import spec as waves_spec

import sim
from sim.api.analyze import analyze as insights
from sim.api.sweep import Sweep
from sim.errors import InputError
from sim.report.write import report_html
from sim.results.manifest import seal_of
from sim.sensitivity.analyze import Analysis, analyze
from sim.sensitivity.boxes import Box, Discovery
from sim.sensitivity.effects import Effect, Effects, main_effects
from sim.sensitivity.kept import read_analysis, write_analysis
from sim.sensitivity.question import HALF, Question, tipping_level
from sim.sensitivity.sentences import _crossed, headline, sentences
from sim.sensitivity.surface import Crossing, Surface, grid_surface, with_draw_error
from sim.sensitivity.sweep_analysis import analyze_outcomes
from sim.sensitivity.variance_sources import CHANCE, COEFFICIENTS, EFFECTS, PARAMETERS, RULES, spread_sources
from sim.sweeps.runner import Execution, run_sweep


@pytest.fixture(scope="module")
def swept(tmp_path_factory: pytest.TempPathFactory) -> Sweep:
    spec = {
        "name": "appeal", "base": "baseline", "levers": {"blocs.us.appeal": {"range": [0, 1]}},
        "uncertainties": {"rules.choice": {"values": ["logit", "threshold"]}},
        "outcomes": ["bloc.count.us", "bloc.gdp.us"],
        "design": {"method": "latin_hypercube", "size": 60, "replicates": 6, "seed": 2},
    }  # fmt: skip
    return sim.sweep(spec, tmp_path_factory.mktemp("sweep") / "appeal")


def planted(samples: int, replicates: int) -> tuple[dict[str, np.ndarray], np.ndarray]:
    """Return factors and an outcome with known effects: 0.4 for x, differing between futures; 0.1 for b over a."""
    random = np.random.default_rng(8)
    x, idle = random.uniform(0, 10, samples), random.uniform(0, 1, samples)
    name = random.choice(["a", "b"], samples)
    slope = 0.04 + 0.01 * random.normal(size=replicates)
    runs = x[:, None] * slope + 0.1 * (name == "b")[:, None] + random.normal(size=replicates)
    return {"x": x, "idle": idle, "name": name}, runs + 0.01 * random.normal(size=(samples, replicates))


def test_effects_are_those_that_were_planted() -> None:
    columns, runs = planted(300, 40)
    found = main_effects(columns, runs, {"x": (0, 10), "idle": (0, 1)}, shared=True)
    assert [one.name for one in found.effects] == ["x", "name", "idle"]
    x, name, idle = found.effects
    assert x.interval[0] < 0.4 < x.interval[1]
    assert x.band is not None
    assert x.band[1] - x.band[0] == pytest.approx(
        2 * 1.645 * 0.1, rel=0.35
    )  # the slopes differ between futures
    assert x.rises == 1
    assert (name.start, name.stop) == ("a", "b")
    assert name.mean == pytest.approx(0.1, abs=0.003)
    assert name.clear
    assert abs(idle.mean) < 0.005


def test_futures_that_are_not_shared_have_no_effect_of_their_own() -> None:
    columns, runs = planted(300, 40)
    one = main_effects(columns, runs, {"x": (0, 10), "idle": (0, 1)}, shared=False).effects[0]
    assert one.band is None
    assert one.rises is None
    single = main_effects(columns, runs[:, :1], {"x": (0, 10), "idle": (0, 1)}, shared=True).effects[0]
    assert not single.clear


def test_few_samples_leave_curvature_out_and_fewer_are_refused() -> None:
    columns, runs = planted(10, 3)
    ends = {"x": (0.0, 10.0), "idle": (0.0, 1.0)}
    assert not main_effects(columns, runs, ends, shared=True).curved
    with pytest.raises(InputError, match="4 samples are too few to tell 3 factors apart"):
        main_effects({name: column[:4] for name, column in columns.items()}, runs[:4], ends, shared=True)


def plane() -> Surface:
    x, y = (axis.ravel().astype(float) for axis in np.meshgrid(np.arange(11), np.arange(3)))
    return grid_surface(x, y, x + 2 * y)


def test_a_level_is_crossed_where_it_is_crossed() -> None:
    surface = with_draw_error(plane(), shared=0.0, alone=0.5)
    (low,), (high,) = surface.crossings(4.5, 0), surface.crossings(4.5, 2)
    assert (low.x, high.x) == (4.5, 0.5)
    assert low.rising
    assert (low.low, low.high) == (3, 6)  # the first values that are told apart from the level
    assert high.low == -np.inf
    assert [one.x for one in surface.crossings(4.0, 0)] == [4]  # on a value of the grid: once
    assert not surface.crossings(11.0, 0)


def test_shared_futures_make_a_level_harder_to_place() -> None:
    sure, unsure = (with_draw_error(plane(), 0.0, alone) for alone in (0.1, 1.0))
    assert np.sum(sure.side(4.5) == 0) < np.sum(unsure.side(4.5) == 0)


def test_a_share_tips_at_one_half_if_it_lies_on_both_sides() -> None:
    wide, narrow = np.linspace(0.3, 0.8, 50), np.linspace(0.6, 0.8, 50)
    assert tipping_level(Question("bloc.gdp.us"), wide) == HALF
    assert tipping_level(Question("bloc.gdp.us"), narrow) == pytest.approx(0.7)
    assert tipping_level(Question("switches"), wide) == pytest.approx(0.55)
    assert tipping_level(Question("switches", level=3.0), wide) == 3.0


def test_sources_of_the_variance_are_told_apart(swept: Sweep) -> None:
    found = spread_sources(swept, ["bloc.count.us"], size=256)["bloc.count.us"]
    assert found.names == (RULES, PARAMETERS, COEFFICIENTS, EFFECTS, CHANCE)
    assert found.names[int(found.first.argmax())] == RULES
    assert found.first.sum() == pytest.approx(1, abs=0.3)
    again = spread_sources(swept, ["bloc.count.us"], size=256)["bloc.count.us"]
    assert np.array_equal(found.first, again.first)


def test_what_is_held_still_is_no_source(tmp_path: Path) -> None:
    base = tmp_path / "still.yaml"
    base.write_text(
        "extends: baseline\nname: still\nuncertainties: {coefficients: false, country_effects: false, chance: true}\n"
    )
    spec = {"name": "still", "base": str(base), "levers": {"blocs.us.aid_budget": {"range": [0, 20]}},
            "outcomes": ["bloc.count.us"], "design": {"method": "latin_hypercube", "size": 30, "replicates": 3}}  # fmt: skip
    found = spread_sources(sim.sweep(spec, tmp_path / "s"), ["bloc.count.us"], size=64)["bloc.count.us"]
    assert found.names == (PARAMETERS, CHANCE)


def test_the_mean_of_mixed_futures_is_that_of_plain_ones(swept: Sweep) -> None:
    """Draws of one replicate for all kinds are the replicate itself, bit for bit."""
    from dataclasses import replace

    from sim.sweeps.chunks import Draws, chunks_to_run
    from sim.sweeps.prepare import prepare

    prepared = prepare(swept.spec)
    chunk = next(chunks_to_run(swept.manifest.layers, swept.design, 2, True, frozenset()))
    mixed = replace(chunk, draws=Draws(chunk.key, chunk.key, chunk.key))
    assert prepared.evaluator(mixed).equals(prepared.evaluator(chunk))
    other = replace(chunk, draws=Draws(chunk.key, chunk.key + 50, chunk.key))
    assert not prepared.evaluator(other).equals(prepared.evaluator(chunk))


def test_insights_say_what_moves_an_outcome_with_bands(swept: Sweep) -> None:
    found = insights(swept).analyses[0]
    said = " | ".join(sentences(found))
    assert re.search(
        r"rules\.choice from \w+ to \w+ raises it by \d+\.\d points \(90 % interval of the mean \d+\.\d to \d+\.\d",
        said,
    )
    assert "blocs.us.appeal from 0 to 1 raises it by" in said
    assert re.search(r"between single futures by source alone: rule choice \d+ % \(\d+ % to \d+ %\)", said)
    assert "Enough runs? With 6 replicates" in said
    assert found.variance is None
    assert said.index("blocs.us.appeal from 0 to 1") < said.index("rules.choice from ")
    _, lever, other = headline(found).split("; ")
    assert lever.startswith("of the levers blocs.us.appeal matters most: from 0 to 1 it adds ")
    assert other.startswith("what nobody decides moves it more: rules.choice, from ")
    assert re.fullmatch(r"median over samples \d+\.\d %, \d+\.\d to \d+\.\d % in nine of ten of them", _)
    assert swept.meaning("bloc.count.us") == "Share of states in the US-led bloc, at the end"


@pytest.mark.parametrize(
    ("crossings", "text"),
    [
        ([], "stays on one side of 0.5 over the whole range of A"),
        (
            [Crossing(0.085, -math.inf, 0.149, True)],
            "rises above 0.5 once A exceeds 0.085 (90 %: at most 0.149)",
        ),
        (
            [
                Crossing(0.2, 0.1, 0.3, False),
                Crossing(0.8, 0.7, math.inf, True),
                Crossing(0.9, 0.8, 0.95, False),
            ],
            "falls below 0.5 once A exceeds 0.2 (90 %: 0.1 to 0.3) and rises above it beyond 0.8 (90 %: at least 0.7)"
            ", and crosses it 1 more time",
        ),
    ],
)
def test_where_a_mean_crosses_its_level_is_put_into_words(crossings: list[Crossing], text: str) -> None:
    assert _crossed("A", "0.5", crossings) == text


def test_figures_and_reports_speak_in_words_with_units(swept: Sweep) -> None:
    found = insights(swept, ["bloc.count.us"]).analyses[0]
    appeal = "US-led: Appeal of the bloc (logit)"
    assert found.words == {
        "bloc.count.us": "Share of states in the US-led bloc, at the end",
        "blocs.us.appeal": appeal,
        "rules.choice": "Decision rule",
    }
    assert f"of the levers {appeal} matters most: from 0 to 1" in headline(found, found.label)
    assert "what nobody decides moves it more: Decision rule, from " in headline(found, found.label)
    assert f"{appeal} from 0 to 1 raises it by" in " | ".join(sentences(found, found.label))
    for figure in found.figures().values():
        written = " ".join(text.get_text() for text in figure.findobj(Text))
        assert "Share of states in the US-led bloc, at the end" in written
        assert "blocs." not in written
        assert "bloc.count" not in written


def test_insights_are_saved_as_one_page_and_as_numbers(swept: Sweep) -> None:
    report = insights(swept, ["bloc.gdp.us"]).save()
    page = report.read_text()
    assert " matters most: from " in page
    assert not re.search(r"(?:src|href)=\"(?!#)", page)
    kept = json.loads((swept.path / "analysis" / "bloc.gdp.us.json").read_text())
    assert kept["sources"]["names"][0] == "rule choice"
    assert {f"bloc.gdp.us-{kind}.svg" for kind in ("effects", "sources", "convergence")} <= {
        path.name for path in (swept.path / "analysis").iterdir()
    }


def same(one: object, other: object) -> None:
    """Compare results to the last bit, types included."""
    assert type(one) is type(other)
    if dataclasses.is_dataclass(one):
        for item in dataclasses.fields(one):
            same(getattr(one, item.name), getattr(other, item.name))
    elif isinstance(one, np.ndarray):
        assert one.dtype == other.dtype
        np.testing.assert_array_equal(one, other)
    elif isinstance(one, tuple):
        assert len(one) == len(other)
        for pair in zip(one, other, strict=True):
            same(*pair)
    elif isinstance(one, dict):
        assert list(one) == list(other)
        for key in one:
            same(one[key], other[key])
    else:
        assert one == other


def test_what_is_kept_is_read_back_to_the_last_bit(swept: Sweep, tmp_path: Path) -> None:
    (found,) = insights(swept, ["bloc.count.us"]).analyses
    limits = [limit for box in found.boxes for limit in box.box.limits.values()]
    assert any(isinstance(limit, frozenset) for limit in limits)
    open_end = Effect("x", 0.0, 1.0, 0.5, (-np.inf, np.inf), None, None)
    half = Box(
        {"x": (-np.inf, 3.0), "y": (2.0, np.inf), "b": frozenset([True])}, 0.5, 0.5, 0.5, 9, {"x": 0.1}
    )
    for number, one in enumerate(
        (
            found,
            dataclasses.replace(found, effects=Effects((open_end,), curved=False), surface=None),
            dataclasses.replace(found, boxes=(Discovery(half, (half,)),), spread=None),
        )
    ):
        write_analysis(one, tmp_path / str(number))
        same(read_analysis(tmp_path / str(number) / "bloc.count.us.json"), one)
    (tmp_path / "0" / "bloc.count.us.json").write_text('{"question": 3}')
    assert read_analysis(tmp_path / "0" / "bloc.count.us.json") is None


def test_a_report_reads_what_was_kept_until_the_sweep_grows(
    swept: Sweep, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = Path(shutil.copytree(swept.path, tmp_path / "copy"))
    page = insights(folder, ["bloc.gdp.us"], level=0.6, above=False, seed=9).save().read_text()
    asked: list[Question] = []

    def counted(store: object, questions: list[Question], **options: int) -> tuple[Analysis, ...]:
        asked.extend(questions)
        return analyze_outcomes(store, questions, **options)

    monkeypatch.setattr("sim.sensitivity.sweep_analysis.analyze_outcomes", counted)
    assert report_html(folder) == page
    assert not asked
    sim.sweep(swept.spec, folder, replicates=7, resume=True, extend=True)
    assert "7 replicates" in report_html(folder)
    assert [(one.outcome, one.level, one.above) for one in asked] == [("bloc.gdp.us", 0.6, False)]


def changed(swept: Sweep, tmp_path: Path, key: str, change: Callable[[str], str]) -> Path:
    folder = tmp_path / "copy"
    shutil.copytree(swept.path, folder)
    manifest = json.loads((folder / "manifest.json").read_text())
    manifest["context"][key] = change(manifest["context"][key])
    (folder / "manifest.json").write_text(json.dumps(manifest | {"seal": seal_of(manifest)}))
    return folder


def test_data_that_changed_since_are_noticed(swept: Sweep, tmp_path: Path) -> None:
    folder = changed(swept, tmp_path, "scenario.baseline", lambda text: text[::-1])
    found = insights(folder, ["bloc.count.us"]).analyses[0]
    assert found.sources is None
    assert found.variance is not None  # what the folder itself says
    assert "program or data have changed since the sweep" in found.notes[-1]


def test_a_world_of_its_own_is_read_from_the_folder(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "countries.csv").write_text(
        "iso3,gdp,population\nUSA,100,300\nCHN,90,1400\nKEN,1,50\nIND,9,1400\nBRA,8,200\nIDN,6,280\n"
    )
    (tmp_path / "own.yaml").write_text(
        "world: mine\nhorizon: {end: 2027Q4}\nblocs: {us: {leader: USA}, china: {leader: CHN}}\n"
    )
    (tmp_path / "own-sweep.yaml").write_text(
        "name: own\nbase: own.yaml\nlevers: {blocs.us.aid_budget: {range: [0, 20]}}\noutcomes: [bloc.count.us]\n"
        "design: {method: latin_hypercube, size: 20, replicates: 4, seed: 5}\n"
    )
    store = sim.sweep(tmp_path / "own-sweep.yaml", tmp_path / "kept")
    (tmp_path / "mine").rename(tmp_path / "gone")
    found = spread_sources(store, ["bloc.count.us"], size=64)["bloc.count.us"]
    assert found.names == (PARAMETERS, COEFFICIENTS, EFFECTS, CHANCE)
    (tmp_path / "kept" / "world").rename(tmp_path / "gone-too")
    with pytest.raises(InputError, match=r"cannot be computed again here .*world"):
        spread_sources(store, ["bloc.count.us"], size=64)


def test_a_sweep_of_something_else_is_analysed_without_the_model(tmp_path: Path) -> None:
    store = run_sweep(waves_spec(30, 4), Waves(), tmp_path / "s", execution=Execution(threads=1))
    found = insights(store, ["share"]).analyses[0]
    assert found.sources is None
    assert "does not hold the scenario baseline, so that nothing can be computed again" in found.notes[-1]
    assert analyze(store, Question("share")).variance is not None
