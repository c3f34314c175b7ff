"""Completing the program's commands in a real shell."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from conda_store_labext.cli import main


@pytest.fixture
def script(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Path:
    """What the program prints for bash."""
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
    assert {"pull", "prune"} == completed(script, "jupyter-conda-store", "p")
    assert {"pull", "prune"} == completed(script, "jupyter", "conda-store", "p")
    assert {"watch"} == completed(script, "jupyter", "conda-store", "build", "w")
    assert {"--artifact"} == completed(script, "jupyter", "conda-store", "wait", "--a")
    assert {"archive"} == completed(script, "jupyter", "conda-store", "wait", "--artifact", "a")
    assert {"conda-store"} == completed(script, "jupyter", "c")


@pytest.mark.skipif(not shutil.which("bash"), reason="bash is not there")
def test_what_completed_jupyter_before_goes_on(script: Path) -> None:
    before = "_jupyter() { COMPREPLY=(lab); }; complete -F _jupyter jupyter"
    assert completed(script, "jupyter", "l", before=before) == {"lab"}
    assert completed(script, "jupyter", "conda-store", "pu", before=before) == {"pull"}


@pytest.mark.parametrize(("shell", "begins"), [("zsh", "#compdef jupyter-conda-store"), ("tcsh", "")])
def test_other_shells_get_a_script(shell: str, begins: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["completion", shell]) == 0
    printed = capsys.readouterr().out
    assert printed.startswith(begins)
    assert "watch" in printed
