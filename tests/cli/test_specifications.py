"""Sources of a build on the command line: files, standard input and packages, and those refused."""

from __future__ import annotations

import argparse
import io
from pathlib import Path

import pytest
import yaml

from conda_store_labext.cli.specifications import chosen_source, edited, read_source
from conda_store_labext.errors import InvalidRequest
from conda_store_labext.specifications.commented import with_name


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_standard_input_is_read_by_its_mark_and_its_content(
    encoding: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    content = "six\n-e .\n".encode(encoding)
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(content)))
    source = read_source("-", "linux-64", "mine")
    assert source.text.startswith("name: mine\n")
    assert "- six" in source.text
    assert "cannot read files of your computer: -e ." in capsys.readouterr().err


def test_a_file_of_powershell_is_read(tmp_path: Path) -> None:
    file = tmp_path / "environment.yml"
    file.write_bytes("name: a\nchannels: [x]\ndependencies: [python]\n".encode("utf-16"))
    assert "python" in read_source(str(file), "linux-64").text
    with pytest.raises(InvalidRequest, match="cannot be read"):
        read_source(str(tmp_path / "none.yml"), "linux-64")


def options(package: str, channel: str = "x") -> argparse.Namespace:
    return argparse.Namespace(file=None, package=[package], channel=[channel])


def test_packages_that_conda_cannot_read_and_passwords_are_refused() -> None:
    assert "numpy>=2" in chosen_source(options("numpy>=2"), "a", "linux-64").text
    with pytest.raises(InvalidRequest, match="not a package that conda can read"):
        chosen_source(options("numpy>="), "a", "linux-64")
    with pytest.raises(InvalidRequest, match="not a package that conda can read"):
        edited("name: a\ndependencies: [x]\n", ["-e ."], [])
    for given in (options("a", "https://me:s3cr3t@host/c"), options("https://me:s3cr3t@host/c::a")):
        with pytest.raises(InvalidRequest, match="a password or a token") as caught:
            chosen_source(given, "a", "linux-64")
        assert "s3cr3t" not in str(caught.value)


COMMENTED = (
    "# ours\nname: theirs  # of the team\nchannels:\n  - x\ndependencies:\n  # pinned for a reason\n"
    "  - numpy=1  # ABI\n  - python\n  - pip:\n      - six  # old\nvariables:\n  A: 'no'\n"
)


def test_a_file_keeps_its_comments_under_another_name(tmp_path: Path) -> None:
    file = tmp_path / "environment.yml"
    file.write_text(COMMENTED)
    assert read_source(str(file), "linux-64", "mine").text == COMMENTED.replace("theirs", "mine")


def test_other_packages_leave_the_comments() -> None:
    after = edited(COMMENTED, ["numpy>=2", "pandas"], ["python"])
    assert after == COMMENTED.replace("numpy=1", "numpy>=2").replace("- python\n", "- pandas\n")
    flow = "name: a  # b\ndependencies: [x, y]  # c\n# d\nvariables: {A: b}\n"
    assert edited(flow, ["z"], ["x"]) == (
        "name: a  # b\ndependencies:\n- y\n- z  # c\n# d\nvariables: {A: b}\n"
    )
    assert edited("name: a\ndependencies:\n- pip: [b]", ["c"], []) == (
        "name: a\ndependencies:\n- c\n- pip: [b]\n"
    )


@pytest.mark.parametrize(
    "text",
    [
        "{name: a, dependencies: [x, y]}",
        "name: &a x\ndependencies: [*a, y]\n",
        "name: a\ndependencies: [x,\n  # why\n  y]\n",
        "name: a\ndependencies:\n- x\n- y",
        "dependencies:\n    - 'x'\n    - >-\n      y\nname: |\n  a\n",
    ],
)
def test_any_way_of_writing_is_changed(text: str) -> None:
    assert yaml.safe_load(edited(text, ["y>=2", "z"], ["x"]))["dependencies"] == ["y>=2", "z"]
    assert yaml.safe_load(edited(text, [], ["x", "y"]))["dependencies"] == []
    assert yaml.safe_load(with_name(text, "on"))["name"] == "on"
