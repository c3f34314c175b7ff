"""`create`: solve only, solve and link, or link what a file lists."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import rattler

from .. import explicit, linking, solving
from ..common.path import strip_pkg_extension
from .arguments import Arguments


def create(arguments: Arguments) -> int:
    """Make a prefix, or with `--dry-run` say as conda does what would go into it."""
    try:
        if arguments.file:
            linking.link(explicit.read(Path(arguments.file)), arguments.prefix)
            print(f"{arguments.prefix} is made from {arguments.file}.")
        else:
            records = solving.solve(arguments.specs, arguments.channels)
            if arguments.dry_run:
                print(json.dumps(_plan(records, arguments.prefix)))
            else:
                linking.link(records, arguments.prefix)
    except Exception as error:
        # Whatever it was, conda-lock reads the reason from here and conda-store puts it into the build's log.
        return _failed(error, as_json=arguments.json)
    return 0


def _plan(records: list[rattler.RepoDataRecord], prefix: str) -> dict[str, Any]:
    actions = [
        {
            **json.loads(record.to_json()),
            "fn": record.file_name,
            "dist_name": strip_pkg_extension(record.file_name)[0],
        }
        for record in records
    ]
    return {
        "success": True,
        "dry_run": True,
        "prefix": prefix,
        "actions": {"FETCH": actions, "LINK": actions, "PREFIX": prefix},
    }


def _failed(error: Exception, *, as_json: bool) -> int:
    name, message = type(error).__name__, str(error)
    if as_json:
        answer = {
            "success": False,
            "error": f"{name}: {message}",
            "exception_name": name,
            "message": message,
        }
        print(json.dumps(answer))
    else:
        print(f"{name}: {message}", file=sys.stderr)
    return 1
