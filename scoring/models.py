"""Scores that are not computed from answers: entered from outside, or published."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Agency, Province
from survey.models import Response, Round

SCORE_RANGE = [MinValueValidator(0), MaxValueValidator(100)]


class ExternalScore(models.Model):
    """A sub-pillar's score that parent departments or DGA give, with its source; one per response."""

    response = models.ForeignKey(Response, models.PROTECT, related_name="external_scores")
    sub_pillar = models.CharField(_("ตัวชี้วัดย่อย"), max_length=20)
    score = models.DecimalField(_("คะแนน (0–100)"), max_digits=5, decimal_places=2, validators=SCORE_RANGE)
    source = models.CharField(_("ที่มา"), max_length=500)
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


class OfficialResult(models.Model):
    """A published figure of a framework year: of a province, of the average, or of the best province."""

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

    class Meta:
        ordering = ["-year", "province", "label", "kind", "code"]
        constraints = [
            models.UniqueConstraint(
                fields=["year", "province", "kind", "code"],
                condition=Q(province__isnull=False),
                name="official_result_province_once",
            ),
            models.UniqueConstraint(
                fields=["year", "label", "kind", "code"],
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


class SchemeVersion(models.Model):
    """A version of a scoring scheme made by fitting, whole. Never changes; rounds name it by its checksum."""

    key = models.CharField(max_length=60)
    year = models.PositiveSmallIntegerField(help_text="Buddhist era")
    version = models.PositiveSmallIntegerField()
    checksum = models.CharField(max_length=64, unique=True)
    text = models.TextField(help_text="the scheme's file")
    fitted_to = models.ForeignKey(Province, models.PROTECT, related_name="+")
    moves = models.JSONField(help_text="which steps were moved from what to what")
    unfitted = models.JSONField(default=list, help_text="sub-pillars that no assumed step explains")
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["-year", "key", "-version"]
        constraints = [models.UniqueConstraint(fields=["key", "version"], name="scheme_version_once")]

    def __str__(self) -> str:
        return f"{self.key} v{self.version}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Adds a version. Raises TypeError for one that is there: it never changes."""
        if self.pk is not None:
            raise TypeError("a version of a scheme never changes")
        super().save(*args, **kwargs)


class Scenario(models.Model):
    """Changes of answers that somebody wanted to see scored, under a name. Never an answer."""

    response = models.ForeignKey(Response, models.CASCADE, related_name="scenarios")
    name = models.CharField(_("ชื่อ"), max_length=120)
    changes = models.JSONField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["response", "name"], name="scenario_named_once"),
            models.CheckConstraint(condition=~Q(name=""), name="scenario_named"),
        ]

    def __str__(self) -> str:
        return self.name


class WorkEffort(models.Model):
    """The effort of one piece of a kind of work in a round, in person-days, where it is not the scheme's own."""

    round = models.ForeignKey(Round, models.CASCADE, related_name="efforts")
    kind = models.CharField(max_length=40)
    effort = models.PositiveSmallIntegerField(validators=[MinValueValidator(1), MaxValueValidator(999)])

    class Meta:
        ordering = ["kind"]
        constraints = [
            models.UniqueConstraint(fields=["round", "kind"], name="work_effort_once"),
            models.CheckConstraint(condition=Q(effort__gte=1), name="work_effort_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.kind}: {self.effort}"


class ActionPlan(models.Model):
    """A plan that was taken up: what it aims at, what it was worth when made, and its actions."""

    response = models.ForeignKey(Response, models.CASCADE, related_name="action_plans")
    name = models.CharField(_("ชื่อแผน"), max_length=120)
    made = models.JSONField(help_text="the plan as it was proposed, without its actions")
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["-made_at", "-pk"]
        constraints = [models.CheckConstraint(condition=~Q(name=""), name="action_plan_named")]

    def __str__(self) -> str:
        return self.name


class PlannedAction(models.Model):
    """An action of a plan: who does it, by when, how far it is."""

    class State(models.TextChoices):
        """How far an action is."""

        TODO = "todo", _("ยังไม่เริ่ม")
        DOING = "doing", _("กำลังทำ")
        DONE = "done", _("เสร็จแล้ว")
        DROPPED = "dropped", _("ยกเลิก")

    plan = models.ForeignKey(ActionPlan, models.CASCADE, related_name="actions")
    order = models.PositiveSmallIntegerField()
    criterion = models.CharField(max_length=80)
    sub_pillar = models.CharField(max_length=20)
    made = models.JSONField(help_text="the action as it was proposed")
    effort = models.PositiveIntegerField()
    gain = models.DecimalField(max_digits=7, decimal_places=4)
    agency = models.ForeignKey(Agency, models.PROTECT, null=True, blank=True, related_name="+")
    owner = models.CharField(_("ผู้รับผิดชอบ"), max_length=120, blank=True)
    due = models.DateField(_("กำหนดเสร็จ"), null=True, blank=True)
    state = models.CharField(_("สถานะ"), max_length=10, choices=State.choices, default=State.TODO)
    note = models.CharField(_("บันทึก"), max_length=500, blank=True)
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    changed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["plan", "order"]
        constraints = [models.UniqueConstraint(fields=["plan", "order"], name="planned_action_order")]

    def __str__(self) -> str:
        return f"{self.order}. {self.criterion}"
