"""From the call to the first reply of a kernel, and adapting an environment to its path."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path

from conda_store_labext.models import LocalCopy
from conda_store_labext.pipeline.prefix import KERNELS

from . import kernels, other_ways, ours, prefixes, records
from .plan import FAST, UNCAPPED, Plan
from .rows import Row, Way

BARE, BARE_COLD = "bare kernel start", "bare download + bare kernel start, 1 Gbit/s"
WARM, IN_PLACE, COLD = "ours, warm", "ours, in place", "ours, cold, 1 Gbit/s"
UNPACK, REWRITE = "conda-unpack", "ours"


def reply_rows(plan: Plan) -> Iterator[Row]:
    """Yield the rows that end with the reply to a first cell."""

    @contextmanager
    def bare(folder: Path) -> Iterator[Callable[[], object]]:
        with _bare_kernel(plan) as reply:
            yield reply

    @contextmanager
    def bare_cold(folder: Path) -> Iterator[Callable[[], object]]:
        with _bare_kernel(plan) as reply:

            def run() -> None:
                other_ways.bare_download(plan.front.archive(FAST, plan.build))
                reply()

            yield run

    yield Row(BARE, bare, (BARE,))
    yield Row(WARM, _launched(plan, UNCAPPED, plan.scratch), (BARE,))
    yield Row(IN_PLACE, _launched(plan, UNCAPPED, in_place=plan.environments), (BARE,), writes=True)
    yield Row(BARE_COLD, bare_cold, (BARE_COLD,))
    yield Row(COLD, _launched(plan, FAST), (BARE_COLD,), writes=True)


def prefix_rows(plan: Plan) -> Iterator[Row]:
    """Yield the rows that adapt many files of the build to a path."""
    plain = records.packed(plan.built.prefixes[plan.build], plan.scratch.parent / "records" / plan.name)

    def way(run: Callable[[Path], object]) -> Way:
        @contextmanager
        def prepared(folder: Path) -> Iterator[Callable[[], object]]:
            prefixes.extract(plain, folder)
            yield lambda: run(folder)

        return prepared

    yield Row(UNPACK, way(prefixes.with_conda_unpack), (UNPACK,))
    yield Row(REWRITE, way(prefixes.ours), (UNPACK,))


def _bare_kernel(plan: Plan) -> AbstractContextManager[Callable[[], None]]:
    """Return what starts the kernel of the kept copy by its own kernelspec, with jupyter_client alone."""
    with plan.manager(UNCAPPED, plan.scratch, ready=False) as made:
        copy = ours.fetch(made, plan.name, plan.build)
    assert copy.prefix is not None
    return kernels.first_reply(Path(copy.prefix) / KERNELS, "python3")


def _launched(plan: Plan, link: str, kept: Path | None = None, in_place: Path | None = None) -> Way:
    """Return the way from the call to the reply, into an empty folder or with what is kept."""

    @contextmanager
    def way(folder: Path) -> Iterator[Callable[[], object]]:
        target = kept or folder
        cold = kept is None and in_place is None
        with ExitStack() as stack:
            made = stack.enter_context(plan.manager(link, target, ready=cold, in_place=in_place))
            if kept:
                ours.fetch(made, plan.name, plan.build)

            def run() -> None:
                copy: LocalCopy = ours.fetch(made, plan.name, plan.build)
                (name,) = (kernel.name for kernel in copy.kernels)
                reply = stack.enter_context(kernels.first_reply(target / ours.KERNELS, name))
                reply()

            yield run

    return way
