"""Choice of the channel that packages come from: conda-forge where it can be reached, else a local one."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests

from ..errors import LocalStoreError
from ..store.files import read_json, write_private_json
from ..store.lock import FileLock
from .process_groups import end_group
from .settings import CONDA_FORGE_ALIAS, LocalSettings

CHANNEL = "conda-forge"
LOCAL = "local"
PROBE_SECONDS = 3.0
# Of the packages as they are made: a new number for each change, so that no cache mixes them.
FORMAT = 1
BUILDER = "conda_store_labext.local.channel.build"

Progress = Callable[[str, "float | None"], None]
Note = Callable[[str], None]


@dataclass(frozen=True)
class ChosenChannel:
    """`kind` is `conda-forge` or `local`; `alias` the address above the channels, or `folder` theirs on disk.

    `key` tells apart what is cached of them; `sentence` goes on from "Packages come ...".
    """

    kind: str
    key: str
    sentence: str
    alias: str | None = None
    folder: Path | None = None


def choose(settings: LocalSettings, channels: Path, progress: Progress, note: Note) -> ChosenChannel:
    """Choose, and make the local channel if it comes to that; raise LocalStoreError where neither works."""
    if settings.channel not in ("auto", CHANNEL, LOCAL):
        return _outside(settings.channel, f"from {settings.channel}")
    if settings.channel == CHANNEL:
        return _outside(CONDA_FORGE_ALIAS, "from conda-forge")
    if settings.channel == "auto":
        progress("Looking for conda-forge", None)
        if _answers(CONDA_FORGE_ALIAS):
            return _outside(CONDA_FORGE_ALIAS, "from conda-forge")
    return _made(settings.packages, channels, progress, note, asked=settings.channel == LOCAL)


def local_key(packages: tuple[str, ...]) -> str:
    """Return the key of the local channel that this Python makes for these packages."""
    base = os.path.realpath(sys.base_prefix)
    inputs = json.dumps([FORMAT, sys.version, base, sorted(packages)])
    return hashlib.sha256(inputs.encode()).hexdigest()[:12]


def _outside(alias: str, sentence: str) -> ChosenChannel:
    alias = alias.rstrip("/")
    return ChosenChannel(CHANNEL, hashlib.sha256(alias.encode()).hexdigest()[:12], sentence, alias=alias)


def _answers(alias: str) -> bool:
    try:
        answer = requests.head(
            f"{alias}/{CHANNEL}/noarch/repodata.json.zst", timeout=PROBE_SECONDS, allow_redirects=True
        )
    except requests.RequestException:
        return False
    return answer.ok


def _made(
    packages: tuple[str, ...], channels: Path, progress: Progress, note: Note, *, asked: bool
) -> ChosenChannel:
    """Return the local channel for these packages, made now unless it is there from before."""
    key = local_key(packages)
    folder = channels / key
    if not folder.is_dir():
        lock = FileLock(channels / f".{key}.lock")
        if not lock.try_acquire():
            progress("Waiting for the local channel that another store is making", None)
        with lock:
            if not folder.is_dir():
                _make(folder, packages, progress, note)
    count = read_json(folder / "made.json").get("packages", 0)
    sentence = f"from a local channel of {count} packages, made from this Python and from wheels"
    return ChosenChannel(
        LOCAL, key, sentence if asked else f"{sentence}, as conda-forge cannot be reached", folder=folder
    )


def _make(folder: Path, packages: tuple[str, ...], progress: Progress, note: Note) -> None:
    """Make a channel beside its place and move it there whole."""
    staged = folder.with_name(f".{folder.name}.{os.getpid()}")
    shutil.rmtree(staged, ignore_errors=True)
    staged.mkdir(parents=True)
    try:
        wheels = staged / "wheels"
        request = {"channel": str(staged / CHANNEL), "wheels": str(wheels), "packages": list(packages)}
        count = _run_builder(request, progress, note)
        shutil.rmtree(wheels, ignore_errors=True)
        write_private_json(staged / "made.json", {"packages": count, "requested": list(packages)})
        staged.rename(folder)
    finally:
        shutil.rmtree(staged, ignore_errors=True)


def _run_builder(request: dict[str, Any], progress: Progress, note: Note) -> int:
    """Run the process that makes channels and return how many packages it made."""
    with subprocess.Popen(
        [sys.executable, "-m", BUILDER],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as process:
        try:
            return _follow(process, request, progress, note)
        finally:
            end_group(process.pid, patience=0)


def _follow(process: subprocess.Popen[str], request: dict[str, Any], progress: Progress, note: Note) -> int:
    if process.stdin is None or process.stdout is None:
        raise LocalStoreError("The local channel could not be made: its process has no pipes.")
    process.stdin.write(json.dumps(request))
    process.stdin.close()
    for line in process.stdout:
        message = json.loads(line)
        if "step" in message:
            progress(message["step"], message["progress"])
        elif "note" in message:
            note(message["note"])
        elif "error" in message:
            raise LocalStoreError(message["error"])
        elif "done" in message:
            return int(message["done"])
    raise LocalStoreError(
        "The local channel could not be made: its process ended without a message; start again."
    )
