"""Files of other tools as specifications: what each becomes, and that nothing is left out without a word."""

from __future__ import annotations

import json

import pytest

from conda_store_labext.errors import InvalidRequest
from conda_store_labext.specifications.convert import convert
from conda_store_labext.specifications.draft import Draft
from conda_store_labext.specifications.poetry import pip_specifier
from conda_store_labext.specifications.source import Source
from conda_store_labext.specifications.text import parse_specification
from tests.specifications.projects import conda, notes_of, pip, python_of, required


def test_a_project_lists_its_dependencies_and_its_python() -> None:
    text = (
        '[project]\nname = "course"\nrequires-python = ">=3.10,<4"\n'
        'dependencies = ["numpy>=1.26", "rich[all]; '
        "python_version > '3.8'\", \"colorama; sys_platform == 'win32'\"]\n"
        '[project.optional-dependencies]\ntest = ["pytest"]\n[dependency-groups]\n'
        'dev = ["ruff"]\n[tool.ruff]\n'
    )
    conversion = convert("pyproject.toml", text)
    assert conversion.name == "course"
    lines, requirements = required(conversion)
    assert python_of(lines).replace(" ", "") in ("python<4,>=3.10", "python>=3.10,<4")
    assert [line.split(">")[0].split("[")[0] for line in requirements[:2]] == ["numpy", "rich"]
    assert not any(name in line for line in requirements for name in ("pytest", "ruff"))
    notes = "\n".join(conversion.notes)
    assert all(name in notes for name in ("test", "dev"))


def test_a_project_without_dependencies_is_none_of_an_environment() -> None:
    with pytest.raises(InvalidRequest, match="lists no dependencies"):
        convert("pyproject.toml", "[tool.ruff]\nline-length = 100\n")
    with pytest.raises(InvalidRequest, match="is not valid TOML"):
        convert("pyproject.toml", "[project\n")
    computed = '[project]\nname = "x"\ndynamic = ["dependencies"]\n'
    with pytest.raises(InvalidRequest, match="computed"):
        convert("pyproject.toml", computed)


@pytest.mark.parametrize(
    ("poetry", "expected"),
    [
        ("^1.2.3", ">=1.2.3,<2"),
        ("^0.4.1", ">=0.4.1,<0.5"),
        ("^0.0.3", ">=0.0.3,<0.0.4"),
        ("^0", ">=0,<1"),
        ("~1.2", ">=1.2,<1.3"),
        ("~1", ">=1,<2"),
        ("~1.2.3", ">=1.2.3,<1.3"),
        ("1.2.3", "==1.2.3"),
        ("*", ""),
        ("^3.9", ">=3.9,<4"),
        (">=1.2,<2 ", ">=1.2,<2"),
        ("~=1.4", "~=1.4"),
        ("1.*", "==1.*"),
        ("^1.0 || ^2.0", ">=2.0,<3"),
        ("nonsense!", None),
    ],
)
def test_carets_and_tildes_are_read_as_poetry_means_them(poetry: str, expected: str | None) -> None:
    assert pip_specifier(poetry) == expected


def test_alternatives_extras_and_optional_ones_of_poetry() -> None:
    text = (
        '[tool.poetry]\nname = "course"\n[tool.poetry.dependencies]\npython = "^3.9"\n'
        'pandas = [{version="*", python=">=3.9"}, {version="<1.2", python="<3.9"}]\n'
        'x = {version="^1", optional=true}\nb = {version="*", extras=["s3"]}\nmine = {path="../mine"}\n'
        '[tool.poetry.extras]\ntest = ["pytest"]\n[tool.poetry.group.dev.dependencies]\nruff = "*"\n'
    )
    lines, requirements = required(convert("pyproject.toml", text))
    assert python_of(lines) == "python >=3.9,<4"
    assert {line.split(";")[0].strip() for line in requirements} == {"pandas", "b[s3]"}
    notes = notes_of("pyproject.toml", text)
    assert all(name in notes for name in ("x", "pytest", "mine", "dev", "<1.2"))


