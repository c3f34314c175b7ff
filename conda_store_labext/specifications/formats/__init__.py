"""The kinds of file that a specification can be made from, each in a module of its own.

Each has `read(source)`, which returns a Conversion, or None where the file is of another kind.
"""
