"""A server extension that measures the event loop's longest stall and writes it to a file."""

from __future__ import annotations

import asyncio
import os
import time
from pathlib import Path
from typing import Any

OUT = "CONDA_STORE_LABEXT_STALLS"
STEP = 0.005  # seconds


def _jupyter_server_extension_points() -> list[dict[str, str]]:
    return [{"module": __name__}]


def _load_jupyter_server_extension(app: Any) -> None:
    app.io_loop.add_callback(_measure, Path(os.environ["JUPYTER_RUNTIME_DIR"]) / OUT)


async def _measure(out: Path) -> None:
    longest = 0.0
    while True:
        began = time.monotonic()
        await asyncio.sleep(STEP)
        late = time.monotonic() - began - STEP
        if late > longest:
            longest = late
            _write(out, longest)


def _write(out: Path, longest: float) -> None:
    beside = out.with_suffix(".new")
    beside.write_text(f"{longest:.4f}")
    beside.replace(out)  # somebody may be reading it