def test_dependency_groups_are_one_name_however_it_is_written() -> None:
    from conda_store_labext.specifications.formats.project import add_group

    groups = {"test": [{"include-group": "_pytest"}, "a"], "_pytest": ["pytest"], "My.Docs": ["sphinx"]}
    draft = Draft(Source("pyproject.toml", ""))
    add_group(draft, groups, "test")
    add_group(draft, groups, "my-docs")
    assert [entry.text for entry in draft.pip] == ["pytest", "a", "sphinx"]
    with pytest.raises(InvalidRequest, match="include each other"):
        add_group(draft, {"a": [{"include-group": "b"}], "b": [{"include-group": "a"}]}, "a")
    with pytest.raises(InvalidRequest, match="one name"):
        add_group(draft, {"a-b": [], "a_b": []}, "a-b")
    with pytest.raises(InvalidRequest, match="no dependency group"):
        add_group(draft, groups, "gone")


def test_a_pipfile_and_its_lock() -> None:
    pipfile = (
        '[packages]\nflask = "*"\na = {version = "==4.10", platform_system = "== \'Linux\'"}\n'
        'b = {version = "*", extras = ["s3"], markers = "sys_platform == \'win32\'"}\n'
        '[dev-packages]\npytest = "*"\n[requires]\npython_version = "3.11"\n'
    )
    lines, requirements = required(convert("Pipfile", pipfile))
    assert python_of(lines).startswith("python 3.11")
    assert "flask" in requirements
    assert any(line.startswith("a==4.10") for line in requirements)
    assert "pytest" in notes_of("Pipfile", pipfile)
    lock = {
        "_meta": {
            "requires": {"python_version": "3.11"},
            "sources": [
                {"name": "pypi", "url": "https://index.example/simple"},
                {"name": "ours", "url": "https://packages.example/simple"},
            ],
        },
        "default": {"flask": {"version": "==3.0.0", "hashes": ["sha256:1"]}},
        "develop": {"pytest": {"version": "==8"}},
    }
    assert pip("Pipfile.lock", json.dumps(lock)) == ["flask==3.0.0"]
    notes = notes_of("Pipfile.lock", json.dumps(lock))
    assert ("packages.example" in notes, "index.example" in notes) == (True, False)
    with pytest.raises(InvalidRequest):
        convert("Pipfile.lock", "{")


def test_a_block_in_a_cell_is_read_and_its_other_tables_are_not() -> None:
    text = (
        '# /// script\n# requires-python = ">=3.11"\n# dependencies = [\n#   "requests<3",\n# ]\n'
        '# [tool.x]\n# file = "/etc/passwd"\n# ///\nimport requests\n'
    )
    conversion = convert("a.ipynb", text)
    assert required(conversion)[1] == ["requests<3"]
    assert "passwd" not in conversion.specification + "".join(conversion.notes)
    with pytest.raises(InvalidRequest, match="two blocks"):
        convert("a.py", text + text)


def test_a_description_of_r_is_read_as_r_writes_it() -> None:
    text = (
        "Package: course\r\nDepends: R (>= 4.1),\r\nImports: dplyr, data.table (>= 1.14),\r\n R6  \r\n"
        "LinkingTo: Rcpp\r\nSuggests: testthat\r\nRemotes: o/pkg@develop, bioc::release/Biobase\r\n"
    )
    conversion = convert("DESCRIPTION", text)
    assert set(required(conversion)[0]) == {
        *("r-base >=4.1", "r-dplyr", "r-data.table >=1.14", "r-r6", "r-rcpp", "r-irkernel"),
        "bioconductor-biobase",
    }
    assert parse_specification(conversion.specification)["channels"] == ["conda-forge", "bioconda"]
    notes = "\n".join(conversion.notes)
    assert "o/pkg@develop" in notes
    assert "testthat" in notes


