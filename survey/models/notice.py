"""Notices in the app and queued e-mails (letters): each stored once, sent once."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from accounts.models.post import QueuedMail
from survey.models.round import Round


class Notice(models.Model):
    """A notice to a user. `key` identifies its occasion: a second notice with the same key is not created."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="notices")
    round = models.ForeignKey(Round, models.CASCADE, null=True, blank=True, related_name="notices")
    kind = models.CharField(max_length=30)
    key = models.CharField(max_length=200)
    data = models.JSONField(default=dict, help_text="what the wording is made of")
    url = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)
    mailed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="notice_once")]
        indexes = [
            models.Index(fields=["user", "read_at"], name="notice_unread"),
            # Nearly all were mailed long ago: the daily letters and the state of the system look for the others.
            models.Index(fields=["user", "at"], name="notice_unmailed", condition=models.Q(mailed_at=None)),
        ]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.kind}"


class Letter(QueuedMail):
    """A queued e-mail to a user, rendered when it was written (survey.notices.letters)."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    subject = models.CharField(max_length=300)
    body = models.TextField()

    class Meta(QueuedMail.Meta):
        abstract = False
        ordering = ["pk"]
        indexes = [models.Index(fields=["sent_at", "next_try_at"], name="letter_waiting")]

    @property
    def address(self) -> str:
        """The e-mail address it goes to."""
        return self.user.email


class MailChoice(models.Model):
    """Whether a user wants the daily digest; e-mails about deadlines are sent all the same."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="mail_choice")
    digest = models.BooleanField(default=True)

    def __str__(self) -> str:
        return f"{self.user_id}: {self.digest}"


class Chore(models.Model):
    """The day on which a daily task was last completed, so that a restart does not repeat it."""

    name = models.CharField(max_length=40, unique=True)
    day = models.DateField()

    def __str__(self) -> str:
        return f"{self.name} {self.day}"
