"""Files of public bug reports: what becomes of them, row by row."""

from __future__ import annotations

import json
from typing import Any

import pytest
import yaml

from conda_store_labext.errors import InvalidRequest
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


def said(conversion: Conversion) -> str:
    return "\n".join(conversion.notes)


def test_a_key_that_is_twice_is_refused_with_both_lines() -> None:
    with pytest.raises(InvalidRequest, match="`dependencies` twice, on lines 2 and 4"):
        convert("environment.yml", "name: a\ndependencies:\n- x\ndependencies:\n- y\n")


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-8"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_a_file_is_read_by_its_mark(encoding: str, newline: str) -> None:
    text = "name: a\nchannels: [x]\ndependencies: [python]  # ü\n".replace("\n", newline)
    mark = {"utf-16-le": b"\xff\xfe", "utf-16-be": b"\xfe\xff"}.get(encoding, b"")
    assert content(convert("environment.yml", mark + text.encode(encoding)))["dependencies"] == ["python"]
    assert pip_of("six".encode(encoding).decode("latin-1") if encoding == "utf-8" else "six") == ["six"]


def test_a_requirements_file_says_its_encoding_as_python_does() -> None:
    text = "# -*- coding: latin-1 -*-\n# f\xfcr alle\nsix\n".encode("latin-1")
    assert parts(convert("requirements.txt", text))[1] == ["six"]
    with pytest.raises(InvalidRequest, match="save it as UTF-8"):
        convert("requirements.txt", b"\xfcber\nsix\n")


def test_tags_of_python_2_are_read_and_written_anew() -> None:
    text = (
        "name: !!python/unicode 'a'\n# ours\nchannels: !!python/tuple\n- !!python/unicode 'conda-forge'\n"
        "- defaults\ndependencies:\n- python=2.7\n"
    )
    done = convert("environment.yml", text)
    assert content(done) == {
        "name": "a",
        "channels": ["conda-forge", "defaults"],
        "dependencies": ["python=2.7"],
    }
    assert "# ours\n" in done.specification


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
    assert ("tool" in said(done)) is not kept


def test_a_condition_that_cannot_be_told_keeps_the_line_with_a_note() -> None:
    done = environment("- python\n- tool  # [py>=38]\n- list  # see [1] below\n")
    assert parts(done)[0] == ["python", "tool", "list"]
    assert "tool [py>=38]" in said(done)
    assert "list" not in said(done)


def test_sections_with_a_condition() -> None:
    sections = "- sel(unix): make\n- sel(win): m2-make\n"
    rattler = "- if: osx\n  then: a\n  else: [b, c]\n- if: linux\n  then: d\n"
    done = environment(sections + rattler)
    assert parts(done)[0] == ["make", "b", "c", "d"]
    assert "m2-make" in said(done)


def test_variables_are_text_as_it_is_written() -> None:
    written = "{A: no, B: 0755, C: 4, D: 1.10, E: 'x', F: 1e3, G: 12:30:45, H: ~}"
    head = f"name: a\nchannels: [x]\nvariables: {written}\n"
    done = environment("- python\n", head)
    values = content(done)["variables"]
    assert {name: str(value) for name, value in values.items()} == {
        "A": "no",
        "B": "0755",
        "C": "4",
        "D": "1.10",
        "E": "x",
        "F": "1e3",
        "G": "12:30:45",
        "H": "",
    }
    for name in values:
        assert f"  {name}" in said(done)


def test_the_variable_that_conda_store_heeds_needs_no_note() -> None:
    done = environment("- python\n", "name: a\nchannels: [x]\nvariables: {CONDA_OVERRIDE_CUDA: '12.0'}\n")
    assert done.notes == ()


def test_a_pinned_pip_beside_a_section_is_told() -> None:
    assert "pip=24.0" in said(environment("- python\n- pip=24.0\n- pip: [six]\n"))
    assert environment("- python\n- pip\n- pip: [six]\n").notes == ()
    assert environment("- python\n- pip=24.0\n").notes == ()


def test_two_lines_for_one_package_are_joined_where_they_can_be() -> None:
    done = environment("- numpy>=1.20 # old\n- python\n- numpy<2\n")
    assert parts(done)[0] == ["python", "numpy >=1.20,<2"]
    assert "numpy>=1.20" in said(done)
    assert "numpy<2" in said(done)
    for other in ("x::numpy", "numpy=1=py_0", "numpy 1|2"):
        done = environment(f"- numpy>=1.20\n- {other}\n")
        assert parts(done)[0] == [other]
        assert "numpy>=1.20" in said(done)
    assert pip_of("a>=1\nA<2\n") == ["a<2,>=1"]
    assert pip_of("a==1\na==2\n") == ["a==2"]
    assert pip_of("imageio>=2.28.0\nimageio[ffmpeg]\n") == ["imageio[ffmpeg]>=2.28.0"]


