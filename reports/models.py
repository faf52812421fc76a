"""Models of reports: jobs with their progress and file, who downloaded them, and the runs of the system's own work."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.roles import Capability
from dgready.sheets.writing import XLSX

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager


class ReportKind(models.TextChoices):
    """The kinds of report."""

    RESULT = "result", _("ผลประเมินและคำตอบ (PDF)")
    DGA = "dga", _("ไฟล์ Excel สำหรับ สพร.")
    COMMITTEE = "committee", _("เอกสารประกอบการประชุมคณะกรรมการ (PDF)")
    MINUTES = "minutes", _("รายงานการประชุมคณะกรรมการ (PDF)")
    RESOLUTIONS = "resolutions", _("มติที่ประชุมคณะกรรมการ (PDF)")
    CERTIFICATE = "certificate", _("หนังสือรับรองการอนุมัติ (PDF)")
    REASONS = "reasons", _("เหตุผลของคะแนน (PDF)")
    SCORE_SHEET = "score_sheet", _("เหตุผลของคะแนน (Excel)")
    PLAN = "plan", _("แผนปฏิบัติการ (PDF)")
    PLAN_SHEET = "plan_sheet", _("แผนปฏิบัติการ (Excel)")

    @property
    def capability(self) -> Capability:
        """The capability to make and to download it."""
        return Capability.EXPORT if self is ReportKind.DGA else Capability.REPORT_READ

    @property
    def is_of_meeting(self) -> bool:
        """Whether it is asked for from the page of one meeting, and not among the files of a response."""
        return self in (ReportKind.MINUTES, ReportKind.RESOLUTIONS)

    @property
    def is_of_plan(self) -> bool:
        """Whether it is asked for from the page of one action plan, and not among the files of a response."""
        return self in (ReportKind.PLAN, ReportKind.PLAN_SHEET)

    @property
    def is_of_score(self) -> bool:
        """Whether it needs a score, which only the answer of a province has."""
        return self.is_of_plan or self in (ReportKind.REASONS, ReportKind.SCORE_SHEET)

    @property
    def media_type(self) -> str:
        """The media type of its file."""
        if self in (ReportKind.DGA, ReportKind.SCORE_SHEET, ReportKind.PLAN_SHEET):
            return XLSX
        return "application/pdf"


class JobState(models.TextChoices):
    """The states of a job."""

    QUEUED = "queued", _("รอคิว")
    RUNNING = "running", _("กำลังสร้าง")
    DONE = "done", _("เสร็จแล้ว")
    FAILED = "failed", _("ไม่สำเร็จ")
    CANCELLED = "cancelled", _("ยกเลิกแล้ว")


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
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True, blank=True)
    beat_at = models.DateTimeField(null=True, blank=True, help_text="the last sign of life")
    finished_at = models.DateTimeField(null=True, blank=True)
    next_try_at = models.DateTimeField(null=True, blank=True, help_text="of a waiting job: not before")
    waits = models.PositiveSmallIntegerField(default=0, help_text="attempts that ended without a fault of the job")
    waiting_since = models.DateTimeField(null=True, blank=True, help_text="the store has not answered since")

    if TYPE_CHECKING:
        downloads: RelatedManager[Download]

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(state="done") | ~Q(sha256=""), name="job_done_has_file"),
        ]
        indexes = [
            models.Index(fields=["response", "-created_at"], name="job_response"),
            models.Index(fields=["state", "beat_at"], name="job_state"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.public_id}"

    @property
    def is_active(self) -> bool:
        """Whether it waits or runs."""
        return self.state in ACTIVE_STATES

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


class Download(models.Model):
    """A download of a job's file by a person."""

    job = models.ForeignKey(Job, models.PROTECT, related_name="downloads")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.job_id} {self.at:%Y-%m-%d %H:%M}"


class RunKind(models.TextChoices):
    """The kinds of work that the installation does for itself."""

    VERIFY = "verify", _("ตรวจบันทึกเหตุการณ์")
    VERIFY_FILES = "verify_files", _("ตรวจไฟล์ทั้งหมด")
    ANCHOR = "anchor", _("เก็บค่าตรวจสอบไว้นอกฐานข้อมูล")
    BACKUP = "backup", _("สำรองข้อมูล")
    DRILL = "drill", _("ซ้อมกู้คืนข้อมูล")
    SWEEP = "sweep", _("เก็บกวาดไฟล์ที่ค้าง")


class SystemRun(models.Model):
    """One run of the installation's own work, with its outcome; written once, when it has ended."""

    kind = models.CharField(max_length=20, choices=RunKind.choices)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField()
    ok = models.BooleanField()
    detail = models.JSONField(default=dict, blank=True, encoder=DjangoJSONEncoder)

    class Meta:
        ordering = ["-ended_at", "-pk"]
        indexes = [models.Index(fields=["kind", "-ended_at"], name="system_run_kind")]

    def __str__(self) -> str:
        return f"{self.kind} {self.ended_at:%Y-%m-%d %H:%M} {'ok' if self.ok else 'failed'}"


class Heartbeat(models.Model):
    """The last sign of life of a process of the background work; in the database, so that it survives the queue."""

    name = models.CharField(max_length=40, unique=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return f"{self.name} {self.at:%Y-%m-%d %H:%M:%S}"


class FileFault(models.Model):
    """A stored file that was asked for and is missing or altered; `mended_at` once it is the right one again."""

    store = models.CharField(max_length=40, help_text="name of the storage in the settings")
    name = models.CharField(max_length=300, help_text="name in the store")
    expected = models.CharField(max_length=64, help_text="SHA-256 of what was put in")
    found = models.CharField(max_length=64, blank=True, help_text="SHA-256 of what is there; empty: nothing")
    what = models.CharField(max_length=300, blank=True, help_text="as people know it")
    province = models.ForeignKey("accounts.Province", models.CASCADE, null=True, blank=True, related_name="+")
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()
    mended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-last_at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["store", "name"], name="file_fault_once")]

    def __str__(self) -> str:
        return f"{self.store}/{self.name}"
