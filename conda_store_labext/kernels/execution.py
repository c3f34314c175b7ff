"""Becoming another program, with a shell's exit code and one sentence where that cannot be."""

from __future__ import annotations

import errno
import os
from collections.abc import Mapping, Sequence
from pathlib import Path

CANNOT_EXECUTE, NOT_FOUND = 126, 127  # as POSIX has it for shells


class NotExecuted(Exception):
    """A program that could not be executed, why, and the exit `code` that a shell has for it."""

    def __init__(self, code: int, why: str) -> None:
        super().__init__(why)
        self.code = code


def become(command: Sequence[str], variables: Mapping[str, str]) -> None:
    """Replace this process by a command, which is looked for in the PATH of its own variables.

    A text without a first line that names its interpreter is for the shell, as in a shell. Returns never;
    raises NotExecuted.
    """
    program = command[0]
    try:
        os.execvpe(program, list(command), dict(variables))
    except FileNotFoundError:
        if _which(program, variables) is None:
            raise NotExecuted(NOT_FOUND, "is not there") from None
        raise NotExecuted(CANNOT_EXECUTE, "needs an interpreter that is not there") from None
    except OSError as error:
        path = _which(program, variables)
        if error.errno == errno.ENOEXEC and path and _is_text(path):
            os.execve("/bin/sh", ["/bin/sh", path, *command[1:]], dict(variables))
        why = (error.strerror or type(error).__name__).lower()
        raise NotExecuted(CANNOT_EXECUTE, f"cannot be executed ({why})") from None
    except ValueError:
        raise NotExecuted(CANNOT_EXECUTE, "cannot be executed (a NUL byte in an argument)") from None


def _which(program: str, variables: Mapping[str, str]) -> str | None:
    import shutil  # 3 ms of each kernel's start, for what goes wrong alone

    return shutil.which(program, path=variables.get("PATH", os.defpath))


def _is_text(program: str) -> bool:
    try:
        with Path(program).open("rb") as file:
            return b"\0" not in file.read(512)
    except OSError:
        return False
