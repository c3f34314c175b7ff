"""Indexes, addresses and paths in requirements: what becomes of them."""

from __future__ import annotations

import json

import pytest

from conda_store_labext.specifications.convert import convert
from tests.specifications.conversions import environment, notes_of, parts


@pytest.mark.parametrize(
    "line",
    [
        "--index-url https://index.example/simple",
        "--extra-index-url=https://index.example/simple",
        "-i https://index.example/simple",
        "--trusted-host index.example",
        "-f https://index.example/wheels",
        "--find-links https://index.example/wheels",
        "--pre --index-url https://index.example/simple",
    ],
)
def test_other_indexes_are_left_out_because_they_cannot_be_locked(line: str) -> None:
    done = convert("requirements.txt", f"{line}\nsix\n")
    assert parts(done)[1] == ["six"]
    assert line in notes_of(done)
    assert "never be locked" in notes_of(done)
    done = environment(f"- python\n- pip\n- pip:\n  - {line}\n  - six\n")
    assert parts(done) == (["python", "pip"], ["six"])
    assert line in notes_of(done)


@pytest.mark.parametrize(
    ("line", "requirement"),
    [
        ("-e git+https://host/o/tool.git@v1#egg=tool", "tool @ git+https://host/o/tool.git@v1"),
        ("git+https://host/o/tool.git@v1#egg=tool[x]", "tool @ git+https://host/o/tool.git@v1"),
        ("git+https://host/o/tool", "tool @ git+https://host/o/tool"),
        ("git+https://host/o/tool.git/", "tool @ git+https://host/o/tool.git"),
        (
            "git+https://host/o/r@v1#egg=tool&subdirectory=python",
            "tool @ git+https://host/o/r@v1#subdirectory=python",
        ),
        (
            "git+https://host/o/r#subdirectory=python&egg=tool",
            "tool @ git+https://host/o/r@HEAD#subdirectory=python",
        ),
        ("https://host/tool-1.0-py3-none-any.whl", "tool @ https://host/tool-1.0-py3-none-any.whl"),
        ("https://host/my_tool-1.0.tar.gz", "my_tool @ https://host/my_tool-1.0.tar.gz"),
        ("https://host/o/tool/archive/main.zip", "tool @ https://host/o/tool/archive/main.zip"),
        ("https://host/x.zip#egg=tool", "tool @ https://host/x.zip"),
        ("tool @ https://host/x.zip#sha256=ab", "tool @ https://host/x.zip#sha256=ab"),
        (
            "tool@https://host/x.zip ; sys_platform=='linux'",
            "tool @ https://host/x.zip ; sys_platform=='linux'",
        ),
    ],
)
def test_addresses_get_a_name(line: str, requirement: str) -> None:
    done = convert("requirements.txt", line)
    assert parts(done)[1] == [requirement]
    section = f"- python\n- pip:\n  - {json.dumps(line)}\n"
    assert parts(environment(section))[1] == [requirement]


def test_pip_freeze_in_a_conda_environment_gives_bare_names_and_one_note() -> None:
    lines = [f"tool{number} @ file:///croot/tool{number}_1700/work" for number in range(80)]
    done = convert("requirements.txt", "\n".join(lines))
    assert parts(done)[1] == [f"tool{number}" for number in range(80)]
    assert all(f"tool{number}\n" in notes_of(done) for number in range(79))
    assert len(done.notes) == 2


@pytest.mark.parametrize(
    "line",
    [
        "mypkg-1.0-py3-none-any.whl",
        "./wheels/local.whl",
        "folder/name",
        "~/x",
        "/srv/x",
        "C:\\x.whl",
        "..[docs]",
        "-e .",
        "-e ./ours",
        '-e ".[dev]"',
        "file:///srv/x",
        "x @ file:///home/me/x",
    ],
)
def test_files_of_the_user_are_left_out_with_a_note(line: str) -> None:
    done = convert("requirements.txt", f"{line}\nsix\n")
    assert parts(done)[1] == ["six"]
    assert f"cannot read files of your computer: {line}" in notes_of(done)
    done = environment(f"- python\n- pip:\n  - '{line}'\n  - six\n")
    assert parts(done)[1] == ["six"]
    assert line in notes_of(done)
