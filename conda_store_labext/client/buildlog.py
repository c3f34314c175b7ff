"""Reading a build's log: what it is doing, where it went wrong, and why, in the log's own words."""

from __future__ import annotations

import json
import re

from ..models import FirstError

MAX_REASON = 400

STAGES = (
    ("plugin-", "lock"),
    ("action_save_lockfile: ", "lock"),
    ("action_fetch_and_extract_conda_packages: ", "download"),
    ("action_install_lockfile: ", "install"),
    ("action_set_conda_prefix_permissions: ", "register"),
    ("action_add_conda_prefix_packages: ", "register"),
    ("action_get_conda_prefix_stats: ", "register"),
    ("action_generate_conda_export: ", "export"),
    ("action_generate_conda_pack: ", "pack"),
    ("action_generate_constructor_installer: ", "installer"),
)

_PLUGIN = re.compile(r"^(?:plugin-[\w-]+|action_\w+): ")
_EXCEPTION = re.compile(r"^(?:[\w.]+\.)?\w*(?:Error|Exception|NotFound|Unsatisfiable)\w*: ?\S")
_ERROR = re.compile(r"^\s*(?:error|critical|fatal)\b\W*\S", re.IGNORECASE)


def stage(log: str) -> str | None:
    """Return what a build is doing, in a word, by the last line that tells; None when none does."""
    for line in reversed(log.splitlines()):
        for start, word in STAGES:
            if line.startswith(start):
                return word
    return None


def first_error(log: str) -> FirstError | None:
    """Return where a failed build's log begins to speak of an error; None for an empty log.

    That is the solver's JSON answer, an exception or a line that calls itself an error, whichever is first;
    if there is none of them, the last line.
    """
    last = None
    for number, line in enumerate(log.split("\n")):
        message = _PLUGIN.sub("", line).rstrip()
        if _EXCEPTION.match(message) or _ERROR.match(message) or _from_json([message]):
            return FirstError(number, _shorten(_from_json([message]) or message))
        if message:
            last = FirstError(number, _shorten(message))
    return last


def failure_reason(log: str) -> str | None:
    """Return the sentence of a log that says why the build failed; None when the log says nothing.

    A solver's JSON answer comes first (conda-lock prints it), then the last exception with its
    continuation lines, then the last line that calls itself an error, then the last line at all.
    """
    lines = [_PLUGIN.sub("", line).rstrip() for line in log.splitlines()]
    reason = (
        _from_json(lines) or _from_exception(lines) or _last(lines, _ERROR) or _last(lines, re.compile(r"\S"))
    )
    return _shorten(reason) if reason else None


def _from_json(lines: list[str]) -> str | None:
    for line in reversed(lines):
        if not line.startswith("{"):
            continue
        try:
            answer = json.loads(line)
        except ValueError:
            continue
        if isinstance(answer, dict) and answer.get("success") is False:
            return str(answer.get("message") or answer.get("error") or "") or None
    return None


def _from_exception(lines: list[str]) -> str | None:
    for index in range(len(lines) - 1, -1, -1):
        if not _EXCEPTION.match(lines[index]):
            continue
        following = []
        for line in lines[index + 1 :]:
            if not line.startswith((" ", "\t", "-")):
                break
            following.append(line.strip())
        return " ".join([lines[index], *following])
    return None


def _last(lines: list[str], pattern: re.Pattern[str]) -> str | None:
    return next((line for line in reversed(lines) if pattern.match(line)), None)


def _shorten(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= MAX_REASON else text[: MAX_REASON - 1].rstrip() + "…"
