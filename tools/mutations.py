"""The mistakes that `tools/mutate.py` puts in, two and more for each family of modules, and the tests to catch them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Mutation:
    """One mistake: ``before`` stands exactly once in ``file`` and is replaced by ``after``.

    ``family`` : of modules; ``what`` : the mistake in words; ``tests`` : files and folders whose tests should notice
    """

    family: str
    what: str
    file: str
    before: str
    after: str
    tests: tuple[str, ...]


_MODEL = ("tests/theory/test_equations.py", "tests/mesa_model", "tests/engine")
_ENSEMBLE = ("tests/engine", "tests/mesa_model")

MUTATIONS: tuple[Mutation, ...] = (
    Mutation("theory: utility", "threats attract instead of repel", "sim/theory/value.py",
             "total -= beta[COERCION] * punishment", "total += beta[COERCION] * punishment", _MODEL),
    Mutation("theory: utility", "leaving costs what joining costs, and joining what leaving costs", "sim/theory/choice.py",
             "total -= join_cost * joined + leave_cost * left",
             "total -= leave_cost * joined + join_cost * left", _MODEL),
    Mutation("theory: utility", "a pair of rivals is charged twice", "sim/theory/choice.py",
             "cost = hedging_cost * (count * (count - 1) // 2)", "cost = hedging_cost * (count * (count - 1))", _MODEL),
    Mutation("theory: offers", "member and outsider swapped in the chip term", "sim/theory/chips.py",
             "return compute_gain(readiness, stock, member, outsider, floor)",
             "return compute_gain(readiness, stock, outsider, member, floor)", _MODEL),
    Mutation("theory: offers", "the reserve of the aid budget is spent twice", "sim/theory/aid.py",
             "return budget * (1.0 - reserve)", "return budget", _MODEL),
    Mutation("theory: offers", "a digital divide closes four times as fast", "sim/theory/divide.py",
             "return divide * (1.0 - 0.25 * (own_rate", "return divide * (1.0 - (own_rate", _MODEL),
    Mutation("theory: schedule", "a ramp is a quarter late", "sim/theory/timeline.py",
             "return min(1.0, (step - start + 1) / (ramp + 1.0))", "return min(1.0, (step - start) / (ramp + 1.0))",
             ("tests/theory/test_equations.py", "tests/inputs", "tests/engine")),
    Mutation("theory: schedule", "an entry ends a quarter late", "sim/theory/timeline.py",
             "if step < start or step >= start + length:", "if step < start or step > start + length:",
             ("tests/theory/test_equations.py", "tests/inputs", "tests/engine")),
    Mutation("theory: draws", "both draws of a decision are the same bits", "sim/theory/draws.py",
             "return first_uniform(bits), second_uniform(bits)", "return first_uniform(bits), first_uniform(bits)", _MODEL),
    Mutation("step", "own exports are claimed by the leader too", "sim/engine/market.py",
             "            if countries.leads[k, i]:\n                need = 0.0\n", "", ("tests/inputs", *_MODEL)),
    Mutation("step", "outsiders are paid earmarked aid", "sim/engine/delivery.py",
             "market.earmarks[k, i] * member", "market.earmarks[k, i]", _MODEL),
    Mutation("step", "a leader absorbs without limit: the reserve is not capped", "sim/theory/leaders.py",
             "out[i] = min(left, absorb[i])", "out[i] = absorb[i]", _MODEL),
    Mutation("assemble", "peer weights are not normalised", "sim/inputs/network.py",
             "share = np.divide(matrix, total, out=np.zeros_like(matrix), where=total > 0)",
             "share = matrix / max(float(matrix.max()), 1e-9) / len(matrix)", ("tests/inputs", *_MODEL)),
    Mutation("assemble", "regimes count as votes in the landscape", "sim/inputs/network.py",
             '_likeness(world.values["liberal_democracy"])', '_likeness(world.values["ideal_point"])',
             ("tests/inputs", "tests/replications", *_MODEL)),
    Mutation("ensemble", "every replicate takes the first posterior draw", "sim/engine/rows.py",
             "picked = [drawn_index(inputs, seed, int(replicate)) for replicate in replicates]",
             "picked = [drawn_index(inputs, seed, 0) for replicate in replicates]", _ENSEMBLE),
    Mutation("model", "a country decides on memberships of this quarter", "sim/mesa_model/country.py",
             "        self._next = self.choose(self._draws()[1]) if self.reconsiders() else self.membership\n",
             "        self._next = self.choose(self._draws()[1]) if self.reconsiders() else self.membership\n"
             "        self.membership = self._next\n", _ENSEMBLE),
    Mutation("ensemble", "who leaves a bloc still counts as a peer in it", "sim/engine/kernel.py",
             "move_peer(network, i, k, now - was, state.sums)", "move_peer(network, i, k, now, state.sums)", _ENSEMBLE),
    Mutation("model", "costs of joining and leaving exchanged in what an agent says of itself", "sim/mesa_model/country.py",
             "row[market.JOIN_COST], row[market.LEAVE_COST], utility", "row[market.LEAVE_COST], row[market.JOIN_COST], utility",
             ("tests/mesa_model", "tests/attribution")),
    Mutation("outcomes", "the lower end of the band is the 50th percentile", "sim/measures/bands.py",
             "LOW, HIGH = 0.05, 0.95", "LOW, HIGH = 0.5, 0.95", ("tests/measures",)),
    Mutation("outcomes", "a majority begins at exactly half", "sim/measures/outcomes.py",
             "bloc_share(view, weight, bloc) > HALF", "bloc_share(view, weight, bloc) >= HALF", ("tests/measures",)),
    Mutation("outcomes", "the band of a difference is widened to hold its mean", "sim/attribution/compare.py",
             "band(values, hold_mean=False)", "band(values, hold_mean=True)", ("tests/measures/test_bands.py",)),
    Mutation("outcomes", "a sweep keeps a bloc's share of the first quarter as that of the last", "sim/measures/view.py",
             "shares=self.shares[:, -1:]", "shares=self.shares[:, :1]", ("tests/sweeps/test_sweep_measures.py",)),
    Mutation("outcomes", "polarization weighs groups as if they had no identity", "sim/measures/indices.py",
             "(p ** (1.0 + alpha) * (p @ apart))", "(p * (p @ apart))", ("tests/measures/test_indices.py",)),
    Mutation("reasons", "the two scenarios do not share their draws", "sim/api/ask.py",
             "seed = results[0].seed if results else seed", "seed = results[0].seed + 1 if results else seed",
             ("tests/attribution",)),
    Mutation("reasons", "a change is a minus b", "sim/attribution/compare.py",
             "_band(b[w][name] - a[w][name][order])", "_band(a[w][name][order] - b[w][name])", ("tests/attribution",)),
    Mutation("world", "the hash of the world does not see the numbers", "sim/inputs/hashing.py",
             "        digest.update(content)\n", "", ("tests/api/test_api_run.py", "tests/results")),
    Mutation("world", "filled-in values count as observed", "sim/labels/shares.py",
             '_NOT_OBSERVED = {"imputed", "default"}', '_NOT_OBSERVED = {"default"}', ("tests/report", "tests/world")),
    Mutation("scenario", "the parent overrides the child", "sim/scenario/loader.py",
             "    for layer in chain:\n", "    for layer in reversed(chain):\n", ("tests/scenario",)),
    Mutation("scenario", "a leave cost may be negative", "sim/registry/parameters.py",
             '3, 0, 20, "logit", "Utility lost once per bloc left"', '3, -20, 20, "logit", "Utility lost once per bloc left"',
             ("tests/scenario", "tests/evidence")),
    Mutation("evidence", "what came after the cut-off enters the estimate", "sim/calibration/dates.py",
             "CUTOFF = dt.date(2025, 7, 25)", "CUTOFF = dt.date(2026, 7, 25)", ("tests/evidence", "tests/world")),
    Mutation("evidence", "the Brier score forgets to square", "sim/evidence/scores.py",
             "np.average((events - chances) ** 2, weights=mass)", "np.average(np.abs(events - chances), weights=mass)",
             ("tests/evidence/test_evidence_scores.py",)),
    Mutation("evidence", "a register that was edited is scored", "sim/evidence/statements.py",
             "    if file_sha256(path) != sha256:\n", "    if False:\n", ("tests/evidence/test_evidence_scoreboard.py",)),
    Mutation("evidence", "an outcome that the register may have known tests it", "sim/evidence/outcomes.py",
             'cutoff_side(date, register.cutoff) != "after"', 'cutoff_side(date, register.cutoff) == "before"',
             ("tests/evidence/test_evidence_scoreboard.py",)),
    Mutation("evidence", "a statement is scored before its quarter is over", "sim/evidence/scoreboard.py",
             "parse_quarter(entry.date) > known_to", "False", ("tests/evidence/test_evidence_scoreboard.py",)),
    Mutation("results", "verify does not look at the files", "sim/results/folder.py",
             "        elif file_sha256(path) != sha256:\n", "        elif False:\n", ("tests/results", "tests/cli")),
    Mutation("results", "a foreign folder is written over", "sim/results/folder.py",
             "    if strange:\n", "    if False:\n", ("tests/results", "tests/cli")),
    Mutation("results", "the runs of a comparison are taken in the order of their folders", "sim/results/kinds.py",
             'place.name.partition("-")[2] == name', "True", ("tests/results/test_results_shown.py",)),
    Mutation("results", "a number that is none differs from itself", "sim/results/parquet.py",
             "        return math.isnan(new)\n", "        return False\n", ("tests/results/test_tables_differ.py",)),
    Mutation("sweep", "a resumed sweep accepts another specification", "sim/sweeps/start.py",
             "if manifest.identity != spec.identity(context):", "if False:",
             ("tests/sweeps/test_sweep_runner.py", "tests/sweeps/test_sweep_store.py", "tests/sweeps")),
    Mutation("sweep", "the last sample of a grown sweep is forgotten", "sim/sweeps/chunks.py",
             "(old_samples, samples, 0, replicates)]", "(old_samples, samples - 1, 0, replicates)]",
             ("tests/sweeps/test_sweep_runner.py", "tests/sweeps/test_sweep_store.py")),
    Mutation("figures, report", "two blocs exchange their colours", "sim/figures/palette.py",
             '_HOME_SLOT = {"us": "a", "china": "b"}', '_HOME_SLOT = {"us": "b", "china": "a"}',
             ("tests/figures", "tests/dashboard/test_palette.py", "tests/report")),
    Mutation("figures, report", "a report shows texts of a scenario as markup", "sim/report/html.py",
             "Html(html.escape(str(value)))", "Html(str(value))", ("tests/report",)),
    Mutation("cli", "bad input leaves with the code of success", "sim/errors.py",
             "    exit_code = 2\n", "    exit_code = 0\n", ("tests/test_errors.py", "tests/cli")),
    Mutation("cli", "the last quarter asked for is ignored", "sim/cli/run.py",
             "seed, until=until", "seed, until=None", ("tests/cli/test_cli_commands.py",)),
    Mutation("validation", "a curve that leaves its band keeps the promise", "sim/evidence/validate.py",
             "belt.curve.inside.sum() >= BELT_YEARS", "belt.curve.inside.sum() >= 0", ("tests/report/test_validation.py",)),
    Mutation("validation", "a baseline that is better is called worse", "sim/evidence/backtest.py",
             "bool(model > value) for", "bool(model < value) for", ("tests/report/test_validation.py",)),
    Mutation("dashboard", "a link forgets what was left out of the timeline", "sim/dashboard/link.py",
             '    for name in future.dropped:\n        yield f"{prefix}drop", name\n', "",
             ("tests/dashboard/test_state.py",)),
    Mutation("dashboard", "every question is answered, however old", "sim/dashboard/latest_only_worker.py",
             "question, self._wanted = self._wanted, None", "question = self._wanted", ("tests/dashboard/test_solver.py",)),
    Mutation("dashboard", "probabilities are cut off, not rounded", "sim/dashboard/widgets/encode.py",
             "np.rint(probability * STEPS_PER_UNIT)", "np.floor(probability * STEPS_PER_UNIT)",
             ("tests/dashboard/test_encode.py",)),
)  # fmt: skip
