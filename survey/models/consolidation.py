"""Consolidation of contributions into provincial answers: method, sources, and who decided why."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from survey.models.instrument import Question
from survey.models.response import Response


class Consolidation(models.Model):
    """The current decision on how contributions became the provincial answer to a question; older ones are events."""

    class Method(models.TextChoices):
        """Method of consolidation."""

        TAKE = "take", _("ใช้ของหน่วยงานเดียว")
        AGREED = "agreed", _("ทุกหน่วยงานตอบตรงกัน")
        MERGE = "merge", _("รวมจากหลายหน่วยงาน")
        EDIT = "edit", _("แก้ไขโดยฝ่ายเลขานุการ")

    response = models.ForeignKey(Response, models.CASCADE, related_name="consolidations")
    question = models.ForeignKey(Question, models.PROTECT, related_name="+")
    method = models.CharField(max_length=8, choices=Method.choices)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    note = models.CharField(max_length=1000, blank=True)
    revision = models.PositiveIntegerField(default=0, help_text="of the provincial answer this made")
    choices = models.JSONField(default=dict, help_text="the choices with which the next decision begins")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["response", "question"], name="consolidation_once")]

    def __str__(self) -> str:
        return f"{self.response_id}: {self.question_id} {self.method}"


class ConsolidationSource(models.Model):
    """A contribution considered for a provincial answer, at its revision then; a higher revision now means a change.

    `addresses` is empty for a contribution that was considered and not used.
    """

    consolidation = models.ForeignKey(Consolidation, models.CASCADE, related_name="sources")
    contribution = models.ForeignKey(Response, models.PROTECT, related_name="+")
    revision = models.PositiveIntegerField()
    addresses = models.JSONField(default=list, help_text="what was taken from it")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["consolidation", "contribution"], name="consolidation_source_once"),
        ]

    def __str__(self) -> str:
        return f"{self.consolidation_id} ← {self.contribution_id}@{self.revision}"
