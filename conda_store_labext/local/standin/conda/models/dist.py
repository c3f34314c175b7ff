"""A package taken apart by its address."""

from __future__ import annotations

from dataclasses import dataclass

from ..common.path import strip_pkg_extension


@dataclass(frozen=True)
class Dist:
    """The parts of an address such as `<channel>/linux-64/python-3.11.7-0_cpython.conda`."""

    base_url: str
    subdir: str
    name: str
    version: str
    build: str
    build_number: int

    @classmethod
    def from_string(cls, url: str) -> Dist:
        """Read a package's address; raise ValueError when it is none."""
        channel_and_subdir, _, file_name = url.rpartition("/")
        base_url, _, subdir = channel_and_subdir.rpartition("/")
        name, version, build = strip_pkg_extension(file_name)[0].rsplit("-", 2)
        number = build.rsplit("_", 1)[-1]
        return cls(base_url, subdir, name, version, build, int(number) if number.isdigit() else 0)
