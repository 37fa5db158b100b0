"""Forecasts from rolling origins: made from what was given alone, kept whole, resumed, scored, and shipped as they come out."""

import os
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import psutil
import pytest
from patience import PATIENCE

import sim
from sim.calibration.dates import TODAY
from sim.calibration.participation import load_participation
from sim.cli import main
from sim.errors import AiblocsError, InputError
from sim.evidence import rolling
from sim.evidence.known import known_on
from sim.evidence.rolling import Rolling, parse_origins, run_rolling
from sim.evidence.rolling_lists import (
    KNOWN_TO,
    Target,
    Truth,
    horizons,
    last_day,
    not_scored,
    origins,
    targets,
    truth,
)
from sim.evidence.rolling_methods import BASELINES, METHODS, REGISTER, SIMULATOR
from sim.evidence.rolling_origin import (
    OriginForecast,
    RollingSizes,
    TargetForecast,
    forecast_origin,
    origin_file,
    read_origin,
    write_origin,
)
from sim.evidence.rolling_scores import Scorer, crps
from sim.evidence.rolling_tables import compare_tables, read_tables, write_tables
from sim.report.markdown import markdown
from sim.report.validation.rolling import rolling_document
from sim.report.validation.rolling_charts import GOOD, coverage, outside_goal
from sim.scenario.quarters import parse_quarter, quarter_name
from sim.types import Floats
from sim.world import load_world

ORIGIN = parse_quarter("2026Q2")
SMALL = RollingSizes(runs=6, draws=60, resamples=3)
STATES = ("AAA", "BBB", "CCC", "DDD")
DOCS = Path(sim.__file__).parents[1] / "docs"


def everything() -> tuple[Target, ...]:
    return targets(load_participation(load_world().iso3, cutoff=TODAY))


def made_up(chance: Floats, before: list[float], name: str = "BRI", opened: int = 8055) -> OriginForecast:
    """A forecast of one list, one quarter ahead, the same by every method."""
    drawn = np.zeros((4, 1, len(before)), dtype=np.bool_)
    drawn[2:, :, 1] = True
    one = TargetForecast(
        Target(name, "china", opened), (1,), np.array(before),
        {method: chance[None].astype(np.float32) for method in METHODS}, {SIMULATOR: drawn, REGISTER: drawn},
    )  # fmt: skip
    return OriginForecast(ORIGIN, STATES, "made up", 4, {}, (one,))


def made_up_truth(y: list[float], name: str = "BRI") -> Truth:
    return Truth(STATES, ORIGIN, ORIGIN + 1, {name: np.array([[np.nan] * len(y), y])})


@pytest.fixture(scope="module")
def forecast() -> OriginForecast:
    """Everything from the last origin, with no way to read anything but what it was given."""
    known, wanted = known_on(last_day(ORIGIN)), everything()
    with pytest.MonkeyPatch.context() as patch:
        for place in ("sim.evidence.past.load_past", "sim.evidence.histories.load_past",
                      "sim.evidence.data.load_past", "sim.evidence.data.load_participation", "sim.evidence.data.load_world",
                      "sim.inputs.levels.load_participation", "sim.inputs.levels.load_world",
                      "sim.inputs.countries.load_participation", "sim.inputs.drawn.load_posterior"):  # fmt: skip
            patch.setattr(place, forbidden)
        return forecast_origin(known, ORIGIN, wanted, SMALL)


def forbidden(*_: object, **__: object) -> None:
    raise AssertionError("a forecast reads what it was not given")


def test_a_forecast_is_made_from_what_was_known_alone(forecast: OriginForecast) -> None:
    names = {one.target.name: one for one in forecast.targets}
    assert set(names) == {one.name for one in everything()}
    for one in forecast.targets:
        assert one.horizons == horizons(ORIGIN)
        for method in METHODS:
            assert one.chance[method].shape == (1, len(forecast.iso3))
            assert 0.0 < one.chance[method].min() <= one.chance[method].max() < 1.0
    assert np.nansum(names["WAICO"].before) == 0.0 < np.nansum(names["BRI"].before)
    assert names["WAICO"].members[REGISTER] is not names["WAICO"].members[SIMULATOR]
    assert (names["BRI"].chance[REGISTER] == names["BRI"].chance[SIMULATOR]).all()