def test_conditions_on_the_version_of_python() -> None:
    text = 'a; python_version < "3.4"\nb; python_version >= "3.9"\nc; sys_platform == "win32"\n'
    done = convert("requirements.txt", text)
    assert parts(done)[1] == ['b; python_version >= "3.9"', 'c; sys_platform == "win32"']
    assert 'a; python_version < "3.4"' in said(done)
    assert 'b; python_version >= "3.9"' in said(done)
    assert "c; sys_platform" not in said(done)


def test_of_lines_for_several_pythons_the_newest_is_taken() -> None:
    text = "numpy==2.2.4; python_version > '3.9'\nnumpy==1.26.4; python_version == '3.9'\n"
    assert pip_of(text) == ["numpy==2.2.4; python_version > '3.9'"]
    section = "".join(f"  - {line}\n" for line in text.splitlines())
    done = environment(f"- python=3.9\n- pip\n- pip:\n{section}")
    assert parts(done)[1] == ["numpy==1.26.4; python_version == '3.9'"]
    assert "numpy==2.2.4" in said(done)


def test_lines_for_several_platforms_all_stay() -> None:
    text = "a==1; sys_platform == 'win32'\na==2; sys_platform != 'win32'\n"
    assert pip_of(text) == text.splitlines()


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
    assert line in said(done)
    assert "never be locked" in said(done)
    done = environment(f"- python\n- pip\n- pip:\n  - {line}\n  - six\n")
    assert parts(done) == (["python", "pip"], ["six"])
    assert line in said(done)


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
    assert all(f"tool{number}\n" in said(done) for number in range(79))
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
    assert f"cannot read files of your computer: {line}" in said(done)
    done = environment(f"- python\n- pip:\n  - '{line}'\n  - six\n")
    assert parts(done)[1] == ["six"]
    assert line in said(done)


def test_a_comment_is_never_continued() -> None:
    assert pip_of("# ends in a backslash \\\nsix\nb \\\n  >=1\nc\n") == ["six", "b >=1", "c"]


def test_entries_below_pip_that_are_no_text_and_empty_sections() -> None:
    done = environment("- python\n- pip:\n  - six: 1.0\n  - 2048\n  - a\n")
    assert parts(done)[1] == ["2048", "a"] or parts(done)[1] == ["a"]
    assert "six: 1.0" in said(done)
    for section in ("- pip:\n", "- pip: []\n", "- pip: [-e .]\n"):
        done = environment(f"- python\n{section}")
        assert parts(done) == (["python"], [])
        assert done.notes


CONDA_EXPORT = """\
# This file may be used to create an environment using:
# $ conda create --name <env> --file <this file>
# platform: linux-64
_libgcc_mutex=0.1=main
numpy=1.26.4=py311h64a7726_0
tool=1.0=pypi_0
older=2.0=<pip>
"""


def test_lists_of_conda() -> None:
    done = convert("requirements.txt", CONDA_EXPORT)
    conda = ["_libgcc_mutex=0.1=main", "numpy=1.26.4=py311h64a7726_0"]
    assert parts(done) == (conda, ["tool==1.0", "older==2.0"])
    foreign = convert("requirements.txt", CONDA_EXPORT.replace("linux-64", "osx-64"))
    assert parts(foreign)[0] == ["_libgcc_mutex=0.1", "numpy=1.26.4"]
    assert "numpy=1.26.4=py311h64a7726_0" in said(foreign)
    done = convert("spec.txt", "# for conda install --file\npython =3.11\nconda-forge::numpy>=1\nscipy\n")
    assert parts(done) == (["python =3.11", "conda-forge::numpy>=1", "scipy"], [])
    table = "# Name    Version   Build  Channel\nnumpy 1.26 py_0 conda-forge\nsix 1.16 pypi_0 pypi\n"
    assert parts(convert("list.txt", table)) == (["numpy=1.26=py_0"], ["six==1.16"])


@pytest.mark.parametrize("name", ["conda-linux-64.lock", "explicit.txt", "spec-file.yml", "-"])
def test_lists_of_package_files_are_named_as_what_they_are(name: str) -> None:
    with pytest.raises(InvalidRequest, match="list of package files"):
        convert(name, "# platform: linux-64\n@EXPLICIT\nhttps://h/linux-64/a-1-0.conda#d41d8\n")


@pytest.mark.parametrize("name", ["pixi.toml", "pyproject.toml", "Pipfile", "poetry.lock"])
def test_files_of_other_tools_are_named_as_what_they_are(name: str) -> None:
    with pytest.raises(InvalidRequest) as caught:
        convert(name, '[project]\nname = "x"\n')
    assert name in str(caught.value)
    assert "YAML" not in str(caught.value)


