"""Tests of environments that are made of the packages in a lockfile."""
