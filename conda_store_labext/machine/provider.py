"""The environments of this machine as a provider: listed, launched, made, changed and removed."""

from __future__ import annotations

import os
import shlex
import sys
from collections.abc import Callable
from pathlib import Path

from packaging.requirements import InvalidRequirement, Requirement

from ..errors import Conflict, InvalidRequest, KernelRunning
from ..errors.os_errors import os_errors_explained
from ..models import (
    Changes,
    CreateRequest,
    EnvironmentListing,
    Kernel,
    Package,
    PackageManager,
    PackageRequest,
    ProvidedEnvironment,
    Provider,
)
from ..models.providers import Asked, Check, Report
from ..specifications.changes import compare
from ..store.layout import delete
from ..store.processes import started_from
from .asked import asked_for
from .create import create, project_file
from .finder import STAGED, Finder, MachineEnvironment
from .installers import Installer, find_uv
from .naming import printable, shown_path
from .packages import packages_of, requested
from .prefixes import Kind
from .registry import MachineKernels
from .trust import require_trusted, trust

ID = "machine"


class MachineProvider:
    """The environments that `finder` finds, with their kernels in `kernels`."""

    def __init__(
        self,
        finder: Finder | None = None,
        kernels: MachineKernels | None = None,
        uv: Callable[[], str | None] = find_uv,
    ) -> None:
        self.finder = finder or Finder()
        self.kernels = kernels or MachineKernels()
        self._uv = uv

    @property
    def about(self) -> Provider:
        """Return what the panel shows of it."""
        return Provider(ID, "On this machine", creates=True, changes=True)

    def environments(self, folder: Path | None = None) -> EnvironmentListing:
        """List the environments, those of `folder` and the folders above first; runs nothing of theirs."""
        environments, problem = self.finder.environments(folder, self.kernels.prefixes())
        registered = self.kernels.registered()
        return EnvironmentListing(
            tuple(_row(environment, registered.get(environment.key, ())) for environment in environments),
            problem,
        )

    def register(self, key: str, display_name: str = "") -> tuple[Kernel, ...]:
        """Have kernels of an environment, by an own name if one is given, and return them."""
        environment = self._trusted(key)
        kernels = self.kernels.registered().get(key, ())
        # who only launches keeps the name that was chosen before
        return self.kernels.register(
            environment, display_name or (kernels[0].display_name if kernels else "")
        )

    def unregister(self, key: str) -> tuple[str, ...]:
        """Remove the kernels that `register` made and return their names."""
        return self.kernels.unregister(key)

    def create(
        self,
        request: CreateRequest,
        report: Report,
        check: Check,
        *,
        replaces: bool = False,
        groups: bool = True,
    ) -> ProvidedEnvironment:
        """Make a virtual environment in a folder, with the project's default `groups` of a uv.lock.

        With `replaces` it takes the place of what has its name once it is whole.
        """
        path = create(request, report, check, self._uv, replaces=replaces, groups=groups)
        made = self.finder.at(path, Path(request.folder))
        return _row(made, ())

    def recreate(self, key: str, report: Report, check: Check) -> ProvidedEnvironment:
        """Make an environment anew whose Python is gone, from its folder's file or with what it had.

        The old one stays until the new one is whole. Raises Conflict for one that still works.
        """
        environment = self._found(key)
        path, problem = environment.path, environment.prefix.problem
        kind = environment.prefix.kind
        if kind.is_kept:
            raise InvalidRequest(f"{environment.display_name} is managed by {kind.value}; recreate it there.")
        if path.is_symlink():
            raise InvalidRequest(f"{printable(str(path))} is a link; recreate what it leads to.")
        if not problem or problem.code != "python_gone":
            raise Conflict(f"{environment.display_name} works; remove it first to make another one.")
        request = CreateRequest(str(path.parent), path.name, project_file(path.parent))
        made = create(request, report, check, self._uv, requested(path), replaces=True)
        return _row(self.finder.at(made, path.parent), self.kernels.registered().get(key, ()))

    def activation(self, key: str) -> str:
        """Return the line that activates an environment in a shell of this machine's."""
        environment = self._trusted(key)
        path = environment.path
        script = path / "bin" / "activate"
        if script.is_file() and not environment.prefix.kind.of_conda:
            return f". {shlex.quote(str(script))}"
        if environment.prefix.kind is Kind.PIXI and environment.project:
            return f"pixi shell --manifest-path {shlex.quote(str(environment.project))}"
        return f"conda activate {shlex.quote(str(path))}"

    def require_trusted(self, environment: MachineEnvironment) -> None:
        """Raise NotTrusted for a stranger's environment that nobody has said yes to."""
        require_trusted(environment, self.finder.places.folders)

    def trust(self, key: str) -> None:
        """Remember that what is in an environment may run, whoever made it."""
        trust(self._found(key))

    def asked(self, key: str) -> Asked:
        """Return the packages that somebody asked for in an environment; runs nothing."""
        return asked_for(self._found(key).path)

    def environment(self, key: str) -> ProvidedEnvironment:
        """Return one environment as it is listed."""
        return _row(self._found(key), self.kernels.registered().get(key, ()))

    def packages(self, key: str) -> tuple[Package, ...]:
        """Return the packages of an environment, by name."""
        return packages_of(self._found(key).path)

    def preview(self, key: str, request: PackageRequest) -> Changes:
        """Return what `change` would do; asks the index for what is to be added."""
        environment = self._changeable(key, request)
        now = packages_of(environment.path)
        then = {_key(package.name): package for package in now}
        installer = self._installer(environment, lambda _: None)
        for name in request.remove:
            then.pop(_key(name), None)
        for names, upgrade in ((request.add, False), (request.upgrade, True)):
            for sign, name, version in installer.planned(environment.path, names, upgrade) if names else ():
                if sign == "-":
                    then.pop(_key(name), None)
                else:
                    before = next((package for package in now if _key(package.name) == _key(name)), None)
                    shown = before.name if before else name
                    then[_key(name)] = Package(shown, version, "", "", "", None, PackageManager.PIP)
        return compare(now, then.values(), ("", ""), None, None)

    def change(self, key: str, request: PackageRequest, report: Report) -> None:
        """Add, upgrade and remove packages; what has begun is not broken off half-way."""
        environment = self._changeable(key, request)
        installer = self._installer(environment, report)
        if request.remove:
            installer.uninstall(environment.path, request.remove)
        if request.add:
            installer.install(environment.path, request.add)
        if request.upgrade:
            installer.install(environment.path, request.upgrade, upgrade=True)

    def remove(self, key: str) -> None:
        """Remove an environment with its kernels; raises KernelRunning with what runs from it."""
        environment = self._found(key)
        path = environment.path
        shown = shown_path(path, self.finder.places.home)
        if path.resolve() == Path(sys.prefix).resolve() or (path / "condabin").is_dir():
            raise Conflict(f"{shown} cannot be removed: this program or conda itself runs from it.")
        running = sorted(started_from(path))
        if running:
            numbers = ", ".join(map(str, running))
            raise KernelRunning(
                f"{shown} is in use by process {numbers}; shut its kernels and programs down first."
            )
        with os_errors_explained(path.parent):
            if path.is_symlink():  # what it leads to may be somebody else's
                path.unlink()
            else:
                aside = path.with_name(f"{path.name}{STAGED}removed-{os.getpid()}")
                path.rename(aside)
                delete(aside)
        self.kernels.unregister(key)

    def _found(self, key: str) -> MachineEnvironment:
        return self.finder.get(key, self.kernels.prefixes())

    def _trusted(self, key: str) -> MachineEnvironment:
        """Return an environment that may be run; NotTrusted for a stranger's that nobody has said yes to."""
        environment = self._found(key)
        self.require_trusted(environment)
        return environment

    def _changeable(self, key: str, request: PackageRequest) -> MachineEnvironment:
        environment = self._trusted(key)
        for text in (*request.add, *request.upgrade, *request.remove):
            try:
                Requirement(text)
            except InvalidRequirement:
                raise InvalidRequest(f"{text!r} is not a package; write it like numpy or numpy>=2.") from None
        if environment.prefix.kind.of_conda:
            conda = f"conda install --prefix {shlex.quote(printable(str(environment.path)))}"
            tool = "pixi add" if environment.prefix.kind is Kind.PIXI else conda
            raise InvalidRequest(f"{environment.display_name} is changed by its own tool: `{tool}`.")
        return environment

    def _installer(self, environment: MachineEnvironment, report: Report) -> Installer:
        return Installer(environment.path, report, lambda: None, self._uv())


def _key(name: str) -> str:
    return Requirement(name).name.replace("_", "-").replace(".", "-").lower()


def _row(environment: MachineEnvironment, kernels: tuple[Kernel, ...]) -> ProvidedEnvironment:
    prefix = environment.prefix
    return ProvidedEnvironment(
        provider=ID,
        key=environment.key,
        name=environment.name,
        display_name=environment.display_name,
        kind=prefix.kind.value,
        prefix=str(environment.path),
        project=str(environment.project) if environment.project else None,
        python=prefix.python or None,
        problem=prefix.problem,
        kernels=kernels,
    )
