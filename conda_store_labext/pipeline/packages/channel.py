"""Asking channels for package files: no credential of conda-store's, redirections looked at one by one.

Mirrors and credentials are those of the user's own configuration (`condarc`), and go to no other address.
"""

from __future__ import annotations

import ssl
from http.cookiejar import DefaultCookiePolicy
from typing import Any
from urllib.parse import quote, unquote, urljoin, urlsplit

import requests
from requests.adapters import HTTPAdapter

from ...client.archive_response import ArchiveResponse, range_headers
from ...errors import InvalidRequest, PackageUnavailable
from ..download import ArchiveSource
from .addresses import Addresses
from .locked import LockedPackage
from .rules import Rules

MAX_REDIRECTS = 5
POOL_SIZE = 16
TIMEOUT = (10.0, 30.0)  # seconds for connecting, and between two reads


class Channels:
    """Asks for packages, safe to use from several threads; proxies and .netrc count as everywhere."""

    def __init__(self, addresses: Addresses, rules: Rules | None = None) -> None:
        self._addresses = addresses
        self._rules = rules or Rules()
        self._answering: dict[str, str] = {}  # of several addresses of a package, the one that gave it
        self._session = requests.Session()
        self._session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        self._session.verify = self._rules.verify
        self._session.proxies.update(self._rules.proxies)
        adapter = _Adapter(self._rules.system_certificates)
        self._session.mount("http://", adapter)
        self._session.mount("https://", adapter)

    def close(self) -> None:
        """Close the connections that wait for the next request."""
        self._session.close()

    def source(self, package: LockedPackage) -> ArchiveSource:
        """Return what opens a package's file from a byte on, for `pipeline.download`.

        It raises PackageUnavailable for what asking again would not mend, OSError for what it might.
        """

        def ask(offset: int, validator: str | None) -> ArchiveResponse:
            return ArchiveResponse(self._send("GET", package, range_headers(offset, validator)))

        return ask

    def size(self, package: LockedPackage) -> int | None:
        """Return the bytes of a package's file, None where the channel does not say; PackageUnavailable."""
        try:
            with self._send("HEAD", package, {"Accept-Encoding": "identity"}) as response:
                length = response.headers.get("Content-Length", "")
                return int(length) if length.isdigit() else None
        except (OSError, PackageUnavailable):
            pass
        try:  # addresses that are signed, and simple servers, are good for GET alone
            with self._send("GET", package, {"Accept-Encoding": "identity"}) as response:
                return ArchiveResponse(response).total
        except OSError:
            raise unavailable(package, "does not answer") from None

    def _send(self, method: str, package: LockedPackage, headers: dict[str, str]) -> requests.Response:
        """Ask each address that may have a package in turn; raises what the last one was refused with."""
        answering = self._answering.get(package.url)
        *others, last = sorted(self._rules.asked(package.url), key=lambda url: url != answering)
        for url in others:
            try:
                return self._asked(method, package, url, headers)
            except (OSError, InvalidRequest, PackageUnavailable):
                continue
        return self._asked(method, package, last, headers)

    def _asked(
        self, method: str, package: LockedPackage, url: str, headers: dict[str, str]
    ) -> requests.Response:
        response = self._followed(method, package, url, headers)
        if response.status_code == 404:
            other = _other_spelling(url)
            if other != url:
                response.close()
                response = self._followed(method, package, other, headers)
        status = response.status_code
        if status < 400:
            self._answering[package.url] = url
            return response
        response.close()
        if status == 404 or status == 410:
            raise unavailable(package, "does not have it any more")
        if status == 416:
            raise InvalidRequest(f"The channel has less of {package.file} than is here; try again.")
        if status in (401, 403, 407):
            raise unavailable(package, f"wants credentials (HTTP {status})")
        raise OSError(f"HTTP {status}")

    def _followed(
        self, method: str, package: LockedPackage, url: str, headers: dict[str, str]
    ) -> requests.Response:
        for _ in range(MAX_REDIRECTS + 1):
            if not self._rules.names(url):
                self._addresses.require(url)
            authorization = self._rules.authorization(url)
            try:
                response = self._session.request(
                    method,
                    url,
                    headers={**headers, **({"Authorization": authorization} if authorization else {})},
                    auth=_as_it_is if authorization else None,  # else .netrc would be asked
                    timeout=TIMEOUT,
                    allow_redirects=False,
                    stream=True,
                )
            except requests.exceptions.SSLError:
                raise unavailable(package, "shows a certificate that is not trusted") from None
            except requests.RequestException as error:
                raise ConnectionError(type(error).__name__) from None
            location = response.headers.get("Location")
            if not response.is_redirect or location is None:
                return response
            response.close()
            url = urljoin(url, location)
        raise unavailable(package, "redirects in circles")


class _Adapter(HTTPAdapter):
    """Connections that are kept; with `system`, this machine's certificates are trusted besides."""

    def __init__(self, system: bool) -> None:
        self._system = system
        super().__init__(pool_connections=8, pool_maxsize=POOL_SIZE)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        if self._system:
            kwargs["ssl_context"] = ssl.create_default_context()
        super().init_poolmanager(*args, **kwargs)


def _as_it_is(request: requests.PreparedRequest) -> requests.PreparedRequest:
    return request


def unavailable(package: LockedPackage, why: str) -> PackageUnavailable:
    """Return the error for a package that its channel does not give."""
    host = urlsplit(package.url).hostname
    return PackageUnavailable(
        f"The channel on {host} {why} ({package.file}); try again later, or lock again."
    )


def _other_spelling(url: str) -> str:
    """Return an address with its file's name quoted the other way: `!` and `+` may stand there or not."""
    head, _, file = url.rpartition("/")
    plain = unquote(file)
    return f"{head}/{plain if plain != file else quote(file, safe='')}"
