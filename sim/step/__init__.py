"""One quarter: the step plan, the sums over countries, and one country's decision, shared by both drivers."""
