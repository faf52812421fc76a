"""A worker that dies in the middle of a binder: it is made again from the beginning, and is there once."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from django.conf import settings
from django.core.files.storage import default_storage
from django.utils import timezone

from reports import tasks
from reports.handover import binder
from reports.jobs import actions as jobs
from reports.jobs import recovery
from reports.jobs.store import job_folder
from reports.models import Job, JobState, ReportKind
from tests.evidence.conftest import World, pdf


class Killed(BaseException):
    """Ends everything where it is, as a signal does: nobody can catch it and tidy up the row."""


@pytest.mark.slow
@pytest.mark.parametrize("moment", ["write_sheets", "bind_parts"])
def test_a_binder_whose_worker_was_killed_is_made_again_and_once(
    world: World, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    world.answer({"E1": "done"})
    world.mark(world.attach("E1=done", pdf("plan", 2)))
    job = jobs.start_job(by=world.secretary, kind=ReportKind.BINDER, response=world.response)

    def die(*args: Any, **options: Any) -> None:
        raise Killed

    with monkeypatch.context() as deadly:
        deadly.setattr(binder, moment, die)
        with pytest.raises(Killed):
            tasks.run(job.pk)
    job.refresh_from_db()
    assert (job.state, job.stored) == (JobState.RUNNING, "")
    assert (
        jobs.start_job(by=world.secretary, kind=ReportKind.BINDER, response=world.response) == job
    )  # not a second one
    tasks.run(job.pk)  # its message comes again while it may still be alive
    Job.objects.update(beat_at=timezone.now() - jobs.STALE_AFTER - timedelta(seconds=1))
    assert recovery.requeue_lost_jobs() == 1
    for _message in range(2):
        tasks.run(job.pk)
    job.refresh_from_db()
    assert (job.state, job.attempts) == (JobState.DONE, 2)
    assert default_storage.listdir(job_folder(job.public_id))[1] == [Path(job.stored).name]
    with default_storage.open(job.stored) as made, pikepdf.open(made) as pdf_file:
        assert len(pdf_file.pages) == 4  # cover with contents, sheet, two pages
    assert not [path for path in Path(settings.UPLOAD_DIR).iterdir() if path.is_dir() and "binder" in path.name]
