"""The page that reads countries: shares, acts and reasons are those of the futures, and leavers are members that left."""

from types import ModuleType

import pytest
from script_modules import load_tool

from sim.api.run import run
from sim.attribution.explain import explain_ensemble
from sim.results.run import RunResult


@pytest.fixture(scope="module")
def page() -> ModuleType:
    return load_tool("countries")


@pytest.fixture(scope="module")
def futures() -> RunResult:
    """Kenya leaves the China-led bloc at once, in every future; Brunei stays."""
    never = {
        "countries.KEN.effect.china": -50.0,
        "countries.KEN.attention": 100.0,
        "countries.BRN.effect.china": 50.0,
    }
    return run("baseline", 20, overrides=never)


def test_shares_acts_and_reasons_are_those_of_the_futures(page: ModuleType, futures: RunResult) -> None:
    codes = ("KEN", "RUS")
    kenya, russia = page.readings(futures, codes)
    assert (kenya.name, russia.name) == ("Kenya", "Russia")
    for one in (kenya, russia):
        for n in range(len(page.YEARS)):
            assert sum(path[n] for path in one.path.values()) == pytest.approx(1.0)
    assert russia.path["us"] == russia.path["us+china"] == (0.0, 0.0, 0.0), "it is not taken"
    assert kenya.path["china"] == kenya.path["us+china"] == (0.0, 0.0, 0.0)
    assert "WAICO" in kenya.acts["china"]
    assert russia.acts["us"] == ()
    ensemble = futures.ensemble
    assert ensemble is not None
    at = ensemble.inputs.steps.index(f"{page.REASONED}Q4")
    for code, one in zip(codes, (kenya, russia), strict=True):
        told = explain_ensemble(ensemble, futures.world, futures.scenario, code, at)
        for bloc, terms in told.terms.items():
            means = {term.name: term.mean for term in terms if term.name != "intercept"}
            largest = sorted(means, key=lambda name: -abs(means[name]))[: page.REASONS]
            assert [name for name, _ in one.reasons[bloc]] == largest
            assert [value for _, value in one.reasons[bloc]] == pytest.approx(
                [means[name] for name in largest]
            )
        first, second = ({term.name: term.mean for term in told.terms[bloc]} for bloc in ("us", "china"))
        name, value = one.apart[0]
        assert value == pytest.approx(first[name] - second[name])


def test_leavers_are_members_that_left(page: ModuleType, futures: RunResult) -> None:
    left = page.leavers(futures, "china", ("WAICO",))
    assert left[0] == ("Kenya", 1.0)
    assert len(left) == page.LEAVERS
    assert "Brunei" not in dict(left)
    assert [share for _, share in left] == sorted((share for _, share in left), reverse=True)
    anyone = page.leavers(futures, "china")
    assert anyone[0] == ("Kenya", 1.0)
    assert {"China", "United States"}.isdisjoint(dict(anyone))
    assert "Kenya" not in dict(page.leavers(futures, "china", ("PAX_SILICA",))), "it has not signed that list"
