"""Users of one machine, who start kernels of the same copy, each under an own user id where that can be."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from jupyter_client.blocking.client import BlockingKernelClient
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import KernelManager

from conda_store_labext.copies.additions import Additions
from conda_store_labext.kernels.registry import KernelspecRegistry
from conda_store_labext.store.overlays import Overlays
from conda_store_labext.store.records import StoredCopy
from conda_store_labext.store.store import EnvironmentStore
from tests.wheels import offline

NOBODY = 65534
SECONDS = 120


def is_open(path: Path) -> bool:
    """Tell whether every user may look into all folders above a path."""
    return all(folder.stat().st_mode & 0o001 for folder in path.absolute().parents)


class OthersKernelManager(KernelManager):
    """Starts kernels as another user, who has to be able to read the connection file."""

    owner: int | None = None

    def write_connection_file(self, **kwargs: object) -> None:
        super().write_connection_file(**kwargs)
        if self.owner:
            os.chown(self.connection_file, self.owner, self.owner)


class User:
    """Somebody with a home folder, whose kernels are started as Jupyter starts them."""

    def __init__(self, home: Path, wheels: Path, number: int | None = None) -> None:
        self.home = home
        self.data = home / "data"
        self.number = number
        self.additions = Additions(
            EnvironmentStore(wheels.parent / "store"), Overlays(self.data / "conda-store-additions")
        )
        for folder in (home, self.data, home / "runtime"):
            folder.mkdir(exist_ok=True, parents=True)
            if number:
                os.chown(folder, number, number)
        self.environ = {
            "HOME": str(home),
            "PATH": f"{home}/bin:/usr/bin:/bin",
            "JUPYTER_RUNTIME_DIR": str(home / "runtime"),
            "IPYTHONDIR": str(home / "ipython"),
            "UV_CACHE_DIR": str(home / "uv"),
            "UV_LINK_MODE": "copy",
            # what hubs set for everybody
            "PIP_TARGET": "/nowhere",
            "PIP_USER": "1",
            **offline(wheels),
        }

    @contextmanager
    def kernel(
        self, copy: StoredCopy, monkeypatch: pytest.MonkeyPatch, **session: str
    ) -> Iterator[BlockingKernelClient]:
        """Start a registered kernel of a copy."""
        monkeypatch.setenv("JUPYTER_DATA_DIR", str(self.data))
        registry = KernelspecRegistry(self.data / "kernels")
        (kernel,) = registry.register(copy)
        specs = KernelSpecManager(kernel_dirs=[str(registry.folder)], ensure_native_kernel=False)
        manager = OthersKernelManager(kernel_name=kernel.name, kernel_spec_manager=specs)
        manager.connection_file = str(self.home / "runtime" / f"{os.urandom(4).hex()}.json")
        who: dict[str, Any] = {}
        if self.number:
            manager.owner = self.number
            who = {"user": self.number, "group": self.number, "extra_groups": []}
        manager.start_kernel(env=self.environ | session, cwd=str(self.home), **who)
        client = manager.blocking_client()
        client.start_channels()
        try:
            client.wait_for_ready(timeout=SECONDS)
            yield client
        finally:
            client.stop_channels()
            manager.shutdown_kernel(now=True)

    def names(self, copy: StoredCopy) -> dict[str, bool]:
        """Return what was added to a build, and whether it was asked for."""
        return {addition.name: addition.requested for addition in self.additions.of(copy).additions}


def printed(client: BlockingKernelClient, code: str) -> str:
    """Run a cell and return what it printed; an error of the cell's is one of the test's."""
    texts: list[str] = []
    reply = client.execute_interactive(
        code, timeout=SECONDS, output_hook=lambda message: texts.append(message["content"].get("text", ""))
    )
    assert reply["content"]["status"] == "ok", ("".join(texts), reply["content"])
    return "".join(texts).strip()


def files(prefix: Path) -> set[Path]:
    return {path.relative_to(prefix) for path in prefix.rglob("*") if path.suffix != ".pyc"}
