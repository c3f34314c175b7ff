"""`pack`: an environment as an archive that unpacks elsewhere, with nothing of this package."""

from __future__ import annotations

import subprocess
import tarfile
from pathlib import Path

from tests.cli.running import CommandLine


def test_an_archive_unpacks_elsewhere_and_runs(command_line: CommandLine, tmp_path: Path) -> None:
    archive = tmp_path / "minimal.tar.gz"
    packed = command_line.json("pack", "default/minimal", "-o", str(archive))
    assert packed == {"archive": str(archive), "bytes": archive.stat().st_size}
    folder = tmp_path / "there"
    with tarfile.open(archive) as opened:
        names = opened.getnames()
        assert len(names) == len(set(names)), "nothing twice"
        opened.extractall(folder)
    subprocess.run([folder / "bin/python", folder / "bin/conda-unpack"], check=True)
    process = subprocess.run(
        [folder / "bin/python", "-c", "import sys, ipykernel; print(sys.prefix)"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert process.stdout.strip() == str(folder)
    (copy,) = command_line.json("list", "--here")
    assert copy["prefix"] not in (folder / "share/jupyter/kernels/python3/kernel.json").read_text()

    again = command_line("pack", "default/minimal", "-o", str(archive))
    assert (again.returncode, "give --force" in again.stderr) == (1, True)
    odd = command_line("pack", "default/minimal", "-o", str(tmp_path / "minimal.doc"))
    assert (odd.returncode, "no archive's name" in odd.stderr) == (2, True)
    assert {path.name for path in tmp_path.glob("*minimal*")} == {"minimal.tar.gz"}, "nothing half-made"
