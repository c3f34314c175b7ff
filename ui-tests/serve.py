"""Serve what the browser tests look at: a conda-store with three environments, and some Jupyter servers.

Usage: `python serve.py '{"folder": FOLDER, "ports": {NAME: PORT, ...}}'`. All state is kept below FOLDER,
which is emptied first. The Jupyter servers, with token and XSRF check, listen on 127.0.0.1: `store` is
connected to the conda-store, `expired` too, with a token unknown to it, `viewer` with one that may only look
at the namespace `default`, `bare` to none, and `cut` to the port named `forwarded`, where the tests forward
to the conda-store. That is the one of CONDA_STORE_URL, when it is set, and a local store otherwise;
`connection.json` in FOLDER tells where. `store` starts last: when it answers, all do.
"""

from __future__ import annotations

import datetime
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from urllib.parse import urlsplit, urlunsplit

import jwt
import requests

from conda_store_labext.local import LocalServer
from conda_store_labext.local.credentials import load_secrets
from conda_store_labext.models import LocalStoreStatus

TOKEN = "browser-tests"
NAMES = ("bare", "cut", "expired", "viewer", "store")
START_SECONDS = 300.0
BUILD_SECONDS = 900.0
# In the order in which they are built: `minimal` is built twice.
SPECIFICATIONS = (
    ("minimal", ["python"]),
    ("minimal", ["python", "ipykernel"]),
    ("data", ["python", "ipykernel", "numpy", "pandas"]),
    ("broken", ["python", "no-such-package-anywhere"]),
)
VARIABLES = ("CONDA_STORE_URL", "CONDA_STORE_AUTH", "CONDA_STORE_TOKEN")


@dataclass(frozen=True)
class Server:
    """A Jupyter server that was started here."""

    process: subprocess.Popen[bytes]
    port: int
    log: Path


def main(folder: Path, ports: dict[str, int]) -> None:
    """Start everything, then wait for a signal and end everything."""
    signal.signal(signal.SIGTERM, _interrupt)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    # the store and the one that a test starts take their packages from the same channel
    os.environ.setdefault("CONDA_STORE_LOCAL_CHANNELS", str(folder / "channels"))
    local = None if os.environ.get("CONDA_STORE_URL") else LocalServer(folder / "local")
    servers: list[Server] = []
    try:
        store = _local_variables(local) if local else _configured_variables()
        (folder / "connection.json").write_text(json.dumps({"url": store["CONDA_STORE_URL"]}))
        variables: dict[str, dict[str, str]] = {
            "bare": {},
            "cut": _forwarded(store, ports["forwarded"]),
            "expired": {**store, "CONDA_STORE_AUTH": "token", "CONDA_STORE_TOKEN": "expired"},
            "viewer": _viewer_variables(local, store),
            "store": store,
        }
        for name in NAMES:
            if name == "store":
                _wait_for_servers(servers)
            servers.append(_start_jupyter(folder / name, ports[name], variables[name]))
        _wait_for_servers(servers)
        signal.pause()
    except KeyboardInterrupt:
        print("Ending.", flush=True)
    finally:
        for server in servers:
            server.process.terminate()
        for server in servers:
            server.process.wait(120)
        if local:
            local.stop()
        LocalServer(folder / "bare" / "data" / "conda-store" / "local").stop()
        for large in (folder / "local", folder / "channels", *folder.glob("*/data")):
            shutil.rmtree(large, ignore_errors=True)


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _configured_variables() -> dict[str, str]:
    """Return the variables of the conda-store that the caller configured."""
    return {name: os.environ[name] for name in VARIABLES if name in os.environ}


def _local_variables(local: LocalServer) -> dict[str, str]:
    """Start a local store, build the environments in it, and return the variables that lead to it."""
    said: set[str] = set()

    def say(status: LocalStoreStatus) -> None:
        if status.message not in said:
            said.add(status.message)
            print(status.message, flush=True)

    local.start(say, detach=False)
    credentials = local.credentials()
    if credentials is None:
        raise SystemExit("The local store ended right after it had started.")
    with requests.Session() as session:
        session.headers["Authorization"] = f"Bearer {credentials.token}"
        api = f"{credentials.url}/api/v1"
        builds = [_create_build(session, api, *specification) for specification in SPECIFICATIONS]
        for build in builds:
            _wait_for_build(session, f"{api}/build/{build}/")
    values = (credentials.url, "token", credentials.token)
    return dict(zip(VARIABLES, values, strict=True))


