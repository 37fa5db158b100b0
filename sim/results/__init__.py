"""Results folders: written whole or not at all."""

from sim.results.folder import check_target, default_folder
from sim.results.writing import save

__all__ = ["check_target", "default_folder", "save"]
