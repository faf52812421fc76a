"""Responses, their answers, events (the journal), frozen versions and comments."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from dgready.arrival import deadline_day
from survey.models.instrument import Question
from survey.models.round import Round


class Channel(models.TextChoices):
    """By which way answers came in."""

    ONLINE = "online", _("กรอกในระบบ")
    WORKBOOK = "workbook", _("ไฟล์ Excel")
    PAPER = "paper", _("กระดาษ")


class Response(models.Model):
    """A set of answers: the provincial response (no agency) or an agency's contribution.

    Its state moves only through survey.workflow.response_states.
    """

    class State(models.TextChoices):
        """State of a response."""

        DRAFT = "draft", _("กำลังจัดทำ")
        SUBMITTED = "submitted", _("เสนอผู้ว่าราชการจังหวัดแล้ว")
        ENDORSED = "endorsed", _("คณะกรรมการเห็นชอบแล้ว")
        RETURNED = "returned", pgettext_lazy("state", "ส่งกลับให้แก้ไข")
        APPROVED = "approved", _("อนุมัติแล้ว")

    round = models.ForeignKey(Round, models.CASCADE, related_name="responses")
    agency = models.ForeignKey("accounts.Agency", models.PROTECT, null=True, blank=True, related_name="responses")
    state = models.CharField(max_length=12, choices=State.choices, default=State.DRAFT)
    version = models.PositiveIntegerField(default=0, help_text="grows with every event")
    head = models.CharField(max_length=64, blank=True, help_text="hash of the newest event")
    open_points = models.JSONField(default=list, help_text="what was open at submission, each with its reason")
    submitted_at = models.DateTimeField(null=True, blank=True)
    late_until = models.DateField(null=True, blank=True, help_text="of an endorsed one: last day for late additions")
    channel = models.CharField(
        max_length=10,
        choices=Channel.choices,
        default=Channel.ONLINE,
        db_default=Channel.ONLINE,
        help_text="of a contribution: the last way by which answers came other than on the page",
    )
    paper = models.UUIDField(
        null=True,
        blank=True,
        help_text="public id of the document of its office's library that its answers are typed from",
    )
    form_moves = models.PositiveSmallIntegerField(
        default=0,
        db_default=0,
        help_text="as of its round: a writer that waited for the lock sees that the round it read has moved meanwhile",
    )
    retold = models.PositiveIntegerField(
        default=0,
        db_default=0,
        help_text="grows when what is shown of it changes without an event, as the name of who saved an answer",
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["round", "agency"], name="response_once"),
            models.UniqueConstraint(
                fields=["round"], condition=models.Q(agency__isnull=True), name="response_provincial_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.round_id}/{self.agency_id or 'province'}"

    @property
    def state_label(self) -> str:
        """The state in words; a department submits to its head. Reads the respondent only where it is submitted."""
        if self.state == self.State.SUBMITTED and self.round.province.is_department:
            return gettext("เสนอ%(chief)sแล้ว") % {"chief": self.round.province.chief_title}
        return str(self.State(self.state).label)

    @property
    def is_provincial(self) -> bool:
        """Whether this is the provincial response."""
        return self.agency_id is None

    @property
    def is_editable(self) -> bool:
        """Whether answers may change in this state; when endorsed, until the last day for late additions."""
        if self.state == self.State.ENDORSED:
            return self.late_until is not None and deadline_day() <= self.late_until
        return self.state in (self.State.DRAFT, self.State.RETURNED)

    @property
    def is_before_governor(self) -> bool:
        """Whether it is submitted to the governor or approved: its open points are those of its submission."""
        return self.state in (self.State.SUBMITTED, self.State.APPROVED)


class Answer(models.Model):
    """The answer to one question: a flat map of addresses to values (survey.instrument.addresses)."""

    response = models.ForeignKey(Response, models.CASCADE, related_name="answers")
    question = models.ForeignKey(Question, models.PROTECT, related_name="answers")
    value = models.JSONField(default=dict)
    revision = models.PositiveIntegerField(default=1)
    unsure = models.BooleanField(default=False)
    note = models.CharField(max_length=1000, blank=True)
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    saved_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["response", "question"], name="answer_once")]

    def __str__(self) -> str:
        return f"{self.response_id}:{self.question_id}"


class Event(models.Model):
    """A journal event of a response. Append-only; each row contains the hash of the one before."""

    response = models.ForeignKey(Response, models.PROTECT, related_name="events")
    seq = models.PositiveIntegerField()
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    verb = models.CharField(max_length=40)
    question = models.ForeignKey(Question, models.PROTECT, null=True, blank=True, related_name="+")
    data = models.JSONField(default=dict)
    previous = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)

    class Meta:
        ordering = ["response", "seq"]
        constraints = [models.UniqueConstraint(fields=["response", "seq"], name="event_seq")]
        indexes = [models.Index(fields=["response", "question", "seq"], name="event_question")]

    def __str__(self) -> str:
        return f"{self.response_id}#{self.seq} {self.verb}"


class FrozenResponse(models.Model):
    """An approved version of a response: its content as canonical JSON with its SHA-256. Voided, never deleted."""

    response = models.ForeignKey(Response, models.PROTECT, related_name="frozen")
    number = models.PositiveSmallIntegerField()
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False, help_text="of the public check page")
    content = models.TextField(help_text="canonical JSON")
    sha256 = models.CharField(max_length=64)
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    approved_at = models.DateTimeField()
    voided_at = models.DateTimeField(null=True, blank=True)
    voided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    void_reason = models.CharField(max_length=1000, blank=True)

    class Meta:
        ordering = ["response", "number"]
        constraints = [
            models.UniqueConstraint(fields=["response", "number"], name="frozen_number"),
            models.UniqueConstraint(
                fields=["response"], condition=models.Q(voided_at__isnull=True), name="frozen_one_valid"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.response_id} v{self.number}"


class Comment(models.Model):
    """A comment on a question, one of its fields, or an evidence file; replies have the first of the thread as parent.

    Unresolved comments are open points of the checker; one with `must_answer` blocks the submission until somebody
    other than its author has replied.
    """

    response = models.ForeignKey(Response, models.CASCADE, related_name="comments")
    question = models.ForeignKey(Question, models.PROTECT, null=True, blank=True, related_name="+")
    parent = models.ForeignKey("self", models.CASCADE, null=True, blank=True, related_name="replies")
    address = models.CharField(max_length=300, blank=True, help_text="field or evidence place")
    attachment = models.UUIDField(null=True, blank=True, help_text="public id of an evidence attachment")
    must_answer = models.BooleanField(default=False)
    mentions = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="+", blank=True)
    text = models.CharField(max_length=2000)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    resolved_at = models.DateTimeField(null=True, blank=True)
    resolved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    reopened_at = models.DateTimeField(
        null=True, blank=True, help_text="when it was last opened again; earlier replies do not answer it any more"
    )

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.response_id}: {self.text[:30]}"
