"""Notebooks and environments where nobody looks at a screen."""
