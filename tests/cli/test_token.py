"""`token`: whom the server takes us for, and tokens that may do less."""

from __future__ import annotations

from tests.cli.running import CommandLine
from tests.stores import RunningStore


def test_who_we_are_is_told_without_the_token(command_line: CommandLine, store: RunningStore) -> None:
    answer = command_line.json("token", CONDA_STORE_TOKEN=store.viewer_token)
    assert answer["authenticated"] is True
    assert "viewer" in answer["roles"]["default/*"]
    assert answer["expires"]
    shown = command_line("token")
    assert "*/*" in shown.stdout
    assert store.admin_token not in shown.stdout + shown.stderr
    assert command_line("token", CONDA_STORE_TOKEN=store.expired_token).returncode == 4


def test_a_new_token_may_do_less_and_never_more(command_line: CommandLine, store: RunningStore) -> None:
    made = command_line("token", "--create", "--role", "default/*=viewer", "--expires", "1h")
    assert made.returncode == 0, made.stderr
    narrow = made.stdout.strip()
    assert "namespace::create" not in str(command_line.json("token", CONDA_STORE_TOKEN=narrow))
    assert command_line("list", CONDA_STORE_TOKEN=narrow).returncode == 0
    assert command_line("namespace", "create", "no", CONDA_STORE_TOKEN=narrow).returncode == 4
    wider = command_line("token", "--create", "--role", "*/*=admin", CONDA_STORE_TOKEN=narrow)
    assert (wider.returncode, wider.stdout) == (2, "")
    longer = command_line("token", "--create", "--expires", "30d", CONDA_STORE_TOKEN=narrow)
    assert (longer.returncode, longer.stdout) == (2, "")
    assert command_line("token", "--create", "--role", "admin").returncode == 2
    assert command_line("token", "--role", "default/*=viewer").returncode == 2
