"""Jupyter server extension: its options, its events, and the routes below `conda-store/`."""
