"""Contents of a package cache and of a prefix."""
