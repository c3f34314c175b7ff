"""An image: the base's layers and the copy's, and the two documents that name them."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ...errors import InvalidRequest
from ...store.records import StoredCopy
from .bytecode import compile_all
from .content import PREFIX, Content, Member
from .layers import LAYER_TYPE, Blob, Layer, grouped, write_layer

PLATFORM_KEYS = ("architecture", "os", "variant")
MANIFEST_TYPE = "application/vnd.oci.image.manifest.v1+json"
INDEX_TYPE = "application/vnd.oci.image.index.v1+json"
CONFIG_TYPE = "application/vnd.oci.image.config.v1+json"
MOST_LAYERS = 120  # some engines take 127, and nobody could build upon that
PYTHON = re.compile(r"lib/python3\.\d+/.*\.py")
CREATED = "1980-01-01T00:00:00Z"
PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
# of a base's configuration, what OCI's format has
CONFIG_KEYS = (
    *("User", "ExposedPorts", "Env", "Entrypoint", "Cmd", "Volumes", "WorkingDir", "Labels", "StopSignal"),
)


@dataclass(frozen=True)
class Base:
    """What an image is built upon: a configuration and its layers, none where there is no base."""

    config: dict[str, Any]
    layers: tuple[Blob, ...]

    @property
    def diff_ids(self) -> list[str]:
        """The digests of the archives in the layers."""
        return [str(digest) for digest in self.config.get("rootfs", {}).get("diff_ids", ())]


@dataclass(frozen=True)
class Image:
    """An image: its blobs in the order in which a registry wants them, and its manifest."""

    blobs: tuple[Blob, ...]
    manifest: Blob

    @property
    def digest(self) -> str:
        """The digest by which it is known."""
        return self.manifest.digest


def scratch(architecture: str) -> Base:
    """Return the base that has no files."""
    return Base({"architecture": architecture, "os": "linux"}, ())


def make_image(copy: StoredCopy, base: Base, folder: Path) -> Image:
    """Make the image of a copy upon a base, its layers in an empty folder.

    Raises Conflict where files of the copy are not as they came, InvalidRequest for what cannot be an image.
    """
    content = Content(copy.prefix)
    members = list(content.members())
    members += _bytecode(content, members, copy.prefix, folder)
    layers = [write_layer(name, held, folder) for name, held in grouped(members).items()]
    if len(layers) + len(base.layers) > MOST_LAYERS:
        raise InvalidRequest(
            f"The base has {len(base.layers)} layers and the environment {len(layers)}, together more than "
            f"{MOST_LAYERS}; choose a base with fewer layers."
        )
    config = Blob.of(CONFIG_TYPE, _json(_config(copy, base, layers)))
    blobs = (*base.layers, *(layer.blob for layer in layers))
    manifest = {
        "schemaVersion": 2,
        "mediaType": MANIFEST_TYPE,
        "config": config.descriptor,
        "layers": [blob.descriptor | {"mediaType": LAYER_TYPE} for blob in blobs],
    }
    return Image((*blobs, config), Blob.of(MANIFEST_TYPE, _json(manifest)))


def _bytecode(content: Content, members: Sequence[Member], prefix: Path, folder: Path) -> list[Member]:
    sources: dict[str, Path] = {}
    for number, member in enumerate(members):
        if PYTHON.fullmatch(member.path) and not member.target:
            file = member.source or folder / f"{number}.py"
            if member.data is not None:
                file.write_bytes(member.data)
            sources[member.path] = file
    made = []
    for path, file in compile_all(prefix, sources, folder / "bytecode").items():
        above, _, name = path.rpartition("__pycache__/")
        made.append(Member(path, content.owners.get(f"{above}{name.partition('.')[0]}.py", ""), source=file))
    return made


def _config(copy: StoredCopy, base: Base, layers: Sequence[Layer]) -> dict[str, Any]:
    """Return the image's configuration: the base's, with the environment active in it."""
    inherited = base.config.get("config") or {}
    config = {key: inherited[key] for key in CONFIG_KEYS if inherited.get(key) is not None}
    variables = dict(line.split("=", 1) for line in config.get("Env", ()) if "=" in line)
    variables |= {name: str(value) for name, value in copy.variables.items()}
    variables |= {
        "PATH": f"{PREFIX}/bin:{variables.get('PATH', PATH)}",
        "CONDA_PREFIX": PREFIX,
        "CONDA_DEFAULT_ENV": copy.environment,
    }
    config["Env"] = [f"{name}={value}" for name, value in sorted(variables.items())]
    config["Labels"] = {
        **config.get("Labels", {}),
        "org.opencontainers.image.title": f"{copy.namespace}/{copy.environment}",
        "org.opencontainers.image.version": str(copy.build_id),
    }
    made = {"created": CREATED, "created_by": "jupyter conda-store image"}
    platform: dict[str, Any] = {
        key: base.config[key] for key in ("architecture", "os", "variant") if key in base.config
    }
    return {
        **platform,
        "created": CREATED,
        "config": config,
        "rootfs": {"type": "layers", "diff_ids": [*base.diff_ids, *(layer.diff_id for layer in layers)]},
        "history": [
            *base.config.get("history", ()),
            *(made | {"comment": layer.name} for layer in layers),
        ],
    }


def _json(value: object) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":")).encode()
