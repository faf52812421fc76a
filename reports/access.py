"""Fetching jobs, or 404: fetching is the permission check."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404
from django.utils import timezone

from accounts.access import ALL_PROVINCES, province_ids_with_capability, scope_filter
from accounts.models import Agency, User
from accounts.roles import Capability
from nation.releases.embargo import sees_live_figures
from reports.jobs.many import may_have_many
from reports.jobs.queries import with_reader
from reports.models import Job, JobRequest, ReportKind, ReturnedWorkbook
from reports.offline_form.queries import FormPlace
from survey import access
from survey.models import Response, Round

# Whoever holds one of them sees the jobs of everybody in the province.
SEES_ALL_JOBS: Final = (Capability.EXPORT, Capability.ROUND_MANAGE)
_PROVINCE: Final = "response__round__province"
_OF_KINDS: Final = sorted({kind.capability for kind in ReportKind})
_OPENING: Final = sorted({*_OF_KINDS, *SEES_ALL_JOBS, Capability.ENDORSE})


def get_job(user: User, public_id: UUID) -> Job:
    """The job with its response and who asked for it; Http404 unless the person may have such a file of it."""
    job = with_reader(Job.objects.filter(without_others_opinions(user), public_id=public_id), user).first()
    if job is None or not _may_have_file(user, job):
        raise Http404
    return job


def _may_have_file(user: User, job: Job) -> bool:
    """Whether the person may have the file of a job; one about all provinces only as the embargo says."""
    if ReportKind(job.kind).is_of_nation:
        return sees_live_figures(user)
    if job.is_of_many:
        return may_have_many(user, ReportKind(job.kind))
    return job.response is not None and may_access_report(user, job.response, ReportKind(job.kind))


@dataclass(frozen=True, slots=True)
class JobScopes:
    """Where a person holds what opens jobs to them, as a prepared read takes it.

    `held`: of each capability whether everywhere (True), nowhere (False) or in some provinces (None), which are
    `provinces`, a list for each of these.
    """

    by: int
    held: tuple[tuple[Capability, bool | None], ...]
    provinces: tuple[list[int], ...]

    @property
    def values(self) -> tuple[int | list[int], ...]:
        """What is given to the read beside `held`."""
        return self.by, *self.provinces

    @property
    def is_empty(self) -> bool:
        """Whether the person may have no kind of file: a statement that can find nothing is not prepared."""
        return all(where is False for cap, where in self.held if cap in _OF_KINDS)


def job_scopes(user: User) -> JobScopes:
    """Where the person sees jobs."""
    held: list[tuple[Capability, bool | None]] = []
    provinces: list[list[int]] = []
    for cap in _OPENING:
        found = province_ids_with_capability(user, cap)
        if found is ALL_PROVINCES or not found:
            held.append((cap, found is ALL_PROVINCES))
        else:
            held.append((cap, None))
            provinces.append(sorted(found))
    return JobScopes(user.pk, tuple(held), tuple(provinces))


def readable_jobs(by: int, *provinces: list[int], held: tuple[tuple[Capability, bool | None], ...]) -> QuerySet[Job]:
    """The jobs that a person sees (`JobScopes`): their own, and where they export or manage rounds those of everybody.

    Only of kinds of files that the person may have.
    """
    lists = iter(provinces)
    scopes = {cap: _scope(next(lists) if where is None else where) for cap, where in held}
    may_have, everybodys = Q(pk__in=[]), Q(pk__in=[])
    for cap in _OF_KINDS:
        kinds = [kind for kind in ReportKind if kind.capability == cap]
        may_have |= Q(scopes[cap], kind__in=kinds)
    for cap in SEES_ALL_JOBS:
        everybodys |= scopes[cap]
    own = Q(by=by) | Exists(JobRequest.objects.filter(job=OuterRef("pk"), by=by))
    return Job.objects.filter(may_have, _without_others_opinions(by, scopes[Capability.ENDORSE]), everybodys | own)


def _scope(where: list[int] | bool) -> Q:
    if isinstance(where, list):
        return Q(**{f"{_PROVINCE}__in": where})
    # Everywhere is not an empty Q(): Django drops that from an OR, and everything would become nothing.
    return ~Q(pk__in=[]) if where else Q(pk__in=[])


def without_others_opinions(user: User) -> Q:
    """A filter of jobs: papers of a meeting that may print what members think are for who asked and who endorses."""
    return _without_others_opinions(user.pk, scope_filter(user, Capability.ENDORSE, province=_PROVINCE))


def _without_others_opinions(by: int, endorses: Q) -> Q:
    return ~Q(kind__in=[kind for kind in ReportKind if kind.may_print_opinions]) | Q(by=by) | endorses


def may_cancel_job(user: User, job: Job) -> bool:
    """Whether a person may take a job back: who asked for it, and who manages the rounds of its province."""
    return job.is_readers(user) or manages_job(user, job)


def manages_job(user: User, job: Job) -> bool:
    """Whether a person may stop the job of anybody: who manages the rounds of its province; the centre."""
    if job.is_of_many:
        return may_have_many(user, ReportKind(job.kind))
    if job.response is None:
        return ReportKind(job.kind).is_of_nation and sees_live_figures(user)
    return user.has(Capability.ROUND_MANAGE, province_id=job.response.round.province_id)


def may_access_report(user: User, response: Response, kind: ReportKind) -> bool:
    """Whether the person may make and download this kind of file of the response."""
    return not kind.is_of_nation and access.has_response_capability(user, response, kind.capability)


def accessible_report_kinds(user: User, response: Response) -> list[ReportKind]:
    """The kinds of files of the response that the person may have."""
    return [kind for kind in ReportKind if may_access_report(user, response, kind)]


def get_form_place(user: User, code: str, year: int, agency: str = "") -> FormPlace:
    """Whose offline form a person may download and send back: an agency's that they answer for, or the province's."""
    if not agency:
        return FormPlace(access.get_round(user, code, year, Capability.ANSWER_EDIT), None)
    rounds = Round.objects.select_related("province", "instrument").defer("instrument__source")
    round_ = rounds.filter(province__code=code, year=year).first()
    found = Agency.objects.filter(province=round_.province_id, code=agency).first() if round_ else None
    if round_ is None or found is None:
        raise Http404
    if not user.has(Capability.CONTRIBUTION_EDIT, province_id=round_.province_id, agency_id=found.pk):
        raise Http404
    return FormPlace(round_, found)


def get_returned(user: User, place: FormPlace, public_id: UUID) -> ReturnedWorkbook:
    """A workbook that this person sent back to this place; Http404 for another's, and once it has expired."""
    rows = ReturnedWorkbook.objects.filter(round=place.round, agency=place.agency, by=user)
    returned = rows.filter(public_id=public_id, expires_at__gt=timezone.now()).first()
    if returned is None:
        raise Http404
    return returned
