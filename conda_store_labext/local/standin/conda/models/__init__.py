"""Packages and their specifications."""
