"""One quarter and many futures: the step plan, decisions and sums, and the compiled kernel over chunks of runs."""
