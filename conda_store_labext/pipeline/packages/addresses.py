"""Addresses of a lockfile that may be asked, whoever wrote it.

A lockfile is somebody's text: it may name this machine's own services, or files of it. Packages come over
http and https alone. What listens on this machine only is asked where the whole lockfile is from such a
channel, as one of a local conda-store is; never in the middle of a lockfile whose channels are elsewhere.
"""

from __future__ import annotations

import re
import socket
from collections.abc import Iterable
from functools import lru_cache
from urllib.parse import urlsplit

from ...errors import UnsuitableLockfile
from ...specifications.addresses import ip_address, is_loopback, without_credentials

BLANKED = re.compile(r"/t/(?:<|%3C)", re.IGNORECASE)


class Addresses:
    """Addresses that may be asked: any on the network, and those on this machine if `local` is true."""

    def __init__(self, *, local: bool) -> None:
        self._local = local

    @classmethod
    def of(cls, urls: Iterable[str], *, trusted: bool = True) -> Addresses:
        """Return the rule for the addresses of one lockfile, after looking at each of them.

        With `trusted` false, as for a stranger's file, nothing on this machine is asked at all. Raises
        UnsuitableLockfile for an address that cannot be used.
        """
        urls = list(urls)
        local = {is_local(url) for url in urls if is_http(url)}
        rule = cls(local=trusted and local == {True})
        for url in urls:
            rule.require(url)
        return rule

    def require(self, url: str) -> None:
        """Raise UnsuitableLockfile unless an address may be asked; for a redirection's target as well."""
        shown = without_credentials(url)[:200]
        if not is_http(url):
            raise UnsuitableLockfile(
                f"The lockfile has an address that is neither http nor https ({shown}); lock with the "
                "channel's own address."
            )
        if BLANKED.search(url):
            raise UnsuitableLockfile(
                "The lockfile has an address whose token was blanked, and none is known for "
                f"{urlsplit(url).hostname}; name the channel with its token in .condarc, or lock with a "
                "channel that needs none."
            )
        if is_local(url) and not (self._local and is_local(url, loopback=True)):
            raise UnsuitableLockfile(
                f"The lockfile has an address on this very machine ({shown}), though its channels are "
                "elsewhere; it is not asked: lock with the channels' own addresses."
            )


def is_http(url: str) -> bool:
    """Tell whether an address is a complete one of http or https."""
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        return False


def is_local(url: str, *, loopback: bool = False) -> bool:
    """Tell whether an address leads to this machine, or to what only a machine itself may ask (link-local).

    With `loopback` true, tell whether it leads to this machine alone.
    """
    if is_loopback(url):
        return True
    host = (urlsplit(url).hostname or "").rstrip(".")
    own = [_own(address, loopback) for address in _addresses(host)]
    return bool(own) and (all(own) if loopback else any(own))


@lru_cache(maxsize=64)
def _addresses(host: str) -> frozenset[str]:
    try:
        entries = socket.getaddrinfo(host, None, proto=socket.IPPROTO_TCP)
    except (OSError, UnicodeError):
        return frozenset()  # nobody's: asking it fails, or a proxy knows better
    return frozenset(str(entry[4][0]) for entry in entries)


def _own(address: str, loopback: bool) -> bool:
    ip = ip_address(address)
    if ip is None:
        return False
    return ip.is_loopback or (not loopback and (ip.is_link_local or ip.is_unspecified))
