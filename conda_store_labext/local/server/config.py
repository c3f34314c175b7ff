"""conda-store-server's configuration, run inside its processes by the `config.py` of the store's folder.

The artifacts' storage, which conda-store serves to whoever asks, is served here to the users it knows alone.
Nothing is open without a token, not even on loopback, where other users of the machine and web pages are too.
"""

from __future__ import annotations

import functools
import logging
import os
import signal
import socket
import threading
import time
from pathlib import Path
from typing import Any

import conda_pack
import conda_store_server.conda_store
import uvicorn
from conda_store_server._internal.plugins.lock.conda_lock import conda_lock as lock_plugin
from conda_store_server.server.auth import DummyAuthentication
from starlette.requests import Request
from starlette.responses import Response
from starlette.staticfiles import StaticFiles

from ...store.files import read_json
from ..channel_choice import CHANNEL, LOCAL
from ..credentials import load_secrets
from ..paths import StorePaths
from .ids import never_use_an_id_again
from .solve import mend_solving

URL_PREFIX = "/conda-store"
TOKEN_EXPIRES = "2999-01-01T00:00:00"
# two builds that register the same package at a time can break each other's transaction: one never ends
BUILDS_AT_ONCE = 1
FREE_DISK_NEEDED = 1024**3


def configure(config: Any, root: str) -> None:
    """Fill in traitlets' `config` for the store in `root`."""
    paths = StorePaths(Path(root))
    settings, secrets = read_json(paths.server_settings), load_secrets(paths)
    if secrets is None:
        raise SystemExit(f"There are no secrets in {paths.secrets}.")
    end_with_supervisor(int(settings["supervisor"]))
    _mend_conda_lock(paths)
    _pack_quickly()
    _answer_at_once()
    mend_solving()
    never_use_an_id_again()
    # The schedule of recurring tasks goes where conda-store's own data would be.
    conda_store_server.conda_store.CONDA_STORE_DIR = paths.caches

    store = config.CondaStore
    store.database_url = f"sqlite:///{paths.database}"
    store.store_directory = str(paths.environments)
    store.default_namespace = "default"
    store.conda_command = settings["solver"]
    store.conda_channel_alias = settings["alias"]
    store.conda_default_channels = [CHANNEL]
    # All of conda-forge in sqlite is half an hour's work that nobody waits for.
    store.conda_indexed_channels = [CHANNEL] if settings["channel"] == LOCAL else []
    store.build_artifacts = ["LOCKFILE", "YAML", "CONDA_PACK"]
    store.storage_threshold = FREE_DISK_NEEDED
    store.default_permissions = store.default_uid = store.default_gid = None
    config.LocalStorage.storage_path = str(paths.storage)

    server = config.CondaStoreServer
    server.address = "127.0.0.1"
    server.port = settings["port"]
    server.url_prefix = URL_PREFIX
    server.log_level = logging.INFO
    server.cors_allow_origin_regex = None
    server.enable_metrics = False
    server.authentication_class = DummyAuthentication
    server.additional_routes = [(f"{URL_PREFIX}/storage/{{path:path}}", "get", _storage(paths.storage))]
    config.DummyAuthentication.password = secrets.password
    config.RBACAuthorizationBackend.unauthenticated_role_bindings = {}
    config.AuthenticationBackend.secret = secrets.signing_key
    config.AuthenticationBackend.predefined_tokens = {
        secrets.token: {
            "exp": TOKEN_EXPIRES,
            "primary_namespace": "default",
            "role_bindings": {"*/*": ["admin"]},
        }
    }
    config.CondaStoreWorker.log_level = logging.INFO
    config.CondaStoreWorker.concurrency = BUILDS_AT_ONCE


def _storage(folder: Path) -> Any:
    """Return the handler of the artifacts' addresses, found before conda-store's own, which asks nobody."""
    files = StaticFiles(directory=folder, check_dir=False)

    async def storage(path: str, request: Request) -> Response:
        request.state.authentication.authenticate_request(request, require=True)
        return await files.get_response(path, request.scope)

    return storage


def _mend_conda_lock(paths: StorePaths) -> None:
    """Pass conda-lock the `mapping_url` that it requires since version 3, which conda-store does not."""
    if not isinstance(lock_plugin.run_lock, functools.partial):
        lock_plugin.run_lock = functools.partial(lock_plugin.run_lock, mapping_url=str(paths.mapping))


def _pack_quickly() -> None:
    """Let archives, which go no further than loopback, be packed at the level that takes the least time."""
    if not isinstance(conda_pack.pack, functools.partial):
        conda_pack.pack = functools.partial(conda_pack.pack, compress_level=1)


def _answer_at_once() -> None:
    """Keep the kernel from holding an answer's body back until its head is acknowledged, some 40 ms."""
    bind = uvicorn.Config.bind_socket

    def bind_socket(self: uvicorn.Config) -> socket.socket:
        bound = bind(self)
        bound.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # connections inherit it
        return bound

    uvicorn.Config.bind_socket = bind_socket  # type: ignore[method-assign]


def end_with_supervisor(supervisor: int) -> None:
    """Kill this process's whole group once its parent, the supervisor, is gone without having done so."""
    if os.getppid() != supervisor:
        return

    def watch() -> None:
        while os.getppid() == supervisor:
            time.sleep(0.5)
        os.killpg(os.getpgrp(), signal.SIGKILL)

    threading.Thread(target=watch, name="end-with-supervisor", daemon=True).start()
