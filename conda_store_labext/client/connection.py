"""A conda-store server's address and credentials: the one place that holds a credential."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from requests.auth import AuthBase, HTTPBasicAuth

from ..errors import InvalidRequest
from .credentials import Anonymous, Bearer
from .renewal import ADDRESS, handed_out

AUTH_KINDS = ("none", "basic", "token")
DEFAULT_TIMEOUT = 30.0


def origin(url: str) -> tuple[str, str, int]:
    """Return scheme, host and port of a URL: what has to match before a credential is sent."""
    parts = urlsplit(url)
    return parts.scheme, parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)


@dataclass(frozen=True)
class Connection:
    """A server's URL (its prefix included, no trailing slash) and the credentials for it.

    `timeout` counts seconds for connecting and between two reads. `identity` tells this server from every
    other in what is kept on disk: its URL, unless something steadier is given. `token_url` is where a hub
    hands out tokens, used where no `token` is given. Raises InvalidRequest for a URL that is not http(s) or
    has a password in it, and for an unknown kind of authentication.
    """

    url: str
    auth: str = "none"
    username: str = ""
    password: str = field(default="", repr=False)
    token: str = field(default="", repr=False)
    token_url: str = ""
    verify: bool = True
    timeout: float = DEFAULT_TIMEOUT
    identity: str = ""

    def __post_init__(self) -> None:
        """Normalise the URL and refuse what cannot work."""
        object.__setattr__(self, "url", self.url.rstrip("/"))
        object.__setattr__(self, "identity", self.identity or self.url)
        try:
            parts = urlsplit(self.url)
            usable = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port or 1) > 0
        except ValueError:
            usable = False
        if not usable:
            raise InvalidRequest("CONDA_STORE_URL is not an http or https URL; correct it, then try again.")
        if "@" in parts.netloc:
            raise InvalidRequest(
                "CONDA_STORE_URL holds a user name or password; "
                "move them to CONDA_STORE_USERNAME and CONDA_STORE_PASSWORD."
            )
        if self.auth not in AUTH_KINDS:
            raise InvalidRequest(f"CONDA_STORE_AUTH is {self.auth!r}; set it to none, basic or token.")

    @property
    def has_credentials(self) -> bool:
        """Tell whether the server should know who asks."""
        return self.auth != "none"

    def auth_for(self, url: str) -> AuthBase:
        """Return the credential for a URL: this server's own origin gets it, no other host ever does.

        Raises what `HandedOut.token` does.
        """
        if self.auth == "none" or origin(url) != origin(self.url):
            return Anonymous()
        if self.auth == "basic":
            # requests encodes str as latin-1, conda-store decodes UTF-8
            return HTTPBasicAuth(self.username.encode(), self.password.encode())
        return Bearer(handed_out(self.token_url).token() if self._by_hub else self.token)

    def renew(self) -> bool:
        """Have another token handed out, as the server does not know this one; false if that cannot be."""
        return self._by_hub and handed_out(self.token_url).renew()

    @property
    def _by_hub(self) -> bool:
        return self.auth == "token" and bool(self.token_url) and not self.token


def connection_from_environment(environ: Mapping[str, str] = os.environ) -> Connection | None:
    """Read the conda-store client's own variables; None when CONDA_STORE_URL is not set.

    A token or a user name without CONDA_STORE_AUTH is taken at its word (`token`, `basic`). Source: the
    variables are those of `conda-store --help`.
    """
    url = environ.get("CONDA_STORE_URL", "")
    if not url:
        return None
    token = environ.get("CONDA_STORE_TOKEN", "")
    token_url = environ.get(ADDRESS, "")
    username = environ.get("CONDA_STORE_USERNAME", "")
    return Connection(
        url=url,
        auth=environ.get("CONDA_STORE_AUTH") or default_auth(token or token_url, username),
        username=username,
        password=environ.get("CONDA_STORE_PASSWORD", ""),
        token=token,
        token_url=token_url,
        verify=verify_from_environment(environ),
    )


def default_auth(token: str, username: str) -> str:
    """Return the kind of authentication that the given credentials imply."""
    return "token" if token else "basic" if username else "none"


def verify_from_environment(environ: Mapping[str, str] = os.environ) -> bool:
    """Return False when CONDA_STORE_NO_VERIFY asks for certificates not to be checked."""
    return environ.get("CONDA_STORE_NO_VERIFY", "").lower() not in ("1", "true", "yes", "on")
