"""Synthetic worlds: the same defaults and checks, and nothing lost on the way to a folder and back."""

import tempfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.errors import InputError
from sim.world import COLUMNS, load_world, make_world, save_world
from sim.world.columns import TRADE_KINDS

CODES = st.text("ABCDEFGHIJ0123456789_", min_size=2, max_size=12)
TEXTS = st.text(
    st.characters(exclude_categories=("C", "Zl", "Zp", "Zs"), include_characters=" "), min_size=1, max_size=30
).map(str.strip).filter(bool)  # fmt: skip


@st.composite
def worlds(draw):
    """Any world that the checks allow, as the arguments of make_world."""
    codes = draw(st.lists(CODES, min_size=1, max_size=6, unique=True))
    values, labels = {}, {}
    for column in draw(st.lists(st.sampled_from(COLUMNS), unique=True)):
        if column.type == "label":
            cells = st.sampled_from(column.allowed) if column.allowed else TEXTS
            labels[column.name] = [draw(cells) for _ in codes]
        elif column.type == "club":
            values[column.name] = [draw(st.booleans()) for _ in codes]
        else:
            numbers = st.floats(column.low, column.high)
            values[column.name] = [draw(numbers) for _ in codes]
    pairs = [(a, b) for n, a in enumerate(codes) for b in codes[:n]]
    chosen = draw(st.lists(st.sampled_from(pairs), unique=True)) if pairs else []
    share, flag = st.floats(0, 1), st.booleans()
    ties = {
        "iso3_a": [a for a, _ in chosen],
        "iso3_b": [b for _, b in chosen],
        "trade_share_a": [draw(share) for _ in chosen],
        "trade_share_b": [draw(share) for _ in chosen],
        "contiguous": [draw(flag) for _ in chosen],
        "pact": [draw(flag) for _ in chosen],
        "common_language": [draw(flag) for _ in chosen],
        "trade_kind": [draw(st.sampled_from(TRADE_KINDS)) for _ in chosen],
    }
    return codes, values, ties, labels


@given(worlds())
def test_saving_and_loading_gives_the_same_world(arguments):
    world = make_world(*arguments)
    with tempfile.TemporaryDirectory() as folder:
        save_world(world, Path(folder) / "world")
        again = load_world(Path(folder) / "world")
    assert again.sha256 == world.sha256
    assert again.iso3 == world.iso3
    assert again.labels == world.labels
    assert again.ties.trade_kind == world.ties.trade_kind
    for name, array in world.values.items():
        assert np.array_equal(array, again.values[name])


@given(worlds(), st.randoms())
def test_the_order_of_countries_does_not_matter(arguments, random):
    codes, values, ties, labels = arguments
    order = list(range(len(codes)))
    random.shuffle(order)
    shuffled = make_world(
        [codes[n] for n in order],
        {name: [cells[n] for n in order] for name, cells in values.items()},
        ties,
        {name: [cells[n] for n in order] for name, cells in labels.items()},
    )
    assert shuffled.sha256 == make_world(codes, values, ties, labels).sha256


@given(worlds())
def test_ties_hold_each_share_on_its_own_side(arguments):
    world = make_world(*arguments)
    ties = arguments[2]
    seen = {
        (world.iso3[i], world.iso3[j]): float(s)
        for i, j, s in zip(world.ties.i, world.ties.j, world.ties.trade_share, strict=True)
    }
    for n, (a, b) in enumerate(zip(ties["iso3_a"], ties["iso3_b"], strict=True)):
        assert seen[a, b] == ties["trade_share_a"][n]
        assert seen[b, a] == ties["trade_share_b"][n]
    assert len(seen) == 2 * len(ties["iso3_a"])


def test_one_number_may_stand_for_all_countries():
    world = make_world(["BB", "AA"], {"gdp": 3.0, "eu": [1, 0]})
    assert world.values["gdp"].tolist() == [3.0, 3.0]
    assert world.clubs["eu"].tolist() == [False, True]


def test_kinds_of_values():
    world = make_world(["AA"], {"gdp": 3.0})
    assert world.provenance("AA", "gdp").kind == "observed"
    assert world.provenance("AA", "population").kind == "default"
    assert world.provenance("AA", "gdp").licence == "as its author states"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (([], {}), "at least one country"),
        ((["A"], {}), r"iso3\[0\]: 'A' is not a country code"),
        ((["AA", "aa"], {}), r"iso3\[1\]: country 'aa' stands twice"),
        ((["AA"], {"gpd": 1}), "'gpd' is not a number or club of the world; did you mean gdp"),
        ((["AA"], {"name": 1}), "'name' is not a number or club"),
        ((["AA"], {}, None, {"gdp": ["1"]}), "'gdp' is not a label"),
        ((["AA"], {"gdp": [1, 2]}), "'gdp' needs 1 values"),
        ((["AA"], {"gdp": "much"}), "'gdp' needs 1 values"),
        ((["AA"], {"gdp": float("nan")}), r"gdp\[AA\]: nan is not a finite number"),
        ((["AA"], {"gdp": -1}), r"gdp\[AA\]: -1 is outside"),
        ((["AA"], {"eu": 2}), r"eu\[AA\]: 2 is neither 0 nor 1"),
        ((["AA"], {}, None, {"income_group": ["rich"]}), r"income_group\[AA\]: 'rich' is not one of"),
        ((["AA"], {}, None, {"name": ["a\nb"]}), r"name\[AA\]: a text of at most 100 printable"),
        ((["AA", "BB"], {}, {"iso3_a": ["AA"]}), "ties need the columns iso3_a and iso3_b"),
        (
            (["AA", "BB"], {}, {"iso3_a": ["AA"], "iso3_b": ["BB", "AA"]}),
            "iso3_a has 1 codes and iso3_b has 2",
        ),
        ((["AA", "BB"], {}, {"iso3_a": ["AA"], "iso3_b": ["CC"]}), r"ties\[0\]: 'CC' is not a country"),
        (
            (["AA", "BB"], {}, {"iso3_a": ["AA"], "iso3_b": ["BB"], "pakt": [1]}),
            "'pakt' is not a column of ties; did you mean pact",
        ),
        (
            (["AA", "BB"], {}, {"iso3_a": ["AA"], "iso3_b": ["BB"], "trade_share_a": [2]}),
            r"trade_share_a\[AA-BB\]: 2 is outside",
        ),
    ],
)
def test_mistakes_are_named(arguments, message):
    with pytest.raises(InputError, match=message) as caught:
        make_world(*arguments)
    assert len(caught.value.problems) == 1


def test_all_mistakes_are_named_at_once():
    with pytest.raises(InputError) as caught:
        make_world(["A", "BB"], {"gdp": [0, 0], "what": 1}, {"iso3_a": ["BB"], "iso3_b": ["BB"]})
    assert len(caught.value.problems) == 5
