"""Putting packages into a prefix, with py-rattler's installer."""

from __future__ import annotations

import asyncio
import datetime
import json
import shlex
import sys
from pathlib import Path

import rattler

from .base.context import context
from .compiling import compile_noarch


def link(records: list[rattler.RepoDataRecord], prefix: str) -> None:
    """Install the packages into the prefix and leave there what conda would leave."""
    asyncio.run(
        rattler.install(records, target_prefix=prefix, cache_dir=context.package_cache, show_progress=False)
    )
    compile_noarch(Path(prefix))
    for path in Path(prefix).glob("conda-meta/*.json"):
        _name_archive(path)
    history = Path(prefix, "conda-meta", "history")
    if not history.exists():
        history.write_text(
            f"==> {datetime.datetime.now():%Y-%m-%d %H:%M:%S} <==\n# cmd: {shlex.join(sys.argv)}\n",
            encoding="utf-8",
        )


def _name_archive(path: Path) -> None:
    """Write into a package's record where its archive lies, which conda-store reads for the checksums."""
    record = json.loads(path.read_bytes())
    if not record.get("package_tarball_full_path"):
        record["package_tarball_full_path"] = str(context.package_cache / record["fn"])
        path.write_text(json.dumps(record, indent=2), encoding="utf-8")
