"""`jupyter conda-store download`: what builds leave, saved as files."""

from __future__ import annotations

import argparse
import os
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from ..copies.progress import ProgressLine
from ..errors import DownloadFailed, InvalidRequest
from ..models.quantities import show_size
from ..store.files import replaced
from . import services
from .arguments import BUILD, named_build
from .command import Commands
from .terminal import print_json

if TYPE_CHECKING:
    from ..client.client import CondaStoreClient

SUFFIXES = {"archive": ".tar.gz", "lockfile": ".lock.json", "yaml": ".yml", "logs": ".log"}
CHUNK = 1 << 18


def add_commands(commands: Commands) -> None:
    """Add the command to a parser's."""
    sub = commands.add("download", download, "Save what builds leave, by default their archives.")
    sub.add_argument("builds", nargs="+", metavar=BUILD, help="without a number, the newest build")
    sub.add_argument("--artifact", choices=tuple(SUFFIXES), default="archive", help="what to save")
    sub.add_argument(
        "--output", "-o", metavar="PATH", help="a folder, or a file for a single build; - is standard output"
    )


def download(options: argparse.Namespace) -> int:
    """Save an artifact of each build; a file appears once it is whole."""
    client = services.client()
    if len(options.builds) > 1 and options.output and not Path(options.output).is_dir():
        raise InvalidRequest("Several builds need an existing folder; give it as --output.")
    saved = []
    for build_id in [named_build(client, text) for text in options.builds]:
        if options.output == "-":
            _write(client, build_id, options.artifact, sys.stdout.buffer)
            sys.stdout.buffer.flush()
            continue
        file = _file(client, build_id, options)
        size = _save(client, build_id, options.artifact, file)
        saved.append({"build_id": build_id, "artifact": options.artifact, "path": str(file), "bytes": size})
        if not options.json:
            print(f"{file} ({show_size(size)})", flush=True)
    if options.json and options.output != "-":
        print_json(saved)
    return 0


def _file(client: CondaStoreClient, build_id: int, options: argparse.Namespace) -> Path:
    if options.output and not Path(options.output).is_dir():
        return Path(options.output)
    build = client.build(build_id)
    name = f"{build.namespace}-{build.environment}-{build_id}{SUFFIXES[options.artifact]}"
    return Path(options.output or ".") / name.replace(os.sep, "_")


def _save(client: CondaStoreClient, build_id: int, artifact: str, file: Path) -> int:
    try:
        with replaced(file) as sink:
            return _write(client, build_id, artifact, sink)
    except OSError as error:
        raise InvalidRequest(
            f"{file} cannot be written ({error.strerror}); make room there or name another place."
        ) from None


def _write(client: CondaStoreClient, build_id: int, artifact: str, sink: BinaryIO) -> int:
    """Write an artifact, going on where a connection broke off, and return its bytes."""
    from ..pipeline.download import ArchiveChanged, Download

    line = ProgressLine()
    kind = "log" if artifact == "logs" else artifact
    download = Download(partial(client.open_artifact, build_id, kind))
    try:
        while data := download.read(CHUNK):
            sink.write(data)
            done, total = download.done, download.total
            share = f" {100 * done / total:.0f} % of {show_size(total)}" if total else f" {show_size(done)}"
            line.text(f"build {build_id}, {artifact}: downloading{share}")
    except ArchiveChanged:
        raise DownloadFailed(
            f"The {kind} of build {build_id} changed while it was downloaded; download it again."
        ) from None
    finally:
        download.close()
        line.clear()
    return download.done
