"""An environment made of the packages that a lockfile names."""
