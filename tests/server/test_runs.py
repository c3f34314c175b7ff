"""Jobs and visits: begun in a thread, asked after, cancelled, forgotten."""

from __future__ import annotations

import pytest

from conda_store_labext.errors import Cancelled, Conflict, NotFound
from conda_store_labext.extension.jobs import Jobs
from conda_store_labext.extension.runs import KEPT
from conda_store_labext.extension.visits import MOST, VisitRuns
from conda_store_labext.models import Job, WrittenBack
from conda_store_labext.models.providers import Check, Report
from conda_store_labext.repositories.steps import Steps
from tests.stores import PATIENCE, wait_until


def failing(_steps: Steps) -> WrittenBack:
    """Fail as nothing of ours does."""
    _steps.run("clone")
    raise ValueError


def until_cancelled(steps: Steps) -> WrittenBack:
    """Go on until it is cancelled."""
    steps.run("clone")
    assert steps.cancelled.wait(PATIENCE)
    raise Cancelled("It was cancelled; nothing half-done is left.")


def test_a_job_tells_of_its_end_and_one_that_is_cancelled_has_not_failed() -> None:
    told: list[Job] = []
    jobs = Jobs(told.append)

    def work(report: Report, check: Check) -> None:
        report("a line")
        while True:
            check()

    begun = jobs.start("machine", "/project", work)
    with pytest.raises(Conflict):
        jobs.start("machine", "/project", work)
    jobs.cancel(begun.id)
    wait_until(lambda: jobs.get(begun.id).state == "cancelled", PATIENCE)
    wait_until(lambda: bool(told) and told[-1].state == "cancelled", PATIENCE)
    assert (told[-1].error, told[-1].log) == (None, "a line")


def test_a_visit_that_fails_or_is_cancelled_ends_its_steps() -> None:
    visits = VisitRuns()
    for work, code, state in (
        (failing, "internal", "failed"),
        (until_cancelled, "cancelled", "cancelled"),
    ):
        visit = visits.start(work).id
        visits.cancel(visit)
        visits.close()
        ended = visits.get(visit)
        assert ended.error
        assert (ended.error.code, ended.state) == (code, state)
        assert [step.state for step in ended.steps] == ["failed"]


def test_too_many_are_refused_and_closing_ends_them() -> None:
    visits = VisitRuns()
    begun = [visits.start(until_cancelled).id for _ in range(MOST)]
    with pytest.raises(Conflict):
        visits.start(until_cancelled)
    visits.close()
    assert {visits.get(visit).state for visit in begun} == {"cancelled"}


def test_what_ended_long_ago_is_forgotten() -> None:
    visits = VisitRuns()
    first = visits.start(failing).id
    for _ in range(KEPT + 1):
        visits.close()
        visits.start(failing)
    visits.close()
    with pytest.raises(NotFound):
        visits.get(first)
