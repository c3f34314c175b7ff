"""Images of builds for containers."""
