"""The web page: one scenario, its controls, its futures, and why."""
