"""Which packages of PyPI conda-forge has, and by which names."""
