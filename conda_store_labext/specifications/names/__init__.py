"""The packages of PyPI that conda-forge has, and their names there."""
