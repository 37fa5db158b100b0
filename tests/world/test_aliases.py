"""Countries are found by other names, wherever a person names one."""

import pytest

from sim.cli import main
from sim.errors import InputError
from sim.world import load_world
from sim.world.aliases import aliases, by_alias, plain

WORLD = load_world()


def test_every_country_has_a_code_of_two_letters_that_is_its_own() -> None:
    codes = [aliases(iso3)[0] for iso3 in WORLD.iso3]
    assert all(len(code) == 2 and code.isupper() for code in codes)
    assert len(set(codes)) == len(WORLD)


def test_no_other_name_is_the_name_or_code_of_another_country() -> None:
    own = {plain(name): iso3 for iso3, name in zip(WORLD.iso3, WORLD.names, strict=True)}
    own |= {iso3.casefold(): iso3 for iso3 in WORLD.iso3}
    for iso3 in WORLD.iso3:
        for name in aliases(iso3):
            assert by_alias(name) == iso3, name
            assert own.get(plain(name), iso3) == iso3, name


@pytest.mark.parametrize(
    ("text", "iso3"),
    [("UK", "GBR"), ("u.k.", "GBR"), ("Turkey", "TUR"), ("turkiye", "TUR"), ("Ivory Coast", "CIV"), ("Cote d\u2019Ivoire", "CIV"),
     ("NO", "NOR"), ("vietnam", "VNM"), ("Czech Republic", "CZE"), ("ke", "KEN"), ("Congo-Kinshasa", "COD")],
)  # fmt: skip
def test_a_country_is_found_by_another_name(text: str, iso3: str) -> None:
    assert WORLD.resolve(text) == iso3
    with pytest.raises(InputError, match=f"did you mean {iso3} "):
        WORLD.index(text)


def test_a_command_takes_another_name(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["data", "UK"]) == 0
    assert capsys.readouterr().out.startswith("United Kingdom (GBR)")
    assert main(["run", "baseline", "--set", "countries.UK.chip_need=2"]) == 2
    assert "did you mean GBR (United Kingdom)?" in capsys.readouterr().err
