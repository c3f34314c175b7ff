"""Conda's match specifications, held against conda-lock's copy of conda."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from conda_store_labext.specifications.matchspecs import (
    InvalidMatchSpec,
    MatchSpec,
    package_name,
    read_match_spec,
)
from tests.specifications.lockable import conda_dependency

CASES = json.loads(Path(__file__).with_name("matchspecs.json").read_text("utf-8"))
"""Cases of the frontend's reader, too: packages with their names, and those that both refuse."""

versions = st.from_regex(r"\A[0-9a-z.*+!_-]{1,8}\Z")
terms = st.builds(
    "".join,
    st.tuples(
        st.sampled_from(["", "=", "==", ">=", "<=", ">", "<", "!=", "~=", "==="]),
        st.sampled_from(["", "", " "]),
        versions,
    ),
)
specs = st.builds(
    lambda channel, name, space, listed, comma, build, brackets: (
        f"{channel}{name}{space}{comma.join(listed)}{build}{brackets}"
    ),
    st.sampled_from(["", "", "conda-forge::", "a/linux-64::", "https://h/c::", "x:y:"]),
    st.sampled_from(["numpy", "R6", "_x", "a.b", "a-b"]),
    st.sampled_from(["", " ", "  "]),
    st.lists(terms, max_size=3),
    st.sampled_from([",", "|", " , ", ", "]),
    st.sampled_from(["", "", "=py_0", " py_0", "=*_0", "=*=*_0"]),
    st.sampled_from(["", "", "[version='>=1']", "[build=py*]", "[version=1.*, build=x]", "[md5=abc]"]),
)


@settings(deadline=None)
@example("numpy=0 , =0")
@example("numpy >=0, =0")
@example("numpy=0 , =0[version='>=1']")
@given(specs)
def test_what_is_read_is_read_alike_by_conda(text: str) -> None:
    """A spec that conda refuses would fail in the server; one that it reads otherwise is a wrong note."""
    try:
        spec = read_match_spec(text)
    except InvalidMatchSpec:
        return
    dependency = conda_dependency(text)
    assert dependency.name == spec.name
    assert bool(dependency.version) == bool(spec.version)
    assert bool(dependency.build) == bool(spec.build)
    assert bool(dependency.conda_channel) == bool(spec.channel)


@pytest.mark.parametrize(
    ("text", "spec"),
    [
        ("NumPy >=1.20, <2", MatchSpec("numpy", ">=1.20,<2")),
        ("python=3.11.*", MatchSpec("python", "=3.11.*")),
        ("numpy 1.26 py311_0", MatchSpec("numpy", "1.26", "py311_0")),
        ("blas=*=openblas", MatchSpec("blas", "=*", "openblas")),
        ("pytorch=2.1=*cuda*", MatchSpec("pytorch", "=2.1", "*cuda*")),
        ("conda-forge/linux-64::a==1!2.0", MatchSpec("a", "==1!2.0", "", "conda-forge/linux-64")),
        ("a[version='>=1,<2', build=py_0]", MatchSpec("a", ">=1,<2", "py_0")),
        ("a # why", MatchSpec("a")),
        ("https://h/c/linux-64/a-b-1.0-py_0.conda", MatchSpec("a-b", "1.0", "py_0", "https://h/c")),
    ],
)
def test_what_a_match_specification_asks_for(text: str, spec: MatchSpec) -> None:
    assert read_match_spec(text) == spec
    assert package_name(text) == spec.name
    assert conda_dependency(text).name == spec.name


@pytest.mark.parametrize("text", [*CASES["refused"], "a, b", "./x.conda"])
def test_what_is_none(text: str) -> None:
    with pytest.raises(InvalidMatchSpec):
        read_match_spec(text)
    assert package_name(text) == ""


@pytest.mark.parametrize(("text", "name"), CASES["packages"].items())
def test_the_name_is_that_which_conda_reads(text: str, name: str) -> None:
    assert package_name(text) == name == conda_dependency(text).name
