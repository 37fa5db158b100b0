"""Scripts that build the tables of the package; nothing at run time imports them (see README.md)."""
