"""Previews: what a specification would be solved to, and what would change, with nothing built."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ..errors import Conflict, InvalidRequest, ServerError, ServerTimeout
from ..models import Package, PackageManager, Preview
from ..specifications.buildable import require_buildable
from ..specifications.changes import compare
from ..specifications.matchspecs import package_name
from ..specifications.requirements import name_and_pin
from ..specifications.text import parse_specification, requirements_of, specification_text
from .api import PREFIX, Api
from .buildfiles import BuildFiles
from .builds import Builds
from .packages import Packages

SOLVE_SECONDS = 600.0
MAX_QUERY = 7500  # characters of an address that every server and proxy takes
MOST_PAGES = 20  # of the server's index, for packages that nothing else names


class Solves:
    """Asks the server to solve specifications."""

    def __init__(self, api: Api, builds: Builds, files: BuildFiles, packages: Packages) -> None:
        self._api = api
        self._builds = builds
        self._files = files
        self._packages = packages

    def preview(self, specification: str, since: int | None) -> Preview:
        """Return what a specification would be solved to, compared with build `since` if given.

        conda-store 2025.2 answers nobody else meanwhile, so with builds waiting this is refused (Conflict).
        Raises InvalidRequest with the solver's words when there is no solution and the server tells why.
        """
        content = parse_specification(specification)
        require_buildable(content)
        conda, pip = requirements_of(content)
        if not conda and not pip:
            raise InvalidRequest("The specification lists no dependencies; add the packages that it needs.")
        if self._api.get("build/", status="QUEUED", size=1)["count"]:
            raise Conflict(
                "conda-store has builds waiting, and a preview would wait behind them; "
                "try again when they have ended."
            )
        before = None if since is None else self._before(since)
        solved = self._solve([str(channel) for channel in content.get("channels") or []], conda, pip)
        packages = self._named(solved, since, conda) + [
            _of_pip(requirement) for requirement in pip if requirement[:2] != "--"
        ]
        sizes = [package.size for package in packages if package.manager is PackageManager.CONDA]
        known_sizes = [size for size in sizes if size is not None]
        changes = None
        if before is not None:
            old, text = before
            # what pip would choose and need is known only once it is built
            conda_only = [package for package in old if package.manager is PackageManager.CONDA]
            pip_names = {package.name.lower() for package in old if package.manager is PackageManager.PIP}
            new = [
                package
                for package in packages
                if package.manager is PackageManager.CONDA or package.name.lower() not in pip_names
            ]
            changes = compare(conda_only, new, (text, specification_text(content)), since, None)
        return Preview(tuple(packages), changes, sum(known_sizes) if len(known_sizes) == len(sizes) else None)

    def _before(self, build_id: int) -> tuple[list[Package], str]:
        row = self._builds.row(build_id)
        return self._packages.all_of_build(build_id), self._files.specification(build_id, row).text

    def _solve(self, channels: list[str], conda: list[str], pip: list[str]) -> list[dict[str, Any]]:
        """Return the server's rows for the packages of the solution."""
        params = {"channel": channels, "conda": conda, "pip": pip}
        if sum(len(value) + 12 for values in params.values() for value in values) > MAX_QUERY:
            raise InvalidRequest(
                "The specification is too long for conda-store to preview it; build it instead."
            )
        path = f"{PREFIX}/specification/"
        try:
            response = self._api.transport.send("GET", path, params=params, timeout=SOLVE_SECONDS)
            solved = response.json()["solve"]
        except ServerTimeout:
            raise ServerTimeout(
                "conda-store did not solve the specification in ten minutes; try again when it is less busy."
            ) from None
        except ServerError:
            raise InvalidRequest(
                "conda-store found no solution, and does not say why; check the names and versions of the "
                "packages and channels, or build it and read the log."
            ) from None
        except (KeyError, TypeError, ValueError):
            solved = None
        if not isinstance(solved, list):
            raise ServerError(
                f"{self._api.connection.url} solved the specification, but answered not as conda-store does; "
                "build it instead."
            )
        return solved

    def _named(self, solved: list[dict[str, Any]], since: int | None, conda: list[str]) -> list[Package]:
        """Return the packages of a solution by name: the server gives ids, and most names in dependencies."""
        by_id: dict[int, Package] = {}
        missing = {row["package_id"] for row in solved if "name" not in row}
        if missing and since is not None:
            by_id = self._packages.identities(since)
        if missing - set(by_id):
            wanted = [*conda, *(spec for row in solved for spec in row.get("depends") or [])]
            for versions in self._api.pool.map(self._packages.named, _names(wanted, by_id.values())):
                by_id |= versions
        page, more = 1, True
        while more and page <= MOST_PAGES and missing - set(by_id):
            page_packages, more = self._packages.known(page)
            by_id |= page_packages
            page += 1
        packages = [_package(row, by_id.get(row.get("package_id", 0))) for row in solved]
        return sorted(
            (package for package in packages if package is not None), key=lambda package: package.name
        )


def _names(specs: Iterable[str], but: Iterable[Package]) -> list[str]:
    """Return the names in conda's match specifications, without virtual packages and those known already."""
    names = {package_name(spec) for spec in specs}
    return sorted(
        name for name in names - {package.name for package in but} if name and not name.startswith("__")
    )


def _package(row: dict[str, Any], identity: Package | None) -> Package | None:
    """Return a row of the solution as a package; None when nobody knows its name."""
    name, version = (row.get("name"), row.get("version")) if "name" in row else (None, None)
    if name is None and identity is None:
        return None
    size = row.get("size")
    return Package(
        name=str(name) if name is not None else identity.name if identity else "",
        version=str(version) if version is not None else identity.version if identity else "",
        build=str(row.get("build") or ""),
        channel=str(row.get("channel") or "") or (identity.channel if identity else ""),
        summary=str(row.get("summary") or "") or (identity.summary if identity else ""),
        size=size if isinstance(size, int) and size > 0 else None,
        manager=PackageManager.CONDA,
    )


def _of_pip(requirement: str) -> Package:
    """Return a requirement of pip's as a package, with the version where it is fixed."""
    name, version = name_and_pin(requirement)
    return Package(name or requirement, version, "", "", "", None, PackageManager.PIP)
