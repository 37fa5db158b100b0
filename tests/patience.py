"""How long a test waits for what must come."""

PATIENCE = 240.0
"""Seconds. Nothing is as slow even on a busy machine, where the model may have to be compiled first."""
