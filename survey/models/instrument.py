"""Stored instruments: the content of the reviewed file, and rows that answers and assignments refer to."""

from __future__ import annotations

from django.db import models

from accounts.respondents import RespondentKind
from dgready.language import reader_language


class Instrument(models.Model):
    """One version of a year's instrument; never changes once published."""

    key = models.CharField(max_length=60)
    year = models.PositiveSmallIntegerField(help_text="Buddhist era")
    version = models.PositiveSmallIntegerField()
    title_th = models.CharField(max_length=300)
    title_en = models.CharField(max_length=300)
    checksum = models.CharField(max_length=64)
    source = models.JSONField(help_text="the file's content")
    respondents = models.CharField(
        max_length=10,
        choices=RespondentKind.choices,
        default=RespondentKind.PROVINCE,
        db_default=RespondentKind.PROVINCE,
        help_text="who answers it, as the file says",
    )
    period_from = models.DateField()
    period_to = models.DateField()
    published_at = models.DateTimeField(null=True, blank=True)
    official_checksum = models.CharField(
        max_length=64,
        blank=True,
        default="",
        help_text="of the official wording attached to it; what is compiled follows",
    )
    links_checksum = models.CharField(
        max_length=64,
        blank=True,
        default="",
        help_text="of the published links into this form that are stored; what is compiled follows",
    )

    class Meta:
        ordering = ["-year", "key", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["key", "year", "version"], name="instrument_key_year_version"),
        ]

    def __str__(self) -> str:
        return f"{self.key} {self.year} v{self.version}"

    @property
    def scheme_key(self) -> str:
        """The key of the scoring scheme for this instrument."""
        return f"{self.key}-{self.year}"


class _Named(models.Model):
    """Abstract model with a Thai and an English name, and an order."""

    name_th = models.CharField(max_length=300)
    name_en = models.CharField(max_length=300)
    order = models.PositiveSmallIntegerField()

    class Meta:
        abstract = True

    @property
    def name(self) -> str:
        """The name in the language of the reader."""
        return self.name_en if reader_language() == "en" else self.name_th


class Pillar(_Named):
    """A pillar of an instrument version."""

    instrument = models.ForeignKey(Instrument, models.CASCADE, related_name="pillars")
    number = models.CharField(max_length=10)

    class Meta:
        ordering = ["order"]
        constraints = [models.UniqueConstraint(fields=["instrument", "number"], name="pillar_number")]

    def __str__(self) -> str:
        return f"{self.number} {self.name_th}"


class SubPillar(_Named):
    """A sub-pillar, or a part of one."""

    pillar = models.ForeignKey(Pillar, models.CASCADE, related_name="sub_pillars")
    parent = models.ForeignKey("self", models.CASCADE, null=True, blank=True, related_name="parts")
    code = models.CharField(max_length=20)

    class Meta:
        ordering = ["order"]
        constraints = [models.UniqueConstraint(fields=["pillar", "code"], name="sub_pillar_code")]

    def __str__(self) -> str:
        return f"{self.code} {self.name_th}"


class Question(models.Model):
    """An item that owns an answer row; its content is in the compiled instrument."""

    instrument = models.ForeignKey(Instrument, models.CASCADE, related_name="questions")
    sub_pillar = models.ForeignKey(SubPillar, models.CASCADE, null=True, blank=True, related_name="questions")
    item_id = models.CharField(max_length=60)
    code = models.CharField(max_length=60, blank=True)
    section = models.CharField(max_length=30)
    order = models.PositiveSmallIntegerField()
    label_th = models.CharField(max_length=600)
    label_en = models.CharField(max_length=600)

    class Meta:
        ordering = ["order"]
        constraints = [models.UniqueConstraint(fields=["instrument", "item_id"], name="question_item")]

    def __str__(self) -> str:
        return self.code or self.item_id

    @property
    def label(self) -> str:
        """The question in the language of the reader."""
        return self.label_en if reader_language() == "en" else self.label_th


class OfficialTextKind(models.TextChoices):
    """What of a form an official wording belongs to."""

    QUESTION = "question"
    OPTION = "option"
    ROW = "row"
    COLUMN = "column"
    DEFINITION = "definition"
    NOTE = "note"


class OfficialText(models.Model):
    """The exact official wording of a place of the form, attached by an installation from its own copy of the paper.

    `item_id` is the item, of a definition the section; `part` says which option, row or column of the item.
    """

    instrument = models.ForeignKey(Instrument, models.CASCADE, related_name="official_texts")
    item_id = models.CharField(max_length=60)
    kind = models.CharField(max_length=10, choices=OfficialTextKind, default=OfficialTextKind.QUESTION)
    part = models.CharField(max_length=120, blank=True, default="")
    text = models.TextField()
    is_sure = models.BooleanField(default=True, help_text="whether the place and every word of it are certain")
    doubts = models.JSONField(default=list, blank=True, help_text="[start, end] of stretches that no word explains")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["instrument", "kind", "item_id", "part"], name="official_text_place"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.item_id} {self.part}".strip()
