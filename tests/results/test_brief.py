"""No value that a session shows is long: every result, and everything it holds, says what it is in a few lines."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import sim
from sim.errors import InputError
from sim.figures.drawing import Drawing
from sim.measures import Band
from sim.types import brief

LONGEST = 2_000
END = "2027Q4"


def held(value: Any, name: str, deep: int = 3) -> Iterator[tuple[str, Any]]:
    """Yield a value of ours and those of ours in its fields."""
    if not type(value).__module__.startswith("sim.") or isinstance(
        value, tuple
    ):  # named tuples of arrays are what is compiled
        return
    yield name, value
    if dataclasses.is_dataclass(value) and deep:
        for field in dataclasses.fields(value):
            found = getattr(value, field.name)
            for one in found[:1] if isinstance(found, tuple) and not hasattr(found, "_fields") else (found,):
                yield from held(one, f"{name}.{field.name}", deep - 1)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("brief")


@pytest.fixture(scope="module")
def swept(folder: Path) -> Any:
    spec = {
        "name": "aid", "base": "baseline", "outcomes": ["bloc.count.us", "bloc.gdp.china"],
        "levers": {"behaviour.attention": {"range": [0.1, 0.9]}, "blocs.us.aid_budget": {"range": [0, 100]}},
        "design": {"method": "latin_hypercube", "size": 24, "replicates": 3},
    }  # fmt: skip
    return sim.sweep(spec, folder / "swept")


def test_no_result_holds_anything_long(swept: Any, folder: Path) -> None:
    run = sim.run("baseline", 4, until=END)
    results = {
        "run": run,
        "kept": sim.open_run(run.save(folder / "run")),
        "compared": sim.compare("baseline", "waico-surge", runs=4, until=END),
        "explained": sim.explain("baseline", "KEN", runs=4, tipping=False),
        "verified": sim.verify(folder / "run"),
        "swept": swept,
        "analyzed": swept.analyze(),
        "levers": sim.levers("baseline", "finance.us", runs=4, cache=False),
        "model": sim.AlignmentModel("baseline", seed=1),
    }
    seen = [(name, value) for key, result in results.items() for name, value in held(result, key)]
    assert {"run.loaded", "run.inputs", "run.summary", "run.ensemble", "compared.comparisons"} <= {
        name for name, _ in seen
    }
    long = {name: len(repr(value)) for name, value in seen if len(repr(value)) > LONGEST}
    assert long == {}


def test_what_is_long_is_said_by_its_size() -> None:
    assert brief(np.zeros((3, 4))) == "float64[3, 4]"
    assert brief(tuple(range(9))) == "tuple of 9"
    assert brief("x" * 99) == "str ..."
    assert brief(2.5) == "2.5"
    parts = np.zeros(7)
    assert repr(Band(parts, parts, parts)) == "Band(mean=float64[7], p05=float64[7], p95=float64[7])"


def test_sweeps_and_analyses_are_drawn(swept: Any) -> None:
    analysis = swept.analyze()
    for picture in (swept.plot(), swept.plot("bloc.gdp.china", "surface"), analysis.plot(), analysis.plot("bloc.gdp.china"),
                    analysis.analyses[0].plot("convergence")):  # fmt: skip
        assert isinstance(picture, Drawing)
        assert "<svg" in picture._repr_svg_()
    assert len(repr(analysis).splitlines()) == 3
    assert "behaviour.attention moves bloc.count.us most" in repr(analysis)
    assert analysis._repr_html_().count("<table") == 2
    with pytest.raises(InputError, match=r"did you mean bloc\.count\.us"):
        analysis.plot("bloc.count.usa")
    with pytest.raises(InputError, match="did you mean effects"):
        swept.plot(figure="effect")
    with pytest.raises(InputError, match=r"bloc\.count\.usa"):
        swept.plot("bloc.count.usa")


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (
            lambda s: s.share("counts", "us"),
            "weight is 'counts'; allowed: count, gdp, population, compute; did you mean count?",
        ),
        (
            lambda s: s.share("gdp", "usa"),
            "membership is 'usa'; allowed: non_aligned, us, china, us+china; did you mean us?",
        ),
        (lambda s: s.bloc_share("gdp", "chna"), "bloc is 'chna'; allowed: us, china; did you mean china?"),
        (lambda s: s.share(0, "us"), "weight is 0; allowed: count, gdp, population, compute"),
    ],
)
def test_names_of_shares_are_named_where_they_are_wrong(call: Any, message: str) -> None:
    with pytest.raises(InputError) as caught:
        call(sim.run("baseline", 1, until="2027Q1").summary)
    assert str(caught.value) == message
