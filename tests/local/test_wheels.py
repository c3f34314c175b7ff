"""Wheels as conda packages: names, requirements, places, commands, and what is refused."""

from __future__ import annotations

import json
import marshal
import sys
import zipfile
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from conda_store_labext.local.channel.names import conda_name, conda_requirement
from conda_store_labext.local.channel.package import PLACEHOLDER, Member
from conda_store_labext.local.channel.wheel import (
    SITE_PACKAGES,
    BadWheel,
    members,
    read_wheel,
    recipe,
)

PYTHON = f"{sys.version_info[0]}.{sys.version_info[1]}"
METADATA = "Metadata-Version: 2.1\nName: Some.Thing\nVersion: 1.0\n"


def wheel(folder: Path, files: dict[str, str], metadata: str = METADATA, name: str = "some_thing") -> Path:
    """Write a wheel with these files and metadata."""
    path = folder / f"{name}-1.0-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        for place, text in files.items():
            archive.writestr(zipfile.ZipInfo(place, (2024, 5, 6, 7, 8, 10)), text)
        archive.writestr(f"{name}-1.0.dist-info/METADATA", metadata)
        archive.writestr(f"{name}-1.0.dist-info/INSTALLER", "pip\n")
    return path


def placed(path: Path) -> dict[str, Member]:
    return {member.path: member for member in members(read_wheel(path))}


@pytest.mark.parametrize(
    ("requirement", "spec"),
    [
        ("Some.Thing", "some-thing"),
        ("jupyter-client >= 8.0, != 8.1.*", "jupyter_client !=8.1.*,>=8.0"),
        ("tzdata; python_version > '3'", "python-tzdata"),
        ("numpy==2.*", "numpy =2"),
        ("numpy===2.0", "numpy ==2.0"),
        ("a~=1.4.2", "a ~=1.4.2"),
    ],
)
def test_requirements_in_condas_words(requirement: str, spec: str) -> None:
    assert conda_requirement(Requirement(requirement)) == spec


def test_names_are_conda_forges_own() -> None:
    assert [conda_name(name) for name in ("Typing.Extensions", "NumPy")] == ["typing_extensions", "numpy"]


def test_files_go_to_their_places(tmp_path: Path) -> None:
    files = {
        "thing/__init__.py": "answer = 42\n",
        "thing/tests/test_it.py": "",
        "thing/template.py": "{{ this is no Python }}",
        "some_thing-1.0.data/scripts/say": "#!python\nprint(1)\n",
        "some_thing-1.0.data/data/share/man/say.1": "man",
        "some_thing-1.0.data/purelib/more.py": "",
        "some_thing-1.0.data/headers/say.h": "",
        "some_thing-1.0.data/data/share/jupyter/kernels/x/kernel.json": json.dumps({"argv": ["python"]}),
        "some_thing-1.0.dist-info/entry_points.txt": (
            "[console_scripts]\nTalk = thing:say.loud [extra]\n[other]\na = b\n"
        ),
    }
    contents = placed(wheel(tmp_path, files))
    assert contents["share/man/say.1"].data == b"man"
    assert f"include/python{PYTHON}/some-thing/say.h" in contents
    assert contents[f"{SITE_PACKAGES}/some_thing-1.0.dist-info/INSTALLER"].data == b"conda\n"
    say, talk = contents["bin/say"], contents["bin/Talk"]
    assert say.data == f"#!{PLACEHOLDER}/bin/python\nprint(1)\n".encode()
    assert b"from thing import say\n" in talk.data
    assert b"sys.exit(say.loud())" in talk.data
    assert all(member.executable and member.has_prefix for member in (say, talk))
    kernel = contents["share/jupyter/kernels/x/kernel.json"]
    assert kernel.has_prefix
    assert json.loads(kernel.data)["argv"] == [f"{PLACEHOLDER}/bin/python"]
    compiled = sorted(path for path in contents if path.endswith(".pyc"))
    tag = sys.implementation.cache_tag
    assert compiled == [
        f"{SITE_PACKAGES}/__pycache__/more.{tag}.pyc",
        f"{SITE_PACKAGES}/thing/__pycache__/__init__.{tag}.pyc",
    ]


def test_compiled_modules_are_of_their_sources_time(tmp_path: Path) -> None:
    contents = placed(wheel(tmp_path, {"one.py": "answer = 42\n"}))
    source = contents[f"{SITE_PACKAGES}/one.py"]
    compiled = contents[f"{SITE_PACKAGES}/__pycache__/one.{sys.implementation.cache_tag}.pyc"].data
    assert int.from_bytes(compiled[8:12], "little") == source.time
    assert int.from_bytes(compiled[12:16], "little") == len(source.data)
    names: dict[str, int] = {}
    exec(marshal.loads(compiled[16:]), names)
    assert names["answer"] == 42


def test_requirements_with_markers_and_extras(tmp_path: Path) -> None:
    requirements = ("other[fast]>=2", "gone; python_version < '3'", "x; extra == 'y'")
    needs = "".join(f"Requires-Dist: {requirement}\n" for requirement in requirements)
    provides = "Metadata-Version: 2.1\nName: other\nVersion: 1.0\nRequires-Dist: quick; extra == 'fast'\n"
    main = read_wheel(wheel(tmp_path, {}, METADATA + needs))
    other = read_wheel(wheel(tmp_path, {}, provides, name="other"))
    made = recipe(main, "linux-64", {"some-thing": main, "other": other})
    assert made.depends[0].startswith(f"python >={PYTHON},<3.")
    assert made.depends[1:] == ("other >=2", "quick")


@pytest.mark.parametrize(
    "place", ["../outside.py", "/outside.py", "a/../../b.py", "some_thing-1.0.data/odd/x"]
)
def test_what_would_leave_the_prefix_is_refused(tmp_path: Path, place: str) -> None:
    with pytest.raises(BadWheel):
        placed(wheel(tmp_path, {place: ""}))


def test_what_is_no_wheel_is_refused(tmp_path: Path) -> None:
    cut_short = tmp_path / "a-1.0-py3-none-any.whl"
    cut_short.write_bytes(b"PK\x03\x04")
    empty = tmp_path / "b-1.0-py3-none-any.whl"
    with zipfile.ZipFile(empty, "w"):
        pass
    odd = wheel(tmp_path, {}, METADATA + "Requires-Dist: ]broken[\n")
    misnamed = tmp_path / "nothing.whl"
    misnamed.write_bytes(b"")
    for path in (cut_short, empty, odd, misnamed):
        with pytest.raises(BadWheel):
            read_wheel(path)
