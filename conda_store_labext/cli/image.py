"""`jupyter conda-store image`: a build as an image for containers, in a folder or a registry."""

from __future__ import annotations

import argparse
import platform
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import InvalidRequest
from ..models.quantities import show_size
from ..models.reference import Reference
from . import services
from .command import REFERENCE, Commands
from .terminal import print_json

if TYPE_CHECKING:
    from ..copies.images.image import Base, Image

SCRATCH = "scratch"
ARCHITECTURES = {"x86_64": "amd64", "aarch64": "arm64"}


def add_commands(commands: Commands) -> None:
    """Add the command to a parser's."""
    sub = commands.add("image", image, "Make an image for containers of a build, without a container engine.")
    sub.add_argument("reference", metavar=REFERENCE)
    sub.add_argument(
        "--base",
        required=True,
        metavar="IMAGE",
        help="the image to build upon: REGISTRY/NAME:TAG, oci:FOLDER:TAG, or `scratch` for no files at all",
    )
    target = sub.add_mutually_exclusive_group(required=True)
    target.add_argument(
        "--output", metavar="oci:FOLDER[:TAG]", help="write it into a folder; the tag is by default the build"
    )
    target.add_argument("--push", metavar="REGISTRY/NAME[:TAG]", help="send it to a registry")


def image(options: argparse.Namespace) -> int:
    """Fetch the build if it is not here, make the image and put it where it is to go."""
    from ..copies.images.image import make_image
    from ..copies.images.layout import write_layout
    from ..copies.images.names import ImageName, LayoutName, parse_name
    from ..copies.images.registry import Registry

    reference = Reference.parse(options.reference)
    target = parse_name(options.output or options.push, "")
    if isinstance(target, LayoutName) != bool(options.output):
        raise InvalidRequest("--output takes oci:FOLDER[:TAG], and --push REGISTRY/NAME[:TAG].")
    copy, held = services.held_copy(reference)
    target = parse_name(options.output or options.push, str(copy.build_id))
    with held, tempfile.TemporaryDirectory(prefix="conda-store-image-") as folder:
        made = make_image(copy, _base(options.base, Path(folder)), Path(folder))
        sent = None
        if isinstance(target, ImageName):
            registry = Registry(target)
            try:
                sent = registry.push(made)
            finally:
                registry.close()
        else:
            write_layout(made, target.folder, target.tag)
    _show(made, str(target), sent, options.json)
    return 0


def _base(text: str, folder: Path) -> Base:
    """Return the base that is named; its layers go into a folder where they come from a registry."""
    from ..copies.images.image import scratch
    from ..copies.images.layout import read_layout
    from ..copies.images.names import LayoutName, parse_name
    from ..copies.images.registry import Registry

    architecture = ARCHITECTURES.get(platform.machine(), platform.machine())
    if text == SCRATCH:
        return scratch(architecture)
    name = parse_name(text, "")
    if isinstance(name, LayoutName):
        return read_layout(name.folder, name.tag, architecture)
    registry = Registry(parse_name(text, "latest"))  # type: ignore[arg-type]
    try:
        return registry.base(architecture, folder)
    finally:
        registry.close()


def _show(made: Image, target: str, sent: int | None, json: bool) -> None:
    size = sum(blob.size for blob in made.blobs)
    if json:
        print_json(
            {
                "image": target,
                "digest": made.digest,
                "layers": [blob.digest for blob in made.blobs[:-1]],
                "bytes": size,
                "sent": sent,
            }
        )
        return
    print(f"{target} is {made.digest}: {len(made.blobs) - 1} layers, {show_size(size)}")
    if sent is not None:
        print(f"{sent} blobs were sent, {len(made.blobs) - sent} were there")
