"""Rounds of a province, the assignments of its agencies, and answers carried over from the year before."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from survey.models.instrument import Instrument, Question, SubPillar

if TYPE_CHECKING:
    from datetime import datetime

    from accounts.models import Province


class SubmissionGuard(models.TextChoices):
    """A condition a round sets for submitting its answer to the governor; one that fails is overridden by a reason.

    Labels are filled in with the words of the respondent (Province.words).
    """

    PARTS_SETTLED = "parts_settled", _("รับงานของหน่วยงานครบทุกส่วนแล้ว")
    COMMITTEE_ENDORSED = "committee_endorsed", _("คณะกรรมการ %(committee)s เห็นชอบแล้ว")
    UNCHANGED = "unchanged", _("คำตอบไม่เปลี่ยนหลังคณะกรรมการเห็นชอบ")


def all_submission_guards() -> list[str]:
    """Every guard, in order: what a new round starts with."""
    return list(SubmissionGuard.values)


class Round(models.Model):
    """A province's survey year: instrument version, evidence period and dates."""

    province = models.ForeignKey("accounts.Province", models.PROTECT, related_name="rounds")
    instrument = models.ForeignKey(Instrument, models.PROTECT, related_name="rounds")
    year = models.PositiveSmallIntegerField(help_text="Buddhist era")
    period_from = models.DateField(_("หลักฐานตั้งแต่วันที่"))
    period_to = models.DateField(_("หลักฐานถึงวันที่"))
    opens_on = models.DateField(_("วันเปิดรอบ"))
    agency_due = models.DateField(_("กำหนดส่งของหน่วยงาน"))
    committee_on = models.DateField(_("วันประชุมคณะกรรมการ PCIO"))
    closes_at = models.DateTimeField(_("ปิดรับการอนุมัติ"))
    escalate_after = models.PositiveSmallIntegerField(
        _("แจ้งหัวหน้าหน่วยงานเมื่อเลยกำหนดส่งกี่วัน"),
        null=True,
        blank=True,
        default=3,
        help_text=_("นับจากกำหนดส่งของแต่ละส่วน เว้นว่างหากไม่ต้องแจ้ง"),
    )
    previous = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="+")
    scheme_sha256 = models.CharField(
        max_length=64, blank=True, help_text="checksum of the version of the scoring scheme; empty: the file's"
    )
    form_moves = models.PositiveSmallIntegerField(
        default=0, db_default=0, help_text="how often it moved to another version of its form"
    )

    submission_guards = models.JSONField(
        default=all_submission_guards, help_text="names of the SubmissionGuards that are on, in their order"
    )

    class Meta:
        ordering = ["-year"]
        constraints = [
            models.UniqueConstraint(fields=["province", "year"], name="round_province_year"),
            models.CheckConstraint(
                condition=models.Q(period_from__lte=models.F("period_to")), name="round_period_order"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.province_id}/{self.year}"

    @classmethod
    def date_label(cls, name: str, respondent: Province) -> str:
        """What a day of a round is called by the people of the respondent."""
        if name == "committee_on":
            return gettext("วันประชุมคณะกรรมการ %(committee)s") % respondent.words
        return str(cls._meta.get_field(name).verbose_name)  # type: ignore[union-attr]

    def is_closed(self, now: datetime) -> bool:
        """Whether the closing time for approval has passed."""
        return now > self.closes_at


class Rasci(models.TextChoices):
    """RASCI role of an agency for a question (domain §7)."""

    RESPONSIBLE = "R", _("รับผิดชอบ (R)")
    ACCOUNTABLE = "A", _("ตรวจและรับรอง (A)")
    SUPPORTIVE = "S", _("สนับสนุน (S)")
    CONSULTED = "C", _("ให้คำปรึกษา (C)")
    INFORMED = "I", _("รับทราบ (I)")


# What a part that was handed in as "nothing to report" is called, before and after it is accepted.
NOTHING_LABEL = pgettext_lazy("state", "ไม่มีข้อมูลจะรายงาน")
NOTHING_ACCEPTED_LABEL = pgettext_lazy("state", "รับแล้ว: ไม่มีข้อมูลจะรายงาน")


class Assignment(models.Model):
    """Assignment of a sub-pillar, question or item to an agency. `if_any`: to answer only if the agency has any.

    Its state changes only through survey.workflow.part_states; "late" and "in progress" are derived from dates and
    answers. "Nothing to report" is handed in with its reason and no answers.
    """

    class State(models.TextChoices):
        """State of an assignment."""

        OPEN = "open", _("รอดำเนินการ")
        SUBMITTED = "submitted", _("ส่งแล้ว")
        RETURNED = "returned", pgettext_lazy("state", "ส่งกลับให้แก้ไข")
        ACCEPTED = "accepted", _("รับแล้ว")
        DECLINED = "declined", pgettext_lazy("state", "แจ้งว่าไม่เกี่ยวข้อง")

    round = models.ForeignKey(Round, models.CASCADE, related_name="assignments")
    agency = models.ForeignKey("accounts.Agency", models.PROTECT, related_name="assignments")
    sub_pillar = models.ForeignKey(SubPillar, models.PROTECT, null=True, blank=True, related_name="+")
    question = models.ForeignKey(Question, models.PROTECT, null=True, blank=True, related_name="assignments")
    item_id = models.CharField(max_length=60, blank=True, help_text="a part of the question")
    role = models.CharField(max_length=1, choices=Rasci.choices, default=Rasci.RESPONSIBLE)
    if_any = models.BooleanField(default=False)
    due = models.DateField(null=True, blank=True)
    note = models.CharField(max_length=500, blank=True)
    state = models.CharField(max_length=12, choices=State.choices, default=State.OPEN)
    state_at = models.DateTimeField(null=True, blank=True)
    state_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    state_note = models.CharField(max_length=1000, blank=True, help_text="why it was declined or returned")
    returned_with = models.PositiveSmallIntegerField(
        default=0, help_text="number of parts that were returned at once for this one reason"
    )
    nothing_reason = models.CharField(max_length=1000, blank=True, help_text="why there is nothing to report")
    evidence_reasons = models.JSONField(
        default=dict, blank=True, help_text="by question: why evidence was missing when it was handed in"
    )
    escalated_at = models.DateTimeField(null=True, blank=True, help_text="when the head of the agency was told")
    suggested = models.ForeignKey(
        "accounts.Agency", models.PROTECT, null=True, blank=True, related_name="+", help_text="who should do it instead"
    )

    class Meta:
        ordering = ["round", "question__order", "agency__sort_key"]
        constraints = [
            models.UniqueConstraint(
                fields=["round", "agency", "question", "item_id", "role"],
                condition=models.Q(question__isnull=False),
                name="assignment_question_once",
            ),
            models.UniqueConstraint(
                fields=["round", "agency", "sub_pillar", "role"],
                condition=models.Q(question__isnull=True),
                name="assignment_sub_pillar_once",
            ),
            models.CheckConstraint(
                condition=models.Q(sub_pillar__isnull=False) | models.Q(question__isnull=False),
                name="assignment_of_something",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agency_id}: {self.question_id or self.sub_pillar_id} {self.role}"

    @property
    def is_handed_in(self) -> bool:
        """Whether it lies with the secretariat: handed in or accepted."""
        return self.state in (self.State.SUBMITTED, self.State.ACCEPTED)

    @property
    def state_label(self) -> str:
        """The state in words; "nothing to report" where it was handed in as that."""
        if not (self.nothing_reason and self.is_handed_in):
            return str(self.State(self.state).label)
        return str(NOTHING_ACCEPTED_LABEL if self.state == self.State.ACCEPTED else NOTHING_LABEL)


class Carried(models.Model):
    """An answer carried over from the year before, to be confirmed; not counted until it is."""

    response = models.ForeignKey("survey.Response", models.CASCADE, related_name="carried")
    question = models.ForeignKey(Question, models.PROTECT, related_name="+")
    relation = models.CharField(max_length=12, help_text="same, reworded, split or merged (the year link)")
    value = models.JSONField(default=dict)
    evidence = models.JSONField(default=list, help_text="attachments of last year: address, file, name, marks")
    from_response = models.ForeignKey("survey.Response", models.PROTECT, related_name="+")
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    taken = models.BooleanField(default=False, help_text="confirmed as this year's answer, not set aside")

    class Meta:
        ordering = ["response", "question__order"]
        constraints = [models.UniqueConstraint(fields=["response", "question"], name="carried_once")]

    def __str__(self) -> str:
        return f"{self.response_id}: {self.question_id} {self.relation}"
