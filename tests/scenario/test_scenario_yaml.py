"""Reading YAML of strangers: what is plain data, what is refused, where things stand, and how long it may take."""

import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.errors import InputError
from sim.scenario.yaml_io import (
    MAX_BYTES,
    MAX_DEPTH,
    MAX_VALUES,
    parse_document,
    parse_yaml,
    quoted,
    read_yaml,
    shown,
)
from sim.scenario.yaml_write import yaml_text


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1", 1), ("+3", 3), ("-4", -4), ("007", 7), ("0.5", 0.5), ("-.5", -0.5), ("1.", 1.0), ("1e3", 1000.0),
        ("true", True), ("False", False), ("null", None), ("~", None), ("", None), ("yes", "yes"), ("off", "off"),
        ("1_000", "1_000"), ("0x10", "0x10"), ("0o7", "0o7"), ("1:30", "1:30"), ("2026-07-16", "2026-07-16"),
        ("'1'", "1"), ('"true"', "true"), ("12345678901234567890", 12345678901234567890.0), ("NO", "NO"),
    ],
)  # fmt: skip
def test_scalars_are_those_of_yaml_1_2(text: str, value: object) -> None:
    read = parse_yaml(f"a: {text}\n", "x").data["a"]
    assert read == value
    assert type(read) is type(value)


def test_places_are_those_of_keys_and_items() -> None:
    document = parse_yaml("a: 1\nb:\n  c: [x, {d: 2}]\n", "x")
    assert document.places[("b",)] == (2, 1)
    assert document.places[("b", "c")] == (3, 3)
    assert document.places[("b", "c", 1, "d")] == (3, 11)
    assert document.problem(("b", "c", 9, "e"), "m").line == 3


def test_all_mistakes_of_reading_are_told_at_once() -> None:
    text = "a: .nan\nb: &x 1\nc: *x\nd: !t 1\na: 2\n<<: {}\n? [k]\n: v\ne: 1e999\n"
    document = parse_document(text, "x")
    assert [p.line for p in document.problems] == [1, 2, 3, 4, 5, 6, 7, 9]
    with pytest.raises(InputError) as error:
        parse_yaml(text, "x")
    assert len(error.value.problems) == 8


def refusal(text: str) -> str:
    with pytest.raises(InputError) as error:
        parse_yaml(text, "x")
    return str(error.value)


def test_limits_hold() -> None:
    assert "is larger than 256,000 bytes" in refusal("a: " + "x" * MAX_BYTES)
    assert "holds over 20,000 values" in refusal("a: [" + "1," * MAX_VALUES + "1]")
    assert f"deeper than {MAX_DEPTH} levels" in refusal("a: " + "[" * 5000)
    assert f"deeper than {MAX_DEPTH} levels" in refusal("\n".join(" " * n + "a:" for n in range(200)))
    assert parse_yaml("a: [" + "1," * 1000 + "1]", "x").data["a"][-1] == 1


@pytest.mark.parametrize(
    "text",
    [
        "a: &a [1]\n" + "b: [" + "*a, " * 4000 + "*a]\n",
        "name: x\n" + "\n" * 250_000,
        "name: x\n" + "# c\n" * 60_000,
        "name: x\n" + "#" * 250_000,
        "name: " + "x" * 250_000,
        "{" * 250_000,
        "- " * 100_000,
        "a: '" + "\\" * 250_000,
        "? " * 100_000,
        "\n".join(f"k{n}: {n}" for n in range(19_000)),
    ],
    ids=[
        "aliases",
        "lines",
        "comments",
        "comment",
        "word",
        "braces",
        "dashes",
        "quotes",
        "questions",
        "keys",
    ],
)
def test_no_text_takes_long(text: str) -> None:
    start = time.process_time()
    parse_document_safely(text)
    assert time.process_time() - start < 10


def parse_document_safely(text: str) -> None:
    try:
        parse_document(text[:MAX_BYTES], "x")
    except InputError as error:
        assert error.problems[0].file == "x"


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        (b"a: \xff\n", "1:4: is not UTF-8 text"),
        ("name: täst\n".encode("latin-1"), "1:8: is not UTF-8 text"),
        ("a: 1\n".encode("utf-16"), "1:1: is not UTF-8 text"),
    ],
)
def test_only_utf8_is_read(tmp_path: Path, raw: bytes, message: str) -> None:
    path = tmp_path / "x.yaml"
    path.write_bytes(raw)
    with pytest.raises(InputError, match=message):
        read_yaml(path)


def test_a_byte_order_mark_is_no_mistake(tmp_path: Path) -> None:
    path = tmp_path / "x.yaml"
    path.write_bytes(b"\xef\xbb\xbfa: 1\n")
    assert read_yaml(path).data == {"a": 1}


def test_what_is_shown_of_a_users_text_is_harmless() -> None:
    assert shown("a\x1b[31m\u202eb\ud800") == "a\\x1b[31m\\u202eb\\ud800"
    assert shown("Côte d’Ivoire 中国") == "Côte d’Ivoire 中国"
    assert shown("x" * 100) == "x" * 57 + "..."
    assert quoted("a\nb") == "'a\\nb'"


plain = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**53), 2**53),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), max_size=20),
)
keys = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), min_size=1, max_size=12)


@given(
    st.dictionaries(
        keys.filter(lambda key: key != "<<"), st.one_of(plain, st.lists(plain, max_size=4)), max_size=5
    )
)
def test_what_is_written_is_read_back(data: dict[str, object]) -> None:
    assert parse_yaml(yaml_text(data), "x").data == (data or None)


@given(st.text(max_size=200))
def test_any_text_is_read_or_refused(text: str) -> None:
    parse_document_safely(text)
