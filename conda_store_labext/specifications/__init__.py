"""The text of a specification: read, checked, converted from other files, compared."""
