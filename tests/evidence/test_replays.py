"""Pasts simulated again, as they are shipped for the page: what happened, and the bands, are those of today's code."""

import pytest

from sim.calibration.participation import load_participation
from sim.errors import InputError
from sim.evidence.hindcast import SETUPS
from sim.evidence.histories import list_acts
from sim.evidence.replays import COLUMNS, load_replays, replays_of_blocs, write_replays
from sim.scenario.quarters import parse_quarter


def test_every_replay_of_the_validation_is_shipped_and_both_blocs():
    assert [one.name for one in load_replays()] == [
        *(setup.name for setup in SETUPS),
        "bloc:us",
        "bloc:china",
    ]
    for one in load_replays():
        assert all(
            low <= middle <= high for low, middle, high in zip(one.low, one.middle, one.high, strict=True)
        )
        assert 0 <= one.inside <= len(one.quarters)


def test_what_happened_to_a_list_is_what_the_tables_know():
    known = load_participation()
    for one in load_replays():
        if one.name.startswith("bloc:"):
            continue
        acts = list_acts(known, one.name)
        followed = acts.known & ~(known.y[known.item(one.name)] == -1)
        for code in ("USA", "CHN"):
            followed[known.iso3.index(code)] = False
        for quarter, joined in zip(one.quarters, one.joined, strict=True):
            number = parse_quarter(quarter)
            assert joined == int((followed & (acts.joined <= number) & (acts.left > number)).sum())


def test_the_blocs_are_simulated_again_to_the_same_numbers(tmp_path):
    again = write_replays(replays_of_blocs(), tmp_path / "replays.csv")
    shipped = {one.name: one for one in load_replays()}
    assert [shipped[one.name] for one in load_replays(again)] == list(load_replays(again))


def test_a_table_that_is_none_is_refused(tmp_path):
    path = tmp_path / "replays.csv"
    path.write_text(",".join(COLUMNS) + "\nBRI,china,2013Q9,1,0,1,2\n", encoding="utf-8")
    with pytest.raises(InputError, match="is no table of replays"):
        load_replays(path)
