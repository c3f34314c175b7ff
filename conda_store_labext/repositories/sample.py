"""A small repository to try the way from a repository to a notebook with: it lies on this machine."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from ..errors.os_errors import os_errors_explained
from .git import Git

NAME = "planets"
AUTHOR = {
    "GIT_AUTHOR_NAME": "conda-store-labext",
    "GIT_AUTHOR_EMAIL": "demo@localhost",
    "GIT_COMMITTER_NAME": "conda-store-labext",
    "GIT_COMMITTER_EMAIL": "demo@localhost",
}
SOURCE = """import sys

from moons import moons

print(sys.base_prefix)
moons()"""
NOTEBOOK = {
    "cells": [
        {
            "cell_type": "markdown",
            "id": "about",
            "metadata": {},
            "source": "# Planets\n\nThis notebook runs on what `environment.yml` beside it asks for.",
        },
        {
            "cell_type": "code",
            "id": "moons",
            "metadata": {},
            "source": SOURCE,
            "outputs": [],
            "execution_count": None,
        },
    ],
    "metadata": {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}},
    "nbformat": 4,
    "nbformat_minor": 5,
}
FILES = {
    "README.md": "# Planets\n\nA sample repository: a notebook, a module, and the environment of both.\n",
    "environment.yml": "name: planets\nchannels:\n  - conda-forge\ndependencies:\n  - python\n"
    "  - ipykernel\n  - pandas # for the table of moons\n",
    "index.ipynb": json.dumps(NOTEBOOK, indent=1) + "\n",
    "moons.py": '"""The moons of some planets."""\n\nimport pandas as pd\n\n\ndef moons() -> pd.DataFrame:\n'
    '    """Return how many moons each has."""\n'
    '    return pd.DataFrame({"planet": ["Venus", "Earth", "Mars"], "moons": [0, 1, 2]})\n',
}


def make_sample(parent: Path) -> Path:
    """Make the bare repository `planets.git` in a folder unless it is there, and return its folder.

    Raises NotConfigured where there is no git.
    """
    bare = parent / f"{NAME}.git"
    if (bare / "HEAD").exists():
        return bare
    work = parent / f".{NAME}"
    with os_errors_explained(parent):
        for left in (bare, work):
            shutil.rmtree(left, ignore_errors=True)
        work.mkdir(parents=True)
        for name, text in FILES.items():
            (work / name).write_text(text, encoding="utf-8")
    git = Git(str(bare), protocols="file")
    try:
        git.run("init", "--quiet", "--template=", folder=work)
        git.run("add", "--all", folder=work)
        git.run("commit", "--quiet", "-m", "Tell the planets' moons", folder=work, variables=AUTHOR)
        git.run("clone", "--quiet", "--bare", "--template=", "--", str(work), str(bare), folder=parent)
    finally:
        shutil.rmtree(work, ignore_errors=True)
    return bare
