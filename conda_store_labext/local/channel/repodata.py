"""A channel's index: what solvers and conda-store read before anything else."""

from __future__ import annotations

import bz2
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any


def write_index(channel: Path, subdirs: Iterable[str], records: list[dict[str, Any]]) -> None:
    """Write repodata.json (plain and bz2, which conda-store asks for) per platform, and channeldata.json."""
    subdirs = list(subdirs)
    for subdir in subdirs:
        packages = {
            record["fn"]: {key: value for key, value in record.items() if key != "fn"}
            for record in records
            if record["subdir"] == subdir
        }
        repodata = {
            "info": {"subdir": subdir},
            "packages": {},
            "packages.conda": packages,
            "removed": [],
            "repodata_version": 1,
        }
        data = json.dumps(repodata, indent=1, sort_keys=True).encode()
        (channel / subdir).mkdir(parents=True, exist_ok=True)
        (channel / subdir / "repodata.json").write_bytes(data)
        (channel / subdir / "repodata.json.bz2").write_bytes(bz2.compress(data))
    channeldata = {
        "channeldata_version": 1,
        "subdirs": subdirs,
        "packages": {record["name"]: {"version": record["version"]} for record in records},
    }
    (channel / "channeldata.json").write_text(json.dumps(channeldata, indent=1), encoding="utf-8")
