"""An environment's activation scripts: sourced by bash, each at its own risk, and remembered."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path

from ..store.files import write_private_json

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
_SHELL_OWN = frozenset({"_", "PWD", "OLDPWD", "SHLVL", "BASH_ENV", "ENV", "SHELLOPTS", "BASHOPTS"})
_SECRET = re.compile(r"TOKEN|PASSW|SECRET|CREDENTIAL|API_?KEY|(ACCESS|PRIVATE)_KEY", re.IGNORECASE)
_USUAL = re.compile(
    r"HOME|USER|LOGNAME|SHELL|LANG|LC_\w+|TERM|TMPDIR|TZ|\w*(PATHS?|DIRS?|FLAGS|_HOME|_ROOT)"
    r"|(LD|DYLD|XDG|CONDA|_CONDA|_CE)_\w+"
)
_NAME = re.compile(rb"[A-Za-z_]\w*")


@dataclass(frozen=True)
class Outcome:
    """What scripts did: variables they set, names they took away, and sentences on those that failed."""

    changed: dict[str, str] = field(default_factory=dict)
    removed: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def sourced(
    scripts: Sequence[Path], variables: Mapping[str, str], cache: Path | None, kept: Path | None
) -> Outcome:
    """Return what sourcing the scripts in their order changes in `variables`.

    They see what they name and what is usual of it, but nothing that looks like a credential. What they did
    is kept in the file `cache`, if one is named, until one of them or what they saw changes. Nothing in the
    folder `kept` is written to, if one is named; where that cannot be prevented they do not run. Bash must
    be there.
    """
    texts = {script: _read(script) for script in scripts}
    named = {name.decode() for text in texts.values() for name in _NAME.findall(text)}
    seen = {
        name: value
        for name, value in variables.items()
        if (name in named or _USUAL.fullmatch(name)) and not _SECRET.search(name) and name not in _SHELL_OWN
    }
    digest = _digest(texts, seen)
    outcome = _recalled(cache, digest) if cache else None
    if outcome is None:
        outcome = _run(list(scripts), seen, _how(kept))
        if cache:
            _remember(cache, digest, outcome)
    withheld = {name for name in variables if _SECRET.search(name)}
    return Outcome(
        {name: value for name, value in outcome.changed.items() if name not in withheld},
        outcome.removed,
        outcome.problems,
    )


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


def _run(scripts: list[Path], seen: Mapping[str, str], how: list[str] | None) -> Outcome:
    bash = shutil.which("bash")
    if how is None or bash is None:
        why = "bash is not installed" if bash is None else "they could write to a folder that is not ours"
        return Outcome(problems=[f"Its activation scripts were not run, because {why}."])
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
                return _compared(seen, _read(out), problems) if out.exists() else Outcome(problems=problems)
            hung = _number(out.with_name("out.begun")) or 0
            problems.append(f"The activation script {scripts[hung]} did not end in {TIMEOUT:.0f} s.")
            del scripts[hung]
    return Outcome(problems=problems)


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
    ours = {name for name in after if name.startswith("__csl_")} | _SHELL_OWN
    return Outcome(
        {name: value for name, value in after.items() if name not in ours and before.get(name) != value},
        sorted(before.keys() - after.keys() - _SHELL_OWN),
        problems,
    )


def _digest(texts: Mapping[Path, bytes], seen: Mapping[str, str]) -> str:
    """Return a digest of all that the outcome depends on."""
    digest = hashlib.sha256(json.dumps(sorted(seen.items())).encode())
    for script, text in texts.items():
        digest.update(b"\0" + os.fsencode(script) + b"\0" + text)
    return digest.hexdigest()


def _recalled(cache: Path, digest: str) -> Outcome | None:
    with suppress(OSError, ValueError, LookupError, TypeError, AttributeError):
        kept = json.loads(cache.read_text("utf-8"))
        if kept.pop("digest") == digest:
            return Outcome(dict(kept["changed"]), list(kept["removed"]), list(kept["problems"]))
    return None


def _remember(cache: Path, digest: str, outcome: Outcome) -> None:
    """Keep what the scripts did, for the owner alone; where nothing can be written they run again."""
    with suppress(OSError):
        write_private_json(cache, {"digest": digest, **asdict(outcome)})


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""
