"""The options that conda-store and conda-lock give, most of which change nothing here."""

from __future__ import annotations

import argparse
from dataclasses import dataclass

WITHOUT_EFFECT = (
    "--copy",
    "--no-builds",
    "--no-pip",
    "--override-channels",
    "--quiet",
    "--show",
    "--show-sources",
    "--strict-channel-priority",
    "--yes",
)


@dataclass(frozen=True)
class Arguments:
    """A sub-command's options; `specs` are what remains."""

    prefix: str
    file: str | None
    channels: tuple[str, ...]
    dry_run: bool
    json: bool
    specs: tuple[str, ...]


def parse(command: str, argv: list[str]) -> Arguments:
    """Read the options of `command`; leave with code 2 on what is not known."""
    parser = argparse.ArgumentParser(prog=f"conda {command}")
    for flag in WITHOUT_EFFECT:
        parser.add_argument(flag, action="store_true")
    parser.add_argument("--dry-run", action="store_true")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("-p", "--prefix", default="")
    parser.add_argument("-n", "--name")
    parser.add_argument("-c", "--channel", action="append", default=[])
    parser.add_argument("--file")
    parser.add_argument("specs", nargs="*")
    options = parser.parse_args(argv)
    return Arguments(
        prefix=options.prefix,
        file=options.file,
        channels=tuple(options.channel),
        dry_run=options.dry_run,
        json=options.json,
        specs=tuple(options.specs),
    )
