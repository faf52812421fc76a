"""Meetings of the PCIO committee, their resolutions, and delegations of the governor's approval."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from survey.models.instrument import SubPillar
from survey.models.round import Round


class Meeting(models.Model):
    """A committee meeting about a round's draft response; concluded once its resolutions are recorded."""

    class Outcome(models.TextChoices):
        """Outcome of the meeting."""

        ENDORSED = "endorsed", _("เห็นชอบ")
        RETURNED = "returned", _("ส่งกลับ")

    round = models.ForeignKey(Round, models.CASCADE, related_name="meetings")
    number = models.CharField(_("ครั้งที่"), max_length=20, blank=True)
    held_at = models.DateTimeField(_("วันเวลาประชุม"))
    place = models.CharField(_("สถานที่"), max_length=300, blank=True)
    agenda = models.TextField(_("ระเบียบวาระ"), max_length=4000, blank=True)
    late_until = models.DateField(_("หน่วยงานเพิ่มเติมได้ถึงวันที่"), null=True, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    concluded_at = models.DateTimeField(null=True, blank=True)
    concluded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    outcome = models.CharField(max_length=8, choices=Outcome.choices, blank=True)

    class Meta:
        ordering = ["round", "held_at"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(concluded_at=None, outcome="") | models.Q(concluded_at__isnull=False),
                name="meeting_outcome_when_concluded",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.round_id} {self.held_at:%Y-%m-%d}"


class Attendance(models.Model):
    """Attendance of a position at a meeting."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="attendance")
    position = models.CharField(_("ตำแหน่ง"), max_length=200)
    present = models.BooleanField(_("เข้าประชุม"), default=True)
    represented = models.BooleanField(_("มีผู้แทน"), default=False)

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["meeting", "position"], name="attendance_position")]

    def __str__(self) -> str:
        return self.position


class Resolution(models.Model):
    """The committee's resolution on a sub-pillar."""

    class Decision(models.TextChoices):
        """The committee's decision."""

        ENDORSE = "endorse", _("เห็นชอบ")
        CHANGES = "changes", _("เห็นชอบโดยให้แก้ไข")
        RETURN = "return", _("ส่งกลับ")

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="resolutions")
    sub_pillar = models.ForeignKey(SubPillar, models.PROTECT, related_name="+")
    decision = models.CharField(max_length=8, choices=Decision.choices)
    note = models.CharField(max_length=1000, blank=True)

    class Meta:
        ordering = ["meeting", "sub_pillar__pillar__order", "sub_pillar__order"]
        constraints = [models.UniqueConstraint(fields=["meeting", "sub_pillar"], name="resolution_once")]

    def __str__(self) -> str:
        return f"{self.sub_pillar_id}: {self.decision}"


class Delegation(models.Model):
    """Delegation of the governor's approval to a delegate for some days, by a document."""

    province = models.ForeignKey("accounts.Province", models.PROTECT, related_name="delegations")
    delegate = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    starts_on = models.DateField(_("ตั้งแต่วันที่"))
    ends_on = models.DateField(_("ถึงวันที่"))
    document_number = models.CharField(_("เลขที่คำสั่ง"), max_length=100)
    document = models.FileField(_("คำสั่ง (PDF)"), upload_to="delegations/")
    document_sha256 = models.CharField(max_length=64)
    membership = models.OneToOneField(
        "accounts.Membership", models.PROTECT, related_name="delegation", help_text="the role given for these days"
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["province", "-starts_on"]
        constraints = [
            models.CheckConstraint(condition=models.Q(starts_on__lte=models.F("ends_on")), name="delegation_order"),
        ]

    def __str__(self) -> str:
        return f"{self.province_id}: {self.delegate_id} {self.starts_on}–{self.ends_on}"
