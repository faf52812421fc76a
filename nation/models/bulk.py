"""One act for many provinces: what was asked, and what became of it in each province."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Province


class BulkAct(models.Model):
    """An act of the centre for many provinces: first a preview, then started once, then done.

    `digest`: of what the preview showed; what would be done otherwise is not done. `beat_at`: last sign of life of
    whoever does it; without one for a while another worker goes on. An act that was started stays.
    """

    class Kind(models.TextChoices):
        """What is done in each province."""

        OPEN = "open", _("เปิดรอบ")
        CLOSES = "closes", _("เปลี่ยนวันปิดหรือขยายเวลา")
        CLOSE = "close", _("ปิดรอบเดี๋ยวนี้")
        REMIND = "remind", _("เตือนฝ่ายเลขานุการ")
        MESSAGE = "message", _("ส่งข้อความ")
        IMPORT = "import", _("นำเข้าหน่วยงานและผู้ใช้")
        SCORES = "scores", _("รับคะแนนจากตารางของกรม")
        BACK = "back", _("คืนค่าเดิม")

    kind = models.CharField(max_length=10, choices=Kind.choices)
    year = models.PositiveSmallIntegerField(help_text="Buddhist era")
    params = models.JSONField(default=dict, help_text="dates, reason, text: the same for all provinces")
    digest = models.CharField(max_length=64, help_text="of what the preview showed")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True, blank=True)
    beat_at = models.DateTimeField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    undoes = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="undone_by")

    class Meta:
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["year", "started_at"], name="bulk_act_of_year"),
            models.Index(fields=["beat_at"], condition=models.Q(done_at=None), name="bulk_act_unfinished"),
        ]

    def __str__(self) -> str:
        return f"{self.pk} {self.kind} {self.year}"

    @property
    def is_running(self) -> bool:
        """Whether it was started and is not done."""
        return self.started_at is not None and self.done_at is None


class BulkStep(models.Model):
    """An act in one province. Its state changes in the transaction that does it, so that it is never done twice."""

    class State(models.TextChoices):
        """What became of it."""

        WAITING = "waiting", pgettext_lazy("bulk act", "รอทำ")
        LEFT_OUT = "left_out", pgettext_lazy("bulk act", "ไม่ทำ")
        DONE = "done", pgettext_lazy("bulk act", "ทำแล้ว")
        FAILED = "failed", pgettext_lazy("bulk act", "ทำไม่ได้")

    act = models.ForeignKey(BulkAct, models.CASCADE, related_name="steps")
    province = models.ForeignKey(Province, models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    reason = models.CharField(max_length=40, blank=True, help_text="key of why it is left out or failed")
    said = models.CharField(max_length=500, blank=True, help_text="what the refused act said")
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["act", "province__sort_key"]
        constraints = [models.UniqueConstraint(fields=["act", "province"], name="bulk_step_once")]

    def __str__(self) -> str:
        return f"{self.act_id} {self.province_id} {self.state}"
