"""A stand-in for conda where there is none: on the path of the local conda-store's processes alone.

conda-store-server imports the `conda` package, which no Python package index has, and runs `conda` and
`mamba`. Here are just the names and the sub-commands that conda-store-server 2025.2.2 and conda-lock use;
py-rattler solves and links.
"""
