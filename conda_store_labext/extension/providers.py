"""Routes for the providers, their environments, kernels and packages, and for what is being made."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from ..errors import InvalidRequest
from ..models import (
    Changes,
    CreateRequest,
    EnvironmentListing,
    EnvironmentProvider,
    Job,
    Kernel,
    Package,
    PackageRequest,
    ProvidedEnvironment,
    Provider,
)
from ..models.providers import Activator, Check, PackageChanger, Recreator, Report, Truster
from ..notebooks.folder_default import below
from .base import CondaStoreHandler
from .operation import Parameter, operation


@dataclass(frozen=True)
class ProviderList:
    """The providers of environments, in the panel's order."""

    providers: tuple[Provider, ...]


@dataclass(frozen=True)
class RegisterRequest:
    """A kernel to have of an environment; an empty name is the one it had, else the environment's."""

    display_name: str = ""


@dataclass(frozen=True)
class RegisteredKernels:
    """The kernels of an environment, the one to launch first."""

    kernels: tuple[Kernel, ...]


@dataclass(frozen=True)
class EnvironmentPackages:
    """The packages of an environment, by name."""

    packages: tuple[Package, ...]


@dataclass(frozen=True)
class Activation:
    """The line that activates an environment in a terminal's shell."""

    line: str


@dataclass(frozen=True)
class JobList:
    """The jobs under way, and those that ended last."""

    jobs: tuple[Job, ...]


class ProviderHandler(CondaStoreHandler):
    """A route that asks one provider."""

    async def provider(self, name: str) -> EnvironmentProvider:
        """Return the provider of that id."""
        return await self.call(self.services.provider, name)

    async def changer(self, name: str) -> PackageChanger:
        """Return the provider of that id if its environments' packages can be changed one by one."""
        provider = await self.provider(name)
        if not isinstance(provider, PackageChanger):
            raise InvalidRequest("These environments are changed as a whole; edit their specification.")
        return provider

    def place(self, path: str) -> Path:
        """Return where a path of Jupyter's files is on disk; NotFound when it leads out of the root."""
        root = getattr(self.contents_manager, "root_dir", None)
        if not root:
            raise InvalidRequest(
                "Jupyter's files are not on this machine's disk, so nothing can be created there."
            )
        return below(Path(root).resolve(), path)


class ProvidersHandler(ProviderHandler):
    """Every provider."""

    @operation(ProviderList)
    async def get(self) -> ProviderList:
        """List what brings environments."""
        providers = await self.call(lambda: self.services.providers)
        return ProviderList(tuple(provider.about for provider in providers))


class ProvidedEnvironmentsHandler(ProviderHandler):
    """The environments of a provider."""

    @operation(EnvironmentListing, query=(Parameter("folder"),))
    async def get(self, provider: str, folder: str) -> EnvironmentListing:
        """List a provider's environments, those of `folder` (of Jupyter's files) first; runs nothing."""
        chosen = await self.provider(provider)
        has_files = getattr(self.contents_manager, "root_dir", None)
        where = await self.call(self.place, folder) if has_files else None
        return await self.call(chosen.environments, where)

    @operation(Job, status=202, body=CreateRequest)
    async def post(self, provider: str, body: CreateRequest) -> Job:
        """Begin to make an environment in a folder of Jupyter's files, from a file there if one is named."""
        chosen = await self.provider(provider)
        folder = await self.call(self.place, body.folder)
        file = str(await self.call(self.place, body.file)) if body.file else ""
        request = replace(body, folder=str(folder), file=file)

        def work(report: Report, check: Check) -> ProvidedEnvironment:
            return chosen.create(request, report, check)

        return self.services.jobs.start(provider, str(folder), work)


class ProvidedEnvironmentHandler(ProviderHandler):
    """One environment of a provider."""

    @operation()
    async def delete(self, provider: str, key: str) -> None:
        """Remove an environment with its kernels, unless something runs from it."""
        await self.call((await self.provider(provider)).remove, key)


class RecreateHandler(ProviderHandler):
    """An environment whose Python is gone, made anew."""

    @operation(Job, status=202)
    async def post(self, provider: str, key: str) -> Job:
        """Begin to make an environment anew in its place; the old one stays until the new one is whole."""
        chosen = await self.provider(provider)
        if not isinstance(chosen, Recreator):
            raise InvalidRequest("These environments cannot be recreated here.")

        def work(report: Report, check: Check) -> ProvidedEnvironment:
            return chosen.recreate(key, report, check)

        return self.services.jobs.start(provider, key, work)


class ActivationHandler(ProviderHandler):
    """The command that activates a terminal."""

    @operation(Activation)
    async def get(self, provider: str, key: str) -> Activation:
        """Return the line that activates an environment in a terminal's shell; nothing is run."""
        chosen = await self.provider(provider)
        if not isinstance(chosen, Activator):
            raise InvalidRequest("These environments cannot be activated in a terminal.")
        return Activation(await self.call(chosen.activation, key))


class TrustHandler(ProviderHandler):
    """The consent to what a stranger's environment runs."""

    @operation()
    async def post(self, provider: str, key: str) -> None:
        """Remember that what is in an environment may run, which somebody else made."""
        chosen = await self.provider(provider)
        if not isinstance(chosen, Truster):
            raise InvalidRequest("These environments need no consent.")
        await self.call(chosen.trust, key)


class ProvidedKernelsHandler(ProviderHandler):
    """The kernels of an environment."""

    @operation(RegisteredKernels, status=201, body=RegisterRequest)
    async def post(self, provider: str, key: str, body: RegisterRequest) -> RegisteredKernels:
        """Have kernels of an environment for every Jupyter program."""
        chosen = await self.provider(provider)
        return RegisteredKernels(await self.call(chosen.register, key, body.display_name))

    @operation()
    async def delete(self, provider: str, key: str) -> None:
        """Remove the kernels of an environment; the environment stays."""
        await self.call((await self.provider(provider)).unregister, key)


class ProvidedPackagesHandler(ProviderHandler):
    """The packages of an environment."""

    @operation(EnvironmentPackages)
    async def get(self, provider: str, key: str) -> EnvironmentPackages:
        """List the packages of an environment."""
        return EnvironmentPackages(await self.call((await self.provider(provider)).packages, key))

    @operation(Job, status=202, body=PackageRequest)
    async def post(self, provider: str, key: str, body: PackageRequest) -> Job:
        """Begin to add, upgrade and remove packages."""
        chosen = await self.changer(provider)

        def work(report: Report, check: Check) -> None:
            chosen.change(key, body, report)

        return self.services.jobs.start(provider, key, work)


class ProvidedPreviewHandler(ProviderHandler):
    """The outcome that a change of packages would have."""

    @operation(Changes, body=PackageRequest)
    async def post(self, provider: str, key: str, body: PackageRequest) -> Changes:
        """Say what adding, upgrading and removing packages would change; nothing is changed."""
        return await self.call((await self.changer(provider)).preview, key, body)


class JobsHandler(CondaStoreHandler):
    """The jobs that are under way."""

    @operation(JobList)
    async def get(self) -> JobList:
        """List what is being made or changed, and what ended last."""
        return JobList(self.services.jobs.list())


class CancelJobHandler(CondaStoreHandler):
    """A job's end before its time."""

    @operation(Job)
    async def post(self, job: str) -> Job:
        """Ask a job to stop."""
        return self.services.jobs.cancel(job)
