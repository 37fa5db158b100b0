"""Analysis of a finished sweep: effects, indices, surfaces, scenario discovery, variance by source."""
