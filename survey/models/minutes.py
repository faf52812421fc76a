"""What stands beside a meeting's record: members' own opinions, amendments, and the papers on the table."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from survey.models.committee import CommitteeMember
from survey.models.instrument import SubPillar
from survey.models.meeting import Meeting


class Opinion(models.Model):
    """A member's own agreement or remark on a sub-pillar, or without one on the whole answer."""

    class Stance(models.TextChoices):
        """What the member thinks of it."""

        AGREE = "agree", _("เห็นด้วย")
        AGREE_REMARK = "remark", _("เห็นด้วยโดยมีข้อสังเกต")
        DISAGREE = "disagree", _("ไม่เห็นด้วยโดยมีข้อสังเกต")

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="opinions")
    member = models.ForeignKey(CommitteeMember, models.PROTECT, related_name="opinions")
    sub_pillar = models.ForeignKey(SubPillar, models.PROTECT, null=True, blank=True, related_name="+")
    stance = models.CharField(max_length=8, choices=Stance.choices)
    remark = models.CharField(max_length=1000, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["meeting", "sub_pillar__pillar__order", "sub_pillar__order", "member__place", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "member", "sub_pillar"], name="opinion_once"),
            models.UniqueConstraint(
                fields=["meeting", "member"], condition=models.Q(sub_pillar=None), name="opinion_whole_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member_id}: {self.stance}"


class Amendment(models.Model):
    """A correction of a concluded meeting's record, with its reason; the record itself stays as it was.

    `subject` names what is corrected (survey.committee.amending); `before` and `after` are its values as the
    record and the amendments so far had them.
    """

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="amendments")
    subject = models.CharField(max_length=60)
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    reason = models.CharField(_("เหตุผล"), max_length=1000)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["meeting", "pk"]

    def __str__(self) -> str:
        return f"{self.meeting_id}: {self.subject}"


class TabledPaper(models.Model):
    """The paper on the table of a meeting, kept as it was: its file by content. Never changed or deleted."""

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="papers")
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    stored = models.CharField(max_length=200, help_text="name in the store")
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField(help_text="bytes")
    version = models.PositiveIntegerField(help_text="of the answer that the paper shows")
    source = models.CharField(max_length=64, unique=True, help_text="what made it: a second try makes no second paper")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["meeting", "-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.meeting_id}: {self.sha256[:8]}"
