"""kill -9 of the worker, wherever it is."""

from __future__ import annotations

import random
import threading
import time

from conda_store_labext.errors import WorkerDied
from conda_store_labext.models import Step
from conda_store_labext.pipeline.job import Job, Progress
from conda_store_labext.pipeline.worker_process import Worker

from .invariants import Watch, kill
from .points import points
from .upstream import Upstream, interrupt


@points(8)
def test_kill(chance: random.Random, job: Job, upstream: Upstream, watch: Watch) -> None:
    where = chance.choice(("byte", "byte", "step", "time"))
    delay = chance.uniform(0, 0.03)
    step = chance.choice((Step.PREFIX, Step.PUBLISH))
    timer = threading.Timer(chance.uniform(0, 0.5), lambda: kill(watch.processes()))
    if where == "byte":
        at = chance.randrange(len(upstream.body) + 1)
        upstream.faults = [interrupt(at, lambda: kill(watch.processes()), delay)]
    elif where == "time":
        timer.start()

    def look(progress: Progress) -> None:
        if where == "step" and progress.step is step:
            time.sleep(delay / 5)
            kill(watch.processes())

    message = None
    try:
        Worker().run(job, look)
    except WorkerDied as error:
        message = error.message
        assert "was killed" in message
    timer.cancel()
    if timer.is_alive():
        timer.join()
    watch.after(message, ready=0 if message else 1)
    if not message:  # it was faster, or killed between publishing and saying so
        watch.store.remove(watch.store.list()[0].key)
    Worker().run(job)
    watch.after(ready=1)
