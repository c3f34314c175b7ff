"""`run` and `pull` in scripts: as the first line of one, and over several environments."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.running import CommandLine
from tests.stores import RunningStore

SCRIPT = """\
#!/usr/bin/env -S jupyter conda-store run default/minimal -- python
import sys
print(sys.prefix, *sys.argv[1:], sep="\\n")
sys.exit(3)
"""


def test_a_script_names_its_environment_in_its_first_line(command_line: CommandLine, tmp_path: Path) -> None:
    script = tmp_path / "script"
    script.write_text(SCRIPT)
    script.chmod(0o755)
    programs = os.pathsep.join((str(Path(sys.executable).parent), command_line.environ["PATH"]))
    ran = subprocess.run(
        [str(script), "--one", "two words"],
        env={**command_line.environ, "PATH": programs},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 3, ran.stderr
    (copy,) = command_line.json("list", "--here")
    assert ran.stdout.splitlines() == [copy["prefix"], "--one", "two words"]


def test_what_cannot_be_fetched_does_not_keep_the_rest_away(
    command_line: CommandLine, store: RunningStore
) -> None:
    pulled = command_line("pull", "default/unsolvable", "default/minimal", f"default/minimal:{10**9}")
    assert pulled.returncode == 1
    assert f"default/minimal #{store.builds['minimal']} is ready" in pulled.stdout
    unsolvable, missing, last = pulled.stderr.splitlines()
    assert "default/unsolvable: " in unsolvable
    assert "does not exist any more" in missing
    assert last == "jupyter conda-store: 2 of 3 environments were not fetched, see above."
    assert command_line("remove", "default/minimal", "default/no-such").returncode == 5
    assert len(command_line.json("list", "--here")) == 1, "nothing goes if not everything named is there"
    assert len(command_line.json("remove", "default/minimal", "default/minimal")) == 1


def test_what_cannot_be_executed_is_one_sentence_with_a_shells_exit_code(
    command_line: CommandLine, tmp_path: Path
) -> None:
    (tmp_path / "script").write_text("#!/no/such/interpreter\n")
    (tmp_path / "script").chmod(0o755)
    for command, code in {"no-such-command": 127, "/etc": 126, str(tmp_path / "script"): 126}.items():
        ran = command_line("run", "default/minimal", "--", command)
        assert ran.returncode == code
        (sentence,) = ran.stderr.splitlines()[-1:]
        assert sentence.startswith("jupyter conda-store: ")
        assert command in sentence
        assert "Traceback" not in ran.stderr


@pytest.mark.parametrize("arguments", [[], ["--json"]])
def test_status_says_what_is_in_use(
    command_line: CommandLine, store: RunningStore, arguments: list[str]
) -> None:
    shown = command_line("status", *arguments)
    assert (shown.returncode, shown.stderr) == (0, "")
    assert store.url in shown.stdout
    assert store.admin_token not in shown.stdout
    refused = command_line("status", *arguments, CONDA_STORE_TOKEN="expired")
    assert refused.returncode == 4
    assert "does not accept" in refused.stderr
