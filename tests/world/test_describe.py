"""What the data command shows, and finding a country by what somebody typed."""

import pytest

from sim.errors import InputError
from sim.world import COLUMNS, describe, describe_columns, load_world, make_world

WORLD = load_world()


@pytest.mark.parametrize("text", ["KEN", "ken", "Kenya", " kenya "])
def test_a_country_is_found_by_code_or_name_in_any_case(text):
    assert WORLD.resolve(text) == "KEN"
    rows = describe(WORLD, text)
    assert [row.column for row in rows] == [column.name for column in COLUMNS]
    assert {row.iso3 for row in rows} == {"KEN"}


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("KENN", "did you mean KEN (Kenya)?"),
        ("Germny", "did you mean DEU (Germany)?"),
        ("zzzzzz", "`aiblocs data` lists the countries"),
    ],
)
def test_an_unknown_country_gets_the_nearest(text, hint):
    with pytest.raises(InputError) as caught:
        describe(WORLD, text)
    assert f"{text!r} is not a country of this world" in str(caught.value)
    assert hint in str(caught.value)


@pytest.mark.parametrize("text", ["ken", "Kenya", "KEN "])
def test_index_wants_the_exact_code_and_says_which(text):
    assert WORLD.iso3[WORLD.index("KEN")] == "KEN"
    with pytest.raises(InputError, match=r"did you mean KEN \(Kenya\)\?"):
        WORLD.index(text)


def test_a_record_traces_its_value():
    record = WORLD.provenance("KEN", "liberal_democracy")
    assert record.value == WORLD.values["liberal_democracy"][WORLD.index("KEN")]
    assert (record.year, record.source, record.kind) == (2024, "vdem", "observed")
    assert (record.licence, record.publisher) == ("CC BY-SA 4.0", "V-Dem Institute")
    assert record.unit == "index 0-1"
    assert WORLD.provenance("KEN", "african_union").value is True
    assert WORLD.provenance("KEN", "region").value == "Africa"


def test_an_unknown_column_gets_the_nearest():
    with pytest.raises(InputError, match="did you mean population"):
        WORLD.provenance("KEN", "populaton")


def test_doubts_are_carried_to_the_reader():
    assert "not credible" in WORLD.provenance("CUB", "gdp").note
    assert WORLD.provenance("PSE", "liberal_democracy").note == "West Bank only"
    assert "2021" in str(WORLD.provenance("VEN", "ideal_point").year)


def test_columns_are_described_with_counts_that_add_up():
    records = {record.column: record for record in describe_columns(WORLD)}
    assert list(records) == [column.name for column in COLUMNS]
    for record in records.values():
        assert sum(record.counts.values()) == len(WORLD)
        assert record.licences
        assert record.years is not None
    gdp = records["gdp"]
    assert gdp.counts["imputed"] == 1
    assert gdp.low == WORLD.values["gdp"].min()
    assert gdp.high == WORLD.values["gdp"].max()
    assert gdp.low < gdp.middle < gdp.high
    assert records["region"].low is None
    assert records["nato"].high == 1
    assert records["compute"].use == "scenario"


def test_a_custom_world_is_described_too():
    records = {r.column: r for r in describe_columns(make_world(["AA", "BB"], {"gdp": [1, 4]}))}
    assert records["gdp"].counts == {"observed": 2}
    assert records["gdp"].middle == 2.5
    assert records["population"].counts == {"default": 2}
    assert records["gdp"].years is None


def test_share_of_imputed_values():
    counted = [o.kind for c in COLUMNS if c.type == "number" for o in WORLD.origins[c.name]]
    assert WORLD.imputed_share() == counted.count("imputed") / len(counted)
    assert WORLD.imputed_share(["population"]) == 0
    assert WORLD.imputed_share(["liberal_democracy"]) == pytest.approx(22 / 197)
