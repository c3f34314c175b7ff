"""Rules for asking channels: what is asked in an address's place, and with which credentials."""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import SplitResult, quote, urlsplit, urlunsplit

from .addresses import BLANKED, is_http

_TOKEN = re.compile(r"/t/([^/]+)(?=/)")


@dataclass(frozen=True)
class Credential:
    """Credentials for a host (`example.org`, `*.example.org`) or below an address; none of it is printed."""

    where: str
    token: str = field(default="", repr=False)
    bearer: str = field(default="", repr=False)
    user: str = field(default="", repr=False)
    password: str = field(default="", repr=False)

    def fits(self, url: str) -> bool:
        """Tell whether it is meant for an address."""
        if is_http(self.where):
            return below(url, self.where)
        host = urlsplit(url).hostname or ""
        if self.where.startswith("*."):
            return host.endswith(self.where[1:]) or host == self.where[2:]
        return host == self.where.lower()

    def header(self) -> str:
        """Return it as the header `Authorization`, empty where it is none."""
        if self.bearer:
            return f"Bearer {self.bearer}"
        if self.user or self.password:
            return f"Basic {base64.b64encode(f'{self.user}:{self.password}'.encode()).decode()}"
        return ""


@dataclass(frozen=True)
class Rules:
    """The user's own configuration of channels.

    `mirrors` has addresses, each with what is asked in its place, in order; `named` every address that the
    user names, with its credentials. `verify` and `proxies` are what `requests` takes; with
    `system_certificates` those of the machine count besides.
    """

    mirrors: tuple[tuple[str, tuple[str, ...]], ...] = ()
    named: tuple[str, ...] = field(default=(), repr=False)
    credentials: tuple[Credential, ...] = ()
    verify: bool | str = True
    system_certificates: bool = False
    proxies: Mapping[str, str] = field(default_factory=dict, repr=False)

    def asked(self, url: str) -> tuple[str, ...]:
        """Return the addresses that are asked in place of one, in order, with tokens and passwords."""
        fitting = [(before, urls) for before, urls in self.mirrors if below(url, before) and urls]
        if not fitting:
            return (self._with_credentials(url),)
        before, urls = max(fitting, key=lambda mirror: len(_bare(mirror[0])))
        rest = _bare(url)[len(_bare(before)) :]
        asked = (url if _bare(base) == _bare(before) else f"{base.rstrip('/')}{rest}" for base in urls)
        return tuple(dict.fromkeys(map(self._with_credentials, asked)))

    def names(self, url: str) -> bool:
        """Tell whether the user's configuration itself names an address or what it lies below."""
        mirrors = (base for _, urls in self.mirrors for base in urls)
        return any(below(url, base) for base in (*self.named, *mirrors))

    def authorization(self, url: str) -> str:
        """Return the header `Authorization` for an address, empty without one."""
        fitting = [entry for entry in self.credentials if entry.header() and entry.fits(url)]
        return max(fitting, key=lambda entry: len(entry.where)).header() if fitting else ""

    def _with_credentials(self, url: str) -> str:
        parts = urlsplit(url)
        blanked = bool(BLANKED.search(url))
        if not blanked and (parts.username or _TOKEN.match(parts.path)):
            return url
        named = [base for base in self.named if _secret(base) and below(url, base)]
        if named:
            base = urlsplit(max(named, key=lambda base: len(_bare(base))))
            token = _TOKEN.match(base.path + "/")
            netloc = f"{base.netloc.rpartition('@')[0]}@{parts.netloc}" if base.username else parts.netloc
            if token or not blanked:
                return _with_token(parts._replace(netloc=netloc), token[1] if token else "")
        tokens = [entry for entry in self.credentials if entry.token and entry.fits(url)]
        if tokens:
            return _with_token(parts, quote(max(tokens, key=lambda entry: len(entry.where)).token))
        return url


def below(url: str, base: str) -> bool:
    """Tell whether an address is another one or lies below it, tokens and passwords aside."""
    if not is_http(base):
        return False
    return f"{_bare(url)}/".startswith(f"{_bare(base)}/")


def _with_token(parts: SplitResult, token: str) -> str:
    path = _TOKEN.sub("", parts.path, count=1)
    return urlunsplit(parts._replace(path=f"/t/{token}{path}" if token else path))


def _bare(url: str) -> str:
    """Return an address without its token, its password and the slashes at its end."""
    parts = urlsplit(url)
    path = _TOKEN.sub("", parts.path.rstrip("/") + "/", count=1).rstrip("/")
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2].lower()}{path}"


def _secret(url: str) -> bool:
    if not is_http(url):
        return False
    parts = urlsplit(url)
    return bool(parts.username or _TOKEN.match(parts.path + "/"))
