"""The pictures of kernels whose environment is not here yet: their language's."""

from __future__ import annotations

from html import escape
from importlib.util import find_spec
from pathlib import Path

from ..kernels.names import language_label

PICTURE = "logo-svg.svg"
COLOURS = {"r": "#276dc3", "julia": "#9558b2", "bash": "#4b5a61", "scala": "#c22d40", "rust": "#a5532a"}
OTHER_COLOUR = "#5a6b86"


def logos(language: str) -> dict[str, bytes]:
    """Return the files of a language's picture: ipykernel's for Python where that is installed."""
    folder = _ipykernel() if language.lower() == "python" else None
    if folder:
        return {file.name: file.read_bytes() for file in sorted(folder.glob("logo-*"))}
    return {PICTURE: _lettered(language_label(language)[:2], COLOURS.get(language.lower(), OTHER_COLOUR))}


def _ipykernel() -> Path | None:
    spec = find_spec("ipykernel")
    folder = Path(spec.origin).parent / "resources" if spec and spec.origin else None
    return folder if folder and any(folder.glob("logo-*")) else None


def _lettered(text: str, colour: str) -> bytes:
    """Return a square with a few letters."""
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64">'
        f'<rect width="64" height="64" rx="10" fill="{colour}"/>'
        '<text x="32" y="44" text-anchor="middle" font-family="sans-serif" font-weight="bold" '
        f'font-size="34" fill="#ffffff">{escape(text)}</text></svg>\n'
    ).encode()
