"""A stand-in for conda over py-rattler: the names and the sub-commands that conda-store uses, no more."""

__version__ = "24.11.3"