def test_an_renv_lock_gives_names_and_the_version_of_r() -> None:
    lock = {
        "R": {"Version": "4.3.2"},
        "Packages": {
            "dplyr": {"Source": "Repository", "Version": "1.1"},
            "Biobase": {"Source": "Bioconductor"},
            "mine": {"Source": "GitHub"},
        },
    }
    lines = conda("renv.lock", json.dumps(lock))
    assert set(lines) == {"r-base 4.3.*", "r-dplyr", "bioconductor-biobase", "r-irkernel"}
    assert "mine (GitHub)" in notes_of("renv.lock", json.dumps(lock))


def test_a_workspace_of_pixi_gives_its_default_environment() -> None:
    text = (
        '[workspace]\nname = "course"\nchannels = ["conda-forge", "bioconda"]\nplatforms = ["linux-64"]\n'
        '[dependencies]\npython = ">=3.11, <3.13"\nnumpy = "*"\n'
        'scipy = {version = ">=1", channel = "bioconda"}\n'
        '[pypi-dependencies]\nrich = ">=13"\nmine = {path = ".", editable = true}\n'
        '[target.win-64.dependencies]\nm2 = "*"\n[target.linux.dependencies]\ngcc = "*"\n'
        '[feature.test.dependencies]\npytest = "*"\n[activation.env]\nA = "1"\n'
    )
    conversion = convert("pixi.toml", text)
    lines, requirements = required(conversion)
    assert {"python >=3.11,<3.13", "numpy", "bioconda::scipy >=1", "gcc"} <= set(lines)
    assert requirements == ["rich>=13"]
    parsed = parse_specification(conversion.specification)
    assert (parsed["name"], parsed["channels"]) == ("course", ["conda-forge", "bioconda"])
    assert parsed["variables"] == {"A": "1"}
    notes = "\n".join(conversion.notes)
    assert all(name in notes for name in ("mine", "m2", "test"))


def test_a_project_of_julia_says_what_julia_does_itself() -> None:
    text = 'name = "Course"\nuuid = "1"\n[deps]\nCSV = "2"\n[compat]\njulia = "1.10"\n'
    assert "julia >=1.10,<2" in conda("Project.toml", text)
    assert "instantiate" in notes_of("Project.toml", text)


def test_a_lock_of_uv_gives_what_the_project_leads_to() -> None:
    text = (
        'version = 1\nrequires-python = ">=3.11"\n'
        '[[package]]\nname = "course"\nsource = { virtual = "." }\n'
        'dependencies = [{ name = "rich", extra = ["j"] }]\n'
        '[package.dev-dependencies]\ndev = [{ name = "ruff" }]\n'
        '[[package]]\nname = "rich"\nversion = "13.0"\ndependencies = [{ name = "colorama", '
        'marker = "sys_platform == \'win32\'" }, { name = "pygments" }]\n'
        '[package.optional-dependencies]\nj = [{ name = "ipywidgets" }]\n'
        '[[package]]\nname = "pygments"\nversion = "2.17"\n[[package]]\nname = "ruff"\nversion = "0.1"\n'
        '[[package]]\nname = "colorama"\nversion = "1"\n[[package]]\nname = "ipywidgets"\nversion = "8.1"\n'
    )
    conversion = convert("uv.lock", text)
    assert conversion.name == "course"
    assert set(required(conversion)[1]) == {"rich==13.0", "pygments==2.17", "ipywidgets==8.1"}
    assert "dev" in "\n".join(conversion.notes)


def test_a_pylock_gives_its_versions() -> None:
    text = (
        'lock-version = "1.0"\nrequires-python = ">=3.10"\n[[packages]]\nname = "attrs"\nversion = "25.1.0"\n'
        '[[packages]]\nname = "win"\nversion = "1"\nmarker = "sys_platform == \'win32\'"\n'
        '[[packages]]\nname = "mine"\ndirectory = { path = "." }\n'
        '[[packages]]\nname = "ruff"\nversion = "1"\nmarker = "\'dev\' in dependency_groups"\n'
    )
    assert pip("pylock.toml", text) == ["attrs==25.1.0"]
    assert all(name in notes_of("pylock.toml", text) for name in ("mine", "win", "ruff"))
    assert "ruff==1" in pip("pylock.toml", f'default-groups = ["dev"]\n{text}')
