"""Meetings of the PCIO committee, their resolutions, and delegations of the governor's approval."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from dgready.models import NameField
from survey.models.committee import CommitteeMember, CommitteeOrder
from survey.models.instrument import SubPillar
from survey.models.round import Round


class HeldMeetings(models.Manager["Meeting"]):
    """The meetings that are not called off: those that count everywhere but in the list of a round's meetings."""

    def get_queryset(self) -> models.QuerySet[Meeting]:
        """The meetings without those called off."""
        return super().get_queryset().filter(cancelled_at=None)


class Meeting(models.Model):
    """A committee meeting about a round's draft response; concluded once its resolutions are recorded.

    A meeting that was called off is kept, with the papers that were tabled for it.
    """

    class Outcome(models.TextChoices):
        """Outcome of the meeting."""

        ENDORSED = "endorsed", _("เห็นชอบ")
        RETURNED = "returned", _("ส่งกลับ")

    round = models.ForeignKey(Round, models.CASCADE, related_name="meetings")
    number = NameField(_("ครั้งที่"), max_length=20, blank=True)
    held_at = models.DateTimeField(_("วันเวลาประชุม"))
    place = NameField(_("สถานที่"), max_length=300, blank=True)
    agenda = models.TextField(_("ระเบียบวาระ"), max_length=4000, blank=True)
    proceedings = models.TextField(
        _("มติของวาระอื่น"),
        max_length=4000,
        blank=True,
        default="",
        db_default="",
        help_text="what was resolved or said on the parts of the agenda other than the answers, under their headings",
    )
    late_until = models.DateField(_("หน่วยงานเพิ่มเติมได้ถึงวันที่"), null=True, blank=True)
    order = models.ForeignKey(
        CommitteeOrder, models.PROTECT, null=True, blank=True, related_name="+", help_text="in force when concluded"
    )
    quorum = models.PositiveSmallIntegerField(null=True, blank=True, help_text="as the order had it when concluded")
    guests = models.JSONField(default=list, blank=True, help_text="name and office of each who is not a member")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    concluded_at = models.DateTimeField(null=True, blank=True)
    concluded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    outcome = models.CharField(max_length=8, choices=Outcome.choices, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    cancelled_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    objects = HeldMeetings()
    every: models.Manager[Meeting] = models.Manager()

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
    """Attendance of a position at a meeting; nothing is said of it until somebody says it.

    `position` and `name` are those of the day; `member` is the member in the register, where there is one.
    """

    class Presence(models.TextChoices):
        """Whether a member came."""

        CAME = "came", _("มาประชุม")
        REPRESENTED = "represented", _("มีผู้มาแทน")
        ABSENT = "absent", _("ไม่มา")

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="attendance")
    member = models.ForeignKey(CommitteeMember, models.PROTECT, null=True, blank=True, related_name="+")
    position = NameField(_("ตำแหน่ง"), max_length=200)
    name = NameField(_("ชื่อ"), max_length=200, blank=True)
    present = models.BooleanField(_("เข้าประชุม"), null=True, default=None)
    represented = models.BooleanField(_("มีผู้แทน"), default=False)
    substitute_name = NameField(_("ชื่อผู้มาแทน"), max_length=200, blank=True)
    substitute_office = NameField(_("หน่วยงานของผู้มาแทน"), max_length=200, blank=True)
    substitute_post = NameField(_("ตำแหน่งของผู้มาแทน"), max_length=200, blank=True)
    reason = models.CharField(_("เหตุที่ไม่มา"), max_length=300, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "position"], condition=models.Q(member=None), name="attendance_position"
            ),
            models.UniqueConstraint(fields=["meeting", "member"], name="attendance_member"),
        ]

    def __str__(self) -> str:
        return self.position

    @property
    def presence(self) -> str:
        """Whether the member came, one of `Presence`; empty while nothing is recorded."""
        if self.present is None:
            return ""
        if self.present:
            return self.Presence.CAME
        return self.Presence.REPRESENTED if self.represented else self.Presence.ABSENT


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
    document_number = NameField(_("เลขที่คำสั่ง"), max_length=100)
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
