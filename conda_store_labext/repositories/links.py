"""Links to a notebook of a repository: ours, and those of Binder and nbgitpuller that are out there."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePosixPath
from urllib.parse import parse_qs, quote, unquote, urlencode, urlsplit

from ..errors import InvalidRequest

PAGE = "conda-store/open"
BADGE = "https://img.shields.io/badge/open-on%20its%20environment-579aca"
# Source: binderhub's repository providers
PROVIDERS = {
    "gh": "https://github.com/{}",
    "gl": "https://gitlab.com/{}",
    "gist": "https://gist.github.com/{}",
}
UNKNOWN = ("zenodo", "figshare", "hydroshare", "dataverse", "ckan")
DOORS = (
    "lab/tree/",
    "doc/tree/",
    "retro/notebooks/",
    "notebooks/",
    "tree/",
    "edit/",
    "view/",
    "voila/render/",
)


@dataclass(frozen=True)
class Link:
    """The parts that a link names; `path` is from the root, `environment` as `Reference` writes it."""

    repository: str
    ref: str | None = None
    path: str | None = None
    environment: str | None = None

    def query(self) -> str:
        """Return it as the query of our page's address, each value encoded exactly once."""
        values = {
            "repository": self.repository,
            "ref": self.ref,
            "path": self.path,
            "environment": self.environment,
        }
        # safe="" so that a slash in a branch's name outlives whoever splits addresses
        return urlencode({name: value for name, value in values.items() if value}, quote_via=quote, safe="")

    def url(self, server: str) -> str:
        """Return the link for a Jupyter server's address."""
        return f"{server.rstrip('/')}/{PAGE}?{self.query()}"

    def hub_url(self, hub: str) -> str:
        """Return the link for a JupyterHub's address, which leads each user to a server of their own."""
        place = hub.rstrip("/").removesuffix("/hub")
        return f"{place}/hub/user-redirect/{PAGE}?{self.query()}"

    def badge(self, url: str) -> str:
        """Return Markdown that shows a badge for a link."""
        return f"[![Open {PurePosixPath(self.path or self.repository).name}]({BADGE})]({url})"


def parse_link(text: str) -> Link | None:
    """Return what a link of ours, of Binder or of nbgitpuller names; None for everything else."""
    try:
        parts = urlsplit(text)
    except ValueError:
        return None
    if parts.scheme not in ("http", "https"):
        return None
    query = parse_qs(parts.query)
    path = parts.path.rstrip("/")
    if path.endswith(f"/{PAGE}") and "repository" in query:
        return Link(
            query["repository"][0], _first(query, "ref"), _first(query, "path"), _first(query, "environment")
        )
    if path.endswith("/git-pull") and "repo" in query:
        return _nbgitpuller(query)
    _, binder, rest = parts.path.partition("/v2/")
    if binder and "/" in rest:
        return _binder(rest, query)
    return None


def _nbgitpuller(query: dict[str, list[str]]) -> Link:
    repository = query["repo"][0]
    shown = _first(query, "urlpath") or ""
    folder = (
        _first(query, "targetpath")
        or _first(query, "targetPath")
        or PurePosixPath(repository.rstrip("/")).name
    )
    path = _opened(shown) if shown else _first(query, "subPath") or _first(query, "subpath")
    if shown and path:
        for name in (folder, folder.removesuffix(".git")):
            if path == name or path.startswith(f"{name}/"):
                path = path[len(name) :].strip("/")
                break
    return Link(repository, _first(query, "branch"), path or None)


def _binder(rest: str, query: dict[str, list[str]]) -> Link | None:
    provider, _, place = rest.partition("/")
    if provider in UNKNOWN:
        raise InvalidRequest(f"Links to {provider} are not understood; name a git repository.")
    # gh and gist: owner/name/ref, whose ref may have slashes; gl and git: the whole place is encoded
    if provider in ("gh", "gist"):
        owner, _, named = place.partition("/")
        name, _, ref = named.partition("/")
        repository = PROVIDERS[provider].format(unquote(f"{owner}/{name}"))
    elif provider in ("gl", "git"):
        encoded, _, ref = place.partition("/")
        repository = PROVIDERS.get(provider, "{}").format(unquote(encoded))
    else:
        return None
    shown = _first(query, "urlpath") or ""
    if "git-pull?" in shown:  # the environment's repository is another one than the content's
        inner = parse_qs(urlsplit(shown).query)
        if "repo" in inner:
            return _nbgitpuller(inner)
    path = _first(query, "labpath") or _first(query, "filepath") or (_opened(shown) if shown else None)
    ref = unquote(ref).strip("/")
    return Link(repository, None if ref in ("", "HEAD") else ref, path)


def _opened(shown: str) -> str | None:
    """Return the file that a page of JupyterLab or Notebook shows, as its address has it."""
    path = unquote(urlsplit(shown).path).strip("/")
    if path.startswith("lab/workspaces/"):
        path = "lab/" + path.split("/", 3)[3] if path.count("/") > 2 else ""
    return next((path[len(door) :].strip("/") or None for door in DOORS if path.startswith(door)), None)


def _first(query: dict[str, list[str]], name: str) -> str | None:
    return (query.get(name) or [""])[0] or None
