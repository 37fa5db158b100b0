"""What is said while the model is compiled, once after an installation or a change: how far it is, where it is kept."""

from __future__ import annotations

import contextlib
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

PATIENCE = 1.0
"""Processor seconds of compiling of which nothing is said."""
FUNCTIONS = 150
"""About how many functions the model of an ordinary run has."""
SECONDS = "10 to 20"
"""How long compiling takes a processor of today that does nothing else: the less, the more parts are there already."""


class Announcement:
    """Says on standard error, once a process for each part, that compiling takes a while; on a terminal also how far it is."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._began: float | None = None
        self._spent = 0.0
        self._what = ""
        self._done = 0
        self._said: set[str] = set()
        self._shown = False

    @contextlib.contextmanager
    def about(self, what: str) -> Iterator[None]:
        """Take note what is compiled inside, if more than the usual parts of the model: others are when first used."""
        with self._lock:
            self._what = what
        try:
            yield
        finally:
            with self._lock:
                self._what = ""

    def compiled(self, folder: Path, kept: bool) -> None:
        """Take note that a function was compiled; ``kept``: whether in ``folder``, for later starts of the program."""
        with self._lock:
            if self._began is None:
                self._began = time.process_time()
            self._done += 1
            if self._spent + time.process_time() - self._began < PATIENCE:
                return
            if self._what not in self._said:
                self._said.add(self._what)
                self._shown = True
                where = (
                    f"kept in {folder}"
                    if kept
                    else "no folder can be written to keep it, so again at the next start"
                )
                what = f"the model with {self._what}" if self._what else "the model"
                self._write(f"Compiling {what}, once: {SECONDS} s of one processor ({where}) ...\n")
            elif self._shown and sys.stderr.isatty():
                self._write(f"\r  {min(99, 100 * self._done // FUNCTIONS)} %  ")

    def finished(self) -> None:
        """Take note that all is compiled that was called for."""
        with self._lock:
            if self._shown and sys.stderr.isatty():
                self._write("\r  100 %\n")
            if self._shown:
                self._spent = 0.0
            elif self._began is not None:
                self._spent += time.process_time() - self._began
            self._began, self._done, self._shown = None, 0, False

    def note(self) -> str:
        """Return the same in a few words for who shows progress of its own: nothing more is said then."""
        with self._lock:
            self._said.add("")
        return f" (compiling first, once: {SECONDS} s)"

    @staticmethod
    def _write(text: str) -> None:
        try:
            sys.stderr.write(text)
            sys.stderr.flush()
        except (OSError, ValueError):  # nobody listens any more
            pass


ANNOUNCEMENT = Announcement()
