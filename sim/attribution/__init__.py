"""Why: the terms behind a decision, the causal difference of two scenarios, and what would tip a country."""