def test_members_of_an_open_list_mostly_stay(forecast: OriginForecast) -> None:
    for one in forecast.targets:
        if not one.target.is_bloc and np.nansum(one.before) > 5.0:
            inside = one.before == 1.0
            for method in METHODS:
                assert one.chance[method][0, inside].mean() > one.chance[method][0, ~inside].mean() + 0.3


def test_an_origin_is_read_as_it_was_written(forecast: OriginForecast, tmp_path: Path) -> None:
    path = write_origin(forecast, tmp_path, {"made": "here"})
    again, recipe = read_origin(path)
    assert recipe == {"made": "here"}
    assert (again.origin, again.iso3, again.imputed) == (ORIGIN, forecast.iso3, forecast.imputed)
    for one, other in zip(forecast.targets, again.targets, strict=True):
        assert (one.target, one.horizons) == (other.target, other.horizons)
        for method in METHODS:
            assert (one.chance[method] == other.chance[method]).all()
        assert one.members.keys() == other.members.keys()
        for method, drawn in one.members.items():
            assert (drawn == other.members[method]).all()
    path.write_bytes(path.read_bytes()[:-100])
    with pytest.raises(InputError, match="is no file of an origin; remove it, and it is made anew"):
        read_origin(path)


def test_what_was_done_is_kept_and_resumed(
    forecast: OriginForecast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []
    quarters = (ORIGIN - 1, ORIGIN)

    def make(known: object, origin: int, wanted: object, sizes: object) -> OriginForecast:
        asked.append(origin)
        if len(asked) == 2:
            raise MemoryError("killed")
        return replace(forecast, origin=origin)

    monkeypatch.setattr(rolling, "forecast_origin", make)
    with pytest.raises(MemoryError):
        run_rolling(tmp_path, quarters, SMALL)
    assert [path.name for path in tmp_path.glob("*.npz")] == ["origin-2026Q1.npz"]
    with pytest.raises(
        InputError, match="holds 1 of 2 origins: --resume goes on with them, --out DIR starts elsewhere"
    ):
        run_rolling(tmp_path, quarters, SMALL)
    seen: list[tuple[int, int]] = []
    found = run_rolling(
        tmp_path, quarters, SMALL, resume=True, progress=lambda done, total: seen.append((done, total))
    )
    assert asked == [ORIGIN - 1, ORIGIN, ORIGIN]
    assert seen == [(2, 2)]
    assert found.origins == ("2026Q1", "2026Q2")
    run_rolling(tmp_path, quarters, RollingSizes(runs=7, draws=60, resamples=3), resume=True)
    assert asked[3:] == [ORIGIN - 1, ORIGIN]  # made from something else: both are made anew


def test_it_stops_when_asked_and_keeps_what_is_done(
    forecast: OriginForecast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        rolling, "forecast_origin", lambda known, origin, *_: replace(forecast, origin=origin)
    )
    with pytest.raises(sim.Cancelled, match="stopped after 1 of 2 origins; --resume goes on"):
        run_rolling(
            tmp_path, (ORIGIN - 1, ORIGIN), SMALL, cancel=lambda: origin_file(tmp_path, ORIGIN - 1).exists()
        )
    assert origin_file(tmp_path, ORIGIN - 1).is_file()


def test_states_of_unknown_membership_are_no_question() -> None:
    scorer = Scorer(made_up_truth([1.0, 1.0, 0.0, np.nan]))
    scorer.add(made_up(np.array([0.9, 0.6, 0.2, 0.5]), [1.0, 0.0, 0.0, 0.0]))
    (case,) = scorer.cases
    assert (case.questions, case.unknown, case.members, case.came, case.kind) == (3, 1, 2, 1, "open")
    told = case.methods[SIMULATOR]
    assert told.brier == pytest.approx((0.01 + 0.16 + 0.04) / 3.0, abs=1e-6)
    assert told.log_score == pytest.approx(np.log([0.9, 0.6, 0.8]).mean(), abs=1e-6)
    assert told.auc == 1.0  # of the two outside, who joined ranks first
    assert told.crps == crps(np.array([0.0, 0.0, 1.0, 1.0]), 2.0)
    assert case.bands[SIMULATOR] == (0.0, 1.0)
    assert not case.inside(SIMULATOR)
    gaps = scorer.gaps()
    assert {gap.mean for gap in gaps} == {0.0}
    assert {gap.baseline for gap in gaps} == set(BASELINES)


def test_nothing_to_score_is_an_error_and_said() -> None:
    scorer = Scorer(made_up_truth([np.nan] * 4))
    scorer.add(made_up(np.full(4, 0.5), [0.0] * 4))
    with pytest.raises(
        AiblocsError, match="no forecast could be scored: BRI, 1 quarters ahead: no membership is known"
    ):
        scorer.gaps()
    with pytest.raises(AiblocsError, match="no forecast could be scored: there is none"):
        Scorer(made_up_truth([1.0] * 4)).gaps()


def test_the_score_of_a_count_is_its_definition() -> None:
    drawn = np.array([3.0, 7.0, 7.0, 12.0, 4.0])
    apart = np.abs(drawn[:, None] - drawn[None, :]).mean()
    assert crps(drawn, 6.0) == pytest.approx(np.abs(drawn - 6.0).mean() - apart / 2.0)
    assert crps(np.full(9, 5.0), 5.0) == 0.0


def test_every_list_is_forecast_or_said_why_not() -> None:
    known = load_participation(load_world().iso3, cutoff=TODAY)
    names = [one.name for one in targets(known) if not one.is_bloc]
    left = not_scored(known)
    assert sorted([*names, *left]) == sorted(item.id for item in known.items)
    assert all(left.values())


def test_partly_dated_acts_are_unknown_where_they_may_lie_on_either_side() -> None:
    world = load_world()
    told = truth(world.iso3, everything())
    assert told.members["FOC"].shape == (KNOWN_TO - origins()[0] + 1, len(world.iso3) - 2)
    middle, end = (told.at("FOC", parse_quarter(text)) for text in ("2024Q2", "2024Q4"))
    joined = np.isnan(middle) & (end == 1.0)
    assert joined.sum() == 4  # the tables know the year alone


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            ("--rolling", "--origins", "2023Q5"),
            "'2023Q5' is no origin; they are 2022Q4 to 2026Q2; did you mean 2023Q",
        ),
        (("--rolling", "--origins", "2023Q4", "--write"), "--write and --docs need all origins in full"),
        (("--rolling", "--quick", "--docs", "docs"), "--write and --docs need all origins in full"),
        (("--resume",), "--resume, --origins, --workers and --write belong to --rolling"),
    ],
)
def test_a_wrong_call_is_refused_in_a_line(
    arguments: tuple[str, ...], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["validate", *arguments]) == 2
    assert message in capsys.readouterr().err


