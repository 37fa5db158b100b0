"""What a sweep teaches: sensitivity, response surfaces, scenario discovery, convergence, variance."""
