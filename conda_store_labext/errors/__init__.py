"""The one root exception and its kinds: a sentence for people, a stable `code` for `extension` and `cli`."""

from __future__ import annotations

from typing import ClassVar


class CondaStoreLabError(Exception):
    """Base class of every error raised on purpose; its sentence says what happened, what to do."""

    code: ClassVar[str] = "internal"

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class InvalidRequest(CondaStoreLabError):
    """The request is malformed: a bad name, number or option."""

    code = "invalid_request"


class NotConfigured(CondaStoreLabError):
    """No conda-store server is configured and no local one is running."""

    code = "not_configured"


class ServerUnreachable(CondaStoreLabError):
    """The conda-store server did not answer: refused, unknown host, bad certificate, cut off."""

    code = "server_unreachable"


class ServerTimeout(ServerUnreachable):
    """The conda-store server took longer to answer than the configured time-out."""

    code = "server_timeout"


class ServerError(CondaStoreLabError):
    """The conda-store server answered with an error of its own, or with something that is not its API."""

    code = "server_error"


class NotAuthenticated(CondaStoreLabError):
    """The server does not know the configured token or password (expired, revoked or mistyped)."""

    code = "not_authenticated"


class Forbidden(CondaStoreLabError):
    """The server knows who asks and says no."""

    code = "forbidden"


class NotFound(CondaStoreLabError):
    """There is no such namespace, environment, build, artifact or local copy."""

    code = "not_found"


class Conflict(CondaStoreLabError):
    """The request conflicts with the current state (locked, building, in use)."""

    code = "conflict"


class HidesPackages(Conflict):
    """What is to be added brings other versions of packages that the environment itself has."""

    code = "hides_packages"


class NotLaunchable(CondaStoreLabError):
    """The build has no archive: still building, failed, deleted, or archives are switched off."""

    code = "not_launchable"


class KernelRunning(Conflict):
    """A kernel of the environment is running, so its files must stay."""

    code = "kernel_running"


class NoKernel(CondaStoreLabError):
    """The environment holds no kernelspec."""

    code = "no_kernel"


class DownloadFailed(CondaStoreLabError):
    """The archive's bytes stopped coming and going on from there did not help."""

    code = "download_failed"


class PackageUnavailable(DownloadFailed):
    """A channel does not give a package of the lockfile, or gives another file under its name."""

    code = "package_unavailable"


class UnsuitableLockfile(InvalidRequest):
    """The lockfile cannot be made an environment here: another platform, no hashes, packages of PyPI."""

    code = "unsuitable_lockfile"


class BadArchive(CondaStoreLabError):
    """The archive is not one, is cut short, or fails its checksum."""

    code = "bad_archive"


class UnsafeArchive(BadArchive):
    """The archive would write outside its folder, or holds what an environment never does."""

    code = "unsafe_archive"


class PrefixTooLong(CondaStoreLabError):
    """The folder's path is longer than the placeholder that it has to replace."""

    code = "prefix_too_long"


class UnusableFolder(CondaStoreLabError):
    """The folder's path holds a character that breaks programs of environments."""

    code = "unusable_folder"


class DiskFull(CondaStoreLabError):
    """The disk or the quota is full."""

    code = "disk_full"


class CacheNotWritable(CondaStoreLabError):
    """The folder that holds the environments cannot be written to."""

    code = "cache_not_writable"


class Cancelled(CondaStoreLabError):
    """Someone asked for it to stop."""

    code = "cancelled"


class WorkerDied(CondaStoreLabError):
    """The process that downloads and extracts ended without a message (killed, out of memory)."""

    code = "worker_died"


class LocalStoreError(CondaStoreLabError):
    """The embedded conda-store could not be set up, started or stopped."""

    code = "local_store"


class BuildFailed(CondaStoreLabError):
    """A build that was waited for failed or was cancelled."""

    code = "build_failed"


class InstallFailed(CondaStoreLabError):
    """A program that makes an environment, or changes its packages, ended with an error."""

    code = "install_failed"


class TimedOut(CondaStoreLabError):
    """The wait ended before the build did."""

    code = "timed_out"


class RepositoryError(CondaStoreLabError):
    """Git failed on a repository, or the repository is more than the limits allow."""

    code = "repository"


class RepositoryUnreachable(RepositoryError):
    """The host of a repository does not answer, or not in time."""

    code = "repository_unreachable"


class RepositoryRefused(RepositoryError):
    """The address is not allowed here, or its host wants credentials that git does not have."""

    code = "repository_refused"


class NotTrusted(CondaStoreLabError):
    """Nobody has said yes so far to running what a stranger's repository or environment brings."""

    code = "not_trusted"
