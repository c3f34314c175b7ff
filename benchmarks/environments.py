"""The environments that are measured, built and packed by a real conda-store of the benchmark's own."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from conda_store_labext.client.client import CondaStoreClient
from conda_store_labext.client.connection import Connection
from conda_store_labext.errors import NotFound
from conda_store_labext.local import LocalServer, LocalSettings
from conda_store_labext.models import BuildDetail

BUILD_SECONDS = 3600
NAMESPACE = "default"
KERNEL = ("python", "ipykernel")
# fmt: off
SCIENCE = (
    "altair", "astropy", "bokeh", "botocore", "dask", "distributed", "h5py", "jupyterlab", "llvmlite",
    "matplotlib", "networkx", "nltk", "numba", "numpy", "pandas", "plotly", "polars", "pyarrow",
    "scikit-image", "scikit-learn", "scipy", "seaborn", "statsmodels", "sympy", "xarray",
)
# fmt: on
# what the next build of the same environment has in addition: some 5 % of it
NEWER = ("faiss-cpu", "grpcio")


@dataclass(frozen=True)
class Specification:
    """An environment by name, and what goes into each of its builds, oldest first."""

    name: str
    builds: tuple[tuple[str, ...], ...]


SMALL = Specification("small", (KERNEL,))
PRESENT = ("comm", "jedi", "packaging", "parso", "psutil", "pygments", "pyzmq", "six", "tornado", "traitlets")
# ten builds that differ, to be fetched at once; the packages named are in each of them anyhow
TEN = Specification(
    "ten",
    tuple((*KERNEL, name) for name in PRESENT),
)
# some half of the big one
HALF = Specification(
    "half",
    (
        (
            *(*KERNEL, "h5py", "jupyterlab", "matplotlib", "networkx", "nltk", "numpy", "pandas", "plotly"),
            *("polars", "pyarrow", "scikit-learn", "scipy", "sympy"),
        ),
    ),
)
BIG = Specification("big", ((*KERNEL, *SCIENCE), (*KERNEL, *SCIENCE, *NEWER)))


@dataclass(frozen=True)
class Built:
    """A running conda-store and the builds in it, by name of environment, oldest first.

    `archives` and `prefixes` are the files of a build on this machine: its archive, and the store's own
    folder of it.
    """

    url: str
    token: str = field(repr=False)
    builds: Mapping[str, tuple[int, ...]]
    archives: Mapping[int, Path]
    prefixes: Mapping[int, Path]


def packages(folder: Path, *, quick: bool) -> tuple[str, ...]:
    """Return what the local channel of a benchmark's folder has."""
    more = () if quick and not (folder / "channels").is_dir() else (*SCIENCE, *NEWER)
    return ("ipykernel", *more)


@contextmanager
def built(folder: Path, *, quick: bool, wanted: tuple[Specification, ...] = ()) -> Iterator[Built]:
    """Run the conda-store in `folder`, build what is not there yet, stop the store at the end."""
    settings = LocalSettings(
        channel="local", packages=packages(folder, quick=quick), channels=folder / "channels"
    )
    store = LocalServer(folder / "store", settings)
    store.start(lambda status: _say(status.message or status.state.value), detach=False)
    try:
        credentials = store.credentials()
        assert credentials is not None
        connection = Connection(credentials.url, auth="token", token=credentials.token)
        client = CondaStoreClient(connection)
        wanted = wanted or ((SMALL,) if quick else (SMALL, BIG, TEN))
        builds = {specification.name: tuple(_builds(client, specification)) for specification in wanted}
        files = {
            number: _files(folder / "store", number) for numbers in builds.values() for number in numbers
        }
        yield Built(
            credentials.url,
            credentials.token,
            builds,
            {number: archive for number, (archive, _) in files.items()},
            {number: prefix for number, (_, prefix) in files.items()},
        )
    finally:
        store.stop()


def _builds(client: CondaStoreClient, wanted: Specification) -> Iterator[int]:
    try:
        builds = [build.id for build in client.builds(NAMESPACE, wanted.name).builds if build.size][::-1]
    except NotFound:
        builds = []
    for at, packages in enumerate(wanted.builds):
        if at < len(builds):
            yield _ended(client, builds[at]).id
            continue
        _say(f"building {wanted.name} ({len(packages)} packages asked for)")
        listed = "".join(f"  - {package}\n" for package in packages)
        text = f"name: {wanted.name}\nchannels:\n  - conda-forge\ndependencies:\n{listed}"
        yield _ended(client, client.create_build(NAMESPACE, text)).id


def _ended(client: CondaStoreClient, number: int) -> BuildDetail:
    deadline = time.monotonic() + BUILD_SECONDS
    while time.monotonic() < deadline:
        build = client.build(number)
        if build.launchable:
            return build
        if build.reason:
            raise SystemExit(f"Build {number} failed: {build.reason}")
        time.sleep(0.5)
    raise SystemExit(f"Build {number} did not end within {BUILD_SECONDS} s.")


def _files(folder: Path, number: int) -> tuple[Path, Path]:
    """Return a build's archive and its folder; conda-store names both <hash>-<time>-<number>-<name>."""
    (archive,) = (folder / "storage" / "archive").glob(f"*-*-{number}-*.tar.gz")
    (prefix,) = (folder / "environments").glob(f"*/*-*-{number}-*/conda-meta")
    return archive, prefix.parent


def _say(what: str) -> None:
    print(f"- {what}", file=sys.stderr, flush=True)
