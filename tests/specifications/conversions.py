"""The parts of a conversion that its tests look at."""

from __future__ import annotations

from typing import Any

import yaml

from conda_store_labext.models import Conversion
from conda_store_labext.specifications.convert import convert


def environment(dependencies: str, head: str = "name: a\nchannels: [conda-forge]\n") -> Conversion:
    return convert("environment.yml", f"{head}dependencies:\n{dependencies}")


def content(conversion: Conversion) -> dict[str, Any]:
    specification = yaml.safe_load(conversion.specification)
    assert isinstance(specification, dict)
    return specification


def parts(conversion: Conversion) -> tuple[list[str], list[str]]:
    """Return the lines for conda and those for pip."""
    dependencies = content(conversion)["dependencies"]
    sections = [each["pip"] for each in dependencies if isinstance(each, dict)]
    return [each for each in dependencies if isinstance(each, str)], sections[0] if sections else []


def pip_of(text: str, filename: str = "requirements.txt") -> list[str]:
    return parts(convert(filename, text))[1]


def notes_of(conversion: Conversion) -> str:
    return "\n".join(conversion.notes)
