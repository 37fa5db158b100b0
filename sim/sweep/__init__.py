"""Many futures: designs, execution, storage and analysis of parameter sweeps."""
