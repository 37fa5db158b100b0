"""What there is, as tables: the scenarios of the library, the parameters of a scenario, the outcomes of sweeps."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.api.arguments import check_arguments
from sim.inputs.build import build_inputs
from sim.measures.catalog import catalog
from sim.mesa_model.parameters import keyword_of
from sim.registry.columns import registry
from sim.registry.parameters import RULES
from sim.scenario.library import library
from sim.scenario.loader import Loaded, loaded_of

if TYPE_CHECKING:
    import pandas as pd

Asked = str | Path | Mapping[str, Any] | Loaded


def scenarios() -> pd.DataFrame:
    """Return the scenarios of the library, one row each, by name.

    Columns: ``question`` (what it asks), ``description``, ``blocs``, ``start`` and ``end`` (quarters), ``file``.
    """
    import pandas as pd

    rows = []
    for name, path in library().items():
        scenario = loaded_of(name).scenario
        horizon = scenario.horizon
        blocs = ", ".join(scenario.blocs)
        rows.append(
            (name, scenario.question, scenario.description, blocs, horizon.start, horizon.end, str(path))
        )
    names = ["name", "question", "description", "blocs", "start", "end", "file"]
    return pd.DataFrame(rows, columns=names).set_index("name")


def parameters(scenario: Asked = "baseline") -> pd.DataFrame:
    """Return the parameters of a scenario, one row each, by the dotted path that ``overrides`` and sweeps take.

    Columns: ``value`` (as the scenario begins; a coefficient's central estimate), ``low`` and ``high`` (what is allowed),
    ``unit``, ``group``, ``description``, ``basis`` (where the default comes from), ``keyword`` (of `sim.AlignmentModel`).

    Raises
    ------
    InputError
        If the scenario cannot be used.
    """
    import pandas as pd

    check_arguments(scenario=scenario)
    loaded = loaded_of(scenario)
    inputs = build_inputs(loaded.world, loaded)
    rows = []
    for one in registry(inputs.blocs):
        value: float | str = float(inputs.params[inputs.columns[one.name]])
        if one.name == "rules.choice":
            value = RULES[int(value)]
        rows.append(
            (
                one.name,
                value,
                one.low,
                one.high,
                one.unit,
                one.group,
                one.description,
                one.basis,
                keyword_of(one.name),
            )
        )
    names = ["name", "value", "low", "high", "unit", "group", "description", "basis", "keyword"]
    return pd.DataFrame(rows, columns=names).set_index("name")


def outcomes(scenario: Asked = "baseline") -> pd.DataFrame:
    """Return the outcomes that a sweep over a scenario can keep, one row each, by name: ``unit`` and ``meaning``.

    Raises
    ------
    InputError
        If the scenario cannot be used.
    """
    import pandas as pd

    check_arguments(scenario=scenario)
    found = catalog(tuple(loaded_of(scenario).scenario.blocs))
    rows = [(one.name, one.unit, one.meaning) for one in found.values()]
    return pd.DataFrame(rows, columns=["name", "unit", "meaning"]).set_index("name")
