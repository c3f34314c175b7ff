"""Findings about a conda-store server: reached how, for whom, and how fast an archive comes from it."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

from requests.utils import get_environ_proxies

from ..errors import CondaStoreLabError, NotLaunchable
from ..models.findings import Finding, note, ok, problem
from ..models.quantities import show_size
from ..specifications.addresses import is_loopback
from .client import CondaStoreClient
from .connection import Connection
from .filters import LAUNCHABLE
from .transport import storage

SKEW = 60.0  # seconds that clocks may differ; S3 refuses links at 15 minutes, tokens sooner
SAMPLE_SECONDS, SAMPLE_BYTES = 2.0, 64 * 1024 * 1024
ENDING = timedelta(days=1)  # a token's end that is near enough to be mentioned
TRIED = 20  # environments at most whose archive is looked for


def server_findings(client: CondaStoreClient) -> Iterator[Finding]:
    """Yield what is found of a server, in the order of what needs what; ends at the first that fails."""
    connection = client.connection
    yield from _way(connection)
    began = time.monotonic()
    try:
        version, date = client.version_and_date()
    except CondaStoreLabError as error:
        yield _unreachable(connection, error)
        return
    waited = time.monotonic() - began
    yield ok("server", f"conda-store {version} at {connection.url} answers in {1000 * waited:.0f} ms.")
    yield from _clock(date)
    try:
        yield from _who(client)
        yield from _archive(client)
    except CondaStoreLabError as error:
        yield _failed("sign-in" if error.code == "not_authenticated" else "server", error)


def _way(connection: Connection) -> Iterator[Finding]:
    """Yield what stands between here and the server: a proxy, no encryption, no checked certificate."""
    parts = urlsplit(connection.url)
    proxy = get_environ_proxies(connection.url).get(parts.scheme)
    if proxy:
        host = urlsplit(proxy if "//" in proxy else f"//{proxy}")
        yield note(
            "proxy",
            f"Requests to {parts.hostname} go through the proxy {host.hostname}:{host.port or 80}.",
            "Set NO_PROXY to that host if the proxy is not meant for it.",
        )
    if not connection.verify:
        yield note("certificate", "The server's certificate is not checked.", "Unset CONDA_STORE_NO_VERIFY.")
    if connection.has_credentials and parts.scheme == "http" and not is_loopback(connection.url):
        yield note(
            "encryption",
            "The credentials go over the network unencrypted.",
            "Use an https:// address in CONDA_STORE_URL.",
        )


def _unreachable(connection: Connection, error: CondaStoreLabError) -> Finding:
    """Return why a server is not reached, in more words where its host's name is the reason."""
    host = urlsplit(connection.url).hostname or ""
    if error.code == "server_unreachable" and not get_environ_proxies(connection.url):
        try:
            socket.getaddrinfo(host, None)
        except (OSError, UnicodeError):
            return problem(
                "server",
                f"The name {host} is not known on this network.",
                "Check CONDA_STORE_URL, the VPN and the name server.",
            )
    return _failed("server", error)


def _failed(about: str, error: CondaStoreLabError) -> Finding:
    """Return an error as a finding; its sentence ends with what to do."""
    message, separator, advice = str(error).partition("; ")
    return problem(about, f"{message}." if separator else message, _sentence(advice))


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def _clock(date: str) -> Iterator[Finding]:
    try:
        theirs = parsedate_to_datetime(date)
    except (TypeError, ValueError):  # a server that sends none
        return
    if theirs.tzinfo is None:
        theirs = theirs.replace(tzinfo=timezone.utc)
    ahead = (datetime.now(timezone.utc) - theirs).total_seconds()
    if abs(ahead) < SKEW:
        yield ok("clock", "This machine's clock agrees with the server's.")
        return
    side = "ahead of" if ahead > 0 else "behind"
    yield problem(
        "clock",
        f"This machine's clock is {_minutes(abs(ahead))} {side} the server's.",
        "Set one of them right: tokens and signed links end too early or are refused.",
    )


def _minutes(seconds: float) -> str:
    return f"{seconds / 60:.0f} min" if seconds >= 120 else f"{seconds:.0f} s"


def _who(client: CondaStoreClient) -> Iterator[Finding]:
    client.require_authenticated()
    permissions = client.permissions()
    if not client.connection.has_credentials:
        yield note(
            "sign-in",
            "No credentials are configured; only what the server shows to everybody is seen.",
            "Set CONDA_STORE_TOKEN.",
        )
    else:
        expires = _moment(permissions.expires)
        until = f", until {permissions.expires} UTC" if permissions.expires else ""
        message = f"Signed in with namespace {permissions.primary_namespace}{until}."
        if expires and expires - datetime.now(timezone.utc) < ENDING:
            yield note("sign-in", message, "The token ends within a day; ask for a new one in time.")
        else:
            yield ok("sign-in", message)
    count = client.environments(size=1).count
    if count:
        yield ok("environments", f"{count:,} environment{'s' * (count > 1)} can be seen.")
    else:
        yield note(
            "environments", "No environments can be seen.", "Ask for a role in a namespace, or create one."
        )


def _moment(text: str | None) -> datetime | None:
    """Return a time of the server's, which is in UTC where it says nothing else."""
    if not text:
        return None
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=timezone.utc)


def _archive(client: CondaStoreClient) -> Iterator[Finding]:
    """Yield where an archive comes from and how fast, by the first environment that has one."""
    page = client.environments(size=TRIED, filters=LAUNCHABLE)
    for environment in page.environments:
        if environment.current_build_id is None:
            continue
        name = f"{environment.namespace}/{environment.name}"
        try:
            yield from _sampled(client, environment.current_build_id, name)
        except NotLaunchable:
            continue
        except CondaStoreLabError as error:
            yield _failed("archives", error)
        except OSError:
            yield problem(
                "archives",
                f"The archive of {name} broke off while it was downloaded.",
                "Check the network and the proxy before conda-store, then try again.",
            )
        return
    yield note("archives", "There is no archive to try: no environment can be launched.")


def _sampled(client: CondaStoreClient, build_id: int, name: str) -> Iterator[Finding]:
    began = time.monotonic()
    with client.open_artifact(build_id, "archive") as archive:
        first = time.monotonic() - began
        done = 0
        while done < SAMPLE_BYTES and time.monotonic() - began - first < SAMPLE_SECONDS:
            data = archive.read(1 << 18)
            if not data:
                break
            done += len(data)
        seconds = max(time.monotonic() - began - first, 1e-6)
    where = storage(archive.url, client.connection.url)
    came = f"The archive of {name} comes from {where or 'conda-store itself'}"
    yield ok("archives", f"{came}, the first byte after {1000 * first:.0f} ms.")
    rate = 8 * done / seconds
    yield ok("link", f"{_rate(rate)} ({show_size(done)} in {seconds:.1f} s).")
    if archive.total and archive.total > 1:
        with client.open_artifact(build_id, "archive", 1, archive.validator) as rest:
            if rest.offset != 1:
                yield note(
                    "resuming",
                    "A download that breaks off begins again at its first byte: ranges are not served.",
                    "Ask the administrator whether the proxy before conda-store can pass Range requests on.",
                )


def _rate(bits: float) -> str:
    return f"{bits / 1e9:.1f} Gbit/s" if bits >= 1e9 else f"{bits / 1e6:.1f} Mbit/s"
