"""uv where it is there, else venv and pip: making a virtual environment, changing its packages."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

from ..errors import InstallFailed, InvalidRequest, NotConfigured
from ..models.providers import Check, Report
from .prefixes import PYTHON
from .programs import run

VERSION = re.compile(r"3(?:\.\d{1,2}){0,2}")
PLANNED = re.compile(r"\s*([+~-]) ([A-Za-z0-9._-]+)==([^\s]+)")
WOULD = "Would install "
PROBE = "import ensurepip, venv"


def find_uv() -> str | None:
    """Return the path of uv: the one beside this Python, else the one on PATH; None without any.

    An empty CONDA_STORE_LABEXT_UV is for none.
    """
    chosen = os.environ.get("CONDA_STORE_LABEXT_UV")
    if chosen is not None:
        return shutil.which(chosen) if chosen else None
    beside = Path(sys.executable).parent / "uv"
    return str(beside) if os.access(beside, os.X_OK) else shutil.which("uv")


def base_python(version: str = "") -> str:
    """Return the path of an interpreter to make environments from: of a version, a path, or this one's base.

    Raises InvalidRequest where it is not on this machine; none is ever downloaded.
    """
    if not version:
        return str(getattr(sys, "_base_executable", None) or sys.executable)
    interpreter: str | None = None
    if VERSION.fullmatch(version):
        running = ".".join(map(str, sys.version_info[: version.count(".") + 1]))
        interpreter = base_python() if version == running else shutil.which(f"python{version}")
    elif Path(version).is_absolute():
        interpreter = shutil.which(version)
    if not interpreter:
        raise InvalidRequest(
            f"There is no Python {version} on this machine; install it, or choose another version."
        )
    return interpreter


def planned(lines: Sequence[str]) -> list[tuple[str, str, str]]:
    """Return what a dry run of uv or pip says it would do: `+` or `-`, name and version of each package."""
    rows = [(match[1], match[2], match[3]) for line in lines if (match := PLANNED.match(line))]
    # pip names what it would install in one line, as `name-version`; uv only says there how many they are
    would = next((line for line in lines if line.startswith(WOULD)), "")
    pairs = (entry.rpartition("-") for entry in would.removeprefix(WOULD).split())
    return [*rows, *(("+", name, version) for name, _, version in pairs if name)]


class Installer:
    """Makes virtual environments and changes their packages; `folder` is where it runs.

    `report` gets the programs' lines, `check` raises to end them.
    """

    def __init__(self, folder: Path, report: Report, check: Check, uv: str | None) -> None:
        self._folder = folder
        self._report = report
        self._check = check
        self.uv = uv

    def make(self, path: Path, python: str, prompt: str) -> None:
        """Make an empty environment at a path, from an interpreter that is there."""
        if self.uv:
            chosen = ["--python", python] if python else []
            self._run([self.uv, "venv", "--no-python-downloads", f"--prompt={prompt}", *chosen, path])
            return
        chosen_python = python or base_python()
        command: list[str | Path] = [chosen_python, "-m", "venv", f"--prompt={prompt}"]
        if not self._has_ensurepip(chosen_python):
            # Debian without python3-venv: venv alone would leave half an environment behind
            if importlib.util.find_spec("pip") is None:
                raise NotConfigured(
                    f"{chosen_python} cannot install pip into an environment (ensurepip is missing); "
                    "install uv, or the package python3-venv."
                )
            command.append("--without-pip")
        self._run([*command, path])

    def sync(self, path: Path, lockfile: Path, groups: bool = True) -> None:
        """Install exactly what a uv.lock says, with the project's default `groups`."""
        if not self.uv:
            raise NotConfigured(
                "uv.lock can only be read by uv, which is not here; install uv, then try again."
            )
        self._run(
            [
                *(self.uv, "sync", "--frozen", "--no-python-downloads", "--project", lockfile.parent),
                *(() if groups else ("--no-default-groups",)),
            ],
            [("UV_PROJECT_ENVIRONMENT", str(path))],
        )

    def install(
        self, path: Path, requirements: Sequence[str] = (), file: Path | None = None, upgrade: bool = False
    ) -> None:
        """Install requirements, or what a file lists, into the environment at a path."""
        options: list[str | Path] = ["--upgrade"] if upgrade else []
        options += ["-r", file] if file else []
        self._run([*self._pip(path, "install"), *options, *requirements])

    def uninstall(self, path: Path, names: Sequence[str]) -> None:
        """Remove packages from the environment at a path."""
        self._run([*self._pip(path, "uninstall"), *([] if self.uv else ["--yes"]), *names])

    def planned(self, path: Path, requirements: Sequence[str], upgrade: bool) -> list[tuple[str, str, str]]:
        """Return what `install` would do: `+` or `-`, name and version of each package."""
        options = ["--dry-run", *(["--upgrade"] if upgrade else [])]
        return planned(self._run([*self._pip(path, "install"), *options, *requirements]))

    def _pip(self, path: Path, verb: str) -> list[str | Path]:
        if self.uv:
            return [self.uv, "pip", verb, "--no-python-downloads", "--python", path / PYTHON]
        if any(path.glob("lib/python3.*/site-packages/pip/__main__.py")):
            return [path / PYTHON, "-m", "pip", verb]
        if importlib.util.find_spec("pip") is None:
            raise NotConfigured(f"There is neither uv nor pip for {path}; install uv, then try again.")
        return [sys.executable, "-m", "pip", "--python", path / PYTHON, verb]

    def _has_ensurepip(self, python: str) -> bool:
        try:
            run([python, "-c", PROBE], self._folder, lambda _: None, self._check)
        except InstallFailed:
            return False
        return True

    def _run(self, command: list[str | Path], environ: Sequence[tuple[str, str]] = ()) -> list[str]:
        return run(command, self._folder, self._report, self._check, environ)
