"""The local store's files, below one folder that is the user's alone (0700).

<root>/
  store.lock          held by the supervisor for as long as it lives
  state.json          what it says of itself: state, address, process ids, message
  secrets.json        the server's secret and the tokens (0600)
  server.json         what the server's configuration reads besides: ports, channel, commands
  config.py           the file that conda-store-server is given
  conda-store.sqlite  environments, builds, and the queue of tasks
  environments/       the builds' prefixes
  storage/            archives, lock files and logs of builds
  packages/<channel>/ packages, as downloaded and unpacked, one cache a channel
  channels/<key>/     local channels, made once for each set of wheels
  commands/           `conda` and `mamba` where the stand-in is used
  caches/, scratch/   what the server's processes would leave in the home folder and in /tmp
  logs/               supervisor.log, server.log; of the last start and the one before
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from jupyter_core.paths import jupyter_data_dir

# A socket's path holds some 100 characters, of which multiprocessing adds 35 to its folder's.
LONGEST_SCRATCH = 60


@dataclass(frozen=True)
class StorePaths:
    """The files and folders of one local store."""

    root: Path

    @property
    def lock(self) -> Path:
        """The file that the supervisor locks."""
        return self.root / "store.lock"

    @property
    def state(self) -> Path:
        """The supervisor's word on itself."""
        return self.root / "state.json"

    @property
    def secrets(self) -> Path:
        """Secret and tokens."""
        return self.root / "secrets.json"

    @property
    def server_settings(self) -> Path:
        """The file that the server's configuration reads."""
        return self.root / "server.json"

    @property
    def config(self) -> Path:
        """The server's configuration file."""
        return self.root / "config.py"

    @property
    def mapping(self) -> Path:
        """The table of PyPI's and conda's names that conda-lock wants, an empty one."""
        return self.root / "mapping.json"

    @property
    def database(self) -> Path:
        """The server's database."""
        return self.root / "conda-store.sqlite"

    @property
    def environments(self) -> Path:
        """The builds' prefixes."""
        return self.root / "environments"

    @property
    def storage(self) -> Path:
        """The builds' artifacts."""
        return self.root / "storage"

    @property
    def packages(self) -> Path:
        """The package caches."""
        return self.root / "packages"

    @property
    def channels(self) -> Path:
        """The local channels."""
        return self.root / "channels"

    @property
    def commands(self) -> Path:
        """The stand-in's commands."""
        return self.root / "commands"

    @property
    def caches(self) -> Path:
        """The folder of caches that make the server's processes quicker next time."""
        return self.root / "caches"

    @property
    def scratch(self) -> Path | None:
        """The folder for temporary files, null where its path would be too long for sockets."""
        folder = self.root / "scratch"
        return folder if len(os.fsencode(folder)) <= LONGEST_SCRATCH else None

    @property
    def logs(self) -> Path:
        """The folder of the logs."""
        return self.root / "logs"

    @property
    def supervisor_log(self) -> Path:
        """The supervisor's log, tracebacks included."""
        return self.logs / "supervisor.log"

    @property
    def server_log(self) -> Path:
        """The log of conda-store-server and its worker."""
        return self.logs / "server.log"

    def prepare(self) -> None:
        """Make the folders that have to be there, the root for the user's eyes only; raise OSError if not."""
        self.root.mkdir(parents=True, exist_ok=True)
        self.root.chmod(0o700)
        for folder in (self.environments, self.storage, self.packages, self.caches, self.logs):
            folder.mkdir(exist_ok=True)


def default_root() -> Path:
    """Return the folder of this user's local store, in Jupyter's data folder."""
    return Path(jupyter_data_dir()) / "conda-store" / "local"
