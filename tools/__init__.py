"""Scripts of the project, run from a checkout."""
