"""Credentials as `requests` adds them to a request."""

from __future__ import annotations

from requests import PreparedRequest
from requests.auth import AuthBase


class Bearer(AuthBase):
    """A token."""

    def __init__(self, token: str) -> None:
        self._token = token

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        """Add the token."""
        request.headers["Authorization"] = f"Bearer {self._token}"
        return request


class Anonymous(AuthBase):
    """No credential at all; given explicitly, it also keeps `requests` from looking into ~/.netrc."""

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        """Return the request as it came."""
        return request
