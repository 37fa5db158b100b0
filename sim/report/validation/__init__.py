"""Validation: every test of the evidence in one table and one page, misses by name."""
