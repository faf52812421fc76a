"""Reads for the page of all jobs: those a person sees, by state."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Count, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import User
from dgready.counted_rows import CountedRows
from dgready.prepared_select import PreparedSelect
from reports.access import JobScopes, readable_jobs
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


def count_by_filter(scopes: JobScopes) -> dict[str, int]:
    """How many jobs each filter shows to a person. One query."""
    by_state = {} if scopes.is_empty else dict(_COUNTS.all(*scopes.values, held=scopes.held))
    return {key: sum(by_state.get(state, 0) for state in states) for key, _label, states in FILTERS}


def job_keys_by_filter(scopes: JobScopes, wanted: str, total: int) -> CountedRows[int]:
    """The keys of the `total` jobs that a person sees, of one filter, newest first. One query for each slice."""
    states = next(states for key, _label, states in FILTERS if key == wanted)

    def read(start: int, stop: int) -> list[int]:
        return [pk for (pk,) in _KEYS.all(*scopes.values, held=scopes.held, states=states, start=start, stop=stop)]

    return CountedRows(total, read)


def shown_jobs(user: User, keys: Iterable[int]) -> list[Job]:
    """The jobs of a page by their keys: what is worked out for each is not worked out for the pages before."""
    wanted = list(keys)
    return _SHOWN.all(wanted, user.pk) if wanted else []


def _keys(*values: Any, states: tuple[JobState, ...], start: int, stop: int, **scopes: Any) -> QuerySet[Job, Any]:
    rows = readable_jobs(*values, **scopes)
    rows = rows.filter(state__in=states) if states != FILTERS[0][2] else rows
    return rows.values_list("pk")[start:stop]


_COUNTS: PreparedSelect[tuple[str, int]] = PreparedSelect(
    lambda *values, **scopes: (
        readable_jobs(*values, **scopes).order_by().values("state").annotate(n=Count("pk")).values_list("state", "n")
    )
)
_KEYS: PreparedSelect[tuple[int]] = PreparedSelect(_keys)
_SHOWN: PreparedSelect[Job] = PreparedSelect(lambda keys, reader: with_reader(Job.objects.filter(pk__in=keys), reader))
