"""Tests of repositories: real git, real servers of it, what strangers' repositories try."""
