"""Files of public bug reports: what becomes of them, row by row."""

from __future__ import annotations

import pytest

from conda_store_labext.errors import InvalidRequest
from conda_store_labext.specifications.convert import convert
from tests.specifications.conversions import content, environment, notes_of, parts, pip_of


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
        assert f"  {name}" in notes_of(done)


def test_the_variable_that_conda_store_heeds_needs_no_note() -> None:
    done = environment("- python\n", "name: a\nchannels: [x]\nvariables: {CONDA_OVERRIDE_CUDA: '12.0'}\n")
    assert done.notes == ()


def test_a_pinned_pip_beside_a_section_is_told() -> None:
    assert "pip=24.0" in notes_of(environment("- python\n- pip=24.0\n- pip: [six]\n"))
    assert environment("- python\n- pip\n- pip: [six]\n").notes == ()
    assert environment("- python\n- pip=24.0\n").notes == ()


def test_two_lines_for_one_package_are_joined_where_they_can_be() -> None:
    done = environment("- numpy>=1.20 # old\n- python\n- numpy<2\n")
    assert parts(done)[0] == ["python", "numpy >=1.20,<2"]
    assert "numpy>=1.20" in notes_of(done)
    assert "numpy<2" in notes_of(done)
    for other in ("x::numpy", "numpy=1=py_0", "numpy 1|2"):
        done = environment(f"- numpy>=1.20\n- {other}\n")
        assert parts(done)[0] == [other]
        assert "numpy>=1.20" in notes_of(done)
    assert pip_of("a>=1\nA<2\n") == ["a<2,>=1"]
    assert pip_of("a==1\na==2\n") == ["a==2"]
    assert pip_of("imageio>=2.28.0\nimageio[ffmpeg]\n") == ["imageio[ffmpeg]>=2.28.0"]


def test_a_comment_is_never_continued() -> None:
    assert pip_of("# ends in a backslash \\\nsix\nb \\\n  >=1\nc\n") == ["six", "b >=1", "c"]


def test_entries_below_pip_that_are_no_text_and_empty_sections() -> None:
    done = environment("- python\n- pip:\n  - six: 1.0\n  - 2048\n  - a\n")
    assert parts(done)[1] == ["2048", "a"]
    assert "six: 1.0" in notes_of(done)
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
    assert "numpy=1.26.4=py311h64a7726_0" in notes_of(foreign)
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


def test_versions_that_pypi_cannot_have_and_wheels_for_other_platforms() -> None:
    done = convert("requirements.txt", "torch==1.13.1+cu117\nhttps://h/x-1-cp310-cp310-win_amd64.whl\n")
    assert parts(done)[1] == ["torch==1.13.1"]
    assert "torch==1.13.1+cu117" in notes_of(done)
    assert "win_amd64" in notes_of(done)


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
