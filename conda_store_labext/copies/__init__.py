"""Local copies of builds: made, listed, pruned, verified."""
