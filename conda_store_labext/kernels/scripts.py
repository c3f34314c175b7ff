"""An environment's activation scripts: what they do to a session, remembered from one start to the next."""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from .outcome import SHELL_OWN, Outcome

_SECRET = re.compile(r"TOKEN|PASSW|SECRET|CREDENTIAL|API_?KEY|(ACCESS|PRIVATE)_KEY", re.IGNORECASE)
_USUAL = re.compile(
    r"HOME|USER|LOGNAME|SHELL|LANG|LC_\w+|TERM|TMPDIR|TZ|\w*(PATHS?|DIRS?|FLAGS|_HOME|_ROOT)"
    r"|(LD|DYLD|XDG|CONDA|_CONDA|_CE)_\w+"
)
_NAME = re.compile(rb"[A-Za-z_]\w*")


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
        if (name in named or _USUAL.fullmatch(name)) and not _SECRET.search(name) and name not in SHELL_OWN
    }
    digest = _digest(texts, seen)
    outcome = _recalled(cache, digest) if cache else None
    if outcome is None:
        from .shell import source  # 15 ms of a kernel's start, once

        outcome = source(scripts, seen, kept)
        if cache:
            _remember(cache, digest, outcome)
    withheld = {name for name in variables if _SECRET.search(name)}
    return Outcome(
        {name: value for name, value in outcome.changed.items() if name not in withheld},
        outcome.removed,
        outcome.problems,
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
    from ..store.files import write_private_json

    with suppress(OSError):
        write_private_json(cache, {"digest": digest, **outcome._asdict()})


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""
