"""What activating an environment changes, taken once and remembered, as variables for a kernelspec.

Source: `conda activate` sets the variables below, then those of `conda-meta/state` and
`etc/conda/env_vars.d`, then sources `etc/conda/activate.d/*.sh` in order.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import signal
import subprocess
from contextlib import suppress
from pathlib import Path

TIMEOUT = 30.0  # seconds for all of an environment's activation scripts
INHERITED_PATH = "${PATH}"  # jupyter_client fills this in when the kernel starts

_SCRIPT = (
    'for script in "$CONDA_PREFIX"/etc/conda/activate.d/*.sh; do . "$script"; done >/dev/null 2>&1; env -0'
)
_SHELL_OWN = frozenset({"_", "PWD", "OLDPWD", "SHLVL"})
_TAIL = "/conda-store-labext-inherited-path"


def activation(prefix: Path, name: str, memory: Path | None = None) -> dict[str, str]:
    """Return the variables to set for the environment `name` in `prefix`, as `string.Template` texts.

    The scripts run in a bare environment, so that nothing of this session, least of all a credential,
    ends up in what is returned. A script that fails or takes over 30 s is left out. What the scripts did is
    kept in the file `memory`, if one is named, until one of them or a declared variable changes.
    """
    scripts, variables = _scripts(prefix), _set(prefix, name)
    if scripts:
        digest = _digest(scripts, variables)
        changed = _recalled(memory, digest) if memory else None
        if changed is None:
            changed = _sourced(variables)
            if memory and changed is not None:
                _remember(memory, digest, changed)
        variables |= changed or {}
    return {key: value.replace("$", "$$").replace(_TAIL, INHERITED_PATH) for key, value in variables.items()}


def fingerprint(prefix: Path, name: str) -> str:
    """Return what tells apart two states of an environment that activate differently; nothing is run."""
    return _digest(_scripts(prefix), _set(prefix, name))


def _scripts(prefix: Path) -> list[Path]:
    """Return the activation scripts in their order."""
    return sorted((prefix / "etc/conda/activate.d").glob("*.sh"))


def _set(prefix: Path, name: str) -> dict[str, str]:
    """Return the variables that are set before the scripts run."""
    return {
        "CONDA_PREFIX": str(prefix),
        "CONDA_DEFAULT_ENV": name,
        "CONDA_SHLVL": "1",
        "PATH": f"{prefix / 'bin'}{os.pathsep}{_TAIL}",
        **_declared(prefix),
    }


def _declared(prefix: Path) -> dict[str, str]:
    """Return the variables that packages and the specification declare, without running anything."""
    found: dict[str, str] = {}
    for path in sorted((prefix / "etc/conda/env_vars.d").glob("*.json")):
        found |= _variables(path, None)
    return found | _variables(prefix / "conda-meta/state", "env_vars")


def _variables(path: Path, key: str | None) -> dict[str, str]:
    try:
        read = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    chosen = read.get(key) if key and isinstance(read, dict) else read
    if not isinstance(chosen, dict):
        return {}
    return {str(name): str(value) for name, value in chosen.items()}


def _digest(scripts: list[Path], variables: dict[str, str]) -> str:
    """Return a digest of all that the outcome depends on."""
    seen = hashlib.sha256(json.dumps(variables, sort_keys=True).encode())
    for script in scripts:
        with suppress(OSError):
            seen.update(b"\0" + os.fsencode(script.name) + b"\0" + script.read_bytes())
    return seen.hexdigest()


def _recalled(memory: Path, digest: str) -> dict[str, str] | None:
    try:
        kept = json.loads(memory.read_text("utf-8"))
        if kept["digest"] == digest:
            return {str(name): str(value) for name, value in kept["changed"].items()}
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        pass
    return None


def _remember(memory: Path, digest: str, changed: dict[str, str]) -> None:
    """Keep what the scripts did; where nothing can be written they run again."""
    new = memory.with_name(f".{memory.name}.{secrets.token_hex(4)}")
    try:
        new.write_text(json.dumps({"digest": digest, "changed": changed}), "utf-8")
        new.replace(memory)
    except OSError:
        with suppress(OSError):
            new.unlink()


def _sourced(variables: dict[str, str]) -> dict[str, str] | None:
    """Run the activation scripts and return what they changed; None when they do not end in time."""
    kept = ("HOME", "USER", "LOGNAME", "LANG", "LC_ALL", "TMPDIR")
    before = {name: os.environ[name] for name in kept if name in os.environ}
    # the inherited PATH comes last, so the sentinel in front of it can be told apart afterwards
    before |= variables | {"PATH": f"{variables['PATH']}{os.pathsep}{os.defpath}"}
    output = _output_of_scripts(before)
    if not output:
        return None
    after = dict(item.split("=", 1) for item in output.split("\0") if "=" in item)
    changed = {
        name: value for name, value in after.items() if name not in _SHELL_OWN and before.get(name) != value
    }
    if "PATH" in changed:
        changed["PATH"] = changed["PATH"].removesuffix(os.pathsep + os.defpath)
        if _TAIL not in changed["PATH"]:
            changed["PATH"] += os.pathsep + _TAIL
    return changed


def _output_of_scripts(environ: dict[str, str]) -> str:
    """Return the variables as the scripts leave them, NUL-separated; nothing when they do not end in time."""
    try:
        process = subprocess.Popen(
            ["bash", "--noprofile", "--norc", "-c", _SCRIPT],
            env=environ,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            start_new_session=True,
        )
    except OSError:
        return ""
    with process:
        try:
            return process.communicate(timeout=TIMEOUT)[0].decode("utf-8", "replace")
        except subprocess.TimeoutExpired:
            # whatever a script started goes with it
            os.killpg(process.pid, signal.SIGKILL)
            return ""
