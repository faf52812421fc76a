"""Jobs with their progress and file, who asked for them, who downloaded them."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.respondents import RespondentKind
from reports.models.kinds import ReportKind

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager

    from accounts.models import User


class JobState(models.TextChoices):
    """The states of a job."""

    QUEUED = "queued", _("รอคิว")
    RUNNING = "running", _("กำลังสร้าง")
    DONE = "done", _("เสร็จแล้ว")
    FAILED = "failed", _("ไม่สำเร็จ")
    CANCELLED = "cancelled", _("ยกเลิกแล้ว")
    EXPIRED = "expired", _("หมดอายุ")


LONG_WAIT = timedelta(minutes=1)  # from then on the page of a job offers to ask again
ACTIVE_STATES = (JobState.QUEUED, JobState.RUNNING)


class Job(models.Model):
    """A report made in the background: progress and file. Changes only by conditional updates (reports.jobs)."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=20, choices=ReportKind.choices)
    response = models.ForeignKey("survey.Response", models.PROTECT, null=True, blank=True, related_name="jobs")
    province = models.ForeignKey("accounts.Province", models.PROTECT, null=True, blank=True, related_name="jobs")
    params = models.JSONField(default=dict, blank=True)
    state = models.CharField(max_length=10, choices=JobState.choices, default=JobState.QUEUED)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    message = models.CharField(max_length=500, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    file_name = models.CharField(max_length=200, blank=True, help_text="as downloaded")
    stored = models.CharField(max_length=200, blank=True, help_text="name in the store")
    size = models.PositiveBigIntegerField(default=0, help_text="bytes")
    sha256 = models.CharField(max_length=64, blank=True)
    version = models.PositiveSmallIntegerField(null=True, blank=True, help_text="number of the approved version in it")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True, blank=True)
    beat_at = models.DateTimeField(null=True, blank=True, help_text="the last sign of life")
    finished_at = models.DateTimeField(null=True, blank=True)
    next_try_at = models.DateTimeField(null=True, blank=True, help_text="of a waiting job: not before")
    waits = models.PositiveSmallIntegerField(default=0, help_text="attempts that ended without a fault of the job")
    waiting_since = models.DateTimeField(null=True, blank=True, help_text="the store has not answered since")
    request_key = models.CharField(max_length=64, blank=True, db_default="", help_text="of reports.jobs.sameness")
    of_draft = models.BooleanField(default=False, db_default=False, help_text="its file goes after JOB_FILE_DAYS")
    cancelled_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    # Set by reports.jobs.queries.with_reader.
    queue_place: int | None = None
    askers: int = 0
    reader_asks: bool = False
    reader_left: bool = False
    voided_at: datetime | None = None

    if TYPE_CHECKING:
        downloads: RelatedManager[Download]
        requests: RelatedManager[JobRequest]

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(state="done") | ~Q(sha256=""), name="job_done_has_file"),
            models.UniqueConstraint(
                fields=["request_key"],
                condition=Q(state__in=["queued", "running"]) & ~Q(request_key=""),
                name="job_active_request_once",
            ),
        ]
        indexes = [
            models.Index(fields=["response", "-created_at"], name="job_response"),
            models.Index(fields=["state", "beat_at"], name="job_state"),
            models.Index(fields=["request_key"], name="job_request_key", condition=~Q(request_key="")),
            models.Index(fields=["-created_at", "-id"], name="job_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.public_id}"

    @property
    def kind_label(self) -> str:
        """What the file is, in words of the respondent it is about. One query where its round was not read."""
        respondent = self.response.round.province.kind if self.response else RespondentKind.PROVINCE
        label = ReportKind(self.kind).label_for(respondent)
        return f"{label} · {self.place_of_many}" if self.is_of_many else label

    @property
    def is_of_many(self) -> bool:
        """Whether it makes one ZIP of the files of many provinces (reports.jobs.many)."""
        return self.response_id is None and "codes" in self.params

    @property
    def place_of_many(self) -> str:
        """How many provinces a ZIP is of."""
        count = len(self.params["codes"])
        return ngettext("%(n)d จังหวัด", "%(n)d จังหวัด", count) % {"n": count}

    @property
    def holds_everything(self) -> bool:
        """Whether its download asks for the second factor again."""
        return ReportKind(self.kind).holds_everything

    @property
    def is_active(self) -> bool:
        """Whether it waits or runs."""
        return self.state in ACTIVE_STATES

    def is_readers(self, reader: User) -> bool:
        """Whether the person that `with_reader` was about asked for it, be it that they took themselves off."""
        return self.by_id == reader.pk or self.reader_asks or self.reader_left

    @property
    def waits_for_turn(self) -> bool:
        """Whether it is made again later, whatever the reason."""
        return self.state == JobState.QUEUED and self.next_try_at is not None

    @property
    def waits_for_store(self) -> bool:
        """Whether it is made again later because the file store did not answer."""
        return self.state == JobState.QUEUED and self.waiting_since is not None and self.next_try_at is not None

    @property
    def may_be_asked_again(self) -> bool:
        """Whether asking again may help: it ended without a file, waits for the store, or takes longer than usual."""
        if self.state == JobState.DONE or self.waits_for_store:
            return self.waits_for_store
        return not self.is_active or self.created_at < timezone.now() - LONG_WAIT

    @property
    def percent(self) -> int:
        """Progress in per cent, 0–100."""
        return min(100, self.done * 100 // self.total) if self.total else 0

    @property
    def kept_until(self) -> datetime | None:
        """When the file of a draft is swept away; None for one that stays."""
        if not self.of_draft or self.finished_at is None or not settings.JOB_FILE_DAYS:
            return None
        return self.finished_at + timedelta(days=settings.JOB_FILE_DAYS)


class JobRequest(models.Model):
    """A person who asked for the file of a job; `left_at` once they took themselves off."""

    job = models.ForeignKey(Job, models.CASCADE, related_name="requests")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    left_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["at", "pk"]
        constraints = [models.UniqueConstraint(fields=["job", "by"], name="job_request_once")]

    def __str__(self) -> str:
        return f"{self.job_id} {self.by_id}"


class Download(models.Model):
    """A download of a job's file by a person."""

    job = models.ForeignKey(Job, models.PROTECT, related_name="downloads")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.job_id} {self.at:%Y-%m-%d %H:%M}"
