"""The environment of a visit on its way: built, fetched or made, with its steps for whoever looks on."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from ..copies.copies import Copies
from ..copies.services import Services
from ..errors import Cancelled, InvalidRequest, NotFound
from ..models import BuildDetail, BuildStatus, CopyState, LocalCopy, OpenRequest
from ..store.trust import TrustFile
from .building import begin_build, end_build, plan_build, wait_for_build
from .choice import Choice
from .look import Look
from .steps import Steps
from .venv import MadeVenv, make_venv

LOOK_AGAIN = 0.2  # seconds


class Preparation:
    """Has the environment that was chosen here; raises Cancelled when the steps are."""

    def __init__(self, services: Services, steps: Steps) -> None:
        self._services = services
        self._steps = steps

    def built(self, look: Look, request: OpenRequest) -> Choice:
        """Return the choice with an environment, built if that was said yes to."""
        choice, manifest = look.choice, look.manifest
        if choice.job is not None and choice.here is None and manifest is not None:
            if not request.build:
                raise InvalidRequest(f"{choice.message} Say that they are to be downloaded.")
            TrustFile().add(packages=manifest.packages)
        if choice.venv is not None and not choice.venv.is_here:
            if not request.build:
                raise InvalidRequest(f"{choice.message} Say that it is to be made.")
            TrustFile().add(packages=choice.venv.packages)
        if choice.reference is not None or choice.venv is not None:
            return choice
        if choice.target is None or manifest is None:
            raise NotFound(choice.message)
        if not request.build and choice.building is None:
            raise InvalidRequest(f"{choice.message} Say that it is to be built.")
        self._steps.run("build")
        client = self._services.upstream.client()
        client.require_authenticated()
        begun = None
        if choice.building is None:
            plan = plan_build(manifest, client)
            begun = begin_build(client, plan, choice.target, str(look.address))
        self._steps.build_id = build_id = choice.building or begun or 0

        def tell(build: BuildDetail) -> None:
            packing = build.status is BuildStatus.COMPLETED
            stage = "packing" if packing else client.build_log(build_id).stage
            self._steps.run("build", "queued" if build.status is BuildStatus.QUEUED else stage or "")

        try:
            wait_for_build(client, build_id, self._steps.cancelled, tell)
        except Cancelled:
            if begun:
                end_build(client, begun)
            raise
        self._steps.done("build")
        return replace(choice, reference=replace(choice.target, build_id=build_id))

    def made(self, choice: Choice, folder: Path) -> MadeVenv:
        """Return the environment of this machine that was chosen, made if it is not there."""
        assert choice.venv is not None

        def check() -> None:
            if self._steps.cancelled.is_set():
                raise Cancelled("It was cancelled; nothing half-done is left.")

        self._steps.run("make")
        made = make_venv(
            self._services, folder, choice.venv, lambda line: self._steps.run("make", line), check
        )
        self._steps.done("make")
        return made

    def fetched(self, choice: Choice) -> LocalCopy:
        """Return the copy of a choice, fetched if it is not here; left where nobody waits for it any more."""
        self._steps.run("fetch")
        services = self._services
        if choice.here is not None:
            copy = Copies(services.store, services.registry).launchable(choice.here)
        else:
            assert choice.reference is not None
            manager, who = services.manager, object()
            job = choice.job
            copy = manager.start_file(job, who=who) if job else manager.start(choice.reference, who=who)
            while copy.state in (CopyState.WAITING, CopyState.RUNNING):
                share = 100 * copy.bytes_done // copy.bytes_total if copy.bytes_total else None
                self._steps.run("fetch", copy.step.value if copy.step else "", share)
                if self._steps.cancelled.wait(LOOK_AGAIN):
                    manager.leave(copy.key, who)
                    raise Cancelled("It was cancelled; nothing half-done is left.")
                copy = manager.get(copy.key)
            copy = manager.wait(copy.key)
        self._steps.done("fetch")
        return copy
