"""The sample project that the demo puts into the file browser: a requirements.txt, and no environment yet."""

from __future__ import annotations

from pathlib import Path

FOLDER = "conda-store-sample"
FILES = {
    "requirements.txt": "# right-click this file: Create Environment from This File\nsix\n",
    ".gitignore": "*\n",
}


def how_to_create(directory: Path) -> str:
    """Have the project in JupyterLab's folder; return a line on what to do there, nothing if it cannot be."""
    project = directory / FOLDER
    try:
        project.mkdir(exist_ok=True)
        for name, text in FILES.items():
            if not (project / name).exists():
                (project / name).write_text(text, encoding="utf-8")
    except OSError:
        return ""
    return (
        f"From a requirements.txt to a notebook: open {FOLDER} in the file browser, right-click "
        "requirements.txt, choose Create Environment from This File.\n"
    )
