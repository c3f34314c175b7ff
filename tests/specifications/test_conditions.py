"""Lines of files that hold for some platforms or some versions of Python alone."""

from __future__ import annotations

import pytest

from conda_store_labext.specifications.convert import convert
from tests.specifications.conversions import environment, notes_of, parts, pip_of


@pytest.mark.parametrize(
    ("condition", "kept"),
    [
        ("linux", True),
        ("unix", True),
        ("linux64", True),
        ("not win", True),
        ("linux and x86_64", True),
        ("osx or linux", True),
        ("win", False),
        ("osx", False),
        ("arm64", False),
        ("win or osx", False),
    ],
)
def test_a_line_for_another_platform_is_left_out(condition: str, kept: bool) -> None:
    done = environment(f"- python\n- tool  # [{condition}]\n- pip:\n  - other # [{condition}]\n")
    conda, pip = parts(done)
    assert (conda == ["python", "tool"]) is kept
    assert (pip == ["other"]) is kept
    assert ("tool" in notes_of(done)) is not kept


def test_a_condition_that_cannot_be_told_keeps_the_line_with_a_note() -> None:
    done = environment("- python\n- tool  # [py>=38]\n- list  # see [1] below\n")
    assert parts(done)[0] == ["python", "tool", "list"]
    assert "tool [py>=38]" in notes_of(done)
    assert "list" not in notes_of(done)


def test_sections_with_a_condition() -> None:
    sections = "- sel(unix): make\n- sel(win): m2-make\n"
    rattler = "- if: osx\n  then: a\n  else: [b, c]\n- if: linux\n  then: d\n"
    done = environment(sections + rattler)
    assert parts(done)[0] == ["make", "b", "c", "d"]
    assert "m2-make" in notes_of(done)


def test_conditions_on_the_version_of_python() -> None:
    text = 'a; python_version < "3.4"\nb; python_version >= "3.9"\nc; sys_platform == "win32"\n'
    done = convert("requirements.txt", text)
    assert parts(done)[1] == ['b; python_version >= "3.9"', 'c; sys_platform == "win32"']
    assert 'a; python_version < "3.4"' in notes_of(done)
    assert 'b; python_version >= "3.9"' in notes_of(done)
    assert "c; sys_platform" not in notes_of(done)


def test_of_lines_for_several_pythons_the_newest_is_taken() -> None:
    text = "numpy==2.2.4; python_version > '3.9'\nnumpy==1.26.4; python_version == '3.9'\n"
    assert pip_of(text) == ["numpy==2.2.4; python_version > '3.9'"]
    section = "".join(f"  - {line}\n" for line in text.splitlines())
    done = environment(f"- python=3.9\n- pip\n- pip:\n{section}")
    assert parts(done)[1] == ["numpy==1.26.4; python_version == '3.9'"]
    assert "numpy==2.2.4" in notes_of(done)


def test_lines_for_several_platforms_all_stay() -> None:
    text = "a==1; sys_platform == 'win32'\na==2; sys_platform != 'win32'\n"
    assert pip_of(text) == text.splitlines()
