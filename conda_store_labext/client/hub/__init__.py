"""Tokens for the users of a JupyterHub: what its configuration calls, and the service that hands them out."""

from __future__ import annotations

from .configuration import give_tokens

__all__ = ["give_tokens"]
