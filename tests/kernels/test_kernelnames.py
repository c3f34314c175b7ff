"""Kernel names are legal and injective; display names are readable and no two alike."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from conda_store_labext.errors import InvalidRequest
from conda_store_labext.kernels.names import (
    KernelIdentity,
    check_template,
    copy_of,
    display_names,
    kernel_name,
)
from conda_store_labext.models.build_ref import copy_key

PINNED = KernelIdentity("http://store/conda-store", "default", "data", 7)
FOLLOWING = replace(PINNED, build_id=None)


def name_of(identity: KernelIdentity, kernel: str | None = None) -> str:
    return kernel_name(identity, kernel)


@pytest.mark.parametrize("environment", ["Data Science", "数据", "a" * 200, "x-y", "x.y", "%2F..", ""])
@pytest.mark.parametrize("build_id", [None, 7])
@pytest.mark.parametrize("kernel", [None, "Python3"])
def test_names_are_legal_whatever_the_environment_is_called(
    environment: str, build_id: int | None, kernel: str | None
) -> None:
    name = name_of(replace(PINNED, environment=environment, build_id=build_id), kernel)
    assert re.fullmatch(r"[a-z0-9._-]+", name)
    assert len(name) < 128


def test_no_two_identities_share_a_name() -> None:
    identities = [
        KernelIdentity(server, namespace, environment, build_id)
        for server in ("http://a", "http://b")
        for namespace in ("x", "X", "x-y", "x_y")
        for environment in ("ä", "ö", "y-x", "y_x", "a" * 40, "a" * 41)
        for build_id in (None, 1, 2)
    ]
    # a build belongs to one environment only: its number tells it from every other of its server
    pinned = {identity for identity in identities if identity.build_id is not None}
    following = [identity for identity in identities if identity.build_id is None]
    assert len({name_of(identity) for identity in following}) == len(following)
    assert not {name_of(identity) for identity in following} & {name_of(identity) for identity in pinned}
    assert not {name_of(identity) for identity in identities} & {
        name_of(identity, "python3") for identity in pinned
    }


def test_only_kernels_of_copies_are_read_as_such() -> None:
    assert copy_of(name_of(PINNED, "python3")) == copy_key(PINNED.server, 7)
    assert copy_of(name_of(PINNED)) is None
    assert copy_of(name_of(FOLLOWING)) is None
    assert copy_of("python3") is None


def test_display_names_are_readable_and_no_two_alike() -> None:
    elsewhere = replace(FOLLOWING, server="https://other:8080/conda-store")
    names = display_names(
        [(PINNED, "python"), (FOLLOWING, "python"), (FOLLOWING, "R"), (elsewhere, "python")]
    )
    assert names[0] == "data (default #7)"
    assert names[2] == "data (default) [R]"
    assert names[3] == "data (default) [Python] [other:8080]"
    assert len(set(names)) == 4
    assert display_names([(FOLLOWING, "python")]) == ("data (default)",)
    assert display_names([(PINNED, "r")], "{namespace}/{environment}:{build} {language}") == (
        "default/data:7 R",
    )
    same = [(PINNED, "python"), (replace(PINNED, build_id=8), "python")]
    assert len(set(display_names(same, "{environment}"))) == 2


@pytest.mark.parametrize(
    "template", ["{user}", "{build", "{environment.__class__}", "{0}", " ", "{build:zz}"]
)
def test_a_template_that_names_something_else_is_refused(template: str) -> None:
    with pytest.raises(InvalidRequest, match="is not a template"):
        check_template(template)


def test_an_identity_is_read_from_metadata_or_not_at_all() -> None:
    metadata = {"server": "http://s", "namespace": "n", "environment": "e", "build_id": 3, "more": 1}
    assert KernelIdentity.of({"conda_store": metadata}) == KernelIdentity("http://s", "n", "e", 3)
    broken: list[object] = [
        None,
        [],
        {},
        {"conda_store": 1},
        {"conda_store": metadata | {"build_id": "3"}},
        {"conda_store": metadata | {"build_id": True}},
        {"conda_store": metadata | {"server": ""}},
    ]
    assert [KernelIdentity.of(entry) for entry in broken] == [None] * len(broken)
