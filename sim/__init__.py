"""Which of the world's states align with a US-led, a China-led, both or neither AI bloc, and why."""

__version__ = "0.1.0"
