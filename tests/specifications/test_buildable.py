"""Specifications refused before they are built: passwords, and what conda-lock takes for a condition."""

from __future__ import annotations

import itertools
import logging
from typing import Any

import pytest
import yaml

from conda_store_labext.errors import InvalidRequest
from conda_store_labext.specifications.buildable import key_of_condition, require_buildable
from conda_store_labext.specifications.convert import convert
from tests.specifications.lockable import refusals

TEXTS = ("", "x", "#1", "#1 [beta]", "[b]", "(x)", "#1 (a) [b]", "#1 [b] (c)", "# []")
PIP: tuple[list[str], ...] = (
    [],
    ["a"],
    ["t @ git+https://h/o.git#subdirectory=x"],
    ["t @ https://h/t.zip#sha256=1", "b[x]"],
)


def specification(description: str, variable: str, pip: list[str], package: str) -> dict[str, Any]:
    return {
        "name": "a",
        "channels": ["conda-forge"],
        "dependencies": [package, {"pip": pip}],
        "description": description,
        "variables": {"V": variable},
    }


def test_a_condition_is_what_conda_lock_takes_for_one(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.ERROR)
    outcomes = set()
    for parts in itertools.product(TEXTS, TEXTS, PIP, ("numpy", "numpy # c")):
        built = specification(*parts)
        # conda-lock is left with nothing, which it cannot read
        refused = bool(refusals(built))
        assert refused == (key_of_condition(built) is not None), parts
        outcomes.add(refused)
    assert outcomes == {True, False}


@pytest.mark.parametrize(
    ("built", "place"),
    [
        (specification("see #12 [beta]", "", [], "numpy"), "the description"),
        (specification("see #12", "[beta]", [], "numpy"), "the variables"),
        (specification("", "", PIP[3], "numpy"), "the dependencies"),
    ],
)
def test_a_condition_is_refused_with_its_place(built: dict[str, Any], place: str) -> None:
    with pytest.raises(InvalidRequest, match=f"brackets in {place}"):
        require_buildable(built)


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"channels": ["https://me:s3cr3t@h/c"]}, "channels"),
        ({"channels": ["https://h/t/s3cr3t/c"]}, "channels"),
        ({"dependencies": ["https://me:s3cr3t@h/c::numpy"]}, "dependencies"),
        ({"dependencies": [{"pip": ["--index-url https://me:s3cr3t@h/simple"]}]}, "requirements"),
    ],
)
def test_a_password_is_refused_and_not_repeated(change: dict[str, Any], place: str) -> None:
    built = {"name": "a", "channels": ["conda-forge"], "dependencies": ["python"]}
    require_buildable(built)
    with pytest.raises(InvalidRequest, match=place) as caught:
        require_buildable(built | change)
    assert "s3cr3t" not in str(caught.value)


@pytest.mark.parametrize("line", ["numpy>=", "-e .", "./x.conda", "a b c d"])
def test_what_conda_cannot_read_is_refused(line: str) -> None:
    with pytest.raises(InvalidRequest, match="not a package that conda can read") as caught:
        require_buildable({"name": "a", "dependencies": ["python", line]})
    assert line in str(caught.value)


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("-e .", "files of your computer"),
        ("./x.whl", "files of your computer"),
        ("--extra-index-url https://h/simple", "other package indexes"),
        ("-r base.txt", "a file is converted by itself"),
        ("x @ http://h/x.zip", "https:// or git"),
        ("two names", "neither a package's name nor its address"),
    ],
)
def test_what_pip_cannot_be_given_is_refused(line: str, why: str) -> None:
    with pytest.raises(InvalidRequest, match=why) as caught:
        require_buildable({"name": "a", "dependencies": ["python", {"pip": [line]}]})
    assert line in str(caught.value)


@pytest.mark.parametrize(
    "line",
    [
        "numpy",
        "numpy # why",
        "a[x]>=1,<2; python_version > '3.8'",
        "x @ https://h/x.zip#sha256=1",
        "t @ git+https://h/o.git@v1",
        "torch==2.1+cu118",
        "t @ https://h/t-1.0-cp311-cp311-win_amd64.whl",
    ],
)
def test_what_the_editor_lets_pass_is_not_refused(line: str) -> None:
    require_buildable({"name": "a", "dependencies": ["python", {"pip": [line]}]})


def test_what_a_file_has_of_this_is_left_out_with_a_note() -> None:
    text = (
        'name: a\n# why\ndescription: issue 4 "#4 [beta]"\nchannels: [c]\n'
        'dependencies:\n- numpy # c\n- "scipy # d"\n- pip: [six]\n'
        "variables:\n  A: '#1'\n  B: '[x]'\n  C: plain\n"
    )
    done = convert("environment.yml", text)
    built = yaml.safe_load(done.specification)
    assert "description" not in built
    assert built["variables"] == {"A": "#1", "C": "plain"}
    assert built["dependencies"] == ["numpy", "scipy", {"pip": ["six"]}]
    assert "# why" in done.specification
    notes = "\n".join(done.notes)
    assert 'description: issue 4 "#4 [beta]"' in notes
    assert "B: [x]" in notes
    assert not refusals(built)


def test_a_description_alone_goes_with_the_rest_as_it_is_written() -> None:
    text = "name: a  # ours\ndescription: |\n  see #4\n  [beta]\nchannels: [c]\ndependencies: [numpy]\n"
    done = convert("environment.yml", text)
    assert done.specification == "name: a  # ours\nchannels: [c]\ndependencies: [numpy]\n"
