"""The mistakes put in on purpose: each can be put in, and one that cannot is said."""

import sys
from dataclasses import replace
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools"))

import mutate  # noqa: E402


def test_every_mistake_can_be_put_in(capsys: pytest.CaptureFixture[str]) -> None:
    assert mutate.main(["--check"]) == 0, capsys.readouterr().out
    assert len({one.what for one in mutate.MUTATIONS}) == len(mutate.MUTATIONS) >= 42


def test_a_mistake_that_fits_nowhere_is_named(tmp_path: Path) -> None:
    one = mutate.Mutation("family", "a sum for a difference", "code.py", "a - b", "a + b", ("test_code.py",))
    assert mutate.misfit(one, tmp_path) == "code.py: 0 places for 'a sum for a difference', 1 is needed"
    (tmp_path / "code.py").write_text("x = a - b\n", encoding="utf-8")
    assert mutate.misfit(one, tmp_path) == "'a sum for a difference': no tests at test_code.py"
    (tmp_path / "test_code.py").touch()
    assert (
        mutate.misfit(replace(one, after="a - b"), tmp_path)
        == "code.py: 'a sum for a difference' changes nothing"
    )
    mutate.apply(one, tmp_path)
    assert (tmp_path / "code.py").read_text(encoding="utf-8") == "x = a + b\n"
    with pytest.raises(ValueError, match="0 places"):
        mutate.apply(one, tmp_path)
