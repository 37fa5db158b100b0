"""The world: countries, ties and their sources, from the project's own tables or from a folder."""

from sim.world.build import make_world
from sim.world.columns import COLUMNS, INCOME_GROUPS, US_TIERS, Column
from sim.world.describe import ColumnRecord, describe, describe_columns
from sim.world.loader import load_world, save_world
from sim.world.record import Constant, Source, ValueRecord, constants, sources
from sim.world.world import Ties, World

__all__ = [
    "COLUMNS",
    "INCOME_GROUPS",
    "US_TIERS",
    "Column",
    "ColumnRecord",
    "Constant",
    "Source",
    "Ties",
    "ValueRecord",
    "World",
    "constants",
    "describe",
    "describe_columns",
    "load_world",
    "make_world",
    "save_world",
    "sources",
]
