"""The version of the package, in one place that imports nothing, and the engines of before."""

__version__ = "0.3.0"

ENGINES = {"0.1": ("0.1.0", "dbd4681"), "0.2": ("0.2.0", "3b687fe")}
"""Engines of before, by their version without its last part: the last version, and the commit of this project that has it."""


def other_engine(version: str) -> str:
    """Return which version and commit make numbers of this version again if the present engine does not; else nothing.

    Nothing, too, where no version is known.
    """
    engine = version.rpartition(".")[0]
    if not version or __version__.startswith(f"{engine}."):
        return ""
    known, commit = ENGINES.get(engine, (version, ""))
    return f"version {known}, commit {commit}" if commit else f"version {known}"
