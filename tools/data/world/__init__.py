"""Writes the project's tables from the collected material: ``python -m tools.data.world --raw ../shared/data``.

Raw material: ``countries.csv``, ``ties.csv``, ``aid.csv``, ``chips.csv``, ``dyads.csv``, ``readiness_panel.csv``,
``chip_supply.csv`` and ``geo/countries.geojson``. No other part of the project imports this; the package works from the
written tables alone.
"""
