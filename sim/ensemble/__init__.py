"""Many futures at once: the compiled kernel over chunks of runs."""
