"""PEP 517 and PEP 660 build backend: jupyter_packaging's hooks plus the editable ones that it lacks (0.12.3).

A wheel or sdist made from a checkout always builds the labextension anew, so that it never carries an older
one or a development build; one made from an unpacked sdist takes the labextension in it and needs no Node.js.
"""

from __future__ import annotations

import base64
import hashlib
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import tomlkit
from jupyter_packaging import npm_builder
from jupyter_packaging.build_api import (
    build_sdist,
    build_wheel,
    get_requires_for_build_sdist,
    get_requires_for_build_wheel,
    prepare_metadata_for_build_wheel,
)
from setuptools import build_meta
from setuptools.build_meta import get_requires_for_build_editable, prepare_metadata_for_build_editable

__all__ = [
    "build_editable",
    "build_sdist",
    "build_wheel",
    "frontend_builder",
    "get_requires_for_build_editable",
    "get_requires_for_build_sdist",
    "get_requires_for_build_wheel",
    "prepare_metadata_for_build_editable",
    "prepare_metadata_for_build_wheel",
]

LABEXTENSION = Path("conda_store_labext/labextension/package.json")
INSTALLED = ("etc/", "share/jupyter/kernels/")  # what an editable wheel brings, too


def frontend_builder(build_cmd: str) -> Callable[[], None]:
    """Return what installs the Node.js packages and runs the package.json script `build_cmd`."""
    unpacked_sdist = Path("PKG-INFO").is_file() and LABEXTENSION.is_file()
    if unpacked_sdist:
        return lambda: None
    build: Callable[[], None] = npm_builder(build_cmd=build_cmd, npm=["jlpm"])
    return build


def build_editable(
    wheel_directory: str,
    config_settings: Mapping[str, str | list[str] | None] | None = None,
    metadata_directory: str | None = None,
) -> str:
    """Build the labextension for development and an editable wheel; return the wheel's file name."""
    frontend_builder(build_cmd="build")()
    name: str = build_meta.build_editable(wheel_directory, config_settings, metadata_directory)
    _add_configuration(Path(wheel_directory, name))
    return name


def _configuration() -> dict[str, Path]:
    """Map install paths of settings and kernels to their files in this tree, as pyproject.toml lists them."""
    pyproject = tomlkit.parse(Path("pyproject.toml").read_text(encoding="utf-8")).unwrap()
    groups: dict[str, list[str]] = pyproject["tool"]["setuptools"]["data-files"]
    return {
        f"{folder}/{file.name}": file
        for folder, patterns in groups.items()
        if folder.startswith(INSTALLED)
        for pattern in patterns
        for file in Path().glob(pattern)
    }


def _add_configuration(wheel: Path) -> None:
    """Add the extension's settings and kernel: setuptools leaves data files out of editable wheels."""
    with zipfile.ZipFile(wheel) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    record = next(name for name in members if name.endswith(".dist-info/RECORD"))
    data = record.removesuffix(".dist-info/RECORD") + ".data/data"
    lines = members[record].decode()
    for path, source in _configuration().items():
        body = source.read_bytes()
        digest = base64.urlsafe_b64encode(hashlib.sha256(body).digest()).rstrip(b"=").decode()
        members[f"{data}/{path}"] = body
        lines += f"{data}/{path},sha256={digest},{len(body)}\n"
    members[record] = lines.encode()
    with zipfile.ZipFile(wheel, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
