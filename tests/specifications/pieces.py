"""Lines of files, generated, and whether a conversion has lost any of them without a word."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import yaml
from hypothesis import strategies as st

from conda_store_labext.models import Conversion
from tests.specifications.lockable import refusals

SECRET = "s3cr3t"


@dataclass(frozen=True)
class Piece:
    """A line of a file, and what of it has to be in the specification or in a note."""

    text: str
    trace: str


pip_forms = st.sampled_from(
    [
        "p{n}",
        "P{n} >= 1.0",
        "p{n}[extra] ~= 2.1",
        "p{n} === 1.0",
        "p{n}==1.0+cu118",
        'p{n}==1; python_version < "3.0"',
        "p{n}>2; python_version >= '3.9'",
        "p{n}; '3.8' <= python_version",
        "p{n}; sys_platform == 'win32'",
        "p{n}; platform_machine == 'arm64' and python_full_version > '3.8.1'",
        "p{n}; extra == 'dev'",
        "p{n} --hash=sha256:ab --hash=sha256:cd",
        "p{n} @ https://host/p{n}.zip",
        "p{n}[a]@git+https://host/o/p{n}.git@v1#subdirectory=x",
        "p{n} @ file:///croot/p{n}_1/work",
        "p{n} @ file:///home/me/p{n}",
        "p{n} @ http://host/x.zip",
        "git+https://host/o/p{n}",
        "-e git+https://host/o/r.git@v1#egg=p{n}",
        "-e ./p{n}",
        "git+ssh://git@host/o/p{n}.git",
        "hg+https://host/p{n}",
        "https://host/p{n}-1.0-py3-none-any.whl",
        "https://host/p{n}-1.0-cp311-cp311-macosx_11_0_arm64.whl",
        "./p{n}.whl",
        "p{n}-1.0-py3-none-any.whl",
        "C:\\p{n}\\x",
        "-r p{n}.txt",
        "-cp{n}.txt",
        "--no-binary p{n}",
        "--extra-index-url https://host/p{n}",
        "--pre -f https://host/p{n}",
        "p{n} q{n}",
        "p{n}>=1.0[",
        "${{P{n}}}",
        "x @ https://me:s3cr3t@host/p{n}.zip",
        "--index-url https://s3cr3t@host/p{n}",
    ]
)
conda_forms = st.sampled_from(
    [
        "c{n}",
        "c{n}>=1.0,<3",
        "c{n} 1.2",
        "c{n}=1.2=py_0",
        "forge::c{n}=1.*",
        "c{n}[version='>=1']",
        "c{n}  # [win]",
        "c{n} # [linux and py>3]",
        "c{n}>>1",
        "https://me:s3cr3t@host/x::c{n}",
        "./c{n}.conda",
        "https://host/c/linux-64/c{n}-1-0.conda",
    ]
)


def piece(form: str, number: int) -> Piece:
    """Return a line whose package no other piece names: its number has always as many digits."""
    return Piece(form.format(n=number), f"{number}")


def pieces_of(
    forms: st.SearchStrategy[str], least: int, most: int, first: int
) -> st.SearchStrategy[list[Piece]]:
    return st.lists(forms, min_size=least, max_size=most).map(
        lambda chosen: [piece(form, first + place) for place, form in enumerate(chosen)]
    )


def missing(conversion: Conversion, pieces: list[Piece]) -> Iterator[Piece]:
    everything = "\n".join([conversion.specification, *conversion.notes]).lower()
    named = set(re.findall(r"(?:(?<![a-z0-9])|(?<=-c))[pc](\d+)(?!\d)", everything))
    yield from (each for each in pieces if each.trace not in named)


def check(conversion: Conversion) -> None:
    """Hold a specification against the server's model, conda-lock's readers and YAML's two versions."""
    assert SECRET not in conversion.specification + "\n".join(conversion.notes)
    assert not refusals(yaml.safe_load(conversion.specification))
