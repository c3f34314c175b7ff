"""Drafts written as specifications."""

from __future__ import annotations

from typing import Any

from ..models import Conversion
from .draft import Draft
from .text import specification_text


def written(draft: Draft) -> Conversion:
    """Return a settled draft as a new text."""
    return Conversion(draft.name, specification_text(content_of(draft)), False, said(draft))


def content_of(draft: Draft) -> dict[str, Any]:
    """Return what a settled draft says, as a specification's keys."""
    pip = [entry.text for entry in draft.pip]
    content: dict[str, Any] = {
        "name": draft.name,
        "channels": [entry.text for entry in draft.channels],
        "dependencies": [*(entry.text for entry in draft.conda), *([{"pip": pip}] if pip else [])],
    }
    return {**content, "variables": dict(draft.variables)} if draft.variables else content


def said(draft: Draft) -> tuple[str, ...]:
    """Return a draft's notes as they are shown: a sentence each, with the lines that it is about below it."""
    return tuple(str(note) for note in draft.notes)
