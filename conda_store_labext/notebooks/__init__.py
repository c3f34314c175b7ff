"""Notebooks: the build they record, its status, lockfiles, and a folder's default environment."""
