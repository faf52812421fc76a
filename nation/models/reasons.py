"""Free-text reasons put into a list by the centre, and the rows of answers that it picked for publication."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from accounts.models import Province
from survey.models import Response


class ReasonCode(models.Model):
    """An entry of the list of reasons of a year: what many texts say in their own words."""

    year = models.PositiveSmallIntegerField(help_text="Buddhist era")
    key = models.SlugField(max_length=40, help_text="stable: the same reason has the same key in every year")
    label_th = models.CharField(max_length=200)
    label_en = models.CharField(max_length=200, blank=True)
    order = models.PositiveSmallIntegerField()
    active = models.BooleanField(default=True, help_text="false: taken off the list, kept so that it can be put back")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["order", "pk"]
        constraints = [models.UniqueConstraint(fields=["year", "key"], name="one_code_per_key_and_year")]

    def __str__(self) -> str:
        return f"{self.year} {self.key}"


class CodedReason(models.Model):
    """What a text means: every province that wrote it at this item is counted under its code."""

    year = models.PositiveSmallIntegerField(help_text="Buddhist era")
    item = models.CharField(max_length=120, help_text="id of the item that asks for the reason")
    folded = models.CharField(max_length=400, help_text="the text as reasons are compared (facts/folding.py)")
    code = models.ForeignKey(ReasonCode, models.PROTECT, related_name="texts")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["year", "item", "folded"], name="one_code_per_text")]

    def __str__(self) -> str:
        return f"{self.year} {self.item}: {self.code_id}"


class CodingAct(models.Model):
    """One act of coding, so that it can be undone: per text its code before and after (keys; "" for none)."""

    year = models.PositiveSmallIntegerField(help_text="Buddhist era")
    item = models.CharField(max_length=120)
    changes = models.JSONField(help_text="list of [folded text, key before, key after]")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    undone_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    undone_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["year", "item"], name="coding_acts_of_item")]

    def __str__(self) -> str:
        return f"{self.year} {self.item}: {len(self.changes)}"


class PickedExample(models.Model):
    """A row of a province's answer that the centre publishes as an example: as written, and as published."""

    year = models.PositiveSmallIntegerField(help_text="Buddhist era")
    block = models.CharField(max_length=120, help_text="key of the block of the national report that shows it")
    address = models.CharField(max_length=200, help_text="of the answer, or of the row of a repeating group")
    response = models.ForeignKey(Response, models.CASCADE, related_name="+")
    province = models.ForeignKey(Province, models.CASCADE, related_name="+")
    original = models.TextField(help_text="as the province wrote it when it was picked")
    text = models.TextField(help_text="as published; may be shortened by the centre")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now=True)
    active = models.BooleanField(default=True, help_text="false: taken back, kept so that it can be put back")

    class Meta:
        ordering = ["block", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["year", "block", "response", "address"], name="one_example_per_row")
        ]

    def __str__(self) -> str:
        return f"{self.year} {self.block}: {self.province_id}"
