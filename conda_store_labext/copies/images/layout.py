"""Folders in OCI's image layout, as skopeo and umoci read and write them: `oci:FOLDER:TAG`."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from ...errors import InvalidRequest
from ...errors.os_errors import os_errors_explained
from ...store.files import read_json, replaced
from .image import INDEX_TYPE, Base, Image
from .layers import Blob

NAME = "org.opencontainers.image.ref.name"
LARGEST = 16_000_000  # bytes of a document


def write_layout(image: Image, folder: Path, tag: str) -> None:
    """Put an image into a folder, beside those that are there; the tag leads to it once all of it is."""
    with os_errors_explained(folder):
        blobs = folder / "blobs" / "sha256"
        blobs.mkdir(parents=True, exist_ok=True)
        for blob in (*image.blobs, image.manifest):
            file = blobs / blob.digest.removeprefix("sha256:")
            if file.exists() and file.stat().st_size == blob.size:
                continue
            with replaced(file) as sink, blob.open() as source:
                while data := source.read(1 << 20):
                    sink.write(data)
        entry = image.manifest.descriptor | {"annotations": {NAME: tag}}
        others = [
            row for row in _index(folder) if (row.get("annotations") or {}).get(NAME) not in (tag, None)
        ]
        _write(folder / "oci-layout", {"imageLayoutVersion": "1.0.0"})
        index = {"schemaVersion": 2, "mediaType": INDEX_TYPE, "manifests": [*others, entry]}
        _write(folder / "index.json", index)


def read_layout(folder: Path, tag: str, architecture: str) -> Base:
    """Return an image of a folder as a base, the only one where no tag is given; InvalidRequest for none."""
    rows = [row for row in _index(folder) if tag in ("", (row.get("annotations") or {}).get(NAME))]
    if len(rows) != 1:
        raise InvalidRequest(
            f"{folder} has {len(rows)} images{f' tagged {tag}' if tag else ''}; name one that is there as "
            "oci:FOLDER:TAG."
        )

    def blob(descriptor: dict[str, Any]) -> Blob:
        file = folder / "blobs" / "sha256" / str(descriptor["digest"]).removeprefix("sha256:")
        return Blob(str(descriptor["mediaType"]), str(descriptor["digest"]), int(descriptor["size"]), file)

    def document(descriptor: dict[str, Any]) -> dict[str, Any]:
        with blob(descriptor).open() as file:
            data = file.read(LARGEST)
        if f"sha256:{hashlib.sha256(data).hexdigest()}" != descriptor["digest"]:
            raise ValueError("another file")
        return dict(json.loads(data))

    try:
        manifest = for_platform(document(rows[0]), architecture)
        if "layers" not in manifest:
            manifest = document(manifest)
        return Base(document(manifest["config"]), tuple(blob(row) for row in manifest["layers"]))
    except (OSError, LookupError, TypeError, ValueError):
        raise InvalidRequest(f"{folder} holds no whole image; copy it there again.") from None


def for_platform(document: dict[str, Any], architecture: str) -> dict[str, Any]:
    """Return a manifest as it is, of a list of them the descriptor of the one for Linux and a processor."""
    if "manifests" not in document:
        return document
    for row in document["manifests"]:
        platform = row.get("platform") or {}
        if (platform.get("os"), platform.get("architecture")) == ("linux", architecture):
            return dict(row)
    raise InvalidRequest(f"The base has no image for linux/{architecture}; choose another one.")


def _index(folder: Path) -> list[dict[str, Any]]:
    rows = read_json(folder / "index.json").get("manifests")
    return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []


def _write(file: Path, value: object) -> None:
    with replaced(file) as sink:
        sink.write(json.dumps(value, indent=1).encode() + b"\n")
