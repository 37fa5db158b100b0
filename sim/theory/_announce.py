"""What is said while the model is compiled, once after an installation or a change: how far it is, where it is kept."""

from __future__ import annotations

import sys
import threading
import time
from pathlib import Path

PATIENCE = 1.0
"""Processor seconds of compiling of which nothing is said."""
FUNCTIONS = 150
"""About how many functions the model of an ordinary run has."""
SECONDS = 20
"""About how long compiling takes a processor of today that does nothing else."""


class Announcement:
    """Says on standard error, once a process, that compiling takes a while; on a terminal also how far it is."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._began: float | None = None
        self._done = 0
        self._said = False
        self._shown = False

    def compiled(self, folder: Path, kept: bool) -> None:
        """Take note that a function was compiled; ``kept``: whether in ``folder``, for later starts of the program."""
        with self._lock:
            if self._began is None:
                self._began = time.process_time()
            self._done += 1
            if time.process_time() - self._began < PATIENCE:
                return
            if not self._said:
                self._said = self._shown = True
                where = (
                    f"kept in {folder}" if kept else f"cannot be kept in {folder}, so again at the next start"
                )
                self._write(f"Compiling the model once: about {SECONDS} s of one processor ({where}) ...\n")
            elif self._shown and sys.stderr.isatty():
                self._write(f"\r  {min(99, 100 * self._done // FUNCTIONS)} %  ")

    def finished(self) -> None:
        """Take note that all is compiled that was called for."""
        with self._lock:
            if self._shown and sys.stderr.isatty():
                self._write("\r  100 %\n")
            self._began, self._done, self._shown = None, 0, False

    def note(self) -> str:
        """Return the same in a few words for who shows progress of its own: nothing more is said then."""
        with self._lock:
            self._said = True
        return f" (compiling the model first, once: about {SECONDS} s of one processor)"

    @staticmethod
    def _write(text: str) -> None:
        try:
            sys.stderr.write(text)
            sys.stderr.flush()
        except (OSError, ValueError):  # nobody listens any more
            pass


ANNOUNCEMENT = Announcement()
