"""Rules of specifications that server and frontend share, in `shared.json` for the tests of both."""

from __future__ import annotations

import json
import re
from pathlib import Path

from conda_store_labext.models.limits import NAME_CHARACTERS
from conda_store_labext.specifications.kernel_package import KERNEL_PACKAGES, brings_kernel

SHARED = json.loads(Path(__file__).with_name("shared.json").read_text("utf-8"))


def test_the_packages_that_bring_a_kernel() -> None:
    listed = SHARED["kernelPackages"]
    assert set(listed) >= KERNEL_PACKAGES
    assert [name for name in listed if not brings_kernel(name)] == []
    assert [name for name in SHARED["otherPackages"] if brings_kernel(name)] == []


def test_the_characters_of_a_name() -> None:
    characters = re.compile(f"[{NAME_CHARACTERS}]")
    assert "".join(filter(characters.fullmatch, SHARED["nameCharacters"])) == SHARED["nameCharacters"]
    assert "".join(filter(characters.fullmatch, SHARED["otherCharacters"])) == ""
    printable = {chr(code) for code in range(32, 127)}
    assert printable <= {*SHARED["nameCharacters"], *SHARED["otherCharacters"]}
