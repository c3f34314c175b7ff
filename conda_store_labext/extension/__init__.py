"""The routes below `conda-store/`: parse, call, `asdict`."""

from __future__ import annotations

from .base import CondaStoreHandler
from .routes import routes
from .services import Services

__all__ = ["CondaStoreHandler", "Services", "routes"]
