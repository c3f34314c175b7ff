"""Passwords in files that are converted: left out, and not repeated."""

from __future__ import annotations

import pytest

from conda_store_labext.errors import InvalidRequest
from conda_store_labext.specifications.convert import convert
from tests.specifications.conversions import content, environment, notes_of, parts

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
        assert SECRET not in done.specification + notes_of(done)
        assert "could read the password" in notes_of(done)


@pytest.mark.parametrize(
    "channel", [f"https://me:{SECRET}@host/c", f"https://host/t/{SECRET}/c", f"https://{SECRET}@host/c"]
)
def test_channels_with_a_password_are_left_out(channel: str) -> None:
    done = environment(f"- python\n- '{channel}::tool'\n", f"name: a\nchannels: [x, '{channel}']\n")
    assert content(done)["channels"] == ["x"]
    assert parts(done)[0] == ["python"]
    assert SECRET not in done.specification + notes_of(done)


def test_a_lockfile_with_a_password_is_refused() -> None:
    text = f"version: 1\nmetadata: {{platforms: [linux-64]}}\npackage:\n- url: https://me:{SECRET}@h/a\n"
    with pytest.raises(InvalidRequest, match="a password or a token") as caught:
        convert("conda-lock.yml", text)
    assert SECRET not in str(caught.value)
