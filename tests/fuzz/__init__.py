"""Readers of archives, given bytes that nobody meant."""
