"""The hash of the inputs: it sees every number, and stays what it was when a field gets a better name."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from sim.inputs.arrays import Countries, Draws, Inputs, Network
from sim.inputs.hashing import NAMES_IN_HASH, inputs_sha256
from sim.theory.timeline import Timeline

RECORDED = "ef5d8d84bf920880513f2cc7c88afcf01a59c6dd9b7d26731f5f0298638aea36"
"""Hash of `plain_inputs` with the fields that version 0.2 added, three fields of the countries under their older names."""

BLOCS, N = 2, 3


def whole(*shape: int) -> np.ndarray:
    """Return whole numbers 0, 1, 2, ... of a shape."""
    return np.arange(np.prod(shape), dtype=np.int64).reshape(shape)


def real(*shape: int) -> np.ndarray:
    """Return halves 0, 0.5, 1, ... of a shape: the same bits on every computer."""
    return whole(*shape) / 2.0


def plain_inputs() -> Inputs:
    """Return inputs that mean nothing, filled by position so that no field is named."""
    countries = Countries(
        whole(N), whole(N), whole(N), whole(BLOCS, N) > 2, whole(N) > 1, real(BLOCS, N), real(BLOCS, 8, N), real(BLOCS, N),
        real(BLOCS, N), real(BLOCS, 2, N), real(BLOCS, N), real(BLOCS), real(BLOCS, N), real(BLOCS, N), whole(BLOCS, N), real(BLOCS, N),
        real(BLOCS, N), real(N), real(N), real(N), real(N), whole(3, N), whole(N),
    )  # fmt: skip
    network = Network(
        whole(N + 1), whole(4), whole(4), whole(4), whole(N + 1), whole(4), whole(4), whole(4), 7, whole(N, N)
    )
    timeline = Timeline(
        *(whole(2) for _ in range(7)), *(real(2) for _ in range(3)), whole(2), whole(1, N) > 1,
        *(whole(1) for _ in range(4)), *(real(1) for _ in range(3)), whole(1),
    )  # fmt: skip
    return Inputs(
        ("us", "china"), ("AAA", "BBB", "CCC"), ("2025Q3", "2025Q4"), {"rules.choice": 0}, real(5), real(5), real(5),
        whole(BLOCS), real(12, N), countries, network, timeline, Draws(whole(2), real(4, 2)),
    )  # fmt: skip


def test_the_hash_is_that_of_before_the_fields_were_renamed() -> None:
    assert inputs_sha256(plain_inputs()) == RECORDED


def test_names_in_the_hash_are_those_of_fields_that_are_there() -> None:
    assert set(NAMES_IN_HASH) <= {f"inputs.countries.{field}" for field in Countries._fields}


@pytest.mark.parametrize("field", Countries._fields)
def test_the_hash_sees_every_number_of_the_countries(field: str) -> None:
    inputs = plain_inputs()
    changed = getattr(inputs.countries, field).copy()
    changed.flat[0] = not changed.flat[0] if changed.dtype == bool else changed.flat[0] + 1
    other = replace(inputs, countries=inputs.countries._replace(**{field: changed}))
    assert inputs_sha256(other) != inputs_sha256(inputs)
