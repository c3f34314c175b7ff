"""The limit that local copies keep to by themselves."""

from __future__ import annotations

import logging
import os
import threading

from ..errors import CondaStoreLabError
from ..models.quantities import parse_size, show_size
from .prune import Policy, Pruner

GRACE = 600.0  # seconds for which what was made or launched is not taken: its kernel may be about to start

log = logging.getLogger(__name__)


class SizeLimit:
    """Keeps all copies together within `limit` bytes, as far as none in use has to go."""

    def __init__(self, pruner: Pruner, limit: int) -> None:
        self._pruner = pruner
        self._limit = limit
        self._running = threading.Lock()

    def apply(self) -> None:
        """Remove what is too much, least recently used first; never raises, says in the log what it did."""
        # who comes while another thread looks will have been counted, or is counted the next time
        if not self._running.acquire(blocking=False):
            return
        try:
            summary = self._pruner.prune(Policy(keep_size=self._limit, spared=GRACE))
        except CondaStoreLabError as error:
            log.warning("The local copies could not be kept within their limit: %s", error)
        except Exception:
            log.exception("The local copies could not be kept within their limit")
        else:
            for row in summary.removed:
                log.warning(
                    "Removed %s/%s #%d, last used %s, to keep within %s.",
                    *(row.namespace, row.environment, row.build_id, row.last_used_on),
                    show_size(self._limit),
                )
            if summary.message:
                log.warning("%s", summary.message)
        finally:
            self._running.release()


def configured_limit() -> int | None:
    """Return the bytes that CONDA_STORE_LABEXT_SIZE_LIMIT allows all copies together, None for no limit."""
    text = os.environ.get("CONDA_STORE_LABEXT_SIZE_LIMIT", "").strip()
    return parse_size(text) if text else None
