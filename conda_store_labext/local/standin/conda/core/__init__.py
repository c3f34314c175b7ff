"""What is in a package cache and in a prefix."""
