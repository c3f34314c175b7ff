"""Nothing of a file is lost without a word, no password is repeated, and what is offered can be locked."""

from __future__ import annotations

import json
import os
from base64 import b64decode
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from conda_store_labext.errors import InvalidRequest
from conda_store_labext.models import Conversion
from conda_store_labext.specifications.convert import convert
from tests.specifications.lockable import refusals
from tests.specifications.pieces import Piece, check, conda_forms, missing, pieces_of, pip_forms

CORPUS = os.environ.get("CONDA_STORE_LABEXT_CORPUS")
"""A folder with files.jsonl, a file a line: `path`, and `text` or `base64`."""


comments = st.sampled_from(["", "", "# a comment \\", "   # another", "\\"])


def converted(filename: str, content: str | bytes) -> Conversion | str:
    """Return the conversion, or the sentence that refuses it."""
    try:
        return convert(filename, content)
    except InvalidRequest as error:
        return str(error)


@settings(deadline=None, max_examples=60)
@given(pieces_of(pip_forms, 1, 12, 100), comments)
def test_a_requirements_file(pieces: list[Piece], comment: str) -> None:
    text = f"{comment}\nlast\n" + "".join(f"{each.text}\n" for each in pieces)
    conversion = convert("requirements.txt", text)
    assert not list(missing(conversion, pieces))
    check(conversion)


def quoted(text: str) -> str:
    """Write a line as YAML, the comment behind it outside the quotes."""
    bare, mark, comment = text.partition(" # [")
    return json.dumps(bare.rstrip()) + f"{mark}{comment}"


@settings(deadline=None, max_examples=60)
@given(
    pieces_of(conda_forms, 1, 8, 100),
    pieces_of(pip_forms, 0, 8, 200),
    st.dictionaries(
        st.sampled_from(["V1", "V2", "CONDA_OVERRIDE_CUDA"]), st.sampled_from(["no", "0755", "1", "x # y"])
    ),
    st.sampled_from(
        ["name: a\n", "", "prefix: /x\n", "name: on\n", "channels:\n  - ch1\n", "channels: [ch2]\n"]
    ),
    st.booleans(),
)
def test_an_environment_file(
    conda: list[Piece], pip: list[Piece], variables: dict[str, str], head: str, flow: bool
) -> None:
    lines = [f"  - {quoted(each.text)}\n" for each in conda]
    if pip and flow:
        lines.append(f"  - pip: [{', '.join(json.dumps(each.text) for each in pip)}]\n")
    elif pip:
        lines += ["  - pip:\n", *(f"    - {json.dumps(each.text)}\n" for each in pip)]
    values = "".join(f"  {name}: {value}\n" for name, value in variables.items())
    text = f"{head}dependencies:\n  - python\n{''.join(lines)}" + (f"variables:\n{values}" if values else "")
    conversion = convert("environment.yml", text)
    assert not list(missing(conversion, [*conda, *pip]))
    everything = "\n".join([conversion.specification, *conversion.notes])
    assert all(channel in everything for channel in ("ch1", "ch2") if channel in head)
    given = yaml.safe_load(conversion.specification).get("variables") or {}
    written = {name: value.partition(" #")[0] for name, value in variables.items()}
    assert {name: str(value) for name, value in given.items()} == written
    check(conversion)


@settings(deadline=None, max_examples=60)
@given(st.text(max_size=200), st.sampled_from(["a.yml", "a.txt", "a.toml", "a.lock", "-", "a.in"]))
def test_any_text_is_converted_or_refused_in_one_sentence(text: str, filename: str) -> None:
    outcome = converted(filename, text)
    if isinstance(outcome, Conversion):
        check(outcome)
    else:
        assert "\n" not in outcome


@settings(deadline=None, max_examples=60)
@given(st.binary(max_size=100))
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    outcome = converted("requirements.txt", content)
    assert isinstance(outcome, Conversion) or outcome.endswith(".")


@pytest.mark.skipif(CORPUS is None, reason="CONDA_STORE_LABEXT_CORPUS names no folder of files")
def test_files_that_people_have() -> None:
    assert CORPUS is not None
    with (Path(CORPUS) / "files.jsonl").open(encoding="utf-8") as rows:
        for row in map(json.loads, rows):
            raw = b64decode(row["base64"]) if "base64" in row else row["text"].encode()
            outcome = converted(row["path"], raw)
            if isinstance(outcome, Conversion) and not outcome.is_lockfile:
                assert not refusals(yaml.safe_load(outcome.specification)), row["path"]
