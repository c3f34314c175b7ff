"""Files turned into specifications, and what they leave behind."""

from __future__ import annotations

import pytest
import yaml

from conda_store_labext.errors import InvalidRequest
from conda_store_labext.specifications.convert import convert
from conda_store_labext.specifications.source import name_from
from conda_store_labext.specifications.text import parse_specification

REQUIREMENTS = """\
# what we need
-r base.txt
--extra-index-url https://packages.example/simple
-i https://someone:password@packages.example/simple
numpy==1.26.4 \\
    --hash=sha256:aaaa \\
    --hash=sha256:bbbb
pandas[performance] >= 2 ; python_version > "3.8"  # tables
-e ./ours
./wheels/local.whl
thing @ https://packages.example/thing-1.0.zip
${SECRET}
--no-binary :all:
numpy==1.26.4
"""
LOCKFILE = """\
version: 1
metadata:
  platforms: [linux-64, osx-arm64]
package: []
"""


def test_requirements() -> None:
    done = convert("work/forecast/requirements.txt", REQUIREMENTS)
    assert (done.name, done.is_lockfile) == ("forecast", False)
    specification = yaml.safe_load(done.specification)
    assert specification["channels"] == ["conda-forge"]
    python, pip, section = specification["dependencies"]
    assert (python, pip) == ("python", "pip")
    assert section["pip"] == [
        'pandas[performance] >= 2 ; python_version > "3.8"',
        "thing @ https://packages.example/thing-1.0.zip",
        "numpy==1.26.4",
    ]
    left_out = "\n".join(done.notes)
    for word in ("base.txt", "--extra-index-url", "ours", "local.whl", "SECRET", "--no-binary", "hashes"):
        assert word in left_out
    assert "password@" not in done.specification + left_out
    assert "-i https://***@packages.example/simple" in left_out


def test_an_environment_is_taken_as_it_is_written() -> None:
    text = (
        "# ours\nname: data\nchannels: [conda-forge]\ndependencies:\n- python=3.10 # not 3.1\n- pip: [six]\n"
    )
    done = convert("environment.yml", text)
    assert (done.name, done.specification, done.is_lockfile, done.notes) == ("data", text, False, ())


def test_what_an_environment_cannot_keep() -> None:
    text = "prefix: /home/someone/env\nplatforms: [linux-64]\ndependencies: [python, {pip: [-r more.txt]}]\n"
    done = convert("climate.yaml", text)
    assert yaml.safe_load(done.specification) == {
        "name": "climate",
        "channels": ["conda-forge"],
        "dependencies": ["python"],
        "platforms": ["linux-64"],
    }
    notes = " ".join(done.notes)
    for word in ("prefix", "named climate", "conda-forge", "platforms", "more.txt"):
        assert word in notes
    assert "/home/someone" not in notes


def test_a_lockfile_is_passed_on() -> None:
    done = convert("models/conda-lock.yml", LOCKFILE, "linux-64")
    assert (done.name, done.specification, done.is_lockfile) == ("models", LOCKFILE, True)
    assert done.notes == ()
    elsewhere = convert("models/conda-lock.yml", LOCKFILE, "linux-aarch64").notes[0]
    assert elsewhere.splitlines() == [
        "conda-store builds for linux-aarch64, which it is not locked for:",
        "  linux-64",
        "  osx-arm64",
    ]


def test_lines_are_chosen_for_the_platform_that_is_built_for() -> None:
    text = "name: a\nchannels: [c]\ndependencies:\n- x\n- tool  # [osx]\n"
    for platform, packages in (("osx-arm64", ["x", "tool"]), ("linux-64", ["x"])):
        done = convert("environment.yml", text, platform)
        built = yaml.safe_load(done.specification)["dependencies"]
        assert [line for line in built if isinstance(line, str)] == packages
    done = convert(
        "requirements.txt", "a; platform_machine == 'aarch64' and python_version > '3.9'\nb\n", "linux-64"
    )
    assert "is for another platform" in " ".join(done.notes)


@pytest.mark.parametrize(
    ("filename", "text"),
    [
        ("explicit.txt", "@EXPLICIT\nhttps://conda.example/linux-64/python-3.11.0-0.conda\n"),
        ("requirements.txt", "-r other.txt\n"),
        ("requirements.txt", ""),
        ("environment.yml", ""),
        ("environment.yml", "name: x\n"),
        ("environment.yml", "dependencies: python\n"),
        ("environment.yml", "dependencies: [1]\n"),
        ("environment.yml", "a: [\n"),
        ("environment.yml", "!!python/object/apply:os.system ['true']\n"),
        ("conda-lock.yml", LOCKFILE.replace("version: 1", "version: 2")),
        ("conda-lock.yml", "[" * 3000),
    ],
)
def test_what_is_none_of_them_is_said_so(filename: str, text: str) -> None:
    with pytest.raises(InvalidRequest) as caught:
        convert(filename, text)
    assert str(caught.value).endswith(".")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("filename", "name"),
    [
        ("environment.yml", "environment"),
        ("teaching/environment.yml", "teaching"),
        ("requirements-dev.txt", "requirements-dev"),
        ("C:\\work\\my data\\env.yaml", "my-data"),
        ("数据.yml", "environment"),
        ("../../etc/requirements.txt", "etc"),
        ("", "environment"),
    ],
)
def test_names(filename: str, name: str) -> None:
    assert name_from(filename) == name


def test_a_key_twice_in_what_is_to_be_built_is_refused_too() -> None:
    with pytest.raises(InvalidRequest, match="at line 4: the key `dependencies` is on line 2 too"):
        parse_specification("name: a\ndependencies:\n- x\ndependencies: [y]\n")
    merged = "name: a\nvariables: &v {A: b}\ndependencies: [x]\nother: {<<: *v, C: d}\n"
    assert parse_specification(merged)["other"] == {"A": "b", "C": "d"}
