"""The service's program, which the hub starts and keeps running."""

from __future__ import annotations

from .service import main

main()
