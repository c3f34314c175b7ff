"""The parts of a converted project file that its tests look at."""

from __future__ import annotations

from conda_store_labext.models import Conversion
from conda_store_labext.specifications.convert import convert
from conda_store_labext.specifications.text import parse_specification, requirements_of


def required(conversion: Conversion) -> tuple[list[str], list[str]]:
    """Return what a conversion requires of conda and of pip."""
    return requirements_of(parse_specification(conversion.specification))


def conda(filename: str, text: str) -> list[str]:
    """Return what a file requires of conda."""
    return required(convert(filename, text))[0]


def pip(filename: str, text: str) -> list[str]:
    """Return what a file requires of pip."""
    return required(convert(filename, text))[1]


def python_of(lines: list[str]) -> str:
    """Return the line that asks for Python."""
    return next(line for line in lines if line.startswith("python"))


def notes_of(filename: str, text: str) -> str:
    """Return all notes on a file."""
    return "\n".join(convert(filename, text).notes)
