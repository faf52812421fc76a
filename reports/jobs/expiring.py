"""Sweeping away the files of drafts once they are old; the row stays and says that the file may be asked for anew."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.db.models import Q

from reports.jobs.store import delete_job_file
from reports.models import Job, JobState

MOST_FILES: Final = 5000  # of one night; the rest goes in the next


def sweep_expired_files(now: datetime) -> int:
    """Deletes the files of drafts that are older than JOB_FILE_DAYS. Returns how many.

    A row is marked before its file goes: what is broken off is swept in the next night, and no page offers a file that
    is gone. Errors of the store pass through.
    """
    due = Q(pk__in=[])
    if settings.JOB_FILE_DAYS:
        limit = now - timedelta(days=settings.JOB_FILE_DAYS)
        due = Q(state=JobState.DONE, of_draft=True, finished_at__lt=limit)
    rows = Job.objects.filter(due | (Q(state=JobState.EXPIRED) & ~Q(stored=""))).order_by("pk")
    swept = 0
    for pk, stored in list(rows.values_list("pk", "stored")[:MOST_FILES]):
        Job.objects.filter(due, pk=pk).update(state=JobState.EXPIRED)
        delete_job_file(stored)
        Job.objects.filter(pk=pk, state=JobState.EXPIRED).update(stored="")
        swept += 1
    return swept