def test_origins_are_read_in_order_and_once() -> None:
    assert parse_origins("2025Q2, 2023Q4,2025Q2") == (parse_quarter("2023Q4"), parse_quarter("2025Q2"))


def test_tables_are_read_as_they_were_written(tmp_path: Path) -> None:
    shipped = read_tables()
    write_tables(shipped, tmp_path)
    again = read_tables(tmp_path)
    assert [replace(case, methods={}) for case in again.cases] == [
        replace(case, methods={}) for case in shipped.cases
    ]
    assert again.gaps == shipped.gaps
    assert compare_tables(again, shipped).same
    (tmp_path / "cases.csv").write_text(
        (tmp_path / "cases.csv").read_text(encoding="utf-8").split("\n", 1)[0] + "\n", encoding="utf-8"
    )
    with pytest.raises(InputError, match="there is no score in it"):
        read_tables(tmp_path)
    write_tables(shipped, tmp_path)
    (tmp_path / "about.json").write_text("{}", encoding="utf-8")
    with pytest.raises(InputError, match=r"about\.json: is no record of rolling origins"):
        read_tables(tmp_path)


def test_other_scores_are_seen() -> None:
    shipped = read_tables()
    first = shipped.cases[0]
    told = {**first.methods, SIMULATOR: replace(first.methods[SIMULATOR], log_score=-9.0)}
    other = replace(shipped, cases=(replace(first, methods=told), *shipped.cases[1:]))
    found = compare_tables(other, shipped)
    assert not found.same
    assert quarter_name(first.origin) in found.where
    assert not compare_tables(shipped, replace(shipped, cases=shipped.cases[1:])).same


