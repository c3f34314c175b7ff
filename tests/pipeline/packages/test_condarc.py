"""conda's own configuration counts for packages: mirrors, tokens, certificates, and to nobody else."""

from __future__ import annotations

import hashlib
import json
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from conda_store_labext.errors import PackageUnavailable, UnsuitableLockfile
from conda_store_labext.pipeline.packages.addresses import Addresses
from conda_store_labext.pipeline.packages.channel import Channels
from conda_store_labext.pipeline.packages.condarc import user_rules
from conda_store_labext.pipeline.packages.files import PackageFiles
from conda_store_labext.pipeline.packages.locked import LockedPackage, locked_package
from conda_store_labext.pipeline.packages.plan import Plan
from conda_store_labext.pipeline.packages.rules import Rules

FORGE = "https://conda.anaconda.org/conda-forge/noarch/x-1-0.conda"
DATA = b"package" * 1000

Written = Callable[..., Rules]


@pytest.fixture
def written(tmp_path: Path) -> Written:
    """A function that returns the rules of a home with these files."""

    def rules(condarc: str = "", files: dict[str, str] | None = None, **environ: str) -> Rules:
        for name, text in {".condarc": condarc, **(files or {})}.items():
            file = tmp_path / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text)
        return user_rules(tmp_path, environ)

    return rules


def test_without_files_an_address_is_asked_as_it_is(written: Written) -> None:
    rules = written()
    assert rules.asked(FORGE) == (FORGE,)
    assert (rules.verify, rules.system_certificates, dict(rules.proxies)) == (True, False, {})
    assert not rules.names(FORGE)


@pytest.mark.parametrize(
    ("condarc", "asked"),
    [
        (
            "channel_alias: https://mirror.example/conda/",
            ["https://mirror.example/conda/conda-forge/noarch/x-1-0.conda", FORGE],
        ),
        (
            "custom_channels: {conda-forge: 'https://m.example/all'}",
            ["https://m.example/all/conda-forge/noarch/x-1-0.conda", FORGE],
        ),
        (
            "mirrored_channels: {conda-forge: ['https://a.example/cf', 'https://b.example/cf']}",
            ["https://a.example/cf/noarch/x-1-0.conda", "https://b.example/cf/noarch/x-1-0.conda"],
        ),
        ("custom_channels: {other: 'https://m.example'}", [FORGE]),
        ("channels: [conda-forge, defaults]", [FORGE]),
        ("channel_alias: https://${HOST}/c", ["https://h.example/c/conda-forge/noarch/x-1-0.conda", FORGE]),
    ],
)
def test_mirrors_of_condas_are_asked_first(condarc: str, asked: list[str], written: Written) -> None:
    assert list(written(condarc, HOST="h.example").asked(FORGE)) == asked


def test_mirrors_of_pixis_are_asked_first(written: Written) -> None:
    text = '[mirrors]\n"https://conda.anaconda.org/conda-forge" = ["https://prefix.example/conda-forge"]\n'
    rules = written(files={".pixi/config.toml": text})
    assert rules.asked(FORGE) == ("https://prefix.example/conda-forge/noarch/x-1-0.conda",)


def test_a_blanked_token_is_filled_from_the_channel_that_it_belongs_to(written: Written) -> None:
    rules = written("channels: ['https://a.example/t/tk-AAA/chan', 'https://a.example/t/tk-BBB/chan/deeper']")
    a, deeper, b = (
        f"https://{path}/noarch/x-1-0.conda"
        for path in (
            "a.example/t/<TOKEN>/chan",
            "a.example/t/%3CTOKEN%3E/chan/deeper",
            "b.example/t/<TOKEN>/c",
        )
    )
    assert rules.asked(a) == ("https://a.example/t/tk-AAA/chan/noarch/x-1-0.conda",)
    assert rules.asked(deeper) == ("https://a.example/t/tk-BBB/chan/deeper/noarch/x-1-0.conda",)
    assert rules.asked("https://a.example/channel/noarch/x-1-0.conda") == (
        "https://a.example/channel/noarch/x-1-0.conda",
    )
    packages = [locked_package(url, {"sha256": "0" * 64}) for url in (a, b)]
    plan = Plan(tuple(packages), tuple(packages), {}, rules)
    with pytest.raises(UnsuitableLockfile, match=r"blanked, and none is known for b\.example"):
        plan.addresses()


