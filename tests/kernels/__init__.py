"""Kernelspecs and activation, on small real folders."""
