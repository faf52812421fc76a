"""Published figures of a framework year: results of provinces, and how all provinces answered."""

from __future__ import annotations

from decimal import Decimal

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Province
from scoring.models.validators import SCORE_RANGE
from scoring.results.edition_names import name_edition
from scoring.scheme.marked import mark_score


class OfficialResultQuerySet(models.QuerySet["OfficialResult"]):
    """Published figures of every edition; `newest` is what holds today."""

    def newest(self) -> OfficialResultQuerySet:
        """Each figure in its newest edition only: the one place that leaves out what a later edition replaced."""
        # All but few rows are of edition 0, so the look for a later one goes to an index of the few.
        later = OfficialResult.objects.filter(
            Q(province=OuterRef("province")) | ~Q(label=""),
            edition__gt=0,
            year=OuterRef("year"),
            kind=OuterRef("kind"),
            code=OuterRef("code"),
            label=OuterRef("label"),
        )
        return self.filter(~Exists(later.filter(edition__gt=OuterRef("edition"))))


class OfficialResult(models.Model):
    """A published figure of a framework year: of a province, of the average, or of the best province.

    What was published is never written over once it may be contested: a corrected figure is a row of a later edition.
    An edition holds only what it changes; all other figures of the same subject are those of the editions before.
    """

    class Kind(models.TextChoices):
        """What the figure is of."""

        SUB_PILLAR = "sub_pillar", _("ตัวชี้วัดย่อย")
        PILLAR = "pillar", _("ตัวชี้วัด")
        TOTAL = "total", _("คะแนนรวม")

    class Label(models.TextChoices):
        """Subjects that are no single named province."""

        PROVINCE = "", _("จังหวัด")
        AVERAGE = "average", _("ค่าเฉลี่ยทุกจังหวัด")
        BEST = "rank-1", _("จังหวัดอันดับ 1")

    class Origin(models.TextChoices):
        """Where the figure comes from."""

        OFFICIAL = "official", _("ประกาศ")
        RECOVERED = "recovered", _("คำนวณย้อนจากที่ประกาศ")

    year = models.PositiveSmallIntegerField(help_text="framework, Buddhist era")
    province = models.ForeignKey(Province, models.PROTECT, null=True, blank=True, related_name="official_results")
    label = models.CharField(max_length=10, choices=Label.choices, blank=True)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    code = models.CharField(max_length=20)
    score = models.DecimalField(max_digits=5, decimal_places=2, validators=SCORE_RANGE)
    rank = models.PositiveSmallIntegerField(null=True, blank=True)
    level = models.PositiveSmallIntegerField(null=True, blank=True)
    origin = models.CharField(max_length=10, choices=Origin.choices)
    source = models.CharField(max_length=500)
    edition = models.PositiveSmallIntegerField(
        default=0, db_default=0, help_text="0: as first published (1.0), 1: result 1.1 of this subject, and so on"
    )

    objects = OfficialResultQuerySet.as_manager()

    class Meta:
        ordering = ["-year", "province", "label", "kind", "code", "edition"]
        indexes = [
            models.Index(fields=["year", "kind", "code"], name="official_result_later", condition=Q(edition__gt=0)),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["year", "province", "kind", "code", "edition"],
                condition=Q(province__isnull=False),
                name="official_result_province_once",
            ),
            models.UniqueConstraint(
                fields=["year", "label", "kind", "code", "edition"],
                condition=Q(province__isnull=True),
                name="official_result_label_once",
            ),
            models.CheckConstraint(
                condition=Q(province__isnull=False, label="") | (Q(province__isnull=True) & ~Q(label="")),
                name="official_result_one_subject",
            ),
            models.CheckConstraint(condition=Q(score__gte=0, score__lte=100), name="official_result_range"),
        ]

    def __str__(self) -> str:
        return f"{self.year} {self.province_id or self.label} {self.kind} {self.code}: {self.score}"

    @property
    def marked_score(self) -> Decimal:
        """The score with its origin, to be shown."""
        return mark_score(self.score, self.origin)

    @property
    def edition_name(self) -> str:
        """The edition as people call it."""
        return name_edition(self.edition)

    @property
    def subject(self) -> str:
        """Whose figure it is: "province", "average" or "rank-1"."""
        return self.label or "province"


class Benchmark(models.Model):
    """A national figure of a framework year: how many of those asked gave an answer or stand at a level."""

    class Kind(models.TextChoices):
        """What the figure is about."""

        RESPONSE = "response", _("การตอบแบบสำรวจ")
        PILLAR = "pillar", _("ตัวชี้วัด")
        SUB_PILLAR = "sub_pillar", _("ตัวชี้วัดย่อย")
        QUESTION = "question", _("ข้อคำถาม")

    class Relation(models.TextChoices):
        """How it is linked to what the form of `linked_year` asks."""

        NONE = "", _("ไม่ได้เชื่อม")
        SAME = "same", _("เหมือนเดิม")
        REWORDED = "reworded", _("ถ้อยคำเปลี่ยน")
        SPLIT = "split", _("แยกเป็นหลายข้อ")
        MERGED = "merged", _("รวมหลายข้อ")
        DROPPED = "dropped", _("ไม่มีแล้ว")

    year = models.PositiveSmallIntegerField(help_text="framework, Buddhist era")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    code = models.CharField(max_length=20, blank=True)
    option = models.CharField(max_length=60)
    linked_year = models.PositiveSmallIntegerField(null=True, blank=True)
    linked = models.JSONField(default=list, help_text="codes or items of linked_year")
    relation = models.CharField(max_length=10, choices=Relation.choices, blank=True)
    label_th = models.CharField(max_length=300)
    label_en = models.CharField(max_length=300)
    percent = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True, validators=SCORE_RANGE)
    count = models.PositiveIntegerField(null=True, blank=True)
    base = models.PositiveIntegerField(null=True, blank=True, help_text="of how many")
    unit = models.CharField(max_length=20)
    origin = models.CharField(max_length=10, choices=OfficialResult.Origin.choices)
    source = models.CharField(max_length=500)
    note = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["-year", "kind", "code", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["year", "kind", "code", "option"], name="benchmark_once"),
            models.CheckConstraint(
                condition=Q(percent=None) | Q(percent__gte=0, percent__lte=100), name="benchmark_range"
            ),
            models.CheckConstraint(
                condition=Q(percent__isnull=False) | Q(count__isnull=False), name="benchmark_figure"
            ),
            models.CheckConstraint(condition=~Q(source=""), name="benchmark_sourced"),
        ]

    def __str__(self) -> str:
        return f"{self.year} {self.kind} {self.code} {self.option}: {self.percent}"
