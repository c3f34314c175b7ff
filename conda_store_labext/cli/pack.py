"""`jupyter conda-store pack`: a copy as an archive that unpacks without conda-store and this package."""

from __future__ import annotations

import argparse
from pathlib import Path

from ..models.quantities import show_size
from ..models.reference import Reference
from . import services
from .command import REFERENCE, Commands
from .terminal import print_json


def add_commands(commands: Commands) -> None:
    """Add the command to a parser's."""
    sub = commands.add(
        "pack", pack, "Write an environment as an archive for a machine without conda-store or a network."
    )
    sub.add_argument("reference", metavar=REFERENCE)
    sub.add_argument(
        "--output", "-o", type=Path, metavar="FILE", help="by default NAMESPACE-ENVIRONMENT-BUILD.tar.gz"
    )
    sub.add_argument("--force", action="store_true", help="replace an existing file")


def pack(options: argparse.Namespace) -> int:
    """Fetch the build if it is not here, and write it as an archive."""
    from ..copies.pack import pack as packed

    copy, held = services.held_copy(Reference.parse(options.reference))
    default = Path(f"{copy.namespace}-{copy.environment}-{copy.build_id}.tar.gz")
    with held:
        file = packed(copy, (options.output or default).absolute(), force=options.force)
    size = file.stat().st_size
    if options.json:
        print_json({"archive": str(file), "bytes": size})
    else:
        print(f"wrote {file} ({show_size(size)})")
        print("there: mkdir FOLDER && tar xf FILE -C FOLDER && FOLDER/bin/conda-unpack")
    return 0
