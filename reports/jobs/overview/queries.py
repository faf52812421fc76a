"""Reads for the page of all jobs: those a person sees, by state."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Count, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import User
from reports.access import readable_jobs
from reports.jobs.queries import with_reader
from reports.models import ACTIVE_STATES, Job, JobState

# The filter: its name in the address, its label, the states it shows.
FILTERS: tuple[tuple[str, str | Promise, tuple[JobState, ...]], ...] = (
    ("", pgettext_lazy("jobs", "ทั้งหมด"), tuple(JobState)),
    ("active", _("รอคิวและกำลังสร้าง"), ACTIVE_STATES),
    ("done", _("เสร็จแล้ว"), (JobState.DONE,)),
    ("failed", _("ไม่สำเร็จ"), (JobState.FAILED,)),
    ("ended", _("ยกเลิกแล้วหรือหมดอายุ"), (JobState.CANCELLED, JobState.EXPIRED)),
)


def job_keys_by_filter(user: User, wanted: str) -> QuerySet[Job, int]:
    """The keys of the jobs that a person sees, of one filter, newest first; an unknown one shows all."""
    rows = readable_jobs(user)
    states = next((states for key, _label, states in FILTERS[1:] if key == wanted), None)
    rows = rows.filter(state__in=states) if states else rows
    return rows.values_list("pk", flat=True)


def shown_jobs(user: User, keys: Iterable[int]) -> QuerySet[Job]:
    """The jobs of a page by their keys: what is worked out for each is not worked out for the pages before."""
    return with_reader(Job.objects.filter(pk__in=list(keys)), user)


def count_by_filter(user: User) -> dict[str, int]:
    """How many jobs each filter shows. One query."""
    counted = readable_jobs(user).order_by().values("state").annotate(n=Count("pk")).values_list("state", "n")
    by_state = dict(counted)
    return {key: sum(by_state.get(state, 0) for state in states) for key, _label, states in FILTERS}
