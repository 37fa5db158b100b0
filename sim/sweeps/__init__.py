"""Designs, execution and storage of parameter sweeps."""
