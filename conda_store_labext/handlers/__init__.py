"""The routes below `conda-store/`: parse, call, `asdict`."""

from __future__ import annotations

from .base import CondaStoreHandler, Services
from .routes import routes

__all__ = ["CondaStoreHandler", "Services", "routes"]
