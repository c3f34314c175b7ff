"""Kernelspecs of the environments that are here."""
