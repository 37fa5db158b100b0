"""The public functions: what a command does, from Python."""
