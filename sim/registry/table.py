"""The table of all parameters, from the registry, as Markdown."""

from __future__ import annotations

from sim.registry.columns import BLOC_PARAMETERS, GLOBAL_PARAMETERS, Parameter, registry

HEADINGS = ("Parameter", "Symbol", "Meaning", "Unit", "Default", "Bounds", "Prior", "Basis")
_BLOC = "blocs.*."


def parameter_table() -> str:
    """Return every parameter with symbol, meaning, unit, default, bounds, prior and the basis of its default.

    Parameters of a bloc stand once, as ``blocs.*.NAME``. The weights of utility terms have a prior for each
    family.
    """
    lines = [_line(HEADINGS), _line(["---"] * len(HEADINGS))]
    lines += [_line(_cells(p, p.name)) for p in GLOBAL_PARAMETERS]
    lines += [_line(_cells(p, f"{_BLOC}{p.name}")) for p in BLOC_PARAMETERS]
    return "\n".join(lines) + "\n"


def _cells(parameter: Parameter, name: str) -> list[str]:
    default = "calibrated" if parameter.default is None else f"{parameter.default:g}"
    bounds = f"{parameter.low:g} .. {parameter.high:g}"
    return [
        f"`{name}`", f"`{parameter.symbol}`", parameter.description, parameter.unit, default, bounds,
        _prior(parameter), parameter.basis,
    ]  # fmt: skip


def _prior(parameter: Parameter) -> str:
    if not parameter.name.startswith("coefficients."):
        return str(parameter.prior) if parameter.prior is not None else ""
    by_name = {p.name: p for p in registry()}
    priors = {bloc: by_name[f"blocs.{bloc}.{parameter.name}"].prior for bloc in ("us", "china")}
    return "; ".join(f"{bloc}: {prior}" for bloc, prior in priors.items() if prior is not None)


def _line(cells: list[str] | tuple[str, ...]) -> str:
    return f"| {' | '.join(cell.replace('|', '/') for cell in cells)} |"
