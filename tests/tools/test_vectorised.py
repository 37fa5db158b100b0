"""The check of the machine code: it sees every pass, and tells a loop that is packed from one that is not."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from sim.theory import numbers
from sim.theory._compile import CompiledPass, compiled_pass

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tools"))

import vectorised

Row = NDArray[np.float64]


@compiled_pass
def packed(x: Row, out: Row) -> None:
    """Take logarithms of plain arithmetic."""
    for i in range(out.size):
        out[i] = numbers.ln(x[i])


@compiled_pass
def in_turn(x: Row, out: Row) -> None:
    """Add up, each sum waiting for the one before."""
    for i in range(1, out.size):
        out[i] = out[i - 1] * 0.5 + x[i]


def test_a_packed_loop_is_told_from_one_that_is_not() -> None:
    if not isinstance(packed, CompiledPass):
        pytest.skip("functions are not compiled here")
    assert vectorised.PACKED.search(vectorised.assembly(packed))
    assert not vectorised.PACKED.search(vectorised.assembly(in_turn))


def test_every_pass_is_looked_at() -> None:
    found = {name for name, _ in vectorised.passes()}
    assert {
        "chip_terms",
        "machine_terms",
        "challenge",
        "install",
        "wake",
        "claim_chips",
        "static_utilities",
    } <= found
    assert set(vectorised.ORDERED) <= found
