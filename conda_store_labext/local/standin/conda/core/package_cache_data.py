"""Records of unpacked packages, written where conda would look for them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from os import PathLike
from os.path import getsize
from pathlib import Path
from typing import Any

__all__ = [
    "PackageCacheRecord",
    "PackageRecord",
    "getsize",
    "read_index_json",
    "write_as_json_to_file",
]


class PackageRecord(dict[str, Any]):
    """A package's record, as the JSON object that is written."""

    @classmethod
    def from_objects(cls, *objects: Mapping[str, Any], **fields: Any) -> PackageRecord:
        """Join what the objects and the keywords say, the last word winning; the channel follows the URL."""
        record = cls()
        for mapping in (*objects, fields):
            record.update(mapping)
        if "url" in record:
            record["channel"] = record["url"].rsplit("/", 1)[0]
        return record


PackageCacheRecord = PackageRecord


def read_index_json(extracted_package: str | PathLike[str]) -> dict[str, Any]:
    """Return an unpacked package's `info/index.json`."""
    index: dict[str, Any] = json.loads(Path(extracted_package, "info", "index.json").read_bytes())
    return index


def write_as_json_to_file(path: str | PathLike[str], content: Any) -> None:
    """Write a JSON file."""
    Path(path).write_text(json.dumps(content, indent=2), encoding="utf-8")
