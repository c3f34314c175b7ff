"""Sphinx's configuration: `make docs` builds these pages into build/docs."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[1]
REPOSITORY = "https://github.com/conda-store-labext/conda-store-labext"

project = "conda-store-labext"
author = "conda-store-labext contributors"
copyright = author  # noqa: A001, the name is Sphinx's
# read, not imported: pages are built without the package's own dependencies, too
PACKAGE = (ROOT / "conda_store_labext" / "__init__.py").read_text("utf-8")
release = re.findall(r'__version__ = "(.+)"', PACKAGE)[0]

extensions = ["myst_parser"]
source_suffix = {".md": "markdown"}
myst_heading_anchors = 4
nitpicky = True

html_theme = "pydata_sphinx_theme"
html_title = project
html_favicon = "../style/icons/conda-store.svg"
html_theme_options = {
    "github_url": REPOSITORY,
    "header_links_before_dropdown": 6,
    "navigation_with_keys": False,
    "show_toc_level": 2,
}
html_copy_source = False
