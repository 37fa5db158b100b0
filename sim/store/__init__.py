"""Results folders: written whole or not at all, and checked by running them again."""

from sim.store.folder import check_target, default_folder
from sim.store.verification import Verification, verify
from sim.store.writing import save

__all__ = ["Verification", "check_target", "default_folder", "save", "verify"]
