"""The commands `conda` and `mamba`."""
