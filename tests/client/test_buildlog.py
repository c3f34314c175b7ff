"""Reasons for a failed build, in the log's own words."""

from __future__ import annotations

import pytest

from conda_store_labext.client.buildlog import MAX_REASON, failure_reason, first_error, stage

SOLVER_JSON = """\
starting build of conda environment 2026-11-20 11:12:49.950525 UTC
plugin-conda-lock: Running command: ['mamba', 'info']
plugin-conda-lock:        conda_version : 24.11.3
{"success": false, "error": "SolverError: Cannot solve the request because of: No candidates were found for \
nosuchpackage >=99.\\n", "exception_name": "SolverError", "message": "Cannot solve the request because of: \
No candidates were found for nosuchpackage >=99.\\n"}
"""

MAMBA = """\
plugin-conda-lock: Running command: ['mamba', 'create', '--dry-run']
Could not solve for environment specs
LibMambaUnsatisfiableError: Encountered problems while solving:
  - nothing provides requested nosuchpackage >=99

plugin-conda-lock: done
"""

MAMBA_REASON = (
    "LibMambaUnsatisfiableError: Encountered problems while solving: "
    "- nothing provides requested nosuchpackage >=99"
)

TRACEBACK = """\
Traceback (most recent call last):
  File "build.py", line 229, in build_conda_environment
    raise child_exception_type(errno_num, err_msg, err_filename)
PermissionError: [Errno 13] Permission denied: 'mamba'
"""


@pytest.mark.parametrize(
    ("log", "reason"),
    [
        (
            SOLVER_JSON,
            "Cannot solve the request because of: No candidates were found for nosuchpackage >=99.",
        ),
        (
            MAMBA,
            MAMBA_REASON,
        ),
        (TRACEBACK, "PermissionError: [Errno 13] Permission denied: 'mamba'"),
        ("all fine\nERROR: the disk is full\nbye\n", "ERROR: the disk is full"),
        ("first\nlast words\n\n", "last words"),
        ('{"success": false\n{"success": true}\n[1]\n', "[1]"),
        ("", None),
    ],
)
def test_the_reason_is_found(log: str, reason: str | None) -> None:
    assert failure_reason(log) == reason


def test_a_long_reason_is_cut() -> None:
    reason = failure_reason("ValueError: " + "x" * 5000)
    assert reason is not None
    assert len(reason) == MAX_REASON
    assert reason.endswith("…")


@pytest.mark.parametrize(
    ("log", "word"),
    [
        ("", None),
        ("starting build of conda environment\n", None),
        (SOLVER_JSON, "lock"),
        (
            "plugin-conda-lock: done\naction_fetch_and_extract_conda_packages: DOWNLOAD a | 1 of 2\n",
            "download",
        ),
        ("action_install_lockfile: x\nsomething of its own\n", "install"),
        ("action_generate_conda_pack: packing\n", "pack"),
    ],
)
def test_the_stage_is_that_of_the_last_line_that_tells(log: str, word: str | None) -> None:
    assert stage(log) == word


@pytest.mark.parametrize(
    ("log", "line", "text"),
    [
        (SOLVER_JSON, 3, "No candidates were found for nosuchpackage >=99."),
        (MAMBA, 2, "LibMambaUnsatisfiableError"),
        (TRACEBACK, 3, "PermissionError"),
        ("one\naction_install_lockfile: ERROR: no space\nmore\nERROR: again\n", 1, "no space"),
        ("one\u2028two\nlast words\n\n", 1, "last words"),
    ],
)
def test_the_first_error_is_found(log: str, line: int, text: str) -> None:
    error = first_error(log)
    assert error is not None
    assert error.line == line
    assert text in error.text


def test_an_empty_log_has_no_error() -> None:
    assert first_error("\n\n") is None
