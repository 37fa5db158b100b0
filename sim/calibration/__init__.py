"""What scenarios read of the estimate: coefficients and their draws, who joined what, and by which rules."""