@pytest.mark.parametrize(
    ("text", "conda", "pip"),
    [
        ("six\nnumpy>=1\n", ["python", "pip"], ["six", "numpy>=1"]),
        ("name: a\nchannels: [x]\ndependencies: [python]\n", ["python"], []),
        ("# first\ndependencies:\n- python\n", ["python"], []),
        ('{"name": "a", "channels": ["x"], "dependencies": ["python"]}', ["python"], []),
    ],
)
def test_standard_input_is_known_by_its_content(text: str, conda: list[str], pip: list[str]) -> None:
    assert parts(convert("-", text)) == (conda, pip)


def test_comments_stay_when_something_is_changed() -> None:
    text = (
        "# what it is for\nchannels:\n  - conda-forge  # first\ndependencies:\n  # the language\n"
        "  - python=3.11  # not 3.12\n  - tool  # [win]\n  # by pip\n  - pip:\n      - -e .  # ours\n"
        '      - "six>=1"  # old\nprefix: /home/someone/env\n# the end\n'
    )
    done = convert("climate.yml", text)
    assert done.specification == (
        "# what it is for\nname: climate\nchannels:\n  - conda-forge  # first\ndependencies:\n"
        "  # the language\n"
        '  - python=3.11  # not 3.12\n  # by pip\n  - pip:\n      - "six>=1"  # old\n# the end\n'
    )
    flow = "# why\ndependencies: [python, tool, {pip: [-e ., six]}]  # all\n"
    done = convert("climate.yml", flow)
    assert parts(done) == (["python", "tool"], ["six"])
    assert done.specification.startswith("# why\n# all\n")


SECRET = "s3cr3t"
CREDENTIALS = [
    f"x @ https://user:{SECRET}@host/x.zip",
    f"git+https://{SECRET}@host/o/r.git",
    f"git+https://user:{SECRET}@host/o/r.git@v1#egg=x",
    f"https://host/x.zip?token={SECRET}",
    f"--index-url https://user:{SECRET}@host/simple",
    f"-e git+https://oauth2:{SECRET}@host/o/r.git#egg=x",
    f"--extra-index-url=https://{SECRET}@host/simple",
    f"-f https://host/x?X-Amz-Signature={SECRET}",
]


@pytest.mark.parametrize("line", CREDENTIALS)
def test_passwords_are_left_out_and_not_repeated(line: str) -> None:
    for done in (
        convert("requirements.txt", f"{line}\nsix\n"),
        environment(f"- python\n- pip\n- pip:\n  - '{line}'\n  - six\n"),
    ):
        assert parts(done)[1] == ["six"]
        assert SECRET not in done.specification + said(done)
        assert "could read the password" in said(done)


@pytest.mark.parametrize(
    "channel", [f"https://me:{SECRET}@host/c", f"https://host/t/{SECRET}/c", f"https://{SECRET}@host/c"]
)
def test_channels_with_a_password_are_left_out(channel: str) -> None:
    done = environment(f"- python\n- '{channel}::tool'\n", f"name: a\nchannels: [x, '{channel}']\n")
    assert content(done)["channels"] == ["x"]
    assert parts(done)[0] == ["python"]
    assert SECRET not in done.specification + said(done)


def test_a_lockfile_with_a_password_is_refused() -> None:
    text = f"version: 1\nmetadata: {{platforms: [linux-64]}}\npackage:\n- url: https://me:{SECRET}@h/a\n"
    with pytest.raises(InvalidRequest, match="a password or a token") as caught:
        convert("conda-lock.yml", text)
    assert SECRET not in str(caught.value)


def test_versions_that_pypi_cannot_have_and_wheels_for_other_platforms() -> None:
    done = convert("requirements.txt", "torch==1.13.1+cu117\nhttps://h/x-1-cp310-cp310-win_amd64.whl\n")
    assert parts(done)[1] == ["torch==1.13.1"]
    assert "torch==1.13.1+cu117" in said(done)
    assert "win_amd64" in said(done)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("dependencies: python\n", '`dependencies` must be a list: one package per line, each after "- ".'),
        (
            "channels: x\ndependencies: [a]\n",
            '`channels` must be a list: one channel per line, each after "- ".',
        ),
        ("- a\n", "The file must be a YAML mapping (`key: value`)."),
        (
            "dependencies: [a]\nvariables: [A]\n",
            "`variables` must be a mapping: `NAME: value`, one per line.",
        ),
    ],
)
def test_refusals_say_what_to_write(text: str, sentence: str) -> None:
    with pytest.raises(InvalidRequest) as caught:
        convert("environment.yml", text)
    assert str(caught.value) == sentence
