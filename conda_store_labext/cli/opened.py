"""The output of `open`: what was seen of a repository, and what was opened, in words and as JSON."""

from __future__ import annotations

import argparse
import html
import os
import sys
import webbrowser
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..errors import CondaStoreLabError
from ..models import Kernel, LocalCopy
from .consent import MOST_LISTED
from .terminal import complain, print_json

if TYPE_CHECKING:
    from ..repositories.choice import Choice
    from ..repositories.look import Look
    from ..repositories.opening import Session
    from ..repositories.update import FolderState


@dataclass(frozen=True)
class Ready:
    """An environment that can be started: `build_id` is None for one of this machine, by its folder."""

    name: str
    build_id: int | None
    kernels: tuple[Kernel, ...]
    message: str | None = None

    @classmethod
    def of(cls, copy: LocalCopy) -> Ready:
        """Return that of a copy."""
        return cls(f"{copy.namespace}/{copy.environment}", copy.build_id, copy.kernels)


def tell(look: Look) -> None:
    """Say what was seen, on standard error: standard output is for the address."""
    say = [f"{look.address}" + (f" at {look.revision}, {look.author}" if look.revision else "")]
    manifest = look.manifest
    if manifest:
        venv = look.choice.venv
        names = list(dict.fromkeys(name for name, _ in (venv or manifest).packages))
        more = f" and {len(names) - MOST_LISTED} more" if len(names) > MOST_LISTED else ""
        say.append(f"{manifest.path} asks for {', '.join(names[:MOST_LISTED])}{more}")
        channels = ("pypi",) if venv else manifest.channels
        say.append(f"from {', '.join(channels) or 'the channels of conda-store'}")
        say += [f"note: {note}" for note in manifest.notes]
        say += [f"passed over: {other.path} ({other.why})" for other in manifest.passed_over]
    say += [f"note: {warning}" for warning in look.warnings]
    say.append(look.choice.message)
    print(*say, sep="\n", file=sys.stderr, flush=True)


def print_opened(
    look: Look,
    choice: Choice,
    state: FolderState,
    ready: Ready,
    session: Session,
    options: argparse.Namespace,
) -> None:
    """Print the address of what was opened, and have the browser show it unless that is not wanted."""
    if options.json:
        print_json(
            {
                "url": session.url,
                "folder": state.folder,
                "state": asdict(state),
                "environment": ready.name,
                "build_id": ready.build_id,
                "chosen_by": choice.origin.value,
                "kernel": session.kernel,
                "message": session.message or ready.message,
                **seen(look),
            }
        )
    else:
        complain_about = [state.message, ready.message or "", session.message or ""]
        print(*filter(None, complain_about), sep="\n", file=sys.stderr)
        print(session.url)
        if session.server.started:
            port = session.server.url.rstrip("/").split("//")[-1].split("/")[0].rpartition(":")[2]
            print(f"The server goes on; `jupyter server stop {port}` ends it.", file=sys.stderr)
        sys.stdout.flush()
    if not options.no_browser:
        _browse(session)


def seen(look: Look) -> dict[str, Any]:
    """Return what was seen, as JSON has it."""
    manifest = look.manifest
    return {
        "repository": str(look.address),
        "commit": look.revision.commit if look.revision else None,
        "author": look.author,
        "path": look.opened.path,
        "manifest": None
        if manifest is None
        else {
            "path": manifest.path,
            "channels": manifest.channels,
            "packages": [{"name": name, "channel": channel} for name, channel in manifest.packages],
            "notes": manifest.notes,
            "passed_over": [asdict(other) for other in manifest.passed_over],
            "digest": manifest.digest,
        },
        "warnings": look.warnings,
        "choice": look.choice.message,
        "reference": str(look.choice.reference) if look.choice.reference else None,
    }


def _browse(session: Session) -> None:
    """Open the browser by a file that leads on, for the token is in no command line then."""
    from jupyter_core.paths import jupyter_runtime_dir

    from ..store.files import write_private

    file = Path(jupyter_runtime_dir()) / f"conda-store-open-{os.getpid()}.html"
    address = html.escape(session.url, quote=True)
    try:
        write_private(
            file,
            f'<!DOCTYPE html><meta charset="utf-8"><meta http-equiv="refresh" content="0; url={address}">'
            f'<a href="{address}">Open</a>\n',
        )
        webbrowser.open(file.as_uri())
    except (OSError, webbrowser.Error, CondaStoreLabError) as error:
        complain(f"no browser was opened ({error}); open the address yourself.")
