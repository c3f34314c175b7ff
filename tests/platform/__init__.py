"""Containers, by a real engine that the tests start: `make test-platform`."""
