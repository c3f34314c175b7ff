"""Tokens that a hub hands out to its users' servers: asked for again before they end."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Mapping

import requests

from ..errors import NotAuthenticated, ServerError, ServerUnreachable
from .credentials import Anonymous

ADDRESS = "CONDA_STORE_LABEXT_TOKEN_URL"
PATIENCE = 30.0  # seconds
AGAIN = 10.0  # seconds from one question to the next, where the last answer was of no use
EARLY = 300.0  # seconds before its end at which a token is renewed, or a third of the time that it has
# what HTTP_PROXY and the like say is about the world outside of a hub
DIRECTLY: Mapping[str, str] = {"http": "", "https": ""}


class HandedOut:
    """The token that is handed out at an address to this user's server; safe to use from several threads."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._lock = threading.Lock()
        self._token = ""
        self._asked_at = float("-inf")
        self._renew_at = self._ends_at = float("-inf")

    def token(self) -> str:
        """Return a token that has not ended; asks for another one in time.

        Raises NotAuthenticated where the hub gives none, ServerUnreachable and ServerError where it fails.
        """
        with self._lock:
            now = time.monotonic()
            if now >= self._renew_at:
                try:
                    self._ask()
                except (NotAuthenticated, ServerUnreachable, ServerError):
                    if now >= self._ends_at:
                        raise
                    self._renew_at = now + AGAIN  # the one that is here does for a while
            return self._token

    def renew(self) -> bool:
        """Ask for another token, as conda-store does not know this one; false where that was just done."""
        with self._lock:
            if time.monotonic() - self._asked_at < AGAIN:
                return False
            self._ask()
            return True

    def _ask(self) -> None:
        own = os.environ.get("JUPYTERHUB_API_TOKEN", "")
        if not own:
            raise NotAuthenticated(
                f"{ADDRESS} is set, but this is no server of a hub; set CONDA_STORE_TOKEN instead."
            )
        began = time.monotonic()
        try:
            answer = requests.post(
                self._address,
                headers={"Authorization": f"token {own}"},
                auth=Anonymous(),
                timeout=PATIENCE,
                allow_redirects=False,
                proxies=dict(DIRECTLY),
            )
        except (requests.RequestException, OSError, UnicodeError):
            raise ServerUnreachable(
                f"The hub's service at {self._address}, which hands out tokens for conda-store, cannot be "
                "reached; try again later or ask the hub's administrator."
            ) from None
        try:
            told = answer.json()
        except ValueError:
            told = {}
        if answer.status_code in (401, 403):
            message = told.get("message") if isinstance(told, dict) else None
            raise NotAuthenticated(str(message or "The hub gives no token for conda-store; log in again."))
        try:
            token, lasts = str(told["token"]), float(told["expires_in"])
        except (LookupError, TypeError, ValueError):
            raise ServerError(
                f"The hub's service at {self._address} hands out no token for conda-store just now; try "
                "again later or ask the hub's administrator."
            ) from None
        self._token, self._asked_at = token, began
        self._ends_at = began + lasts
        self._renew_at = self._ends_at - min(EARLY, lasts / 3)


_by_address: dict[str, HandedOut] = {}
_lock = threading.Lock()


def handed_out(address: str) -> HandedOut:
    """Return the token that is handed out at an address, the same one for the whole process."""
    with _lock:
        return _by_address.setdefault(address, HandedOut(address))
