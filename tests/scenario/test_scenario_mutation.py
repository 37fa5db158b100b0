"""Good files, damaged at random: the loader says yes or names the mistake, and never anything else."""

import random
import string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.errors import InputError
from sim.plausibility import check_scenario
from sim.scenario.library import library
from sim.scenario.loader import Loaded, load_text

TEXTS = {name: path.read_text(encoding="utf-8") for name, path in library().items()}
WORDS = (
    "null", "true", "-1", "1e400", ".nan", "[]", "{}", "''", "2026-02-30", "9999Q9", "all", "USA", "&a", "*a", "!t", "<<",
    "blocs", "us", "extends", "baseline", "countries.KEN.effect.us", "region:", "club:", "x" * 70, "\t", "- ", ": ", "#",
    "0", "1", "[us, china]", "{us: 1}", "🙂", "é", "\x00", "\u2028", "\x85", "\ufeff", "|", ">", "%", "@", "---", "...",
)  # fmt: skip


def damage(text: str, seed: int, times: int) -> str:
    """Return a text with some characters, words or lines changed, moved, doubled or lost."""
    rng = random.Random(seed)
    for _ in range(times):
        lines = text.split("\n")
        n, m = rng.randrange(len(lines)), rng.randrange(len(lines))
        kind = rng.randrange(9)
        if kind == 0:
            del lines[n]
        elif kind == 1:
            lines.insert(m, lines[n])
        elif kind == 2:
            lines[n], lines[m] = lines[m], lines[n]
        elif kind == 3:
            lines[n] = " " * rng.randrange(6) + lines[n].lstrip()
        elif kind == 4:
            before, colon, _ = lines[n].partition(":")
            lines[n] = f"{before}{colon} {rng.choice(WORDS)}"
        elif kind == 5:
            words = lines[n].split(" ")
            words[rng.randrange(len(words))] = rng.choice(WORDS)
            lines[n] = " ".join(words)
        elif kind == 6:
            at = rng.randrange(len(lines[n]) + 1)
            lines[n] = lines[n][:at] + rng.choice(string.printable) + lines[n][at:]
        elif kind == 7:
            at = rng.randrange(len(lines[n]) + 1)
            lines[n] = lines[n][:at] + lines[n][at + 1 :]
        else:
            lines[n] = lines[n].replace(rng.choice("0123456789"), rng.choice("0123456789.-eQ"))
        text = "\n".join(lines)
    return text


def loaded_or_refused(text: str) -> Loaded | None:
    try:
        return load_text(text, "mutant.yaml")
    except InputError as error:
        assert str(error)
        assert all(p.file is not None or p.message.startswith("--set") for p in error.problems)
        return None


@settings(max_examples=250)
@given(st.sampled_from(sorted(TEXTS)), st.integers(0, 2**32), st.integers(1, 8))
def test_a_damaged_file_loads_or_is_refused(name: str, seed: int, times: int) -> None:
    loaded = loaded_or_refused(damage(TEXTS[name], seed, times))
    if loaded is not None:
        check_scenario(loaded)


def test_damage_does_both() -> None:
    """Most of the damage is found; some leaves a file that is still good."""
    outcomes = [loaded_or_refused(damage(TEXTS["baseline"], seed, 2)) is None for seed in range(60)]
    assert 10 < sum(outcomes) < 60


@settings(max_examples=60)
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
        max_leaves=12,
    ),
    st.sampled_from(
        ["blocs.us", "timeline", "countries", "blocs", "behaviour.mu", "leaders", "world", "without", "name"]
    ),
)
def test_any_value_set_anywhere_loads_or_is_refused(value: object, path: str) -> None:
    try:
        load_text("extends: baseline\n", "x.yaml", {path: value})  # type: ignore[dict-item]
    except InputError as error:
        assert str(error)


@pytest.mark.parametrize("name", sorted(TEXTS))
def test_the_undamaged_file_loads(name: str) -> None:
    assert loaded_or_refused(TEXTS[name]) is not None
