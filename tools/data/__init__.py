"""Scripts that build the shipped tables from collected material."""
