"""Asking channels for package files: no credential of conda-store's, redirections looked at one by one."""

from __future__ import annotations

from http.cookiejar import DefaultCookiePolicy
from urllib.parse import quote, unquote, urljoin, urlsplit

import requests
from requests.adapters import HTTPAdapter

from ...client.archive_response import ArchiveResponse
from ...errors import PackageUnavailable
from ..download import ArchiveSource
from .addresses import Addresses
from .locked import LockedPackage

MAX_REDIRECTS = 5
POOL_SIZE = 16
TIMEOUT = (10.0, 30.0)  # seconds for connecting, and between two reads


class Channels:
    """Asks for packages, safe to use from several threads; proxies and .netrc count as everywhere."""

    def __init__(self, addresses: Addresses) -> None:
        self._addresses = addresses
        self._session = requests.Session()
        self._session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        adapter = HTTPAdapter(pool_connections=8, pool_maxsize=POOL_SIZE)
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
            # identity: the hash is that of the bytes as they lie in the channel
            headers = {"Accept-Encoding": "identity"}
            if offset:
                headers["Range"] = f"bytes={offset}-"
                if validator:
                    headers["If-Range"] = validator
            return ArchiveResponse(self._send("GET", package, headers))

        return ask

    def size(self, package: LockedPackage) -> int | None:
        """Return the bytes of a package's file, None where the channel does not say."""
        try:
            with self._send("HEAD", package, {"Accept-Encoding": "identity"}) as response:
                length = response.headers.get("Content-Length", "")
        except OSError:
            raise unavailable(package, "does not answer") from None
        return int(length) if length.isdigit() else None

    def _send(self, method: str, package: LockedPackage, headers: dict[str, str]) -> requests.Response:
        response = self._followed(method, package, package.url, headers)
        if response.status_code == 404:
            other = _other_spelling(package.url)
            if other != package.url:
                response.close()
                response = self._followed(method, package, other, headers)
        status = response.status_code
        if status < 400:
            return response
        response.close()
        if status == 404 or status == 410:
            raise unavailable(package, "does not have it any more")
        if status in (401, 403, 407):
            raise unavailable(package, f"wants credentials (HTTP {status})")
        raise OSError(f"HTTP {status}")

    def _followed(
        self, method: str, package: LockedPackage, url: str, headers: dict[str, str]
    ) -> requests.Response:
        for _ in range(MAX_REDIRECTS + 1):
            self._addresses.require(url)
            try:
                response = self._session.request(
                    method, url, headers=headers, timeout=TIMEOUT, allow_redirects=False, stream=True
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