def _create_build(session: requests.Session, api: str, name: str, dependencies: list[str]) -> int:
    """Ask for an environment to be built and return the build's id."""
    specification = {"name": name, "channels": ["conda-forge"], "dependencies": dependencies}
    body = {"namespace": "default", "specification": json.dumps(specification)}  # JSON is YAML
    deadline = time.monotonic() + START_SECONDS
    while True:
        answer = session.post(f"{api}/specification/", json=body, timeout=60)
        if answer.ok:
            return int(answer.json()["data"]["build_id"])
        # A store that has only just started on a busy machine has been seen to say 400.
        if time.monotonic() > deadline:
            raise SystemExit(f"{name} was not built: {answer.status_code} {answer.text}")
        print(f"{name}: {answer.status_code} {answer.text}", flush=True)
        time.sleep(1)


def _wait_for_build(session: requests.Session, url: str) -> None:
    """Wait until a build has failed or its archive is there."""
    deadline = time.monotonic() + BUILD_SECONDS
    while time.monotonic() < deadline:
        build = session.get(url, timeout=60).json()["data"]
        kinds = {artifact["artifact_type"] for artifact in build["build_artifacts"]}
        if build["status"] == "FAILED" or "CONDA_PACK" in kinds:
            print(f"{url}: {build['status']}", flush=True)
            return
        time.sleep(1)
    raise SystemExit(f"{url} did not end within {BUILD_SECONDS:.0f} seconds.")


def _viewer_variables(local: LocalServer | None, store: dict[str, str]) -> dict[str, str]:
    """Return the variables for who may only look: nobody in particular, where the store is not ours."""
    secrets = load_secrets(local.paths) if local else None
    if secrets is None:
        return {"CONDA_STORE_URL": store["CONDA_STORE_URL"]}
    claims = {
        "exp": datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(days=1),
        "primary_namespace": "default",
        "role_bindings": {"default/*": ["viewer"]},
    }
    token = jwt.encode(claims, secrets.signing_key, algorithm="HS256")
    return {**store, "CONDA_STORE_TOKEN": token}


def _forwarded(store: dict[str, str], port: int) -> dict[str, str]:
    """Return the same variables with the address behind the forwarded port."""
    parts = urlsplit(store["CONDA_STORE_URL"])
    moved = parts._replace(scheme="http", netloc=f"127.0.0.1:{port}")
    return {**store, "CONDA_STORE_URL": urlunsplit(moved)}


def _start_jupyter(folder: Path, port: int, variables: dict[str, str]) -> Server:
    """Start JupyterLab with folders of its own."""
    work = folder / "work"
    work.mkdir(parents=True)
    news = folder / "settings" / "@jupyterlab" / "apputils-extension" / "notification.jupyterlab-settings"
    news.parent.mkdir(parents=True)
    news.write_text('{"fetchNews": "false", "checkForUpdates": false}')
    environment = {name: value for name, value in os.environ.items() if name not in VARIABLES}
    environment |= {
        "IPYTHONDIR": str(folder / "ipython"),
        "JUPYTERLAB_SETTINGS_DIR": str(folder / "settings"),
        "JUPYTERLAB_WORKSPACES_DIR": str(folder / "workspaces"),
        "JUPYTER_CONFIG_DIR": str(folder / "config"),
        "JUPYTER_DATA_DIR": str(folder / "data"),
        "JUPYTER_RUNTIME_DIR": str(folder / "runtime"),
        "JUPYTER_TOKEN": TOKEN,
        **variables,
    }
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", f"--port={port}"]
    log_path = folder / "server.log"
    with log_path.open("wb") as log:
        process = subprocess.Popen(
            [*command, "--ip=127.0.0.1", "--ServerApp.port_retries=0", f"--ServerApp.root_dir={work}"],
            env=environment,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    return Server(process, port, log_path)


def _wait_for_servers(servers: list[Server]) -> None:
    """Wait until all of them answer."""
    deadline = time.monotonic() + START_SECONDS
    for server in servers:
        while not _answers(server.port):
            if time.monotonic() > deadline or server.process.poll() is not None:
                raise SystemExit(f"JupyterLab did not start; see {server.log}.")
            time.sleep(0.3)


def _answers(port: int) -> bool:
    """Return whether a Jupyter server answers on a port."""
    try:
        return requests.get(f"http://127.0.0.1:{port}/api", timeout=5).ok
    except requests.RequestException:
        return False


if __name__ == "__main__":
    places = json.loads(sys.argv[1])
    main(Path(places["folder"]).absolute(), places["ports"])
