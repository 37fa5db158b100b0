"""All kinds of factors, and how the data of a specification tell which kind is meant."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Discriminator, Tag

from sim.sweeps.distributions import Beta, LogNormal, LogUniform, Normal, Triangular, TruncatedNormal, Uniform
from sim.sweeps.factors import Factor, Range, Values

DISTRIBUTIONS: dict[str, type[Factor]] = {
    "uniform": Uniform,
    "loguniform": LogUniform,
    "normal": Normal,
    "truncated_normal": TruncatedNormal,
    "beta": Beta,
    "lognormal": LogNormal,
    "triangular": Triangular,
}
KINDS: dict[str, type[Factor]] = {"range": Range, "values": Values, **DISTRIBUTIONS}
TAG = "~"
"""First character of the names that tell the kinds of factors apart in the places of pydantic's errors."""


def kind_of(data: Any) -> str | None:
    """Return the tag of the kind of factor that a mapping describes, None if it describes none."""
    if isinstance(data, Factor):
        return next(TAG + name for name, kind in KINDS.items() if type(data) is kind)
    if not isinstance(data, dict):
        return None
    if "distribution" in data:
        name = data["distribution"]
        return TAG + name if isinstance(name, str) and name in DISTRIBUTIONS else None
    return next((TAG + name for name in ("range", "values") if name in data), None)


AnyFactor = Annotated[
    Annotated[Range, Tag("~range")]
    | Annotated[Values, Tag("~values")]
    | Annotated[Uniform, Tag("~uniform")]
    | Annotated[LogUniform, Tag("~loguniform")]
    | Annotated[Normal, Tag("~normal")]
    | Annotated[TruncatedNormal, Tag("~truncated_normal")]
    | Annotated[Beta, Tag("~beta")]
    | Annotated[LogNormal, Tag("~lognormal")]
    | Annotated[Triangular, Tag("~triangular")],
    Discriminator(kind_of),
]
