"""`jupyter conda-store venv packages|add|upgrade|uninstall`: packages of this machine's environments."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from typing import TYPE_CHECKING

from .machine_choice import chosen, trusted
from .services import configured_services
from .terminal import print_json, print_table, reporter

if TYPE_CHECKING:
    from ..models import Changes


def packages(options: argparse.Namespace) -> int:
    """List the packages of an environment."""
    provider = configured_services().machine
    installed = provider.packages(chosen(provider, options.environment).key)
    if options.json:
        print_json([asdict(package) for package in installed])
    else:
        rows = [
            [package.name, package.version, package.manager.value, package.summary] for package in installed
        ]
        print_table(["PACKAGE", "VERSION", "FROM", "SUMMARY"], rows)
    return 0


def add(options: argparse.Namespace) -> int:
    """Add packages."""
    return _change(options, "add")


def upgrade(options: argparse.Namespace) -> int:
    """Upgrade packages."""
    return _change(options, "upgrade")


def uninstall(options: argparse.Namespace) -> int:
    """Remove packages."""
    return _change(options, "remove")


def _change(options: argparse.Namespace, what: str) -> int:
    from ..models import PackageRequest

    provider = configured_services().machine
    environment = trusted(provider, options.environment)
    request = PackageRequest(**{what: tuple(options.packages)})
    changes = provider.preview(environment.key, request)
    if not options.dry_run:
        provider.change(environment.key, request, reporter(options))
    if options.json:
        print_json(asdict(changes))
    else:
        for line in _lines_of(changes):
            print(line)
    return 0


def _lines_of(changes: Changes) -> list[str]:
    """Return what changes, a line for each package."""
    return [
        *(f"+ {package.name} {package.version}" for package in changes.added),
        *(f"- {package.name} {package.version}" for package in changes.removed),
        *(
            f"  {package.name} {package.old} -> {package.new}"
            for package in (*changes.upgraded, *changes.downgraded)
        ),
    ] or ["nothing changes"]
