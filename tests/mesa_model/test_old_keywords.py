"""Keywords of version 0.1 are refused with what to write in their place."""

import pytest

from sim.errors import InputError
from sim.mesa_model.parameters import keyword_of, overrides_of

OLD = {
    "us_outsider_access_tier2": "conditionality",
    "us_aid_outsider_share": "conditionality.aid",
    "us_institution": "in_force",
    "us_coefficients_aid": "grants and loans",
    "blocs.us.institution": "in_force",
}


@pytest.mark.parametrize("keyword", OLD)
def test_an_old_keyword_is_refused_with_the_new_name(keyword: str) -> None:
    with pytest.raises(
        InputError, match=f"is not a parameter of the model; since version 0.2 it is {OLD[keyword]}"
    ):
        overrides_of({keyword: 0.5}, ("us", "china"))


def test_the_new_keywords_are_taken() -> None:
    new = {
        "blocs.us.conditionality.tier2": 0.5,
        "blocs.us.in_force": 0.2,
        "blocs.us.coefficients.grants": 0.1,
    }
    assert overrides_of({keyword_of(name): value for name, value in new.items()}, ("us", "china")) == new
