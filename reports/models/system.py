"""The installation's own work: its runs, signs of life of its processes, faults of its stored files."""

from __future__ import annotations

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils.translation import gettext_lazy as _


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
