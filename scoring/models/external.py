"""The score of a sub-pillar that is entered, not computed."""

from __future__ import annotations

from decimal import Decimal

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Province
from scoring.models.validators import SCORE_RANGE
from scoring.scheme.marked import mark_score
from survey.models import Response


class ExternalScore(models.Model):
    """A sub-pillar's score that parent departments or DGA give, with its source; one per response."""

    class Origin(models.TextChoices):
        """Whether the score is a result or stands in for one that is not there yet."""

        OFFICIAL = "official", _("แจ้งหรือประกาศผลแล้ว")
        ASSUMED = "assumed", _("ยังไม่มีผล ใช้ค่าที่คาดไว้")

    response = models.ForeignKey(Response, models.PROTECT, related_name="external_scores")
    sub_pillar = models.CharField(_("ตัวชี้วัดย่อย"), max_length=20)
    score = models.DecimalField(_("คะแนน (0–100)"), max_digits=5, decimal_places=2, validators=SCORE_RANGE)
    source = models.CharField(_("ที่มา"), max_length=500)
    method = models.CharField(_("วิธีคำนวณ"), max_length=500, blank=True, default="", db_default="")
    department = models.ForeignKey(
        Province,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="the department whose table it came from; empty where the province or DGA entered it",
    )
    origin = models.CharField(_("เป็นคะแนนที่"), max_length=10, choices=Origin.choices, default=Origin.OFFICIAL)
    dated = models.DateField(_("วันที่ของที่มา"))
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()

    class Meta:
        ordering = ["sub_pillar"]
        constraints = [
            models.UniqueConstraint(fields=["response", "sub_pillar"], name="external_score_once"),
            models.CheckConstraint(condition=Q(score__gte=0, score__lte=100), name="external_score_range"),
            models.CheckConstraint(condition=~Q(source=""), name="external_score_sourced"),
        ]

    def __str__(self) -> str:
        return f"{self.response_id} {self.sub_pillar}: {self.score}"

    @property
    def marked_score(self) -> Decimal:
        """The score with its origin, to be shown."""
        return mark_score(self.score, self.origin)
