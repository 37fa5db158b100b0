"""Values put into the arrays of a scenario, without building them anew."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from sim.inputs.arrays import Draws, Inputs

Chosen = int | NDArray[np.bool_]
"""One country by its position, or bool[N]."""


def hold(inputs: Inputs, values: Mapping[str, float]) -> Inputs:
    """Return inputs with parameters at values in every run, drawn or not.

    Parameters
    ----------
    inputs : of a scenario whose timeline leaves them alone (:func:`sim.scenario.loader.released`), if they shall hold
        in every quarter as well
    values : by dotted path, each in its parameter's unit; names that this scenario does not have are passed over
    """
    known = {inputs.columns[name]: value for name, value in values.items() if name in inputs.columns}
    if not known:
        return inputs
    columns = list(known)
    row = inputs.params.copy()
    row[columns] = list(known.values())
    drawn = ~np.isin(inputs.draws.columns, columns)
    draws = Draws(inputs.draws.columns[drawn], np.ascontiguousarray(inputs.draws.values[:, drawn]))
    return replace(inputs, params=row, draws=draws)


def set_attributes(inputs: Inputs, values: Sequence[tuple[int, Chosen, float]]) -> Inputs:
    """Return inputs in which countries begin with these attributes.

    Parameters
    ----------
    values : row of the attribute table, countries, and the value they take; later ones go over earlier ones
    """
    if not values:
        return inputs
    attributes = inputs.attributes.copy()
    for row, countries, value in values:
        attributes[row, countries] = value
    return replace(inputs, attributes=attributes)
