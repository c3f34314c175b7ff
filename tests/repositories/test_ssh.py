"""Repositories over ssh: Debian's sshd, the user's own key, and no prompt that nobody sees."""

from __future__ import annotations

import getpass
import shutil
import socket
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from conda_store_labext.copies.services import Services
from conda_store_labext.errors import CondaStoreLabError
from conda_store_labext.models import WriteBackRequest
from conda_store_labext.repositories.address import parse_address
from conda_store_labext.repositories.clone import StagedClone, git_for
from conda_store_labext.repositories.returning import Returning
from conda_store_labext.repositories.steps import Steps
from tests.repositories.conftest import MakeOrigin
from tests.repositories.origin import Origin, git
from tests.stores import wait_until

SSHD = shutil.which("sshd", path="/usr/sbin:/usr/local/sbin:/usr/bin")

pytestmark = pytest.mark.skipif(SSHD is None, reason="there is no sshd (Debian: openssh-server)")


@dataclass(frozen=True)
class Host:
    """A server, and the folder with the key of its user."""

    port: int
    keys: Path

    def url(self, origin: Origin) -> str:
        """Return the address of a repository."""
        return f"ssh://{getpass.getuser()}@127.0.0.1:{self.port}{origin.bare}"

    def command(self, key: str = "user") -> str:
        """Return the ssh that the user's git is told to run."""
        options = f"-o UserKnownHostsFile={self.keys}/known -o IdentitiesOnly=yes -o BatchMode=yes"
        return f"ssh -F none {options} -i {self.keys / key}"


@pytest.fixture
def host(tmp_path: Path) -> Iterator[Host]:
    """A server that lets one key in."""
    keys = tmp_path / "keys"
    keys.mkdir(mode=0o700)
    for name in ("host", "user", "stranger"):
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(keys / name)], check=True)
    shutil.copy(keys / "user.pub", keys / "authorized")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    public = (keys / "host.pub").read_text().rsplit(" ", 1)[0]
    (keys / "known").write_text(f"[127.0.0.1]:{port} {public}\n")
    (keys / "config").write_text(
        f"ListenAddress 127.0.0.1\nPort {port}\nHostKey {keys / 'host'}\nPidFile {keys / 'pid'}\n"
        f"AuthorizedKeysFile {keys / 'authorized'}\nPasswordAuthentication no\nStrictModes no\n"
        "KbdInteractiveAuthentication no\nUsePAM no\nPermitRootLogin prohibit-password\n"
    )
    Path("/run/sshd").mkdir(parents=True, exist_ok=True)
    log = (keys / "log").open("wb")
    server = subprocess.Popen([str(SSHD), "-D", "-e", "-f", str(keys / "config")], stderr=log)
    try:
        wait_until(lambda: server.poll() is not None or _listens(port))
        if server.poll() is not None:
            pytest.skip(f"sshd does not run here: {(keys / 'log').read_text()}")
        yield Host(port, keys)
    finally:
        server.terminate()
        server.wait()
        log.close()


def _listens(port: int) -> bool:
    with socket.socket() as asking:
        return asking.connect_ex(("127.0.0.1", port)) == 0


def test_a_repository_comes_by_ssh_and_what_is_written_back_goes_by_it(
    host: Host, make: MakeOrigin, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_SSH_COMMAND", host.command())
    origin = make({"environment.yml": "dependencies: [python]\n", "a.ipynb": "{}"})
    address = parse_address(host.url(origin))
    root = tmp_path / "root"
    root.mkdir()
    with StagedClone(git_for(address), address, root) as clone:
        clone.fetch(None)
        assert clone.files().paths() == ("a.ipynb", "environment.yml")
        clone.publish(root / "course")
    (root / "course" / "a.ipynb").write_text('{"x": 1}')
    asked = WriteBackRequest("course", branch="mine", author="Bo <bo@example.org>")
    written = Returning(root, Services.from_environment()).write(asked, Steps())
    assert written.pushed_to == str(address)
    assert git(origin.bare, "rev-parse", "mine") == written.commit


@pytest.mark.parametrize("case", ["stranger", "unknown host"])
def test_whom_nobody_lets_in_is_told_so_and_asked_nothing(
    host: Host, make: MakeOrigin, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, case: str
) -> None:
    if case == "stranger":
        monkeypatch.setenv("GIT_SSH_COMMAND", host.command("stranger"))
    else:
        monkeypatch.setenv("GIT_SSH_COMMAND", host.command())
        (host.keys / "known").write_text("")
    address = parse_address(host.url(make()))
    with (
        StagedClone(git_for(address), address, tmp_path / "clones") as clone,
        pytest.raises(CondaStoreLabError) as failure,
    ):
        clone.fetch(None)
    assert str(address) in str(failure.value)
    assert "\n" not in str(failure.value)
