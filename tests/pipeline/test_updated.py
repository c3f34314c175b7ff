"""A program whose package was updated on disk meanwhile says so, whichever side reads it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import pytest

from conda_store_labext.errors import WorkerDied
from conda_store_labext.models.build_ref import BuildRef
from conda_store_labext.pipeline.job import Job
from conda_store_labext.pipeline.worker_process import Worker

SENTENCE = "was updated while this program ran; restart the Jupyter server"


@dataclass(frozen=True)
class OtherJob:
    """A job as another version writes it: with a field more than this one knows, or with one less."""

    job: Job
    more: bool

    @property
    def build(self) -> BuildRef:
        return self.job.build

    @property
    def root(self) -> Path:
        return self.job.root

    def to_line(self) -> str:
        fields = json.loads(self.job.to_line())
        if self.more:
            fields["new"] = 1
        else:
            del fields["limits"]
        return json.dumps(fields) + "\n"


@pytest.mark.parametrize("more", [True, False])
def test_a_job_of_another_version(job: Job, more: bool) -> None:
    with pytest.raises(WorkerDied, match=SENTENCE):
        Worker().run(OtherJob(job, more))


@pytest.mark.parametrize("message", [{"result": {"files": 1}}, {"progress": {"step": "new"}}, {"new": 1}])
def test_an_answer_of_another_version(
    job: Job, message: dict[str, object], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "other_worker.py").write_text(f"print({json.dumps(message)!r}, flush=True)\n")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    with pytest.raises(WorkerDied, match=SENTENCE):
        Worker(module="other_worker").run(job)
