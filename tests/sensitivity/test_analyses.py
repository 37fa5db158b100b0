"""Analyses against functions whose answers are known, and against their own promises."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pyarrow as pa
import pytest
import SALib.analyze.sobol
from numpy.typing import NDArray
from scipy import stats

from sim.errors import InputError
from sim.sensitivity.analyze import analyze
from sim.sensitivity.boxes import limits_text
from sim.sensitivity.convergence import replicate_convergence
from sim.sensitivity.kept import write_analysis
from sim.sensitivity.morris import morris_effects
from sim.sensitivity.prim import at_least, prim
from sim.sensitivity.question import Question
from sim.sensitivity.sobol import sobol_indices
from sim.sensitivity.surface import grid_surface, smooth_surface
from sim.sensitivity.variance import variance_split
from sim.sweeps import unit
from sim.sweeps.chunks import ChunkSpec
from sim.sweeps.folder import SweepFolder
from sim.sweeps.runner import run_sweep
from sim.sweeps.spec import read_spec

Floats = NDArray[np.float64]

# Ishigami & Homma 1990 with a = 7, b = 0.1 and Sobol's g function; indices in closed form
ISHIGAMI_FIRST, ISHIGAMI_TOTAL = [0.31390519, 0.44241114, 0.0], [0.55758886, 0.44241114, 0.24368366]
G_FIRST = [0.71619217, 0.17904804, 0.02367577, 0.00716192, 7.162e-05, 7.162e-05, 7.162e-05, 7.162e-05]
G_TOTAL = [0.78714413, 0.24219819, 0.03431691, 0.01046039, 0.00010495, 0.00010495, 0.00010495, 0.00010495]
G_WEIGHTS = np.array([0, 1, 4.5, 9, 99, 99, 99, 99])


def ishigami(points: Floats) -> Floats:
    x = (2 * points - 1) * np.pi
    y: Floats = np.sin(x[:, 0]) + 7 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0])
    return y


def sobol_g(points: Floats) -> Floats:
    y: Floats = np.prod((np.abs(4 * points - 2) + G_WEIGHTS) / (1 + G_WEIGHTS), axis=1)
    return y


@pytest.mark.parametrize(
    ("function", "first", "total", "size", "tolerance"),
    [
        (ishigami, ISHIGAMI_FIRST, ISHIGAMI_TOTAL, 4096, 0.01),
        (ishigami, ISHIGAMI_FIRST, ISHIGAMI_TOTAL, 1024, 0.03),
        (sobol_g, G_FIRST, G_TOTAL, 4096, 0.02),
    ],
)
def test_sobol_indices_of_known_functions(
    function: Callable[[Floats], Floats], first: list[float], total: list[float], size: int, tolerance: float
) -> None:
    names = [f"x{j}" for j in range(len(first))]
    found = sobol_indices(function(unit.saltelli(len(first), size, 1)), names)
    np.testing.assert_allclose(found.first, first, atol=tolerance)
    np.testing.assert_allclose(found.total, total, atol=tolerance)
    assert found.converged == (size == 4096)


def test_sobol_indices_are_those_of_salib() -> None:
    outcome = ishigami(unit.saltelli(3, 256, 5))
    problem = {"num_vars": 3, "names": list("abc"), "bounds": [[0, 1]] * 3}
    theirs = SALib.analyze.sobol.analyze(problem, outcome, calc_second_order=False, seed=1)
    ours = sobol_indices(outcome, list("abc"))
    np.testing.assert_allclose(ours.first, theirs["S1"], rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(ours.total, theirs["ST"], rtol=1e-9)
    half = (ours.total_interval[:, 1] - ours.total_interval[:, 0]) / 2
    theirs_90 = np.asarray(theirs["ST_conf"]) * 1.645 / 1.960
    np.testing.assert_allclose(half, theirs_90, rtol=0.35)


def test_sobol_intervals_cover_the_truth_about_as_often_as_they_say() -> None:
    seeds = range(40)
    first = np.array([ISHIGAMI_FIRST, ISHIGAMI_TOTAL])
    covered = []
    for seed in seeds:
        # plain random base points: the intervals assume independent ones, and are wide for a Sobol sequence
        random = np.random.default_rng(seed)
        a, b = random.random((2, 512, 3))
        rows = np.repeat(a[:, None], 5, axis=1)
        rows[:, [1, 2, 3], [0, 1, 2]] = b
        rows[:, -1] = b
        found = sobol_indices(ishigami(rows.reshape(-1, 3)), list("abc"), resamples=300, seed=seed)
        bounds = np.stack([found.first_interval, found.total_interval])
        covered.append((bounds[..., 0] <= first) & (first <= bounds[..., 1]))
    assert 0.82 <= np.mean(covered) <= 0.96


def test_sobol_warns_when_it_should() -> None:
    few = sobol_indices(ishigami(unit.saltelli(3, 64, 1)), list("abc"))
    assert any("not converged: the interval of" in warning for warning in few.warnings)
    odd = sobol_indices(ishigami(unit.saltelli(3, 5000, 1)), list("abc"))
    assert odd.warnings == ("5000 base points are not a power of two, so that the sequence is not balanced",)
    flat = sobol_indices(np.full(50, 3.0), list("abc"))
    assert flat.warnings == ("the outcome does not vary at all",)
    with pytest.raises(InputError, match="do not make a sobol design of 3 factors"):
        sobol_indices(np.zeros(51), list("abc"))
    with pytest.raises(InputError, match="not a finite number"):
        sobol_indices(np.full(50, np.nan), list("abc"))


def test_morris_finds_linear_and_curved_effects() -> None:
    points = unit.morris(4, 50, 1)
    linear = morris_effects(points, points @ np.array([3.0, -2.0, 0.5, 0.0]), list("abcd"))
    np.testing.assert_allclose(linear.mu, [3, -2, 0.5, 0], atol=1e-12)
    np.testing.assert_allclose(linear.mu_star, [3, 2, 0.5, 0], atol=1e-12)
    np.testing.assert_allclose(linear.sigma, 0, atol=1e-12)
    curved = morris_effects(points, points[:, 0] * points[:, 1], list("abcd"))
    assert curved.sigma[0] > 0.2
    assert curved.sigma[2] == 0
    g_points = unit.morris(8, 200, 1)
    order = np.argsort(-morris_effects(g_points, sobol_g(g_points), list("abcdefgh")).mu_star)
    assert order[:4].tolist() == [0, 1, 2, 3]
    with pytest.raises(InputError, match="at least two trajectories"):
        morris_effects(points[:5], points[:5, 0], list("abcd"))


def logistic(x: Floats, y: Floats) -> Floats:
    z: Floats = 1 / (1 + np.exp(-(x - 10 + 4 * y)))
    return z


@pytest.mark.parametrize(("size", "tolerance"), [(300, 0.06), (20_000, 0.02)])
def test_a_smoothed_surface_finds_the_tipping_line(size: int, tolerance: float) -> None:
    random = np.random.default_rng(2)
    x, y = random.random(size) * 20, random.random(size)
    surface = smooth_surface(x, y, logistic(x, y) + random.normal(0, 0.1, size))
    truth = logistic(*np.meshgrid(surface.x, surface.y))
    error = surface.z - truth
    assert math.sqrt(np.nanmean(error**2)) < tolerance
    line = max(surface.tipping_lines(0.5), key=len)
    assert np.abs(line[:, 0] + 4 * line[:, 1] - 10).max() < 25 * tolerance
    assert np.abs(line[:, 0] + 4 * line[:, 1] - 10).mean() < 6 * tolerance
    sure = surface.side(0.5)
    right = np.sign(truth - 0.5) == sure
    assert right[sure != 0].mean() > 0.97


def test_a_quadratic_is_recovered_to_the_very_edge() -> None:
    random = np.random.default_rng(3)
    x, y = random.random((2, 200))
    surface = smooth_surface(x, y, 1 + 2 * x - 3 * y + x * y - x**2)
    gx, gy = np.meshgrid(surface.x, surface.y)
    known = np.isfinite(surface.z)
    assert known.mean() > 0.9
    np.testing.assert_allclose(surface.z[known], (1 + 2 * gx - 3 * gy + gx * gy - gx**2)[known], atol=1e-4)


def test_a_grid_surface_is_made_of_cell_means() -> None:
    x, y, rest = (axis.ravel() for axis in np.meshgrid([1.0, 2, 3], [10.0, 20], [0.0, 1, 2, 3]))
    surface = grid_surface(x, y, x * y + rest)
    np.testing.assert_allclose(surface.z, np.outer([10, 20], [1, 2, 3]) + 1.5)
    np.testing.assert_allclose(surface.error, np.std([0, 1, 2, 3], ddof=1) / 2)
    assert surface.bandwidth is None
    with pytest.raises(InputError, match="at least two values"):
        grid_surface(np.ones(4), np.arange(4.0), np.arange(4.0))
    with pytest.raises(InputError, match="too many values for a grid"):
        grid_surface(np.arange(4.0), np.arange(4.0), np.arange(4.0))


def test_a_surface_needs_samples_and_levers() -> None:
    with pytest.raises(InputError, match="19 samples are too few"):
        smooth_surface(np.arange(19.0), np.arange(19.0), np.arange(19.0))
    with pytest.raises(InputError, match="two levers that vary"):
        smooth_surface(np.arange(30.0), np.ones(30), np.arange(30.0))


@pytest.fixture
def cases() -> dict[str, NDArray[np.generic]]:
    random = np.random.default_rng(4)
    numbers = {name: random.random(3000) for name in "abcd"}
    return {**numbers, "rule": random.choice(["landscape", "logit", "threshold"], 3000)}


def test_prim_finds_the_box_that_was_hidden(cases: dict[str, NDArray[np.generic]]) -> None:
    a, b = cases["a"].astype(float), cases["b"].astype(float)
    interest = (a > 0.6) & (b < 0.5) & (cases["rule"] != "landscape")
    (found,) = prim(cases, interest)
    assert set(found.box.limits) == {"a", "b", "rule"}
    low, high = found.box.limits["a"]
    assert (round(float(low), 1), high) == (0.6, np.inf)
    assert found.box.limits["rule"] == frozenset({"logit", "threshold"})
    assert found.box.coverage > 0.95
    assert found.box.density > 0.95
    assert max(found.box.quasi_p.values()) < 1e-10
    assert sorted(limits_text(found.box, digits=1)) == ["a ≥ 0.6", "b ≤ 0.5", "rule is logit or threshold"]


def test_the_chance_of_a_box_is_that_of_scipy_to_the_bit() -> None:
    random = np.random.default_rng(3)
    cases = random.integers(1, 3000, 300)
    for many, density in zip(cases.tolist(), random.random(300).tolist(), strict=True):
        for successes in (0, 1, many, round(many * density)):
            assert at_least(successes, many, density) == stats.binom.sf(successes - 1, many, density)
    assert (at_least(0, 0, 0.5), at_least(5, 9, 0.0), at_least(9, 9, 1.0)) == (1.0, 0.0, 1.0)


def test_prim_figures_are_counts(cases: dict[str, NDArray[np.generic]]) -> None:
    a = cases["a"].astype(float)
    interest = (a > 0.7) & (np.random.default_rng(1).random(3000) < 0.8)
    (found, *_) = prim(cases, interest)
    for box in found.trajectory:
        inside = np.ones(3000, dtype=bool)
        for name, limit in box.limits.items():
            column = cases[name]
            if isinstance(limit, frozenset):
                inside &= np.isin(column, list(limit))
            else:
                inside &= (column.astype(float) >= limit[0]) & (column.astype(float) <= limit[1])
        assert box.cases == inside.sum()
        assert box.density == pytest.approx(interest[inside].mean())
        assert box.coverage == pytest.approx(interest[inside].sum() / interest.sum())
    mass = [box.mass for box in found.trajectory]
    assert mass[0] == 1
    assert min(mass) >= 0.05


def test_prim_finds_a_second_box_and_takes_shares_of_replicates() -> None:
    random = np.random.default_rng(5)
    a, b, c, d = random.random((4, 4000))
    chance = np.where((a > 0.6) & (b > 0.6) | (c < 0.2) & (d < 0.3), 0.95, 0.02)
    first, second, *_ = prim({"a": a, "b": b, "c": c, "d": d}, random.binomial(20, chance) / 20)
    assert set(first.box.limits) == {"a", "b"}
    assert first.box.limits["b"][0] == pytest.approx(0.6, abs=0.03)  # type: ignore[index]
    assert set(second.box.limits) == {"c", "d"}
    assert min(first.box.density, second.box.density) > 0.85


def test_prim_does_not_believe_noise(cases: dict[str, NDArray[np.generic]]) -> None:
    a = cases["a"].astype(float)
    found = prim(cases, a > 0.5)
    assert set(found[0].box.limits) == {"a"}
    noise = np.random.default_rng(9).random(3000) < 0.3
    assert all(box.box.density < 0.6 for box in prim(cases, noise))
    mixed = prim(cases, (a > 0.5) & (np.random.default_rng(9).random(3000) < 0.5), least_mass=0.02)[0].box
    irrelevant = [p for name, p in mixed.quasi_p.items() if name != "a"]
    assert mixed.quasi_p["a"] < 1e-20
    assert all(p > 1e-6 for p in irrelevant)


def test_prim_handles_ties_and_refuses_certainty() -> None:
    x = np.repeat([0.0, 1.0], 50)
    (found,) = prim({"x": x, "same": np.zeros(100)}, x > 0.5)
    assert found.box.limits == {"x": (0.5, np.inf)}
    assert found.box.score == 1.0
    with pytest.raises(InputError, match="every case is interesting"):
        prim({"x": x}, np.ones(100))
    with pytest.raises(InputError, match="no case is interesting"):
        prim({"x": x}, np.zeros(100))


def test_convergence_predicts_the_replicates_that_are_needed() -> None:
    random = np.random.default_rng(6)
    common = random.normal(0, 2, 4000)
    outcome = random.normal(size=(10, 1)) + common + random.normal(0, 0.5, (10, 4000))
    found = replicate_convergence(outcome[:, :100], 0.2)
    assert not found.enough
    assert found.needed == pytest.approx((1.96 * math.sqrt(4.25) / 0.2) ** 2, rel=0.35)
    assert found.needed_for_contrasts == pytest.approx((1.96 * 0.5 * math.sqrt(2) / 0.2) ** 2, rel=0.35)
    enough = replicate_convergence(outcome[:, : 2 * found.needed], 0.2)
    assert enough.enough
    assert enough.half_width[-1] < 0.2
    spread = np.std([outcome[0, start : start + 100].mean() for start in range(0, 4000, 100)])
    assert found.half_width[-1] == pytest.approx(1.984 * spread, rel=0.35)
    for bad in (
        lambda: replicate_convergence(outcome[:, :1], 0.2),
        lambda: replicate_convergence(outcome, 0),
    ):
        with pytest.raises(InputError):
            bad()


SD = (1.0, 0.7, 1.5)
"""Of parameters, country effects and chance."""


def drawn(random: np.random.Generator, parameter: Floats, crossed: bool) -> Floats:
    """Return outcomes [6 parameters, 3 effects, 4 chances]; deeper draws are common to all or their own."""
    if crossed:
        effect, chance = random.normal(0, SD[1], (1, 3, 1)), random.normal(0, SD[2], (1, 1, 4))
        return parameter + effect + parameter * effect + chance + random.normal(0, 0.5, (6, 3, 4))
    return parameter + random.normal(0, SD[1], (6, 3, 1)) + random.normal(0, SD[2], (6, 3, 4))


def rules_drawn(seed: int, shifts: Floats, crossed: bool, paired: bool) -> list[Floats]:
    """Return the outcomes under each rule; crossed and paired rules differ by a shift and an interaction."""
    random = np.random.default_rng(seed)
    parameters = random.normal(0, SD[0], (len(shifts), 6, 1, 1))
    if paired:
        parameters[:] = parameters[0]
    if crossed and paired:
        common = drawn(random, parameters[0], crossed)
        return [common + shift + random.normal(0, 0.3, common.shape) for shift in shifts]
    return [drawn(random, own, crossed) + shift for own, shift in zip(parameters, shifts, strict=True)]


@pytest.mark.parametrize("crossed", [False, True])
@pytest.mark.parametrize("paired", [False, True])
def test_variance_parts_are_unbiased(crossed: bool, paired: bool) -> None:
    shifts, repetitions = np.array([0.0, 0.4, -0.2]), 400
    levels = ("parameters", "effects", "chance")
    parts = [
        variance_split(
            rules_drawn(seed, shifts, crossed, paired), levels, crossed=crossed, paired=paired
        ).parts
        for seed in range(repetitions)
    ]
    mean, error = np.mean(parts, axis=0), np.std(parts, axis=0) / math.sqrt(repetitions)
    truth = np.array([np.var(shifts), *np.square(SD)])
    if crossed:
        truth[2] += SD[1] ** 2  # parameters x effects
        truth[3] += 0.25 + (0.09 if paired else 0.0)
    assert np.abs((mean - truth) / error).max() < 4
    assert np.all(error < [0.05, 0.1, 0.1, 0.1])


@pytest.mark.parametrize("paired", [False, True])
def test_rules_that_do_not_differ_get_nothing(paired: bool) -> None:
    parts = [
        variance_split(
            rules_drawn(seed, np.zeros(4), True, paired), ("p", "e", "c"), crossed=True, paired=paired
        )
        for seed in range(300)
    ]
    of_rules = np.array([split.parts[0] for split in parts])
    assert abs(of_rules.mean()) < 4 * of_rules.std() / math.sqrt(300)


def test_a_single_rule_has_no_rule_part_and_shares_sum_to_one() -> None:
    values = np.random.default_rng(1).normal(size=(50, 20))
    split = variance_split([values], ("parameters", "chance"), crossed=True)
    assert split.levels == ("parameters", "chance")
    assert split.shares.sum() == pytest.approx(1)
    assert split.total == pytest.approx(1, rel=0.1)
    assert split.shares[1] > 0.97
    with pytest.raises(InputError, match="at least two draws"):
        variance_split([values[:1]], ("parameters", "chance"), crossed=True)


@dataclass(frozen=True)
class Tipping:
    """A share that tips where budget and access are both large, more easily under one rule."""

    def __call__(self, chunk: ChunkSpec) -> pa.Table:
        names = ("budget", "access", "idle")
        budget, access, _ = (chunk.design.column(name).to_numpy()[chunk.row] for name in names)
        rule = np.array(chunk.design.column("rules.choice").to_pylist())[chunk.row]
        noise = np.random.default_rng([chunk.seed, 1]).normal(0, 0.05, 1000)[chunk.key]
        share = logistic(budget, access) * 0.6 + 0.2 * (rule == "logit") + noise
        return pa.table({"share": share})


def sweep(folder: Path, method: str, size: int) -> SweepFolder:
    spec = read_spec(
        {
            "name": "tipping",
            "base": "baseline",
            "levers": {"budget": {"range": [0, 20]}, "access": {"range": [0, 1]}},
            "uncertainties": {"idle": {"range": [0, 1]}, "rules.choice": {"values": ["logit", "threshold"]}},
            "design": {"method": method, "size": size, "replicates": 4},
        }
    )
    return run_sweep(spec, Tipping(), folder / method)


@pytest.mark.parametrize(
    ("method", "size", "results"),
    [
        ("sobol", 64, {"effects", "sobol", "surface", "boxes", "convergence"}),
        ("morris", 20, {"effects", "morris", "surface", "boxes", "convergence"}),
        ("latin_hypercube", 200, {"effects", "surface", "boxes", "convergence", "variance"}),
        ("grid", 300, {"effects", "surface", "boxes", "convergence"}),
    ],
)
def test_every_design_is_analysed_as_far_as_it_allows(
    tmp_path: Path, method: str, size: int, results: set[str]
) -> None:
    store = sweep(tmp_path, method, size)
    found = analyze(store, Question("share", level=0.5))
    assert {
        name
        for name in ("effects", "sobol", "morris", "surface", "boxes", "convergence", "variance")
        if getattr(found, name)
    } == results
    assert found.surface_levers is not None
    assert "budget" in found.surface_levers
    assert any("no variance" in note for note in found.notes) == ("variance" not in results)
    paths = write_analysis(found, tmp_path / "figures")
    assert {path.suffix for path in paths} == {".png", ".svg", ".json"}
    for path in paths:
        if path.suffix == ".svg":
            ElementTree.parse(path)
        elif path.suffix == ".png":
            assert path.read_bytes()[:8] == b"\x89PNG\r\n\x1a\n"
    data = json.loads(paths[-1].read_text())
    assert data["question"]["level"] == 0.5
    before = [path.read_bytes() for path in paths]
    again = write_analysis(analyze(store, Question("share", level=0.5)), tmp_path / "figures")
    assert [path.read_bytes() for path in again] == before


def test_the_answers_are_about_the_question(tmp_path: Path) -> None:
    store = sweep(tmp_path, "latin_hypercube", 800)
    found = analyze(store, Question("share", level=0.5, surface=("budget", "access")))
    assert found.boxes[0].box.limits["budget"][0] == pytest.approx(8, abs=2)  # type: ignore[index]
    below = analyze(store, Question("share", level=0.5, above=False))
    assert below.boxes[0].box.limits["budget"][1] == pytest.approx(9, abs=2.5)  # type: ignore[index]
    assert found.variance is not None
    assert found.variance.levels == ("rule choice", "parameters", "country effects and chance")
    assert found.variance.parts[0] == pytest.approx(0.01, rel=0.3)
    assert found.variance.parts[2] == pytest.approx(0.0025, rel=0.9)
    with pytest.raises(InputError, match="idel is not a number that the sweep varies; did you mean idle"):
        analyze(store, Question("share", surface=("budget", "idel")))
    with pytest.raises(InputError, match="no outcome shar; did you mean share"):
        analyze(store, Question("shar"))


def test_sensitivity_of_a_finished_sweep(tmp_path: Path) -> None:
    found = analyze(sweep(tmp_path, "sobol", 1024), Question("share")).sobol
    assert found is not None
    by_name = dict(zip(found.names, found.total, strict=True))
    assert max(by_name, key=lambda name: by_name[name]) == "budget"
    assert by_name["idle"] == pytest.approx(0, abs=1e-9)
    assert found.first[list(found.names).index("rules.choice")] == pytest.approx(0.01 / 0.094, abs=0.03)
