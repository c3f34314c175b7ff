"""Tests of survival: the real pipeline, its worker and the Jupyter server, hit at random points."""
