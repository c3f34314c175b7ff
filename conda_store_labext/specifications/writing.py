"""Drafts written as specifications."""

from __future__ import annotations

from ..models import Conversion
from .draft import Draft
from .text import specification_text


def written(draft: Draft) -> Conversion:
    """Return a settled draft as a new text."""
    return Conversion(draft.name, specification_text(draft.content()), False, said(draft))


def said(draft: Draft) -> tuple[str, ...]:
    """Return a draft's notes as they are shown: a sentence each, with the lines that it is about below it."""
    return tuple(str(note) for note in draft.notes)
