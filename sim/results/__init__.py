"""Results: of a run, a comparison, an explanation; and their folders, written whole or not at all."""

from sim.results.folder import check_target, default_folder

__all__ = ["check_target", "default_folder"]
