"""Names: what PyPI and conda-forge both have is taken from conda; a name that means two things never is."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from conda_store_labext.specifications.conda_names import from_conda, prefer_conda
from conda_store_labext.specifications.names.table import FILE, names, table_of, write
from conda_store_labext.specifications.text import parse_specification


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("numpy", "numpy"),
        ("NumPy>=1.26,<3", "numpy <3,>=1.26"),
        ("torch", "pytorch"),
        ("tables==3.9", "pytables ==3.9"),
        ("scikit_learn", "scikit-learn"),
        ("typing-extensions", "typing_extensions"),
        ("ruamel.yaml", "ruamel.yaml"),
        ("graphviz", "python-graphviz"),
        ("docker", "docker-py"),
        ("kubernetes", "python-kubernetes"),
        ("no-such-package-anywhere", None),
        ("rich[all]", None),
        ("numpy; sys_platform == 'win32'", None),
        ("numpy @ https://host.org/numpy.whl", None),
        ("torch==2.0+cu118", None),
        ("numpy===1.0", None),
        ("--pre", None),
    ],
)
def test_a_line_of_pips_is_condas_where_that_is_certain(line: str, expected: str | None) -> None:
    assert from_conda(line) == expected


def test_no_name_leads_to_a_package_that_is_another_thing() -> None:
    mapping: dict[str, list[str] | None] = {
        "graphviz": None,
        "python-graphviz": ["graphviz"],
        "7zip": None,
        "bundle": ["a", "b"],
        "b": ["b"],
        "x-py": ["x"],
        "x-other": ["x"],
    }
    assert table_of(mapping) == {"graphviz": "python-graphviz", "b": "b"}
    assert not {"7zip", "playwright-dummy"} & set(names())


def test_what_the_server_lacks_stays_with_pip() -> None:
    text = (
        "name: x\nchannels: [conda-forge]\ndependencies:\n- python\n- pip\n"
        "- pip: [numpy, torch, rich, 'a[b]']\n"
    )
    changed, moved = prefer_conda(text, lambda name: name != "rich")
    dependencies = parse_specification(changed)["dependencies"]
    assert dependencies == ["python", "pip", "numpy", "pytorch", {"pip": ["rich", "a[b]"]}]
    assert moved == ("numpy", "torch as pytorch")
    whole, _ = prefer_conda(text.replace(", rich, 'a[b]'", ""), lambda _: True)
    assert parse_specification(whole)["dependencies"] == ["python", "numpy", "pytorch"]
    assert prefer_conda(text, lambda _: False) == (text, ())
    other = text.replace("conda-forge", "elsewhere")
    assert prefer_conda(other, lambda _: True) == (other, ())


def test_the_table_is_made_anew_from_a_file_and_its_licence_is_beside_it(tmp_path: Path) -> None:
    source = tmp_path / "mapping.json"
    source.write_text(json.dumps({"pytorch": ["torch"], "numpy": ["numpy"]}))
    assert write(source, tmp_path / "a.gz") == 2
    write(source, tmp_path / "b.gz")
    assert (tmp_path / "a.gz").read_bytes() == (tmp_path / "b.gz").read_bytes()
    assert "prefix.dev" in FILE.with_name("LICENSE").read_text()
    assert len(names()) > 15_000
