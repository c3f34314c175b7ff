"""Options of the server extension, which the command line reads from the same configuration files."""
