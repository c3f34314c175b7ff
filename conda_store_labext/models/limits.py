"""The limits and times of conda-store, as far as several parts of this package have to know them."""

from __future__ import annotations

# Characters of a namespace's and an environment's name, for a regular expression's brackets
# (source: conda_store_server/_internal/schema.py).
NAME_CHARACTERS = r"A-Za-z0-9\-+_@$&?^~.="
# Seconds for which a build that has ended well may still be at work on its archive.
PACKING_SECONDS = 120.0
# Seconds for which a server that does not answer is asked again while a build is waited for.
PATIENCE_SECONDS = 60.0
# Roles in a namespace; `developer` is the old name of `editor`.
ROLES = ("viewer", "developer", "editor", "admin")
