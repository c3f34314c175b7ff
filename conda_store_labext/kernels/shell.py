"""Sourcing activation scripts by bash, each at its own risk."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from .outcome import SHELL_OWN, Outcome

TIMEOUT = 30.0  # seconds for all of an environment's activation scripts

# Each script is sourced in a subshell that goes on with the next ones, so that variables, functions and
# whatever else a script leaves are there for the next; the shell that waits takes over when one ended it.
# `$out.<number>` says with which status a script came to its end, `$out` what is exported after the last.
_SOURCE = r"""
exec </dev/null >/dev/null 2>&1
__csl_out=$1; shift; __csl_scripts=("$@"); set --; __csl_at=0
__csl_options="$(set +o); $(shopt -p)"; __csl_pwd=$PWD; __csl_mask=$(umask); __csl_ifs=$IFS
__csl_step='
if [ "$__csl_at" -lt "${#__csl_scripts[@]}" ]; then
  (
    builtin printf %s "$__csl_at" >"$__csl_out.begun"
    . "${__csl_scripts[$__csl_at]}"
    __csl_status=$?
    set +eu
    unset -f builtin eval cd trap umask unalias printf compgen unset
    builtin eval "$__csl_options"; builtin trap - EXIT ERR DEBUG RETURN; builtin unalias -a; set --
    builtin cd "$__csl_pwd"; builtin umask "$__csl_mask"; IFS=$__csl_ifs
    exec </dev/null >/dev/null 2>&1
    builtin printf %s "$__csl_status" >"$__csl_out.$__csl_at"
    __csl_at=$((__csl_at + 1))
    builtin eval "$__csl_step"
  )
  if [ ! -e "$__csl_out.$__csl_at" ]; then __csl_at=$((__csl_at + 1)); eval "$__csl_step"; fi
else
  for __csl_name in $(builtin compgen -e); do
    builtin printf "%s=%s\0" "$__csl_name" "${!__csl_name}"
  done >"$__csl_out"
fi'
eval "$__csl_step"
"""
# In a mount namespace of its own, in which a folder cannot be written to.
_READ_ONLY = 'mount --bind "$0" "$0" && mount -o remount,bind,ro "$0" && exec "$@"'


def source(scripts: Sequence[Path], seen: Mapping[str, str], kept: Path | None) -> Outcome:
    """Source the scripts in their order, with the variables `seen`; one that does not end is left out.

    Nothing in the folder `kept` is written to, if one is named; where that cannot be prevented none runs.
    """
    scripts, how, bash = list(scripts), _how(kept), shutil.which("bash")
    if how is None or bash is None:
        why = "bash is not installed" if bash is None else "they could write to a folder that is not ours"
        return Outcome({}, [], [f"Its activation scripts were not run, because {why}."])
    problems: list[str] = []
    while scripts:
        with tempfile.TemporaryDirectory(prefix="conda-store-") as folder:
            out = Path(folder) / "out"
            shell = [bash, "--noprofile", "--norc", "-c", _SOURCE, "bash"]
            in_time = _finished([*how, *shell, str(out), *map(str, scripts)], seen)
            ended = [_number(out.with_name(f"out.{at}")) for at in range(len(scripts))]
            if in_time:
                problems += [
                    f"The activation script {script} {_failure(status)}."
                    for script, status in zip(scripts, ended, strict=True)
                    if status != 0
                ]
                return (
                    _compared(seen, out.read_bytes(), problems) if out.exists() else Outcome({}, [], problems)
                )
            hung = _number(out.with_name("out.begun")) or 0
            problems.append(f"The activation script {scripts[hung]} did not end in {TIMEOUT:.0f} s.")
            del scripts[hung]
    return Outcome({}, [], problems)


def _how(kept: Path | None) -> list[str] | None:
    """Return what to put before a command that must not write to a folder, None if that cannot be had."""
    if kept is None:
        return []
    unshare = ["unshare", "--user", "--map-root-user", "--mount"]
    command = [*unshare, "/bin/sh", "-c", _READ_ONLY, str(kept)]
    with suppress(OSError, subprocess.SubprocessError):
        if subprocess.run([*command, "true"], capture_output=True, timeout=10, check=False).returncode == 0:
            return command
    writable = any(os.access(folder, os.W_OK) for folder in (kept, *kept.glob("*/"), *kept.glob("*/*/")))
    return None if writable else []


def _finished(command: list[str], variables: Mapping[str, str]) -> bool:
    """Run a command and tell whether it ended in time; whatever it started goes with it when it did not."""
    try:
        process = subprocess.Popen(
            command,
            env=dict(variables),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
    except OSError:
        return True
    try:
        process.wait(TIMEOUT)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        return False
    return True


def _number(file: Path) -> int | None:
    with suppress(OSError, ValueError):
        return int(file.read_text())
    return None


def _failure(status: int | None) -> str:
    if status is None:
        return "ended the shell; what it had set is left out"
    return f"failed with status {status}"


def _compared(before: Mapping[str, str], exported: bytes, problems: list[str]) -> Outcome:
    pairs = (item.partition(b"=") for item in exported.split(b"\0") if item)
    after = {os.fsdecode(name): os.fsdecode(value) for name, _, value in pairs}
    ours = {name for name in after if name.startswith("__csl_")} | SHELL_OWN
    return Outcome(
        {name: value for name, value in after.items() if name not in ours and before.get(name) != value},
        sorted(before.keys() - after.keys() - SHELL_OWN),
        problems,
    )
