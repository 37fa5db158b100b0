"""Builds the data of the replications."""
