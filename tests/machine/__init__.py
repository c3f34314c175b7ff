"""Environments of this machine."""
