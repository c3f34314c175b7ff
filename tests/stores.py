"""The real conda-store of a test session: what is in it, who may ask, and building more."""

from __future__ import annotations

import contextlib
import datetime
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from conda_store_labext.client.client import CondaStoreClient
from conda_store_labext.client.connection import Connection
from conda_store_labext.errors import NotFound
from conda_store_labext.local import LocalServer, LocalSettings
from conda_store_labext.local.credentials import load_secrets
from conda_store_labext.local.process_groups import MARK
from conda_store_labext.local.settings import DEFAULT_PACKAGES
from conda_store_labext.models import BuildDetail, BuildStatus

SPECIFICATIONS = {
    "minimal": ["python", "ipykernel"],
    "unsolvable": ["python", "no-such-package-anywhere >=3"],
    "data": ["python", "ipykernel", "numpy", "pandas"],
}
BUILD_SECONDS = 1200
# For what takes a moment: a busy machine may take a hundred times as long, and waiting costs nothing.
PATIENCE = 300


@dataclass(frozen=True)
class RunningStore:
    """A running conda-store whose namespace `default` has the environments `minimal` and `unsolvable`.

    `admin_token` may do everything, `viewer_token` may look at `default`, `expired_token` was an admin's
    until yesterday. `builds` are the ids of the environments' builds, by name.
    """

    url: str
    admin_token: str = field(repr=False)
    viewer_token: str = field(repr=False)
    expired_token: str = field(repr=False)
    builds: Mapping[str, int]
    local: LocalServer

    def client(self) -> CondaStoreClient:
        """Return a client that may do everything."""
        return CondaStoreClient(Connection(self.url, auth="token", token=self.admin_token))


def offline_settings(channels: Path) -> LocalSettings:
    """Return settings that take packages from a local channel in `channels`, whatever can be reached."""
    return LocalSettings(channel="local", packages=DEFAULT_PACKAGES, channels=channels)


def start_store(folder: Path, channels: Path) -> RunningStore:
    """Start a store that ends with this process, and build what `RunningStore` promises."""
    local = LocalServer(folder, offline_settings(channels))
    local.start(detach=False)
    credentials = local.credentials()
    assert credentials is not None
    store = RunningStore(
        url=credentials.url,
        admin_token=credentials.token,
        viewer_token=signed_token(local, {"default/*": ["viewer"]}, days=1),
        expired_token=signed_token(local, {"*/*": ["admin"]}, days=-1),
        builds={},
        local=local,
    )
    started = {name: ensure_started(store, name) for name in ("minimal", "unsolvable")}
    builds = {name: ended(store, build_id).id for name, build_id in started.items()}
    return RunningStore(**{**vars(store), "builds": builds})


def signed_token(local: LocalServer, roles: Mapping[str, list[str]], days: int) -> str:
    """Return a token as the server itself would make one, valid for `days` from now."""
    import jwt

    secrets = load_secrets(local.paths)
    assert secrets is not None
    until = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(days=days)
    claims = {"exp": until, "primary_namespace": "default", "role_bindings": dict(roles)}
    return jwt.encode(claims, secrets.signing_key, algorithm="HS256")


def ensure_started(store: RunningStore, name: str, namespace: str = "default") -> int:
    """Return the build of one of the SPECIFICATIONS, started now unless the store has one."""
    client = store.client()
    try:
        builds = client.builds(namespace, name).builds
    except NotFound:
        builds = ()
    return builds[0].id if builds else start_build(store, name, SPECIFICATIONS[name], namespace)


def start_build(
    store: RunningStore,
    name: str,
    dependencies: list[str],
    namespace: str = "default",
    channel: str | None = None,
) -> int:
    """Have an environment built from conda-forge's packages, and another channel's; return the build's id."""
    listed = "".join(f"  - {dependency}\n" for dependency in dependencies)
    channels = "".join(f"  - {each}\n" for each in ("conda-forge", *([channel] if channel else ())))
    specification = f"name: {name}\nchannels:\n{channels}dependencies:\n{listed}"
    return store.client().create_build(namespace, specification)


def ended(store: RunningStore, build_id: int) -> BuildDetail:
    """Wait until a build has failed or has its archive, and return it."""
    client, deadline = store.client(), time.monotonic() + BUILD_SECONDS
    while time.monotonic() < deadline:
        build = client.build(build_id)
        if build.status in (BuildStatus.FAILED, BuildStatus.CANCELED) or build.launchable:
            return build
        time.sleep(0.3)
    raise AssertionError(f"build {build_id} did not end within {BUILD_SECONDS} s: {client.log(build_id)}")


def processes_of(root: Path) -> list[int]:
    """Return the processes that belong to the store in `root`, its supervisor left out (Linux)."""
    mark = f"{MARK}={root}".encode()
    processes = []
    for entry in Path("/proc").iterdir():
        with contextlib.suppress(OSError):
            if entry.name.isdigit() and mark in (entry / "environ").read_bytes().split(b"\0"):
                processes.append(int(entry.name))
    return processes


def wait_until(true: Callable[[], bool], seconds: float = PATIENCE) -> None:
    """Wait until something becomes true; fail if it does not."""
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "it did not come true"
        time.sleep(0.1)
