"""Secrets that nobody but the user sees, and a stand-in that the user's interpreter does not see."""

from __future__ import annotations

import socket
import stat
import subprocess
import sys
from pathlib import Path

import requests

from tests.stores import PATIENCE, RunningStore, processes_of


def secrets_of(store: RunningStore) -> list[str]:
    return [store.admin_token, store.local.paths.secrets.read_text(encoding="utf-8").split('"')[3]]


def test_what_matters_is_for_its_owner_alone(store: RunningStore) -> None:
    paths = store.local.paths
    assert stat.S_IMODE(paths.root.stat().st_mode) == 0o700
    files = [paths.secrets, paths.state, paths.server_settings, paths.config, paths.database, paths.lock]
    for file in [*files, *paths.logs.iterdir()]:
        assert stat.S_IMODE(file.stat().st_mode) == 0o600, file


def test_no_secret_is_where_others_look(store: RunningStore) -> None:
    paths = store.local.paths
    status = store.local.status()
    credentials = store.local.credentials()
    texts = [repr(status), repr(credentials), repr(store)]
    texts += [file.read_text() for file in (paths.state, paths.server_settings, paths.config)]
    texts += [file.read_text() for file in paths.logs.iterdir()]
    texts += [file.read_text() for file in (paths.storage / "logs").iterdir()]
    pids = [*processes_of(paths.root), status.pid]
    assert len(pids) > 3
    for pid in pids:
        texts += [Path(f"/proc/{pid}/{name}").read_text() for name in ("cmdline", "environ")]
    for secret in secrets_of(store):
        assert len(secret) == 64
        assert not any(secret in text for text in texts)


def test_without_a_token_there_is_nothing_to_see(store: RunningStore) -> None:
    environments = requests.get(f"{store.url}/api/v1/environment/", timeout=PATIENCE)
    assert environments.json()["data"] == []
    build = store.builds["minimal"]
    assert requests.get(f"{store.url}/api/v1/build/{build}/", timeout=PATIENCE).status_code == 403
    header = {"Authorization": f"Bearer {store.admin_token}"}
    log = requests.get(f"{store.url}/api/v1/build/{build}/logs/", headers=header, timeout=PATIENCE)
    assert "starting build" in log.text
    assert "/storage/" in log.url
    assert requests.get(log.url, timeout=PATIENCE).status_code == 401
    expired = {"Authorization": f"Bearer {store.expired_token}"}
    assert requests.get(log.url, headers=expired, timeout=PATIENCE).status_code == 401


def test_another_site_cannot_read_it_through_the_browser(store: RunningStore) -> None:
    header = {"Authorization": f"Bearer {store.admin_token}", "Origin": "https://elsewhere.example"}
    answer = requests.get(f"{store.url}/api/v1/environment/", headers=header, timeout=PATIENCE)
    assert answer.status_code == 200
    assert "Access-Control-Allow-Origin" not in answer.headers


def test_it_listens_on_loopback_alone(store: RunningStore) -> None:
    port = int(store.url.split(":")[2].partition("/")[0])
    listening = {
        address
        for name in ("tcp", "tcp6")
        for line in Path(f"/proc/net/{name}").read_text().splitlines()[1:]
        for address, state in [(line.split()[1], line.split()[3])]
        if state == "0A" and address.endswith(f":{port:04X}")
    }
    assert listening == {f"{socket.inet_aton('127.0.0.1')[::-1].hex().upper()}:{port:04X}"}


def test_the_users_interpreter_knows_no_conda(store: RunningStore) -> None:
    code = "import importlib.util; spec = importlib.util.find_spec('conda'); print(spec and spec.origin)"
    process = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd="/"
    )
    assert "standin" not in process.stdout
    environment = subprocess.run(["env"], capture_output=True, text=True, check=True).stdout
    assert "standin" not in environment


def test_archives_can_be_read_in_parts(store: RunningStore) -> None:
    header = {"Authorization": f"Bearer {store.viewer_token}"}
    address = f"{store.url}/api/v1/build/{store.builds['minimal']}/archive/"
    whole = requests.get(address, headers=header, timeout=PATIENCE).content
    part = requests.get(address, headers={**header, "Range": "bytes=1000-1999"}, timeout=PATIENCE)
    assert (part.status_code, part.content) == (206, whole[1000:2000])
    past = requests.get(address, headers={**header, "Range": f"bytes={len(whole)}-"}, timeout=PATIENCE)
    assert past.status_code == 416
