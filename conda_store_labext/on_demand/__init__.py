"""Kernels whose environment is downloaded when they start."""
