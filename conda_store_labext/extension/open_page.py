"""The address of links to repositories: it leads to JupyterLab, whose page looks at what the link names.

Where a server has no JupyterLab, it says what the link names, and the command that opens it.
"""

from __future__ import annotations

import html
import shlex
from urllib.parse import urlencode

from jupyter_server.auth.decorator import authorized
from jupyter_server.base.handlers import JupyterHandler
from tornado import web

from ..errors import CondaStoreLabError
from ..repositories.links import Link
from ..repositories.policy import Policy
from ..repositories.source import Source, parse_source
from .base import RESOURCE
from .services import Services

PARAMETER = "conda-store-open"  # of JupyterLab's address: the query of ours
FIELDS = (
    ("repository", "Repository, or a link of Binder or nbgitpuller"),
    ("ref", "Branch, tag or commit"),
    ("path", "Notebook"),
    ("environment", "Environment (namespace/name:build)"),
)
STYLE = (
    "body{font:16px sans-serif;max-width:44em;margin:2em auto;padding:0 1em}label{display:block;margin:1em 0}\
input{width:100%;font:inherit;padding:.3em;box-sizing:border-box}pre{padding:1em;background:#eee;color:#111;\
white-space:pre-wrap;overflow-wrap:anywhere}dt{font-weight:bold}"
)


class OpenPageHandler(JupyterHandler):
    """GET open?repository=&ref=&path=&environment= -> a page, made without asking anybody anything."""

    auth_resource = RESOURCE

    def initialize(self, services: Services) -> None:
        """Take what the application built."""
        self.policy = services.policy

    @web.authenticated
    @authorized
    async def get(self) -> None:
        """Lead to JupyterLab's page; without one, show what a link names, or else the form alone."""
        given = {name: self.get_query_argument(name, "").strip() for name, _ in FIELDS}
        if "jupyterlab" in self.serverapp.extension_manager.linked_extensions:  # type: ignore[union-attr]
            # what else the address holds, such as a token, goes no further
            query = urlencode({name: value for name, value in given.items() if value})
            self.redirect(f"{self.base_url}lab?{urlencode({PARAMETER: query})}")
            return
        self.set_header("Content-Type", "text/html; charset=utf-8")
        self.set_header("Cache-Control", "no-store")
        self.set_header(
            "Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'"
        )
        self.set_header("Referrer-Policy", "no-referrer")
        self.finish(page(given, self.policy))


def page(given: dict[str, str], policy: Policy) -> str:
    """Return the page for what its address says."""
    shown = ""
    if given["repository"]:
        try:
            shown = _named(_source(given, policy))
        except CondaStoreLabError as error:
            shown = f'<p role="alert">{html.escape(str(error))}</p>'
            given = {**given, "repository": ""}  # it may hold a password
    fields = "".join(
        f'<label>{html.escape(label)}<input name="{name}" value="{html.escape(given[name], quote=True)}"'
        f"{' required' if name == 'repository' else ''}></label>"
        for name, label in FIELDS
    )
    return (
        '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Open a repository</title>'
        f"<style>{STYLE}</style></head><body><h1>Open a notebook on its own environment</h1>{shown}"
        f'<form method="get">{fields}<button type="submit">Show</button></form></body></html>'
    )


def _source(given: dict[str, str], policy: Policy) -> Source:
    """Return what is named: a link that was pasted into the form counts for what the form leaves empty."""
    pasted = parse_source(given["repository"], policy)
    link = Link(
        given["repository"] if pasted.address.credential else pasted.address.url,
        given["ref"] or pasted.ref,
        given["path"] or pasted.notebook,
        given["environment"] or pasted.environment,
    )
    return parse_source(link.url("http://localhost"), policy)


def _named(source: Source) -> str:
    details = {
        "Repository": str(source.address),
        "Branch, tag or commit": source.ref or "the one that the repository shows first",
        "Notebook": source.notebook or "index.ipynb, the only one, or the folder with the README",
        "Environment": source.environment or "the one that the repository's files ask for",
    }
    words = [
        "jupyter",
        "conda-store",
        "open",
        f"{source.address.url}{'@' + source.ref if source.ref else ''}",
    ]
    words += [source.notebook] if source.notebook else []
    words += ["--environment", source.environment] if source.environment else []
    listed = "".join(f"<dt>{name}</dt><dd>{html.escape(value)}</dd>" for name, value in details.items())
    return (
        f"<dl>{listed}</dl><p>Run this in a terminal of this server. It says what the repository asks for "
        f"before anything of it is used:</p><pre>{html.escape(shlex.join(words))}</pre>"
    )
