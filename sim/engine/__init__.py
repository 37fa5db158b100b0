"""One quarter and many futures: the schedule and its phases over one state, and the compiled kernel over chunks of runs."""
