"""Figures kept of each provincial answer, so that pages about all provinces count nothing again."""

from __future__ import annotations

from django.db import models

from accounts.models import Province
from survey.models import Response


class ProvinceFigures(models.Model):
    """What was counted of one provincial answer in one state; counted again when that state is no longer its newest.

    Made from the answer alone, so any row may be deleted: the next count makes it again. `basis` names the state.
    """

    response = models.OneToOneField(Response, models.CASCADE, related_name="figures")
    province = models.ForeignKey(Province, models.CASCADE, related_name="+")
    year = models.PositiveSmallIntegerField(help_text="Buddhist era")
    version = models.PositiveIntegerField(help_text="of the response when it was counted")
    basis = models.CharField(max_length=64, help_text="checksum of scheme and published results it was counted by")
    state = models.CharField(max_length=12, choices=Response.State.choices, help_text="when it was counted")
    counted_at = models.DateTimeField()

    asked = models.PositiveIntegerField(default=0, help_text="fields asked on the path")
    answered = models.PositiveIntegerField(default=0)
    places = models.PositiveIntegerField(default=0, help_text="open places that ask for evidence")
    unproven = models.PositiveIntegerField(default=0, help_text="of these, without anything that counts")
    open_points = models.PositiveIntegerField(default=0, help_text="of the check before submission")
    total = models.DecimalField(max_digits=5, decimal_places=2, null=True, help_text="by the scheme of the round")
    low = models.DecimalField(max_digits=5, decimal_places=2, null=True, help_text="of the 90 % interval")
    high = models.DecimalField(max_digits=5, decimal_places=2, null=True)
    level = models.PositiveSmallIntegerField(null=True)
    scores = models.JSONField(default=dict, help_text="pillars and sub-pillars: score and level")
    facts = models.JSONField(default=dict, help_text="what each block of the national report counts of it")

    class Meta:
        indexes = [models.Index(fields=["year", "province"], name="figures_of_year")]

    def __str__(self) -> str:
        return f"{self.year} {self.province_id}: {self.total}"

    @property
    def progress(self) -> int:
        """Share of answered fields, 0–100, rounded down so that 100 means all."""
        return self.answered * 100 // self.asked if self.asked else 0
