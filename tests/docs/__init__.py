"""The documentation: its links, its generated pages, its blocks of code."""
