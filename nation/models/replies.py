"""The right of reply: the window of a year, a province's objections to its result, the centre's decisions."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Province
from evidence.files.names import MAX_NAME_LENGTH
from scoring.models.validators import SCORE_RANGE
from scoring.results.edition_names import name_edition

MAX_GROUND_LENGTH = 4000  # letters of a ground or of a reason: two pages
USER = settings.AUTH_USER_MODEL


class ReplyWindow(models.Model):
    """The days on which the provinces may contest their results of a year, the last one included."""

    year = models.PositiveSmallIntegerField(unique=True, help_text="Buddhist era")
    opens_on = models.DateField(_("เปิดรับวันที่"))
    closes_on = models.DateField(_("วันสุดท้ายที่รับ"))
    set_by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    set_at = models.DateTimeField()

    class Meta:
        ordering = ["-year"]
        constraints = [
            models.CheckConstraint(condition=Q(opens_on__lte=models.F("closes_on")), name="reply_window_order"),
        ]

    def __str__(self) -> str:
        return f"{self.year}: {self.opens_on}–{self.closes_on}"

    def is_open(self, today: date) -> bool:
        """Whether objections are taken on that day."""
        return self.opens_on <= today <= self.closes_on

    def days_left(self, today: date) -> int:
        """Days to go, the last one included."""
        return (self.closes_on - today).days + 1


class Objection(models.Model):
    """A province's objection to one sub-pillar of its published result: one of each in a year.

    `official`: what was published when it was written, with its edition. Never deleted; a withdrawn one may be filed
    again while the window is open.
    """

    class State(models.TextChoices):
        """How far it is."""

        DRAFT = "draft", pgettext_lazy("objection", "ร่าง")
        FILED = "filed", pgettext_lazy("objection", "ยื่นแล้ว รอวินิจฉัย")
        DECIDED = "decided", pgettext_lazy("objection", "วินิจฉัยแล้ว")
        WITHDRAWN = "withdrawn", pgettext_lazy("objection", "ถอนแล้ว")

    province = models.ForeignKey(Province, models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField(help_text="Buddhist era")
    code = models.CharField(max_length=20, help_text="of the sub-pillar")
    official = models.DecimalField(max_digits=5, decimal_places=2, validators=SCORE_RANGE)
    edition = models.PositiveSmallIntegerField(help_text="of the result that is contested")
    ground = models.TextField(_("เหตุผล"), max_length=MAX_GROUND_LENGTH)
    wanted = models.DecimalField(_("คะแนนที่ขอ"), max_digits=5, decimal_places=2, validators=SCORE_RANGE)
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    written_by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    written_at = models.DateTimeField()
    filed_by = models.ForeignKey(USER, models.PROTECT, null=True, blank=True, related_name="+")
    filed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["province__sort_key", "code"]
        constraints = [
            models.UniqueConstraint(fields=["year", "province", "code"], name="objection_once"),
            models.CheckConstraint(condition=Q(wanted__gt=models.F("official")), name="objection_wants_more"),
            models.CheckConstraint(
                condition=Q(state__in=("draft", "withdrawn")) | Q(filed_at__isnull=False, filed_by__isnull=False),
                name="objection_filed_by_someone",
            ),
        ]
        indexes = [models.Index(fields=["year", "state"], name="objection_queue")]

    def __str__(self) -> str:
        return f"{self.year} {self.province_id} {self.code}: {self.state}"

    @property
    def edition_name(self) -> str:
        """The contested edition as people call it."""
        return name_edition(self.edition)


class ObjectionEvidence(models.Model):
    """A file that existed before the cut-off, as it was when it was chosen; `dated`: what proves that."""

    class Source(models.TextChoices):
        """Where it was chosen from."""

        ATTACHMENT = "attachment", _("หลักฐานในคำตอบ")
        LIBRARY = "library", _("คลังเอกสาร")

    objection = models.ForeignKey(Objection, models.CASCADE, related_name="evidence")
    source = models.CharField(max_length=10, choices=Source.choices)
    file = models.ForeignKey("evidence.File", models.PROTECT, related_name="+")
    name = models.CharField(max_length=MAX_NAME_LENGTH)
    dated = models.DateField(help_text="day of attaching, or the date of the document")

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["objection", "file"], name="objection_evidence_once")]

    def __str__(self) -> str:
        return self.name


class ObjectionDecision(models.Model):
    """A decision of the centre; another one is a row of its own, and the newest stands."""

    class Outcome(models.TextChoices):
        """What is decided."""

        UPHELD = "upheld", pgettext_lazy("objection", "รับตามที่ขอ")
        PARTLY = "partly", pgettext_lazy("objection", "รับบางส่วน")
        REFUSED = "refused", pgettext_lazy("objection", "ไม่รับ")

    objection = models.ForeignKey(Objection, models.PROTECT, related_name="decisions")
    number = models.PositiveSmallIntegerField(help_text="of the objection's decisions, the first is 1")
    outcome = models.CharField(max_length=10, choices=Outcome.choices)
    score = models.DecimalField(max_digits=5, decimal_places=2, validators=SCORE_RANGE, help_text="that holds from now")
    reason = models.TextField(max_length=MAX_GROUND_LENGTH)
    edition = models.PositiveSmallIntegerField(null=True, blank=True, help_text="that it made; none: no figure changed")
    by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["objection", "number"]
        constraints = [
            models.UniqueConstraint(fields=["objection", "number"], name="objection_decision_number"),
            models.CheckConstraint(condition=~Q(reason=""), name="objection_decision_reasoned"),
        ]

    def __str__(self) -> str:
        return f"{self.objection_id} {self.number}: {self.outcome}"

    @property
    def edition_name(self) -> str:
        """The edition that it made, as people call it; empty where no figure changed."""
        return "" if self.edition is None else name_edition(self.edition)
