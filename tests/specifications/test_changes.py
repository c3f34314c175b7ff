"""Changes from one set of packages to another."""

from __future__ import annotations

from conda_store_labext.models import Package, PackageManager, VersionChange
from conda_store_labext.specifications.changes import compare, difference


def package(
    name: str, version: str, build: str = "0", channel: str = "conda-forge", pip: bool = False
) -> Package:
    manager = PackageManager.PIP if pip else PackageManager.CONDA
    return Package(name, version, build, channel, "", None, manager)


def test_every_kind_of_change() -> None:
    old = [
        package("same", "1"),
        package("up", "1.9"),
        package("down", "2"),
        package("rebuilt", "1", "py311_0"),
        package("moved", "1", channel="defaults"),
        package("gone", "1"),
        package("unknown", "1", build=""),
    ]
    new = [
        package("same", "1"),
        package("up", "1.10"),
        package("down", "1"),
        package("rebuilt", "1", "py312_0"),
        package("moved", "1"),
        package("new", "1", pip=True),
        package("unknown", "1", build="0"),
    ]
    changes = compare(old, new, ("a\n", "a\nb\n"), 1, 2)
    assert (changes.since, changes.build_id) == (1, 2)
    assert [change.name for change in changes.added] == ["new"]
    assert [change.name for change in changes.removed] == ["gone"]
    assert changes.upgraded == (VersionChange("up", "1.9", "1.10"),)
    assert changes.downgraded == (VersionChange("down", "2", "1"),)
    assert changes.rebuilt == (
        VersionChange("moved", "defaults::0", "conda-forge::0"),
        VersionChange("rebuilt", "py311_0", "py312_0"),
    )
    assert changes.specification.splitlines()[0].startswith("@@")
    assert "+b" in changes.specification.splitlines()


def test_a_package_that_pip_takes_over_is_removed_and_added() -> None:
    changes = compare([package("six", "1")], [package("six", "1", pip=True)], ("", ""), None, None)
    assert [change.manager for change in changes.added] == ["pip"]
    assert [change.manager for change in changes.removed] == ["conda"]


def test_equal_specifications_differ_in_nothing() -> None:
    assert difference("name: a\n", "name: a\n") == ""
