"""`copy`: environments of one conda-store to another, by their lockfiles."""

from __future__ import annotations

from tests.cli.running import CommandLine
from tests.stores import RunningStore


def test_an_environment_is_copied_by_its_lockfile_and_once(
    command_line: CommandLine, store: RunningStore
) -> None:
    client = store.client()
    client.create_namespace("elsewhere")
    to = ("--to", store.url, "--into", "elsewhere")
    destination = {"CONDA_STORE_DESTINATION_TOKEN": store.admin_token}
    # the failed one has no active build, and is named
    done = command_line("copy", "default/*", *to, **destination)
    assert done.returncode == 1
    assert "default/unsolvable: It has no active build that succeeded" in done.stderr
    assert store.admin_token not in done.stdout + done.stderr
    copied = client.environment("elsewhere", "minimal")
    assert copied.current_build_id
    packages = [client.packages(build) for build in (copied.current_build_id, store.builds["minimal"])]
    assert packages[0].result() == packages[1].result()
    assert copied.description == f"(applied from {store.url})"
    again = command_line.json("copy", "default/minimal", *to, **destination)
    assert [row["step"] for row in again["plan"]] == ["keep"]
    assert client.builds("elsewhere", "minimal").count == 1


def test_what_cannot_be_copied_is_refused_before_anything_is_done(
    command_line: CommandLine, store: RunningStore
) -> None:
    viewer = {"CONDA_STORE_DESTINATION_TOKEN": store.viewer_token}
    refused = command_line("copy", "default/minimal", "--to", store.url, "--into", "not-mine", **viewer)
    assert refused.returncode == 1
    assert "not-mine" in refused.stdout
    expired = {"CONDA_STORE_DESTINATION_TOKEN": store.expired_token}
    assert command_line("copy", "default/minimal", "--to", store.url, **expired).returncode == 4
    assert command_line("copy", "minimal", "--to", store.url, **viewer).returncode == 2
    assert command_line("copy", "default/none", "--to", store.url, **viewer).returncode == 5
    away = command_line("copy", "default/minimal", "--to", "http://no-such-host.invalid/conda-store")
    assert away.returncode == 3