def test_the_package_ships_every_origin_and_horizon() -> None:
    shipped = read_tables()
    assert shipped.sizes == RollingSizes()
    there = {(case.origin, case.horizon) for case in shipped.cases}
    assert there == {(origin, ahead) for origin in origins() for ahead in horizons(origin)}
    assert {case.name for case in shipped.cases} == {one.name for one in everything()}


def test_the_page_is_what_the_shipped_tables_say() -> None:
    said = markdown(rolling_document(read_tables()), "images")
    assert (DOCS / "rolling.md").read_text(encoding="utf-8") == said


def test_horizons_outside_the_goal_are_named() -> None:
    shipped: Rolling = read_tables()
    shares = coverage(shipped)
    missed = outside_goal(shares)
    for horizon, (inside, cases) in shares.items():
        assert (horizon in missed) != (GOOD[0] <= inside / cases <= GOOD[1])
    text = markdown(rolling_document(shipped), "images")
    table = text.partition("## Coverage against horizon")[2].partition("\n## ")[0]
    rows = [line.split(" | ") for line in table.splitlines() if line.startswith("| ") and line[2].isdigit()]
    assert {int(row[0].removeprefix("| ")) for row in rows if row[3] == "NO"} == set(missed)


@pytest.mark.parametrize("how", ["os.kill(os.getpid(), signal.SIGKILL)", "os.kill(0, signal.SIGINT)"])
def test_workers_end_with_the_process_that_started_them(how: str, tmp_path: Path) -> None:
    script = tmp_path / "start.py"
    script.write_text(
        "import os\nimport signal\nfrom sim.evidence.rolling import _workers\n\n"
        "def main():\n"
        "    with _workers(2) as pool:\n"
        "        pids = {pool.submit(slow, n).result() for n in range(4)}\n"
        "        print(*pids, flush=True)\n"
        f"        {how}\n\n"
        "def slow(_):\n    return os.getpid()\n\n"
        'if __name__ == "__main__":\n    main()\n',
        encoding="utf-8",
    )
    said, wrong = tmp_path / "workers.txt", tmp_path / "errors.txt"
    # Files, no pipes, which workers that live on would keep open; a session of its own: the signal is for all of it.
    with said.open("w", encoding="utf-8") as file, wrong.open("w", encoding="utf-8") as errors:
        done = subprocess.run(
            [sys.executable, str(script)], env={**os.environ, "PYTHONPATH": str(DOCS.parent)}, stdout=file, stderr=errors,
            check=False, start_new_session=True,
        )  # fmt: skip
    assert done.returncode < 0
    workers = [int(pid) for pid in said.read_text(encoding="utf-8").split()]
    assert workers
    until = time.monotonic() + PATIENCE
    while any(psutil.pid_exists(pid) for pid in workers):
        assert time.monotonic() < until
        time.sleep(0.1)
    assert (
        wrong.read_text(encoding="utf-8").count("Traceback") <= 1
    )  # of the process itself, none of its workers
