"""A folder of files says which environments conda-store is to have: what differs is planned, then done."""

from __future__ import annotations
