"""Custom worlds from a folder: neutral defaults, and every mistake with its file and line."""

import os
import pickle

import numpy as np
import pytest

from sim.errors import InputError
from sim.world import COLUMNS, load_world, save_world
from sim.world.build import MAX_COUNTRIES
from sim.world.reader import MAX_BYTES, MAX_PROBLEMS

GOOD = "iso3,name,gdp,eu\nBBB,Beta,2.5,1\nAAA,Alpha,1.5,0\n"


def folder(tmp_path, countries=GOOD, ties=None):
    for name, content in (("countries.csv", countries), ("ties.csv", ties)):
        if content is not None:
            (tmp_path / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    return tmp_path


def test_a_small_world_is_sorted_and_the_rest_is_neutral(tmp_path):
    world = load_world(folder(tmp_path, ties="iso3_a,iso3_b,trade_share_a,contiguous\nBBB,AAA,0.25,1\n"))
    assert world.iso3 == ("AAA", "BBB")
    assert world.names == ("Alpha", "Beta")
    assert world.values["gdp"].tolist() == [1.5, 2.5]
    assert world.clubs["eu"].tolist() == [False, True]
    assert world.provenance("AAA", "gdp").kind == "observed"
    for column in COLUMNS:
        if column.name not in {"name", "gdp", "eu"}:
            record = world.provenance("AAA", column.name)
            assert record.kind == "default"
            assert record.value == column.default
    assert world.ties.i.tolist() == [0, 1]
    assert world.ties.trade_share.tolist() == [0.0, 0.25]
    assert world.ties.contiguous.tolist() == [True, True]
    assert world.ties.pact.tolist() == [False, False]


def test_what_was_not_stated_counts_as_imputed(tmp_path):
    world = load_world(folder(tmp_path))
    assert world.imputed_share(["gdp"]) == 0
    assert world.imputed_share(["gdp", "compute"]) == 0.5
    assert world.imputed_share() == pytest.approx(1 - 1 / len(world.values))


def test_only_codes_are_needed_and_an_empty_cell_is_neutral(tmp_path):
    world = load_world(folder(tmp_path, "iso3,gdp\nfirm_1,\nfirm_2,7\n"))
    assert world.names == ("firm_1", "firm_2")
    assert world.values["gdp"].tolist() == [1.0, 7.0]
    assert [o.kind for o in world.origins["gdp"]] == ["default", "observed"]


def test_ties_without_rows_are_no_ties(tmp_path):
    assert len(load_world(folder(tmp_path, ties="iso3_a,iso3_b\n")).ties.i) == 0


def test_layout_of_the_file_does_not_matter(tmp_path):
    plain = load_world(folder(tmp_path))
    other = tmp_path / "other"
    other.mkdir()
    spread = '\ufeffname,eu,gdp,iso3\r\n\r\n Alpha ,0.0,15e-1,AAA\r\n"Beta",1,+2.50,BBB\r\n'
    assert load_world(folder(other, spread)).sha256 == plain.sha256


def test_hash_changes_with_any_value(tmp_path):
    hashes = set()
    for n, (countries, ties) in enumerate([
        (GOOD, None),
        (GOOD.replace("2.5", "2.6"), None),
        (GOOD.replace("Beta", "Bet"), None),
        (GOOD.replace("2.5,1", "2.5,0"), None),
        (GOOD.replace("BBB", "CCC"), None),
        (GOOD, "iso3_a,iso3_b\nAAA,BBB\n"),
        (GOOD, "iso3_a,iso3_b,trade_share_a\nAAA,BBB,0.1\n"),
        (GOOD, "iso3_a,iso3_b,trade_share_b\nAAA,BBB,0.1\n"),
        (GOOD, "iso3_a,iso3_b,pact\nAAA,BBB,1\n"),
    ]):  # fmt: skip
        place = tmp_path / str(n)
        place.mkdir()
        hashes.add(load_world(folder(place, countries, ties)).sha256)
    assert len(hashes) == 9


def test_the_real_world_survives_saving_loading_and_pickling(tmp_path):
    world = load_world()
    save_world(world, tmp_path / "copy")
    again = load_world(tmp_path / "copy")
    assert again.sha256 == world.sha256
    assert again.ties.trade_kind == world.ties.trade_kind
    assert pickle.loads(pickle.dumps(world)).sha256 == world.sha256
    with pytest.raises(InputError, match="already holds a world"):
        save_world(world, tmp_path / "copy")


BROKEN = {
    "unknown column": (
        "iso3,gdpp\nAAA,1\n",
        None,
        "countries.csv:1: 'gdpp' is not a known column; did you mean gdp?",
    ),
    "no code column": ("name,gdp\nAlpha,1\n", None, "countries.csv:1: the header has no column 'iso3'"),
    "column twice": ("iso3,gdp,gdp\nAAA,1,2\n", None, "countries.csv:1: column 'gdp' stands twice"),
    "country twice": (
        "iso3\nAAA\naaa\n",
        None,
        "countries.csv:3: country 'aaa' stands twice (first as 'AAA')",
    ),
    "bad code": ("iso3\nA-A\n", None, "countries.csv:2: 'A-A' is not a country code"),
    "code too long": (
        "iso3\nABCDEFGHIJKLM\n",
        None,
        "countries.csv:2: 'ABCDEFGHIJKLM' is not a country code",
    ),
    "empty code": ("iso3,gdp\n,1\n", None, "countries.csv:2: '' is not a country code"),
    "not a number": ("iso3,gdp\nAAA,much\n", None, "countries.csv:2: gdp: 'much' is not a number"),
    "number with underscore": (
        "iso3,gdp\nAAA,1_000\n",
        None,
        "countries.csv:2: gdp: '1_000' is not a number",
    ),
    "not a number at all": (
        "iso3,gdp\nAAA,NaN\n",
        None,
        "countries.csv:2: gdp: 'NaN' is not a finite number",
    ),
    "infinite": ("iso3,gdp\nAAA,-inf\n", None, "countries.csv:2: gdp: '-inf' is not a finite number"),
    "overflow": ("iso3,gdp\nAAA,1e999\n", None, "countries.csv:2: gdp: '1e999' is not a finite number"),
    "too small": ("iso3,gdp\nAAA,0\n", None, "countries.csv:2: gdp: 0 is outside [1e-06, 1e+06] US$ bn"),
    "too large": (
        "iso3,internet_users\nAAA,35\n",
        None,
        "countries.csv:2: internet_users: 35 is outside [0, 1] share",
    ),
    "half a member": ("iso3,eu\nAAA,0.5\n", None, "countries.csv:2: eu: 0.5 is neither 0 nor 1"),
    "unknown group": (
        "iso3,income_group\nAAA,hihg\n",
        None,
        "'hihg' is not one of low, lower_middle, upper_middle, high; did you mean high?",
    ),
    "unknown tier": (
        "iso3,us_tier\nAAA,tier4\n",
        None,
        "countries.csv:2: us_tier: 'tier4' is not one of tier1, tier2",
    ),
    "control character": (
        "iso3,name\nAAA,\x1b[31mred\n",
        None,
        "countries.csv:2: name: a text of at most 100 printable",
    ),
    "line break in a name": (
        'iso3,name\nAAA,"a\nb"\n',
        None,
        "countries.csv:2: name: a text of at most 100 printable",
    ),
    "too few cells": ("iso3,gdp\nAAA\n", None, "countries.csv:2: 1 cells where the header has 2"),
    "too many cells": ("iso3,gdp\nAAA,1,2\n", None, "countries.csv:2: 3 cells where the header has 2"),
    "empty file": ("", None, "countries.csv: the file is empty"),
    "no rows": ("iso3,gdp\n", None, "countries.csv: the table has a header but no countries"),
    "not UTF-8": (
        "iso3,name\nAAA,S\xe3o\n".encode("latin-1"),
        None,
        "countries.csv:2: the text is not encoded as UTF-8",
    ),
    "open quote": ('iso3,name\nAAA,"never\n', None, "countries.csv:2: this is not a well-formed CSV row"),
    "no countries.csv": (None, "iso3_a,iso3_b\nAAA,BBB\n", "countries.csv: there is no such file"),
    "too many countries": (
        "iso3\n" + "".join(f"c{n}\n" for n in range(10, MAX_COUNTRIES + 11)),
        None,
        "2001 countries are too many; at most 2000",
    ),
    "unknown tie": (
        GOOD,
        "iso3_a,iso3_b\nAAA,BBC\n",
        "ties.csv:2: 'BBC' is not a country of this world; did you mean BBB?",
    ),
    "tie to itself": (GOOD, "iso3_a,iso3_b\nAAA,AAA\n", "ties.csv:2: 'AAA' is tied to itself"),
    "tie twice": (
        GOOD,
        "iso3_a,iso3_b\nAAA,BBB\nBBB,AAA\n",
        "ties.csv:3: the tie of 'BBB' and 'AAA' stands twice",
    ),
    "ties without codes": (GOOD, "iso3_a,pact\nAAA,1\n", "ties.csv:1: the header has no column 'iso3_b'"),
    "tie column": (GOOD, "iso3_a,iso3_b,trade\nAAA,BBB,1\n", "ties.csv:1: 'trade' is not a known column"),
    "tie share": (
        GOOD,
        "iso3_a,iso3_b,trade_share_a\nAAA,BBB,7\n",
        "ties.csv:2: trade_share_a: 7 is outside [0, 1] share",
    ),
    "empty ties": (GOOD, "", "ties.csv: the file is empty"),
}


@pytest.mark.parametrize("case", BROKEN)
def test_a_broken_world_says_what_is_wrong_and_where(tmp_path, case):
    countries, ties, message = BROKEN[case]
    with pytest.raises(InputError) as caught:
        load_world(folder(tmp_path, countries, ties))
    assert len(caught.value.problems) == 1
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


def test_all_mistakes_of_both_files_are_reported_at_once(tmp_path):
    countries = "iso3,gdp,nme\nAAA,x,1\nBBB,-1,2\nBBB,1,2\n"
    with pytest.raises(InputError) as caught:
        load_world(folder(tmp_path, countries, "iso3_a,iso3_b,pact\nAAA,BBB,2\nAAA,ZZZ,1\n"))
    places = [(p.file.rsplit("/", 1)[-1], p.line) for p in caught.value.problems]
    assert places == [("countries.csv", n) for n in (1, 2, 3, 4)] + [("ties.csv", n) for n in (2, 3)]
    assert "did you mean name?" in str(caught.value)


def test_a_hopeless_file_is_summarised(tmp_path):
    with pytest.raises(InputError) as caught:
        load_world(folder(tmp_path, "iso3,gdp\n" + "".join(f"A{n},x\n" for n in range(MAX_PROBLEMS + 5))))
    assert len(caught.value.problems) == MAX_PROBLEMS + 1
    assert str(caught.value).endswith("and 5 more problems of the same files")


def test_a_link_out_of_the_folder_is_not_followed(tmp_path):
    secret = tmp_path / "secret.csv"
    secret.write_text(GOOD)
    place = tmp_path / "world"
    place.mkdir()
    (place / "countries.csv").symlink_to(secret)
    with pytest.raises(InputError, match="leads out of the world's folder"):
        load_world(place)
    (place / "countries.csv").unlink()
    folder(place)
    (place / "ties.csv").symlink_to(tmp_path / "nothing.csv")
    with pytest.raises(InputError, match=r"ties\.csv: there is no such file"):
        load_world(place)
    (place / "ties.csv").unlink()
    (place / "ties.csv").symlink_to(place / "ties.csv")
    with pytest.raises(InputError, match=r"ties\.csv: the file cannot be read"):
        load_world(place)


def test_a_link_to_the_whole_folder_is_fine(tmp_path):
    place = tmp_path / "world"
    place.mkdir()
    folder(place)
    (tmp_path / "alias").symlink_to(place)
    assert load_world(tmp_path / "alias").iso3 == ("AAA", "BBB")


def test_only_regular_files_of_a_sane_size_are_read(tmp_path):
    (tmp_path / "countries.csv").mkdir()
    with pytest.raises(InputError, match="not a regular file"):
        load_world(tmp_path)
    (tmp_path / "countries.csv").rmdir()
    os.mkfifo(tmp_path / "countries.csv")
    with pytest.raises(InputError, match="not a regular file"):
        load_world(tmp_path)
    (tmp_path / "countries.csv").unlink()
    with (tmp_path / "countries.csv").open("wb") as stream:
        stream.truncate(MAX_BYTES + 1)
    with pytest.raises(InputError, match=r"20\.0 MB; at most 20 MB"):
        load_world(tmp_path)


@pytest.mark.parametrize(
    ("name", "message"), [("missing", "does not exist"), ("file", "is not a folder"), ("x" * 300, "")]
)
def test_a_world_must_be_a_folder(tmp_path, name, message):
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match=message or "does not exist|cannot be read"):
        load_world(tmp_path / name)


def test_line_numbers_count_lines_of_quoted_cells_and_blank_lines(tmp_path):
    countries = 'iso3,name,gdp\n\nAAA,"two\nlines",1\nBBB,Beta,x\n'
    with pytest.raises(InputError) as caught:
        load_world(folder(tmp_path, countries))
    assert [p.line for p in caught.value.problems] == [3, 5]


def test_unusual_line_separators_do_not_shift_lines(tmp_path):
    with pytest.raises(InputError) as caught:
        load_world(folder(tmp_path, "iso3,name,gdp\nAAA,a\u2028b,1\nBBB,Beta,x\n"))
    assert [p.line for p in caught.value.problems] == [2, 3]


def test_values_are_arrays_over_countries(tmp_path):
    world = load_world(folder(tmp_path))
    assert all(array.shape == (2,) for array in world.values.values())
    assert np.array_equal(world.values["ideal_point"], [0.0, 0.0])
