"""Specifications, the files they come from, and what changed between two of them."""
