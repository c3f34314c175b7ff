"""The place of a repository: an address that git may be given, without any secret in it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit

from ..errors import InvalidRequest, RepositoryRefused
from .git import Credential
from .messages import harmless

SCHEMES = ("https", "http", "ssh", "file")
MOST = 2000  # characters of an address
_SCP = re.compile(
    r"(?:(?P<user>[\w.+-]+)@)?(?P<host>[A-Za-z0-9][A-Za-z0-9.-]*|\[[0-9a-fA-F:]+\]):(?!//)(?P<path>[^-].*)"
)
_HOST = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_])?|\[[0-9a-fA-F:.]+\]")
_USER = re.compile(r"[\w.+][\w.+-]*")
_OWNER = re.compile(r"[A-Za-z0-9_.][\w.-]*(?:/[A-Za-z0-9_.][\w.-]*)+")


@dataclass(frozen=True)
class Address:
    """A repository: `url` is what git is given, `host` (with a port that is not the usual one) and `path`.

    A `credential` that the text named is for git's calls alone; it is in no `url`, `repr` or comparison.
    """

    url: str
    scheme: str
    host: str
    path: str
    credential: Credential | None = field(default=None, repr=False, compare=False)

    def __str__(self) -> str:
        """Return it as people are shown it."""
        return harmless(self.url)

    @property
    def identity(self) -> str:
        """Return what is equal for all addresses of one repository: `host/path`, whatever way leads there."""
        path = self.path.strip("/").removesuffix(".git").rstrip("/")
        return f"{self.host.lower()}/{path}" if self.host else f"/{path}"

    @property
    def name(self) -> str:
        """The name that a clone's folder gets."""
        last = re.sub(r"[^\w.+-]", "-", self.identity.rsplit("/", 1)[-1]).strip("-.")
        return last or "repository"

    @property
    def folder(self) -> Path | None:
        """The folder of a repository on this machine, None for all others."""
        return Path(self.path) if self.scheme == "file" else None

    @property
    def is_loopback(self) -> bool:
        """Tell whether the host is this machine."""
        host = self.host.rsplit(":", 1)[0] if not self.host.endswith("]") else self.host
        return host in ("localhost", "127.0.0.1", "[::1]")


def parse_address(text: str, forge: str = "https://github.com") -> Address:
    """Return the address that a text gives: a URL, `user@host:path`, `owner/name` of the forge, or a folder.

    A text is a folder when it says so (`/`, `./`, `../`, `~`) or when there is such a folder. Raises
    InvalidRequest for what is none of these, RepositoryRefused for what git must not be given.
    """
    text = text.strip()
    if (
        not text
        or len(text) > MOST
        or harmless(text) != _without_secret(text)
        or text.startswith("-")
        or "\n" in text
        or "\t" in text
    ):
        raise InvalidRequest(
            f"{_shown(text)} is not the address of a repository; "
            "write https://HOST/OWNER/NAME, USER@HOST:PATH, OWNER/NAME or a folder."
        )
    if "://" in text:
        return _url(text)
    if "::" in text:
        raise RepositoryRefused(
            f"{_shown(text)} asks git to run a program of its own; use https://, ssh or a folder."
        )
    if text.startswith(("/", "./", "../", "~")) or text in (".", "..") or Path(text).is_dir():
        return local(Path(text).expanduser())
    scp = _SCP.fullmatch(text)
    if scp:
        return _ssh(scp["user"], scp["host"], scp["path"])
    if _OWNER.fullmatch(text) and ".." not in text.split("/"):
        return _url(f"{forge.rstrip('/')}/{text}")
    raise InvalidRequest(
        f"{_shown(text)} is neither a folder on this machine nor the address of a repository; write "
        "https://HOST/OWNER/NAME, USER@HOST:PATH or OWNER/NAME."
    )


def local(folder: Path) -> Address:
    """Return the address of a folder on this machine."""
    path = folder.absolute()
    return Address(f"file://{quote(str(path))}", "file", "", str(path))


def _url(text: str) -> Address:
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        raise InvalidRequest(
            f"{_shown(text)} is not the address of a repository; check its host and port."
        ) from None
    scheme = parts.scheme.lower()
    if scheme not in SCHEMES:
        raise RepositoryRefused(
            f"Repositories are not fetched by {_shown(scheme)}:; use https://, ssh or a folder."
        )
    if scheme == "file":
        if parts.netloc not in ("", "localhost") or not parts.path.startswith("/"):
            raise InvalidRequest(
                f"{_shown(text)} does not name a folder of this machine; write file:///FOLDER."
            )
        return local(Path(unquote(parts.path)))
    host = parts.hostname or ""
    host = f"[{host}]" if ":" in host else host
    if not _HOST.fullmatch(host):
        raise InvalidRequest(f"{_shown(text)} does not name a host; write https://HOST/OWNER/NAME.")
    if parts.query or parts.fragment or not parts.path.strip("/"):
        raise InvalidRequest(
            f"{_shown(text)} does not name a repository; "
            "leave what follows `?` or `#` out, and name its path."
        )
    usual = {"https": 443, "http": 80, "ssh": 22}[scheme]
    place = host if port in (None, usual) else f"{host}:{port}"
    if scheme == "ssh":
        return _ssh(parts.username, place, parts.path)
    url = f"{scheme}://{place}{parts.path}"
    credential = None
    if parts.username or parts.password:
        user, password = unquote(parts.username or ""), unquote(parts.password or "")
        credential = Credential(f"{scheme}://{place}/", user, password)
    return Address(url, scheme, place, unquote(parts.path), credential)


def _ssh(user: str | None, host: str, path: str) -> Address:
    if path.lstrip("/").startswith("-") or not _USER.fullmatch(user or "git"):
        raise RepositoryRefused(f"{_shown(path)} would be taken for an option of ssh; check the address.")
    place = f"{user}@{host}" if user else host
    rooted = path if path.startswith("/") else f"/{path}"
    # a path below the home folder of that user has no form as a URL
    url = f"ssh://{place}{rooted}" if path.startswith("/") else f"{place}:{path}"
    return Address(url, "ssh", host, rooted)


def _without_secret(text: str) -> str:
    return re.sub(r"(?<=://)[^/\s@]*@", "", text)


def _shown(text: str) -> str:
    return repr(harmless(text)[:200])
