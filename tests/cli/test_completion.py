"""Completing the program's commands in real shells."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from conda_store_labext.cli import main
from tests.cli.interactive import Shell


@pytest.fixture
def script(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Path:
    """The script that the program prints for bash."""
    assert main(["completion", "bash"]) == 0
    file = tmp_path / "completion.bash"
    file.write_text(capsys.readouterr().out)
    return file


def completed(script: Path, *words: str, before: str = "") -> set[str]:
    """Return what bash offers for the last of the words."""
    quoted = " ".join(f"'{word}'" for word in words)
    function = "_shtab_jupyter_conda_store" if words[0] == "jupyter-conda-store" else "_jupyter_conda_store"
    asked = (
        f"{before}\nsource {script}; COMP_WORDS=({quoted}); COMP_CWORD={len(words) - 1}\n"
        f"{function} '{words[0]}' '{words[-1]}' '{words[-2]}' 2> /dev/null\n"
        'printf "%s\\n" "${COMPREPLY[@]}"'
    )
    done = subprocess.run(["bash", "-c", asked], capture_output=True, text=True, check=True)
    return set(done.stdout.split())


@pytest.mark.skipif(not shutil.which("bash"), reason="bash is not there")
def test_bash_completes_both_ways_of_writing_it(script: Path) -> None:
    assert {"pack", "pull", "prune"} == completed(script, "jupyter-conda-store", "p")
    assert {"pack", "pull", "prune"} == completed(script, "jupyter", "conda-store", "p")
    assert {"watch"} == completed(script, "jupyter", "conda-store", "build", "w")
    assert {"--artifact"} == completed(script, "jupyter", "conda-store", "wait", "--a")
    assert {"archive"} == completed(script, "jupyter", "conda-store", "wait", "--artifact", "a")
    assert {"conda-store"} == completed(script, "jupyter", "c")


@pytest.mark.skipif(not shutil.which("bash"), reason="bash is not there")
def test_what_completed_jupyter_before_goes_on(script: Path) -> None:
    before = "_jupyter() { COMPREPLY=(lab); }; complete -F _jupyter jupyter"
    assert completed(script, "jupyter", "l", before=before) == {"lab"}
    assert completed(script, "jupyter", "conda-store", "pu", before=before) == {"pull"}


@pytest.mark.parametrize("shell", ["bash", "zsh", "tcsh"])
def test_what_is_typed_is_completed(shell: str, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = shutil.which(shell)
    if path is None:
        pytest.skip(f"{shell} is not there")
    assert main(["completion", shell]) == 0
    (tmp_path / "_jupyter-conda-store").write_text(capsys.readouterr().out)
    (tmp_path / "report.ipynb").touch()
    typed = Shell(shell, path, tmp_path, ("jupyter-conda-store", "jupyter"))
    try:
        for program in ("jupyter-conda-store", "jupyter conda-store"):
            for before, after in (
                ("pul", "pull"),
                ("build w", "build watch"),
                ("wait --art", "wait --artifact"),
                ("wait 12 --artifact arc", "wait 12 --artifact archive"),
                ("env list --search a --status fai", "env list --search a --status failed"),
                ("lock rep", "lock report.ipynb"),
            ):
                assert typed(f"{program} {before}") == f"{program} {after}"
        assert typed("jupyter conda-s") == "jupyter conda-store"
    finally:
        typed.close()
