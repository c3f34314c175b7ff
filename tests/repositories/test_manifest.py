"""The manifest: which file it is, which it is not and why, and what is read in its place."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from conda_store_labext.errors import InvalidRequest, NotFound
from conda_store_labext.repositories.files import FolderFiles
from conda_store_labext.repositories.included import included
from conda_store_labext.repositories.manifest import Manifest, find_manifest
from conda_store_labext.repositories.notebooks import alike_but_for_case, choose_opened
from conda_store_labext.specifications.text import parse_specification, requirements_of

Folder = Callable[[Mapping[str, str]], FolderFiles]
ENVIRONMENT = "name: x\nchannels: [conda-forge]\ndependencies: [python, numpy]\n"


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """Make a folder with these files."""

    def run(files: Mapping[str, str]) -> FolderFiles:
        for name, text in files.items():
            path = tmp_path / "work" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        return FolderFiles(tmp_path / "work")

    return run


def manifest_of(files: FolderFiles, **options: str) -> Manifest:
    """Return the manifest, which there has to be."""
    manifest = find_manifest(files, **options)
    assert manifest is not None
    return manifest


def required(manifest: Manifest) -> tuple[list[str], list[str]]:
    """Return what a manifest requires of conda and of pip."""
    return requirements_of(parse_specification(manifest.specification))


def test_a_lock_comes_before_what_it_was_made_from_and_the_rest_is_named(folder: Folder) -> None:
    lock = {
        "version": 1,
        "metadata": {"platforms": ["linux-64"], "channels": [{"url": "conda-forge"}]},
        "package": [{"name": "numpy", "manager": "conda"}, {"name": "six", "manager": "pip"}],
    }
    files = folder(
        {"conda-lock.yml": json.dumps(lock), "environment.yml": ENVIRONMENT, "requirements.txt": "numpy\n"}
    )
    manifest = manifest_of(files)
    assert (manifest.path, manifest.is_lockfile) == ("conda-lock.yml", True)
    assert [other.path for other in manifest.passed_over] == ["environment.yml", "requirements.txt"]
    assert manifest.packages == (("numpy", "conda-forge"), ("six", "pypi"))
    assert manifest_of(files, chosen="requirements.txt").path == "requirements.txt"
    with pytest.raises(NotFound):
        find_manifest(files, chosen="no.txt")


@pytest.mark.parametrize("name", ["environment.yml", "environment.yaml"])
def test_both_spellings_of_yaml_are_read(folder: Folder, name: str) -> None:
    assert manifest_of(folder({name: ENVIRONMENT})).path == name


@pytest.mark.parametrize("place", ["binder", ".binder"])
def test_a_binder_folder_is_the_only_place_that_counts(folder: Folder, place: str) -> None:
    files = folder(
        {f"{place}/requirements.txt": "six\n", "environment.yml": ENVIRONMENT, "setup.py": "setup()\n"}
    )
    manifest = manifest_of(files)
    assert manifest.path == f"{place}/requirements.txt"
    assert manifest.passed_over == ()


def test_a_binder_folder_without_any_means_none_of_the_others(folder: Folder) -> None:
    assert (
        find_manifest(folder({"binder/README": "nothing\n", "setup.py": "setup()\n", "Pipfile": ""})) is None
    )


def test_two_binder_folders_are_an_error(folder: Folder) -> None:
    with pytest.raises(InvalidRequest, match="both"):
        find_manifest(folder({"binder/requirements.txt": "six\n", ".binder/requirements.txt": "six\n"}))


def test_a_manifest_that_cannot_be_read_is_never_passed_over_in_silence(folder: Folder) -> None:
    with pytest.raises(InvalidRequest, match=r"environment\.yml: "):
        find_manifest(folder({"environment.yml": "a: [\n", "requirements.txt": "six\n"}))


def test_a_manifest_that_is_a_link_is_named_and_not_read(folder: Folder, tmp_path: Path) -> None:
    files = folder({"README.md": "x"})
    (tmp_path / "work" / "environment.yml").symlink_to("/etc/passwd")
    with pytest.raises(InvalidRequest, match="links are not followed"):
        find_manifest(FolderFiles(tmp_path / "work"))
    assert files is not None


def test_a_kernel_is_added_where_none_is_listed(folder: Folder) -> None:
    manifest = manifest_of(folder({"environment.yml": ENVIRONMENT}))
    assert required(manifest)[0] == ["python", "numpy", "ipykernel"]
    assert any("ipykernel was added" in note for note in manifest.notes)


def test_equal_needs_have_one_name_however_they_are_written(folder: Folder) -> None:
    first = manifest_of(folder({"environment.yml": ENVIRONMENT}))
    second = manifest_of(
        folder(
            {
                "environment.yml": "# by hand\nname: other\nchannels:\n  - conda-forge\n"
                "dependencies:\n  - numpy\n  - python\n  - ipykernel\ndescription: text\n"
            }
        )
    )
    third = manifest_of(folder({"environment.yml": ENVIRONMENT.replace("numpy", "numpy>=2")}))
    assert first.digest == second.digest != third.digest
    name = first.environment_name("My Course (2026)")
    assert name == f"My-Course-2026-{first.digest[:8]}"
    assert parse_specification(first.named(name))["name"] == name


def test_files_are_read_relative_to_the_file_that_names_them(folder: Folder) -> None:
    files = folder(
        {
            "docs/environment.yml": "name: x\nchannels: [c]\ndependencies:\n  - python\n"
            "  - pip:\n    - -r requirements.txt\n    - six\n",
            "docs/requirements.txt": "-r more/other.txt\nflask\n",
            "docs/more/other.txt": "-r ../requirements.txt\n-c ../../limits.txt\nattrs\n",
            "limits.txt": "attrs<99\nunlisted<1\n",
            "requirements.txt": "wrong\n",
        }
    )
    manifest = manifest_of(files, chosen="docs/environment.yml")
    conda, pip = required(manifest)
    assert conda == ["python", "ipykernel"]
    assert {line.split("<")[0] for line in pip} == {"attrs", "flask", "six"}
    assert any("<99" in line for line in pip)


def test_nothing_outside_of_the_repository_is_read(folder: Folder, tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("secret-package\n")
    files = folder({"binder/requirements.txt": "-r ../../secret.txt\n-r /etc/passwd\n-r linked.txt\nsix\n"})
    (tmp_path / "work" / "binder" / "linked.txt").symlink_to(tmp_path / "secret.txt")
    read = included(files, "binder/requirements.txt")
    assert read.requirements() == ["six"]
    assert len(read.notes) == 3
    assert "secret-package" not in "".join(read.notes)


@pytest.mark.parametrize("named", ['["requirements.txt", "more/extra.txt"]', '"requirements.txt"'])
def test_a_project_that_reads_its_dependencies_from_files_has_them(folder: Folder, named: str) -> None:
    text = (
        '[project]\nname = "x"\nrequires-python = ">=3.10"\ndynamic = ["dependencies"]\n'
        f"[tool.setuptools.dynamic]\ndependencies = {{file = {named}}}\n"
    )
    files = {
        "pyproject.toml": text,
        "requirements.txt": "-r more/a.txt\nsix  # a comment\n",
        "more/a.txt": "attrs\n",
    }
    manifest = manifest_of(folder({**files, "more/extra.txt": "rich\n"}))
    assert manifest.path == "pyproject.toml"
    assert required(manifest)[1] == ["attrs", "six", *(["rich"] if "[" in named else [])]
    assert "python >=3.10" in required(manifest)[0]


def test_a_project_whose_build_computes_its_dependencies_is_passed_over_by_name(folder: Folder) -> None:
    text = '[project]\nname = "x"\ndynamic = ["dependencies"]\n'
    manifest = manifest_of(folder({"pyproject.toml": text, "requirements.txt": "six\n"}))
    assert manifest.path == "requirements.txt"
    assert "computed" in manifest.passed_over[0].why


def test_the_repository_itself_has_what_it_requires(folder: Folder) -> None:
    project = '[project]\nname = "x"\ndependencies = ["attrs"]\n'
    manifest = manifest_of(folder({"binder/requirements.txt": "-e ..\nsix\n", "pyproject.toml": project}))
    assert required(manifest)[1] == ["attrs", "six"]
    assert any("the repository itself" in note for note in manifest.notes)


def test_the_repository_itself_is_a_note_where_it_requires_nothing_that_can_be_read(folder: Folder) -> None:
    manifest = manifest_of(folder({"requirements.txt": "-e .\nsix\n-e deps/pkg\n."}))
    assert required(manifest)[1] == ["six"]
    left = [note for note in manifest.notes if "folder that conda-store does not have" in note]
    assert len(left) == 3


def test_programs_are_named_and_not_run(folder: Folder) -> None:
    manifest = manifest_of(
        folder({"requirements.txt": "six\n", "apt.txt": "git\n", "postBuild": "rm -rf /\n"})
    )
    assert [note.split()[0] for note in manifest.notes[-2:]] == ["apt.txt", "postBuild"]


def notebook(**metadata: object) -> str:
    """Return a notebook with metadata."""
    return json.dumps({"cells": [], "metadata": metadata, "nbformat": 4, "nbformat_minor": 5})


def test_the_notebook_is_the_one_named_else_the_index_else_the_only_one(folder: Folder) -> None:
    files = folder({"a/b.ipynb": notebook(kernelspec={"language": "R", "name": "ir"}), "README.md": "x"})
    opened = choose_opened(files, None)
    assert (opened.path, opened.language, opened.folder) == ("a/b.ipynb", "r", "a")
    files = folder({"other.ipynb": notebook()})
    assert choose_opened(files, None).path == "", "the folder with the README"
    assert choose_opened(files, "a/b.ipynb").is_notebook
    assert choose_opened(files, "./other.ipynb").path == "other.ipynb"
    assert choose_opened(files, "a").path == "a"
    assert choose_opened(folder({"index.ipynb": "no json"}), None).path == "index.ipynb"
    with pytest.raises(NotFound, match=r"its notebooks are a/b\.ipynb"):
        choose_opened(files, "c.ipynb")
    with pytest.raises(InvalidRequest):
        choose_opened(files, "../../etc/passwd")


def test_names_that_a_disk_may_not_tell_apart_are_paired() -> None:
    assert alike_but_for_case(("Jotto.ipynb", "a", "jotto.ipynb")) == (("Jotto.ipynb", "jotto.ipynb"),)
