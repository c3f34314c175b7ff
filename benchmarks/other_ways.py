"""Ways to compare with: the parts of the work by themselves, tar, the conda-store client."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path


def bare_download(address: str) -> None:
    """Fetch an archive and throw it away."""
    _shell('curl -sSf -o /dev/null "$0"', address)


def decompress_only(archive: Path) -> None:
    """Inflate an archive that is on disk with the fastest tool there is, and throw it away."""
    _shell(f'{_inflater()} -dc "$0" > /dev/null', archive)


def plain_tar(archive: Path) -> Path:
    """Return an archive inflated beside itself, made unless it is there."""
    plain = archive.parent / f"{archive.name.removesuffix('.gz')}"
    if not plain.exists():
        _shell(f'{_inflater()} -dc "$0" > "$1.new" && mv "$1.new" "$1"', archive, plain)
    return plain


def write_only(plain: Path, target: Path) -> None:
    """Write the files of an archive that is inflated already."""
    _shell('tar xf "$0" -C "$1"', plain, target)


def curl_and_tar(address: str, target: Path) -> None:
    """Fetch, inflate and write with the tools that everybody has."""
    _shell('curl -sSf "$0" | tar xz -C "$1"', address, target)


class CondaStoreClient:
    """The conda-store client of a given version, in a virtual environment of its own in `folder`."""

    def __init__(self, folder: Path, version: str) -> None:
        self._bin = folder / "bin"
        installed = folder / f"installed-{version}"
        if not installed.exists():
            shutil.rmtree(folder, ignore_errors=True)
            subprocess.run([sys.executable, "-m", "venv", folder], check=True)
            pip = [
                str(self._bin / "python"),
                "-m",
                "pip",
                "install",
                "--quiet",
                "--disable-pip-version-check",
            ]
            subprocess.run([*pip, f"conda-store=={version}"], check=True)
            installed.touch()

    def run(self, url: str, token: str, build: int, target: Path) -> None:
        """Have it fetch a build from the conda-store at `url` and run a command that does nothing."""
        environ = {
            **os.environ,
            "PATH": f"{self._bin}{os.pathsep}{os.environ['PATH']}",
            "CONDA_STORE_TOKEN": token,
            "TMPDIR": str(target),  # where it puts environments
        }
        program = [str(self._bin / "conda-store"), "--conda-store-url", url, "--auth", "token"]
        # given by its number, which saves it two requests
        subprocess.run([*program, "run", str(build), "--", "true"], env=environ, check=True)


def _inflater() -> str:
    return next(name for name in ("igzip", "pigz", "gzip") if shutil.which(name))


def _shell(script: str, *arguments: object) -> None:
    # with these as "$0", "$1", ..., no name needs to be quoted
    subprocess.run(["bash", "-c", f"set -o pipefail; {script}", *map(str, arguments)], check=True)
