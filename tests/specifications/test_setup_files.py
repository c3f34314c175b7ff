"""setup.py and setup.cfg: what stands literally in them is read, and nothing runs."""

from __future__ import annotations

from pathlib import Path

import pytest

from conda_store_labext.errors import InvalidRequest
from conda_store_labext.specifications.convert import convert
from tests.specifications.projects import conda, notes_of, pip, python_of


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('import setuptools\nsetuptools.setup(install_requires=["numpy>=1.6"])\n', ["numpy>=1.6"]),
        ('import setuptools as st\nst.setup(install_requires=["six"])\n', ["six"]),
        ('reqs = ["a", "b"]\nfrom setuptools import setup\nsetup(install_requires=reqs)\n', ["a", "b"]),
    ],
)
def test_what_stands_literally_in_setup_py_is_read(text: str, expected: list[str]) -> None:
    assert pip("setup.py", text) == expected


@pytest.mark.parametrize(
    "text",
    [
        'setup(install_requires=[l.strip() for l in open("requirements.txt")])\n',
        'reqs = ["a"]\nreqs += ["b"]\nsetup(install_requires=reqs)\n',
        'reqs = ["a"]\nsetup(install_requires=reqs + ["scipy"])\n',
        'print "python 2"\nsetup(install_requires=["a"])\n',
        "x = 1\n",
        "setup()\n",
        "\0",
        "(" * 5000,
    ],
)
def test_what_setup_py_computes_is_said_to_be_and_nothing_runs(text: str, tmp_path: Path) -> None:
    ran = tmp_path / "ran"
    with pytest.raises(InvalidRequest, match=r"use a requirements\.txt"):
        convert("setup.py", f"open({str(ran)!r}, 'w')\n{text}")
    assert not ran.exists()


def test_setup_cfg_lists_its_requirements() -> None:
    text = (
        "[metadata]\nname = course\n[options]\npython_requires = >=3.10\ninstall_requires =\n    numpy>=1\n"
        "    rich\n[options.extras_require]\ntest = pytest\n"
    )
    assert pip("setup.cfg", text) == ["numpy>=1", "rich"]
    assert python_of(conda("setup.cfg", text)) == "python >=3.10"
    with pytest.raises(InvalidRequest):
        convert("setup.cfg", "[flake8]\nmax-line-length = 100\n")


def test_where_uv_and_poetry_have_a_package_from_is_kept() -> None:
    text = (
        '[project]\ndependencies = ["a[x]>=1; python_version > \'3.8\'", "b", "c", "d"]\n[tool.uv.sources]\n'
        'A = { git = "https://host/o/a.git", tag = "v1", subdirectory = "s" }\nb = { workspace = true }\n'
        'c = { index = "ours" }\n'
        'd = [{ url = "https://host/d-1.zip", marker = "sys_platform == \'linux\'" }]\n'
        '[[tool.uv.index]]\nname = "ours"\nurl = "https://packages.example/simple"\n'
    )
    assert pip("pyproject.toml", text) == [
        "c",
        "d @ https://host/d-1.zip ; (sys_platform == 'linux')",
        'a @ git+https://host/o/a.git@v1#subdirectory=s ; (python_version > "3.8")',
    ]
    assert all(line in notes_of("pyproject.toml", text) for line in ("b", "https://packages.example/simple"))
    poetry = '[tool.poetry.dependencies]\na = { git = "https://host/o/a", subdirectory = "s" }\n'
    assert pip("pyproject.toml", poetry) == ["a @ git+https://host/o/a@HEAD#subdirectory=s"]
