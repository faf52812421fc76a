"""Scenarios, efforts, and plans that were adopted."""

from __future__ import annotations

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Agency
from survey.models import Response, Round


class Droppable(models.Model):
    """What can be dropped and brought back: a dropped row stays, with who dropped it, and shows nowhere."""

    dropped_at = models.DateTimeField(null=True, blank=True)
    dropped_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        abstract = True


class Scenario(Droppable):
    """Changes of answers that somebody wanted to see scored, under a name. Never an answer."""

    response = models.ForeignKey(Response, models.CASCADE, related_name="scenarios")
    name = models.CharField(_("ชื่อ"), max_length=120)
    changes = models.JSONField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["response", "name"], condition=Q(dropped_at__isnull=True), name="scenario_named_once"
            ),
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


class ActionPlan(Droppable):
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
