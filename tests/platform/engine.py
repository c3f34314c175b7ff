"""A Docker Engine of one's own, from Debian's packages, in a folder that takes all of it away again.

The machine's network is left alone: containers reach each other by name on a network of theirs, what they
publish answers on 127.0.0.1, and builds use the machine's network.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from types import TracebackType

import psutil

from tests.stores import wait_until

WANTED = "CONDA_STORE_LABEXT_PLATFORM"
DOCKER = "/usr/bin/docker"  # Debian's own, whatever other client there is
PROGRAMS = ("dockerd", "docker-compose", "mmdebstrap", "skopeo")
SUITE = "bookworm"


def why_none() -> str:
    """Return why no engine is to be started here; nothing where one is."""
    if not os.environ.get(WANTED):
        return "`make test-platform` runs these"
    if os.geteuid() != 0:
        return "a container engine can be started by root alone"
    missing = [program for program in PROGRAMS if shutil.which(program) is None]
    if missing or not Path(DOCKER).exists():
        return f"{', '.join(missing) or DOCKER} is missing (make platform-tools installs it)"
    return ""


class Engine:
    """The engine in a folder; a context that ends it, with everything that it has."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.socket = f"unix://{folder / 'docker.sock'}"
        self.environ = {**os.environ, "DOCKER_HOST": self.socket, "DOCKER_BUILDKIT": "1"}

    def __enter__(self) -> Engine:
        """Start it."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / "log").open("wb") as log:
            self._process = subprocess.Popen(
                [
                    *("dockerd", "--data-root", self.folder / "data", "--exec-root", self.folder / "exec"),
                    *("--pidfile", self.folder / "pid", "-H", self.socket),
                    *("--iptables=false", "--ip6tables=false"),
                ],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        wait_until(self._answers)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None
    ) -> None:
        """Remove its containers, end it, and delete its folder."""
        containers = self.docker("ps", "-aq").split()
        if containers:
            self.docker("rm", "-f", "-v", *containers)
        self._process.terminate()
        self._process.wait()
        for mount in reversed(psutil.disk_partitions(all=True)):
            if Path(mount.mountpoint).is_relative_to(self.folder):
                subprocess.run(["umount", "-l", mount.mountpoint], check=False)
        shutil.rmtree(self.folder, ignore_errors=True)

    def docker(self, *arguments: str | Path) -> str:
        """Run a command of Docker's that must succeed, and return what it printed."""
        done = subprocess.run(
            [DOCKER, *arguments], env=self.environ, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr[-4000:] + done.stdout[-1000:]
        return done.stdout

    def base(self, name: str, *packages: str) -> str:
        """Make an image of Debian's packages, as no registry of images need be reached; its name."""
        file = self.folder / "base.tar"
        included = f"--include={','.join(('ca-certificates', *packages))}"
        subprocess.run(
            ["mmdebstrap", "--quiet", "--variant=minbase", included, SUITE, file],
            check=True,
            capture_output=True,
        )
        self.docker("import", file, name)
        file.unlink()
        return name

    def load(self, layout: str, name: str) -> str:
        """Take an image out of a folder in OCI's layout; its name."""
        subprocess.run(
            ["skopeo", "copy", "--dest-daemon-host", self.socket, layout, f"docker-daemon:{name}"],
            check=True,
            capture_output=True,
        )
        return name

    def _answers(self) -> bool:
        assert self._process.poll() is None, (self.folder / "log").read_text()
        done = subprocess.run([DOCKER, "version"], env=self.environ, capture_output=True, check=False)
        return done.returncode == 0
