"""Findings of `check`: whether this machine, its Jupyter and conda-store get along, a line each."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Verdict(str, Enum):
    """Verdict of a finding: as it should be, worth knowing, or in the way."""

    OK = "ok"
    NOTE = "note"
    PROBLEM = "problem"


@dataclass(frozen=True)
class Finding:
    """One thing that was checked.

    `about` names it in a word or two, `message` says in a sentence how it is, `advice` what to do; that is
    empty where nothing is to be done.
    """

    about: str
    verdict: Verdict
    message: str
    advice: str = ""


@dataclass(frozen=True)
class Findings:
    """Everything that was checked, in the order in which it was."""

    findings: tuple[Finding, ...]


def ok(about: str, message: str) -> Finding:
    """Return a finding that is as it should be."""
    return Finding(about, Verdict.OK, message)


def note(about: str, message: str, advice: str = "") -> Finding:
    """Return a finding that is worth knowing."""
    return Finding(about, Verdict.NOTE, message, advice)


def problem(about: str, message: str, advice: str) -> Finding:
    """Return a finding that keeps something from working."""
    return Finding(about, Verdict.PROBLEM, message, advice)
