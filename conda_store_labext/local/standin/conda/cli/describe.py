"""`info`, `config`, `list` and `env export`: what is set and what is installed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from .. import __version__
from ..base.context import context
from ..core.prefix_data import PrefixData, PrefixRecord
from .arguments import Arguments


def info(arguments: Arguments) -> int:
    """Say where packages come from and go to."""
    context.package_cache.mkdir(parents=True, exist_ok=True)
    facts: dict[str, Any] = {
        "conda_version": __version__,
        "platform": context.subdir,
        "pkgs_dirs": [str(context.package_cache)],
        "channel_alias": context.channel_alias,
        "channels": [context.channel_url("conda-forge")],
    }
    print(json.dumps(facts) if arguments.json else "\n".join(f"{key:>20} : {facts[key]}" for key in facts))
    return 0


def config(arguments: Arguments) -> int:
    """Say the settings that count, as YAML."""
    del arguments
    print(f"channel_alias: {context.channel_alias}\npkgs_dirs:\n  - {context.package_cache}")
    return 0


def list_packages(arguments: Arguments) -> int:
    """Print a prefix's packages as JSON."""
    print(json.dumps([_listed(record) for record in _records(arguments.prefix)]))
    return 0


def export(arguments: Arguments) -> int:
    """Print a prefix as an environment file, in JSON."""
    records = _records(arguments.prefix)
    environment = {
        "name": Path(arguments.prefix).name,
        "channels": sorted({record.channel.name for record in records}),
        "dependencies": [f"{record.name}={record.version}={record.build}" for record in records],
        "prefix": arguments.prefix,
    }
    print(json.dumps(environment))
    return 0


def _records(prefix: str) -> list[PrefixRecord]:
    data = PrefixData(prefix)
    data.load()
    return list(data.iter_records())


def _listed(record: PrefixRecord) -> dict[str, Any]:
    return {
        "base_url": record.channel.base_url,
        "build_number": record.build_number,
        "build_string": record.build,
        "channel": record.channel.name,
        "dist_name": f"{record.name}-{record.version}-{record.build}",
        "name": record.name,
        "platform": record.subdir,
        "version": record.version,
    }
