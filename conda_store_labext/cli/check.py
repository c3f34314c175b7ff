"""`jupyter conda-store check`: whether this machine, its Jupyter and conda-store get along."""

from __future__ import annotations

import argparse
from dataclasses import asdict

from ..models.findings import Finding, Verdict
from .command import Commands
from .services import configured_services
from .terminal import print_json


def add_commands(commands: Commands) -> None:
    """Add the command to a parser's."""
    commands.add(
        "check",
        check,
        "Check server, sign-in, archives, folders and kernels, and say what to do where something is wrong.",
    )


def check(options: argparse.Namespace) -> int:
    """Print every finding as it comes; 1 if there is a problem among them."""
    from ..on_demand.check import findings

    services = configured_services()
    found: list[Finding] = []
    try:
        for finding in findings(services):
            found.append(finding)
            if not options.json:
                print(_line(finding), flush=True)
    finally:
        services.close()
    if options.json:
        print_json([asdict(finding) for finding in found])
    return int(any(finding.verdict is Verdict.PROBLEM for finding in found))


def _line(finding: Finding) -> str:
    text = f"{finding.verdict.value:<8} {finding.about}: {finding.message}"
    return f"{text}\n{'':<9}{finding.advice}" if finding.advice else text
