import numpy as np
import pytest
from scipy.special import expit

from sim.evidence.crossval import (
    base_rate_method,
    leave_one_group_out,
    leave_one_item_out,
    logistic_method,
    model_method,
    pooled,
)
from sim.evidence.item_response import ItemResponsePrior, Responses

PRIOR = ItemResponsePrior(np.zeros(2), np.ones(2))


def lists(seed: int = 1, effect: float = 1.2) -> Responses:
    generator = np.random.default_rng(seed)
    terms = generator.standard_normal((160, 2))
    eta = (
        np.linspace(-2.0, 0.5, 6)[:, None]
        + terms @ np.array([1.2, 0.0])
        + effect * generator.standard_normal(160)
    )
    y = (generator.random(eta.shape) < expit(eta)).astype(float)
    return Responses.of(y, np.ones_like(y), terms)


NAMES = [f"list {j}" for j in range(6)]
METHODS = {
    "model": model_method(PRIOR),
    "terms only": model_method(PRIOR, use_effects=False),
    "useless term": logistic_method([1]),
    "base rate": base_rate_method,
}


def test_what_is_known_of_a_country_helps_and_a_useless_term_does_not() -> None:
    held_out = leave_one_item_out(lists(), NAMES, METHODS, "known")
    model, terms, useless, base = (pooled(held_out, name) for name in METHODS)
    assert model.auc > terms.auc + 0.02 > useless.auc + 0.1
    assert model.log_score > terms.log_score > base.log_score
    assert model.brier < terms.brier < base.brier
    assert base.auc == 0.5


@pytest.mark.parametrize("size", ["known", "unknown"])
def test_the_held_out_list_cannot_be_seen(size) -> None:
    data = lists()
    flipped = Responses(data.y.copy(), data.weights, data.terms)
    flipped.y[2] = flipped.y[2][np.random.default_rng(0).permutation(160)]  # the same number joins
    for name in ("model", "base rate"):
        one, other = (
            [
                entry
                for entry in leave_one_item_out(source, NAMES, METHODS, size)
                if (entry.method, entry.part) == (name, "list 2")
            ]
            for source in (data, flipped)
        )
        np.testing.assert_array_equal(one[0].probability, other[0].probability)


def test_a_known_size_is_met_exactly_and_an_unknown_one_is_not() -> None:
    data = lists()
    for entry in leave_one_item_out(data, NAMES, METHODS, "known"):
        assert entry.probability.sum() == pytest.approx(data.y[NAMES.index(entry.part)].sum(), abs=1e-6)
    unknown = leave_one_item_out(data, NAMES, METHODS, "unknown")
    assert (
        max(abs(entry.probability.sum() - data.y[NAMES.index(entry.part)].sum()) for entry in unknown) > 5.0
    )


def test_the_base_rate_of_a_known_size_is_the_share_that_joined() -> None:
    data = lists()
    entry = leave_one_item_out(data, NAMES, {"base rate": base_rate_method}, "known")[3]
    np.testing.assert_allclose(entry.probability, data.y[3].mean(), atol=1e-9)
    share = data.y[3].mean()
    assert entry.score.brier == pytest.approx(share * (1 - share))


def test_a_left_out_group_is_predicted_from_the_others_only() -> None:
    data = lists()
    groups = ["north" if i < 60 else "south" for i in range(160)]
    held_out = leave_one_group_out(data, groups, METHODS)
    assert {entry.part for entry in held_out} == {"north", "south"}
    changed = Responses(data.y.copy(), data.weights, data.terms)
    changed.y[:, :60] = 1.0 - changed.y[:, :60]
    again = leave_one_group_out(changed, groups, METHODS)
    for one, other in zip(held_out, again, strict=True):
        if one.part == "north":
            np.testing.assert_array_equal(one.probability, other.probability)
            assert one.probability.shape == (6, 60)
    assert pooled(held_out, "model").auc > pooled(held_out, "useless term").auc + 0.1


def test_unknown_cells_are_scored_nowhere() -> None:
    data = lists()
    hidden = Responses(data.y.copy(), data.weights.copy(), data.terms)
    hidden.weights[4, :50] = 0.0
    first = leave_one_item_out(hidden, NAMES, {"model": METHODS["model"]}, "unknown")[4]
    hidden.y[4, :50] = 1.0 - hidden.y[4, :50]
    second = leave_one_item_out(hidden, NAMES, {"model": METHODS["model"]}, "unknown")[4]
    assert first.score == second.score