def test_rattlers_credentials_go_to_their_host_alone(written: Written, tmp_path: Path) -> None:
    content = {
        "a.example": {"CondaToken": "tk-1"},
        "*.b.example": {"BearerToken": "bearer-1"},
        "c.example": {"BasicHTTP": {"username": "u", "password": "p"}},
    }
    file = os.fspath(tmp_path / "auth.json")
    rules = written(files={"auth.json": json.dumps(content)}, RATTLER_AUTH_FILE=file)
    assert rules.asked("https://a.example/c/noarch/x-1-0.conda") == (
        "https://a.example/t/tk-1/c/noarch/x-1-0.conda",
    )
    assert rules.authorization("https://x.b.example/c") == "Bearer bearer-1"
    assert rules.authorization("https://c.example/c") == "Basic dTpw"
    for other in ("https://a.example.org/c", "https://b.example.org/c", "https://cc.example/c"):
        assert (rules.asked(other), rules.authorization(other)) == ((other,), "")
    assert not [secret for secret in ("tk-1", "bearer-1", "'p'") if secret in repr(rules)]


@pytest.mark.parametrize(
    ("value", "verify", "system"),
    [
        ("true", True, False),
        ("false", False, False),
        ("truststore", True, True),
        ("/etc/hosts", "/etc/hosts", False),
    ],
)
def test_certificates_are_looked_at_as_conda_does(
    value: str, verify: bool | str, system: bool, written: Written
) -> None:
    rules = written(f"ssl_verify: {value}")
    assert (rules.verify, rules.system_certificates) == (verify, system)


@pytest.mark.parametrize("value", ["<false>", "/no/such/file.pem", "'no never'"])
def test_what_is_not_understood_never_switches_verification_off(value: str, written: Written) -> None:
    with pytest.raises(UnsuitableLockfile, match="ssl_verify"):
        written(f"ssl_verify: {value}")


def test_proxies_are_condas_and_nobodys_to_see(written: Written) -> None:
    rules = written("proxy_servers: {https: 'http://u:s3cret@proxy.example:3128'}")
    assert rules.proxies["https"].endswith("@proxy.example:3128")
    assert "s3cret" not in repr(rules)


class Hosts:
    """Two hosts by their names; one redirects to the other, both keep what they were asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str, str]] = []
        self.missing: set[str] = set()
        hosts = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                host = self.headers["Host"].partition(":")[0]
                hosts.asked.append((host, self.path, self.headers.get("Authorization", "")))
                if host in hosts.missing:
                    self.send_error(404)
                elif self.path.startswith("/moved/"):
                    self.send_response(302)
                    self.send_header("Location", f"http://127.0.0.1:{hosts.port}/noarch/x-1-0.conda")
                    self.send_header("Content-Length", "0")
                    self.end_headers()
                else:
                    self.send_response(200)
                    self.send_header("Content-Length", str(len(DATA)))
                    self.end_headers()
                    self.wfile.write(DATA)

            def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self.server.server_port
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def package(self, path: str) -> LockedPackage:
        """Return a package of the host `localhost`."""
        url = f"http://localhost:{self.port}/{path}/noarch/x-1-0.conda"
        return locked_package(url, {"sha256": hashlib.sha256(DATA).hexdigest()})


@pytest.fixture
def hosts() -> Iterator[Hosts]:
    """The hosts, while they answer."""
    running = Hosts()
    yield running
    running.server.shutdown()
    running.server.server_close()


def fetched(files: Path, package: LockedPackage, rules: Rules) -> bytes:
    """Fetch a package by some rules."""
    files.mkdir(exist_ok=True)
    with closing(Channels(Addresses(local=True), rules)) as channels:
        return PackageFiles(files).fetch(package, channels.source(package)).read_bytes()


def test_a_redirection_takes_no_credential_along(hosts: Hosts, written: Written, tmp_path: Path) -> None:
    auth = json.dumps({"localhost": {"BearerToken": "bearer-1"}})
    rules = written(files={".rattler/credentials.json": auth})
    assert fetched(tmp_path / "p", hosts.package("moved"), rules) == DATA
    assert [(host, shown) for host, _, shown in hosts.asked] == [
        ("localhost", "Bearer bearer-1"),
        ("127.0.0.1", ""),
    ]


def test_the_original_is_asked_where_a_mirror_has_it_not(
    hosts: Hosts, written: Written, tmp_path: Path
) -> None:
    base = f"localhost:{hosts.port}/forge"
    text = f'[mirrors]\n"http://{base}" = ["http://127.0.0.1:{hosts.port}/m", "http://{base}"]\n'
    rules = written(files={".pixi/config.toml": text})
    hosts.missing = {"127.0.0.1"}
    assert fetched(tmp_path / "p", hosts.package("forge"), rules) == DATA
    assert [host for host, _, _ in hosts.asked] == ["127.0.0.1", "localhost"]
    hosts.missing = {"127.0.0.1", "localhost"}
    with pytest.raises(PackageUnavailable, match="localhost does not have it any more"):
        fetched(tmp_path / "q", hosts.package("forge"), rules)
